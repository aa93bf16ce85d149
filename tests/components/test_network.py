from __future__ import annotations

import json
import re
import warnings
from collections.abc import Callable
from ipaddress import ip_network
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from components.endpoint_policy import MOST_CHARACTERS
from components.key import Key, KeyArgs
from components.key_policy import for_log_groups
from components.place import Place
from core.errors import BadInput
from core.graph import Graph
from core.naming import Name, root_name
from core.resource import Resource

with warnings.catch_warnings():
    # The provider's EC2 module warns of its own old classes as soon as it is loaded, whoever loads it.
    warnings.simplefilter("ignore", DeprecationWarning)
    from components.network import SERVICES, Network, NetworkArgs, flow_group

VPC, SUBNET, ENDPOINT = "aws:ec2/vpc:Vpc", "aws:ec2/subnet:Subnet", "aws:ec2/vpcEndpoint:VpcEndpoint"
TABLE, JOINED = "aws:ec2/routeTable:RouteTable", "aws:ec2/routeTableAssociation:RouteTableAssociation"
GROUP, DEFAULT = "aws:ec2/securityGroup:SecurityGroup", "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup"
INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
EGRESS = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"
FLOWS = "aws:ec2/flowLog:FlowLog"
MOST_ENTRIES = 20
SAID = ("ruleNo", "action", "protocol", "cidrBlock", "fromPort", "toPort")
WAYS_OUT = re.compile(
    r"internetGateway|natGateway|egressOnly|vpnGateway|:eip|/eip|peering|transit|/route:Route", re.IGNORECASE
)
Planned = Callable[[Callable[[], Any]], Graph]


def built(root: Name, place: Place, **given: Any) -> Network:
    name = root / "network"
    seals = KeyArgs(place, "seals the flow log", services=for_log_groups(place, flow_group(name)))
    usual: dict[str, Any] = {"cidr": "10.20.0.0/16", "zones": [f"{place.region}{z}" for z in "ab"], "keep_days": 365}
    key = given.pop("key", None) or Key(root / "key", seals)
    return Network(name, NetworkArgs(place, str(root), key=key, **{**usual, **given}))


@pytest.fixture(scope="module")
def graph(planned: Planned, root: Name, place: Place) -> Graph:
    return planned(lambda: built(root, place))


def test_there_is_no_way_to_the_internet(graph: Graph) -> None:
    assert not [resource.urn for resource in graph.resources if WAYS_OUT.search(resource.type)]
    assert all("routes" not in table.inputs for table in graph.of_type(TABLE))


def test_no_rule_names_an_address(graph: Graph) -> None:
    rules = graph.of_type(INGRESS, EGRESS)
    assert rules
    for rule in rules:
        assert not {"cidrIpv4", "cidrIpv6"} & set(rule.inputs)
        assert (rule.inputs["ipProtocol"], rule.inputs["fromPort"], rule.inputs["toPort"]) == ("tcp", 443, 443)
    for group in graph.of_type(GROUP):
        assert not {"ingress", "egress"} & set(group.inputs)


def test_workloads_reach_endpoints_and_the_gateways_and_nothing_else(graph: Graph) -> None:
    groups = {group.name.rpartition("-")[2]: group for group in graph.of_type(GROUP)}
    rules = graph.of_type(EGRESS)
    assert {rule.name.rpartition("-")[2] for rule in rules} == {"endpoints", "s3", "dynamodb"}
    assert all(graph.linked(rule, "securityGroupId") == groups["workloads"] for rule in rules)
    gateways = [graph.linked(rule, "prefixListId") for rule in rules if rule.get("prefixListId")]
    assert gateways == [
        endpoint for endpoint in graph.of_type(ENDPOINT) if endpoint.get("vpcEndpointType") == "Gateway"
    ]


def test_endpoints_are_reached_by_workloads_only(graph: Graph) -> None:
    (rule,) = graph.of_type(INGRESS)
    groups = {group.name.rpartition("-")[2]: group for group in graph.of_type(GROUP)}
    assert graph.linked(rule, "securityGroupId") == groups["endpoints"]
    assert graph.linked(rule, "referencedSecurityGroupId") == groups["workloads"]


