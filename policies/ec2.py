"""Guards over the network: nothing comes in from everywhere or goes out to everywhere, and all of it is recorded."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from core.finding import Severity
from core.graph import Graph
from core.resource import Resource
from core.value import at
from core.verdict import State, Verdict, all_of, any_of, equals, failed, holds, not_applicable, passed, undecided
from policies import tokens
from policies.address import is_everywhere
from policies.adopted import is_adopted, seen_beside, unseen
from policies.guard import guard
from policies.links import Kind, companions, dark, each_companion, is_dark, is_not_on, listed, strays, unless
from policies.statement import EQUAL, Statement, allowing_only, every_statement
from policies.ways_out import is_inspected, is_no_way_out, stands_behind_firewall

FLOW_LOG = Kind(tokens.FLOW_LOG, "vpcId", "flow log")
DEFAULT_GROUP = Kind((tokens.DEFAULT_GROUP,), "vpcId", "closed default security group")
ENDPOINT_POLICY = Kind(tokens.ENDPOINT_POLICY, "vpcEndpointId", "policy")
POLICY_LESS = "GatewayLoadBalancer"
"""Endpoints of this type take no policy:
https://docs.aws.amazon.com/vpc/latest/privatelink/gateway-load-balancers.html"""
NO_POLICY = not_applicable("endpoints of this type take no policy")
OURS = (
    *("aws:principalaccount", "aws:principalorgid", "aws:principalarn", "aws:resourceaccount", "aws:resourceorgid"),
    "aws:principalorgpaths",
)
"""Condition keys that say whose the caller or the resource must be."""
INTERNET, HTTPS = tokens.INTERNET_GATEWAYS[0], 443
WAYS_OUT = ("natGatewayId", "egressOnlyGatewayId", "carrierGatewayId")
INSIDE = ("local", "vgw-", "vpce-")
"""How the ids of gateways begin that do not lead to the internet."""
ANY_OWNERS = re.compile(r"\*|arn:[^:]*:(?:s3:[^:]*:[^:]*:\*.*|(?!s3:)[^:]*:[^:]*:\*?:(?:[\w-]+[/:])?\*.*)")
"""A Resource that takes in what belongs to any account."""
DESTINATIONS = ("destinationCidrBlock", "destinationIpv6CidrBlock", "cidrBlock", "ipv6CidrBlock")
RANGES = ("cidrBlocks", "ipv6CidrBlocks", "cidrIpv4", "cidrIpv6")


@guard(
    "ec2.vpc_records_flows",
    on=(tokens.VPC, tokens.ADOPTED_NETWORK),
    severity=Severity.HIGH,
    fix="Declare a FlowLog on the VPC with trafficType ALL; the Network component has one.",
)
def vpc_records_flows(vpc: Resource, graph: Graph) -> Verdict:
    """Data that leaves through the network leaves no other trace; a log of what was refused misses what got through."""

    def complete(flows: Resource) -> Verdict:
        return equals(flows, "ALL", "trafficType")

    if is_adopted(vpc):
        return any_of([*map(complete, seen_beside(graph, vpc, FLOW_LOG.tokens)), unseen(vpc, "flow logs")])
    found = companions(graph, vpc, FLOW_LOG.tokens, FLOW_LOG.refers)
    return any_of(map(complete, found)) if found else each_companion(graph, vpc, FLOW_LOG, complete)


@guard(
    "ec2.default_group_is_closed",
    on=(tokens.VPC, tokens.ADOPTED_NETWORK),
    severity=Severity.MEDIUM,
    fix="Declare a DefaultSecurityGroup without ingress and egress; the Network component has one.",
)
def default_group_is_closed(vpc: Resource, graph: Graph) -> Verdict:
    """What is started without a group of its own lands in the default one, whose members may talk to each other."""

    def closed(group: Resource) -> Verdict:
        return all_of(
            holds(group.get(side), lambda rules: not listed(rules), f"{side} of {group.name}", "empty")
            for side in ("ingress", "egress")
        )

    if is_adopted(vpc):
        found = seen_beside(graph, vpc, DEFAULT_GROUP.tokens)
        return all_of(map(closed, found)) if found else unseen(vpc, "the default group")
    return each_companion(graph, vpc, DEFAULT_GROUP, closed)


