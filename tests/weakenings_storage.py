"""Protections of what is stored, and how a hurried change would take each of them away."""

from __future__ import annotations

from typing import Any

import pulumi_aws as aws

from components.access_point import AccessPoint, AccessPointArgs
from components.annex import Annex, AnnexArgs
from components.bucket_events import BucketEvents, BucketEventsArgs
from components.bucket_inventory import BucketInventory, BucketInventoryArgs, for_inventories, inventory_writer
from components.object_lock import lock_for
from components.parameter import Parameter, ParameterArgs
from components.replica import Replica, ReplicaArgs
from components.secret import Rotation, Secret, SecretArgs
from components.table import Table, TableArgs, for_tables
from core.retention import DataClass
from tests.storage_ground import AWAY, HERE, RESIDENCY, Ground, secret_word
from tests.weakening import Weakening, changed, open_ended, rewritten, unsaid, without

s3, dynamodb, secrets, ssm = aws.s3, aws.dynamodb, aws.secretsmanager, aws.ssm


def stored(ground: Ground) -> None:
    """One of each, with every protection that it has."""
    name, home, logs, text = ground.name, ground.home, ground.logs(), str(ground.name)
    raw = ground.bucket("raw", logs, lock=lock_for("prod", 30))
    away = Annex(name / "away", AnnexArgs(HERE, AWAY, RESIDENCY, text, 365), home)
    limit = HERE.arn("iam", "policy/limit", "")
    Replica(
        name / "copied",
        ReplicaArgs(raw, HERE, AWAY, RESIDENCY, away.access_logs, limit, away.provider),
        home,
    )
    listing = ground.key("lists", services=for_inventories(HERE, text))
    lists = ground.bucket("lists", logs, key=listing, writers=[inventory_writer(HERE, text)])
    BucketInventory(name / "inventory", BucketInventoryArgs(HERE, raw, lists), home)
    BucketEvents(name / "news", BucketEventsArgs(raw), home)
    AccessPoint(name / "door", AccessPointArgs(HERE, raw, "vpc-0a1b2c3d4e5f60718"), home)
    key = ground.key("visits", "dynamodb", "secretsmanager", "ssm", services=for_tables(HERE))
    Table(name / "visits", TableArgs(DataClass.HEALTH, 365, key), home)
    rotation = Rotation(HERE.arn("lambda", "function:rotate"))
    Secret(name / "login", SecretArgs(HERE, key, "Opens the database", rotation), home)
    Parameter(name / "address", ParameterArgs(HERE, key, "Where the database is", secret_word()), home)


def rule(**changes: Any) -> dict[str, Any]:
    """A replication that has lost something."""
    opted = {"sse_kms_encrypted_objects": {"status": "Enabled"}}
    target = {"bucket": "arn:aws:s3:::elsewhere"}
    return {"rules": [{"status": "Enabled", "source_selection_criteria": opted, "destination": target, **changes}]}


def replicas(region: str) -> list[Any]:
    return [{"region_name": region}]


PLAIN_LIST = {"bucket": {"bucket_arn": "arn:aws:s3:::lists", "format": "Parquet"}}
TOPIC = [{"topic_arn": "arn:aws:sns:eu-central-1:444455556666:news", "events": ["s3:ObjectCreated:*"]}]

WEAKENINGS = [
    Weakening(
        "replica",
        "a Region outside",
        "s3.copy_stays_in_residency",
        changed(aws, "Provider", "away", region="us-east-1"),
    ),
    *(
        Weakening("replica", what, f"s3.{guard}", change)
        for what, guard, change in (
            ("no key", "copy_is_encrypted_with_own_key", changed(s3, "BucketReplicationConfig", **rule())),
            (
                "not opted in",
                "copy_is_encrypted_with_own_key",
                changed(s3, "BucketReplicationConfig", **rule(source_selection_criteria=None)),
            ),
            (
                "key of another Region",
                "copy_is_encrypted_with_own_key",
                changed(aws.kms, "Key", "copied-key", region="eu-central-1"),
            ),
        )
    ),
    Weakening(
        "replica",
        "copy without lock",
        "s3.copy_of_what_is_locked_is_locked",
        changed(s3, "BucketObjectLockConfiguration", "copied-copy", bucket="another"),
    ),
    Weakening(
        "bucket_inventory",
        "no key",
        "s3.inventory_is_encrypted_with_own_key",
        changed(s3, "Inventory", destination=PLAIN_LIST),
    ),
    Weakening(
        "bucket_inventory",
        "lost",
        "s3.inventory_goes_to_own_bucket",
        changed(s3, "Inventory", destination={"bucket": {}}),
    ),
    Weakening(
        "bucket_events",
        "told to a stranger",
        "s3.news_goes_through_eventbridge",
        changed(s3, "BucketNotification", topics=TOPIC),
    ),
    Weakening(
        "access_point",
        "no network",
        "s3.access_point_is_for_a_network",
        changed(s3, "AccessPoint", vpc_configuration=None),
    ),
    Weakening(
        "access_point",
        "public",
        "s3.access_point_blocks_public_access",
        changed(s3, "AccessPoint", public_access_block_configuration={"block_public_policy": False}),
    ),
    *(
        Weakening("table", what, f"dynamodb.{guard}", changed(dynamodb, "Table", **properties))
        for what, guard, properties in (
            ("no key", "table_is_encrypted_with_own_key", {"server_side_encryption": None}),
            ("no way back", "table_can_be_had_back", {"point_in_time_recovery": None}),
            ("unprotected", "table_outlives_its_stack", {"deletion_protection_enabled": False}),
            ("for ever", "table_lets_items_expire", {"ttl": None}),
            ("a copy outside", "table_stays_in_residency", {"replicas": replicas("us-east-1")}),
        )
    ),
    *(
        Weakening("secret", what, f"secretsmanager.{guard}", change)
        for what, guard, change in (
            ("no key", "secret_is_encrypted_with_own_key", changed(secrets, "Secret", kms_key_id=None)),
            ("no rotation", "secret_is_rotated", without(secrets, "SecretRotation")),
            (
                "rotated once a year",
                "secret_is_rotated",
                changed(secrets, "SecretRotation", rotation_rules={"automatically_after_days": 365}),
            ),
            ("no policy", "secret_is_for_its_account_only", without(secrets, "SecretPolicy")),
            ("other accounts", "secret_is_for_its_account_only", rewritten("login-policy", unsaid("OnlyThisAccount"))),
            ("in the clear", "secret_refuses_plain_http", rewritten("login-policy", unsaid("OnlyOverTls"))),
            ("gone at once", "secret_deletion_waits", changed(secrets, "Secret", recovery_window_in_days=0)),
            (
                "a copy outside",
                "secret_stays_in_residency",
                changed(secrets, "Secret", replicas=[{"region": "us-east-1"}]),
            ),
        )
    ),
    *(
        Weakening("parameter", what, "ssm.parameter_is_encrypted_with_own_key", changed(ssm, "Parameter", **properties))
        for what, properties in (("a plain String", {"type": "String"}), ("AWS's own key", {"key_id": None}))
    ),
    Weakening(
        "key",
        "key for the whole account",
        "kms.key_is_used_through_services_only",
        rewritten("visits-key-key", open_ended),
    ),
]