def test_the_group_that_comes_with_the_network_is_emptied(graph: Graph) -> None:
    (group,) = graph.of_type(DEFAULT)
    assert (group.inputs["ingress"], group.inputs["egress"]) == ((), ())


def test_the_acl_that_comes_with_the_network_lets_all_through_within_and_answers_from_without(graph: Graph) -> None:
    (acl,), (vpc,) = graph.of_type("aws:ec2/defaultNetworkAcl:DefaultNetworkAcl"), graph.of_type(VPC)
    assert graph.linked(acl, "defaultNetworkAclId") == vpc
    said = {side: [tuple(rule[key] for key in SAID) for rule in acl.inputs[side]] for side in ("ingress", "egress")}
    within = (100, "allow", "-1", "10.20.0.0/16", 0, 0)
    assert said["egress"] == [within, (110, "allow", "tcp", "0.0.0.0/0", 1, 65535)]
    assert said["ingress"][0] == within
    open_ports = [port for *_, first, last in said["ingress"][1:] for port in range(first, last + 1)]
    assert not {22, 80, 3306, 3389, 5432} & set(open_ports)
    assert {443, *range(32768, 65536)} <= set(open_ports)
    assert len(said["ingress"]) < MOST_ENTRIES


def bound(graph: Graph) -> dict[str, str]:
    """Subnet -> the table that says where traffic from there goes, by their names."""
    pairs = [(graph.linked(one, "subnetId"), graph.linked(one, "routeTableId")) for one in graph.of_type(JOINED)]
    return {s.name: t.name for s, t in pairs if isinstance(s, Resource) and isinstance(t, Resource)}


def test_every_subnet_is_private_and_bound_to_a_private_table(graph: Graph) -> None:
    subnets, tables = graph.of_type(SUBNET), graph.of_type(TABLE)
    assert len(subnets) == 4
    assert all(subnet.inputs["mapPublicIpOnLaunch"] is False for subnet in subnets)
    assert bound(graph).keys() == {subnet.name for subnet in subnets}
    assert set(bound(graph).values()) == {table.name for table in tables}


def test_the_workloads_of_each_zone_have_a_table_of_their_own(graph: Graph) -> None:
    workloads = {table for subnet, table in bound(graph).items() if "-workloads-" in subnet}
    assert len(workloads) == 2
    assert len(graph.of_type(TABLE)) == 3
    gateways = [found for found in graph.of_type(ENDPOINT) if found.get("vpcEndpointType") == "Gateway"]
    assert all(len(found.inputs["routeTableIds"]) == 3 for found in gateways)


def test_calls_stay_within_the_organisation_where_one_is_given(planned: Planned, root: Name, place: Place) -> None:
    graph = planned(lambda: built(root, place, organisation="o-a1b2c3d4e5"))
    said = [s for found in graph.of_type(ENDPOINT) for s in json.loads(found.inputs["policy"])["Statement"]]
    within = [s for s in said if s.get("Condition", {}).get("StringEquals", {}).get("aws:PrincipalOrgID")]
    assert {s["Sid"] for s in said} - {s["Sid"] for s in within} == {"ImageLayers"}


def test_private_names_can_work(graph: Graph) -> None:
    (vpc,) = graph.of_type(VPC)
    assert vpc.inputs["enableDnsSupport"] is True
    assert vpc.inputs["enableDnsHostnames"] is True
    interfaces = [found for found in graph.of_type(ENDPOINT) if found.get("vpcEndpointType") == "Interface"]
    assert all(found.inputs["privateDnsEnabled"] is True for found in interfaces)
    assert all(len(found.inputs["subnetIds"]) == 2 for found in interfaces)


def test_every_endpoint_has_a_policy_of_its_own_that_fits(graph: Graph) -> None:
    endpoints = graph.of_type(ENDPOINT)
    assert len(endpoints) == len(SERVICES)
    for endpoint in endpoints:
        assert graph.document(endpoint) is not None
        assert len(endpoint.inputs["policy"]) < MOST_CHARACTERS
        for statement in json.loads(endpoint.inputs["policy"])["Statement"]:
            narrowed = "aws:PrincipalAccount" in json.dumps(statement.get("Condition", {}))
            assert narrowed or statement["Sid"] == "ImageLayers"


