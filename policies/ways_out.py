"""Routes that leave a network by way of a firewall: to it, from it to a NAT gateway, from there to the internet."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from core.graph import Graph
from core.resource import Resource
from core.value import Unknown
from core.verdict import State, Verdict, all_of, any_of, failed, passed, undecided
from policies import tokens
from policies.links import companions, strays

NO_FIREWALL = failed("it does not lead through a firewall")


def is_inspected(graph: Graph, holder: Resource, *path: str | int) -> Verdict:
    """Whether the route at the path of a table, or the route that is the resource, is one of a chain with a firewall.

    `unknown` where the firewall is said to stand at the other end of a transit gateway.
    """
    table = holder if holder.type in tokens.ROUTE_TABLES else graph.linked(holder, "routeTableId")
    out = [
        _if_set(holder, path, "vpcEndpointId", lambda: is_through_firewall(graph, holder, *path, "vpcEndpointId")),
        _if_set(holder, path, "transitGatewayId", lambda: _said_elsewhere(graph, holder)),
    ]
    if graph.of_type(tokens.FIREWALL):
        out += [
            _if_set(holder, path, "natGatewayId", lambda: _from_firewall(graph, holder, table, *path, "natGatewayId")),
            _if_set(holder, path, "gatewayId", lambda: _from_nat(graph, holder, table, *path, "gatewayId")),
        ]
    return any_of(out)


def is_through_firewall(graph: Graph, holder: Resource, *path: str | int) -> Verdict:
    """Whether an endpoint that a route names is one of a firewall in this program."""
    what = f"vpcEndpointId of {holder.name}"
    if any(source.type == tokens.FIREWALL for source in _sources(graph, holder, path)):
        return passed(f"{what} is an endpoint of a firewall")
    return undecided(f"{what} is an endpoint of something that cannot be seen here")


def firewall_behind(graph: Graph, route: Resource) -> Resource | None:
    """The firewall that a route leads through."""
    found = (source for source in _sources(graph, route, ("vpcEndpointId",)) if source.type == tokens.FIREWALL)
    return next(found, None)


def stands_behind_firewall(graph: Graph, vpc: Resource | Unknown | None) -> Verdict:
    """Whether a firewall stands in the network."""
    if not isinstance(vpc, Resource):
        return undecided("which network it belongs to is not known yet")
    if companions(graph, vpc, (tokens.FIREWALL,), "vpcId"):
        return passed(f"a firewall stands in {vpc.name}")
    if strays(graph, (tokens.FIREWALL,), "vpcId"):
        return undecided(f"a firewall stands in a network that is not known yet, perhaps in {vpc.name}")
    return failed(f"no firewall stands in {vpc.name}")


def subnets_of(graph: Graph, table: Resource) -> tuple[Resource, ...] | None:
    """The subnets that use a route table; None when that cannot be told."""
    joined = companions(graph, table, tokens.TABLE_JOINED, "routeTableId")
    subnets = [graph.linked(one, "subnetId") for one in joined if one.get("gatewayId") is None]
    found = tuple(subnet for subnet in subnets if isinstance(subnet, Resource))
    return None if len(found) < len(joined) or strays(graph, tokens.TABLE_JOINED, "routeTableId") else found


def _if_set(holder: Resource, path: tuple[str | int, ...], name: str, rule: Callable[[], Verdict]) -> Verdict:
    return NO_FIREWALL if holder.get(*path, name) in (None, "") else rule()


def _sources(graph: Graph, holder: Resource, path: tuple[str | int, ...]) -> list[Resource]:
    """What the value at the path is made of: as the engine recorded it, or as the unknown value itself says.

    A firewall's endpoint is picked out of several by subnet, so that more than one resource may be recorded.
    """
    value: Any = holder.get(*path)
    urns = set(holder.property_dependencies.get(str(path[0]), ())) if len(path) == 1 else set[str]()
    if isinstance(value, Unknown):
        urns |= {urn for part in value.source.split(", ") for urn in (part, part.rpartition(".")[0])}
    return [graph.by_urn[urn] for urn in sorted(urns) if urn in graph.by_urn]


def _each_subnet(graph: Graph, table: Resource | Unknown | None, rule: Callable[[Resource], Verdict]) -> Verdict:
    """What the rule says of every subnet whose traffic the table decides on."""
    subnets = subnets_of(graph, table) if isinstance(table, Resource) else None
    if subnets is None:
        return undecided("which subnets the route is for is not known yet")
    return all_of([rule(subnet) for subnet in subnets]) if subnets else failed("no subnet uses the route")


def _from_firewall(graph: Graph, holder: Resource, table: Resource | Unknown | None, *path: str | int) -> Verdict:
    """A way to a NAT gateway, for nothing but firewalls."""
    firewalls = graph.of_type(tokens.FIREWALL)
    mapped = [
        graph.linked(firewall, "subnetMappings", number, "subnetId")
        for firewall in firewalls
        for number in range(len(_mappings(firewall)))
    ]
    known = {subnet.urn for subnet in mapped if isinstance(subnet, Resource)}
    dark = len(known) < len(mapped) or any(isinstance(f.get("subnetMappings"), Unknown) for f in firewalls)

    def holds_firewall(subnet: Resource) -> Verdict:
        if subnet.urn in known:
            return passed(f"a firewall stands in {subnet.name}")
        return undecided("where the firewall stands is not known yet") if dark else failed(f"{subnet.name} has none")

    return all_of([_each_subnet(graph, table, holds_firewall), _leads_to(graph, holder, (tokens.NAT,), *path)])


def _leads_to(graph: Graph, holder: Resource, kinds: tuple[str, ...], *path: str | int) -> Verdict:
    gateway = graph.linked(holder, *path)
    if not isinstance(gateway, Resource):
        return undecided("which gateway it leads to is not known yet")
    return passed(f"it leads to {gateway.name}") if gateway.type in kinds else NO_FIREWALL


def _mappings(firewall: Resource) -> tuple[Any, ...]:
    held = firewall.get("subnetMappings")
    return held if isinstance(held, tuple) else ()


def _from_nat(graph: Graph, holder: Resource, table: Resource | Unknown | None, *path: str | int) -> Verdict:
    """A way to the internet gateway, for nothing but NAT gateways in a network with a firewall."""

    def holds_nat_alone(subnet: Resource) -> Verdict:
        if others := _others_in(graph, subnet):
            return failed(f"{others[0].name} stands in {subnet.name} beside the NAT gateway")
        if companions(graph, subnet, (tokens.NAT,), "subnetId"):
            return stands_behind_firewall(graph, graph.linked(subnet, "vpcId"))
        if strays(graph, (tokens.NAT,), "subnetId"):
            return undecided("where the NAT gateway stands is not known yet")
        return failed(f"{subnet.name} holds no NAT gateway")

    kinds = tokens.INTERNET_GATEWAYS[:1]
    return all_of([_each_subnet(graph, table, holds_nat_alone), _leads_to(graph, holder, kinds, *path)])


def _others_in(graph: Graph, subnet: Resource) -> list[Resource]:
    usual = {tokens.NAT, *tokens.TABLE_JOINED}
    return [
        found
        for found in graph.resources
        if found.type not in usual and any(subnet.urn in urns for urns in found.property_dependencies.values())
    ]


def _said_elsewhere(graph: Graph, holder: Resource) -> Verdict:
    said = [above.get("isInspected") for above in graph.ancestors(holder) if above.type == tokens.TRANSIT]
    if said and said[0] is not False:
        return undecided("a firewall at the other end is said to inspect it, and cannot be seen here")
    return NO_FIREWALL


def is_no_way_out(led: Verdict) -> bool:
    """Whether the answer of `is_inspected` is a plain no."""
    return led.state is State.FAIL
