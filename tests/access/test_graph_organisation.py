from __future__ import annotations

from typing import Any

import pytest

from access.caller import Caller, Who
from access.decide import Outcome, decide
from access.document import Document
from access.faults import PolicyError
from access.graph_organisation import Organisation, organisation_of
from access.layers import Layers
from access.parse import Kind, parse_policy
from access.request import Request
from core.graph import Graph, graph_of
from core.resource import Resource
from core.value import Unknown
from tests.access.test_graph import HOME, allow, urn

AWAY, ROOT, UNIT = "444455556666", "r-ab12", "ou-ab12-11112222"
ORGANISATIONS = "aws:organizations"
DENY = '{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"cloudtrail:StopLogging","Resource":"*"}]}'
PERIMETER = (
    '{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*",'
    '"Condition":{"Bool":{"aws:SecureTransport":"false"}}}]}'
)


def made(kind: str, name: str, inputs: dict[str, Any], **outputs: Any) -> Resource:
    token = f"{ORGANISATIONS}/{kind}:{kind[0].upper()}{kind[1:]}"
    return Resource(token, urn(token, name), inputs, outputs)


def bound(target: Any, *more: Resource, content: Any = DENY, kind: str = "SERVICE_CONTROL_POLICY") -> Graph:
    policy = made("policy", "limits", {"content": content, "type": kind}, id="p-1")
    attached = made("policyAttachment", "limits", {"policyId": "p-1", "targetId": target})
    return graph_of([policy, attached, *more])


def above() -> tuple[Resource, ...]:
    return (
        made("organizationalUnit", "wards", {"parentId": ROOT}, id=UNIT),
        made("account", "ours", {"parentId": UNIT}, id=HOME),
    )


def outcome(found: Organisation, action: str = "cloudtrail:StopLogging") -> Outcome:
    caller = Caller(Who.USER, f"arn:aws:iam::{HOME}:user/ann")
    identity = (parse_policy(allow("*"), Kind.IDENTITY, "identity"),)
    resource = f"arn:aws:cloudtrail:eu-central-1:{HOME}:trail/t"
    layers = Layers(identity=identity, scps=found.scps, rcps=found.rcps, management=found.management)
    return decide(Request(caller, action, resource), layers).outcome


@pytest.mark.parametrize("target", [HOME, UNIT, ROOT])
def test_what_is_attached_to_the_account_or_above_it_binds_it(target: str) -> None:
    found = organisation_of(bound(target, *above()), HOME)
    assert outcome(found) is Outcome.DENIED
    assert outcome(found, "cloudtrail:GetTrail") is Outcome.ALLOWED


@pytest.mark.parametrize("target", [AWAY, "ou-ab12-99998888"])
def test_what_is_attached_elsewhere_does_not(target: str) -> None:
    assert outcome(organisation_of(bound(target, *above()), HOME)) is Outcome.ALLOWED


def test_a_root_binds_every_account_even_where_what_lies_between_is_not_known() -> None:
    assert outcome(organisation_of(bound(ROOT), HOME)) is Outcome.DENIED
    assert outcome(organisation_of(bound(AWAY), HOME)) is Outcome.ALLOWED


@pytest.mark.parametrize("target", [UNIT, Unknown("another stack")])
def test_what_may_bind_it_leaves_a_doubt(target: Any) -> None:
    assert outcome(organisation_of(bound(target), HOME)) is Outcome.UNKNOWN


def test_a_unit_that_is_declared_here_is_found_through_its_link() -> None:
    units = above()
    said = {"policyId": "p-1", "targetId": Unknown(f"{units[0].urn}.id")}
    token = f"{ORGANISATIONS}/policyAttachment:PolicyAttachment"
    depends = {"targetId": frozenset({units[0].urn})}
    attached = Resource(token, urn(token, "limits"), said, property_dependencies=depends)
    policy = made("policy", "limits", {"content": DENY}, id="p-1")
    assert outcome(organisation_of(graph_of([policy, attached, *units]), HOME)) is Outcome.DENIED


def test_the_management_account_is_outside() -> None:
    owner = made("organization", "all", {}, masterAccountId=HOME)
    found = organisation_of(bound(ROOT, owner), HOME)
    assert (found.management, found.scps) == (True, ())
    assert outcome(found) is Outcome.ALLOWED


def test_resource_control_policies_stand_apart() -> None:
    found = organisation_of(bound(ROOT, content=PERIMETER, kind="RESOURCE_CONTROL_POLICY"), HOME)
    assert found.scps == ()
    assert [[isinstance(one, Document) for one in level] for level in found.rcps] == [[True]]


def test_a_policy_that_cannot_be_read_is_unknown_and_a_malformed_one_is_refused() -> None:
    assert outcome(organisation_of(bound(HOME, content=Unknown("x")), HOME)) is Outcome.UNKNOWN
    with pytest.raises(PolicyError, match=r"limits: Statement\[0\].Effect"):
        organisation_of(bound(HOME, content='{"Statement":[{"Effect":"Perhaps","Action":"*","Resource":"*"}]}'), HOME)


def test_what_the_levels_rest_on_is_said() -> None:
    assert organisation_of(graph_of([]), HOME).assumptions == ("no policy of an organisation applies",)
    assert "FullAWSAccess" in organisation_of(bound(ROOT), HOME).assumptions[0]
