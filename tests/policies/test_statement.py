from __future__ import annotations

import json
from typing import Any

import pytest

from core.graph import POLICY_DOCUMENT, Graph, graph_of
from core.resource import Resource
from core.value import SECRET, Unknown
from core.verdict import State, Verdict, passed
from policies.statement import (
    EQUAL,
    TRUTH,
    Statement,
    allowing_only,
    every_statement,
    read_policy,
    some_statement,
    statements,
)

PASS, FAIL, UNKNOWN = State.PASS, State.FAIL, State.UNKNOWN
ROLE = "arn:aws:iam::111122223333:role/a"
POLICY = "aws:s3/bucketPolicy:BucketPolicy"


def said(**body: Any) -> Statement:
    return Statement(body, "statement 1")


def holder(policy: Any) -> tuple[Graph, Resource]:
    graph = graph_of([Resource(POLICY, f"urn:pulumi:t::p::{POLICY}::a", {"policy": policy})])
    return graph, graph.resources[0]


@pytest.mark.parametrize(
    ("principal", "condition", "expected"),
    [
        ({"AWS": ROLE}, None, PASS),
        ({"AWS": [ROLE, ROLE], "Service": "s3.amazonaws.com"}, None, PASS),
        ("*", None, FAIL),
        ({"AWS": [Unknown("x"), "*"]}, None, FAIL),
        ({"AWS": Unknown("x")}, None, UNKNOWN),
        (Unknown("x"), None, UNKNOWN),
        (SECRET, None, UNKNOWN),
        (None, None, FAIL),
        ("*", {"StringEquals": {"aws:PrincipalOrgID": "o-1"}}, PASS),
        ("*", {"StringEquals": {"AWS:principalorgid": ["o-1", "o-2"]}}, PASS),
        ("*", {"StringEquals": {"aws:PrincipalOrgID": Unknown("x")}}, UNKNOWN),
        ("*", {"StringEquals": Unknown("x")}, UNKNOWN),
        ("*", Unknown("x"), UNKNOWN),
        ("*", {"StringLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/a"}}, FAIL),
        ("*", {"StringEqualsIfExists": {"aws:PrincipalOrgID": "o-1"}}, FAIL),
        ("*", {"StringNotEquals": {"aws:PrincipalOrgID": "o-1"}}, FAIL),
        ("*", {"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}, FAIL),
        ("*", "nonsense", FAIL),
    ],
)
def test_an_allow_names_whom_it_allows_or_says_whose_they_are(principal: Any, condition: Any, expected: State) -> None:
    body = {"Principal": principal, "Condition": condition}
    statement = said(**{key: value for key, value in body.items() if value is not None})
    assert statement.names_whom_it_allows().state is expected


@pytest.mark.parametrize(
    ("action", "wanted", "expected"),
    [
        ("s3:*", "s3:*", PASS),
        ("*", "s3:*", PASS),
        (["kms:Get*", "S3:GetObject"], "s3:getobject", PASS),
        ("s3:Get*", "s3:*", FAIL),
        (["s3:Get*", Unknown("x")], "s3:*", UNKNOWN),
        (["s3:*", Unknown("x")], "s3:*", PASS),
        (None, "s3:*", FAIL),
        (7, "s3:*", UNKNOWN),
    ],
)
def test_an_action_takes_in_what_its_pattern_matches(action: Any, wanted: str, expected: State) -> None:
    assert said(Action=action).includes("Action", wanted).state is expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"Action": "kms:PutKeyPolicy"}, PASS),
        ({"Action": "kms:Dec*"}, FAIL),
        ({"Action": ["kms:Put*", Unknown("x"), "*"]}, FAIL),
        ({"Action": ["kms:Put*", Unknown("x")]}, UNKNOWN),
        ({"NotAction": "kms:Encrypt"}, FAIL),
        ({"NotAction": Unknown("x")}, FAIL),
        ({}, PASS),
    ],
)
def test_a_statement_avoids_what_none_of_its_patterns_matches(body: dict[str, Any], expected: State) -> None:
    assert said(**body).avoids("Action", ["kms:Decrypt"]).state is expected


