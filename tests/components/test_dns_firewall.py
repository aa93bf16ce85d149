from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from components.dns_firewall import aws_names
from components.place import place_of
from core.errors import BadInput
from core.graph import Graph
from policies import tokens
from tests.network_programs import captured, complaints, ground, home, names, one, sealing

LIST = "aws:route53/resolverFirewallDomainList:ResolverFirewallDomainList"
QUERY_LOG, GROUP = "aws:route53/resolverQueryLogConfig:ResolverQueryLogConfig", tokens.LOG_GROUP


def program(tier: str = "prod", **given_args: Any) -> None:
    above, key, net = ground(tier, services=["s3", "sagemaker.runtime"])
    names(above, key, net.vpc_id, **given_args)


@pytest.fixture(scope="module")
def graph() -> Graph:
    return captured(program)


def test_names_of_aws_and_listed_ones_pass_before_the_rest_is_refused(graph: Graph) -> None:
    rules = sorted(graph.of_type(*tokens.DNS_RULE), key=lambda rule: rule.inputs["priority"])
    assert [rule.name.rpartition("-")[2] for rule in rules] == ["aws", "named", "rest"]
    assert [rule.inputs["action"] for rule in rules] == ["ALLOW", "ALLOW", "BLOCK"]
    assert rules[-1].inputs["blockResponse"] == "NXDOMAIN"
    lists = [graph.linked(rule, "firewallDomainListId") for rule in rules]
    assert lists == [one(graph, LIST, f"-dns-{part}") for part in ("aws", "named", "rest")]
    assert [one(graph, LIST, f"-dns-{part}").inputs["domains"] for part in ("named", "rest")] == [("pypi.org",), ("*",)]


def test_nothing_is_answered_when_the_firewall_fails(graph: Graph) -> None:
    config = one(graph, tokens.DNS_CONFIG)
    assert config.inputs["firewallFailOpen"] == "DISABLED"
    assert graph.linked(config, "resourceId") == one(graph, tokens.VPC)


def test_every_query_is_recorded_in_an_encrypted_group(graph: Graph) -> None:
    joined, log = one(graph, tokens.DNS_LOG_JOINED), one(graph, QUERY_LOG)
    assert graph.linked(joined, "resolverQueryLogConfigId") == log
    assert graph.linked(joined, "resourceId") == one(graph, tokens.VPC)
    group = one(graph, GROUP, "-dns-queries")
    assert graph.linked(log, "destinationArn") == group
    assert group.inputs["name"] == "/aws/vendedlogs/resolver/strongroom-prod-dns"
    assert graph.linked(group, "kmsKeyId") == one(graph, tokens.KEY)


def test_the_rules_are_on_the_network_before_anybody_can_take_them_off(graph: Graph) -> None:
    joined = one(graph, tokens.DNS_RULES_JOINED)
    assert graph.linked(joined, "vpcId") == one(graph, tokens.VPC)
    assert joined.inputs["mutationProtection"] == "ENABLED"
    assert {rule.urn for rule in graph.of_type(*tokens.DNS_RULE)} <= joined.dependencies


def test_without_a_list_only_names_of_aws_pass() -> None:
    graph = captured(lambda: program(domains=[]))
    assert [rule.name.rpartition("-")[2] for rule in graph.of_type(*tokens.DNS_RULE)] == ["aws", "rest"]


@pytest.mark.parametrize(
    ("region", "machines", "suffix"),
    [
        ("us-east-1", "*.ec2.internal", "amazonaws.com"),
        ("eu-central-1", "*.eu-central-1.compute.internal", "amazonaws.com"),
        ("cn-north-1", "*.cn-north-1.compute.internal", "amazonaws.com.cn"),
    ],
)
def test_names_of_aws_are_those_of_the_region(region: str, machines: str, suffix: str) -> None:
    passing = aws_names(place_of("123456789012", region))
    assert machines in passing
    assert f"*.{region}.{suffix}" in passing
    assert f"*.{suffix}" not in passing


@settings(max_examples=15, deadline=None)
@given(
    domains=st.sets(st.sampled_from(["pypi.org", "*.example.org", "a.example.net"])),
    tier=st.sampled_from(["local", "dev", "staging", "prod"]),
    protected=st.booleans(),
    vpc=st.sampled_from(["made", "vpc-0a1b2c3d"]),
)
def test_no_rules_that_are_taken_are_objected_to(domains: set[str], tier: str, protected: bool, vpc: str) -> None:
    held = protected or tier in {"staging", "prod"}

    def declared() -> None:
        if vpc == "made":
            program(tier, domains=sorted(domains), is_protected=held)
        else:
            above = home(tier)
            names(above, sealing(above), vpc, domains=sorted(domains), is_protected=held)

    assert complaints(captured(declared)) == []


@pytest.mark.parametrize(
    ("given_args", "expected"),
    [
        ({"domains": ["*"]}, "domain '*'; expected a host"),
        ({"domains": ["*.com"]}, "domain '*.com'; expected"),
        ({"domains": ["*.github.io"]}, "anybody can have a name there"),
        ({"domains": [f"h{n}.example.org" for n in range(1001)]}, "1001 names; AWS takes 1000"),
    ],
)
def test_names_of_everybody_are_refused(given_args: dict[str, Any], expected: str) -> None:
    with pytest.raises(BadInput, match=re.escape(expected)):
        captured(lambda: program(**given_args))


def test_a_key_that_does_not_admit_the_queries_is_refused() -> None:
    def declared() -> None:
        above = home()
        names(above, sealing(above, services=()), "vpc-0a1b2c3d")

    with pytest.raises(BadInput, match="does not admit the log"):
        captured(declared)
