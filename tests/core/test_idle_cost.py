from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.graph import graph_of
from core.idle_cost import (
    AS_OF,
    BY_USE,
    FREE_KINDS,
    HOURS,
    MACHINES,
    PRICED,
    SERVING,
    Row,
    idle_costs,
    is_free_when_idle,
)
from core.resource import Resource
from core.value import Unknown
from twin.catalog import CATALOG

KEY, ENDPOINT = "aws:kms/key:Key", "aws:ec2/vpcEndpoint:VpcEndpoint"


def one(token: str, name: str = "a", **inputs: Any) -> Resource:
    return Resource(token, f"urn:pulumi:test::any::{token}::{name}", inputs)


def rows(*resources: Resource) -> dict[str, Row]:
    return {row.type: row for row in idle_costs(graph_of(resources))}


def test_keys_cost_by_their_number() -> None:
    found = rows(one(KEY), one(KEY, "b"))[KEY]
    assert (found.count, found.usd, found.read) == (2, 2, True)
    assert found.source.startswith("https://aws.amazon.com/kms/")


def test_an_interface_costs_in_each_of_its_subnets_and_a_gateway_nothing() -> None:
    assert rows(one(ENDPOINT, subnetIds=("a", "b", "c")))[ENDPOINT].usd == pytest.approx(3 * 0.01 * HOURS)
    assert ENDPOINT not in rows(one(ENDPOINT))


def test_a_model_costs_what_its_machines_do_and_a_serverless_one_nothing_while_idle() -> None:
    two = {"instanceType": "ml.m6i.large", "initialInstanceCount": 2}
    assert rows(one(SERVING, productionVariants=(two,)))[SERVING].usd == pytest.approx(2 * 0.115 * HOURS)
    assert rows(one(SERVING, productionVariants=({"serverlessConfig": {"maxConcurrency": 1}},)))[SERVING].usd == 0


@pytest.mark.parametrize(
    "resource",
    [
        one("aws:elasticache/cluster:Cluster"),
        one(ENDPOINT, subnetIds=Unknown("another stack")),
        one(SERVING, productionVariants=Unknown("another stack")),
        one(SERVING, productionVariants=({"instanceType": "ml.new.huge"},)),
        one(SERVING, productionVariants=(Unknown("another stack"),)),
    ],
    ids=lambda resource: resource.type.rpartition(":")[2],
)
def test_what_cannot_be_told_is_never_taken_for_nothing_and_stands_first(resource: Resource) -> None:
    table = idle_costs(graph_of([resource, one(KEY)]))
    assert [row.usd for row in table] == [None, 1]


def test_what_costs_nothing_by_itself_has_no_row() -> None:
    assert rows(one("aws:s3/bucket:Bucket"), one("aws:iam/role:Role"), one("strongroom:index:Key")) == {}


def test_every_estimate_has_a_day_a_source_and_a_basis() -> None:
    assert date.fromisoformat(AS_OF)
    for estimate in PRICED.values():
        assert estimate.source.startswith("https://aws.amazon.com/")
        assert estimate.basis
        assert estimate.usd >= 0
    assert all(price > 0 for price in MACHINES.values())


def test_no_type_is_in_two_tables() -> None:
    assert not PRICED.keys() & BY_USE.keys()
    assert not PRICED.keys() & FREE_KINDS
    assert not BY_USE.keys() & FREE_KINDS


@given(st.lists(st.sampled_from(sorted(CATALOG)), max_size=8))
def test_the_dearest_stands_first_and_every_type_is_answered_for(chosen: list[str]) -> None:
    table = idle_costs(graph_of(one(token, str(number)) for number, token in enumerate(chosen)))
    known = [row.usd for row in table if row.usd is not None]
    assert known == sorted(known, reverse=True)
    answered = {row.type for row in table}
    assert all(t in answered or t in PRICED or is_free_when_idle(t) for t in chosen)


def test_every_type_that_the_platform_makes_is_answered_for() -> None:
    """When this fails: a new type costs something, by use, or nothing; write down which."""
    answered = {token for token in CATALOG if token in PRICED or token == SERVING or is_free_when_idle(token)}
    assert set(CATALOG) - answered == set()
