"""Guards over machines and their templates: no address in public, no credentials for the asking, no secrets aboard."""

from __future__ import annotations

from core.finding import Severity
from core.graph import Graph
from core.resource import Resource
from core.value import Path
from core.verdict import Verdict, all_of, equals, failed, holds, is_one_of, is_true, undecided
from policies import tokens
from policies.guard import guard
from policies.links import is_not_on
from policies.parts import each_part, holds_no_secret, is_given

MACHINES = (tokens.MACHINE, tokens.MACHINE_TEMPLATE)
TEMPLATE = "launchTemplate"
ADDRESS = "associatePublicIpAddress"
NO = (False, "false")
"""A machine holds a truth value there, a template the text of one."""


def from_template(machine: Resource, graph: Graph) -> Resource | None:
    """The template of this program that a machine is made from, if any."""
    for path in ((TEMPLATE, "id"), (TEMPLATE, "name")):
        found = graph.linked(machine, *path)
        if isinstance(found, Resource) and found.type == tokens.MACHINE_TEMPLATE:
            return found
    return None


@guard(
    "ec2.machine_has_no_public_address",
    on=MACHINES,
    severity=Severity.HIGH,
    fix=f"Set {ADDRESS} to false, and stand it in a subnet of the Network component.",
)
def machine_has_no_public_address(machine: Resource, graph: Graph) -> Verdict:
    """What has a public address is probed within minutes, and leaks by itself when a rule goes wrong.

    Left out, the subnet decides.
    """
    if machine.type == tokens.MACHINE_TEMPLATE:
        return each_part(
            machine,
            lambda place: is_one_of(machine, NO, *place, ADDRESS),
            "networkInterfaces",
            none=failed(f"networkInterfaces of {machine.name} are not set, so whoever uses it decides"),
        )
    return all_of([_address(machine, graph), is_given(graph, machine, "subnetId")])


def _address(machine: Resource, graph: Graph) -> Verdict:
    subnet = graph.linked(machine, "subnetId")
    if machine.get(ADDRESS) is None and isinstance(subnet, Resource):
        return is_not_on(subnet, "mapPublicIpOnLaunch")
    if machine.get(ADDRESS) is None and subnet is not None:
        return undecided(f"{ADDRESS} of {machine.name} is left to a subnet that cannot be seen here")
    return is_one_of(machine, NO, ADDRESS)


@guard(
    "ec2.machine_gives_credentials_to_sessions_only",
    on=MACHINES,
    severity=Severity.HIGH,
    fix="Set metadataOptions.httpTokens to required and httpPutResponseHopLimit to 1.",
)
def machine_gives_credentials_to_sessions_only(machine: Resource, graph: Graph) -> Verdict:
    """A forged request through a server on the machine must not get the machine's role; nor must a container on it."""
    said = machine.get("metadataOptions")
    template = from_template(machine, graph) if said is None else None
    about = template or machine
    options = "metadataOptions"
    return all_of([equals(about, "required", options, "httpTokens"), _one_hop(about, options)])


def _one_hop(machine: Resource, options: str) -> Verdict:
    hops = machine.get(options, "httpPutResponseHopLimit")
    return holds(hops, lambda said: said is None or said == 1, f"httpPutResponseHopLimit of {machine.name}", "1")


@guard(
    "ec2.machine_acts_under_a_role_and_carries_no_secret",
    on=MACHINES,
    severity=Severity.HIGH,
    fix="Set iamInstanceProfile, and let the machine fetch its secrets with that role.",
)
def machine_acts_under_a_role_and_carries_no_secret(machine: Resource, graph: Graph) -> Verdict:
    """Without a role somebody puts a key into the machine; user data is shown to all who may describe it."""
    if machine.type == tokens.MACHINE:
        profile = is_given(graph, machine, "iamInstanceProfile")
    else:
        profile = _profile(machine, graph)
    data = [holds_no_secret(machine, name) for name in ("userData", "userDataBase64")]
    return all_of([profile, *data])


def _profile(template: Resource, graph: Graph) -> Verdict:
    def named(place: Path) -> Verdict:
        name = "arn" if template.get(*place, "arn") is not None else "name"
        return is_given(graph, template, *place, name)

    return each_part(
        template, named, "iamInstanceProfile", none=failed(f"iamInstanceProfile of {template.name} is not set")
    )


@guard(
    "ec2.machine_is_watched_closely",
    on=MACHINES,
    severity=Severity.LOW,
    fix="Set monitoring (of a template: monitoring.enabled), and ebsOptimized.",
)
def machine_is_watched_closely(machine: Resource) -> Verdict:
    """At one figure in five minutes a short overload, or a short theft, does not show."""
    path = ("monitoring",) if machine.type == tokens.MACHINE else ("monitoring", "enabled")
    return all_of([is_true(machine, *path), is_true(machine, "ebsOptimized")])
