from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from access.decide import Outcome, decide
from access.document import Document, Kind
from access.faults import PolicyError
from access.layers import Layers
from access.parse import parse_policy
from access.request import Request
from access.truth import Maybe, all_true, any_true, negated
from access.wildcard import pattern
from core.value import Unknown
from tests.access.conftest import CALLERS, HOME

SOME = settings(max_examples=40, deadline=None)
LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.text(max_size=12),
    st.sampled_from(["Allow", "Deny", "*", "s3:Get*", "arn:aws:s3:::a/*", "2012-10-17", "${aws:username}", "${"]),
    st.just(Unknown("somewhere")),
)
NAMES = st.sampled_from(
    [
        *(
            "Version",
            "Statement",
            "Effect",
            "Action",
            "NotAction",
            "Resource",
            "Principal",
            "NotPrincipal",
            "Condition",
        ),
        *("Sid", "Id", "AWS", "StringLike", "Null", "aws:SourceIp", "IpAddress", "nonsense"),
    ]
)
GARBAGE = st.recursive(
    LEAVES,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(NAMES, inner, max_size=4)),
    max_leaves=20,
)
ACTIONS = st.sampled_from(["s3:GetObject", "s3:Get*", "s3:*", "*", "s3:?etObject", "s3:PutObject", "ec2:*"])
RESOURCES = st.sampled_from(
    ["*", "arn:aws:s3:::ward/*", "arn:aws:s3:::ward/a", "arn:aws:s3:::lab/*", "arn:aws:s3:::ward/${aws:username}"]
)
LEAF = st.sampled_from(["a", "b", "${aws:username}", "a*"])
CONDITIONS = st.dictionaries(
    st.sampled_from(
        [
            "StringEquals",
            "StringNotEquals",
            "StringLikeIfExists",
            "ForAllValues:StringLike",
            "ForAnyValue:StringNotLike",
        ]
    ),
    st.dictionaries(
        st.sampled_from(["s3:prefix", "aws:username", "aws:TagKeys"]), st.lists(LEAF, min_size=1), min_size=1
    ),
    max_size=2,
)


