"""Every method of escalation: found where it is granted, silent where any part of it is missing."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from access.ability import Abilities
from access.graph_identity import role_named
from access.methods import Method, check_numbers, parse_methods
from access.principals import principal_of
from access.reach import Closure, closure, exceeds
from access.reference import reference_from
from access.running import KINDS
from access.symbols import Symbols
from core.errors import BadInput
from core.graph import Graph, graph_of
from core.iam_metadata import IamMetadata, iam_metadata
from core.resource import Resource
from tests.access.conftest import load
from tests.access.test_graph import HOME, REGION, urn

ROOT = Path(__file__).resolve().parents[2]
METHODS = parse_methods((ROOT / "access" / "methods.toml").read_text(encoding="utf-8"), "access/methods.toml")
BY_NUMBER = {one.number: one for one in METHODS}
FIXTURES: Mapping[str, Mapping[str, Any]] = load(Path(__file__).parent / "escalations.yaml")
ISSUER = "login.ward.example"
ELSEWHERE = "states.amazonaws.com"
ANOTHER = "lambda.amazonaws.com"


@cache
def metadata() -> IamMetadata:
    return iam_metadata((ROOT / "policies" / "data" / "iam.json").read_text(encoding="utf-8"))


@cache
def reference() -> Any:
    return reference_from(metadata())


def document(*statements: Mapping[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def trust(who: str) -> dict[str, Any]:
    """The trust of the role strong."""
    provider = f"arn:aws:iam::{HOME}:oidc-provider/{ISSUER}"
    claim = {"StringEquals": {f"{ISSUER}:sub": "the-nurse"}}
    saml = {"StringEquals": {"SAML:aud": "https://signin.aws.amazon.com/saml"}}
    web = {"Effect": "Allow", "Principal": {"Federated": provider}, "Action": "sts:AssumeRoleWithWebIdentity"}
    by_saml = {"Federated": f"arn:aws:iam::{HOME}:saml-provider/ward"}
    said: Mapping[str, dict[str, Any]] = {
        "account": {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{HOME}:root"}, "Action": "sts:AssumeRole"},
        "saml": {"Effect": "Allow", "Principal": by_saml, "Action": "sts:AssumeRoleWithSAML", "Condition": saml},
        "oidc": {**web, "Condition": claim},
        "oidc-open": web,
    }
    return said.get(who, {"Effect": "Allow", "Principal": {"Service": who}, "Action": "sts:AssumeRole"})


def world(fixture: Mapping[str, Any], allow: list[str], **more: Any) -> Graph:
    """An account with somebody who may do little, a role and a user who may do anything, and things worth having."""
    kind = fixture.get("self", "role")
    passed = {"Condition": {"StringEquals": {"iam:PassedToService": more["passed_to"]}}} if "passed_to" in more else {}
    statements = [
        {"Effect": "Allow", "Action": one, "Resource": "*", **(passed if one == "iam:PassRole" else {})}
        for one in allow
    ]
    statements += [{"Effect": "Deny", "Action": one, "Resource": "*"} for one in more.get("deny", [])]
    statements += [
        {"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "*", "Condition": TAGGED},
    ]
    running = fixture.get("running", "")
    trusted = more.get("trusts") or fixture.get("trusts") or (KINDS[running].principal if running else ELSEWHERE)
    bound = {"permissionsBoundary": f"arn:aws:iam::{HOME}:policy/limit"}
    own = "aws:iam/rolePolicyAttachment:RolePolicyAttachment" if kind == "role" else USER_ATTACHED
    token = "aws:iam/role:Role" if kind == "role" else "aws:iam/user:User"
    parts: list[tuple[str, str, dict[str, Any]]] = [
        (token, "mallory", {"name": "mallory", **bound, "tags": {"team": "ward"}}),
        ("aws:iam/policy:Policy", "limit", {"name": "limit", "policy": document(more.get("limit") or ANYTHING)}),
        ("aws:iam/policy:Policy", "little", {"name": "little", "policy": document(*statements)}),
        (own, "little", {kind: "mallory", "policyArn": f"arn:aws:iam::{HOME}:policy/little"}),
        ("aws:iam/role:Role", "strong", {"name": "strong", "assumeRolePolicy": document(trust(trusted))}),
        *STANDING,
    ]
    if kind == "user":
        parts.append((MEMBERSHIP, "in", {"user": "mallory", "groups": ["staff"]}))
    else:
        parts.append(("aws:iam/user:User", "victim", {"name": "victim"}))
        parts[0][2]["assumeRolePolicy"] = document(trust("ec2.amazonaws.com"))
    if running:
        parts += [(KINDS[running].token, "thing", under_strong(running)), INSTANCE_PROFILE]
    symbols = Symbols(HOME, REGION)
    made = [Resource(one, urn(one, name), inputs) for one, name, inputs in parts]
    return graph_of([Resource(one.type, one.urn, one.inputs, symbols(one)) for one in made])


def under_strong(running: str) -> dict[str, Any]:
    """The properties that give a thing the role strong."""
    value: Any = "strong-profile" if running in {"instance", "template"} else f"arn:aws:iam::{HOME}:role/strong"
    for step in reversed(KINDS[running].role):
        value = {str(step): value}
    assert isinstance(value, dict)
    return value


TAGGED = {"StringEquals": {"aws:PrincipalTag/team": "chiefs"}}
ANYTHING = {"Effect": "Allow", "Action": "*", "Resource": "*"}
USER_ATTACHED = "aws:iam/userPolicyAttachment:UserPolicyAttachment"
MEMBERSHIP = "aws:iam/userGroupMembership:UserGroupMembership"
INSTANCE_PROFILE: tuple[str, str, dict[str, Any]] = (
    "aws:iam/instanceProfile:InstanceProfile",
    "strong-profile",
    {"name": "strong-profile", "role": "strong"},
)
FOR_THE_ACCOUNT = {"Effect": "Allow", "Principal": {"AWS": HOME}, "Action": "kms:*", "Resource": "*"}
STANDING: list[tuple[str, str, dict[str, Any]]] = [
    ("aws:iam/policy:Policy", "much", {"name": "much", "policy": document(ANYTHING)}),
    (
        "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
        "much",
        {"role": "strong", "policyArn": f"arn:aws:iam::{HOME}:policy/much"},
    ),
    ("aws:iam/group:Group", "staff", {"name": "staff"}),
    ("aws:iam/group:Group", "chiefs", {"name": "chiefs"}),
    ("aws:iam/groupPolicy:GroupPolicy", "chiefs", {"group": "chiefs", "policy": document(ANYTHING)}),
    ("aws:kms/key:Key", "ward-key", {"policy": document(FOR_THE_ACCOUNT)}),
    ("aws:s3/bucket:Bucket", "ward-code", {"bucket": "ward-code"}),
    (
        "aws:s3/bucketOwnershipControls:BucketOwnershipControls",
        "ward-code",
        {"bucket": "ward-code", "rule": {"objectOwnership": "ObjectWriter"}},
    ),
    ("aws:secretsmanager/secret:Secret", "token", {"name": "token"}),
    ("aws:ecr/repository:Repository", "images", {"name": "images"}),
    ("aws:sagemaker/endpoint:Endpoint", "triage", {"name": "triage"}),
    ("aws:cloudtrail/trail:Trail", "calls", {"name": "calls"}),
    ("aws:cloudwatch/logGroup:LogGroup", "calls", {"name": "calls"}),
    ("aws:ec2/vpcEndpoint:VpcEndpoint", "door", {"serviceName": "com.amazonaws.eu-central-1.s3"}),
]
"""What is there in every fixture."""


def reached(graph: Graph, *methods: Method) -> Closure:
    abilities = Abilities(graph, HOME, REGION, reference(), metadata())
    return closure(abilities, role_named(graph, "mallory"), methods)


@pytest.mark.parametrize("number", FIXTURES)
def test_a_granted_method_is_found_and_any_part_of_it_missing_leaves_silence(number: str) -> None:
    fixture, method = FIXTURES[number], BY_NUMBER[number]
    allow = list(fixture["allow"])
    found = reached(world(fixture, allow), method)
    step = found.steps[fixture["reaches"]]
    assert (step.method, step.sure) == (method, not method.hangs_on), step.hangs_on
    for request in (call.request for call in step.calls if step.sure):
        assert request is not None
    twins = [world(fixture, [one for one in allow if one != gone]) for gone in allow]
    twins += [world(fixture, allow, deny=[gone]) for gone in allow[:1]]
    twins += (
        [world(fixture, allow, limit={"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "*"})] if allow else []
    )
    if method.service:
        twins += [world(fixture, allow, trusts=ANOTHER if fixture["trusts"] != ANOTHER else ELSEWHERE)]
        twins += [world(fixture, allow, passed_to="polly.amazonaws.com")]
    if number == "T034":
        twins = [world(fixture, allow, trusts="oidc")]
    for twin in twins:
        assert fixture["reaches"] not in reached(twin, method).steps


def test_every_method_has_its_fixture_and_no_number_is_missing() -> None:
    check_numbers(METHODS, 124, 10)
    assert list(FIXTURES) == [one.number for one in METHODS]
    with pytest.raises(BadInput, match="T124"):
        check_numbers(tuple(one for one in METHODS if one.number != "T124"), 124, 10)


def test_every_action_of_every_method_exists() -> None:
    gone = {call.action for one in METHODS for call in one.calls if metadata().action_fault(call.action)}
    assert {action.partition(":")[0] for action in gone} == {"codestar"}


def test_somebody_who_may_do_anything_reaches_everything_in_an_end() -> None:
    user = {"self": "user", "trusts": "account"}
    found = reached(world(user, ["*"]), *METHODS)
    assert {"strong", "rights of its own choosing", "mallory, without its boundary"} <= set(found.steps)
    assert {f"what the key seals ({name})" for name in ("ward-key",)} <= set(found.steps)
    assert found.is_sure("strong")


def test_a_chain_names_the_steps_in_their_order() -> None:
    first = {"trusts": "account"}
    graph = world(first, ["sts:AssumeRole"])
    found = reached(graph, *(BY_NUMBER[number] for number in ("T022", "G03")))
    chain = found.chain("GuardDuty stops")
    assert [(step.method.number, step.actors) for step in chain] == [("T022", ("mallory",)), ("G03", ("strong",))]
    assert found.chain("nowhere") == ()


def test_what_one_principal_can_and_the_other_cannot_is_named() -> None:
    abilities = Abilities(world({"trusts": "account"}, ["s3:GetObject"]), HOME, REGION, reference(), metadata())
    strong, mallory = (principal_of(abilities.graph, role_named(abilities.graph, one)) for one in ("strong", "mallory"))
    assert exceeds(abilities, strong, mallory) is not None
    assert exceeds(abilities, mallory, strong) is None
    assert exceeds(abilities, mallory, mallory) is None


def test_without_a_thing_in_the_graph_the_role_may_still_be_running_somewhere() -> None:
    graph = world({"trusts": "lambda.amazonaws.com"}, ["lambda:UpdateFunctionCode"])
    step = reached(graph, BY_NUMBER["T070"]).steps["strong"]
    assert not step.sure
    assert any("no lambda of this graph does" in reason for reason in step.hangs_on)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[X1]\n", "no number of a method"),
        ('[T001]\nis = "x"\ngives = "role"\nsource = "x"\n', "exactly one of needs, ways and open_trust"),
        ('[T001]\nis = "x"\ngives = "all"\nneeds = [["iam:A"]]\nsource = "x"\n', "gives is 'all'"),
        ('[T001]\nis = "x"\ngives = "role"\nneeds = [["iam A"]]\nsource = "x"\n', "holds no call"),
        ('[T001]\nis = "x"\ngives = "role"\nneeds = ["iam:A"]\nsource = "x"\n', "groups of calls"),
        ("[T001\n", "not TOML"),
    ],
)
def test_a_list_of_methods_that_is_wrong_is_refused_with_its_place(text: str, message: str) -> None:
    with pytest.raises(BadInput, match=message):
        parse_methods(text, "methods.toml")
