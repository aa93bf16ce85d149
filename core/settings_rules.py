"""What several settings must be together, one small function each, told apart from what a single value must be.

Each function sees only values that are right by themselves and answers what is expected instead, or None. A rule is
left out while one of the values it needs is missing or wrong, so all faults of a file are found in one go.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from core import settings_copies_rules as copies
from core import settings_data_rules as data
from core import settings_ground_rules as ground
from core.errors import BadInput
from core.instance_types import endpoint_type_fault, node_type_fault
from core.naming import Name
from core.personas import BREAK_GLASS, PERSONAS, Limit
from core.principals import principal_of
from core.regions import partition_of
from core.retention import AUDIT_DAYS, DataClass
from core.settings_values import SERIOUS, TakenBy, Tier, Where
from core.value import Path

LONGEST_ROOT = 24
"""Project and environment together, so that half of a name (`core.naming.LONGEST`) is left for what it names."""
LONGEST_MODEL = 63 - len("-endpoint-config") - len("-1234567")
"""SageMaker takes 63 characters; our longest part and the engine's random ending come after the name:
https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateEndpointConfig.html"""


@dataclass(frozen=True, slots=True)
class Rule:
    """A check of the values at these paths; `*` is every name in a table, the last path is the one to blame."""

    needs: tuple[str, ...]
    check: Callable[..., str | None]


def home_is_resident(region: str, residency: tuple[str, ...]) -> str | None:
    """Data lies in the home Region first of all."""
    return None if region in residency else f"the home Region '{region}' among the Regions where data may lie"


def residency_is_one_partition(region: str, residency: tuple[str, ...]) -> str | None:
    """No key, role or network reaches from one partition of AWS into another."""
    home = partition_of(region)
    others = [code for code in residency if partition_of(code) != home]
    return f"Regions of the partition {home} only, as {region} is; outside it: {', '.join(others)}" if others else None


def environment_is_its_tier(environment: str, tier: Tier) -> str | None:
    """An environment called prod is not run as dev."""
    wrong = environment in list(Tier) and environment != tier
    return f"'{environment}', for an environment of that name" if wrong else None


def root_fits(environment: str, project: str) -> str | None:
    """Project and environment begin every name, and AWS's names are short."""
    size, most = len(f"{project}-{environment}"), LONGEST_ROOT
    return f"at most {most - len(environment) - 1} characters beside '{environment}'" if size > most else None


def model_name_fits(environment: str, project: str, model: str) -> str | None:
    """What is made for a model bears its name, with more before and after it."""
    most = LONGEST_MODEL - len(f"{project}-{environment}-")
    return f"a name of at most {most} characters, as SageMaker takes 63 in all" if len(model) > most else None


def persona_name_fits(environment: str, project: str, persona: str) -> str | None:
    """A role bears the name of its persona."""
    try:
        Name(f"{project}-{environment}-{persona}", {})
    except BadInput as error:
        return f"a shorter name ({error})"
    return None


def image_is_at_home(region: str, image: str) -> str | None:
    """An endpoint pulls its image from its own Region only, and so do nodes without a way out.

    https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-containers-inference-private.html
    """
    return (
        None if image.split(".")[3] == region else f"a repository in the home Region '{region}'; copy the image there"
    )


def machine_exists(where: Where, instance_type: str) -> str | None:
    """Endpoints and nodes name their machines differently and do not have the same ones."""
    return endpoint_type_fault(instance_type) if where is Where.ENDPOINT else node_type_fault(instance_type)


def artefact_is_an_archive(where: Where, artefact: str) -> str | None:
    """An endpoint unpacks one compressed archive.

    `ModelDataUrl` in https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ContainerDefinition.html
    """
    wrong = where is Where.ENDPOINT and not artefact.endswith(".tar.gz")
    return "the key of one '.tar.gz' archive, as an endpoint takes nothing else" if wrong else None


def people_are_not_captured(data_class: DataClass, capture_percent: int) -> str | None:
    """SageMaker's own capture writes requests and answers as they are."""
    if capture_percent and data_class.identifies_people:
        return f"0 for class {data_class}: SageMaker's capture stores raw requests; record a redacted copy at the door"
    return None


def principals_are_reachable(account: str, region: str, principals: tuple[str, ...]) -> str | None:
    """A role takes identity providers of its own account only, and no principal of another partition."""
    home = partition_of(region)
    for one in map(principal_of, principals):
        if one.partition != home:
            return f"ARNs of the partition {home}, as {region} is, not of {one.partition}"
        if one.is_provider and one.account != account:
            return f"identity providers of the account {account} itself; AWS lets none of another account in"
    return None


