"""Leaves of a Graph, and the ways through nested values."""

from __future__ import annotations

from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.value import SECRET, Unknown, at, dotted, frozen, leaves, thawed, unknowns

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


@given(json_values)
def test_freezing_loses_nothing(value: object) -> None:
    assert thawed(frozen(value)) == value


def test_a_frozen_value_is_read_only_all_the_way_down() -> None:
    value = frozen({"rules": [{"days": 30.0}]})
    assert isinstance(value, MappingProxyType)
    assert isinstance(value["rules"], tuple)
    assert isinstance(value["rules"][0], MappingProxyType)


def test_whole_floats_become_ints_and_others_stay() -> None:
    value = frozen({"days": 30.0, "share": 0.5, "on": True})
    assert type(value["days"]) is int
    assert value["share"] == 0.5
    assert value["on"] is True


@pytest.mark.parametrize(
    ("path", "found"),
    [
        (("rules", 0, "days"), 30),
        (("rules", -1, "days"), 30),
        (("rules", 1), None),
        (("rules", "days"), None),
        (("rules", 0, "days", "more"), None),
        (("name", 0), None),
        ((), {"rules": ({"days": 30},), "name": "ward"}),
    ],
)
def test_a_path_leads_to_what_stands_there_or_to_nothing(path: tuple[str | int, ...], found: object) -> None:
    assert at(frozen({"rules": [{"days": 30}], "name": "ward"}), *path) == found


def test_what_blocks_the_way_is_the_answer() -> None:
    assert at({"key": Unknown("urn.arn")}, "key", "rotation", 0) == Unknown("urn.arn")
    assert at({"key": SECRET}, "key", "rotation") is SECRET


def test_leaves_are_found_with_their_paths_and_empty_containers_count() -> None:
    value = {"a": [1, {"b": Unknown("x")}], "c": {}, "d": []}
    assert list(leaves(value)) == [(("a", 0), 1), (("a", 1, "b"), Unknown("x")), (("c",), {}), (("d",), [])]
    assert unknowns(value) == (Unknown("x"),)


def test_a_path_is_written_as_people_write_it() -> None:
    assert dotted(("rules", 0, "days")) == "rules[0].days"
    assert dotted(()) == ""
