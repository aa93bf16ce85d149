from __future__ import annotations

import time
from typing import Any

import pytest

from access.document import Document, Kind, Statement
from access.faults import PolicyError
from access.grant import parse_grant
from access.parse import parse_policy
from core.value import SECRET, Unknown

GOOD: dict[str, Any] = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}
ALICE = {"AWS": "arn:aws:iam::111122223333:user/alice"}


def without(name: str) -> dict[str, Any]:
    return {key: value for key, value in GOOD.items() if key != name}


FAULTS: list[tuple[Kind, Any, str]] = [
    (Kind.IDENTITY, [], "expected a JSON object"),
    (Kind.IDENTITY, "{", "expected JSON; it breaks off at line 1"),
    (Kind.IDENTITY, '{"Version": "2012-10-17", "Version": "2012-10-17"}', "Version: expected each element once"),
    (Kind.IDENTITY, "[" * 100_000, "not nested without end"),
    (Kind.IDENTITY, {}, "Statement: expected a statement, or a list of at least one"),
    (Kind.IDENTITY, {"Statement": []}, "Statement: expected a statement, or a list of at least one"),
    (Kind.IDENTITY, {"Statement": [GOOD], "Statements": []}, "Statements: expected no element of this name"),
    (Kind.IDENTITY, {"Statement": ["Allow"]}, r"Statement\[0\]: expected a statement"),
    (Kind.IDENTITY, {"Version": 2012, "Statement": GOOD}, "Version: expected 2012-10-17 or 2008-10-17"),
    (Kind.IDENTITY, {"Statement": [GOOD, {**GOOD, "Efect": "Deny"}]}, r"Statement\[1\].Efect: expected no element"),
    (Kind.IDENTITY, {"Statement": [{**GOOD, "Effect": "allow"}]}, r"Statement\[0\].Effect: expected Allow or Deny"),
    (Kind.IDENTITY, {"Statement": [{**GOOD, "Effect": ["Allow"]}]}, r"Statement\[0\].Effect: expected Allow or Deny"),
    (Kind.IDENTITY, {"Statement": [without("Effect")]}, r"Statement\[0\].Effect: expected Allow or Deny"),
    (Kind.IDENTITY, {"Statement": [without("Action")]}, r"Statement\[0\].Action: expected Action or NotAction"),
    (Kind.IDENTITY, {"Statement": [{**GOOD, "Action": []}]}, r"Statement\[0\].Action: expected at least one value"),
    (Kind.IDENTITY, {"Statement": [{**GOOD, "Action": ["s3:*", 7]}]}, r"Statement\[0\].Action\[1\]: expected a text"),
    (Kind.IDENTITY, {"Statement": [{**GOOD, "Action": "GetObject"}]}, r"Action: expected service:Action"),
    (Kind.IDENTITY, {"Statement": [without("Resource")]}, r"Statement\[0\].Resource: expected Resource or NotResource"),
    (
        Kind.IDENTITY,
        {"Statement": [{**GOOD, "NotResource": "*"}]},
        r"NotResource: expected either Resource or NotResource",
    ),
    (Kind.IDENTITY, {"Statement": [{**GOOD, "Resource": []}]}, r"Resource: expected at least one value"),
    (Kind.IDENTITY, {"Statement": [{**GOOD, "Resource": "ward"}]}, r"Resource: expected an ARN"),
    (Kind.IDENTITY, {"Statement": [{**GOOD, "Sid": "has space"}]}, r"Sid: expected letters and digits"),
    (
        Kind.IDENTITY,
        {"Statement": [{**GOOD, "Sid": "A"}, {**GOOD, "Sid": "A"}]},
        r"Statement\[1\].Sid: .* stands twice",
    ),
    (Kind.IDENTITY, {"Statement": [{**GOOD, "Condition": []}]}, r"Condition: expected a mapping"),
    (
        Kind.IDENTITY,
        {"Statement": [{**GOOD, "Condition": {"StringEqual": {"a:b": "c"}}}]},
        r"StringEqual: expected a condition operator",
    ),
    (
        Kind.IDENTITY,
        {"Statement": [{**GOOD, "Condition": {"NullIfExists": {"a:b": "true"}}}]},
        r"NullIfExists: expected a condition",
    ),
    (Kind.IDENTITY, {"Statement": [{**GOOD, "Condition": {"StringEquals": {}}}]}, r"StringEquals: expected a mapping"),
    (
        Kind.IDENTITY,
        {"Statement": [{**GOOD, "Condition": {"StringEquals": {"a:b": []}}}]},
        r"expected at least one value",
    ),
    (
        Kind.IDENTITY,
        {"Statement": [{**GOOD, "Condition": {"StringEquals": {"a:b": {}}}}]},
        r"expected a text, a number",
    ),
    (Kind.IDENTITY, {"Statement": [{**GOOD, "Condition": {"NumericEquals": {"a:b": "ten"}}}]}, r"expected a number"),
    (Kind.IDENTITY, {"Statement": [{**GOOD, "Condition": {"DateLessThan": {"a:b": "soon"}}}]}, r"expected a date"),
    (Kind.IDENTITY, {"Statement": [{**GOOD, "Condition": {"BinaryEquals": {"a:b": "%%"}}}]}, r"expected base64"),
    (Kind.RESOURCE, {"Statement": [{**GOOD, "Principal": "alice"}]}, r'Principal: expected "\*", or a mapping'),
    (Kind.RESOURCE, {"Statement": [{**GOOD, "Principal": {}}]}, r'Principal: expected "\*", or a mapping'),
    (Kind.RESOURCE, {"Statement": [{**GOOD, "Principal": {"User": "x"}}]}, r"Principal.User: expected one of AWS"),
    (Kind.RESOURCE, {"Statement": [{**GOOD, "Principal": ALICE, "NotPrincipal": ALICE}]}, r"expected either Principal"),
    (
        Kind.RESOURCE,
        {"Statement": [{**GOOD, "Principal": {"Service": "s3*"}}]},
        r"Principal.Service: expected a service",
    ),
    (Kind.RESOURCE, {"Statement": [{**GOOD, "Principal": {"CanonicalUser": "x"}}]}, r"expected a canonical user id"),
    (
        Kind.TRUST,
        {"Statement": [{**GOOD, "Action": "sts:AssumeRole", "Principal": ALICE}]},
        r"Resource: expected no such element",
    ),
    (
        Kind.TRUST,
        {"Statement": [{"Effect": "Allow", "Action": "s3:*", "Principal": ALICE}]},
        r"Action: expected actions of sts",
    ),
    (
        Kind.TRUST,
        {"Statement": [{"Effect": "Allow", "Action": "*", "Principal": ALICE}]},
        r"Action: expected actions of sts",
    ),
    (Kind.SCP, {"Statement": [{**GOOD, "NotPrincipal": ALICE}]}, r"NotPrincipal: expected no such element"),
    (
        Kind.RCP,
        {"Statement": [{"Effect": "Deny", "Principal": "*", "NotAction": "s3:*", "Resource": "*"}]},
        r"have no NotAction",
    ),
]


