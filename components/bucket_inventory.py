"""What lies in a bucket, listed every day or week: evidence of versions, encryption, locks and copies."""

from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_aws as aws

from components.bucket import Bucket
from components.bucket_policy import Writer, within
from components.component import Component
from components.key_policy import ITSELF
from components.place import Place
from components.policy_document import Statement, allow
from core.errors import BadInput
from core.naming import Name

LISTS = "s3.amazonaws.com"
FREQUENCIES = ("Daily", "Weekly")
TOLD = (
    *("Size", "LastModifiedDate", "StorageClass", "IntelligentTieringAccessTier", "ReplicationStatus"),
    *(
        "EncryptionStatus",
        "BucketKeyStatus",
        "ObjectLockRetainUntilDate",
        "ObjectLockMode",
        "ObjectLockLegalHoldStatus",
    ),
)
"""What is listed of each version, beside its key: https://docs.aws.amazon.com/AmazonS3/latest/API/API_InventoryConfiguration.html"""


def inventory_writer(place: Place, sources: str) -> Writer:
    """S3 delivers the lists of this account's buckets whose names begin with `sources`.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/example-bucket-policies.html#example-bucket-policies-s3-inventory-1
    The sources are made after the bucket for their lists, so they are named by what their names begin with.
    """
    owner = {"aws:SourceAccount": place.account, "s3:x-amz-acl": "bucket-owner-full-control"}
    given = {"StringEquals": owner, "ArnLike": {"aws:SourceArn": _buckets(place, sources)}}

    def statements(arn: pulumi.Output[str]) -> list[Statement]:
        return [allow("InventoriesDelivered", ["s3:PutObject"], [within(arn)], {"Service": LISTS}, given)]

    return Writer(LISTS, statements)


def for_inventories(place: Place, sources: str) -> list[Statement]:
    """S3 seals those lists with the key that has this statement among its `services`.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/configure-inventory.html#configure-inventory-kms-key-policy
    """
    source = {
        "StringEquals": {"aws:SourceAccount": place.account},
        "ArnLike": {"aws:SourceArn": _buckets(place, sources)},
    }
    return [allow("InventoriesSealed", ["kms:GenerateDataKey"], ITSELF, {"Service": LISTS}, source)]


def _buckets(place: Place, sources: str) -> str:
    return f"arn:{place.partition}:s3:::{sources}*"


@dataclass(frozen=True)
class BucketInventoryArgs:
    """Which bucket is listed, how often, and the bucket that gets the lists.

    That one has `inventory_writer` among its `writers`, and its key `for_inventories` among its `services`. Both are in
    one Region: S3 delivers no lists elsewhere.
    """

    place: Place
    bucket: Bucket
    lists: Bucket
    frequency: str = FREQUENCIES[0]


class BucketInventory(Component):
    """A daily or weekly list of every version of every object, sealed with our key, in another bucket of ours.

    A list is up to 48 hours behind, so it proves the past and not the present. Raises BadInput for lists that would go
    into what they list, into a bucket that does not admit them, one without a key of ours or with one that S3's
    inventory cannot use, one that takes access logs, one in another Region, and another frequency.
    """

    def __init__(self, name: Name, args: BucketInventoryArgs, parent: pulumi.Resource | None = None) -> None:
        if faults := _faults(args):
            msg = f"bucket inventory {name}: {'; '.join(faults)}"
            raise BadInput(msg)
        super().__init__("BucketInventory", name, parent)
        lists, key = args.lists, args.lists.args.key
        sealed: Any = {"sse_kms": {"key_id": key.arn}} if key else None
        aws.s3.Inventory(
            f"{name}-list",
            bucket=args.bucket.store.id,
            name=args.frequency.lower(),
            included_object_versions="All",
            schedule={"frequency": args.frequency},
            optional_fields=list(TOLD),
            destination={
                "bucket": {
                    "bucket_arn": lists.arn,
                    "account_id": args.place.account,
                    "format": "Parquet",
                    "prefix": str(args.bucket.name),
                    "encryption": sealed,
                }
            },
            opts=self.after(lists.policy),
        )
        self.done()


def _faults(args: BucketInventoryArgs) -> list[str]:
    """Why this inventory must not be made, a sentence each."""
    lists, key = args.lists.args, args.lists.args.key
    checks = [
        (args.frequency not in FREQUENCIES, f"frequency is {args.frequency!r}; S3 takes {' or '.join(FREQUENCIES)}"),
        (args.lists is args.bucket, "the lists would list themselves; give them a bucket of their own"),
        (
            not any(writer.service == LISTS for writer in lists.writers),
            "`lists` does not admit S3's inventory; give that bucket the writer `inventory_writer`",
        ),
        (not key, "`lists` has no key of ours; give that bucket one"),
        (
            key and not key.admits(LISTS),
            "the key of `lists` does not admit S3's inventory; give that key the services `for_inventories`",
        ),
        (
            key and key.args.place.region != args.place.region,
            "`lists` is in another Region; S3 delivers lists within one",
        ),
    ]
    return [said for wrong, said in checks if wrong]
