"""Adversarial input: it ends within limits, with an answer that is right or unknown with a reason."""

from __future__ import annotations

import time
from typing import Any

import pytest

from access.decide import Outcome
from access.document import Document, Kind
from access.free import FreeRequest
from access.glyphs import ANYTHING
from access.layers import Layers
from access.parse import parse_policy
from access.prove import EVALUATOR, Finding, Prover
from access.question import ABSENT, Given, is_not, is_value
from access.situation import Call, Situation
from access.smt import Query
from access.solvers import CVC5, Z3, Solved, ask_z3, cvc5_proof
from core.value import Unknown
from tests.access.conftest import CALLERS, HOME

SECONDS = 20
"""A hang is minutes; the machine that runs this may be slow."""
WARD = f"arn:aws:s3:::ward/{ANYTHING}"


def policy(*statements: Any, kind: Kind = Kind.IDENTITY) -> Document:
    found = parse_policy({"Version": "2012-10-17", "Statement": list(statements)}, kind, "policy")
    assert isinstance(found, Document)
    return found


def allow(resource: Any = "*", **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": "s3:GetObject", "Resource": resource, **more}


def deny(resource: Any = "*", **more: Any) -> dict[str, Any]:
    return {**allow(resource, **more), "Effect": "Deny"}


def ask(
    *statements: Any, resource: str = WARD, given: dict[str, Given] | None = None, prover: Prover | None = None
) -> Finding:
    request = FreeRequest(CALLERS["alice"], "s3:GetObject", resource, HOME)
    situation = Situation((Call(request, Layers(identity=(policy(*statements),))),), given or {})
    return (prover or Prover()).find(situation)


def hostile(shape: str) -> tuple[Any, ...]:
    if shape == "ten thousand statements":
        many = [allow(f"arn:aws:s3:::ward/{number}/*") for number in range(10_000)]
        return (*many, deny(Condition={"StringNotEquals": {"aws:SourceVpce": "vpce-1"}}))
    if shape == "wildcards that regular expressions choke on":
        return tuple(
            one(f"arn:aws:s3:::ward/*{'*a?' * number}*b{'?*' * (30 - number)}")
            for number in range(30)
            for one in (allow, deny)
        )
    if shape == "many keys and values":
        conditions = {
            "StringLike": {f"aws:RequestTag/k{n}": [f"*{m}*a*" for m in range(12)] for n in range(12)},
            "StringNotLike": {f"aws:RequestTag/k{n}": [f"*b*{m}*" for m in range(12)] for n in range(12)},
        }
        return (
            allow(Condition=conditions),
            deny(Condition={"ForAnyValue:StringLike": {"aws:TagKeys": ["*x*", "*y*"]}}),
        )
    names = ("ward/ß*", "ward/\u202e*", "ward/*é?\u0301", "ward/\U0001f9ea*")
    return (
        *(allow(f"arn:aws:s3:::{name}") for name in names),
        deny(Condition={"StringEqualsIgnoreCase": {"s3:x": "Straße"}}),
    )


@pytest.mark.parametrize(
    "shape",
    [
        "ten thousand statements",
        "wildcards that regular expressions choke on",
        "many keys and values",
        "all of unicode",
    ],
)
def test_hostile_policies_end_in_time_with_an_answer_or_a_reason(shape: str) -> None:
    started = time.monotonic()
    found = ask(*hostile(shape))
    assert time.monotonic() - started < SECONDS
    if found.can is None:
        assert found.reason
    if found.can:
        assert found.witness
        assert {decision.outcome for decision in found.witness.decisions} == {Outcome.ALLOWED}


def test_a_solver_that_gives_up_leaves_the_answer_open_and_says_so() -> None:
    tired = Prover(first=lambda _query: Solved(None, {}))
    found = ask(allow("arn:aws:s3:::ward/raw/*"), prover=tired)
    assert (found.can, found.reason) == (None, "limit: cvc5 gave up")


def test_solvers_that_disagree_leave_the_answer_open_and_say_so() -> None:
    guarded = deny(Condition={"StringNotEquals": {"aws:SourceVpce": "vpce-1"}})
    given = {"aws:SourceVpce": is_not("vpce-1")}
    assert ask(allow(), guarded, given=given).decided_by == (CVC5, Z3)
    odd = Prover(second=lambda _query: Solved(sat=True, holds={}))
    found = ask(allow(), guarded, given=given, prover=odd)
    assert (found.can, found.reason) == (None, "cvc5 and z3 disagree")


def test_z3_stops_at_its_limit_of_steps() -> None:
    holes = 9
    names = [[f"p{pigeon}_{hole}" for hole in range(holes)] for pigeon in range(holes + 1)]
    lines = [f"(declare-const {name} Bool)" for row in names for name in row]
    lines += [f"(assert (or {' '.join(row)}))" for row in names]
    lines += [
        f"(assert (not (and {one[hole]} {two[hole]})))"
        for hole in range(holes)
        for at, one in enumerate(names)
        for two in names[:at]
    ]
    assert ask_z3(Query("\n".join([*lines, ""]), ()), most_steps=1000).sat is None


def test_a_proof_is_kept_as_text_with_the_query_that_it_is_of() -> None:
    found = ask(
        allow(Condition={"StringEquals": {"aws:SourceVpce": "vpce-1"}}), given={"aws:SourceVpce": is_not("vpce-1")}
    )
    [query] = found.queries
    assert found.can is False
    assert found.digest == query.digest
    assert "vpce-1" in query.text
    assert "step" in cvc5_proof(query)


def test_the_same_question_gives_the_same_text_and_the_same_witness() -> None:
    told = (allow(["arn:aws:s3:::ward/a*", "arn:aws:s3:::ward/*b"]), deny("arn:aws:s3:::ward/ab*"))
    first, second = ask(*told), ask(*told)
    assert first.can
    assert first == second


def test_a_witness_carries_no_more_than_it_needs() -> None:
    wide = deny(Condition={"StringEquals": {"s3:prefix": "secret"}})
    found = ask(allow(Condition={"Bool": {"aws:MultiFactorAuthPresent": "true"}}), wide)
    assert found.witness
    assert found.witness.requests[0].context == {"aws:multifactorauthpresent": "true"}


UNKNOWN_LEAF = Unknown("ward.arn")


@pytest.mark.parametrize(
    ("statements", "given", "can"),
    [
        ((allow(UNKNOWN_LEAF),), {}, None),
        ((allow(UNKNOWN_LEAF), allow("arn:aws:s3:::ward/*")), {}, True),
        ((allow(), deny(UNKNOWN_LEAF)), {}, None),
        ((allow(), deny("*"), deny(UNKNOWN_LEAF)), {}, False),
        (
            (allow(), {"Effect": "Deny", "Action": "s3:*", "NotResource": [UNKNOWN_LEAF, "arn:aws:s3:::ward/*"]}),
            {},
            True,
        ),
        ((allow(), {"Effect": "Deny", "Action": "s3:*", "NotResource": [UNKNOWN_LEAF]}), {}, None),
        ((allow(Condition={"StringEquals": {"aws:SourceVpce": UNKNOWN_LEAF}}),), {}, None),
        ((allow(Condition={"StringEquals": {"aws:SourceVpce": UNKNOWN_LEAF}}),), {"aws:SourceVpce": ABSENT}, False),
        ((allow(Condition={"StringNotEquals": {"aws:SourceVpce": UNKNOWN_LEAF}}),), {"aws:SourceVpce": ABSENT}, True),
        ((allow(Condition={"StringNotEqualsIfExists": {"s3:x": UNKNOWN_LEAF}}),), {"s3:x": is_value("a")}, None),
        ((allow(Condition={"ForAllValues:StringEquals": {"aws:TagKeys": UNKNOWN_LEAF}}),), {}, True),
        ((allow(), deny(Condition={"ForAnyValue:StringEquals": {"aws:TagKeys": UNKNOWN_LEAF}})), {}, True),
    ],
)
def test_what_is_not_known_is_taken_against_the_answer_that_is_sought(
    statements: tuple[Any, ...], given: dict[str, Given], can: bool | None
) -> None:
    found = ask(*statements, given=given)
    assert found.can is can, found
    assert bool(found.reason) is (can is None)


def test_a_policy_that_denies_everything_proves_every_never_by_the_evaluator_alone() -> None:
    assert ask(allow(), deny()).decided_by == (EVALUATOR,)


def test_addresses_and_endpoints_exclude_each_other_and_one_of_them_carries_a_call() -> None:
    neither = allow(Condition={"Null": {"aws:SourceIp": "true", "aws:SourceVpce": "true"}})
    both = {"aws:SourceVpce": is_value("vpce-1"), "aws:SourceIp": is_value("10.0.0.1")}
    assert ask(allow(), given={"aws:SourceVpce": is_value("vpce-1")}).can
    assert ask(allow(), given=both).can is False
    assert ask(neither).can, "a service may make the call"
    assert ask(neither, deny(Condition={"Bool": {"aws:ViaAWSService": "true"}})).can is False
