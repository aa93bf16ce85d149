"""What a key policy says: who administers the key, through which services it is used, and which services use it.

The service principals' statements follow AWS's own pages, condition for condition, because a condition that a service
does not send makes the service fail without a word.
"""

from collections.abc import Sequence
from typing import Any

import pulumi

from components.place import Place
from components.policy_document import Statement, allow, deny

ITSELF = ["*"]
"""In a key policy the Resource is the key it stands on: https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-overview.html"""
ADMINISTRATION = (
    "kms:CancelKeyDeletion",
    "kms:CreateAlias",
    "kms:DeleteAlias",
    "kms:DescribeKey",
    "kms:DisableKey",
    "kms:DisableKeyRotation",
    "kms:EnableKey",
    "kms:EnableKeyRotation",
    "kms:GetKeyPolicy",
    "kms:GetKeyRotationStatus",
    "kms:ListGrants",
    "kms:ListKeyPolicies",
    "kms:ListKeyRotations",
    "kms:ListResourceTags",
    "kms:PutKeyPolicy",  # without it KMS refuses the policy: nobody could ever change it again
    "kms:RevokeGrant",
    "kms:RotateKeyOnDemand",
    "kms:ScheduleKeyDeletion",
    "kms:TagResource",
    "kms:UntagResource",
    "kms:UpdateAlias",
    "kms:UpdateKeyDescription",
)
"""Everything an administrator needs and nothing that turns ciphertext into data."""
LOOKING = tuple(action for action in ADMINISTRATION if action.startswith(("kms:Describe", "kms:Get", "kms:List")))
"""The part of it that changes nothing: auditors and whoever ties a key to a service need it."""
ENCRYPT = ("kms:Encrypt", "kms:GenerateDataKey", "kms:GenerateDataKeyWithoutPlaintext")
DECRYPT = ("kms:Decrypt",)
USE = (*DECRYPT, *ENCRYPT, "kms:ReEncryptFrom", "kms:ReEncryptTo")
GRANTING = frozenset({"sagemaker"})
"""Services that pass the key on to their own instances by a grant:
https://docs.aws.amazon.com/sagemaker/latest/dg/encryption-at-rest.html"""
SERVICE_USE = ("kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey")


def administered(place: Place) -> Statement:
    """The account administers the key; IAM says who, and administering is not using."""
    return allow("AccountAdministers", ADMINISTRATION, ITSELF, {"AWS": place.root})


def administered_by(place: Place, administrators: Sequence[str]) -> list[Statement]:
    """Only the roles of these ARNs, which may hold `*`, administer the key; the account at most looks.

    They are conditions and not principals: KMS refuses a policy with a principal that does not exist, and a role that
    is deleted and made again is another principal. The root user is always among them: a mistake in the list could lock
    everybody out for good. Who makes the key must be among them too, or KMS refuses the policy:
    https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateKey.html#KMS-CreateKey-request-Policy
    """
    to, named = {"AWS": place.root}, {"ArnLike": {"aws:PrincipalArn": [place.root, *administrators]}}
    return [
        allow("AdministratorsAdminister", ADMINISTRATION, ITSELF, to, named),
        allow("AccountLooks", LOOKING, ITSELF, to),
    ]


def used_through(place: Place, services: Sequence[str]) -> list[Statement]:
    """IAM of this account may let roles use the key, and only by way of these services."""
    to = {"AWS": place.root}
    said = [allow("RolesUseThroughServices", USE, ITSELF, to, through(place, services))]
    if passing_on := sorted(GRANTING & set(services)):
        given = {**through(place, passing_on), "Bool": {"kms:GrantIsForAWSResource": "true"}}
        said.append(allow("ServicesPassOn", ["kms:CreateGrant"], ITSELF, to, given))
    return said


