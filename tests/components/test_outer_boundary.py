from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from fnmatch import fnmatchcase
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from components.boundary_statements import MOST_CHARACTERS
from components.outer_boundary import OuterBoundary, OuterBoundaryArgs
from components.place import Place
from components.policy_document import allow
from components.role import Role, RoleArgs
from core.errors import BadInput
from core.graph import STACK, Graph
from core.naming import Name
from core.personas import GUARDED
from core.regions import REGIONS
from core.verdict import State
from policies.judge import judge

POLICY = "aws:iam/policy:Policy"
INNER = "arn:aws:iam::123456789012:policy/strongroom-staging-boundary"
OWN = "arn:aws:iam::123456789012:policy/strongroom-staging-outer-boundary"
DEPLOYER = "arn:aws:iam::123456789012:role/strongroom-staging-ci-deploy-role-1a2b3c4"
OBJECT = "arn:aws:s3:::strongroom-staging-data-health-store-1a2b3c4/x"
Planned = Callable[[Callable[[], Any]], Graph]


def outer(root: Name, place: Place, **given_args: Any) -> OuterBoundary:
    usual: dict[str, Any] = {"residency": ("eu-central-1",), "inner": INNER, "guarded": GUARDED}
    return OuterBoundary(root / "outer-boundary", OuterBoundaryArgs(place, str(root), **{**usual, **given_args}))


@pytest.fixture(scope="module")
def said(planned: Planned, root: Name, place: Place) -> list[Mapping[str, Any]]:
    (policy,) = planned(lambda: outer(root, place)).of_type(POLICY)
    return json.loads(policy.inputs["policy"])["Statement"]


def denies(said: list[Mapping[str, Any]], action: str, resource: str = "*", **context: str) -> list[str]:
    """The Sids of the Deny statements that apply; of conditions only those that this boundary uses."""
    keys = {"aws:RequestedRegion": "eu-central-1", **{key.replace("__", ":"): value for key, value in context.items()}}

    def met(operator: str, key: str, value: Any) -> bool:
        values = [value] if isinstance(value, str) else value
        return (keys.get(key) in values) is (operator == "StringEquals")

    def applies(one: Mapping[str, Any]) -> bool:
        named = any(fnmatchcase(action.lower(), item.lower()) for item in one.get("Action", one.get("NotAction")))
        conditions = [(op, key, v) for op, block in one.get("Condition", {}).items() for key, v in block.items()]
        return (
            named is ("Action" in one)
            and any(fnmatchcase(resource, item) for item in one["Resource"])
            and all(met(*condition) for condition in conditions)
        )

    return [one["Sid"] for one in said if one["Effect"] == "Deny" and applies(one)]


@pytest.mark.parametrize(
    ("action", "resource", "context"),
    [
        ("iam:CreateRole", "*", {}),
        ("iam:CreateRole", "*", {"iam__PermissionsBoundary": OWN}),
        ("iam:AttachRolePolicy", DEPLOYER, {"iam__PermissionsBoundary": OWN}),
        ("iam:UpdateAssumeRolePolicy", DEPLOYER, {"iam__PermissionsBoundary": OWN}),
        ("iam:DeleteRole", "arn:aws:iam::123456789012:role/admin", {}),
        ("iam:TagRole", DEPLOYER, {}),
        ("iam:PutRolePermissionsBoundary", DEPLOYER, {"iam__PermissionsBoundary": INNER}),
        (
            "iam:CreatePolicyVersion",
            "arn:aws:iam::123456789012:policy/strongroom-staging-ci-deploy-deploykeys-1a2b3c4",
            {},
        ),
        ("iam:DeleteRolePermissionsBoundary", "*", {"iam__PermissionsBoundary": INNER}),
        ("iam:CreatePolicyVersion", INNER, {}),
        ("iam:CreatePolicyVersion", OWN, {}),
        ("iam:DeletePolicy", OWN, {}),
        ("iam:CreateUser", "*", {}),
        ("iam:CreateAccessKey", "*", {}),
        ("iam:UpdateOpenIDConnectProviderThumbprint", "*", {}),
        ("iam:UpdateSAMLProvider", "*", {}),
        ("cloudtrail:StopLogging", "*", {}),
        ("s3:BypassGovernanceRetention", OBJECT, {}),
        ("s3:PutObject", "arn:aws:s3:::strongroom-staging-audit-log-store-1a2b3c4/AWSLogs/x", {}),
        ("s3:PutObjectRetention", "arn:aws:s3:::strongroom-staging-audit-log-store-1a2b3c4/AWSLogs/x", {}),
        ("sagemaker:UpdateModelPackage", "*", {}),
        ("organizations:LeaveOrganization", "*", {}),
        ("ec2:RunInstances", "*", {"aws__RequestedRegion": "us-east-1"}),
        ("s3:GetObject", OBJECT, {"aws__PrincipalTag/strongroom:taken-by": "program"}),
        ("sagemaker:InvokeEndpoint", "*", {"aws__PrincipalTag/strongroom:taken-by": "program"}),
    ],
)
def test_even_a_deployment_may_not_do_this(
    said: list[Mapping[str, Any]], action: str, resource: str, context: dict[str, str]
) -> None:
    assert denies(said, action, resource, **context)