@guard(
    "ec2.vpc_has_no_internet_gateway",
    on=(tokens.VPC, tokens.ADOPTED_NETWORK),
    severity=Severity.HIGH,
    fix="Remove the gateway and reach AWS services through the Network component's endpoints, or use Egress.",
)
def vpc_has_no_internet_gateway(vpc: Resource, graph: Graph) -> Verdict:
    """A network without a way to the internet cannot lose data to it, however the rules on top of it change.

    With a firewall in the network the gateway stands behind that, as far as `ec2.route_stays_inside` holds.
    """
    beside = seen_beside if is_adopted(vpc) else lambda *asked: companions(*asked, "vpcId")
    if gates := beside(graph, vpc, tokens.INTERNET_GATEWAYS):
        connected = failed(f"{gates[0].name} connects {vpc.name} to the internet")
        behind = stands_behind_firewall(graph, vpc)
        return behind if gates[0].type == INTERNET and not is_no_way_out(behind) else connected
    if is_adopted(vpc):
        return unseen(vpc, "gateways")
    if astray := strays(graph, tokens.INTERNET_GATEWAYS, "vpcId"):
        return undecided(f"{astray[0].name} connects a network to the internet that is not known yet")
    return passed(f"no gateway connects {vpc.name} to the internet")


@guard(
    "ec2.subnet_gives_no_public_address",
    on=(tokens.SUBNET, tokens.ADOPTED_NETWORK),
    severity=Severity.HIGH,
    fix="Leave mapPublicIpOnLaunch and assignIpv6AddressOnCreation off.",
)
def subnet_gives_no_public_address(subnet: Resource) -> Verdict:
    """What has no public address cannot be reached from outside, even when a route or a rule goes wrong."""
    if is_adopted(subnet):
        return unseen(subnet, "subnets")
    return all_of(
        [
            is_not_on(subnet, "mapPublicIpOnLaunch"),
            is_not_on(subnet, "assignIpv6AddressOnCreation"),
        ]
    )


@guard(
    "ec2.route_stays_inside",
    on=(tokens.ROUTE, *tokens.ROUTE_TABLES, tokens.ADOPTED_NETWORK),
    severity=Severity.HIGH,
    fix="Remove the route; reach AWS services through the Network component's endpoints, and named hosts by Egress.",
)
def route_stays_inside(route: Resource, graph: Graph) -> Verdict:
    """Data about people stays in networks we control: a route to all addresses, or out, leads through a firewall."""
    if is_adopted(route):
        return unseen(route, "routes")
    if route.type == tokens.ROUTE:
        return _stays_inside(graph, route, route.name)
    routes, what = route.get("routes"), f"routes of {route.name}"
    if is_dark(routes):
        return dark(what, routes)
    inside = [
        _stays_inside(graph, route, f"{what}[{number}]", "routes", number) for number in range(len(listed(routes)))
    ]
    return all_of(inside) if inside else passed(f"{what} is empty")


def _stays_inside(graph: Graph, holder: Resource, what: str, *path: str | int) -> Verdict:
    """Whether one route avoids gateways to the internet and every destination that is everywhere, or is inspected."""

    def get(name: str) -> Any:
        return holder.get(*path, name)

    gateway = graph.linked(holder, *path, "gatewayId")
    to_other_site = isinstance(gateway, Resource) and gateway.type == tokens.VPN_GATEWAY
    inside = holds(
        "vgw-" if to_other_site else get("gatewayId"),
        lambda said: said is None or said.startswith(INSIDE),
        f"gatewayId of {what}",
        "none outside",
    )
    out = [
        failed(f"{way} of {what} is set, and leads out") if get(way) else passed(f"{way} of {what} is not set")
        for way in WAYS_OUT
    ]
    stays = all_of([inside, *out, *[_is_narrow(get(name), f"{name} of {what}") for name in DESTINATIONS]])
    led = is_inspected(graph, holder, *path)
    return stays if is_no_way_out(led) else any_of([stays, led])


@guard(
    "ec2.group_admits_nobody_from_everywhere",
    on=(tokens.GROUP, tokens.GROUP_RULE, tokens.INGRESS_RULE, tokens.ADOPTED_NETWORK),
    severity=Severity.CRITICAL,
    fix="Admit a security group or a range of your own instead of 0.0.0.0/0 or ::/0.",
)
def group_admits_nobody_from_everywhere(rule: Resource) -> Verdict:
    """A port open to all addresses, of either version of IP, is tried by strangers within minutes."""
    return _is_bounded(rule, tokens.INGRESS_RULE, "ingress")


