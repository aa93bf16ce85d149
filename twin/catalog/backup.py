"""Vaults of backups, what keeps them, when backups are made and of what, and how restoring is tried.

https://docs.aws.amazon.com/aws-backup/latest/devguide/api-reference.html
"""

from __future__ import annotations

from twin.entry import Call, Entry, Gap, Named
from twin.forms import TEXTS, Bag, Member, Shape
from twin.policy_form import POLICY
from twin.terms import ID, Built, dropped, first, prop, reply

VAULT_ARN = Built("arn:{partition}:backup:{region}:{account}:backup-vault:{id}")
VAULT = Entry(
    "aws:backup/vault:Vault",
    create=Call(
        "backup",
        "create_backup_vault",
        BackupVaultName=prop("name"),
        EncryptionKeyArn=prop("kmsKeyArn"),
        BackupVaultTags=prop("tags", TEXTS),
        CreatorRequestId=prop("name"),  # or botocore makes up another one each time
    ),
    identity=prop("name"),
    named=Named("name", 50),
    update=(
        Call("backup", "untag_resource", when=dropped("tags"), ResourceArn=VAULT_ARN, TagKeyList=dropped("tags")),
        Call("backup", "tag_resource", when=prop("tags"), ResourceArn=VAULT_ARN, Tags=prop("tags", TEXTS)),
    ),
    delete=(Call("backup", "delete_backup_vault", BackupVaultName=ID),),
    read=(
        Call("backup", "describe_backup_vault", BackupVaultName=ID),
        Call("backup", "list_tags", ResourceArn=VAULT_ARN),
    ),
    gone=("ResourceNotFoundException",),
    shows={
        "name": reply("BackupVaultName"),
        "kmsKeyArn": reply("EncryptionKeyArn"),
        "tags": reply("Tags", TEXTS),
    },
    outputs={"arn": reply("BackupVaultArn"), "recoveryPoints": reply("NumberOfRecoveryPoints")},
    client=("forceDestroy",),
)

LOCKING = Call(
    "backup",
    "put_backup_vault_lock_configuration",
    BackupVaultName=prop("backupVaultName"),
    MinRetentionDays=prop("minRetentionDays"),
    MaxRetentionDays=prop("maxRetentionDays"),
    ChangeableForDays=prop("changeableForDays"),
)
VAULT_LOCK = Entry(
    "aws:backup/vaultLockConfiguration:VaultLockConfiguration",
    create=LOCKING,
    identity=prop("backupVaultName"),
    update=(LOCKING,),
    fixed=("backupVaultName",),
    delete=(Call("backup", "delete_backup_vault_lock_configuration", BackupVaultName=ID),),
    read=(Call("backup", "describe_backup_vault", BackupVaultName=ID),),
    gone=("ResourceNotFoundException",),
    exists=reply("Locked"),
    shows={
        "backupVaultName": reply("BackupVaultName"),
        "minRetentionDays": reply("MinRetentionDays"),
        "maxRetentionDays": reply("MaxRetentionDays"),
        "changeableForDays": reply("ChangeableForDays"),
    },
    outputs={"backupVaultArn": reply("BackupVaultArn")},
    gaps={"changeableForDays": Gap("the answer has the day it ends instead")},
)

VAULT_POLICY = Entry(
    "aws:backup/vaultPolicy:VaultPolicy",
    create=Call(
        "backup",
        "put_backup_vault_access_policy",
        BackupVaultName=prop("backupVaultName"),
        Policy=prop("policy", POLICY),
    ),
    identity=ID,
    delete=(Call("backup", "delete_backup_vault_access_policy", BackupVaultName=prop("backupVaultName")),),
    outputs={"backupVaultArn": Built("arn:{partition}:backup:{region}:{account}:backup-vault:{backupVaultName}")},
    absent=Gap("there is no operation for policies of backup vaults"),
)

