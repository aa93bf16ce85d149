"""Each protection of the audit, of backups and of the budget, and the guard that must object when it is gone."""

from __future__ import annotations

import pulumi_aws as aws

from tests.weakening import Weakening, changed, open_ended, rewritten, unsaid, without

backup, s3, watch = aws.backup, aws.s3, aws.cloudwatch
ANYBODY = {"Principal": {"AWS": "*"}}
ANYBODYS_TABLES = [{"permissions": ["ALL"], "principal": {"data_lake_principal_identifier": "IAM_ALLOWED_PRINCIPALS"}}]
AWAY = "arn:aws:backup:us-east-1:123456789012:backup-vault:away"
RULE = {"rule_name": "daily", "target_vault_name": "strongroom-prod-vault"}
ONE_RATE = [{"insight_type": "ApiCallRateInsight"}]
SHORT = {"default_retention": {"mode": "COMPLIANCE", "days": 365}}
SELECTED = [{"type": "STRINGEQUALS", "key": "strongroom:backup", "value": "strongroom-dev-backup"}]
ACTUAL_ONLY = [
    {
        "comparison_operator": "GREATER_THAN",
        "notification_type": "ACTUAL",
        "threshold": 80,
        "threshold_type": "PERCENTAGE",
        "subscriber_email_addresses": ["ward@example.org"],
    }
]
MANAGEMENT_ONLY = [{"field_selectors": [{"field": "eventCategory", "equals": ["Management"]}]}]

