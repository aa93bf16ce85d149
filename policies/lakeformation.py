"""Guards over the data lake: that it is asked who may read, and not gone around."""

from __future__ import annotations

import re

from core.finding import Severity
from core.graph import Graph
from core.resource import Resource
from core.value import Unknown, at, dotted
from core.verdict import Verdict, all_of, failed, holds, passed, undecided
from policies import tokens
from policies.guard import guard
from policies.links import dark, is_dark, is_not_on, listed

EVERYBODY = re.compile(r"IAM_ALLOWED_PRINCIPALS|EVERYONE|(\d{12}:)?IAMPrincipals", re.IGNORECASE)
"""Principals that stand for all whom IAM lets in:
https://docs.aws.amazon.com/lake-formation/latest/dg/granting-catalog-permissions.html"""


def lets_nobody_in(resource: Resource, name: str, *principal: str) -> Verdict:
    """A list of default permissions that gives nothing to everybody.

    Where it is left out nothing is changed, and what stands there now cannot be seen: AWS begins with everybody.
    """
    held, what = resource.get(name), f"{name} of {resource.name}"
    if is_dark(held):
        return dark(what, held)
    if held is None:
        return undecided(f"{what} is left out, so it stays as it was; say that it is empty")
    found = [
        holds(at(entry, *principal), lambda said: not EVERYBODY.fullmatch(said), what, "for named principals only")
        for entry in listed(held)
    ]
    return all_of(found) if found else passed(f"{what} is empty")


@guard(
    "lakeformation.settings_are_not_open_to_iam",
    on=tokens.LAKE_SETTINGS,
    severity=Severity.HIGH,
    fix="Set createDatabaseDefaultPermissions and createTableDefaultPermissions to empty lists; LakeSettings does.",
)
def settings_are_not_open_to_iam(settings: Resource) -> Verdict:
    """With AWS's own defaults Lake Formation asks nobody: whom IAM lets in reads every new table."""
    names = ("createDatabaseDefaultPermissions", "createTableDefaultPermissions")
    return all_of(lets_nobody_in(settings, name, "principal") for name in names)


@guard(
    "lakeformation.settings_name_their_administrators",
    on=tokens.LAKE_SETTINGS,
    severity=Severity.MEDIUM,
    fix="Name in admins the roles that may grant, none of them for everybody.",
)
def settings_name_their_administrators(settings: Resource) -> Verdict:
    """Without an administrator grants are left to whoever happened to make a table."""
    admins, what = settings.get("admins"), f"admins of {settings.name}"
    if is_dark(admins):
        return dark(what, admins)
    named = [
        passed(f"{what} are named")
        if isinstance(admin, Unknown)
        else holds(admin, lambda said: not EVERYBODY.fullmatch(said), what, "named one by one")
        for admin in listed(admins)
    ]
    return all_of(named) if named else failed(f"{what} must name somebody")


@guard(
    "lakeformation.data_is_filtered_here",
    on=tokens.LAKE_SETTINGS,
    severity=Severity.HIGH,
    fix="Leave allowExternalDataFiltering and allowFullTableExternalDataAccess off.",
)
def data_is_filtered_here(settings: Resource) -> Verdict:
    """An engine outside of AWS that filters rows and columns itself is given all of them first."""
    names = ("allowExternalDataFiltering", "allowFullTableExternalDataAccess")
    return all_of(is_not_on(settings, name) for name in names)


@guard(
    "lakeformation.location_is_reached_by_own_role",
    on=tokens.LAKE_LOCATION,
    severity=Severity.HIGH,
    fix="Set roleArn to a role of this program and hybridAccessEnabled to false; DataLake does.",
)
def location_is_reached_by_own_role(location: Resource, graph: Graph) -> Verdict:
    """Files are handed out with that role's rights, so it must have no more than these; hybrid means: asked, or not."""
    role, what = graph.linked(location, "roleArn"), f"roleArn of {location.name}"
    if role is None:
        own = failed(f"{what} is not set, so a role that AWS made reaches all that is registered")
    elif isinstance(role, Unknown):
        own = undecided(f"{what} is a role that cannot be seen here")
    else:
        own = passed(f"{what} is {role.name}") if role.type == tokens.ROLE else failed(f"{what} is no role")
    others = ("useServiceLinkedRole", "hybridAccessEnabled", "withPrivilegedAccess")
    return all_of([own, *(is_not_on(location, name) for name in others)])


@guard(
    "lakeformation.grant_is_for_one_principal",
    on=tokens.LAKE_GRANT,
    severity=Severity.HIGH,
    fix="Name one role in principal, and leave permissionsWithGrantOptions out.",
)
def grant_is_for_one_principal(grant: Resource) -> Verdict:
    """A grant to everybody, or one that can be handed on, is a decision that somebody else makes later."""
    whom, options = grant.get("principal"), grant.get("permissionsWithGrantOptions")
    what, passed_on = f"principal of {grant.name}", dotted(("permissionsWithGrantOptions",))
    return all_of(
        [
            passed(f"{what} comes from one resource")
            if isinstance(whom, Unknown) and "principal" in grant.property_dependencies
            else holds(whom, lambda said: not EVERYBODY.fullmatch(said), what, "one principal"),
            holds(options, lambda said: not listed(said), f"{passed_on} of {grant.name}", "left out"),
        ]
    )