@pytest.mark.parametrize(
    ("action", "resource", "context"),
    [
        ("iam:CreateRole", "*", {"iam__PermissionsBoundary": INNER}),
        ("iam:AttachRolePolicy", "*", {"iam__PermissionsBoundary": INNER}),
        ("iam:CreatePolicyVersion", "arn:aws:iam::123456789012:policy/strongroom-staging-runner", {}),
        ("iam:GetRole", DEPLOYER, {"aws__RequestedRegion": "us-east-1"}),
        ("cloudtrail:UpdateTrail", "*", {}),
        ("s3:PutBucketPolicy", "arn:aws:s3:::strongroom-staging-data-health-store-1a2b3c4", {}),
        ("s3:GetObject", "arn:aws:s3:::pulumi-state/x", {"aws__PrincipalTag/strongroom:taken-by": "program"}),
        ("s3:GetObject", OBJECT, {"aws__PrincipalTag/strongroom:taken-by": "people"}),
        ("s3:PutObject", OBJECT, {}),
        ("sagemaker:CreateEndpoint", "*", {}),
        ("kms:DisableKey", "*", {}),
    ],
)
def test_a_deployment_and_an_emergency_can_do_their_work(
    said: list[Mapping[str, Any]], action: str, resource: str, context: dict[str, str]
) -> None:
    assert denies(said, action, resource, **context) == []


def test_an_environment_that_is_torn_down_may_end_its_record(planned: Planned, root: Name, place: Place) -> None:
    (policy,) = planned(lambda: outer(root, place, may_destroy=True)).of_type(POLICY)
    said = json.loads(policy.inputs["policy"])["Statement"]
    assert denies(said, "cloudtrail:DeleteTrail") == []
    assert denies(said, "s3:BypassGovernanceRetention") == ["LocksStay"]


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    residency=st.sets(st.sampled_from(sorted(r for r in REGIONS if r.startswith(("eu-", "ap-")))), max_size=14),
    may_destroy=st.booleans(),
)
def test_whatever_it_is_told_no_guard_objects(
    planned: Planned, root: Name, place: Place, residency: set[str], may_destroy: bool
) -> None:
    def program() -> None:
        limit = outer(root, place, residency=("eu-central-1", *residency), may_destroy=may_destroy)
        trust = [allow("Run", ["sts:AssumeRole"], [], {"AWS": ["arn:aws:iam::123456789012:role/ops"]})]
        Role(root / "ci-deploy", RoleArgs(trust, "deploys", limit.arn))

    graph = planned(program)
    failed = {finding.guard for finding in judge(graph) if finding.state is State.FAIL and STACK not in finding.urn}
    assert failed == {"iam.persona_role_demands_second_factor"}
    (policy,) = graph.of_type(POLICY)
    assert len(re.sub(r"\s", "", policy.inputs["policy"])) <= MOST_CHARACTERS


@pytest.mark.parametrize(
    ("given_args", "expected"),
    [
        ({"residency": ("eu-west-1",)}, "must hold the home Region"),
        ({"residency": tuple(REGIONS) * 9}, "name fewer Regions"),
        ({"inner": "arn:aws:iam::999999999999:policy/x"}, "boundary of this environment"),
        ({"guarded": ()}, "guarded is empty"),
    ],
)
def test_a_limit_that_would_not_hold_is_refused(
    planned: Planned, root: Name, place: Place, given_args: dict[str, Any], expected: str
) -> None:
    with pytest.raises(BadInput, match=expected):
        planned(lambda: outer(root, place, **given_args))
