from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from access.ask import Asker
from access.decide import Outcome
from access.faults import RequestError
from access.question import ABSENT, Group, Question, Verdict, is_not, is_value
from access.symbols import Symbols
from access.witness import lines
from access.world import world_of
from core.graph import Graph, graph_of
from core.resource import Resource
from core.value import Unknown

HOME, REGION = "111122223333", "eu-central-1"
STORE, DOOR = "arn:aws:s3:::ward-⟨ward⟩", "⟨door⟩"
ROLE = f"arn:aws:iam::{HOME}:role/reader-⟨reader⟩"
KEY = f"arn:aws:kms:{REGION}:{HOME}:key/⟨key⟩"
TAG_FREE = {"Effect": "Allow", "Principal": {"AWS": HOME}, "Action": ["sts:AssumeRole", "sts:TagSession"]}


def said(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def allow(action: str, resource: str = "*", **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


QUIET = {"Effect": "Deny", "Action": "s3:PutBucketPolicy", "Principal": "*", "Resource": STORE}


def program(**changes: dict[str, Any]) -> Graph:
    """A reader's role, a bucket that a key seals, and an endpoint; with other inputs where they are given."""
    sealed = {"applyServerSideEncryptionByDefault": {"kmsMasterKeyId": KEY}, "bucketKeyEnabled": False}
    made: list[tuple[str, str, dict[str, Any]]] = [
        ("iam/role:Role", "reader", {"assumeRolePolicy": said({**TAG_FREE, "Action": "sts:AssumeRole"})}),
        (
            "iam/rolePolicy:RolePolicy",
            "reads",
            {
                "role": "reader-⟨reader⟩",
                "policy": said(allow("s3:GetObject", f"{STORE}/raw/*"), allow("kms:Decrypt", KEY)),
            },
        ),
        ("s3/bucket:Bucket", "ward", {}),
        ("s3/bucketPolicy:BucketPolicy", "rules", {"bucket": "ward-⟨ward⟩", "policy": said(QUIET)}),
        (
            "s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
            "sealed",
            {"bucket": "ward-⟨ward⟩", "rules": [sealed]},
        ),
        ("kms/key:Key", "key", {"policy": said(allow("kms:*", Principal={"AWS": HOME}))}),
        ("ec2/vpcEndpoint:VpcEndpoint", "door", {"serviceName": f"com.amazonaws.{REGION}.s3", "vpcId": "vpc-1"}),
    ]
    symbols = Symbols(HOME, REGION)
    found = []
    for kind, name, inputs in made:
        token = f"aws:{kind}"
        one = Resource(token, f"urn:pulumi:prod::wards::{token}::{name}", {**inputs, **changes.get(name, {})})
        found.append(replace(one, outputs=symbols(one)))
    return graph_of(found)


def asker(**changes: dict[str, Any]) -> Asker:
    return Asker(world_of(program(**changes), account=HOME, region=REGION, organization="o-ours"))


READ = Question(("reader",), "s3:GetObject", ("ward/*",))


def test_what_a_role_can_do_is_shown_by_a_request_that_the_evaluator_allows() -> None:
    answer = asker().ask(READ)
    assert (answer.may, answer.never) == (Verdict.PROVED, Verdict.REFUTED)
    assert answer.witness
    first, second = answer.witness.requests
    assert first.resource == f"{STORE}/raw/"
    assert second.context["kms:encryptioncontext:aws:s3:arn"] == first.resource
    assert {one.outcome for one in answer.witness.decisions} == {Outcome.ALLOWED}
    text = "\n".join(lines(answer.witness))
    assert f"session of a role arn:aws:iam::{HOME}:role/reader-… calls s3:GetObject" in text
    assert "through statement 1 of reads" in text


def test_what_no_request_can_do_is_proved_with_what_it_rests_on() -> None:
    held = asker()
    question = Question(("reader",), "s3:GetObject", ("ward/*",), {"aws:SourceVpce": is_value("⟨door⟩")})
    wall = said(
        {
            **allow("s3:*", f"{STORE}/*", Principal="*"),
            "Effect": "Deny",
            "Condition": {"StringNotEquals": {"aws:SourceVpce": DOOR}},
        }
    )
    guarded = asker(rules={"policy": wall})
    elsewhere = replace(question, given={"aws:SourceVpce": is_not(DOOR)})
    assert held.ask(elsewhere).can
    assert guarded.ask(question).can
    answer = guarded.ask(elsewhere)
    assert answer.never is Verdict.PROVED
    assert "aws:SourceVpce is not ⟨door⟩" in answer.assumptions
    assert "no service control policy applies" in answer.assumptions
    assert answer.query == guarded.ask(elsewhere).query


def test_reading_sealed_objects_has_two_barriers() -> None:
    shut = asker(key={"policy": said(allow("kms:*", Principal={"AWS": f"arn:aws:iam::{HOME}:role/other"}))})
    assert shut.ask(READ).can is False
    assert shut.ask(replace(READ, with_key=False)).can
    far = f"{STORE}/secret/*"
    bound = {"StringLike": {"kms:EncryptionContext:aws:s3:arn": far}}
    narrow = asker(key={"policy": said(allow("kms:*", Principal={"AWS": HOME}, Condition=bound))})
    assert narrow.ask(READ).can is False, "the object is below raw/, the key opens what is below secret/"


def test_a_key_or_a_policy_that_nobody_has_seen_proves_nothing() -> None:
    dark = {"applyServerSideEncryptionByDefault": {"kmsMasterKeyId": Unknown("another stack")}}
    answer = asker(sealed={"rules": [dark]}).ask(READ)
    assert (answer.can, "the key of ward" in answer.reason) == (None, True)
    answer = asker(key={"policy": Unknown("another stack")}).ask(READ)
    assert answer.can is None


def test_strangers_are_asked_about_by_what_the_policy_of_the_resource_can_tell_apart() -> None:
    outside = Question((Group.OUTSIDE,), "s3:GetObject", ("ward/*",), with_key=False)
    assert asker().ask(outside).never is Verdict.PROVED

    def opened(**more: Any) -> bool | None:
        return asker(rules={"policy": said(allow("s3:GetObject", f"{STORE}/*", **more))}).ask(outside).can

    ours = {"StringEquals": {"aws:PrincipalOrgID": "o-ours"}}
    assert opened(Principal="*")
    assert opened(Principal="*", Condition=ours) is False
    assert opened(Principal={"AWS": "444455556666"})
    assert opened(Principal={"AWS": HOME}) is False
    assert opened(Principal={"AWS": "arn:aws:iam::444455556666:user/eve"})
    assert opened(Principal="*", Condition={"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/ward-*"}})
    assert opened(Principal="*", Condition={"ArnLike": {"aws:PrincipalArn": f"arn:aws:iam::{HOME}:*"}}) is False


def test_services_are_asked_about_as_deputies_of_strangers() -> None:
    deputies = Question((Group.SERVICES,), "s3:PutObject", ("ward/*",), with_key=False)

    def opened(**more: Any) -> bool | None:
        service = {"Service": "logging.s3.amazonaws.com"}
        rules = said(allow("s3:PutObject", f"{STORE}/*", Principal=service, **more))
        return asker(rules={"policy": rules}).ask(deputies).can

    assert opened()
    assert opened(Condition={"StringEquals": {"aws:SourceAccount": HOME}}) is False


def test_a_tag_that_a_session_may_bring_is_no_barrier() -> None:
    team = {"StringEquals": {"aws:PrincipalTag/team": "ward"}}
    reads = said(allow("s3:GetObject", f"{STORE}/*", Condition=team), allow("kms:Decrypt", KEY))
    own = {"ForAllValues:StringNotLike": {"aws:TagKeys": ["team"]}}
    closed = asker(reads={"policy": reads})
    guarded = asker(reads={"policy": reads}, reader={"assumeRolePolicy": said({**TAG_FREE, "Condition": own})})
    loose = asker(reads={"policy": reads}, reader={"assumeRolePolicy": said(TAG_FREE)})
    assert [one.ask(READ).can for one in (closed, guarded, loose)] == [False, False, True]
    witness = loose.ask(READ).witness
    assert witness
    assert witness.requests[0].caller.session_tags == {"team": "ward"}


def test_an_assumption_that_leaves_no_request_is_vacuous_and_an_unknown_name_is_refused() -> None:
    both = {"aws:SourceVpce": is_value(DOOR), "aws:SourceIp": is_value("10.0.0.1")}
    assert asker().ask(replace(READ, given=both)).can is not True
    assert asker().ask(Question((), "s3:GetObject", ("ward/*",))).reason.startswith("vacuous")
    with pytest.raises(RequestError, match="nobody"):
        asker().ask(replace(READ, callers=("nobody",)))
    with pytest.raises(RequestError, match="expected service:Action"):
        asker().ask(replace(READ, action="read"))


def test_several_calls_share_what_is_free() -> None:
    rules = [allow("s3:GetObject", Condition={"Bool": {"aws:MultiFactorAuthPresent": "true"}})]
    rules += [allow("s3:ListBucket", Condition={"Null": {"aws:MultiFactorAuthPresent": "true"}})]
    held = asker(reads={"policy": said(*rules, allow("kms:Decrypt"))})
    assert held.ask(READ).can
    assert held.ask(replace(READ, action="s3:ListBucket", resources=("ward",))).can
    assert held.ask(replace(READ, also=(("s3:ListBucket", "ward"),))).can is False
    assert held.ask(replace(READ, given={"aws:MultiFactorAuthPresent": ABSENT})).can is False


def test_the_proof_is_given_again_with_its_query() -> None:
    bound = allow("s3:GetObject", f"{STORE}/*", Condition={"Bool": {"aws:MultiFactorAuthPresent": "true"}})
    held = asker(reads={"policy": said(bound, allow("kms:Decrypt"))})
    question = replace(READ, given={"aws:MultiFactorAuthPresent": is_not("true")})
    answer = held.ask(question)
    assert answer.decided_by == ("cvc5", "z3")
    proofs = held.proofs(question)
    assert proofs
    assert all("aws:multifactorauthpresent" in text and "step" in proof for text, proof in proofs)
