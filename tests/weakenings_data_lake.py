"""Each protection of the lake, its features and its keys, and the guard that must object when it is gone."""

from __future__ import annotations

import pulumi_aws as aws

from tests.weakening import Weakening, changed, open_ended, rewritten, unsaid

glue, lake, sagemaker = aws.glue, aws.lakeformation, aws.sagemaker
EVERYBODY = [{"permissions": ["ALL"], "principal": "IAM_ALLOWED_PRINCIPALS"}]
ANYBODYS_TABLES = [{"permissions": ["ALL"], "principal": {"data_lake_principal_identifier": "IAM_ALLOWED_PRINCIPALS"}}]
OWN_KEY = "arn:aws:kms:eu-central-1:123456789012:alias/aws/glue"
CATALOGUE, SECURITY = "DataCatalogEncryptionSettings", "SecurityConfiguration"

WEAKENINGS = [
    *(
        Weakening("catalogue_encryption", what, f"glue.{guard}", changed(glue, CATALOGUE, **{SETTINGS: held}))
        for SETTINGS in ("data_catalog_encryption_settings",)
        for what, guard, held in (
            (
                "not sealed",
                "catalogue_is_encrypted_with_own_key",
                {
                    "encryption_at_rest": {"catalog_encryption_mode": "DISABLED"},
                    "connection_password_encryption": {"return_connection_password_encrypted": True},
                },
            ),
            (
                "AWS's own key",
                "catalogue_is_encrypted_with_own_key",
                {
                    "encryption_at_rest": {"catalog_encryption_mode": "SSE-KMS", "sse_aws_kms_key_id": OWN_KEY},
                    "connection_password_encryption": {"return_connection_password_encrypted": True},
                },
            ),
            (
                "passwords in the clear",
                "connection_passwords_are_encrypted_with_own_key",
                {
                    "encryption_at_rest": {"catalog_encryption_mode": "SSE-KMS"},
                    "connection_password_encryption": {"return_connection_password_encrypted": False},
                },
            ),
        )
    ),
    *(
        Weakening(
            "data_lake", what, "glue.security_configuration_is_complete", changed(glue, SECURITY, **{FIELD: held})
        )
        for FIELD in ("encryption_configuration",)
        for what, held in (
            (
                "logs of jobs in the clear",
                {
                    "s3_encryption": {"s3_encryption_mode": "SSE-KMS"},
                    "cloudwatch_encryption": {"cloudwatch_encryption_mode": "DISABLED"},
                    "job_bookmarks_encryption": {"job_bookmarks_encryption_mode": "CSE-KMS"},
                },
            ),
            (
                "files under S3's key",
                {
                    "s3_encryption": {"s3_encryption_mode": "SSE-S3"},
                    "cloudwatch_encryption": {"cloudwatch_encryption_mode": "SSE-KMS"},
                    "job_bookmarks_encryption": {"job_bookmarks_encryption_mode": "CSE-KMS"},
                },
            ),
        )
    ),
    Weakening(
        "data_lake",
        "everybody's tables",
        "glue.database_leaves_access_to_lake_formation",
        changed(glue, "CatalogDatabase", create_table_default_permissions=ANYBODYS_TABLES),
    ),
    Weakening(
        "lake_settings",
        "everybody's databases",
        "lakeformation.settings_are_not_open_to_iam",
        changed(lake, "DataLakeSettings", create_database_default_permissions=EVERYBODY),
    ),
    Weakening(
        "lake_settings",
        "everybody's tables",
        "lakeformation.settings_are_not_open_to_iam",
        changed(lake, "DataLakeSettings", create_table_default_permissions=EVERYBODY),
    ),
    Weakening(
        "lake_settings",
        "no administrator",
        "lakeformation.settings_name_their_administrators",
        changed(lake, "DataLakeSettings", admins=[]),
    ),
    Weakening(
        "lake_settings",
        "others filter",
        "lakeformation.data_is_filtered_here",
        changed(lake, "DataLakeSettings", allow_external_data_filtering=True),
    ),
    Weakening(
        "data_lake",
        "IAM beside it",
        "lakeformation.location_is_reached_by_own_role",
        changed(lake, "Resource", hybrid_access_enabled=True),
    ),
    Weakening(
        "data_lake",
        "AWS's own role",
        "lakeformation.location_is_reached_by_own_role",
        changed(lake, "Resource", role_arn=None, use_service_linked_role=True),
    ),
    Weakening(
        "data_lake",
        "granted to everybody",
        "lakeformation.grant_is_for_one_principal",
        changed(lake, "Permissions", principal="IAM_ALLOWED_PRINCIPALS"),
    ),
    Weakening(
        "data_lake",
        "handed on",
        "lakeformation.grant_is_for_one_principal",
        changed(lake, "Permissions", permissions_with_grant_options=["SELECT"]),
    ),
    *(
        Weakening("query_workgroup", what, f"athena.{guard}", changed(aws.athena, "Workgroup", configuration=held))
        for what, guard, held in (
            (
                "set aside",
                "workgroup_enforces_its_settings",
                {"enforce_workgroup_configuration": False},
            ),
            (
                "answers in the clear",
                "workgroup_results_are_encrypted_with_own_key",
                {"result_configuration": {"output_location": "s3://answers/"}},
            ),
            (
                "answers anywhere",
                "workgroup_results_stay_in_own_bucket",
                {"bytes_scanned_cutoff_per_query": 10_000_000},
            ),
            ("no limit", "workgroup_limits_each_query", {"enforce_workgroup_configuration": True}),
            ("no report", "workgroup_reports_its_use", {"publish_cloudwatch_metrics_enabled": False}),
        )
    ),
    *(
        Weakening("feature_group", what, f"sagemaker.{guard}", changed(sagemaker, "FeatureGroup", **held))
        for what, guard, held in (
            (
                "AWS's key online",
                "online_features_are_encrypted_with_own_key",
                {"online_store_config": {"enable_online_store": True}},
            ),
            (
                "online for ever",
                "online_features_about_people_expire",
                {"online_store_config": {"enable_online_store": True}},
            ),
            (
                "AWS's key for the history",
                "feature_history_is_encrypted_with_own_key",
                {"offline_store_config": {"s3_storage_config": {"s3_uri": "s3://a/b"}, "table_format": "Iceberg"}},
            ),
            (
                "a history that only grows",
                "feature_history_can_be_erased",
                {"offline_store_config": {"s3_storage_config": {"s3_uri": "s3://a/b"}, "table_format": "Glue"}},
            ),
        )
    ),
    Weakening(
        "key",
        "copied anywhere",
        "kms.multi_region_key_is_copied_within_residency",
        rewritten(
            "-far-key", lambda one: open_ended(one) if one["Sid"] == "AccountCopies" else unsaid("NoCopyElsewhere")(one)
        ),
    ),
    Weakening(
        "replica_key",
        "elsewhere",
        "kms.copy_stays_in_residency",
        changed(aws.kms, "ReplicaKey", region="us-east-1"),
    ),
    Weakening(
        "replica_key",
        "may be used by anybody",
        "kms.key_policy_names_its_users",
        rewritten("-far-copy-copy", lambda one: {**open_ended(one), "Principal": {"AWS": "*"}}),
    ),
    Weakening(
        "replica_key",
        "gone in a week",
        "kms.key_deletion_waits",
        changed(aws.kms, "ReplicaKey", deletion_window_in_days=7),
    ),
    Weakening(
        "key",
        "administered and used in one",
        "kms.key_administration_is_apart_from_use",
        rewritten("-far-key", lambda one: {**one, "Action": ["kms:*"]}),
    ),
]
