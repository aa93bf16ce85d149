"""Differences are found leaf by leaf, and what lies in a gap is neither equal nor different."""

from __future__ import annotations

from typing import Any

import pytest

from core.value import Unknown, frozen
from twin.diff import differences, gaps_of, property_differences, veiled
from twin.entry import Call, Entry, Gap
from twin.forms import BAG, Member, Shape
from twin.terms import prop, reply

RULES = Shape(days="Days", name="Name", deep=Member("Deep", Shape(a="A", b="B")))
ENTRY = Entry(
    "t",
    create=Call("s", "create", Name=prop("name"), Rules=prop("rules", RULES), On=prop("on"), Ids=prop("ids", BAG)),
    identity=prop("name"),
    read=(),
    shows={
        "name": reply("Name"),
        "rules": reply("Rules", RULES),
        "on": reply("On"),
        "ids": reply("Ids", BAG),
        "chosen": reply("Chosen"),
    },
    defaults={"on": True},
    computed=("chosen",),
    gaps={"rules[].deep.b": Gap("lost"), "name": Gap("lost too", unless=("on",))},
)
CASES: list[tuple[str, dict[str, Any], dict[str, Any], list[str]]] = [
    ("name", {"name": "a"}, {"name": "a"}, []),
    ("name", {"name": "a"}, {"name": "b"}, ["name"]),
    ("name", {"name": "a"}, {}, ["name"]),
    ("name", {}, {"name": "b"}, ["name"]),
    ("name", {"name": ""}, {}, []),
    ("on", {}, {"on": True}, []),
    ("on", {}, {}, ["on"]),
    ("on", {"on": False}, {}, []),
    ("on", {"on": False}, {"on": True}, ["on"]),
    ("chosen", {}, {"chosen": "by AWS"}, []),
    ("chosen", {"chosen": "by us"}, {"chosen": "by AWS"}, ["chosen"]),
    ("ids", {"ids": ["b", "a"]}, {"ids": ("a", "b")}, []),
    ("ids", {"ids": ["b", "a"]}, {"ids": ("a",)}, ["ids"]),
    ("rules", {"rules": [{"days": 1}]}, {"rules": ({"days": 2},)}, ["rules[0].days"]),
    ("rules", {"rules": [{"days": 1}]}, {"rules": ({"days": 1, "name": "x"},)}, ["rules[0].name"]),
    ("rules", {"rules": [{"days": 1, "deep": {"a": 1}}]}, {"rules": ({"days": 1},)}, ["rules[0].deep.a"]),
    ("rules", {"rules": [{"days": 1}]}, {"rules": ({"days": 1}, {"days": 1})}, ["rules"]),
]


@pytest.mark.parametrize(("name", "declared", "seen", "paths"), CASES)
def test_a_property_differs_at_these_paths(
    name: str, declared: dict[str, Any], seen: dict[str, Any], paths: list[str]
) -> None:
    assert list(property_differences(ENTRY, frozen(declared), frozen(seen), name)) == paths


def test_equal_things_do_not_differ() -> None:
    value = frozen({"a": [1, {"b": None}], "c": {}})
    assert list(differences(value, value)) == []


def test_a_gap_is_where_it_begins_and_only_where_it_applies() -> None:
    inputs = frozen({"name": "n", "rules": [{"days": 1}, {"deep": {"a": 1, "b": {"c": 2}}}]})
    assert gaps_of(ENTRY, inputs) == {"rules[1].deep.b": Gap("lost"), "name": Gap("lost too", unless=("on",))}
    assert list(gaps_of(ENTRY, frozen({"name": "n", "on": True}))) == []


def test_what_lies_in_a_gap_is_veiled_and_the_rest_is_as_it_was_read() -> None:
    declared = frozen({"name": "n", "rules": [{"days": 1, "deep": {"a": 1, "b": 2}}]})
    seen = frozen({"name": "n", "rules": [{"days": 9}]})
    veil = Unknown("veil")
    assert veiled(gaps_of(ENTRY, declared), declared, seen, veil) == frozen(
        {"name": veil, "rules": [{"days": 9, "deep": {"b": veil}}]}
    )
    assert veiled({}, declared, frozen({"rules": []}), veil) == {"rules": ()}
