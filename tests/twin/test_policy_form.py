"""Two policies are equal when they say the same, and only then."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

import pytest

from core.value import frozen
from twin.policy_form import POLICY

STATEMENT: dict[str, Any] = {
    "Sid": "One",
    "Effect": "Allow",
    "Principal": {"AWS": "arn:a"},
    "Action": "s3:GetObject",
    "Resource": ["b", "a"],
    "Condition": {"Bool": {"aws:SecureTransport": "true"}},
}


def text(**changes: Any) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [{**STATEMENT, **changes}]})


SAME: list[Any] = [
    json.dumps(json.loads(text()), indent=4),
    text(Action=["s3:GetObject"]),
    text(Resource=["a", "b"]),
    text(Principal={"AWS": ["arn:a"]}),
    text(Condition={"Bool": {"aws:SecureTransport": [True]}}),
    quote(text()),
    json.loads(text()),
    frozen(json.loads(text())),
    json.dumps({"Version": "2012-10-17", "Statement": STATEMENT}),
]


@pytest.mark.parametrize("other", SAME)
def test_another_way_to_write_it_is_the_same(other: Any) -> None:
    assert POLICY.decode(other) == POLICY.decode(text())


OTHER = [
    text(Effect="Deny"),
    text(Action="s3:*"),
    text(Resource="a"),
    text(Principal="*"),
    text(Condition={}),
    text(Sid="Two"),
    json.dumps({"Version": "2008-10-17", "Statement": [STATEMENT]}),
    json.dumps({"Version": "2012-10-17", "Statement": [STATEMENT, STATEMENT]}),
]


@pytest.mark.parametrize("other", OTHER)
def test_what_says_something_else_is_not_the_same(other: str) -> None:
    assert POLICY.decode(other) != POLICY.decode(text())


def test_what_is_no_json_is_kept_as_it_is() -> None:
    assert POLICY.decode("no json") == "no json"
    assert POLICY.decode("") is None
    assert json.loads(POLICY.decode('{"numRetries": 3}')) == {"numRetries": 3}


def test_a_request_gets_the_very_text_that_was_given() -> None:
    assert POLICY.encode('{ "a":1 }') == '{ "a":1 }'
    assert json.loads(POLICY.encode(frozen({"a": [1]}))) == {"a": [1]}
    assert POLICY.covers(("Statement", 0, "Effect"))
