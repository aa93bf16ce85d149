"""Known ways to more rights than one was given, against the permission boundary: shut, or open on terms."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from components.permission_boundary import PermissionBoundary, PermissionBoundaryArgs
from components.place import Place
from core.graph import Graph
from core.iam_metadata import glob
from core.naming import Name

Planned = Callable[[Callable[[], Any]], Graph]
SHUT: Mapping[str, tuple[str, ...]] = {
    "a policy rewritten": ("iam:CreatePolicyVersion",),
    "an older version put in force": ("iam:SetDefaultPolicyVersion",),
    "keys for another user": ("iam:CreateAccessKey",),
    "keys woken": ("iam:UpdateAccessKey",),
    "a password": ("iam:CreateLoginProfile",),
    "a password changed": ("iam:UpdateLoginProfile",),
    "an inline policy on a role": ("iam:PutRolePolicy",),
    "an inline policy on a user": ("iam:PutUserPolicy",),
    "an inline policy on a group": ("iam:PutGroupPolicy",),
    "a policy attached to a role": ("iam:AttachRolePolicy",),
    "a policy attached to a user": ("iam:AttachUserPolicy",),
    "a policy attached to a group": ("iam:AttachGroupPolicy",),
    "into a group": ("iam:AddUserToGroup",),
    "a trust rewritten": ("iam:UpdateAssumeRolePolicy",),
    "a boundary lifted from a user": ("iam:DeleteUserPermissionsBoundary",),
    "a boundary lifted from a role": ("iam:DeleteRolePermissionsBoundary",),
    "a boundary exchanged": ("iam:PutRolePermissionsBoundary",),
    "a credential for a service": ("iam:CreateServiceSpecificCredential",),
    "a credential for a service reset": ("iam:ResetServiceSpecificCredential",),
    "an SSH key": ("iam:UploadSSHPublicKey",),
    "a second factor taken away": ("iam:DeactivateMFADevice",),
    "a second factor of one's own": ("iam:CreateVirtualMFADevice", "iam:EnableMFADevice"),
    "a provider exchanged": ("iam:UpdateSAMLProvider",),
    "another issuer's certificate": ("iam:UpdateOpenIDConnectProviderThumbprint",),
    "a role made": ("iam:CreateRole", "iam:AttachRolePolicy"),
    "a user made": ("iam:CreateUser", "iam:CreateAccessKey"),
    "a trust anchor": ("rolesanywhere:CreateTrustAnchor",),
    "Identity Center": ("sso:CreateAccountAssignment",),
    "an instance": ("iam:PassRole", "ec2:RunInstances"),
    "an instance profile": ("iam:AddRoleToInstanceProfile",),
    "user data rewritten": ("ec2:ModifyInstanceAttribute",),
    "a function": ("iam:PassRole", "lambda:CreateFunction"),
    "the code of a function": ("lambda:UpdateFunctionCode",),
    "a layer of a function": ("lambda:UpdateFunctionConfiguration",),
    "a stack": ("iam:PassRole", "cloudformation:CreateStack"),
    "a build": ("codebuild:StartBuild",),
    "a Glue job": ("iam:PassRole", "glue:CreateJob"),
    "a Glue job changed": ("iam:PassRole", "glue:UpdateJob"),
    "a Glue development endpoint": ("glue:UpdateDevEndpoint",),
    "a task": ("iam:PassRole", "ecs:RegisterTaskDefinition"),
    "a state machine": ("iam:PassRole", "states:CreateStateMachine"),
    "a shell": ("ssm:StartSession",),
    "a command": ("ssm:SendCommand",),
    "a notebook's address": ("sagemaker:CreatePresignedNotebookInstanceUrl",),
    "jobs that pick their own machines": ("iam:PassRole", "sagemaker:CreateAutoMLJobV2"),
    "a cluster": ("iam:PassRole", "sagemaker:CreateCluster"),
    "a shell in a space": ("sagemaker:StartSession",),
    "a key's policy": ("kms:PutKeyPolicy",),
    "a key's copy with a policy of its own": ("kms:ReplicateKey",),
    "a bucket's policy": ("s3:PutBucketPolicy",),
    "a bucket's list of rights": ("s3:PutBucketAcl",),
    "a repository's policy": ("ecr:SetRepositoryPolicy",),
    "the registry's policy": ("ecr:PutRegistryPolicy",),
    "images from elsewhere under our name": ("ecr:CreatePullThroughCacheRule",),
    "a secret's policy": ("secretsmanager:PutResourcePolicy",),
    "no trail": ("cloudtrail:StopLogging",),
    "a blind trail": ("cloudtrail:PutEventSelectors",),
    "no recorder": ("config:StopConfigurationRecorder",),
    "no detector": ("guardduty:DeleteDetector",),
    "no hub": ("securityhub:DisableSecurityHub",),
    "no analyser": ("access-analyzer:DeleteAnalyzer",),
    "no key": ("kms:ScheduleKeyDeletion",),
    "no lock": ("s3:BypassGovernanceRetention",),
    "no log": ("logs:DeleteLogGroup",),
    "no guardrail": ("organizations:DetachPolicy",),
    "another door": ("ec2:ModifyVpcEndpoint",),
}
"""What somebody gets -> the actions it takes, after the numbered lists of pathfinding.cloud and of others."""
BOUNDED: Mapping[str, tuple[str, str]] = {
    "a training job": ("sagemaker:CreateTrainingJob", "WorkStandsInTheNetwork"),
    "a processing job": ("sagemaker:CreateProcessingJob", "WorkStandsInTheNetwork"),
    "a tuning job": ("sagemaker:CreateHyperParameterTuningJob", "WorkStandsInTheNetwork"),
    "a model": ("sagemaker:CreateModel", "ModelsAreIsolated"),
    "a monitoring schedule": ("sagemaker:CreateMonitoringSchedule", "WorkStandsInTheNetwork"),
    "a key lent": ("kms:CreateGrant", "KeysLentToServicesOnly"),
    "a key retagged": ("kms:TagResource", "MarksStay"),
    "an object's list of rights": ("s3:PutObjectAcl", "StoresStay"),
    "events of a bucket elsewhere": ("s3:PutBucketNotification", "StoresStay"),
}
"""What stays possible, for it is the platform's work -> the action, and the statement that says under which terms.