def mfa_can_be_seen(principals: tuple[str, ...], taken_by: TakenBy, require_mfa: bool) -> str | None:  # noqa: FBT001 - a value of the file
    """A condition on the second factor shuts out everybody of whom AWS does not know whether they used one."""
    hidden = [one.arn for one in map(principal_of, principals) if one.hides_mfa]
    if require_mfa and taken_by is TakenBy.PEOPLE and hidden:
        return f"false: AWS is not told of a second factor by {hidden[0]}; demand it at the identity provider"
    return None


def persona_is_agreed_on(persona: str) -> str | None:
    """A persona that is not in the table has no purpose that anybody agreed on, and nothing is granted to it."""
    return None if persona in PERSONAS else f"one of {', '.join(PERSONAS)}"


def persona_is_taken_as_meant(persona: str, taken_by: TakenBy) -> str | None:
    """People have a second factor to show and programs none, so a role is for one of the two."""
    about = PERSONAS.get(persona)
    return f"'{about.taken_by}' for persona {persona}" if about and about.taken_by is not taken_by else None


def persona_session_fits(tier: Tier, persona: str, session_hours: int) -> str | None:
    """The more a persona may do, the sooner somebody has to come in again; who breaks the glass, always."""
    about = PERSONAS.get(persona)
    if about and (tier in SERIOUS or about.limit is Limit.OUTER) and session_hours > about.longest_hours:
        return f"at most {about.longest_hours} hours for persona {persona} in tier {tier}"
    return None


def people_break_glass(persona: str, principals: tuple[str, ...]) -> str | None:
    """The emergency way in must not depend on an identity provider that may be what has failed."""
    found = persona == BREAK_GLASS and any(principal_of(arn).is_provider for arn in principals)
    return "ARNs of roles: an identity provider may be what is down" if found else None


def nothing_is_destroyed(tier: Tier, force_destroy: bool) -> str | None:  # noqa: FBT001 - a value of the file
    """A bucket with data in it outlives a mistake."""
    return f"false in tier {tier}, where data must outlive a mistake" if force_destroy and tier in SERIOUS else None


def audit_is_long(tier: Tier, keep_days: int) -> str | None:
    """Documentation of security measures is kept for six years."""
    if tier in SERIOUS and keep_days < AUDIT_DAYS:
        return f"at least {AUDIT_DAYS} days in tier {tier} (45 CFR 164.316(b)(2)(i))"
    return None


def somebody_is_told(tier: Tier, recipients: tuple[str, ...]) -> str | None:
    """An alarm that nobody gets is none."""
    return f"at least one address in tier {tier}" if tier in SERIOUS and not recipients else None


def zones_can_fail(tier: Tier, zones: int) -> str | None:
    """One zone out of service must not take the platform down, nor a second one what the wards depend on."""
    least = {Tier.STAGING: 2, Tier.PROD: 3}.get(tier, 1)
    return f"at least {least} zones in tier {tier}" if zones < least else None


def machines_can_fail(tier: Tier, instances: int) -> str | None:
    """One machine out of service must not take a model down; staging may be cheaper here."""
    return f"at least 2 in tier {tier}" if tier is Tier.PROD and instances < 2 else None  # noqa: PLR2004 - two


def glass_can_be_broken(tier: Tier, personas: tuple[str, ...]) -> str | None:
    """Somebody must be able to get in when everything else is locked."""
    missing = tier is Tier.PROD and personas and BREAK_GLASS not in personas
    return (
        f"a persona {BREAK_GLASS} among them in tier {tier}, for the day everything else is locked" if missing else None
    )


