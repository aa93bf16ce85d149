"""What the permission boundary says: the services in use, and the acts that no grant makes possible.

The Allow half is a list of services, so a service nobody thought of is shut. The Deny half stands even if somebody adds
to the Allow half later. Actions are spelt out where their number allows it; a name with `*` stands for a family without
a harmless member.
"""

from collections.abc import Sequence
from typing import Any

from components.place import Place
from components.policy_document import Statement, allow, deny
from core.naming import OWN_TAGS
from core.retention import DataClass

MOST_CHARACTERS = 6144
"""White space not counted: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html"""
EVERYTHING = ["*"]
IN_USE = (
    *("cloudwatch:*", "dynamodb:*", "ecr:*", "kms:*", "logs:*", "s3:*", "sagemaker:*", "sns:*", "athena:*Query*"),
    *("access-analyzer:G*", "access-analyzer:L*", "athena:GetWorkGroup", "backup:CopyIntoBackupVault", "backup:Des*"),
    *("backup:L*", "backup:TagResource", "cloudtrail:Des*", "cloudtrail:G*", "cloudtrail:L*", "config:Des*"),
    *("config:G*", "config:L*", "ec2:CreateNetworkInterface*", "ec2:DeleteNetworkInterface*", "ec2:Describe*"),
    *("events:*Rule*", "events:*Targets*", "glue:*Partition*", "glue:*Table*", "glue:GetDatabase*", "iam:G*", "iam:L*"),
    *("lakeformation:GetDataAccess", "network-firewall:Des*", "secretsmanager:DescribeSecret"),
    *(
        "secretsmanager:*SecretV*",
        "secretsmanager:GetR*",
        "servicequotas:G*",
        "servicequotas:L*",
        "servicequotas:R*",
        "ssm:GetParameter*",
    ),
    *("sts:GetCallerIdentity", "tag:G*"),
)
"""The services in use. Of those that are only looked at, the letters that reading begins with, because all of this
must fit MOST_CHARACTERS beside many Regions; a test compares them with the list of actions."""
GLOBAL = ("ec2:DescribeRegions", "iam:*", "s3:GetAccountPublic*", "s3:ListAllMyBuckets", "sts:*")
"""Of the services in use, those that answer from one Region for all: a Deny by Region would shut them everywhere.
https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_examples_general.html"""
IAM_WRITES = (*("iam:A*", "iam:C*", "iam:D*", "iam:E*", "iam:Pu*", "iam:R*", "iam:Se*", "iam:T*", "iam:U*"),)
"""All of IAM but reading (Generate, Get, List, Simulate) and PassRole; a test compares it with the list of actions."""
OPENED = (
    *("dynamodb:*Item", "dynamodb:Pa*", "dynamodb:Query", "dynamodb:Scan", "kms:Decrypt", "kms:ReEncryptFrom"),
    *("sagemaker:*Record", "sagemaker:InvokeEndpoint*"),
)
"""What opens data that a person is cleared for or not; `Pa*` is PartiQL. Not S3: whether a bucket's tags count there
would be unknown of every request, and the key decides as well."""
PASSED_TO = ("sagemaker.amazonaws.com",)
OWN_TAG = f"aws:PrincipalTag/{OWN_TAGS}"
THEIR_TAG = f"aws:ResourceTag/{OWN_TAGS}"
PEOPLE = {f"{OWN_TAG}taken-by": "false"}
"""Under `Null`: whoever comes in from outside, people and programs. Roles that only services take lack the tag."""


def allowed(place: Place, prefix: str) -> list[Statement]:
    """The services in use, and of roles no more than to take one and to hand one to SageMaker."""
    roles = place.arn("iam", f"role/{prefix}-*", region="")
    passed = {"StringEquals": {"iam:PassedToService": list(PASSED_TO)}}
    taken = ["sts:AssumeRole", "sts:SetSourceIdentity", "sts:TagSession"]
    return [
        allow("ServicesInUse", IN_USE, EVERYTHING),
        allow("OwnRolesPassed", ["iam:PassRole"], [roles], given=passed),
        allow("OwnRolesTaken", taken, [roles]),
    ]


