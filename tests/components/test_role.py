from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from components.policy_document import allow
from components.role import MOST_POLICIES, Role, RoleArgs
from core.errors import BadInput
from core.graph import Graph
from core.naming import Name

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
