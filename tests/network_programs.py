"""A network with all that can stand at its edge, and what the guards say of it."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

from core.finding import Finding
from core.graph import STACK, Graph
from core.naming import Name, root_name
from core.resource import Resource
from core.verdict import State
from policies.judge import guards, judge
from stacks.capture import Surroundings, capture

with warnings.catch_warnings():
    # The provider's EC2 module warns of its own old classes as soon as it is loaded, whoever loads it.
    warnings.simplefilter("ignore", DeprecationWarning)
    from components.network import Network, NetworkArgs, flow_group
from components.dns_firewall import DnsFirewall, DnsFirewallArgs, query_group
from components.egress import Egress, EgressArgs, egress_groups
from components.environment import Environment
from components.far_ranges import FarRanges
from components.key import Key, KeyArgs
from components.key_policy import for_log_groups
from components.place import Place
from components.transit_attachment import TransitAttachment, TransitAttachmentArgs
from components.vpn_attachment import VpnAttachment, VpnAttachmentArgs, vpn_group

ROOT = Path(__file__).resolve().parents[1]
PLACE = Place("123456789012", "eu-central-1")
CIDR, HUB, SITE = "10.20.0.0/16", "tgw-0a1b2c3d", "8.8.4.4"
FAR = FarRanges(["10.30.0.0/16"], callers=["10.30.1.0/24"])


def root(tier: str = "prod") -> Name:
    """What all names begin with."""
    return root_name("strongroom", tier, "platform", {"cost-centre": "ml"})


def home(tier: str = "prod") -> Environment:
    """The root of an environment."""
    facts = {"tier": tier, "residency": ["eu-central-1", "eu-west-1"]}
    return Environment(root(tier), PLACE, facts, protected=tier in {"staging", "prod"})


def sealing(above: Environment, **given: Any) -> Key:
    """A key that admits every log of a network, or only what is given."""
    name = above.name
    groups = [
        flow_group(name / "net"),
        egress_groups(name / "egress"),
        query_group(name / "dns"),
        vpn_group(name / "vpn"),
    ]
    services = given.pop("services", for_log_groups(PLACE, *groups))
    return Key(
        name / given.pop("word", "log-key"), KeyArgs(PLACE, "Seals logs of the network", ("logs",), services), above
    )


def network(above: Environment, key: Key, **given: Any) -> Network:
    """A network in two zones."""
    usual: dict[str, Any] = {"cidr": CIDR, "zones": [f"{PLACE.region}{z}" for z in "ab"], "keep_days": 365}
    return Network(above.name / "net", NetworkArgs(PLACE, str(above.name), key=key, **{**usual, **given}), above)


def ground(tier: str = "prod", **given: Any) -> tuple[Environment, Key, Network]:
    """What everything else stands on."""
    above = home(tier)
    key = sealing(above)
    return above, key, network(above, key, **given)


def egress(above: Environment, key: Key, net: Network, **given: Any) -> Egress:
    """A way out to two owners' hosts."""
    usual: dict[str, Any] = {"domains": ["pypi.org", "*.example.org"], "keep_days": 365}
    return Egress(above.name / "egress", EgressArgs(PLACE, net, key=key, **{**usual, **given}), above)


def names(above: Environment, key: Key, vpc_id: Any, **given: Any) -> DnsFirewall:
    """Rules for the names that may be asked for."""
    usual: dict[str, Any] = {"keep_days": 365, "domains": ["pypi.org"]}
    return DnsFirewall(above.name / "dns", DnsFirewallArgs(PLACE, vpc_id, key, **{**usual, **given}), above)


def transit(above: Environment, net: Network, **given: Any) -> TransitAttachment:
    """On an organisation's transit gateway."""
    usual: dict[str, Any] = {"gateway_id": HUB, "far": FAR}
    return TransitAttachment(above.name / "hub", TransitAttachmentArgs(net, **{**usual, **given}), above)


def vpn(above: Environment, key: Key, net: Network, **given: Any) -> VpnAttachment:
    """Joined to a hospital's other site."""
    usual: dict[str, Any] = {"peer_address": SITE, "far": FarRanges(["10.40.0.0/16"]), "keep_days": 365}
    return VpnAttachment(above.name / "vpn", VpnAttachmentArgs(PLACE, net, key=key, **{**usual, **given}), above)


def way_out() -> None:
    """A network with a way out."""
    egress(*ground(services=["s3", "sagemaker.runtime"]))


def ways_over() -> None:
    """A network joined to others, and rules for names."""
    above, key, net = ground(services=["s3", "sagemaker.runtime"])
    names(above, key, net.vpc_id)
    transit(above, net)
    vpn(above, key, net)


def everything() -> None:
    """All of it, in an environment that holds real data."""
    above, key, net = ground()
    egress(above, key, net)
    names(above, key, net.vpc_id)
    transit(above, net)
    vpn(above, key, net)


def captured(program: Callable[[], Any], realise: Any = None) -> Graph:
    """What the program declares."""
    around = Surroundings("strongroom", "prod", PLACE.account, PLACE.region, {}, ROOT)
    return capture(lambda: program() and None, around, realise)


OF_A_WHOLE_NETWORK = frozenset(
    {"ec2.vpc_reaches_services_by_endpoints", "route53resolver.network_answers_named_hosts_only"}
)
"""What a network needs beside the part that is tried here; asked of the blueprint, or by name."""


def findings(graph: Graph, *guard: str) -> list[Finding]:
    """What the guards say of its resources; the stack as a whole has no trail here, and need not have one."""
    by = [guards()[name] for name in guard] or None
    told = (found for found in judge(graph, by) if f"::{STACK}::" not in found.urn and not found.awaits_account)
    return list(told)


def complaints(graph: Graph) -> list[tuple[str, str, str]]:
    """What they object to or cannot decide."""
    bad = {State.FAIL, State.UNKNOWN}
    told = (f for f in findings(graph) if f.state in bad and f.guard not in OF_A_WHOLE_NETWORK)
    return [(f.guard, f.urn.rpartition("::")[2], f.message) for f in told]


def one(graph: Graph, token: str, part: str = "") -> Resource:
    """The only resource of this type whose name holds this part."""
    (found,) = [resource for resource in graph.of_type(token) if part in resource.name]
    return found