@pytest.mark.parametrize(("kind", "body", "message"), FAULTS, ids=[message for _, _, message in FAULTS])
def test_a_malformed_policy_is_refused_with_its_place_and_what_is_expected(kind: Kind, body: Any, message: str) -> None:
    with pytest.raises(PolicyError, match=message) as caught:
        parse_policy(body, kind, "the policy")
    assert str(caught.value).startswith("the policy")


def test_no_message_quotes_a_value_of_the_policy() -> None:
    with pytest.raises(PolicyError) as caught:
        parse_policy({"Statement": [{**GOOD, "Resource": "hunter2"}]}, Kind.IDENTITY, "the policy")
    assert "hunter2" not in str(caught.value)


def test_what_is_not_known_stays_in_its_place_with_its_source() -> None:
    held = Unknown("ward.arn")
    found = parse_policy({"Statement": [{**GOOD, "Resource": ["*", held]}, held]}, Kind.IDENTITY, "the policy")
    assert isinstance(found, Document)
    first = found.statements[0]
    assert isinstance(first, Statement)
    assert first.resources is not None
    assert first.resources[1] == held
    assert found.statements[1] == held
    assert parse_policy(held, Kind.IDENTITY, "the policy") == held
    assert parse_policy(SECRET, Kind.IDENTITY, "the policy") == Unknown("the policy, which is withheld")


