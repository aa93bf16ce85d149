"""What the permission boundary says: the services in use, and the acts that no grant makes possible.

The Allow half is a list of services, so a service nobody thought of is shut. The Deny half stands even if somebody adds
to the Allow half later. Actions are spelt out where their number allows it; a name with `*` stands for a family without
a harmless member.
"""

from collections.abc import Sequence
from typing import Any

from components.place import Place
from components.policy_document import Statement, allow, deny

MOST_CHARACTERS = 6144
"""White space not counted: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html"""
EVERYTHING = ["*"]
IN_USE = (
    *("cloudwatch:*", "dynamodb:*", "ecr:*", "kms:*", "logs:*", "s3:*", "sagemaker:*", "sns:*"),
    *("access-analyzer:Get*", "access-analyzer:List*", "cloudtrail:Describe*", "cloudtrail:Get*", "cloudtrail:List*"),
    *("cloudtrail:LookupEvents", "config:Describe*", "config:Get*", "config:List*", "ec2:Describe*", "ec2:Get*"),
    *("ec2:CreateNetworkInterface*", "ec2:DeleteNetworkInterface*", "iam:Get*", "iam:List*", "iam:Simulate*"),
    *("servicequotas:Get*", "servicequotas:List*", "sts:GetCallerIdentity", "tag:Get*"),
)
GLOBAL = ("ec2:DescribeRegions", "iam:*", "s3:GetAccountPublic*", "s3:ListAllMyBuckets", "sts:*")
"""Of the services in use, those that answer from one Region for all: a Deny by Region would shut them everywhere.
https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_examples_general.html"""
ROLE_WRITES = (
    *("iam:AttachRolePolicy", "iam:CreateRole", "iam:DeleteRolePolicy", "iam:DetachRolePolicy"),
    *("iam:PutRolePermissionsBoundary", "iam:PutRolePolicy"),
)
"""Every way to change what a role may do. Detaching counts: what is taken away may be a Deny."""
PASSED_TO = ("sagemaker.amazonaws.com",)


def allowed(place: Place, prefix: str, boundary: str) -> list[Statement]:
    """The services in use, and the little of IAM that is safe under the same boundary."""
    roles, policies = (place.arn("iam", f"{kind}/{prefix}-*", region="") for kind in ("role", "policy"))
    bounded = {"StringEquals": {"iam:PermissionsBoundary": boundary}}
    passed = {"StringEquals": {"iam:PassedToService": list(PASSED_TO)}}
    named = ["iam:CreatePolicy", "iam:TagPolicy", "iam:TagRole"]
    taken = ["sts:AssumeRole", "sts:SetSourceIdentity", "sts:TagSession"]
    return [
        allow("ServicesInUse", IN_USE, EVERYTHING),
        allow("RolesUnderThisBoundary", ROLE_WRITES, [roles], given=bounded),
        allow("OwnRolesAndPolicies", named, [roles, policies]),
        allow("OwnRolesPassed", ["iam:PassRole"], [roles], given=passed),
        allow("OwnRolesTaken", taken, [roles]),
    ]


def denied(place: Place, residency: Sequence[str], audit: str, boundary: str) -> list[Statement]:
    """What nobody under this boundary does, whatever they are granted."""
    return [
        _outside(residency),
        *_audit(place, audit),
        *_keys(),
        *_identity(boundary),
        *_sharing(),
        *_models(),
    ]


def _outside(residency: Sequence[str]) -> Statement:
    """Data and what works on it stay where they may be; the one statement that must name what it spares."""
    away: dict[str, Any] = {"StringNotEquals": {"aws:RequestedRegion": list(residency)}}
    said = deny("StayInResidency", GLOBAL, EVERYTHING, given=away)
    return {"NotAction" if key == "Action" else key: value for key, value in said.items()}


def _audit(place: Place, audit: str) -> list[Statement]:
    """The record of who did what, wherever it is, and what watches."""
    store = f"arn:{place.partition}:s3:::{audit}-*"
    record = (
        *("cloudtrail:DeleteTrail", "cloudtrail:PutEventSelectors", "cloudtrail:PutInsightSelectors"),
        *("cloudtrail:StopLogging", "cloudtrail:UpdateTrail", "ec2:DeleteFlowLogs", "ec2:DeleteVpcEndpoints"),
        *("ec2:ModifyVpcEndpoint", "logs:DeleteLogGroup", "logs:DeleteLogStream", "logs:DeleteRetentionPolicy"),
        *("logs:DisassociateKmsKey", "logs:PutRetentionPolicy", "cloudwatch:DeleteAlarms", "logs:DeleteMetricFilter"),
        *("cloudwatch:DisableAlarmActions", "config:Delete*", "config:Stop*", "s3:BypassGovernanceRetention"),
        *("s3:PutBucketObjectLockConfiguration",),
    )
    return [
        deny("RecordStays", record, EVERYTHING),
        deny("LogStoreUntouched", ["s3:Delete*", "s3:Put*", "s3:Update*"], [store]),
    ]


