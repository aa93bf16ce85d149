from __future__ import annotations

import pytest

from core.graph import STACK, GraphError
from core.value import Unknown
from policies.translate import Glimpsed, Shown, after, before, sourced, whole

KEY, GROUP = "aws:kms/key:Key", "aws:cloudwatch/logGroup:LogGroup"


def urn(token: str, name: str) -> str:
    return f"urn:pulumi:prod::wards::{token}::{name}"


def test_inputs_that_were_never_shown_are_unknown_and_not_absent() -> None:
    group = after(Shown(GROUP, urn(GROUP, "g"), {"retentionInDays": 7.0}), None)
    assert group.get("retentionInDays") == 7
    assert group.get("kmsKeyId") == Unknown(f"{urn(GROUP, 'g')}.kmsKeyId")
    assert group.get("kmsKeyId", "deeper") == Unknown(f"{urn(GROUP, 'g')}.kmsKeyId")
    assert isinstance(group.inputs, Glimpsed)
    assert (list(group.inputs), len(group.inputs), 7 in group.inputs) == (["retentionInDays"], 1, False)


def test_inputs_that_were_shown_settle_what_was_never_set() -> None:
    group = after(Shown(GROUP, urn(GROUP, "g"), {}), {"retentionInDays": 7})
    assert (group.get("retentionInDays"), group.get("kmsKeyId")) == (7, None)


def test_a_property_with_a_dependency_is_present_although_nothing_shows_it() -> None:
    links = {"kmsKeyId": frozenset({urn(KEY, "k")}), "tags": frozenset()}
    group = after(Shown(GROUP, urn(GROUP, "g"), {}, property_dependencies=links), {})
    assert group.get("kmsKeyId") == Unknown(urn(KEY, "k"))
    assert group.get("tags") is None


def test_unknown_leaves_are_traced_to_what_their_property_depends_on() -> None:
    value = {"rules": [{"key": Unknown("?"), "days": 7}], "other": Unknown("?")}
    assert sourced(value, frozenset({"b", "a"})) == {
        "rules": ({"key": Unknown("a, b"), "days": 7},),
        "other": Unknown("a, b"),
    }
    assert sourced(Unknown("?"), frozenset()) == Unknown("?")


def test_before_its_creation_a_resource_is_its_inputs() -> None:
    key = before(Shown(KEY, urn(KEY, "k"), {"enableKeyRotation": True, "deletionWindowInDays": 30.0}))
    assert (key.inputs, key.outputs) == ({"enableKeyRotation": True, "deletionWindowInDays": 30}, {})


def test_a_stack_that_is_not_shown_is_made_up() -> None:
    graph = whole((after(Shown(KEY, urn(KEY, "k"), {}), {}),))
    assert [stack.urn for stack in graph.of_type(STACK)] == [urn(STACK, "wards-prod")]


def test_a_resource_shown_twice_is_refused() -> None:
    key = after(Shown(KEY, urn(KEY, "k"), {}), {})
    with pytest.raises(GraphError):
        whole((key, key))


def test_what_the_engine_protects_is_protected_before_and_after() -> None:
    shown = Shown(KEY, urn(KEY, "k"), {}, protect=True)
    assert before(shown).protect
    assert after(shown, {}).protect
    assert not before(Shown(KEY, urn(KEY, "k"), {})).protect
