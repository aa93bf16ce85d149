from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from components.bucket import Bucket
from components.bucket_events import BucketEvents, BucketEventsArgs
from components.bucket_inventory import BucketInventory, BucketInventoryArgs, for_inventories, inventory_writer
from core.errors import BadInput
from core.retention import DataClass
from core.verdict import State
from tests.storage_ground import AWAY, HERE, Ground, objections, one, planned, statements

BUCKET, INVENTORY = "aws:s3/bucket:Bucket", "aws:s3/inventory:Inventory"
NEWS = "aws:s3/bucketNotification:BucketNotification"
SOURCES = {"aws:SourceArn": "arn:aws:s3:::strongroom-prod*"}


def lists(ground: Ground, logs: Bucket, **given_args: Any) -> Bucket:
    name = str(ground.name)
    place = given_args.pop("place", HERE)
    services = given_args.pop("services", for_inventories(HERE, name))
    usual: dict[str, Any] = {"data_class": DataClass.INTERNAL, "writers": [inventory_writer(HERE, name)]}
    key = ground.key("lists", place=place, services=services)
    return ground.bucket("lists", logs, key=key, **{**usual, **given_args})


def inventory(ground: Ground, **given_args: Any) -> BucketInventory:
    logs = ground.logs()
    bucket = ground.bucket("raw", logs, **given_args.pop("of", {}))
    args = BucketInventoryArgs(HERE, bucket, lists(ground, logs, **given_args))
    return BucketInventory(ground.name / "raw-list", args, ground.home)


def test_every_version_is_listed_daily_into_another_bucket_under_our_key() -> None:
    graph = planned(inventory)
    made, to = one(graph, INVENTORY), ("destination", "bucket")
    assert (made.get("schedule", "frequency"), made.get("includedObjectVersions")) == ("Daily", "All")
    assert graph.linked(made, "bucket") == one(graph, BUCKET, "raw-store")
    assert graph.linked(made, *to, "bucketArn") == one(graph, BUCKET, "lists-store")
    assert graph.linked(made, *to, "encryption", "sseKms", "keyId") == one(graph, "aws:kms/key:Key", "lists")
    assert {"ObjectLockMode", "EncryptionStatus", "ReplicationStatus"} <= set(made.get("optionalFields"))


def test_s3_may_deliver_and_seal_the_lists_of_this_environment_only() -> None:
    graph = planned(inventory)
    delivered = statements(graph, one(graph, "aws:s3/bucketPolicy:BucketPolicy", "lists"))["InventoriesDelivered"]
    sealed = statements(graph, one(graph, "aws:kms/key:Key", "lists"))["InventoriesSealed"]
    for said in (delivered, sealed):
        assert said["Principal"] == {"Service": "s3.amazonaws.com"}
        assert said["Condition"]["ArnLike"] == SOURCES
        assert said["Condition"]["StringEquals"]["aws:SourceAccount"] == HERE.account


@pytest.mark.parametrize(
    ("given_args", "message"),
    [
        ({"writers": []}, "does not admit S3's inventory; give that bucket the writer"),
        ({"services": ()}, "the key of `lists` does not admit S3's inventory"),
        ({"place": AWAY}, "`lists` is in another Region"),
    ],
)
def test_lists_that_would_never_arrive_are_refused(given_args: dict[str, Any], message: str) -> None:
    with pytest.raises(BadInput, match=f"bucket inventory strongroom-prod-raw-list: .*{message}"):
        planned(lambda ground: inventory(ground, **given_args))


def test_a_bucket_does_not_take_its_own_lists() -> None:
    def program(ground: Ground) -> None:
        own = lists(ground, ground.logs())
        BucketInventory(ground.name / "own", BucketInventoryArgs(HERE, own, own), ground.home)

    with pytest.raises(BadInput, match="would list themselves"):
        planned(program)


def test_lists_without_a_key_of_ours_are_refused() -> None:
    def program(ground: Ground) -> None:
        logs = ground.logs()
        BucketInventory(ground.name / "l", BucketInventoryArgs(HERE, ground.bucket("raw", logs), logs), ground.home)

    with pytest.raises(BadInput, match="`lists` has no key of ours"):
        planned(program)


def test_news_of_objects_goes_to_eventbridge_and_nowhere_else() -> None:
    graph = planned(
        lambda ground: BucketEvents(
            ground.name / "news", BucketEventsArgs(ground.bucket("raw", ground.logs())), ground.home
        )
    )
    made = one(graph, NEWS)
    assert set(made.inputs) == {"bucket", "eventbridge"}
    assert made.get("eventbridge") is True
    assert objections(graph, State.FAIL, State.UNKNOWN) == []


def test_log_files_are_no_news() -> None:
    with pytest.raises(BadInput, match="bucket events strongroom-prod-news: the bucket takes access logs"):
        planned(lambda ground: BucketEvents(ground.name / "news", BucketEventsArgs(ground.logs()), ground.home))


@settings(max_examples=15, deadline=None)
@given(data_class=st.sampled_from(DataClass), keep_days=st.integers(1, 3650), undo_days=st.integers(1, 60))
def test_no_inventory_fails_a_guard(data_class: DataClass, keep_days: int, undo_days: int) -> None:
    of = {"data_class": data_class, "undo_days": undo_days}
    graph = planned(lambda ground: inventory(ground, of=of, keep_days=keep_days))
    assert objections(graph, State.FAIL, State.UNKNOWN) == []