def _keys() -> list[Statement]:
    """Keys stay, stay here, and are lent to services only."""
    ends = ["kms:DeleteImportedKeyMaterial", "kms:DisableKey", "kms:DisableKeyRotation", "kms:ScheduleKeyDeletion"]
    moves = ["kms:PutKeyPolicy", "kms:ReplicateKey", "kms:UpdatePrimaryRegion"]
    lent = {"Bool": {"kms:GrantIsForAWSResource": "false"}}
    return [
        deny("KeysStay", [*ends, *moves], EVERYTHING),
        deny("KeysLentToServicesOnly", ["kms:CreateGrant"], EVERYTHING, given=lent),
    ]


def _identity(boundary: str) -> list[Statement]:
    """Nobody gives themselves, or a role of their making, more than this boundary.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
    """
    other = {"StringNotEquals": {"iam:PermissionsBoundary": boundary}}
    lasting = (
        *("iam:AddUserToGroup", "iam:AttachGroupPolicy", "iam:AttachUserPolicy", "iam:CreateAccessKey"),
        *("iam:CreateGroup", "iam:CreateLoginProfile", "iam:CreateServiceSpecificCredential", "iam:CreateUser"),
        *("iam:CreateOpenIDConnectProvider", "iam:CreateSAMLProvider", "iam:DeactivateMFADevice"),
        *("iam:PutGroupPolicy", "iam:PutUserPolicy", "iam:UpdateAccessKey", "iam:UpdateLoginProfile"),
        *("iam:UpdateOpenIDConnect*", "iam:UpdateSAMLProvider", "iam:Upload*", "sts:GetFederationToken"),
    )
    rewrites = ["iam:CreatePolicyVersion", "iam:SetDefaultPolicyVersion", "iam:UpdateAssumeRolePolicy"]
    removes = ["iam:DeleteRolePermissionsBoundary", "iam:DeleteUserPermissionsBoundary"]
    return [
        deny("RolesOnlyUnderThisBoundary", ROLE_WRITES, EVERYTHING, given=other),
        deny("BoundariesStay", [*removes, "iam:PutUserPermissionsBoundary"], EVERYTHING),
        deny("ThisBoundaryStays", ["iam:DeletePolicy", "iam:DeletePolicyVersion"], [boundary]),
        deny("NothingRewritten", rewrites, EVERYTHING),
        deny("NoLastingCredentials", lasting, EVERYTHING),
    ]


def _sharing() -> list[Statement]:
    """Nothing is opened to other accounts or to the internet."""
    opened = (
        *(
            "s3:PutBucketPolicy",
            "s3:DeleteBucketPolicy",
            "s3:PutBucketAcl",
            "s3:PutObjectAcl",
            "s3:PutObjectVersionAcl",
        ),
        *("s3:PutBucketPublicAccessBlock", "s3:PutAccountPublicAccessBlock", "s3:PutBucketWebsite"),
        *("s3:PutAccessPointPolicy", "s3:PutReplicationConfiguration", "ecr:PutRegistryPolicy"),
        *("ecr:PutReplicationConfiguration", "ecr:SetRepositoryPolicy", "logs:PutDestinationPolicy"),
        *("logs:PutResourcePolicy", "sns:AddPermission", "sns:SetTopicAttributes", "dynamodb:PutResourcePolicy"),
        *("ec2:ModifyImageAttribute", "ec2:ModifySnapshotAttribute", "ram:*"),
        *("sagemaker:PutEndpointPolicy", "sagemaker:PutModelPackageGroupPolicy"),
    )
    ways_out = (
        *("ec2:*InternetGateway", "ec2:*NatGateway", "ec2:*VpcPeeringConnection", "ec2:AllocateAddress"),
        *("ec2:AssociateAddress", "ec2:CreateRoute", "ec2:CreateTransitGateway*", "ec2:CreateVpn*"),
    )
    return [deny("NothingShared", opened, EVERYTHING), deny("NoWayOut", ways_out, EVERYTHING)]


def _models() -> list[Statement]:
    """Models answer inside the network, and from nowhere else.

    One statement a missing setting: keys in one block must all be missing together before it applies. A router sends
    requests to other Regions and accounts:
    https://docs.aws.amazon.com/sagemaker/latest/dg/inference-router-security.html
    """
    routers = ("sagemaker:*InferenceRouter*",)
    open_to_all: dict[str, Any] = {"BoolIfExists": {"sagemaker:NetworkIsolation": "false"}}
    anywhere: dict[str, Any] = {"Null": {"sagemaker:VpcSubnets": "true"}}
    return [
        deny("NoRouters", routers, EVERYTHING),
        deny("ModelsAreIsolated", ["sagemaker:CreateModel"], EVERYTHING, given=open_to_all),
        deny("ModelsStandInTheNetwork", ["sagemaker:CreateModel"], EVERYTHING, given=anywhere),
    ]