def dark(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Now and then a leaf that is not known."""
    return st.one_of(strategy, strategy, strategy, st.just(Unknown("somewhere")))


@st.composite
def statements(draw: st.DrawFn, effect: str | None = None) -> dict[str, Any]:
    told: dict[str, Any] = {
        "Effect": effect or draw(st.sampled_from(["Allow", "Deny"])),
        draw(st.sampled_from(["Action", "NotAction"])): draw(st.lists(dark(ACTIONS), min_size=1, max_size=2)),
        draw(st.sampled_from(["Resource", "NotResource"])): draw(st.lists(dark(RESOURCES), min_size=1, max_size=2)),
    }
    if draw(st.booleans()):
        told["Condition"] = draw(CONDITIONS)
    return told


@st.composite
def requests(draw: st.DrawFn) -> Request:
    context = draw(
        st.dictionaries(
            st.sampled_from(["s3:prefix", "aws:TagKeys"]),
            st.one_of(st.sampled_from(["a", "b", "ab"]), st.just(("a", "b")), st.just(Unknown("nobody knows"))),
        )
    )
    return Request(
        CALLERS[draw(st.sampled_from(["alice", "analyst", "bob", "root", "federated", "service", "anonymous"]))],
        draw(st.sampled_from(["s3:GetObject", "s3:PutObject"])),
        draw(st.sampled_from(["arn:aws:s3:::ward/a", "arn:aws:s3:::ward/alice", "arn:aws:s3:::lab/b"])),
        draw(st.sampled_from([HOME, "999988887777", None])),
        context,
        draw(st.booleans()),
    )


def parsed(kind: Kind, body: list[dict[str, Any]]) -> Document:
    found = parse_policy({"Version": "2012-10-17", "Statement": body}, kind, str(kind))
    assert isinstance(found, Document)
    return found


def named(body: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The same for a resource policy."""
    return [{"Principal": "*", **one} for one in body]


def outcome_of_reading(source: Any, kind: Kind) -> Document | Unknown | str:
    """The document, or the parser's own error as text; nothing else is caught."""
    try:
        return parse_policy(source, kind, "garbage")
    except PolicyError as error:
        return str(error)


@given(GARBAGE, st.sampled_from(list(Kind)))
@settings(max_examples=100, deadline=None)
def test_the_parser_gives_a_document_or_its_own_error_for_whatever_it_is_given(body: Any, kind: Kind) -> None:
    deep = {"Statement": [body, {"Effect": "Allow", "Action": body, "Resource": body, "Condition": body}]}
    for source in (body, {"Statement": body}, deep):
        found = outcome_of_reading(source, kind)
        assert isinstance(found, Document | Unknown) or found.startswith("garbage")


@given(st.one_of(st.text(max_size=60), GARBAGE.map(lambda body: json.dumps(body, default=str))))
@SOME
def test_the_parser_does_so_for_text_as_well(text: str) -> None:
    found = outcome_of_reading(text, Kind.IDENTITY)
    assert isinstance(found, Document | Unknown) or ": expected " in found


BODIES = st.lists(statements(), min_size=1, max_size=3)


@st.composite
def everything(draw: st.DrawFn) -> Layers:
    def maybe(kind: Kind) -> Document | None:
        body = draw(st.one_of(st.none(), BODIES))
        return None if body is None else parsed(kind, named(body) if kind in {Kind.RESOURCE, Kind.ENDPOINT} else body)

    session = maybe(Kind.SESSION)
    scp = maybe(Kind.SCP)
    return Layers(
        identity=tuple(filter(None, [maybe(Kind.IDENTITY)])),
        boundary=maybe(Kind.BOUNDARY),
        session=None if session is None else (session,),
        scps=() if scp is None else ((scp,),),
        endpoint=maybe(Kind.ENDPOINT),
        resource=maybe(Kind.RESOURCE),
    )


@given(requests(), everything())
@settings(max_examples=40, deadline=None)
def test_the_evaluator_answers_every_request_and_says_what_decided(request: Request, layers: Layers) -> None:
    decision = decide(request, layers)
    assert decision.outcome in set(Outcome)
    assert decision.reasons or decision.outcome is Outcome.ALLOWED
    assert decision == decide(request, layers)


@given(
    requests(),
    everything(),
    statements(effect="Deny"),
    st.sampled_from(["identity", "boundary", "resource", "session"]),
)
@settings(max_examples=40, deadline=None)
def test_a_deny_that_is_added_never_allows_what_was_denied(
    request: Request, layers: Layers, statement: dict[str, Any], where: str
) -> None:
    before = decide(request, layers).outcome
    after = decide(request, with_deny(layers, statement, where)).outcome
    assert after is before or before is Outcome.ALLOWED or (before, after) == (Outcome.UNKNOWN, Outcome.DENIED)


def with_deny(layers: Layers, statement: dict[str, Any], where: str) -> Layers:
    if where == "identity":
        return replace(layers, identity=(*layers.identity, parsed(Kind.IDENTITY, [statement])))
    if where == "session":
        return (
            layers
            if layers.session is None
            else replace(layers, session=(*layers.session, parsed(Kind.SESSION, [statement])))
        )
    kind = Kind.BOUNDARY if where == "boundary" else Kind.RESOURCE
    held = layers.boundary if where == "boundary" else layers.resource
    if not isinstance(held, Document):
        return layers
    added = parsed(kind, named([statement]) if kind is Kind.RESOURCE else [statement])
    both = Document(kind, held.label, (*held.statements, *added.statements), held.version)
    return replace(layers, boundary=both) if where == "boundary" else replace(layers, resource=both)


@given(requests(), everything(), st.lists(statements(effect="Allow"), min_size=1, max_size=2))
@settings(max_examples=40, deadline=None)
def test_an_allow_that_is_removed_never_allows_what_was_not_allowed(
    request: Request, layers: Layers, allows: list[dict[str, Any]]
) -> None:
    more = replace(layers, identity=(*layers.identity, parsed(Kind.IDENTITY, allows)))
    less = decide(request, layers).outcome
    if decide(request, more).outcome is not Outcome.ALLOWED:
        assert less is not Outcome.ALLOWED
    if decide(request, more).outcome is Outcome.DENIED:
        assert less is Outcome.DENIED


def filled(value: Any, known: str) -> Any:
    """Every unknown leaf of a statement made known."""
    if isinstance(value, Unknown):
        return known
    if isinstance(value, dict):
        filling = {"Action": "s3:*", "NotAction": "s3:*"}
        return {key: filled(item, filling.get(key, known)) for key, item in value.items()}
    return [filled(item, known) for item in value] if isinstance(value, list) else value


@given(requests(), BODIES, st.sampled_from(["*", "arn:aws:s3:::ward/*", "arn:aws:s3:::elsewhere/*"]))
@settings(max_examples=40, deadline=None)
def test_an_answer_that_is_not_unknown_stands_whatever_the_unknown_leaves_turn_out_to_be(
    request: Request, body: list[dict[str, Any]], known: str
) -> None:
    before = decide(request, Layers(identity=(parsed(Kind.IDENTITY, body),))).outcome
    after = decide(request, Layers(identity=(parsed(Kind.IDENTITY, filled(body, known)),))).outcome
    assert before in {Outcome.UNKNOWN, after}


def slow(shape: str, text: str) -> bool:
    """What `*` and `?` mean, written down without any thought of speed."""
    if not shape:
        return not text
    if shape[0] == "*":
        return slow(shape[1:], text) or (bool(text) and slow(shape, text[1:]))
    return bool(text) and shape[0] in {"?", text[0]} and slow(shape[1:], text[1:])


@given(st.text("ab*?.", max_size=8), st.text("ab.\n", max_size=8))
@settings(max_examples=100, deadline=None)
def test_wildcards_match_what_a_slow_reading_of_them_matches(shape: str, text: str) -> None:
    assert pattern(shape, variables=False).matches(text, lambda _key: None) is slow(shape, text)


@given(
    st.text("ab*?", max_size=6),
    st.lists(st.sampled_from(["a", "b", "⟨x⟩", "⟨y⟩"]), max_size=4),
    st.text("ab", min_size=1, max_size=3),
)
@settings(max_examples=100, deadline=None)
def test_a_symbol_is_decided_only_as_every_text_in_its_place_would_be(shape: str, parts: list[str], own: str) -> None:
    answer = pattern(shape, variables=False).matches("".join(parts), lambda _key: None)
    real = slow(shape, "".join(parts).replace("⟨x⟩", own).replace("⟨y⟩", own + "a"))
    assert isinstance(answer, Maybe) or answer is real


@given(st.lists(st.sampled_from([True, False, Maybe(("why",))])))
def test_what_cannot_be_told_is_settled_by_what_can(parts: list[Any]) -> None:
    assert (all_true(parts) is False) is (False in parts)
    assert (any_true(parts) is True) is (True in parts)
    assert negated(any_true(parts)) == all_true(negated(part) for part in parts)
