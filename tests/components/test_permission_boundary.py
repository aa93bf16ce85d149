from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from components.boundary_statements import GLOBAL, IN_USE, MOST_CHARACTERS
from components.permission_boundary import PermissionBoundary, PermissionBoundaryArgs
from components.place import Place
from core.errors import BadInput
from core.graph import Graph
from core.iam_metadata import iam_metadata
from core.naming import Name, root_name
from core.regions import REGIONS

POLICY = "aws:iam/policy:Policy"
SNAPSHOT = Path(__file__).resolve().parents[2] / "policies" / "data" / "iam.json"
OWN = "arn:aws:iam::123456789012:policy/strongroom-staging-boundary"
ROLE_OF_OURS = "arn:aws:iam::123456789012:role/strongroom-staging-runner"
Planned = Callable[[Callable[[], Any]], Graph]
Statements = Iterable[Mapping[str, Any]]


def bounded(root: Name, place: Place, residency: tuple[str, ...] = ("eu-central-1", "eu-west-1")) -> PermissionBoundary:
    args = PermissionBoundaryArgs(place, str(root), residency, str(root / "audit"))
    return PermissionBoundary(root / "boundary", args)


@pytest.fixture(scope="module")
def said(planned: Planned, root: Name, place: Place) -> Statements:
    (policy,) = planned(lambda: bounded(root, place)).of_type(POLICY)
    return json.loads(policy.inputs["policy"])["Statement"]


def holds(condition: Mapping[str, Mapping[str, Any]], context: Mapping[str, str]) -> bool:
    """Only the operators that the boundary uses: a missing key fails positive ones and satisfies negated ones."""
    for operator, keys in condition.items():
        for key, expected in keys.items():
            values, found = ([expected] if isinstance(expected, str) else expected), context.get(key)
            values = [filled(value, context) for value in values]
            right = {
                "StringEquals": found in values,
                "StringNotEquals": found not in values,
                "StringNotLike": not any(fnmatchcase(found or "", value) for value in values),
                "ForAnyValue:StringLike": any(fnmatchcase(found or "", value) for value in values),
                "Bool": found in values,
                "BoolIfExists": found is None or found in values,
                "Null": (found is None) == (values == ["true"]),
            }[operator]
            if not right:
                return False
    return True


def filled(value: str, context: Mapping[str, str]) -> str:
    """Policy variables replaced; one without a value stands for nothing that is ever sent."""
    return re.sub(r"\$\{([^}]+)\}", lambda found: context.get(found[1], "unresolved"), value)


def matches(statement: Mapping[str, Any], action: str, resource: str, context: Mapping[str, str]) -> bool:
    def named(key: str) -> bool:
        return any(fnmatchcase(action.lower(), item.lower()) for item in statement[key])

    acts = named("Action") if "Action" in statement else not named("NotAction")
    on = any(fnmatchcase(resource, item) for item in statement["Resource"])
    return acts and on and holds(statement.get("Condition", {}), context)


def is_possible(said: Statements, action: str, resource: str = "*", **context: str) -> bool:
    """Whether a role under this boundary could be granted the act at all."""
    return effects(said, action, resource, **context) == {"Allow"}


def effects(said: Statements, action: str, resource: str = "*", **context: str) -> set[str]:
    keys = {"aws:RequestedRegion": "eu-central-1", **{key.replace("__", ":"): value for key, value in context.items()}}
    return {statement["Effect"] for statement in said if matches(statement, action, resource, keys)}


@pytest.mark.parametrize(
    ("action", "resource", "context"),
    [
        ("s3:GetObject", "arn:aws:s3:::strongroom-staging-raw-store-1a2b/x", {}),
        ("sagemaker:InvokeEndpoint", "arn:aws:sagemaker:eu-central-1:123456789012:endpoint/x", {}),
        ("kms:Decrypt", "arn:aws:kms:eu-central-1:123456789012:key/1", {}),
        ("kms:CreateGrant", "arn:aws:kms:eu-central-1:123456789012:key/1", {"kms__GrantIsForAWSResource": "true"}),
        ("logs:PutLogEvents", "arn:aws:logs:eu-central-1:123456789012:log-group:x", {}),
        ("ec2:CreateNetworkInterface", "arn:aws:ec2:eu-central-1:123456789012:subnet/x", {}),
        ("ecr:GetAuthorizationToken", "*", {}),
        ("cloudtrail:LookupEvents", "*", {}),
        ("iam:ListRoles", "*", {"aws__RequestedRegion": "us-east-1"}),
        ("iam:PassRole", ROLE_OF_OURS, {"iam__PassedToService": "sagemaker.amazonaws.com"}),
        ("sts:AssumeRole", ROLE_OF_OURS, {}),
        (
            "sagemaker:CreateModel",
            "arn:aws:sagemaker:eu-central-1:123456789012:model/x",
            {"sagemaker__NetworkIsolation": "true", "sagemaker__VpcSubnets": "subnet-1"},
        ),
    ],
)
def test_the_platform_can_do_its_work(said: Statements, action: str, resource: str, context: dict[str, str]) -> None:
    assert is_possible(said, action, resource, **context)


