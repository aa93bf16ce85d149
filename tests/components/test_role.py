from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from components.policy_document import allow
from components.role import MOST_CHARACTERS, MOST_POLICIES, Role, RoleArgs
from core.errors import BadInput
from core.graph import STACK, Graph
from core.naming import Name
from core.verdict import State
from policies.judge import judge

ROLE, POLICY = "aws:iam/role:Role", "aws:iam/policy:Policy"
ATTACHED = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"
TRUST = [allow("ServiceMay", ["sts:AssumeRole"], on=[], to={"Service": "sagemaker.amazonaws.com"})]
Planned = Callable[[Callable[[], Any]], Graph]


def test_a_role_may_do_nothing_until_it_is_granted_something(planned: Planned, root: Name) -> None:
    graph = planned(lambda: Role(root / "runner", RoleArgs(TRUST, "runs models")))
    (role,) = graph.of_type(ROLE)
    assert json.loads(role.inputs["assumeRolePolicy"])["Statement"] == TRUST
    assert not graph.of_type(POLICY, ATTACHED)


def test_a_role_keeps_within_its_boundary_and_its_session(planned: Planned, root: Name) -> None:
    edge = "arn:aws:iam::123456789012:policy/edge"
    graph = planned(lambda: Role(root / "runner", RoleArgs(TRUST, "runs models", edge, 7200)))
    (role,) = graph.of_type(ROLE)
    assert (role.inputs["permissionsBoundary"], role.inputs["maxSessionDuration"]) == (edge, 7200)
    assert role.inputs["tags"]["strongroom:environment"] == "staging"


def test_a_grant_is_a_policy_of_its_own_attached_to_the_role(planned: Planned, root: Name) -> None:
    def program() -> None:
        role = Role(root / "runner", RoleArgs(TRUST, "runs models"))
        role.may("ReadWeather", "s3:GetObject", on=["arn:aws:s3:::weather/*"])

    graph = planned(program)
    (policy,), (attached,), (role,) = graph.of_type(POLICY), graph.of_type(ATTACHED), graph.of_type(ROLE)
    document = graph.document(policy)
    assert isinstance(document, Mapping)
    assert document["Statement"][0]["Action"] == ("s3:GetObject",)
    assert graph.linked(attached, "policyArn") == policy
    assert graph.linked(attached, "role") == role


@pytest.mark.parametrize("seconds", [0, 3599, 43201])
def test_a_session_that_aws_does_not_take_is_refused(planned: Planned, root: Name, seconds: int) -> None:
    with pytest.raises(BadInput, match=re.escape(f"session of {seconds} s")):
        planned(lambda: Role(root / "runner", RoleArgs(TRUST, "runs models", session_seconds=seconds)))


def test_a_role_with_more_grants_than_fit_is_refused(planned: Planned, root: Name) -> None:
    def program() -> None:
        role = Role(root / "runner", RoleArgs(TRUST, "runs models"))
        for number in range(MOST_POLICIES + 1):
            role.may(f"Read{number}", "s3:GetObject", on=[f"arn:aws:s3:::weather{number}/*"])

    with pytest.raises(BadInput, match="split it into two roles"):
        planned(program)


def said_by(graph: Graph) -> list[list[str]]:
    """The Sids of each policy, in the order of their names."""
    documents = [graph.document(policy) for policy in sorted(graph.of_type(POLICY), key=lambda found: found.name)]
    return [
        [str(one["Sid"]) for one in document["Statement"]] for document in documents if isinstance(document, Mapping)
    ]


def test_grants_made_together_share_a_policy_and_say_nothing_twice(planned: Planned, root: Name) -> None:
    def program() -> None:
        role = Role(root / "runner", RoleArgs(TRUST, "runs models"))
        key = allow("Open", ["kms:Decrypt"], ["arn:aws:kms:::key/1"])
        with role.together("Work"):
            role.may_all("One", [allow("One", ["s3:GetObject"], ["arn:aws:s3:::one/*"]), key])
            role.may_all("Two", [allow("Two", ["s3:GetObject"], ["arn:aws:s3:::two/*"]), key])
        role.may("After", "s3:GetObject", on=["arn:aws:s3:::three/*"])

    assert said_by(planned(program)) == [["After"], ["One", "Open", "Two"]]


def test_grants_that_do_not_fit_one_policy_go_into_the_next(planned: Planned, root: Name) -> None:
    def program() -> None:
        role = Role(root / "runner", RoleArgs(TRUST, "runs models"))
        with role.together("Work"):
            for number in range(60):
                role.may(f"Read{number}", "s3:GetObject", on=[f"arn:aws:s3:::weather{number}/{'x' * 100}"])

    graph = planned(program)
    assert len(graph.of_type(POLICY)) == 2
    assert sum(map(len, said_by(graph))) == 60
    assert all(len(re.sub(r"\s", "", found.inputs["policy"])) <= MOST_CHARACTERS for found in graph.of_type(POLICY))


def test_nothing_granted_together_is_no_policy(planned: Planned, root: Name) -> None:
    def program() -> None:
        with Role(root / "runner", RoleArgs(TRUST, "runs models")).together("Work"):
            pass

    assert not planned(program).of_type(POLICY)


EDGE = "arn:aws:iam::123456789012:policy/edge"


def test_a_role_is_handed_to_one_service_and_by_those_alone_who_may(planned: Planned, root: Name) -> None:
    def program() -> None:
        runner = Role(root / "runner", RoleArgs(TRUST, "runs models", EDGE))
        runner.grant_pass(Role(root / "engineer", RoleArgs(TRUST, "ships models", EDGE)), "sagemaker.amazonaws.com")

    graph = planned(program)
    (policy,) = graph.of_type(POLICY)
    document = graph.document(policy)
    assert isinstance(document, Mapping)
    (statement,) = document["Statement"]
    assert statement["Sid"] == "PassStrongroomStagingRunnerToSagemaker"
    assert statement["Action"] == ("iam:PassRole",)
    assert statement["Condition"] == {"StringEquals": {"iam:PassedToService": "sagemaker.amazonaws.com"}}
    (attached,) = graph.of_type(ATTACHED)
    assert "engineer" in str(graph.linked(attached, "role"))
    assert [f.guard for f in judge(graph) if f.state is State.FAIL and STACK not in f.urn] == []


@pytest.mark.parametrize(
    ("boundary", "service", "expected"),
    [(None, "sagemaker.amazonaws.com", "it has no boundary"), (EDGE, "ec2.amazonaws.com", "does not let ec2")],
)
def test_a_role_outside_the_boundary_or_for_another_service_is_not_handed_on(
    planned: Planned, root: Name, boundary: str | None, service: str, expected: str
) -> None:
    def program() -> None:
        runner = Role(root / "runner", RoleArgs(TRUST, "runs models", boundary))
        runner.grant_pass(Role(root / "engineer", RoleArgs(TRUST, "ships models", EDGE)), service)

    with pytest.raises(BadInput, match=expected):
        planned(program)
