"""Reading JSON that somebody hands in, within bounds."""

from __future__ import annotations

import json

import pytest

from core import json_part
from core.errors import BadInput
from core.json_part import MOST_DEPTH, JsonPart, kind_of, parsed


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "f: the file is empty"),
        (" \n\ufeff", "f: the file is empty"),
        ('{"a": [1, 2', "line 1, column 12 (the text ends too early: write the file again, and whole)"),
        ('{"a": 1,\n "b" 2}', "line 2, column 6"),
        ('{"a": 1} trailing', "Extra data at line 1, column 10"),
        ('{"a": NaN}', "NaN is not a number"),
        ('{"a": -Infinity}', "-Infinity is not a number"),
        ('{"a": 1, "a": 2}', "the key 'a' stands twice"),
        ("[" * 100_000, "nested deeper than any real document"),
        ("1" * 5000, "not readable as JSON"),
    ],
)
def test_text_that_cannot_be_read_is_refused_with_its_place(text: str, said: str) -> None:
    with pytest.raises(BadInput) as caught:
        parsed(text, "f")
    assert str(caught.value).startswith("f: ")
    assert said in str(caught.value)


def test_more_text_than_any_real_document_has_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_part, "MOST_CHARACTERS", 10)
    with pytest.raises(BadInput, match="11 characters; at most 10 are read"):
        parsed('"' + "x" * 9 + '"', "f")


def test_a_byte_order_mark_is_no_part_of_the_document() -> None:
    assert parsed('\ufeff{"a": 1}', "f").value == {"a": 1}


def test_a_number_that_overflows_is_refused_where_it_stands() -> None:
    with pytest.raises(BadInput, match="f: a: expected a number that JSON can hold, found a number"):
        parsed('{"a": 1e999}', "f").need("a", "x").leaf()


def test_depth_is_bounded_far_below_what_the_interpreter_bears() -> None:
    part = JsonPart(1, "f", (0,) * (MOST_DEPTH + 1))
    with pytest.raises(BadInput, match=f"expected at most {MOST_DEPTH} levels"):
        part.within_depth()
    JsonPart(1, "f", (0,) * MOST_DEPTH).within_depth()


def test_a_flag_is_true_false_or_not_there() -> None:
    part = JsonPart({"on": True, "off": False, "odd": 1}, "f")
    assert [part.flag(key) for key in ("on", "off", "nothing")] == [True, False, False]
    with pytest.raises(BadInput, match="f: odd: expected true or false, found a number"):
        part.flag("odd")


def test_parts_know_their_place() -> None:
    part = parsed(json.dumps({"steps": [{"op": "create"}, {"op": 5}]}), "f")
    steps = list(part.listed("steps"))
    assert steps[0].said("op") == "create"
    assert steps[0].said("nothing") == ""
    with pytest.raises(BadInput, match=r"f: steps\[1\]\.op: expected a text, found a number"):
        steps[1].said("op")
    assert list(part.fields("nothing")) == []
    assert list(part.listed("nothing")) == []


@pytest.mark.parametrize(
    ("value", "kind"),
    [(None, "nothing"), (True, "true or false"), ({}, "a mapping"), ([], "a list"), ("", "a text"), (0.5, "a number")],
)
def test_kinds_are_named_in_words(value: object, kind: str) -> None:
    assert kind_of(value) == kind
