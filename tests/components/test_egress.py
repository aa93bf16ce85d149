from __future__ import annotations

import re
from ipaddress import ip_network
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import BadInput
from core.graph import Graph
from core.outcome import Status
from core.verdict import State
from policies import tokens
from tests.network_programs import (
    OF_A_WHOLE_NETWORK,
    PLACE,
    captured,
    complaints,
    egress,
    findings,
    ground,
    one,
    sealing,
    way_out,
)
from twin.apply import Apply, destroy, suffix_from
from twin.local_cloud import local_cloud
from twin.readback import read_back
from twin.state import State as Held

EIP = "aws:ec2/eip:Eip"
HOSTS = st.sampled_from(["pypi.org", "*.example.org", "a.b.example.net", "bucket.s3.eu-west-1.amazonaws.com"])


@pytest.fixture(scope="module")
def graph() -> Graph:
    return captured(way_out)


def through(graph: Graph, part: str) -> dict[str, Any]:
    """Zone letter -> the route of that kind."""
    return {r.name[-1]: r for r in graph.of_type(tokens.ROUTE) if f"-egress-{part}-" in r.name}


def test_workloads_leave_by_the_firewall_and_have_no_other_way_out(graph: Graph) -> None:
    tables = [table for table in graph.of_type(*tokens.ROUTE_TABLES) if "-net-" in table.name]
    out = [r for r in graph.of_type(tokens.ROUTE) if graph.linked(r, "routeTableId") in tables]
    assert [r.name for r in out] == [f"strongroom-prod-egress-out-{zone}" for zone in "ab"]
    firewall = one(graph, tokens.FIREWALL)
    for route in out:
        assert route.inputs["destinationCidrBlock"] == "0.0.0.0/0"
        assert firewall.urn in route.property_dependencies["vpcEndpointId"]
        assert not {"gatewayId", "natGatewayId"} & set(route.inputs)


def test_answers_come_back_through_the_firewall_of_the_same_zone(graph: Graph) -> None:
    ranges = {r.name[-1]: r.inputs["cidrBlock"] for r in graph.of_type(tokens.SUBNET) if "-workloads-" in r.name}
    assert {zone: route.inputs["destinationCidrBlock"] for zone, route in through(graph, "back").items()} == ranges
    for zone, route in through(graph, "back").items():
        assert graph.linked(route, "routeTableId") == one(graph, tokens.ROUTE_TABLES[0], f"-egress-public-{zone}")


def test_each_zone_has_a_nat_gateway_behind_its_firewall(graph: Graph) -> None:
    assert len(graph.of_type(tokens.NAT)) == len(graph.of_type(EIP)) == 2
    for zone, route in through(graph, "nat").items():
        assert graph.linked(route, "natGatewayId") == one(graph, tokens.NAT, f"-egress-{zone}")
        assert graph.linked(route, "routeTableId") == one(graph, tokens.ROUTE_TABLES[0], f"-egress-firewall-{zone}")
    mapped = [graph.linked(one(graph, tokens.FIREWALL), "subnetMappings", n, "subnetId") for n in range(2)]
    assert mapped == [one(graph, tokens.SUBNET, f"-egress-firewall-{zone}") for zone in "ab"]


def test_everything_but_https_is_dropped_before_it_is_looked_into(graph: Graph) -> None:
    policy = one(graph, tokens.FIREWALL_POLICY).inputs["firewallPolicy"]
    assert policy["statelessDefaultActions"] == policy["statelessFragmentDefaultActions"] == ("aws:drop",)
    assert policy["statefulDefaultActions"] == ("aws:drop_established", "aws:alert_established")
    source = one(graph, tokens.FIREWALL_RULES, "-port").inputs["ruleGroup"]["rulesSource"]
    out, back = (
        rule["ruleDefinition"]["matchAttributes"] for rule in source["statelessRulesAndCustomActions"]["statelessRules"]
    )
    assert out["protocols"] == back["protocols"] == (6,)
    assert out["destinationPorts"] == back["sourcePorts"] == ({"fromPort": 443, "toPort": 443},)
    assert out["sources"] == back["destinations"] == ({"addressDefinition": "10.20.0.0/16"},)


def test_the_list_is_what_was_named(graph: Graph) -> None:
    listed = one(graph, tokens.FIREWALL_RULES, "-hosts").inputs["ruleGroup"]["rulesSource"]["rulesSourceList"]
    assert dict(listed) == {
        "generatedRulesType": "ALLOWLIST",
        "targetTypes": ("TLS_SNI",),
        "targets": (".example.org", "pypi.org"),
    }