def test_statements_of_a_resource_policy_may_share_a_sid() -> None:
    body = {"Statement": [{**GOOD, "Principal": "*", "Sid": "A b"}, {**GOOD, "Principal": "*", "Sid": "A b"}]}
    assert isinstance(parse_policy(body, Kind.RESOURCE, "bucket"), Document)


@pytest.mark.parametrize(
    ("kind", "body", "note"),
    [
        (Kind.SESSION, {"Statement": [{**GOOD, "Resource": f"arn:aws:s3:::{'x' * 3000}"}]}, "AWS takes 2048"),
        (Kind.IDENTITY, {"Statement": [{**GOOD, "Resource": "arn:aws:s3:::${aws:username}"}]}, "literal text"),
        (Kind.IDENTITY, {"Id": "mine", "Statement": [GOOD]}, "meant for resource policies"),
        (Kind.KEY, {"Statement": [{**without("Resource"), "Principal": "*", "Action": "kms:*"}]}, "does nothing"),
    ],
)
def test_what_is_worth_a_look_is_noted(kind: Kind, body: Any, note: str) -> None:
    found = parse_policy(body, kind, "the policy")
    assert isinstance(found, Document)
    assert note in " ".join(found.notes)


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ([], "expected a grant"),
        ({"KeyId": "k", "GranteePrincipal": "p", "Operations": []}, "Operations: expected a list"),
        ({"KeyId": "k", "GranteePrincipal": "p", "Operations": ["Steal"]}, "Operations: expected a list"),
        ({"KeyId": "k", "Operations": ["Decrypt"]}, "GranteePrincipal: expected an ARN"),
        ({"KeyId": "k", "GranteePrincipal": "p", "Operations": ["Decrypt"], "Until": "x"}, "Until: expected one of"),
        (
            {
                "KeyId": "k",
                "GranteePrincipal": "p",
                "Operations": ["Decrypt"],
                "Constraints": {"EncryptionContextSubset": 1},
            },
            "EncryptionContextSubset: expected a mapping",
        ),
    ],
)
def test_a_malformed_grant_is_refused_likewise(body: Any, message: str) -> None:
    with pytest.raises(PolicyError, match=message):
        parse_grant(body, "grant")


def test_hostile_policies_are_read_and_matched_in_little_time() -> None:
    from access.decide import decide
    from access.layers import Layers
    from access.request import Request
    from tests.access.conftest import CALLERS, HOME

    wild = "arn:aws:s3:::" + "a*" * 1500 + "b"
    body = {"Statement": [{**GOOD, "Resource": [wild, "arn:aws:s3:::" + "*?" * 500 + "ü"]} for _ in range(20)]}
    many = {
        "Statement": [{**GOOD, "Sid": f"S{number}", "Resource": f"arn:aws:s3:::{number}"} for number in range(10_000)]
    }
    start = time.perf_counter()
    layers = Layers(identity=tuple(parse_policy(one, Kind.IDENTITY, "hostile") for one in (body, many)))
    decide(Request(CALLERS["alice"], "s3:GetObject", "arn:aws:s3:::" + "a" * 2000, HOME), layers)
    assert time.perf_counter() - start < 5