def denied(place: Place, residency: Sequence[str], audit: str) -> list[Statement]:
    """What nobody under this boundary does, whatever they are granted."""
    return [
        _outside(residency),
        *_audit(place, audit),
        *_keys(),
        *_identity(),
        *_sharing(),
        *_models(),
        *_attributes(),
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
        *("cloudtrail:Delete*", "cloudtrail:Put*", "cloudtrail:Stop*", "cloudtrail:Update*", "config:Delete*"),
        *("config:Stop*", "cloudwatch:DeleteAlarm*", "cloudwatch:DisableAlarm*", "cloudwatch:Put*Alarm*"),
        *("cloudwatch:SetAlarmState", "ec2:DeleteFlowLogs", "ec2:DeleteVpcEndpoints", "ec2:ModifyVpcEndpoint"),
        *("logs:CreateExportTask", "logs:Delete*", "logs:DisassociateKmsKey", "logs:Put*Policy"),
        *("logs:PutD*", "logs:PutSub*", "s3:BypassGovernanceRetention"),
        *("s3:PutBucketObjectL*", "sns:DeleteTopic", "sns:Unsubscribe"),
    )
    return [
        deny("RecordStays", record, EVERYTHING),
        deny("LogStoreUntouched", ["s3:Delete*", "s3:Put*", "s3:Update*"], [store]),
    ]


def _keys() -> list[Statement]:
    """Keys stay, stay here, and are lent to services only."""
    ends = ["kms:DeleteImp*", "kms:DisableKey*", "kms:ScheduleK*", "kms:*CustomKeyStore"]
    moves = ["kms:PutKeyPolicy", "kms:ReplicateKey", "kms:UpdateP*"]
    lent = {"BoolIfExists": {"kms:GrantIsForAWSResource": "false"}}  # a caller's own grant need not carry the key
    return [
        deny("KeysStay", [*ends, *moves], EVERYTHING),
        deny("KeysLentToServicesOnly", ["kms:CreateGrant"], EVERYTHING, given=lent),
    ]


def _identity() -> list[Statement]:
    """Nobody changes what roles may do, makes one, or makes a key that lasts: roles come from the deployment alone.

    A role that somebody may make is a role they may take, with whatever tags and policies they like.
    https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
    """
    elsewhere = ("sts:AssumeRoot", "sts:GetFederationToken", "sts:GetWebIdentityToken")
    return [deny("RolesStay", [*IAM_WRITES, *elsewhere], EVERYTHING)]


def _sharing() -> list[Statement]:
    """Nothing is opened to other accounts or to the internet."""
    opened = (
        *("s3:PutBucketP*", "s3:DeleteBucketP*", "s3:PutBucketAcl", "s3:Put*PublicAccessBlock"),
        *("s3:PutBucketWebsite", "s3:Put*AccessPointPolicy*", "s3:CreateAccessGrant*", "s3:PutReplication*"),
        *("ecr:CreatePull*", "ecr:PutRegistryPolicy", "ecr:PutReplication*", "ecr:SetRepositoryPolicy"),
        *("cloudwatch:PutMetricStream", "dynamodb:CreateGlobal*", "dynamodb:Export*", "dynamodb:PutRes*"),
        *("sns:*Permission", "sns:SetTopicAttributes", "ec2:Modify*Attribute"),
        *("ram:*", "sagemaker:Put*Policy"),
    )
    ways_out = (
        *("ec2:*InternetGateway", "ec2:*NatGateway", "ec2:*VpcPeeringConnection", "ec2:A*Address"),
        *("ec2:CreateRoute", "ec2:CreateTransitGateway*", "ec2:CreateVpn*"),
    )
    # SageMaker writes the ACL of each object of a feature group's history, into a store that ignores ACLs.
    settings = ("s3:CreateJob", "s3:DeleteBucket*", "s3:PutBucket*", "s3:Put*Configuration", "s3:PutObject*Acl")
    return [
        deny("NothingShared", opened, EVERYTHING),
        deny("NoWayOut", ways_out, EVERYTHING),
        deny("StoresStay", settings, EVERYTHING, given={"Null": PEOPLE}),
    ]


