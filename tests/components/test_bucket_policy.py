from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from components.bucket import Bucket
from components.log_archive import Sender, delivery_of
from components.object_lock import lock_for
from components.place import Place
from core.graph import Graph
from core.naming import Name
from tests.bucket_parts import BUCKET, LOCKED, LOGGED, SEALED, one, statements

Planned = Callable[[Callable[[], Any]], Graph]
Shelf = Callable[..., Bucket]


def test_nobody_comes_in_the_clear(planned: Planned, root: Name, shelf: Shelf) -> None:
    denial = statements(planned(lambda: shelf(root)))["OnlyOverTls"]
    assert (denial["Effect"], denial["Principal"], denial["Action"]) == ("Deny", {"AWS": "*"}, ("s3:*",))
    assert denial["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
    assert len(denial["Resource"]) == 2


def test_a_wrong_encryption_is_refused_but_a_missing_header_is_not(planned: Planned, root: Name, shelf: Shelf) -> None:
    said = statements(planned(lambda: shelf(root)))
    algorithm, key = said["NoOtherEncryption"]["Condition"], said["NoOtherKey"]["Condition"]
    header = "s3:x-amz-server-side-encryption"
    assert algorithm == {"StringNotEquals": {header: "aws:kms"}, "Null": {header: "false"}}
    assert list(key["StringNotEquals"]) == [f"{header}-aws-kms-key-id"]
    assert key["Null"] == {f"{header}-aws-kms-key-id": "false"}, "a negated operator is true of an absent header"
    nameless = said["NoNamelessKey"]["Condition"]
    assert nameless["StringEquals"] == {"s3:x-amz-server-side-encryption": "aws:kms"}, "only who asks for KMS by name"


def test_a_bucket_for_access_logs_is_plain_and_unlocked_and_admits_s3(
    planned: Planned, root: Name, shelf: Shelf, place: Place
) -> None:
    graph = planned(lambda: shelf(root))
    default = one(graph, SEALED, "access").get("rules", 0, "applyServerSideEncryptionByDefault")
    assert default == {"sseAlgorithm": "AES256"}
    assert not [r for r in graph.of_type(LOCKED, LOGGED) if "-access-" in r.name]
    said = statements(graph, "access")
    assert set(said) == {"OnlyOverTls", "AccessLogsDelivered"}
    assert said["AccessLogsDelivered"]["Principal"] == {"Service": "logging.s3.amazonaws.com"}
    assert said["AccessLogsDelivered"]["Condition"] == {
        "StringEquals": {"aws:SourceAccount": place.account},
        "ArnLike": {"aws:SourceArn": "arn:aws:s3:::strongroom-staging*"},
    }


def test_cloudtrail_writes_its_own_trail_and_nothing_else(
    planned: Planned, root: Name, shelf: Shelf, place: Place
) -> None:
    trail = Sender(place, "audit")
    said = statements(planned(lambda: shelf(root, writers=[delivery_of(trail)])))
    assert said["TrailWrites"]["Condition"]["StringEquals"] == {
        "aws:SourceArn": "arn:aws:cloudtrail:eu-central-1:123456789012:trail/audit",
        "s3:x-amz-acl": "bucket-owner-full-control",
    }
    assert said["TrailChecksOwner"]["Action"] == ("s3:GetBucketAcl",)


@pytest.mark.parametrize(
    ("tier", "mode", "final"),
    [
        ("prod", "COMPLIANCE", True),
        ("staging", "COMPLIANCE", True),
        ("dev", "GOVERNANCE", False),
        ("local", "GOVERNANCE", False),
    ],
)
def test_the_tier_decides_whether_a_lock_is_final(
    planned: Planned, root: Name, shelf: Shelf, tier: str, mode: str, *, final: bool
) -> None:
    graph = planned(lambda: shelf(root, lock=lock_for(tier, 30)))
    assert one(graph, LOCKED).get("rule", "defaultRetention") == {"mode": mode, "days": 30}
    assert one(graph, BUCKET).inputs["objectLockEnabled"] is True
    denial = statements(graph).get("NobodyDeletes", {})
    assert ("s3:ReplicateDelete" in denial.get("Action", ())) is final


def test_nobody_locks_for_longer_than_the_bucket_does(planned: Planned, root: Name, shelf: Shelf) -> None:
    denial = statements(planned(lambda: shelf(root, lock=lock_for("dev", 30))))["NoLongerLock"]
    assert denial["Condition"] == {"NumericGreaterThan": {"s3:object-lock-remaining-retention-days": "30"}}