RULES = (
    Rule(("region", "residency"), home_is_resident),
    Rule(("region", "residency"), residency_is_one_partition),
    Rule(("environment", "tier"), environment_is_its_tier),
    Rule(("environment", "project"), root_fits),
    Rule(("environment", "project", "models.*"), model_name_fits),
    Rule(("environment", "project", "personas.*"), persona_name_fits),
    Rule(("region", "models.*.image"), image_is_at_home),
    Rule(("models.*.where", "models.*.instance_type"), machine_exists),
    Rule(("models.*.where", "models.*.artefact"), artefact_is_an_archive),
    Rule(("models.*.data_class", "models.*.capture_percent"), people_are_not_captured),
    Rule(("account", "region", "personas.*.principals"), principals_are_reachable),
    Rule(("personas.*",), persona_is_agreed_on),
    Rule(("personas.*", "personas.*.taken_by"), persona_is_taken_as_meant),
    Rule(("tier", "personas.*", "personas.*.session_hours"), persona_session_fits),
    Rule(("personas.*.principals", "personas.*.taken_by", "personas.*.require_mfa"), mfa_can_be_seen),
    Rule(("personas.*", "personas.*.principals"), people_break_glass),
    Rule(("tier", "force_destroy"), nothing_is_destroyed),
    Rule(("tier", "audit.keep_days"), audit_is_long),
    Rule(("tier", "alarms.recipients"), somebody_is_told),
    Rule(("tier", "network.zones"), zones_can_fail),
    Rule(("tier", "models.*.instances"), machines_can_fail),
    Rule(("tier", "personas"), glass_can_be_broken),
    Rule(("account", "accounts.workload"), ground.workload_is_the_account),
    Rule(("tier", "account", "accounts.management"), ground.management_runs_nothing),
    Rule(("account", "accounts.log_archive", "accounts.management"), ground.log_archive_is_out_of_reach),
    Rule(("organisation", "accounts.management"), ground.management_has_an_organisation),
    Rule(("tier", "accounts.log_archive"), ground.local_has_one_account),
    Rule(("tier", "accounts.security"), ground.local_has_one_account),
    Rule(("tier", "accounts.management"), ground.local_has_one_account),
    Rule(("network.range", "network.peers"), ground.peers_do_not_overlap),
    *(
        Rule((taken, f"network.{way}.ranges"), ground.far_ranges_are_apart)
        for way in ("transit", "vpn")
        for taken in ("network.range", "network.peers")
    ),
    Rule(("network.transit.ranges", "network.vpn.ranges"), ground.far_ranges_are_apart),
    Rule(
        ("network.transit.inspected", "network.egress.domains", "network.transit.ranges"),
        ground.everywhere_is_inspected,
    ),
    Rule(("network.vpn.ranges",), ground.vpn_leads_to_one_site),
    *(
        rule
        for way in ("transit", "vpn")
        for rule in (
            Rule((f"network.{way}.ranges", f"network.{way}.callers"), ground.callers_are_within),
            Rule(("adopt.vpc.id", f"network.{way}.ranges"), ground.adopted_network_is_attached_by_its_owners),
        )
    ),
    Rule(
        ("accounts.management", "guardrails.stewards", "guardrails.targets"),
        ground.guardrails_have_a_management_account,
    ),
    Rule(("tier", "network.egress.domains"), ground.local_reaches_nothing),
    Rule(("adopt.vpc.id", "network.egress.domains"), ground.adopted_network_is_its_owners),
    Rule(("tier", "adopt.baseline"), ground.local_adopts_nothing),
    Rule(("tier", "adopt.vpc.id"), ground.local_adopts_nothing),
    Rule(("tier", "adopt.trail"), ground.local_adopts_nothing),
    Rule(("account", "accounts.management", "adopt.trail"), ground.trail_is_within_reach),
    Rule(("account", "adopt.identity_providers"), ground.adopted_providers_are_at_home),
    Rule(("layer", "adopt.baseline"), ground.account_layer_has_something),
    Rule(("region", "residency", "recovery.copy_region"), ground.copies_stay_inside),
    Rule(("data.*", "data.*.keep_days", "recovery.keep_days"), ground.copies_end_with_their_data),
    Rule(("recovery.copy_region", "recovery.replicate"), copies.replicas_have_a_region),
    Rule(("region", "residency", "keys.copies"), copies.keys_are_copied_inside),
    Rule(("keys.copies", "keys.custom_store"), copies.stored_keys_are_not_copied),
    Rule(("account", "keys.administrators"), copies.administrators_are_at_home),
    Rule(
        ("organisation", "accounts.management", "accounts.log_archive", "audit.whole_organisation"),
        copies.whole_organisation_has_its_accounts,
    ),
    Rule(("region", "audit.whole_organisation"), copies.organisation_trail_stands_where_all_are),
    Rule(("adopt.trail", "audit.whole_organisation"), copies.adopted_trail_is_its_owners),
    Rule(("account", "accounts.log_archive", "adopt.trail", "audit.readers"), copies.readers_are_roles),
    Rule(
        ("github.owner", "github.owner_id", "github.repository", "github.repository_id"),
        ground.github_is_whole,
    ),
    Rule(("tier", "github.repository", "github.environments"), ground.github_deploys_from_an_environment),
    Rule(("github.environments", "github.workflow"), ground.github_deploys_by_one_workflow),
    Rule(("github.repository", "personas.*"), ground.pipeline_has_one_way_in),
    *(Rule(needs, check) for needs, check in data.RULES),
)


def broken(values: Mapping[Path, Any]) -> Iterator[tuple[Path, str]]:
    """Where these values, each under its path, do not go together, and what is expected there."""
    for rule in RULES:
        for paths in _bound(rule, values):
            if all(path in values for path in paths) and (expected := rule.check(*(values[path] for path in paths))):
                yield paths[-1], expected


def _bound(rule: Rule, values: Mapping[Path, Any]) -> Iterator[list[Path]]:
    """The rule's paths, once for each name that `*` may stand for."""
    needs = [need.split(".") for need in rule.needs]
    table = next((need[0] for need in needs if "*" in need), "")
    names = sorted({str(path[1]) for path in values if path[0] == table and len(path) > 1}) if table else [""]
    for name in names:
        yield [tuple(name if step == "*" else step for step in need) for need in needs]
