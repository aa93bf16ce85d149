"""What the guardrails of an organisation say: four sets for whoever asks, and one for whatever is asked.

Service control policies bind the principals of member accounts, root users included, and neither the management account
nor service-linked roles: https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html
Resource control policies bind everybody who reaches a resource of those accounts, strangers too, in the services that
have them: https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from components.policy_document import Statement, deny
from core.issuers import GITHUB

EVERYTHING = ["*"]
GLOBAL = (
    *("account:*", "artifact:*", "aws-portal:*", "billing:*", "budgets:*", "ce:*", "cloudfront:*", "cur:*"),
    *("directconnect:*", "ec2:DescribeRegions", "globalaccelerator:*", "health:*", "iam:*", "networkmanager:*"),
    *("organizations:*", "pricing:*", "route53:*", "route53domains:*", "s3:GetAccountPublic*", "s3:ListAllMyBuckets"),
    *("savingsplans:*", "shield:*", "sso:*", "sts:*", "support:*", "tax:*", "trustedadvisor:*", "waf:*"),
)
"""Services that answer from one Region for all; AWS's own example spares all of KMS too, which lets keys leave:
https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_examples_general.html"""
ENDS = (
    *("access-analyzer:DeleteAnalyzer", "cloudtrail:Delete*", "cloudtrail:StopLogging", "config:Delete*"),
    *("config:StopConfigurationRecorder", "guardduty:Delete*", "guardduty:Disassociate*", "guardduty:StopMonitoring*"),
    *("macie2:Disable*", "macie2:Disassociate*", "s3:BypassGovernanceRetention", "securityhub:DeleteMembers"),
    *("securityhub:Disable*", "securityhub:Disassociate*", "ec2:DeleteFlowLogs"),
)
CHANGES = (
    *("cloudtrail:PutEventSelectors", "cloudtrail:PutInsightSelectors", "cloudtrail:UpdateTrail", "config:Put*"),
    *("guardduty:Update*", "kms:DisableKey", "kms:PutKeyPolicy", "kms:ScheduleKeyDeletion", "logs:DeleteLogGroup"),
    *("logs:DeleteRetentionPolicy", "logs:DisassociateKmsKey", "logs:PutRetentionPolicy", "securityhub:BatchUpdate*"),
)
STORE_WRITES = ("s3:Delete*", "s3:PutBucket*", "s3:Put*Configuration", "s3:PutObject*")
ROLE_WRITES = (
    *("iam:Attach*Role*", "iam:DeleteRole*", "iam:DetachRole*", "iam:PutRole*", "iam:TagRole", "iam:UntagRole"),
    *("iam:UpdateAssumeRolePolicy", "iam:UpdateRole*"),
)
OPENED = (
    *("ec2:*PublicAccess", "ec2:*SerialConsoleAccess", "ec2:ModifyImageAttribute", "ec2:ModifySnapshotAttribute"),
    *("ecr-public:*", "rds:ModifyDB*SnapshotAttribute", "s3:Put*PublicAccessBlock", "ssm:ModifyDocumentPermission"),
)
WAYS_OUT = (
    *("ec2:AttachInternetGateway", "ec2:CreateEgressOnlyInternetGateway", "ec2:CreateInternetGateway"),
    *("ec2:CreateNatGateway", "ec2:*VpcPeeringConnection", "globalaccelerator:Create*"),
)
LASTING = (
    *("iam:CreateAccessKey", "iam:CreateLoginProfile", "iam:CreateServiceSpecificCredential", "iam:CreateUser"),
    *("iam:EnableOutbound*", "iam:UpdateAccessKey", "iam:UpdateLoginProfile", "iam:UploadS*"),
    *("sts:GetFederationToken", "sts:GetWebIdentityToken"),
)
UNBOUND = (
    *("sagemaker:*InferenceGateway*", "sagemaker:*InferenceRouter*", "sagemaker:CreateAutoMLJob*"),
    *("sagemaker:CreateTrainingSession", "sagemaker:PutEndpointPolicy", "sagemaker:StartSession"),
)
"""What no condition can hold inside: AWS's list of actions has no keys for these, or not even the actions."""
INSIDE = (
    *("CreateDataQualityJobDefinition", "CreateDomain", "CreateHyperParameterTuningJob", "CreateModel"),
    *("CreateModelBiasJobDefinition", "CreateModelExplainabilityJobDefinition", "CreateModelQualityJobDefinition"),
    *("CreateMonitoringSchedule", "CreateNotebookInstance", "CreateProcessingJob", "CreateTrainingJob"),
)
WATCHED = ("kms:*", "logs:*", "s3:*", "secretsmanager:*", "sqs:*", "dynamodb:*", "ecr:*")
"""Services of ours that resource control policies reach; a test compares this with AWS's list."""
OVER_TLS = ("s3:*", "sqs:*", "secretsmanager:*", "dynamodb:*", "logs:*")


