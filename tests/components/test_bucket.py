from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from components.bucket import Bucket
from components.object_lock import lock_for
from components.policy_document import allow
from components.role import Role, RoleArgs
from core.graph import Graph
from core.naming import Name
from core.value import Unknown
from tests.bucket_parts import BUCKET, CLOSED, EXPIRY, LOCKED, LOGGED, OPENED, OWNED, POLICY, SEALED, VERSIONS, one

Planned = Callable[[Callable[[], Any]], Graph]
Shelf = Callable[..., Bucket]


def test_a_bucket_is_closed_owned_versioned_and_named_by_aws(planned: Planned, root: Name, shelf: Shelf) -> None:
    graph = planned(lambda: shelf(root))
    closed = one(graph, CLOSED)
    flags = ("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets")
    assert all(closed.inputs[flag] is True for flag in flags)
    assert one(graph, f"{OWNED}:BucketOwnershipControls").get("rule", "objectOwnership") == "BucketOwnerEnforced"
    assert one(graph, VERSIONS).get("versioningConfiguration", "status") == "Enabled"
    assert "bucket" not in one(graph, BUCKET).inputs


def test_every_part_belongs_to_its_bucket(planned: Planned, root: Name, shelf: Shelf) -> None:
    graph = planned(lambda: shelf(root, lock=lock_for("prod", 30)))
    store = one(graph, BUCKET)
    for token in (CLOSED, SEALED, OPENED, VERSIONS, LOGGED, EXPIRY, LOCKED):
        assert graph.linked(one(graph, token), "bucket") == store, token


def test_data_is_sealed_with_the_key_it_was_given(planned: Planned, root: Name, shelf: Shelf) -> None:
    graph = planned(lambda: shelf(root))
    sealed = one(graph, SEALED)
    default = sealed.get("rules", 0, "applyServerSideEncryptionByDefault")
    assert default["sseAlgorithm"] == "aws:kms"
    assert isinstance(default["kmsMasterKeyId"], Unknown)
    assert sealed.get("rules", 0, "bucketKeyEnabled") is True
    assert sealed.get("rules", 0, "blockedEncryptionTypes") == ("SSE-C",)
    (key,) = graph.of_type("aws:kms/key:Key")
    assert key.urn in sealed.property_dependencies["rules"]


def test_objects_expire_and_their_versions_with_them(planned: Planned, root: Name, shelf: Shelf) -> None:
    keep, tidy = one(planned(lambda: shelf(root, keep_days=90, undo_days=7)), EXPIRY).inputs["rules"]
    assert (keep["expiration"]["days"], keep["noncurrentVersionExpiration"]["noncurrentDays"]) == (90, 7)
    assert tidy["expiration"] == {"expiredObjectDeleteMarker": True}
    assert tidy["abortIncompleteMultipartUpload"]["daysAfterInitiation"] == 7
    assert keep["status"] == tidy["status"] == "Enabled"


def test_aws_finds_each_part_in_the_order_it_needs(planned: Planned, root: Name, shelf: Shelf) -> None:
    graph = planned(lambda: shelf(root, lock=lock_for("prod", 30)))
    assert one(graph, CLOSED).urn in one(graph, OPENED).dependencies
    assert one(graph, VERSIONS).urn in one(graph, LOCKED).dependencies
    assert one(graph, LOCKED).urn in one(graph, EXPIRY).dependencies
    assert one(graph, OPENED, "access").urn in one(graph, LOGGED).dependencies


def test_reads_are_logged_into_the_log_bucket_under_the_buckets_name(
    planned: Planned, root: Name, shelf: Shelf
) -> None:
    graph = planned(lambda: shelf(root))
    logged = one(graph, LOGGED)
    assert graph.linked(logged, "targetBucket") == one(graph, BUCKET, "access")
    assert logged.inputs["targetPrefix"] == "strongroom-staging-raw/"


def test_the_store_says_what_class_of_data_it_holds(planned: Planned, root: Name, shelf: Shelf) -> None:
    tags = one(planned(lambda: shelf(root)), BUCKET).inputs["tags"]
    assert (tags["strongroom:data-class"], tags["strongroom:owner"]) == ("health", "platform")


def granted(planned: Planned, root: Name, shelf: Shelf, verb: str, *under: str) -> list[Mapping[str, Any]]:
    def program() -> None:
        trust = [allow("Run", ["sts:AssumeRole"], [], {"Service": "sagemaker.amazonaws.com"})]
        getattr(shelf(root), verb)(Role(root / "runner", RoleArgs(trust, "runs")), *under)

    graph = planned(program)
    (policy,) = graph.of_type(POLICY)
    document = graph.document(policy)
    assert isinstance(document, Mapping)
    return list(document["Statement"])


def actions(said: list[Mapping[str, Any]]) -> set[str]:
    return {action for statement in said for action in statement["Action"]}


def test_reading_is_fetching_and_opening_and_nothing_more(planned: Planned, root: Name, shelf: Shelf) -> None:
    assert actions(granted(planned, root, shelf, "grant_read")) == {"s3:GetObject", "kms:Decrypt"}


def test_writing_includes_what_an_upload_in_parts_needs(planned: Planned, root: Name, shelf: Shelf) -> None:
    said = actions(granted(planned, root, shelf, "grant_write"))
    assert {"s3:PutObject", "s3:AbortMultipartUpload", "kms:GenerateDataKey", "kms:Decrypt"} <= said
    assert not {"s3:GetObject", "s3:DeleteObject", "s3:ListBucket"} & said


def test_listing_opens_no_object(planned: Planned, root: Name, shelf: Shelf) -> None:
    (statement,) = granted(planned, root, shelf, "grant_list", "incoming/")
    assert statement["Action"] == ("s3:ListBucket",)
    assert statement["Condition"] == {"StringLike": {"s3:prefix": "incoming/*"}}


def test_a_grant_can_be_narrowed_to_a_folder(made: Planned, root: Name, shelf: Shelf) -> None:
    statement = granted(made, root, shelf, "grant_read", "models/triage/")[0]
    assert statement["Resource"] == ("arn:aws:s3:::strongroom-staging-raw-store-1a2b3c4/models/triage/*",)
    assert statement["Sid"] == "ReadStrongroomStagingRawModelsTriage"
