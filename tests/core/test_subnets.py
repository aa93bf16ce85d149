"""The plan of subnets on generated ranges, zones and tiers."""

from __future__ import annotations

from ipaddress import IPv4Network
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import BadInput
from core.subnets import NARROWEST, is_overlapping, network_fault, subnet_plan

ZONES = ("a", "b", "c", "d")
TIERS = ("models", "endpoints", "data", "jobs", "spare")
ranges = st.builds(
    lambda prefix, block: str(IPv4Network((0x0A000000 + (block << (32 - prefix)) % 0x01000000, prefix))),
    st.integers(16, 23),
    st.integers(0, 255),
)
zones = st.integers(1, 4).map(lambda count: ZONES[:count])
tiers = st.integers(1, 5).map(lambda count: TIERS[:count])


@given(ranges, zones, tiers)
def test_subnets_lie_inside_the_range_and_share_no_address(
    cidr: str, zones: tuple[str, ...], tiers: tuple[str, ...]
) -> None:
    nets = sorted(IPv4Network(subnet.cidr) for subnet in subnet_plan(cidr, zones, tiers))
    assert all(net.subnet_of(IPv4Network(cidr)) for net in nets)
    assert not any(one.overlaps(other) for one, other in pairwise(nets))


@given(ranges, zones, tiers)
def test_each_zone_has_each_tier_once_and_none_is_too_small(
    cidr: str, zones: tuple[str, ...], tiers: tuple[str, ...]
) -> None:
    plan = subnet_plan(cidr, zones, tiers)
    assert [(subnet.zone, subnet.tier) for subnet in plan] == [(zone, tier) for zone in zones for tier in tiers]
    assert {IPv4Network(subnet.cidr).prefixlen for subnet in plan} <= set(range(16, NARROWEST + 1))


@given(ranges, st.integers(1, 3), tiers)
def test_another_zone_moves_no_subnet(cidr: str, count: int, tiers: tuple[str, ...]) -> None:
    before, after = subnet_plan(cidr, ZONES[:count], tiers), subnet_plan(cidr, ZONES[: count + 1], tiers)
    assert after[: len(before)] == before


@given(ranges, zones)
def test_a_fourth_tier_moves_no_subnet_of_three(cidr: str, zones: tuple[str, ...]) -> None:
    assert set(subnet_plan(cidr, zones, TIERS[:3])) <= set(subnet_plan(cidr, zones, TIERS[:4]))


def test_the_plan_of_a_usual_network_is_this() -> None:
    plan = subnet_plan("10.40.0.0/16", ("eu-central-1a", "eu-central-1b"), ("models", "endpoints"))
    assert [subnet.cidr for subnet in plan] == ["10.40.0.0/19", "10.40.32.0/19", "10.40.64.0/19", "10.40.96.0/19"]


@pytest.mark.parametrize(
    ("cidr", "zones", "tiers", "said"),
    [
        ("10.0.0.0/27", ("a",), ("models",), "give a range of /26 or wider"),
        ("10.0.0.0/26", ("a",), ("models", "endpoints"), "give a range of /25 or wider"),
        ("10.0.0.1/16", ("a",), ("models",), "not an IPv4 range"),
        ("fd00::/56", ("a",), ("models",), "not an IPv4 range"),
        ("10.0.0.0/16", (), ("models",), "each zone must be named once, given none"),
        ("10.0.0.0/16", ("a", "a"), ("models",), "each zone must be named once"),
        ("10.0.0.0/16", ("a",), (), "each tier must be named once"),
        ("10.0.0.0/16", (*ZONES, "e"), ("models",), "5 zones given, the plan has room for 4"),
    ],
)
def test_what_does_not_fit_is_refused_with_the_way_out(
    cidr: str, zones: tuple[str, ...], tiers: tuple[str, ...], said: str
) -> None:
    with pytest.raises(BadInput, match=said):
        subnet_plan(cidr, zones, tiers)


@pytest.mark.parametrize(
    ("one", "other", "shared"),
    [
        ("10.0.0.0/16", "10.0.128.0/17", True),
        ("10.0.0.0/16", "10.1.0.0/16", False),
        ("10.0.0.0/16", "10.0.0.0/16", True),
    ],
)
def test_ranges_overlap_when_they_share_an_address(one: str, other: str, shared: bool) -> None:
    assert is_overlapping(one, other) is shared
    assert is_overlapping(other, one) is shared


def test_an_overlap_with_what_is_no_range_is_refused() -> None:
    with pytest.raises(BadInput, match="'everything' is not an IPv4 range"):
        is_overlapping("10.0.0.0/16", "everything")


@pytest.mark.parametrize("text", ["10.20.0.0/16", "172.16.0.0/16", "192.168.4.0/24", "10.0.0.0/25"])
def test_a_private_range_of_a_size_aws_takes_is_fine(text: str) -> None:
    assert network_fault(text) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("10.20.0.0", "perhaps '10.20.0.0/32'"),
        ("10.20.3.0/16", "perhaps '10.20.0.0/16'"),
        ("10.20.0.0/255.255.0.0", "perhaps '10.20.0.0/16'"),
        ("private", "an IPv4 range"),
        ("10.0.0.0/8", "between /16 and /25"),
        ("10.0.0.0/26", "between /16 and /25"),
        ("52.0.0.0/16", "RFC 1918"),
        ("172.17.128.0/20", "apart from 172.17.0.0/16"),
    ],
)
def test_any_other_range_is_refused_with_one_that_would_do(text: str, expected: str) -> None:
    assert expected in str(network_fault(text))
