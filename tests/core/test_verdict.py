"""The algebra of verdicts and the predicates that answer in it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.resource import Resource
from core.value import SECRET, Unknown
from core.verdict import (
    State,
    Verdict,
    all_of,
    any_of,
    at_least,
    equals,
    failed,
    holds,
    is_linked,
    is_one_of,
    is_set,
    is_true,
    not_applicable,
    passed,
    undecided,
)

Predicate = Callable[..., Verdict]
KEY = Resource("aws:kms/key:Key", "urn:pulumi:dev::p::aws:kms/key:Key::records")
verdicts = st.lists(st.sampled_from([passed("p"), failed("f"), undecided("u"), not_applicable("n")]), max_size=6)


def key(**inputs: Any) -> Resource:
    return Resource(KEY.type, KEY.urn, inputs)


@given(verdicts)
def test_all_of_fails_before_it_doubts_and_doubts_before_it_passes(items: list[Verdict]) -> None:
    states = {item.state for item in items} - {State.NOT_APPLICABLE}
    order = (State.FAIL, State.UNKNOWN, State.PASS)
    assert all_of(items).state is next((state for state in order if state in states), State.NOT_APPLICABLE)


@given(verdicts)
def test_any_of_passes_before_it_doubts_and_doubts_before_it_fails(items: list[Verdict]) -> None:
    states = {item.state for item in items} - {State.NOT_APPLICABLE}
    order = (State.PASS, State.UNKNOWN, State.FAIL)
    assert any_of(items).state is next((state for state in order if state in states), State.NOT_APPLICABLE)


@given(verdicts)
def test_the_order_of_judgements_does_not_change_the_state(items: list[Verdict]) -> None:
    assert all_of(items).state is all_of(items[::-1]).state
    assert any_of(items).state is any_of(items[::-1]).state


def test_a_combined_reason_names_each_cause_once() -> None:
    assert all_of([failed("no key"), passed("tls"), failed("no key"), failed("no log")]).reason == "no key; no log"
    assert all_of([], nothing="no buckets").reason == "no buckets"


@pytest.mark.parametrize(
    ("verdict", "state"),
    [
        (is_true(key(on=True), "on"), State.PASS),
        (is_true(key(on=False), "on"), State.FAIL),
        (is_true(key(on=1), "on"), State.FAIL),
        (is_true(key(), "on"), State.FAIL),
        (is_true(key(on=Unknown("x")), "on"), State.UNKNOWN),
        (is_true(key(on=SECRET), "on"), State.UNKNOWN),
        (is_true(Unknown("other stack"), "on"), State.UNKNOWN),
        (is_true(None, "on"), State.FAIL),
        (equals(key(mode="COMPLIANCE"), "COMPLIANCE", "mode"), State.PASS),
        (equals(key(mode="GOVERNANCE"), "COMPLIANCE", "mode"), State.FAIL),
        (is_one_of(key(version=1), (True,), "version"), State.FAIL),
        (is_one_of(key(version="TLS1.3"), ("TLS1.2", "TLS1.3"), "version"), State.PASS),
        (is_one_of(key(), ("TLS1.2",), "version"), State.FAIL),
        (at_least(key(days=30), 30, "days"), State.PASS),
        (at_least(key(days=29), 30, "days"), State.FAIL),
        (at_least(key(), 30, "days"), State.FAIL),
        (at_least(key(days="many"), 30, "days"), State.UNKNOWN),
        (at_least(key(days=True), 1, "days"), State.UNKNOWN),
        (is_set(key(name="x"), "name"), State.PASS),
        (is_set(key(name=False), "name"), State.PASS),
        (is_set(key(name=Unknown("x")), "name"), State.PASS),
        (is_set(key(name=SECRET), "name"), State.PASS),
        (is_set(key(name=()), "name"), State.FAIL),
        (is_set(key(), "name"), State.FAIL),
        (is_linked(KEY, "key"), State.PASS),
        (is_linked(Unknown("other stack"), "key"), State.UNKNOWN),
        (is_linked(None, "key"), State.FAIL),
    ],
)
def test_a_predicate_decides_only_what_it_can_read(verdict: Verdict, state: State) -> None:
    assert verdict.state is state


def test_a_test_that_trips_over_an_odd_shape_has_not_decided() -> None:
    assert holds(5, lambda value: value["x"], "rules", "there").state is State.UNKNOWN


@pytest.mark.parametrize("predicate", [is_true, is_set])
def test_reasons_name_the_property_and_never_its_value(predicate: Predicate) -> None:
    verdict = predicate(key(password="hunter2"), "password")
    assert "password of records" in verdict.reason
    assert "hunter2" not in verdict.reason