@pytest.mark.parametrize(
    ("action", "resource", "context"),
    [
        ("s3:GetObject", "arn:aws:s3:::elsewhere/x", {"aws__RequestedRegion": "us-east-1"}),
        ("cloudtrail:StopLogging", "*", {}),
        ("cloudtrail:DeleteTrail", "*", {}),
        ("cloudtrail:PutEventSelectors", "*", {}),
        ("logs:DeleteLogGroup", "*", {}),
        ("logs:PutRetentionPolicy", "*", {}),
        ("s3:PutObject", "arn:aws:s3:::strongroom-staging-audit-log-store-1a2b/AWSLogs/x", {}),
        ("s3:DeleteObjectVersion", "arn:aws:s3:::strongroom-staging-audit-log-store-1a2b/AWSLogs/x", {}),
        ("s3:PutLifecycleConfiguration", "arn:aws:s3:::strongroom-staging-audit-log-store-1a2b", {}),
        ("s3:BypassGovernanceRetention", "arn:aws:s3:::strongroom-staging-raw-store/x", {}),
        ("kms:ScheduleKeyDeletion", "arn:aws:kms:eu-central-1:123456789012:key/1", {}),
        ("kms:DisableKey", "arn:aws:kms:eu-central-1:123456789012:key/1", {}),
        ("kms:PutKeyPolicy", "arn:aws:kms:eu-central-1:123456789012:key/1", {}),
        ("kms:ReplicateKey", "arn:aws:kms:eu-central-1:123456789012:key/1", {}),
        ("kms:CreateGrant", "arn:aws:kms:eu-central-1:123456789012:key/1", {"kms__GrantIsForAWSResource": "false"}),
        ("kms:CreateGrant", "arn:aws:kms:eu-central-1:123456789012:key/1", {}),
        ("iam:CreateRole", ROLE_OF_OURS, {}),
        ("iam:CreateRole", ROLE_OF_OURS, {"iam__PermissionsBoundary": OWN}),
        ("iam:CreatePolicy", "arn:aws:iam::123456789012:policy/strongroom-staging-runner", {}),
        ("iam:DetachRolePolicy", ROLE_OF_OURS, {}),
        ("iam:TagRole", ROLE_OF_OURS, {}),
        ("sts:GetWebIdentityToken", "*", {}),
        ("ecr:CreatePullThroughCacheRule", "*", {}),
        ("logs:PutSubscriptionFilter", "*", {}),
        ("cloudwatch:PutMetricAlarm", "*", {}),
        ("sns:Unsubscribe", "*", {}),
        ("sns:AddPermission", "*", {}),
        ("sns:RemovePermission", "*", {}),
        ("dynamodb:PutResourcePolicy", "*", {}),
        ("iam:DeleteRolePermissionsBoundary", ROLE_OF_OURS, {"iam__PermissionsBoundary": OWN}),
        ("iam:CreatePolicyVersion", OWN, {}),
        ("iam:DeletePolicy", OWN, {}),
        ("iam:UpdateAssumeRolePolicy", ROLE_OF_OURS, {}),
        ("iam:CreateUser", "*", {}),
        ("iam:CreateAccessKey", "*", {}),
        ("s3:PutBucketPolicy", "arn:aws:s3:::strongroom-staging-raw-store", {}),
        ("s3:PutBucketPublicAccessBlock", "arn:aws:s3:::strongroom-staging-raw-store", {}),
        ("ecr:SetRepositoryPolicy", "*", {}),
        ("ec2:CreateInternetGateway", "*", {}),
        ("ec2:DeleteFlowLogs", "*", {}),
        ("sagemaker:PutEndpointPolicy", "*", {}),
        ("sagemaker:InvokeInferenceRouter", "*", {}),
        ("sagemaker:CreateModel", "*", {"sagemaker__VpcSubnets": "subnet-1"}),
        ("sagemaker:CreateModel", "*", {"sagemaker__NetworkIsolation": "true"}),
        ("sagemaker:CreateTrainingJob", "*", {}),
        ("sagemaker:CreateAutoMLJobV2", "*", {"sagemaker__VpcSubnets": "subnet-1"}),
        ("sagemaker:CreatePresignedNotebookInstanceUrl", "*", {}),
        ("sagemaker:StartSession", "*", {}),
    ],
)
def test_this_is_denied_whatever_is_granted(
    said: Statements, action: str, resource: str, context: dict[str, str]
) -> None:
    assert "Deny" in effects(said, action, resource, **context)


@pytest.mark.parametrize(
    ("action", "resource", "context"),
    [
        ("iam:PassRole", ROLE_OF_OURS, {"iam__PassedToService": "ec2.amazonaws.com"}),
        ("iam:PassRole", "arn:aws:iam::123456789012:role/admin", {"iam__PassedToService": "sagemaker.amazonaws.com"}),
        ("sts:AssumeRole", "arn:aws:iam::123456789012:role/admin", {}),
        ("ec2:RunInstances", "*", {}),
        ("bedrock:InvokeModel", "*", {}),
        ("organizations:LeaveOrganization", "*", {}),
    ],
)
def test_what_nobody_thought_of_is_shut(said: Statements, action: str, resource: str, context: dict[str, str]) -> None:
    assert not effects(said, action, resource, **context)