KEPT = Shape(coldStorageAfter="MoveToColdStorageAfterDays", deleteAfter="DeleteAfterDays")
RULES = Shape(
    ruleName="RuleName",
    targetVaultName="TargetBackupVaultName",
    schedule="ScheduleExpression",
    scheduleExpressionTimezone="ScheduleExpressionTimezone",
    startWindow="StartWindowMinutes",
    completionWindow="CompletionWindowMinutes",
    enableContinuousBackup="EnableContinuousBackup",
    recoveryPointTags=Member("RecoveryPointTags", TEXTS),
    lifecycle=Member("Lifecycle", KEPT),
    copyActions=Member(
        "CopyActions", Shape(destinationVaultArn="DestinationBackupVaultArn", lifecycle=Member("Lifecycle", KEPT))
    ),
)
# The double shows a deleted plan when it is asked for by its id, so plans are looked for in the list. It has no
# update_backup_plan: one that gets other rules is made anew, which AWS would not need. And it refuses a plan that is
# called like one that was deleted; a plan that waits for its vault's policy, as ours does, is then unverified.
PLAN_ARN = Built("arn:{partition}:backup:{region}:{account}:backup-plan:{id}")
PLAN = Entry(
    "aws:backup/plan:Plan",
    create=Call(
        "backup",
        "create_backup_plan",
        BackupPlan={"BackupPlanName": prop("name"), "Rules": prop("rules", RULES)},
        BackupPlanTags=prop("tags", TEXTS),
        CreatorRequestId=prop("name"),
    ),
    identity=reply("BackupPlanId"),
    named=Named("name", 50),
    update=(
        Call("backup", "untag_resource", when=dropped("tags"), ResourceArn=PLAN_ARN, TagKeyList=dropped("tags")),
        Call("backup", "tag_resource", when=prop("tags"), ResourceArn=PLAN_ARN, Tags=prop("tags", TEXTS)),
    ),
    delete=(Call("backup", "delete_backup_plan", BackupPlanId=ID),),
    read=(
        Call("backup", "list_backup_plans"),
        Call("backup", "get_backup_plan", BackupPlanId=ID),
        Call("backup", "list_tags", ResourceArn=PLAN_ARN),
    ),
    gone=("ResourceNotFoundException",),
    exists=first("BackupPlansList", "BackupPlanId", BackupPlanId=ID),
    find=(Call("backup", "list_backup_plans"), reply("BackupPlansList[].BackupPlanId")),
    shows={
        "name": reply("BackupPlan.BackupPlanName"),
        "rules": reply("BackupPlan.Rules", RULES),
        "tags": reply("Tags", TEXTS),
    },
    outputs={"arn": reply("BackupPlanArn"), "version": reply("VersionId")},
)

SELECTION = Entry(
    "aws:backup/selection:Selection",
    create=Call(
        "backup",
        "create_backup_selection",
        BackupPlanId=prop("planId"),
        BackupSelection={
            "SelectionName": prop("name"),
            "IamRoleArn": prop("iamRoleArn"),
            "Resources": prop("resources", Bag()),
            "ListOfTags": prop(
                "selectionTags", Shape(type="ConditionType", key="ConditionKey", value="ConditionValue")
            ),
        },
    ),
    identity=ID,
    named=Named("name", 50),
    delete=(Call("backup", "delete_backup_selection", BackupPlanId=prop("planId"), SelectionId=ID),),
    absent=Gap("there is no operation for selections of backup plans"),
)

RESTORE_PLAN = Entry(
    "aws:backup/restoreTestingPlan:RestoreTestingPlan",
    create=Call(
        "backup",
        "create_restore_testing_plan",
        RestoreTestingPlan={
            "RestoreTestingPlanName": prop("name"),
            "ScheduleExpression": prop("scheduleExpression"),
            "ScheduleExpressionTimezone": prop("scheduleExpressionTimezone"),
            "StartWindowHours": prop("startWindowHours"),
            "RecoveryPointSelection": prop(
                "recoveryPointSelection",
                Shape(
                    algorithm="Algorithm",
                    includeVaults="IncludeVaults",
                    excludeVaults="ExcludeVaults",
                    recoveryPointTypes="RecoveryPointTypes",
                    selectionWindowDays="SelectionWindowDays",
                ),
            ),
        },
        Tags=prop("tags", TEXTS),
    ),
    identity=ID,
    named=Named("name", 50),
    delete=(Call("backup", "delete_restore_testing_plan", RestoreTestingPlanName=prop("name")),),
    outputs={"arn": Built("arn:{partition}:backup:{region}:{account}:restore-testing-plan:{name}-{id}")},
    absent=Gap("there is no operation for tests of restoring"),
)

RESTORE_SELECTION = Entry(
    "aws:backup/restoreTestingSelection:RestoreTestingSelection",
    create=Call(
        "backup",
        "create_restore_testing_selection",
        RestoreTestingPlanName=prop("restoreTestingPlanName"),
        RestoreTestingSelection={
            "RestoreTestingSelectionName": prop("name"),
            "IamRoleArn": prop("iamRoleArn"),
            "ProtectedResourceType": prop("protectedResourceType"),
            "ProtectedResourceArns": prop("protectedResourceArns", Bag()),
            "ProtectedResourceConditions": prop(
                "protectedResourceConditions",
                Shape(
                    stringEquals=Member("StringEquals", Shape(key="Key", value="Value")),
                    stringNotEquals=Member("StringNotEquals", Shape(key="Key", value="Value")),
                ),
            ),
            "RestoreMetadataOverrides": prop("restoreMetadataOverrides", TEXTS),
            "ValidationWindowHours": prop("validationWindowHours"),
        },
    ),
    identity=ID,
    named=Named("name", 50),
    delete=(
        Call(
            "backup",
            "delete_restore_testing_selection",
            RestoreTestingPlanName=prop("restoreTestingPlanName"),
            RestoreTestingSelectionName=prop("name"),
        ),
    ),
    absent=Gap("there is no operation for tests of restoring"),
)

ENTRIES = (VAULT, VAULT_LOCK, VAULT_POLICY, PLAN, SELECTION, RESTORE_PLAN, RESTORE_SELECTION)
