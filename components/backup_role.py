"""The role by which AWS Backup reads what it backs up; it can write nothing but backups."""

from collections.abc import Sequence

import pulumi

from components.backup_vault import BackupVault
from components.bucket import Bucket
from components.key_policy import through
from components.place import Place
from components.policy_document import Statement, allow
from components.role import Role, RoleArgs
from core.naming import Name

BACKUP = "backup.amazonaws.com"
MANAGED_RULES = "rule/AwsBackupManagedRule*"
"""What AWS Backup names the rules by which it hears of changed objects."""
BUCKET_READS = (
    *("s3:GetBucketAcl", "s3:GetBucketLocation", "s3:GetBucketNotification", "s3:GetBucketTagging"),
    *("s3:GetBucketVersioning", "s3:GetInventoryConfiguration", "s3:ListBucket", "s3:ListBucketVersions"),
    *("s3:PutBucketNotification", "s3:PutInventoryConfiguration"),
)
OBJECT_READS = tuple(
    f"s3:GetObject{what}" for what in ("", "Acl", "Tagging", "Version", "VersionAcl", "VersionTagging")
)
RULE_CALLS = tuple(
    f"events:{call}"
    for call in ("DeleteRule", "DescribeRule", "DisableRule", "EnableRule", "ListTargetsByRule", "PutRule")
)
TABLE_CALLS = ("dynamodb:CreateBackup", "dynamodb:DescribeTable", "dynamodb:ListTagsOfResource")


class BackupRole(Role):
    """A role that AWS Backup takes on behalf of this account's plans.

    The statements of AWS's own policies for backups of S3 and DynamoDB, narrowed to the stores that are named:
    https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSBackupServiceRolePolicyForS3Backup.html
    Raises BadInput for what Role refuses.
    """

    def __init__(
        self, name: Name, place: Place, boundary: pulumi.Input[str] | None, parent: pulumi.Resource | None = None
    ) -> None:
        source = {"StringEquals": {"aws:SourceAccount": place.account}}
        trust = [allow("BackupTakesIt", ["sts:AssumeRole"], [], {"Service": BACKUP}, source)]
        super().__init__(name, RoleArgs(trust, "AWS Backup reads what it backs up", boundary), parent, "BackupRole")
        self.place = place

    def may_keep_in(self, vault: BackupVault, copy: BackupVault | None) -> None:
        """Put backups into this vault, sealed with its key, tag them, and copy them into the other one."""
        copied = [allow("CopyBackups", ["backup:CopyIntoBackupVault"], [copy.arn])] if copy else []
        points = self.place.arn("backup", "recovery-point:*")
        self.may_all(
            "KeepBackups",
            [
                allow("FindVault", ["backup:DescribeBackupVault"], [vault.arn]),
                allow("TagBackups", ["backup:TagResource"], [points]),
                allow("FindTagged", ["tag:GetResources"], ["*"]),  # the action knows no resources
                *copied,
                *(statement for one in (vault, *([copy] if copy else [])) for statement in sealed(one)),
            ],
        )

    def may_back_up(self, stores: Sequence[Bucket], tables: Sequence[pulumi.Input[str]]) -> None:
        """Read these buckets and tables and no others, and hear of changed objects."""
        if stores:
            self.may_all("ReadStores", self._reads(stores))
        if tables:
            copies = [pulumi.Output.concat(table, "/backup/*") for table in tables]
            self.may_all(
                "ReadTables",
                [
                    allow("BackUpTables", [*TABLE_CALLS, "dynamodb:StartAwsBackupJob"], list(tables)),
                    allow("LookAtTheirBackups", ["dynamodb:DescribeBackup", "dynamodb:DeleteBackup"], copies),
                ],
            )

    def _reads(self, stores: Sequence[Bucket]) -> list[Statement]:
        rules = self.place.arn("events", MANAGED_RULES)
        keys = {store.args.key.name.text: store.args.key for store in stores if store.args.key}
        opened = [key.arn for key in keys.values()]
        by_s3 = through(self.place, ["s3"])
        return [
            allow("LookIntoStores", BUCKET_READS, [store.arn for store in stores]),
            allow("ReadObjects", OBJECT_READS, [pulumi.Output.concat(store.arn, "/*") for store in stores]),
            *([allow("OpenObjects", ["kms:Decrypt", "kms:DescribeKey"], opened, given=by_s3)] if opened else []),
            allow("HearOfChanges", [*RULE_CALLS, "events:PutTargets", "events:RemoveTargets"], [rules]),
            # These actions know no resources.
            allow("FindRulesAndMetrics", ["cloudwatch:GetMetricData", "events:ListRules"], ["*"]),
        ]


def sealed(vault: BackupVault) -> list[Statement]:
    """What the role needs of a vault's key, Sids told apart by the vault's Region."""
    region = "".join(word.capitalize() for word in vault.args.place.region.split("-"))
    key, given = vault.key, through(vault.args.place, ["backup"])
    lent = {**given, "Bool": {"kms:GrantIsForAWSResource": "true"}}
    use = ["kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey", "kms:GenerateDataKeyWithoutPlaintext"]
    return [
        allow(f"SealIn{region}", use, [key.arn], given=given),
        allow(f"LendIn{region}", ["kms:CreateGrant"], [key.arn], given=lent),
    ]