def test_a_way_out_moves_no_subnet_and_takes_a_range_of_its_own() -> None:
    def subnets(program: Any) -> dict[str, str]:
        return {r.name: r.inputs["cidrBlock"] for r in captured(program).of_type(tokens.SUBNET)}

    without, with_it = subnets(ground), subnets(way_out)
    assert with_it.items() >= without.items()
    assert all(ip_network(with_it[name]).subnet_of(ip_network("100.64.0.0/24")) for name in with_it.keys() - without)  # ty: ignore[invalid-argument-type] - all are IPv4


def test_without_a_way_out_there_is_neither_gateway_nor_route() -> None:
    graph = captured(ground)
    assert graph.of_type(*tokens.INTERNET_GATEWAYS, tokens.NAT, tokens.ROUTE, tokens.FIREWALL) == ()


def test_a_trial_may_be_taken_down_at_once() -> None:
    graph = captured(lambda: egress(*ground("dev"), is_protected=False))
    firewall = one(graph, tokens.FIREWALL)
    assert not firewall.inputs["deleteProtection"]
    assert complaints(graph) == []


@settings(max_examples=8, deadline=None)
@given(
    zones=st.lists(st.sampled_from("abcd"), min_size=2, max_size=4, unique=True),
    domains=st.sets(HOSTS, min_size=1),
    size=st.integers(22, 25),
    tier=st.sampled_from(["dev", "prod"]),
    protected=st.booleans(),
)
def test_no_way_out_that_is_taken_is_objected_to(
    zones: list[str], domains: set[str], size: int, tier: str, protected: bool
) -> None:
    where, held = [PLACE.region + zone for zone in zones], protected or tier == "prod"
    graph = captured(
        lambda: egress(
            *ground(tier, zones=where, services=["s3", "sagemaker.runtime"]),
            domains=sorted(domains),
            cidr=f"100.64.8.0/{size}",
            is_protected=held,
        )
    )
    assert complaints(graph) == []
    assert len(graph.of_type(tokens.NAT)) == len(zones)


@pytest.mark.parametrize(
    ("given_args", "expected"),
    [
        ({"domains": []}, "no domain is named"),
        ({"domains": ["*"]}, "domain '*'; expected a host"),
        ({"domains": ["*.org"]}, "domain '*.org'; expected"),
        ({"domains": ["com"]}, "domain 'com'; expected"),
        ({"domains": ["*.amazonaws.com"]}, "anybody can have a name there"),
        ({"domains": [f"h{n}.example.org" for n in range(501)]}, "501 domains; the rule group has room for 500"),
        ({"cidr": "10.21.0.0/24"}, "expected one inside 100.64.0.0/10"),
        ({"cidr": "100.64.0.0/26"}, "is too small"),
        ({"cidr": "nowhere"}, "is not an IPv4 range"),
    ],
)
def test_a_way_out_to_everybody_is_refused(given_args: dict[str, Any], expected: str) -> None:
    with pytest.raises(BadInput, match=re.escape(expected)):
        captured(lambda: egress(*ground(), **given_args))


def test_a_key_that_does_not_admit_the_firewall_s_logs_is_refused() -> None:
    def program() -> None:
        above, _, net = ground()
        egress(above, sealing(above, word="plain", services=()), net)

    with pytest.raises(BadInput, match="does not admit the logs"):
        captured(program)


def test_what_the_local_cloud_can_hold_of_it_stands_and_the_rest_is_said_to_be_unverified() -> None:
    with local_cloud(PLACE.account, PLACE.region) as clients:
        held = Held()
        first = Apply(clients, held, lambda _: None, suffix_from("seed"))
        graph = captured(lambda: egress(*ground("dev"), is_protected=False), first)
        reading = read_back(clients, first.finish())
        assert [(o.urn, o.reasons) for o in reading.outcomes if o.status is Status.FAILED] == []
        unverified = {o.type for o in reading.outcomes if o.status is Status.UNVERIFIED and "egress" in o.urn}
        assert {EIP, tokens.NAT, tokens.SUBNET, tokens.INTERNET_GATEWAYS[0]}.isdisjoint(unverified)
        assert unverified >= {tokens.FIREWALL, tokens.FIREWALL_POLICY, tokens.FIREWALL_RULES}
        failed = {f.guard for f in findings(reading.graph(graph)) if f.state is State.FAIL}
        assert failed <= OF_A_WHOLE_NETWORK
        gone = read_back(clients, destroy(clients, held, lambda _: None))
        assert [o.urn for o in gone.outcomes if o.status is Status.FAILED] == []
