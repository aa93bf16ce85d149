"""Further guards over networks: where they stand, what they are joined to, and how that is sealed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from core.finding import Severity
from core.graph import Graph
from core.resource import Resource
from core.verdict import Verdict, all_of, any_of, failed, holds, is_true, not_applicable, passed, undecided
from policies import tokens
from policies.adopted import is_adopted, unseen
from policies.guard import guard
from policies.links import companions, dark, is_dark, listed, strays, unless
from policies.tier import ENVIRONMENT, is_trial

FEWEST_ZONES = 2
ONE_ZONE_DOES = not_applicable("a trial may stand in one zone")
OLDEST_GROUP = 14
"""Of Diffie and Hellman: groups below are within reach of a state's computers (RFC 8247)."""
TUNNELS = ("tunnel1", "tunnel2")


@guard(
    "ec2.network_spans_two_zones",
    on=(tokens.VPC, tokens.ADOPTED_NETWORK),
    severity=Severity.MEDIUM,
    fix="Give the network subnets in two or more zones.",
)
def network_spans_two_zones(vpc: Resource, graph: Graph) -> Verdict:
    """What the wards depend on must outlive the loss of one building."""
    if is_adopted(vpc):
        return unseen(vpc, "the zones")
    subnets = companions(graph, vpc, (tokens.SUBNET,), "vpcId")
    zones = {zone for subnet in subnets if isinstance(zone := _zone(subnet), str)}
    if len(zones) >= FEWEST_ZONES:
        return passed(f"the subnets of {vpc.name} stand in several zones")
    if any(is_dark(_zone(subnet)) for subnet in subnets) or strays(graph, (tokens.SUBNET,), "vpcId"):
        return undecided(f"in which zones the subnets of {vpc.name} stand is not known yet")
    narrow = failed(f"the subnets of {vpc.name} stand in {len(zones)} zones; {FEWEST_ZONES} are needed")
    return unless(is_trial(graph, vpc), narrow, ONE_ZONE_DOES)


def _zone(subnet: Resource) -> Any:
    said = subnet.get("availabilityZone")
    return subnet.get("availabilityZoneId") if said is None else said


@guard(
    "ec2.subnet_stands_in_a_network_of_ours",
    on=(tokens.SUBNET, tokens.DEFAULT_SUBNET, tokens.DEFAULT_VPC),
    severity=Severity.HIGH,
    fix="Use the Network component; leave the account's default network alone, or delete it.",
)
def subnet_stands_in_a_network_of_ours(subnet: Resource, graph: Graph) -> Verdict:
    """The network that AWS puts into each account is open to the internet by its very purpose."""
    if subnet.type != tokens.SUBNET:
        return failed(f"{subnet.name} takes over the account's default network")
    vpc = graph.linked(subnet, "vpcId")
    if not isinstance(vpc, Resource):
        return undecided(f"the network of {subnet.name} cannot be seen here")
    if vpc.type == tokens.DEFAULT_VPC:
        return failed(f"{subnet.name} stands in the account's default network")
    return passed(f"{subnet.name} stands in {vpc.name}")


@guard(
    "ec2.peering_stays_in_residency",
    on=tokens.PEERINGS,
    severity=Severity.HIGH,
    fix="Join networks only within the Regions of the environment's residency, or leave the peering out.",
)
def peering_stays_in_residency(peering: Resource, graph: Graph) -> Verdict:
    """A joined network elsewhere is a way for data to leave the Regions it was promised to stay in."""
    there = peering.get("peerRegion")
    if there is None and peering.type == tokens.PEERINGS[0]:
        return passed(f"{peering.name} joins networks of one Region")
    regions = [a.get("residency") for a in graph.ancestors(peering) if a.type == ENVIRONMENT]
    if not regions or regions[0] is None:
        return undecided(f"in which Regions the data of {peering.name} may be is not said")
    if is_dark(regions[0]):
        return dark(f"residency of the environment of {peering.name}", regions[0])
    return any_of(_is_there(there, region, f"peerRegion of {peering.name}") for region in listed(regions[0]))


def _is_there(there: Any, region: Any, what: str) -> Verdict:
    if is_dark(region):
        return dark("residency of the environment", region)
    return holds(there, lambda said: said == region, what, "within the residency")


@guard(
    "ec2.routes_are_chosen_here",
    on=(*tokens.ROUTE_TABLES, tokens.LEARNED_ROUTES),
    severity=Severity.MEDIUM,
    fix="Declare each route; do not let a gateway put in what the other end announces.",
)
def routes_are_chosen_here(table: Resource) -> Verdict:
    """Routes that the other end announces can draw traffic there that was never meant for it, all of it included."""
    if table.type == tokens.LEARNED_ROUTES:
        return failed(f"{table.name} lets the other end put routes in")
    what, gateways = f"propagatingVgws of {table.name}", table.get("propagatingVgws")
    return holds(gateways, lambda said: not listed(said), what, "empty")


@guard(
    "ec2.vpn_is_sealed_with_current_ciphers",
    on=tokens.VPN,
    severity=Severity.HIGH,
    fix="Use VpnAttachment, or set IKE version 2, groups of 14 and above, and SHA-2 for both tunnels and phases.",
)
def vpn_is_sealed_with_current_ciphers(vpn: Resource) -> Verdict:
    """AWS takes what the other end proposes, down to SHA-1 and short keys, where nothing narrower is said."""
    return all_of(verdict for tunnel in TUNNELS for verdict in _strong(vpn, tunnel))


def _strong(vpn: Resource, tunnel: str) -> Iterable[Verdict]:
    yield _only(vpn, f"{tunnel}IkeVersions", lambda said: said == "ikev2", "version 2 alone")
    for phase in ("Phase1", "Phase2"):
        yield _only(vpn, f"{tunnel}{phase}DhGroupNumbers", lambda said: said >= OLDEST_GROUP, "groups of 14 and above")
        yield _only(vpn, f"{tunnel}{phase}IntegrityAlgorithms", lambda said: said.startswith("SHA2-"), "SHA-2 alone")


def _only(vpn: Resource, name: str, test: Any, expected: str) -> Verdict:
    what = f"{name} of {vpn.name}"
    found = [holds(item, test, what, expected) for item in listed(vpn.get(name))]
    return all_of(found) if found else failed(f"{what} is not set; it must be {expected}")


@guard(
    "ec2.vpn_records_its_tunnels",
    on=tokens.VPN,
    severity=Severity.MEDIUM,
    fix="Set cloudwatchLogOptions with logEnabled for both tunnels.",
)
def vpn_records_its_tunnels(vpn: Resource) -> Verdict:
    """Who tried to open a tunnel, and with what, is recorded nowhere else."""
    return all_of(is_true(vpn, f"{tunnel}LogOptions", "cloudwatchLogOptions", "logEnabled") for tunnel in TUNNELS)
