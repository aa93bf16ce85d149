"""A form says the same thing in two languages, and refuses what it would lose."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import BadInput
from twin.forms import (
    AS_IT_IS,
    BAG,
    TAGS,
    TEXTS,
    Digits,
    Flag,
    Form,
    LastPart,
    Member,
    Moment,
    Nothing,
    Number,
    Pairs,
    Shape,
    Single,
    Usual,
    Wrapped,
)

INNER = Shape(days="Days", storageClass="StorageClass")
RULE = Shape(
    id="ID", moves=Member("Transitions", INNER), only=Member("Only", Single(INNER)), kinds=Member("Kinds", BAG)
)
BOTH_WAYS: list[tuple[Form, Any, Any]] = [
    (AS_IT_IS, "x", "x"),
    (RULE, {"id": "a", "moves": [{"days": 1}]}, {"ID": "a", "Transitions": [{"Days": 1}]}),
    (RULE, [{"id": "a"}, {"id": "b"}], [{"ID": "a"}, {"ID": "b"}]),
    (RULE, {"only": [{"days": 1}]}, {"Only": {"Days": 1}}),
    (TEXTS, {"A": "b"}, {"A": "b"}),
    (TAGS, {"b": "2", "a": "1"}, [{"Key": "a", "Value": "1"}, {"Key": "b", "Value": "2"}]),
    (Pairs("Name", "Value"), {"a": "1"}, [{"Name": "a", "Value": "1"}]),
    (Flag("Enabled", "Disabled"), True, "Enabled"),
    (Digits(), 2, "2"),
    (Number(), "0.5", 0.5),
    (Wrapped("EncryptionType"), ["SSE-C"], {"EncryptionType": ["SSE-C"]}),
]


@pytest.mark.parametrize(("form", "ours", "theirs"), BOTH_WAYS, ids=lambda value: type(value).__name__)
def test_a_form_goes_both_ways(form: Form, ours: Any, theirs: Any) -> None:
    assert form.encode(ours) == theirs
    assert form.encode(form.decode(theirs)) == theirs
    assert form.decode(theirs) == form.decode(form.encode(ours)) is not None


EMPTY: list[tuple[Form, Any]] = [
    (AS_IT_IS, ""),
    (AS_IT_IS, False),
    (AS_IT_IS, []),
    (RULE, {}),
    (RULE, []),
    (RULE, {"ID": "", "Transitions": []}),
    (TEXTS, None),
    (TAGS, []),
    (TAGS, [{"Key": "aws:owner", "Value": "aws"}]),
    (BAG, None),
    (Flag("true", "false"), "false"),
    (Digits(), ""),
    (Number(), None),
    (Moment(), None),
    (Usual("None"), "None"),
    (Wrapped("Inside"), None),
    (LastPart(), None),
]


@pytest.mark.parametrize(("form", "said"), EMPTY)
def test_what_says_nothing_is_as_if_it_were_not_there(form: Form, said: Any) -> None:
    assert form.decode(said) is None


def test_zero_says_something() -> None:
    assert AS_IT_IS.decode(0) == 0
    assert INNER.decode({"Days": 0}) == {"days": 0}


def test_false_says_something_where_true_is_usual() -> None:
    assert Usual(usual=True).decode(False) is False
    assert Usual(usual=True).decode(True) is None


def test_an_unknown_member_is_refused_with_those_there_are() -> None:
    with pytest.raises(BadInput, match="nope: not among days, storageClass"):
        INNER.encode({"nope": 1})


def test_several_where_one_is_taken_are_refused() -> None:
    with pytest.raises(BadInput, match="expected one item, 2 given"):
        Single(INNER).encode([{"days": 1}, {"days": 2}])


def test_what_is_declared_elsewhere_is_refused_here() -> None:
    assert Nothing("a rule").encode([]) is None
    with pytest.raises(BadInput, match="declare a rule instead"):
        Nothing("a rule").encode([1])


def test_coverage_goes_down_to_the_leaf() -> None:
    assert RULE.covers((0, "moves", 3, "days"))
    assert not RULE.covers((0, "moves", 3, "nope"))
    assert not RULE.covers(("nope",))
    assert RULE.covers(("only", 0, "days"))
    assert TAGS.covers(("anything",))
    assert not AS_IT_IS.covers(("inside",))
    assert AS_IT_IS.covers((0,))
    assert not Wrapped("Inside").covers(("x",))


def test_a_moment_is_the_same_however_it_is_written() -> None:
    written = "2031-01-01T01:00:00+01:00"
    assert Moment().decode(written) == Moment().decode(datetime(2031, 1, 1, tzinfo=UTC)) == "2031-01-01T00:00:00+00:00"


def test_an_arn_and_its_id_are_the_same() -> None:
    assert LastPart().decode("arn:aws:kms:eu-central-1:1:key/abc") == LastPart().decode("abc")


@given(st.lists(st.text()))
def test_the_order_of_a_bag_does_not_matter(items: list[str]) -> None:
    assert BAG.decode(items) == BAG.decode(list(reversed(items)))


@given(st.dictionaries(st.text(min_size=1).filter(lambda key: not key.startswith("aws:")), st.text(), min_size=1))
def test_tags_survive_the_way_there_and_back(tags: dict[str, str]) -> None:
    assert TAGS.decode(TAGS.encode(tags)) == tags