def test_only_a_condition_that_must_be_met_demands() -> None:
    for operator, state in (("Bool", PASS), ("BoolIfExists", FAIL), ("Null", FAIL)):
        statement = said(Condition={operator: {"aws:MultiFactorAuthPresent": "true"}})
        assert statement.demands("aws:multifactorauthpresent", TRUTH, lambda v: v == "true", "true").state is state


def test_one_value_of_several_that_is_not_right_lets_somebody_through() -> None:
    statement = said(Condition={"StringEquals": {"a:b": ["right", "wrong"]}})
    assert statement.demands("a:b", EQUAL, lambda v: v == "right", "right").state is FAIL


def test_a_second_key_narrows_a_statement() -> None:
    once = {"Bool": {"aws:SecureTransport": "false"}}
    assert said(Condition=once).tests_only("aws:SecureTransport").state is PASS
    twice = {**once, "StringEquals": {"aws:PrincipalArn": ROLE}}
    assert said(Condition=twice).tests_only("aws:SecureTransport").state is FAIL
    assert said(Condition={**once, "StringEquals": Unknown("x")}).tests_only("aws:SecureTransport").state is UNKNOWN


def test_one_statement_may_stand_without_a_list() -> None:
    (only,) = statements({"Statement": {"Effect": "Allow"}}, "policy of a")
    assert (only.get("Effect"), only.place) == ("Allow", "statement 1 of policy of a")
    assert statements({}, "policy of a") == ()
    assert statements({"Statement": Unknown("x")}, "policy of a")[0].get("Effect") == Unknown("x")


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        (None, FAIL),
        ("{not json", UNKNOWN),
        ("[]", UNKNOWN),
        (Unknown("x"), UNKNOWN),
        (SECRET, UNKNOWN),
    ],
)
def test_a_policy_that_cannot_be_read_is_no_policy_without_statements(policy: Any, expected: State) -> None:
    graph, resource = holder(policy)
    found = read_policy(graph, resource)
    assert isinstance(found, Verdict)
    assert found.state is expected


def test_a_policy_without_statements_grants_nothing() -> None:
    graph, resource = holder(json.dumps({"Version": "2012-10-17"}))
    assert every_statement(graph, resource, Statement.is_for_everyone).state is PASS
    assert some_statement(graph, resource, Statement.is_for_everyone, "says nothing").state is FAIL


def test_a_known_bad_statement_outweighs_an_unknown_one_in_either_order() -> None:
    bad, dark = {"Effect": "Allow", "Principal": "*"}, Unknown("x")
    for body in ([bad, dark], [dark, bad]):
        document = {"of": "a", "attribute": "policy", "document": {"Statement": body}}
        urn = f"urn:pulumi:t::p::{POLICY_DOCUMENT}::a-policy"
        graph = graph_of(
            [
                Resource(POLICY, f"urn:pulumi:t::p::{POLICY}::a", {"policy": Unknown("made of outputs")}),
                Resource(POLICY_DOCUMENT, urn, document),
            ]
        )
        (policy,) = graph.of_type(POLICY)
        assert every_statement(graph, policy, allowing_only(Statement.names_whom_it_allows)).state is FAIL


def test_a_deny_is_right_whatever_it_says_and_an_unknown_effect_may_be_one() -> None:
    rule = allowing_only(Statement.names_whom_it_allows)
    assert rule(said(Effect="Deny", Principal="*")).state is PASS
    assert rule(said(Effect=Unknown("x"), Principal="*")).state is UNKNOWN
    assert rule(said(Effect=Unknown("x"), Principal={"AWS": ROLE})).state is PASS
    assert rule(said(Principal="*")).state is FAIL


def test_a_rule_is_asked_of_allows_only() -> None:
    asked = []
    allowing_only(lambda statement: asked.append(statement.place) or passed("x"))(said(Effect="Allow"))
    assert asked == ["statement 1"]