PERSON = {"aws:PrincipalTag/strongroom:taken-by": "people", "aws:PrincipalTag/strongroom:project": "wards"}


def test_stores_are_set_up_by_the_deployment_and_by_nobody_who_comes_in(said: Statements) -> None:
    bucket = "arn:aws:s3:::strongroom-staging-raw-store"
    for action in ("s3:PutBucketNotification", "s3:PutLifecycleConfiguration", "s3:DeleteBucket"):
        assert not is_possible(said, action, bucket, **PERSON)
        assert is_possible(said, action, bucket)


def test_all_of_iam_but_reading_is_denied(said: Statements) -> None:
    text = (Path(__file__).resolve().parents[2] / "policies" / "data" / "iam.json").read_text(encoding="utf-8")
    for action in iam_metadata(text).of["iam"].actions.values():
        writes = not set(action.level.split(", ")) <= {"Read", "List"}
        assert ("Deny" in effects(said, action.name, ROLE_OF_OURS)) is (writes and action.name != "iam:PassRole")


@given(st.sampled_from(sorted(set(REGIONS) - {"eu-central-1", "eu-west-1"})))
def test_data_stays_where_it_may_be(said: Statements, region: str) -> None:
    for action in ("s3:PutObject", "kms:Decrypt", "sagemaker:InvokeEndpoint", "dynamodb:GetItem", "logs:PutLogEvents"):
        assert not is_possible(said, action, "arn:aws:any", aws__RequestedRegion=region)
        assert is_possible(said, action, "arn:aws:any", aws__RequestedRegion="eu-west-1")


def test_only_services_without_a_region_are_spared(said: Statements) -> None:
    (spared,) = [statement["NotAction"] for statement in said if "NotAction" in statement]
    assert spared == list(GLOBAL)
    assert not {"kms:*", "s3:*", "sagemaker:*"} & set(spared)


ASKED_FOR = {
    *("access-analyzer:GenerateFindingRecommendation", "backup:ListIndexedRecoveryPointsForSearch"),
    *("cloudtrail:GenerateQuery", "servicequotas:RequestServiceQuotaIncrease"),
}
"""What the reference counts as writing, and changes nothing that is kept here; the last is a request to AWS."""


def test_of_what_is_only_looked_at_no_letter_lets_a_change_through() -> None:
    reference = iam_metadata(SNAPSHOT.read_text(encoding="utf-8"))
    looked_at = [pattern for pattern in IN_USE if re.fullmatch(r"[a-z-]+:[A-Z][a-z]{0,2}\*", pattern)]
    assert len(looked_at) > 10
    found = {action for pattern in looked_at for action in reference.matching(pattern)}
    assert {one.name for one in found if not set(one.level.split(", ")) <= {"Read", "List"}} == ASKED_FOR


def test_every_statement_says_what_it_is_for(said: Statements) -> None:
    sids = [statement["Sid"] for statement in said]
    assert len(set(sids)) == len(sids)
    assert all(re.fullmatch(r"[A-Z][A-Za-z]+", sid) for sid in sids)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    project=st.from_regex(r"\A[a-z]{3,16}\Z"),
    residency=st.sets(st.sampled_from(sorted(r for r in REGIONS if r.startswith(("eu-", "ap-")))), max_size=14),
)
def test_it_fits_what_iam_takes(planned: Planned, place: Place, project: str, residency: set[str]) -> None:
    root = root_name(project, "staging", "platform", {})
    (policy,) = planned(lambda: bounded(root, place, ("eu-central-1", *residency))).of_type(POLICY)
    assert len(re.sub(r"\s", "", policy.inputs["policy"])) <= MOST_CHARACTERS
    assert policy.inputs["name"] == f"{project}-staging-boundary"


@pytest.mark.parametrize("residency", [(), ("eu-west-1",)])
def test_a_residency_without_the_home_region_is_refused(
    planned: Planned, root: Name, place: Place, residency: tuple[str, ...]
) -> None:
    with pytest.raises(BadInput, match="must hold the home Region eu-central-1"):
        planned(lambda: bounded(root, place, residency))


def test_more_regions_than_fit_are_refused(planned: Planned, root: Name, place: Place) -> None:
    with pytest.raises(BadInput, match="name fewer Regions"):
        planned(lambda: bounded(root, place, tuple(REGIONS)))


def test_an_audit_trail_of_another_environment_is_refused(planned: Planned, root: Name, place: Place) -> None:
    args = PermissionBoundaryArgs(place, str(root), ("eu-central-1",), "strongroom-prod-audit")
    with pytest.raises(BadInput, match="must begin with the prefix"):
        planned(lambda: PermissionBoundary(root / "boundary", args))
