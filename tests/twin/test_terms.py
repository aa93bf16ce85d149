"""Terms and templates give values, and leave out what has none."""

from __future__ import annotations

from typing import Any

import pytest

from twin.forms import TAGS
from twin.scope import EACH, Place, Scope, reached, resolve, steps
from twin.terms import (
    ID,
    ITEM,
    Built,
    RegionUnless,
    added,
    dropped,
    every,
    first,
    first_of,
    given,
    item,
    prop,
    reply,
    unlike,
)

SCOPE = Scope(
    Place("111122223333", "eu-central-1", "aws"),
    {"name": "n", "tags": {"a": "1"}, "list": ("x", "y"), "rule": {"days": 3}, "empty": "", "off": False},
    id="i",
    reply={"Things": [{"Id": "1", "Size": {"W": 2}, "Parts": [{"P": 5}]}, {"Id": "2", "Parts": [{"P": 6}, {"P": 7}]}]},
    before={"list": ("w", "x"), "tags": {"a": "1", "b": "2"}},
    item={"Key": "k"},
)
VALUES: list[tuple[Any, Any]] = [
    (prop("name"), "n"),
    (prop("rule.days"), 3),
    (prop("nope"), None),
    (prop("nope", default="d"), "d"),
    (prop("off", default=True), False),
    (prop("tags", TAGS), [{"Key": "a", "Value": "1"}]),
    (reply("Things[0].Size.W"), 2),
    (reply("Things[].Id"), ("1", "2")),
    (reply("Things[].Parts[].P"), (5, 6, 7)),
    (reply("Things[9].Id"), None),
    (first("Things", "Size.W", Id="1"), 2),
    (first("Things", "Id", Id="9"), None),
    (every("Things", "Id", Id="2"), ["2"]),
    (Built("{partition}:{region}:{account}:{id}:{name}"), "aws:eu-central-1:111122223333:i:n"),
    (given("name", {"A": prop("nope")}), None),
    (given("empty", "x"), None),
    (given("name", "x"), "x"),
    (first_of(prop("nope"), prop("name")), "n"),
    (added("list"), ["y"]),
    (dropped("list"), ["w"]),
    (dropped("tags"), ["b"]),
    (added("tags"), None),
    (unlike("Things[0].Id", "2"), True),
    (unlike("Things[0].Id", "1"), None),
    (unlike("Things[0].Nope", "1"), None),
    (ID, "i"),
    (ITEM, {"Key": "k"}),
    (item("Key"), "k"),
    (RegionUnless("us-east-1"), "eu-central-1"),
    (RegionUnless("eu-central-1"), None),
]


@pytest.mark.parametrize(("term", "value"), VALUES)
def test_a_term_has_this_value(term: Any, value: Any) -> None:
    assert term.value(SCOPE) == value


def test_a_template_leaves_out_what_has_no_value_and_keeps_what_is_empty_by_nature() -> None:
    template = {
        "A": {"B": prop("nope")},
        "C": [prop("nope")],
        "D": {},
        "E": [1, {"F": prop("name"), "G": prop("nope")}],
    }
    assert resolve(template, SCOPE) == {"D": {}, "E": [1, {"F": "n"}]}


def test_a_path_is_read_as_it_is_written() -> None:
    assert steps("Vpcs[0].Tags[].Key") == ("Vpcs", 0, "Tags", EACH, "Key")
    assert steps("") == ()
    assert reached(None, steps("a[].b")) == []