@guard(
    "ec2.group_reaches_only_named_places",
    on=(tokens.GROUP, tokens.GROUP_RULE, tokens.EGRESS_RULE, tokens.ADOPTED_NETWORK),
    severity=Severity.HIGH,
    fix="Let it reach security groups, prefix lists or ranges of your own instead of 0.0.0.0/0 or ::/0.",
)
def group_reaches_only_named_places(rule: Resource, graph: Graph) -> Verdict:
    """A model that may open a connection to anywhere can carry out what it was shown; a firewall knows hosts."""
    bounded = _is_bounded(rule, tokens.EGRESS_RULE, "egress")
    if rule.type != tokens.EGRESS_RULE or bounded.state is State.PASS:
        return bounded
    group = graph.linked(rule, "securityGroupId")
    vpc = graph.linked(group, "vpcId") if isinstance(group, Resource) else group
    https = [equals(rule, "tcp", "ipProtocol"), equals(rule, HTTPS, "fromPort"), equals(rule, HTTPS, "toPort")]
    version_6 = _is_narrow(rule.get("cidrIpv6"), f"cidrIpv6 of {rule.name}")
    seen_to = all_of([*https, version_6, stands_behind_firewall(graph, vpc)])
    return bounded if is_no_way_out(seen_to) else any_of([bounded, seen_to])


def _is_bounded(rule: Resource, single: str, side: str) -> Verdict:
    """Whether no range of a rule on that side is everywhere, for the three ways the provider spells a rule."""
    if is_adopted(rule):
        return unseen(rule, "security groups")
    if rule.type in {single, tokens.GROUP_RULE}:
        narrow = all_of(_narrow_ranges(rule.get, rule.name))
        kind = rule.get("type")
        if rule.type == single or kind == side:
            return narrow
        return (
            any_of([narrow, dark(f"type of {rule.name}", kind)]) if is_dark(kind) else not_applicable(f"no {side} rule")
        )
    rules, what = rule.get(side), f"{side} of {rule.name}"
    if is_dark(rules):
        return dark(what, rules)
    found = [
        verdict
        for number, item in enumerate(listed(rules))
        for verdict in _narrow_ranges(lambda name, item=item: at(item, name), f"{what}[{number}]")
    ]
    return all_of(found) if found else passed(f"{what} is empty")


def _narrow_ranges(get: Any, what: str) -> Iterable[Verdict]:
    return [_is_narrow(get(name), f"{name} of {what}") for name in RANGES]


def _is_narrow(value: Any, what: str) -> Verdict:
    """Whether a range, or each of a list of them, is not everywhere; none at all is narrow."""
    found = [holds(item, lambda said: not is_everywhere(said), what, "a range of our own") for item in listed(value)]
    return all_of(found) if found else passed(f"{what} is not set")


@guard(
    "ec2.endpoint_policy_is_scoped",
    on=(tokens.ENDPOINT, tokens.ADOPTED_NETWORK),
    severity=Severity.HIGH,
    fix="Give the endpoint a policy that names principals, resources or the account they belong to.",
)
def endpoint_policy_is_scoped(endpoint: Resource, graph: Graph) -> Verdict:
    """Without a policy of its own an endpoint lets anybody inside carry data to any account's bucket."""
    if is_adopted(endpoint):
        return unseen(endpoint, "endpoint policies")
    kind = endpoint.get("vpcEndpointType")
    if kind == POLICY_LESS:
        return NO_POLICY

    def scoped(statement: Statement) -> Verdict:
        ours = [statement.demands(key, EQUAL, lambda said: "*" not in said, "a fixed value") for key in OURS]
        what = f"Resource of {statement.place}"
        owned = [
            holds(item, lambda said: not ANY_OWNERS.fullmatch(said), what, "narrower than everybody's")
            for item in listed(statement.get("Resource"))
        ]
        return any_of(
            [all_of(owned) if owned else failed(f"{what} is not set"), statement.names_whom_it_allows(), *ours]
        )

    def bounded(holder: Resource) -> Verdict:
        return every_statement(graph, holder, allowing_only(scoped))

    if endpoint.get("policy") is not None:
        return bounded(endpoint)
    return unless(
        None if is_dark(kind) else False, each_companion(graph, endpoint, ENDPOINT_POLICY, bounded), NO_POLICY
    )