def test_everything_is_recorded_and_everything_is_labelled(graph: Graph) -> None:
    (flows,), (vpc,) = graph.of_type(FLOWS), graph.of_type(VPC)
    assert graph.linked(flows, "vpcId") == vpc
    for resource in graph.of_type(VPC, SUBNET, ENDPOINT, TABLE, GROUP, DEFAULT, INGRESS, EGRESS, FLOWS):
        assert resource.inputs["tags"]["strongroom:environment"] == "staging", resource.name


def test_two_environments_collide_nowhere(planned: Planned, place: Place) -> None:
    roots = [root_name("strongroom", environment, "platform", {}) for environment in ("dev", "prod")]
    graph = planned(lambda: [built(root, place) for root in roots])
    named = [(resource.type, resource.get("name")) for resource in graph.resources if resource.get("name")]
    assert len(named) == len(set(named))
    assert all("-dev-" in str(name) or "-prod-" in str(name) for _, name in named)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    zones=st.lists(st.sampled_from("abcdef"), min_size=1, max_size=4, unique=True),
    prefix=st.integers(16, 22),
    second=st.integers(0, 16),
    services=st.sets(st.sampled_from(sorted(set(SERVICES) - {"s3", "sagemaker.runtime"}))),
)
def test_any_network_keeps_its_subnets_apart_and_inside(
    planned: Planned, root: Name, place: Place, zones: list[str], prefix: int, second: int, services: set[str]
) -> None:
    cidr, wanted = f"10.{second}.0.0/{prefix}", [*sorted(services), "s3", "sagemaker.runtime"]
    where = [place.region + zone for zone in zones]
    graph = planned(lambda: built(root, place, cidr=cidr, zones=where, services=wanted))
    ranges = [ip_network(subnet.inputs["cidrBlock"]) for subnet in graph.of_type(SUBNET)]
    assert len(ranges) == 2 * len(zones)
    assert all(part.subnet_of(ip_network(cidr)) for part in ranges)  # ty: ignore[invalid-argument-type] - all are IPv4
    assert not [1 for i, part in enumerate(ranges) for other in ranges[:i] if part.overlaps(other)]
    assert len(graph.of_type(ENDPOINT)) == len(wanted)
    assert not [resource for resource in graph.resources if WAYS_OUT.search(resource.type)]


@pytest.mark.parametrize(
    ("given_args", "expected"),
    [
        ({"zones": ["eu-west-1a"]}, "expected the name of a zone in eu-central-1"),
        ({"zones": ["euc1-az1"]}, "expected the name of a zone"),
        ({"zones": []}, "each zone must be named once"),
        ({"cidr": "8.8.0.0/16", "zones": ["eu-central-1a"], "services": ["s3"]}, "sagemaker.runtime"),
        ({"services": ["sagemaker.runtime"]}, "no endpoint for s3"),
        ({"services": [*SERVICES, "kms"]}, "named twice"),
        ({"services": [*SERVICES, "acm"]}, "expected a service that has one"),
        ({"cidr": "10.0.0.0/30"}, "10.0.0.0/30"),
        ({"organisation": "123456789012"}, "expected an id such as 'o-a1b2c3d4e5'"),
    ],
)
def test_what_aws_would_refuse_is_refused(
    planned: Planned, root: Name, place: Place, given_args: dict[str, Any], expected: str
) -> None:
    with pytest.raises(BadInput, match=re.escape(expected)):
        planned(lambda: built(root, place, **given_args))


def test_a_key_that_does_not_admit_the_flow_log_is_refused(planned: Planned, root: Name, place: Place) -> None:
    with pytest.raises(BadInput, match="does not admit CloudWatch Logs"):
        planned(lambda: built(root, place, key=Key(root / "plain", KeyArgs(place, "seals"))))