def through(place: Place, services: Sequence[str]) -> dict[str, Any]:
    """The condition that a call comes from this account and by way of one of these services."""
    via = [place.endpoint(service) for service in services]
    return {"StringEquals": {"kms:CallerAccount": place.account, "kms:ViaService": via}}


def kept_by(keepers: Sequence[pulumi.Input[str]]) -> list[Statement]:
    """Nobody but these principals may disable the key or schedule its deletion; without any, nothing is said.

    `kms:PutKeyPolicy` is left alone: a Deny on it could lock everybody out for good. Who lifts this Deny first changes
    the policy, and that raises the alarm.
    """
    given = {"ArnNotLike": {"aws:PrincipalArn": list(keepers)}}
    actions = ["kms:DisableKey", "kms:ScheduleKeyDeletion"]
    return [deny("OnlyKeepersEndIt", actions, ITSELF, {"AWS": "*"}, given)] if keepers else []


def for_trail(place: Place, trail_arn: str) -> list[Statement]:
    """CloudTrail seals log and digest files.

    https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html
    `kms:Decrypt` is needed because the bucket uses a bucket key; AWS's own statement for it has no condition.
    """
    to = {"Service": "cloudtrail.amazonaws.com"}
    source = {"aws:SourceArn": trail_arn}
    any_trail = f"arn:{place.partition}:cloudtrail:*:{place.account}:trail/*"
    sealed = {"StringEquals": source, "StringLike": {"kms:EncryptionContext:aws:cloudtrail:arn": any_trail}}
    return [
        allow("TrailEncrypts", ["kms:GenerateDataKey*"], ITSELF, to, sealed),
        allow("TrailDescribes", ["kms:DescribeKey"], ITSELF, to, {"StringEquals": source}),
        allow("TrailDecrypts", ["kms:Decrypt"], ITSELF, to),
    ]


def for_log_groups(place: Place, *group_names: str) -> list[Statement]:
    """CloudWatch Logs seals these groups and no others; a name may end in `*`.

    The context is the group's ARN without the `:*` that IAM policies add:
    https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
    """
    groups = [place.arn("logs", f"log-group:{name}") for name in group_names]
    operator = "ArnLike" if any("*" in name for name in group_names) else "ArnEquals"
    given = {operator: {"kms:EncryptionContext:aws:logs:arn": groups}}
    actions = ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:Describe*"]
    return [allow("LogGroupsSealed", actions, ITSELF, {"Service": place.endpoint("logs")}, given)]


def for_flow_logs(place: Place) -> list[Statement]:
    """VPC flow logs are delivered into a bucket sealed with this key.

    https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-s3-cmk-policy.html
    """
    source = {
        "StringEquals": {"aws:SourceAccount": place.account},
        "ArnLike": {"aws:SourceArn": place.arn("logs", "*")},
    }
    return [allow("FlowLogsDelivered", SERVICE_USE, ITSELF, {"Service": "delivery.logs.amazonaws.com"}, source)]


def for_alarms(place: Place) -> list[Statement]:
    """CloudWatch alarms publish to a topic sealed with this key.

    https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
    """
    given = {"StringEquals": {"aws:SourceAccount": place.account}}
    actions = ["kms:GenerateDataKey*", "kms:Decrypt"]
    return [allow("AlarmsPublish", actions, ITSELF, {"Service": "cloudwatch.amazonaws.com"}, given)]


def for_feature_store(place: Place) -> list[Statement]:
    """SageMaker keeps online stores of features under this key, by grants that it makes, lists and retires.

    https://docs.aws.amazon.com/sagemaker/latest/dg/feature-store-security.html
    That page's statement has no condition on `kms:GrantIsForAWSResource`, so this one has none either.
    """
    actions = ["kms:CreateGrant", "kms:DescribeKey", "kms:ListGrants", "kms:RetireGrant", "kms:RevokeGrant"]
    given = through(place, ["sagemaker"])
    return [allow("FeatureStoreKeepsRecords", actions, ITSELF, {"AWS": place.root}, given)]