WEAKENINGS = [
    *(
        Weakening("audit_trail", what, f"cloudtrail.{guard}", changed(aws.cloudtrail, "Trail", **properties))
        for what, guard, properties in (
            ("no insights", "trail_notices_unusual_rates", {"insight_selectors": None}),
            ("errors unnoticed", "trail_notices_unusual_rates", {"insight_selectors": ONE_RATE}),
            (
                "refusals unrecorded",
                "trail_records_calls_refused_by_endpoints",
                {"advanced_event_selectors": MANAGEMENT_ONLY},
            ),
        )
    ),
    Weakening(
        "audit_trail",
        "a year's lock",
        "cloudtrail.trail_store_is_locked_for_years",
        changed(s3, "BucketObjectLockConfiguration", rule=SHORT),
    ),
    Weakening(
        "metric_alarms",
        "calls nobody",
        "cloudwatch.alarm_reaches_somebody",
        changed(watch, "MetricAlarm", "-watch-root", alarm_actions=None),
    ),
    Weakening(
        "metric_alarms",
        "switched off",
        "cloudwatch.alarm_reaches_somebody",
        changed(watch, "MetricAlarm", "-watch-keys", actions_enabled=False),
    ),
    *(
        Weakening("metric_alarms", what, "cloudwatch.watched_acts_raise_alarms", change)
        for what, change in (
            ("nothing counted", without(watch, "LogMetricFilter")),
            ("nothing alarms", without(watch, "MetricAlarm")),
            ("root unwatched", changed(watch, "LogMetricFilter", "-watch-root", pattern="{ $.eventName = Nothing }")),
            ("another metric", changed(watch, "MetricAlarm", "-watch-iam", metric_name="other")),
            ("switched off", changed(watch, "MetricAlarm", "-watch-routes", actions_enabled=False)),
        )
    ),
    Weakening(
        "backup_vault", "no key", "backup.vault_is_encrypted_with_own_key", changed(backup, "Vault", kms_key_arn=None)
    ),
    Weakening("backup_vault", "no lock", "backup.vault_is_locked", without(backup, "VaultLockConfiguration")),
    Weakening(
        "backup_vault",
        "a lock of nothing",
        "backup.vault_is_locked",
        changed(backup, "VaultLockConfiguration", min_retention_days=None),
    ),
    Weakening("backup_vault", "no policy", "backup.vault_refuses_removal", without(backup, "VaultPolicy")),
    Weakening(
        "backup_vault",
        "nothing denied",
        "backup.vault_refuses_removal",
        rewritten("vault-policy", unsaid("NobodyRemoves")),
    ),
    Weakening(
        "backup_vault",
        "somebody spared",
        "backup.vault_refuses_removal",
        rewritten("vault-policy", lambda one: {**one, "Condition": {"ArnNotLike": {"aws:PrincipalArn": "arn:*"}}}),
    ),
    Weakening(
        "backup_vault",
        "anybody uses its key",
        "kms.key_is_used_through_services_only",
        rewritten("vault-key-key", open_ended),
    ),
    *(
        Weakening("backup_plan", what, f"backup.{guard}", changed(backup, "Plan", rules=[{**RULE, **rule}]))
        for what, guard, rule in (
            ("for ever", "plan_keeps_to_its_vault", {}),
            ("too short for the vault", "plan_keeps_to_its_vault", {"lifecycle": {"delete_after": 1}}),
            ("too long for the vault", "plan_keeps_to_its_vault", {"lifecycle": {"delete_after": 4000}}),
            (
                "away from home",
                "copy_stays_in_residency",
                {"copy_actions": [{"destination_vault_arn": AWAY, "lifecycle": {"delete_after": 35}}]},
            ),
        )
    ),
    Weakening("bucket", "nothing selected", "backup.store_is_backed_up", without(backup, "Selection")),
    Weakening(
        "bucket",
        "another's stores selected",
        "backup.store_is_backed_up",
        changed(backup, "Selection", selection_tags=SELECTED),
    ),
    Weakening("backup_plan", "never tried", "backup.restores_are_tested", without(backup, "RestoreTestingPlan")),
    Weakening(
        "backup_plan", "trying nothing", "backup.restores_are_tested", without(backup, "RestoreTestingSelection")
    ),
    *(
        Weakening(file, what, "cloudwatch.alarm_reaches_somebody", changed(watch, "MetricAlarm", part, **properties))
        for file, part in (("tamper_alarm", "-tamper-"), ("key_alarm", "-keys-"), ("use_alarm", "-use-"))
        for what, properties in (
            ("calls nobody", {"alarm_actions": None}),
            ("switched off", {"actions_enabled": False}),
        )
    ),
    *(
        Weakening("tamper_alarm", what, "kms.key_ending_raises_an_alarm", change)
        for what, change in (
            ("nothing counted", without(watch, "LogMetricFilter")),
            ("nothing alarms", without(watch, "MetricAlarm")),
            ("another metric", changed(watch, "MetricAlarm", metric_name="other")),
        )
    ),
    Weakening(
        "archive_table",
        "tables that everybody owns",
        "glue.database_leaves_access_to_lake_formation",
        changed(aws.glue, "CatalogDatabase", "-archive-", create_table_default_permissions=ANYBODYS_TABLES),
    ),
    *(
        Weakening("log_archive", what, guard, change)
        for what, guard, change in (
            ("no lock", "cloudtrail.trail_store_is_locked", without(s3, "BucketObjectLockConfiguration")),
            (
                "a year's lock",
                "cloudtrail.trail_store_is_locked_for_years",
                changed(s3, "BucketObjectLockConfiguration", rule=SHORT),
            ),
            (
                "no encryption",
                "s3.bucket_is_encrypted_with_own_key",
                without(s3, "BucketServerSideEncryptionConfiguration"),
            ),
            ("open to the public", "s3.bucket_blocks_public_access", without(s3, "BucketPublicAccessBlock")),
            ("readers unrecorded", "s3.bucket_logs_its_readers", without(s3, "BucketLogging")),
            (
                "anybody writes",
                "s3.bucket_names_whom_it_admits",
                rewritten("-policy", lambda one: {**open_ended(one), **ANYBODY} if "Trail" in one["Sid"] else one),
            ),
            ("anybody uses its key", "kms.key_is_used_through_services_only", rewritten("-key-key", open_ended)),
            ("a key without end", "kms.key_rotates", changed(aws.kms, "Key", "archivist", enable_key_rotation=False)),
        )
    ),
    Weakening(
        "restore_test",
        "no plan",
        "backup.restores_are_tested",
        without(backup, "RestoreTestingPlan"),
    ),
    Weakening(
        "restore_test",
        "no vault",
        "backup.restores_are_tested",
        changed(backup, "RestoreTestingPlan", recovery_point_selection={"algorithm": "LATEST_WITHIN_WINDOW"}),
    ),
    *(
        Weakening("restore_test", what, f"iam.{guard}", change)
        for what, guard, change in (
            (
                "anybody restores",
                "role_trust_names_its_takers",
                rewritten("tester-role", lambda one: {**one, **ANYBODY}),
            ),
            (
                "restores over everything",
                "policy_is_no_blank_cheque",
                rewritten("tester-restoreobjects", lambda one: {**one, "Action": ["s3:*"], "Resource": ["*"]}),
            ),
            (
                "opens every key",
                "policy_opens_named_keys_only",
                rewritten("tester-openbackups", lambda one: {**open_ended(one), "Resource": ["*"]}),
            ),
        )
    ),
    Weakening("budget", "no limit", "budgets.spending_has_a_limit", without(aws.budgets, "Budget")),
    Weakening(
        "budget",
        "told too late",
        "budgets.budget_tells_somebody",
        changed(aws.budgets, "Budget", notifications=ACTUAL_ONLY),
    ),
    Weakening(
        "budget",
        "topic without key",
        "sns.topic_is_encrypted_with_own_key",
        changed(aws.sns, "Topic", "-spend-", kms_master_key_id=None),
    ),
]