def _models() -> list[Statement]:
    """Models answer inside the network, jobs run inside it, and nothing runs of which that cannot be demanded.

    One statement a missing setting: keys in one block must all be missing together before it applies. What has no key
    for the network is denied by name, some of it newer than AWS's own list of actions. A router or a gateway sends
    requests to other Regions and accounts:
    https://docs.aws.amazon.com/sagemaker/latest/dg/inference-router-security.html
    """
    loose = (
        *("sagemaker:*InferenceGateway*", "sagemaker:*InferenceRouter*", "sagemaker:CreateA*Job*"),
        *("sagemaker:CreateCluster*", "sagemaker:CreateCompi*", "sagemaker:CreateEdge*", "sagemaker:CreateJob"),
        *("sagemaker:CreateLab*", "sagemaker:CreateOp*", "sagemaker:CreatePartnerApp*"),
        *("sagemaker:CreatePresignedNotebook*", "sagemaker:CreateTrainingS*", "sagemaker:StartSession"),
    )
    inside = ["CreateHyper*", "CreateModel", "CreateMonitoring*", "CreateProcessingJob", "CreateTrainingJob"]
    open_to_all: dict[str, Any] = {"BoolIfExists": {"sagemaker:NetworkIsolation": "false"}}
    anywhere: dict[str, Any] = {"Null": {"sagemaker:VpcSubnets": "true"}}
    return [
        deny("NothingLoose", loose, EVERYTHING),
        deny("ModelsAreIsolated", ["sagemaker:CreateModel"], EVERYTHING, given=open_to_all),
        deny("WorkStandsInTheNetwork", [f"sagemaker:{name}" for name in inside], EVERYTHING, given=anywhere),
    ]


def _attributes() -> list[Statement]:
    """Those from outside reach what bears their project's tag, open what their role is cleared for, and retag nothing.

    Where a resource has no such tag, or AWS does not evaluate it, these say nothing: of S3 a bucket's tags count only
    once PutBucketAbac was called, so for objects the key they are sealed with is what decides; so it is for tables in
    an account that has not opted in.
    https://docs.aws.amazon.com/kms/latest/developerguide/tag-authorization.html
    https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/attribute-based-access-control.html
    https://docs.aws.amazon.com/AmazonS3/latest/userguide/buckets-tagging-enable-abac.html
    """
    theirs, sort = f"{THEIR_TAG}project", f"{THEIR_TAG}data-class"
    foreign = {"Null": {**PEOPLE, theirs: "false"}, "StringNotEquals": {theirs: f"${{{OWN_TAG}project}}"}}
    uncleared = {
        "Null": PEOPLE,
        "StringEquals": {sort: [str(word) for word in DataClass if word.identifies_people]},
        "StringNotLike": {f"{OWN_TAG}clears": f"*${{{sort}}}*"},
    }
    marks = ["dynamodb:*agResource", "kms:*agResource", "sagemaker:DeleteTags"]
    own = {"ForAnyValue:StringLike": {"aws:TagKeys": [f"{OWN_TAGS}*"]}}
    # Tags that come with what is made are allowed: SageMaker says then by which operation they come.
    later = {"Null": {**PEOPLE, "sagemaker:TaggingAction": "true"}, **own}
    return [
        deny("OwnProjectOnly", ["dynamodb:*", "kms:*", "sagemaker:*"], EVERYTHING, given=foreign),
        deny("OpenedByTheCleared", OPENED, EVERYTHING, given=uncleared),
        deny("MarksStay", marks, EVERYTHING, given={"Null": PEOPLE, **own}),
        deny("NoMarkAddedLater", ["sagemaker:AddTags"], EVERYTHING, given=later),
    ]