@dataclass(frozen=True)
class Around:
    """What the statements need to know: the organisation, its Regions, and who stands above which rule."""

    organisation: str
    partition: str
    residency: Sequence[str]
    stewards: Sequence[str]
    stores: Sequence[str]
    roles: Sequence[str]
    github_owners: Sequence[str]


def residency(around: Around) -> list[Statement]:
    """Nothing outside the Regions where data may be, and none is added."""
    away = {"StringNotEquals": {"aws:RequestedRegion": sorted(around.residency)}}
    said = deny("StayInResidency", GLOBAL, EVERYTHING, given=away)
    regions = ["account:DisableRegion", "account:EnableRegion"]
    return [
        {"NotAction" if key == "Action" else key: value for key, value in said.items()},
        deny("NoMoreRegions", regions, EVERYTHING),
        # A global inference profile of Bedrock sends a request to any Region there is.
        deny("NoGlobalProfiles", ["bedrock:*"], [f"arn:{around.partition}:bedrock:*:*:inference-profile/global.*"]),
    ]


def record(around: Around) -> list[Statement]:
    """Trail, detectors, log stores and the roles that keep them: nobody ends them, few change them."""
    stores = [f"arn:{around.partition}:s3:::{pattern}" for pattern in around.stores]
    objects = [f"{store}/*" for store in stores]
    guarded = [f"arn:{around.partition}:iam::*:role/{pattern}" for pattern in around.roles]
    others = _others(around.stewards)
    return [
        deny("RecordGoesOn", ENDS, EVERYTHING),
        deny("RecordStays", CHANGES, EVERYTHING, given=others),
        *([deny("LogStoresStay", STORE_WRITES, [*stores, *objects], given=others)] if stores else []),
        *([deny("GuardedRolesStay", ROLE_WRITES, guarded, given=others)] if guarded else []),
        deny("OrganisationStays", ["organizations:LeaveOrganization", "account:CloseAccount"], EVERYTHING),
    ]


def exposure(around: Around) -> list[Statement]:
    """Nothing is opened to strangers, and what is made is encrypted.

    Keys that may be missing are asked for with IfExists, so that leaving one out does not get past the rule; each
    missing setting has a statement of its own, because keys of one block must all match together.
    """
    others = _others(around.stewards)
    external = {"Bool": {"ram:RequestedAllowsExternalPrincipals": "true"}}
    open_urls = {"StringEquals": {"lambda:FunctionUrlAuthType": "NONE"}}
    plain: Mapping[str, tuple[Sequence[str], str]] = {
        "Volumes": (["ec2:CreateVolume", "ec2:RunInstances"], "ec2:Encrypted"),
        "FileSystems": (["elasticfilesystem:CreateFileSystem"], "elasticfilesystem:Encrypted"),
        "Databases": (["rds:CreateDBCluster"], "rds:StorageEncrypted"),
    }
    on = {"ec2:Encrypted": [f"arn:{around.partition}:ec2:*:*:volume/*"]}
    return [
        deny("NothingOpened", OPENED, EVERYTHING, given=others),
        deny("NoWayOut", WAYS_OUT, EVERYTHING, given=others),
        deny("NoStrangersInvited", ["ram:CreateResourceShare", "ram:UpdateResourceShare"], EVERYTHING, given=external),
        deny("NoOpenFunctions", ["lambda:*FunctionUrlConfig", "lambda:AddPermission"], EVERYTHING, given=open_urls),
        *(
            deny(f"{what}Encrypted", actions, on.get(key, EVERYTHING), given={"BoolIfExists": {key: "false"}})
            for what, (actions, key) in plain.items()
        ),
        deny("EncryptionStaysOn", ["ec2:DisableEbsEncryptionByDefault"], EVERYTHING),
        deny("OtherKeysOnly", ["s3:PutObject"], EVERYTHING, given=_customer_keys()),
    ]


