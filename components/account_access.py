"""What roles may do to the account as a whole: look around in it, deploy to it, repair it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from components.key_policy import ADMINISTRATION, DECRYPT, ENCRYPT, through
from components.place import Place
from components.policy_document import Statement, allow, deny
from components.role import Role
from core.naming import OWN_TAGS, Name
from core.personas import PERSONAS, Limit

ANYWHERE = ["*"]
LOOKS = (
    *("access-analyzer:Get*", "access-analyzer:List*", "athena:GetWorkGroup", "athena:ListQueryExecutions"),
    *("backup:Describe*", "backup:ListB*", "cloudtrail:Describe*", "cloudtrail:GetEventSelectors"),
    *("cloudtrail:GetInsightSelectors", "cloudtrail:GetTrail*", "cloudtrail:List*", "cloudwatch:Describe*"),
    *("cloudwatch:GetDashboard", "cloudwatch:List*", "config:Describe*", "config:List*", "dynamodb:Describe*"),
    *("dynamodb:List*", "ec2:Describe*", "ecr:Describe*", "ecr:GetLifecyclePolicy", "ecr:GetReg*"),
    *("ecr:GetRepositoryPolicy", "ecr:List*", "events:DescribeRule", "events:ListRule*", "events:ListTargets*"),
    *("glue:GetDatabase*", "glue:GetTable*", "iam:Get*", "iam:List*", "kms:Describe*", "kms:GetKey*", "kms:List*"),
    *("logs:Describe*", "logs:List*", "network-firewall:Describe*", "s3:GetAccountPublicAccessBlock", "s3:GetBucket*"),
    *("s3:Get*Configuration", "s3:ListAllMyBuckets", "sagemaker:Describe*", "sagemaker:List*"),
    *("secretsmanager:DescribeSecret", "secretsmanager:GetResourcePolicy", "servicequotas:Get*"),
    *("servicequotas:List*", "sns:GetSubscription*", "sns:GetTopic*", "sns:List*", "sts:GetCallerIdentity", "tag:Get*"),
)
"""How things are set up, and nothing of what is in them: no object, item, event, parameter, secret or token. As much
of it as the inner boundary, which has no room for more, lets anybody see."""
LOOKS_FURTHER = (
    *("athena:GetDataCatalog", "athena:List*", "backup:GetBackup*", "backup:GetRestoreTesting*", "budgets:Describe*"),
    *("budgets:View*", "ce:GetAnomal*", "ec2:GetEbs*", "ec2:GetManagedPrefixList*", "events:Describe*", "events:List*"),
    *("glue:GetDataCatalogEncryptionSettings", "glue:GetResourcePolic*", "glue:GetTags", "guardduty:Get*"),
    *("guardduty:List*", "lakeformation:DescribeResource", "lakeformation:GetDataLakeSettings", "lakeformation:List*"),
    *("lambda:GetFunctionConfiguration", "lambda:GetPolicy", "lambda:List*", "network-firewall:List*"),
    *("route53resolver:Get*", "route53resolver:List*", "secretsmanager:ListSecrets", "securityhub:Describe*"),
    *("securityhub:Get*", "securityhub:List*", "ssm:DescribeParameters", "ssm:ListTagsForResource"),
)
"""The rest of how things are set up, for roles under the outer boundary."""
REGIONAL = (
    *("access-analyzer", "athena", "backup", "cloudtrail", "cloudwatch", "config", "dynamodb", "ec2", "events", "glue"),
    *("guardduty", "lakeformation", "logs", "network-firewall", "route53resolver", "securityhub", "sns"),
)
"""Services whose things are deployed, and have this account and Region in their ARNs, but often an id of AWS's."""
NAMED = {
    "ecr": "repository/{}-*",
    "lambda": "function:{}-*",
    "sagemaker": "*/{}-*",
    "secretsmanager": "secret:{}-*",
    "ssm": "parameter/{}-*",
}
"""Those whose things bear our names, and whose rights over everything would be rights over everybody's."""
ON_NOTHING = (
    *("config:DeleteDeliveryChannel", "config:PutDeliveryChannel", "config:PutRetentionConfiguration"),
    *("dynamodb:UpdateAbacStatus", "ec2:EnableEbsEncryptionByDefault", "ec2:EnableImageBlockPublicAccess"),
    *("ec2:EnableSnapshotBlockPublicAccess", "ec2:ModifyInstanceMetadataDefaults"),
    *("ec2:ModifyVpcBlockPublicAccessOptions", "ecr:PutRegistryScanningConfiguration"),
    *("glue:CreateSecurityConfiguration", "glue:DeleteSecurityConfiguration", "kms:CreateKey"),
    *("lakeformation:CreateDataCellsFilter", "lakeformation:DeleteDataCellsFilter"),
    *("lakeformation:DeregisterResource", "lakeformation:GrantPermissions", "lakeformation:PutDataLakeSettings"),
    *("lakeformation:RegisterResource", "lakeformation:RevokePermissions", "lakeformation:UpdateDataCellsFilter"),
    *("logs:CreateLogDelivery", "logs:DeleteLogDelivery", "logs:DeleteResourcePolicy", "logs:PutResourcePolicy"),
    *("logs:UpdateLogDelivery", "s3:PutAccountPublicAccessBlock", "securityhub:EnableSecurityHub"),
)
"""What is deployed by actions that know no resource; a test compares this with the list of actions."""
ALIASES = ("kms:CreateAlias", "kms:DeleteAlias", "kms:UpdateAlias")
HARMLESS = ("kms:Describe", "kms:Get", "kms:List")
ROLE_MAKING = (
    *("iam:AttachRolePolicy", "iam:CreateRole", "iam:DeleteRole", "iam:DeleteRolePolicy", "iam:DetachRolePolicy"),
    *("iam:PutRolePermissionsBoundary", "iam:PutRolePolicy", "iam:TagRole", "iam:UntagRole"),
    *("iam:UpdateAssumeRolePolicy", "iam:UpdateRole", "iam:UpdateRoleDescription"),
)
POLICY_MAKING = (
    *("iam:CreatePolicy", "iam:CreatePolicyVersion", "iam:DeletePolicy", "iam:DeletePolicyVersion"),
    *("iam:TagPolicy", "iam:UntagPolicy"),
)
RECORD = (
    *("cloudtrail:Add*", "cloudtrail:Delete*", "cloudtrail:Deregister*", "cloudtrail:Put*", "cloudtrail:Remove*"),
    *("cloudtrail:Stop*", "cloudtrail:Update*", "cloudwatch:Delete*", "cloudwatch:Disable*", "cloudwatch:Put*Alarm"),
    *("cloudwatch:SetAlarmState", "config:Delete*", "config:Put*", "config:Stop*", "ec2:DeleteFlowLogs"),
    *("guardduty:Delete*", "guardduty:Disassociate*", "guardduty:Stop*", "guardduty:Update*"),
    *("logs:AssociateKmsKey", "logs:Delete*", "logs:DisassociateKmsKey", "logs:Put*", "s3:BypassGovernanceRetention"),
    *("securityhub:BatchDisable*", "securityhub:Disable*", "sns:*Permission", "sns:DeleteTopic"),
    *("sns:SetTopicAttributes", "sns:Unsubscribe"),
)
"""What would end, blind or silence the record of who did what, and the alarms on it."""
SEALED_ON_THE_WAY = ("secretsmanager", "ssm")
"""Services that seal at once, with the caller's right to the key, what the caller has them keep."""
TAKERS = ("backup", "cloudtrail", "config", "lakeformation", "lambda", "s3", "sagemaker", "vpc-flow-logs")
"""Services that get a role handed over by what is deployed."""


