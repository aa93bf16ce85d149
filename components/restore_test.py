"""A backup that nobody has restored is a hope: restoring is tried on a schedule, and what was restored is removed."""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.backup_plan import TAG, BackupPlan, every
from components.backup_role import BACKUP
from components.component import Component
from components.key_policy import through
from components.place import Place
from components.policy_document import Statement, allow
from components.role import Role, RoleArgs
from core.errors import BadInput
from core.naming import Name

SCHEDULES = {7: "cron(0 9 ? * MON *)", 30: "cron(0 9 1 * ? *)"}
"""Days between two tests -> when, in UTC."""
RESTORED = "awsbackup-restore-test-*"
"""How AWS names what it restores for a test:
https://docs.aws.amazon.com/aws-backup/latest/devguide/restore-testing-inferred-metadata.html"""
START_HOURS = 1
SHORTEST_RTO = START_HOURS + 1
"""Hours: a restore begins within the first, and needs some time itself."""


@dataclass(frozen=True)
class RestoreTestArgs:
    """All a test has to be told.

    `plan` is whose backups are tried. `rto_hours` is in how many hours service must be back: what was restored stands
    for so long to be looked at. `every_days` is 7 or 30.
    """

    place: Place
    plan: BackupPlan
    rto_hours: int = 24
    every_days: int = 30
    boundary: pulumi.Input[str] | None = None


class RestoreTest(Component):
    """A schedule on which the newest backups of each kind are restored, by a role that reaches nothing else.

    AWS says whether a restore worked and how long it took, in the record of its restore jobs; nothing here compares
    that with the objective. Raises BadInput for an objective that no restore keeps, and for another rhythm than 7 or
    30 days.
    """

    def __init__(self, name: Name, args: RestoreTestArgs, parent: pulumi.Resource | None = None) -> None:
        if faults := _faults(args):
            msg = f"restore test {name}: {'; '.join(faults)}"
            raise BadInput(msg)
        super().__init__("RestoreTest", name, parent, {"rtoHours": args.rto_hours, "everyDays": args.every_days})
        self.args = args
        self.role = self._role()
        self.plan = aws.backup.RestoreTestingPlan(
            f"{name}-plan",
            name=underscored(name),
            schedule_expression=SCHEDULES[args.every_days],
            schedule_expression_timezone="Etc/UTC",
            start_window_hours=START_HOURS,
            recovery_point_selection={
                "algorithm": "LATEST_WITHIN_WINDOW",
                "include_vaults": [args.plan.args.vault.arn],
                "recovery_point_types": ["SNAPSHOT"],
                "selection_window_days": _window(args),
            },
            tags=dict(name.tags),
            opts=self.after(args.plan.args.vault),
        )
        for kind in _kinds(args.plan):
            self._selected(kind)
        self.done(arn=self.plan.arn)

    def _selected(self, kind: str) -> None:
        """One kind of resource each, as AWS has it; of those only what the plan takes in."""
        ours: aws.backup.RestoreTestingSelectionProtectedResourceConditionsStringEqualArgsDict = {
            "key": f"aws:ResourceTag/{TAG}",
            "value": str(self.args.plan.name),
        }
        aws.backup.RestoreTestingSelection(
            f"{self.name}-{kind.lower()}",
            name=f"{underscored(self.name)}_{kind.lower()}",
            restore_testing_plan_name=self.plan.name,
            protected_resource_type=kind,
            protected_resource_arns=["*"],
            protected_resource_conditions={"string_equals": [ours]},
            iam_role_arn=self.role.arn,
            validation_window_hours=min(self.args.rto_hours, 168),
            opts=self.after(self.role),
        )

    def _role(self) -> Role:
        """Restores into buckets and tables that are made for the test, and into nothing that exists.

        https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSBackupServiceRolePolicyForS3Restore.html
        """
        place, plan = self.args.place, self.args.plan.args
        source = {"StringEquals": {"aws:SourceAccount": place.account}}
        trust = [allow("BackupTakesIt", ["sts:AssumeRole"], [], {"Service": BACKUP}, source)]
        about = RoleArgs(trust, "AWS Backup restores into what it makes for a test", self.args.boundary)
        role = Role(self.name / "tester", about, self)
        key = plan.vault.key.arn
        role.may("OpenBackups", "kms:Decrypt", "kms:DescribeKey", on=[key], given=through(place, ["backup"]))
        if plan.stores:
            role.may_all("RestoreObjects", self._into_buckets())
        if plan.tables:
            role.may_all("RestoreTables", _into_tables(place, plan.tables))
        return role

    def _into_buckets(self) -> list[Statement]:
        place, stores = self.args.place, self.args.plan.args.stores
        made = f"arn:{place.partition}:s3:::{RESTORED}"
        keys = {store.args.key.name.text: store.args.key.arn for store in stores if store.args.key}
        use = ["kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey"]
        sealed = [allow("SealAsBefore", use, list(keys.values()), given=through(place, ["s3"]))] if keys else []
        bucket = (
            *("s3:CreateBucket", "s3:GetBucketLocation", "s3:GetBucketOwnershipControls", "s3:GetBucketVersioning"),
            *("s3:ListBucket", "s3:ListBucketVersions", "s3:PutBucketOwnershipControls", "s3:PutBucketVersioning"),
        )
        objects = (
            *("s3:DeleteObject", "s3:GetObject", "s3:GetObjectAcl", "s3:GetObjectTagging", "s3:GetObjectVersion"),
            *("s3:GetObjectVersionAcl", "s3:ListMultipartUploadParts", "s3:PutObject", "s3:PutObjectTagging"),
        )
        return [
            allow("MakeTestBucket", bucket, [made]),
            allow("FillTestBucket", objects, [f"{made}/*"]),
            *sealed,
        ]


def underscored(name: Name) -> str:
    """The name as restore testing takes it.

    https://docs.aws.amazon.com/aws-backup/latest/devguide/API_RestoreTestingPlanForCreate.html
    """
    return str(name).replace("-", "_")


def _into_tables(place: Place, tables: Sequence[pulumi.Input[str]]) -> list[Statement]:
    write = ("BatchWriteItem", "DeleteItem", "DescribeTable", "GetItem", "PutItem", "Query", "Scan", "UpdateItem")
    made = place.arn("dynamodb", f"table/{RESTORED}")
    points = place.arn("backup", "recovery-point:*")
    return [
        allow("FillTestTable", [f"dynamodb:{call}" for call in write], [made]),
        allow("FromRecoveryPoints", ["dynamodb:RestoreTableFromAwsBackup"], [made, points]),
        allow("LookAtTables", ["dynamodb:DescribeTable"], list(tables)),
    ]


def _kinds(plan: BackupPlan) -> list[str]:
    return [*(["S3"] if plan.args.stores else []), *(["DynamoDB"] if plan.args.tables else [])]


def _window(args: RestoreTestArgs) -> int:
    """Days back in which a backup is surely found: two intervals, at least one day, at most what is kept."""
    return max(1, min(-(-2 * every(args.plan.args.rpo_hours) // 24), args.plan.args.keep_days))


def _faults(args: RestoreTestArgs) -> list[str]:
    faults = []
    if args.rto_hours < SHORTEST_RTO:
        faults.append(
            f"no restore from a backup keeps {args.rto_hours} h: it begins up to an hour late; "
            f"set rto_hours to {SHORTEST_RTO} or more, and stand by with replicas below that"
        )
    if args.every_days not in SCHEDULES:
        faults.append(f"every_days is {args.every_days}; expected one of {', '.join(map(str, SCHEDULES))}")
    return faults