def conduct(_: Around) -> list[Statement]:
    """No credentials that last, no work of the root user, and models and notebooks inside the network.

    Of volume keys nothing is demanded here: AWS has two names for that condition key and does not say which of them a
    request carries, and to ask for the wrong one would forbid everything.
    """
    root = {"ArnLike": {"aws:PrincipalArn": "arn:*:iam::*:root"}}
    inside = [f"sagemaker:{name}" for name in INSIDE]
    settings: Mapping[str, tuple[Sequence[str], dict[str, Any]]] = {
        "ModelsAreIsolated": (["CreateModel"], {"BoolIfExists": {"sagemaker:NetworkIsolation": "false"}}),
        "WorkStandsInTheNetwork": ([], {"Null": {"sagemaker:VpcSubnets": "true"}}),
        "NotebooksAreInside": (
            ["CreateNotebookInstance"],
            {"StringNotEquals": {"sagemaker:DirectInternetAccess": "Disabled"}},
        ),
        "NotebooksAreNotRoot": (
            ["CreateNotebookInstance", "UpdateNotebookInstance"],
            {"StringEquals": {"sagemaker:RootAccess": "Enabled"}},
        ),
        "StudioIsInside": (["CreateDomain"], {"StringNotEquals": {"sagemaker:AppNetworkAccessType": "VpcOnly"}}),
        "NoShell": (
            ["CreateTrainingJob", "UpdateTrainingJob"],
            {"Bool": {"sagemaker:EnableRemoteDebug": "true"}},
        ),
        "NoRemoteSpaces": (["CreateSpace", "UpdateSpace"], {"StringEquals": {"sagemaker:RemoteAccess": "ENABLED"}}),
    }
    return [
        deny("NoLastingCredentials", LASTING, EVERYTHING),
        deny("RootRests", EVERYTHING, EVERYTHING, given=root),
        deny("NothingLoose", UNBOUND, EVERYTHING),
        *(
            deny(sid, [f"sagemaker:{name}" for name in names] or inside, EVERYTHING, given=given)
            for sid, (names, given) in settings.items()
        ),
    ]


def perimeter(around: Around) -> list[Statement]:
    """What is ours is reached by our own, by AWS on their behalf, over TLS, and by the repositories that are named.

    https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps_examples.html
    """
    strangers = {
        "StringNotEqualsIfExists": {"aws:PrincipalOrgID": around.organisation},
        "BoolIfExists": {"aws:PrincipalIsAWSService": "false"},
    }
    # AWS tells of a source only where one account's resource asks another's: without it the service asks for itself.
    deputies = {
        "StringNotEqualsIfExists": {"aws:SourceOrgID": around.organisation},
        "Null": {"aws:SourceAccount": "false"},
        "Bool": {"aws:PrincipalIsAWSService": "true"},
    }
    plain = {"BoolIfExists": {"aws:SecureTransport": "false"}}
    owners = [f"repo:{owner}/*" for owner in around.github_owners]
    foreign = {"StringNotLike": {f"{GITHUB}:sub": owners}, "Null": {f"{GITHUB}:sub": "false"}}
    return [
        deny("OwnPrincipalsOnly", [*WATCHED, "sts:AssumeRole"], EVERYTHING, "*", strangers),
        deny("NoConfusedDeputy", WATCHED, EVERYTHING, "*", deputies),
        deny("OnlyOverTls", OVER_TLS, EVERYTHING, "*", plain),
        deny("OtherKeysOnly", ["s3:PutObject"], EVERYTHING, "*", _customer_keys()),
        *([deny("OwnPipelinesOnly", ["sts:AssumeRoleWithWebIdentity"], EVERYTHING, "*", foreign)] if owners else []),
    ]


def _others(stewards: Sequence[str]) -> dict[str, Any] | None:
    """Everybody but the stewards; without any, everybody."""
    return {"ArnNotLike": {"aws:PrincipalArn": list(stewards)}} if stewards else None


def _customer_keys() -> dict[str, Any]:
    """An object put under a key that the caller brings can be read by nobody else; ransom is taken that way."""
    return {"Null": {"s3:x-amz-server-side-encryption-customer-algorithm": "false"}}