@dataclass(frozen=True)
class AccountAccess:
    """An account, the name that one environment grows from, and the ARN of the boundary its roles stand under."""

    place: Place
    name: Name
    boundary: str

    @property
    def prefix(self) -> str:
        """What the names of this environment begin with."""
        return str(self.name)

    def grant_look(self, role: Role, under: Limit = Limit.INNER) -> None:
        """Let the role see how things are set up, here and in other Regions; not what is in them.

        Under the inner boundary only what that leaves open: a grant beyond it would look like access and be none.
        """
        role.may("LookAround", *LOOKS, *(LOOKS_FURTHER if under is Limit.OUTER else ()), on=ANYWHERE)

    def grant_operate(self, role: Role) -> None:
        """Let the role move traffic between running models, follow its alarms, and ask AWS for help or more room."""
        models = [self.place.arn("sagemaker", f"endpoint/{self.prefix}-*")]
        alarms = [self.place.arn("cloudwatch", f"alarm:{self.prefix}-*")]
        room = ["servicequotas:RequestServiceQuotaIncrease"]
        role.may_all(
            "Operate",
            [
                allow("ShiftTraffic", ["sagemaker:UpdateEndpointWeightsAndCapacities"], models),
                allow("WakeAlarms", ["cloudwatch:EnableAlarmActions"], alarms),
                allow("ReadMetrics", ["cloudwatch:GetMetricData", "cloudwatch:GetMetricStatistics"], ANYWHERE),
                allow("AskForRoom", room, [self.place.arn("servicequotas", "*")]),
            ],
        )

    def grant_deploy(self, role: Role) -> None:
        """Let the role make, change and remove what the program declares, and roles under the boundary only.

        By service and account, not by name: many things get their ids from AWS. What it must not touch all the same,
        the outer boundary says.
        """
        self.grant_look(role, Limit.OUTER)
        role.may_all("DeployServices", self._services(), whole_account=True)
        role.may_all("DeployKeys", self._administration())
        role.may_all("DeployRoles", self._roles())

    def grant_rescue(self, role: Role) -> None:
        """Let the role repair every service, and read, when nobody else can.

        It makes and changes no role, and the record of what it does stays out of its reach.
        """
        self.grant_look(role, Limit.OUTER)
        opens = ["s3", "secretsmanager", "ssm", "dynamodb"]
        opened = allow("OpenWhatIsStored", DECRYPT, self._keys(), given=through(self.place, opens))
        role.may_all("RescueServices", self._services(), whole_account=True)
        role.may_all("RescueKeys", [*self._administration(), opened])
        role.may_all("RecordStays", self._record())

    def grant_reach(self, role: Role, others: Sequence[str]) -> None:
        """Let the role take these roles (their ARNs) in other accounts of the environment, to deploy there as well."""
        role.may("ReachOtherAccounts", "sts:AssumeRole", on=list(others))

    def _record(self) -> list[Statement]:
        """A Deny outranks whatever else is granted; the key of the record is told by its alias, for ids say nothing.

        https://docs.aws.amazon.com/kms/latest/developerguide/alias-authorization.html
        """
        own = f"{self.prefix}-audit"
        stores = [f"arn:{self.place.partition}:s3:::{own}-*"]
        sealed = {"ForAnyValue:StringLike": {"kms:ResourceAliases": [f"alias/{own}-*"]}}
        ends = [action for action in ADMINISTRATION if not action.startswith(HARMLESS)]
        return [
            deny("RecordGoesOn", RECORD, ANYWHERE),
            deny("RecordStoreUntouched", ["s3:Delete*", "s3:Put*", "s3:Replicate*", "s3:Restore*"], stores),
            deny("RecordKeyUntouched", [*ends, "kms:CreateGrant"], self._keys(), given=sealed),
            deny("RecordAliasStays", ALIASES, [self.place.arn("kms", f"alias/{own}-*")]),
        ]

    def _services(self) -> list[Statement]:
        own = f"arn:{self.place.partition}:s3:::{self.prefix}-*"
        return [
            *(allow(f"All{_titled(one)}", [f"{one}:*"], [self.place.arn(one, "*")]) for one in REGIONAL),
            *(
                allow(f"Own{_titled(one)}", [f"{one}:*"], [self.place.arn(one, what.format(self.prefix))])
                for one, what in NAMED.items()
            ),
            allow("AllOwnBuckets", ["s3:*"], [own]),  # and their objects: a `*` does not stop at a slash
            allow("AllBudgets", ["budgets:*"], [self.place.arn("budgets", "*", region="")]),
            allow("AllAnomalyAlarms", ["ce:*"], [self.place.arn("ce", "*", region="")]),
        ]

    def _keys(self) -> list[str]:
        return [self.place.arn("kms", "key/*")]

    def _own(self, side: str, operator: str = "StringEquals") -> dict[str, Any]:
        """The condition that what is asked for (`Request`), or there already (`Resource`), is marked as ours."""
        marks = (f"{OWN_TAGS}project", f"{OWN_TAGS}environment")
        return {operator: {f"aws:{side}Tag/{mark}": self.name.tags[mark] for mark in marks}}

    def _administration(self) -> list[Statement]:
        """Keys are made, looked after and lent to AWS's own services, ours only; nothing is opened with them.

        Key ids say nothing, so it is the tags that tell ours: a key gets them as it is made, and no other gets ours.
        """
        lent = {"Bool": {"kms:GrantIsForAWSResource": "true"}, **self._own("Resource")}
        marks = {**self._own("Request"), **self._own("Resource", "StringEqualsIfExists")}
        looks_after = [action for action in ADMINISTRATION if action != "kms:TagResource"]
        aliases = [self.place.arn("kms", f"alias/{self.prefix}-*")]
        return [
            allow("WhatKnowsNoResource", ON_NOTHING, ANYWHERE),
            allow("AdministerOwnKeys", [*looks_after, "kms:ReplicateKey"], self._keys(), given=self._own("Resource")),
            allow("MarkOwnKeys", ["kms:TagResource"], self._keys(), given=marks),
            allow("NameOwnKeys", ALIASES, aliases),
            allow("LendOwnKeys", ["kms:CreateGrant"], self._keys(), given=lent),
            allow("SealOnTheWay", ENCRYPT, self._keys(), given=through(self.place, SEALED_ON_THE_WAY)),
        ]

    def _roles(self) -> list[Statement]:
        roles, policies = (self.place.arn("iam", f"{kind}/{self.prefix}-*", region="") for kind in ("role", "policy"))
        bounded = {"StringEquals": {"iam:PermissionsBoundary": self.boundary}}
        marks = [action for action in ROLE_MAKING if "tag" in action.lower()]
        makes = [action for action in ROLE_MAKING if action not in marks]
        takers = {"StringEquals": {"iam:PassedToService": [f"{one}.amazonaws.com" for one in TAKERS]}}
        linked = [self.place.arn("iam", "role/aws-service-role/*", region="")]
        taken = [self.place.arn("iam", f"role/{self.prefix}-{word}-*", region="") for word in PERSONAS]
        return [
            allow("RolesUnderTheBoundary", makes, [roles], given=bounded),
            allow("RolesMarked", marks, [roles]),
            allow("OwnPolicies", POLICY_MAKING, [policies]),
            allow("OwnRolesPassed", ["iam:PassRole"], [roles], given=takers),
            # By name: IAM does not tell a role's tags when it is passed.
            deny("PersonasPassedToNobody", ["iam:PassRole"], taken),
            allow("LinkedRoles", ["iam:CreateServiceLinkedRole"], linked),
        ]


def _titled(service: str) -> str:
    return "".join(word.capitalize() for word in service.split("-"))