Which role a job may be handed is for the grants to say: `Role.grant_pass` names one.
"""


@pytest.fixture(scope="module")
def said(planned: Planned, root: Name, place: Place) -> list[Mapping[str, Any]]:
    args = PermissionBoundaryArgs(place, str(root), ("eu-central-1",), str(root / "audit"))
    (policy,) = planned(lambda: PermissionBoundary(root / "boundary", args)).of_type("aws:iam/policy:Policy")
    return json.loads(policy.inputs["policy"])["Statement"]


def named(statement: Mapping[str, Any], action: str) -> bool:
    return any(glob(pattern).fullmatch(action.lower()) for pattern in statement.get("Action", ()))


def is_shut(said: list[Mapping[str, Any]], action: str) -> bool:
    """Whether no request whatever gets through: nothing allows it, or a Deny without terms names it."""
    plain = (one for one in said if "Condition" not in one and one["Resource"] == ["*"])
    denied = any(one["Effect"] == "Deny" and named(one, action) for one in plain)
    return denied or not any(one["Effect"] == "Allow" and named(one, action) for one in said)


@pytest.mark.parametrize("way", SHUT)
def test_this_way_up_is_shut(said: list[Mapping[str, Any]], way: str) -> None:
    assert any(is_shut(said, action) for action in SHUT[way])


@pytest.mark.parametrize("way", BOUNDED)
def test_this_way_is_open_on_terms(said: list[Mapping[str, Any]], way: str) -> None:
    action, sid = BOUNDED[way]
    (terms,) = [one for one in said if one["Sid"] == sid]
    assert not is_shut(said, action)
    assert terms["Effect"] == "Deny"
    assert terms["Condition"]
    assert named(terms, action)


def test_roles_are_handed_to_one_service_and_are_our_own(said: list[Mapping[str, Any]]) -> None:
    (passed,) = [one for one in said if one["Effect"] == "Allow" and named(one, "iam:PassRole")]
    assert passed["Resource"] == ["arn:aws:iam::123456789012:role/strongroom-staging-*"]
    assert passed["Condition"] == {"StringEquals": {"iam:PassedToService": ["sagemaker.amazonaws.com"]}}
