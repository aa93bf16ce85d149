"""Where a bucket's objects, their list and news of them go, and who comes in by which door.

https://docs.aws.amazon.com/AmazonS3/latest/API/
"""

from __future__ import annotations

from typing import Any

from twin.catalog.s3 import NO_BUCKET
from twin.entry import Call, Entry, Gap
from twin.forms import BAG, TAGS, Form, Member, Shape
from twin.policy_form import POLICY
from twin.terms import ID, Built, dropped, first_of, prop, reply

THE_BUCKET = prop("bucket")
STATUS = Shape(status="Status")

COPIED = Shape(
    id="ID",
    priority="Priority",
    status="Status",
    filter=Member("Filter", Shape(prefix="Prefix")),
    deleteMarkerReplication=Member("DeleteMarkerReplication", STATUS),
    sourceSelectionCriteria=Member(
        "SourceSelectionCriteria", Shape(sseKmsEncryptedObjects=Member("SseKmsEncryptedObjects", STATUS))
    ),
    destination=Member(
        "Destination",
        Shape(
            bucket="Bucket",
            storageClass="StorageClass",
            encryptionConfiguration=Member("EncryptionConfiguration", Shape(replicaKmsKeyId="ReplicaKmsKeyID")),
        ),
    ),
)
COPY = Call(
    "s3",
    "put_bucket_replication",
    Bucket=THE_BUCKET,
    ReplicationConfiguration={"Role": prop("role"), "Rules": prop("rules", COPIED)},
)
REPLICATION = Entry(
    "aws:s3/bucketReplicationConfig:BucketReplicationConfig",
    create=COPY,
    identity=THE_BUCKET,
    update=(COPY,),
    fixed=("bucket",),
    delete=(Call("s3", "delete_bucket_replication", Bucket=ID),),
    read=(Call("s3", "get_bucket_replication", Bucket=ID),),
    gone=(*NO_BUCKET, "ReplicationConfigurationNotFoundError"),
    shows={
        "bucket": ID,
        "role": reply("ReplicationConfiguration.Role"),
        "rules": reply("ReplicationConfiguration.Rules", COPIED),
    },
    gaps={"rules[].sourceSelectionCriteria": Gap("the answer leaves it out")},
)

LISTED_TO = Shape(
    bucket=Member(
        "S3BucketDestination",
        Shape(
            bucketArn="Bucket",
            accountId="AccountId",
            format="Format",
            prefix="Prefix",
            encryption=Member("Encryption", Shape(sseKms=Member("SSEKMS", Shape(keyId="KeyId")))),
        ),
    )
)


def listed(*, enabled: object) -> Call:
    """The call that says what is listed, where to, and whether it is."""
    return Call(
        "s3",
        "put_bucket_inventory_configuration",
        Bucket=THE_BUCKET,
        Id=prop("name"),
        InventoryConfiguration={
            "Id": prop("name"),
            "IsEnabled": enabled,
            "IncludedObjectVersions": prop("includedObjectVersions"),
            "Schedule": {"Frequency": prop("schedule.frequency")},
            "OptionalFields": prop("optionalFields", BAG),
            "Destination": prop("destination", LISTED_TO),
        },
    )


LIST = listed(enabled=prop("enabled", default=True))
INVENTORY = Entry(
    "aws:s3/inventory:Inventory",
    create=LIST,
    identity=Built("{bucket}:{name}"),
    update=(LIST,),
    fixed=("bucket", "name"),
    delete=(listed(enabled=False),),
    lasting="asked to remove an inventory, moto 5.2.5 removes the whole bucket, so the inventory is switched off",
    read=(Call("s3", "get_bucket_inventory_configuration", Bucket=THE_BUCKET, Id=prop("name")),),
    gone=(*NO_BUCKET, "NoSuchConfiguration"),
    shows={
        "bucket": THE_BUCKET,
        "name": reply("InventoryConfiguration.Id"),
        "enabled": reply("InventoryConfiguration.IsEnabled"),
        "includedObjectVersions": reply("InventoryConfiguration.IncludedObjectVersions"),
        "schedule": reply("InventoryConfiguration.Schedule", Shape(frequency="Frequency")),
        "optionalFields": reply("InventoryConfiguration.OptionalFields", BAG),
        "destination": reply("InventoryConfiguration.Destination", LISTED_TO),
    },
    defaults={"enabled": True},
)


class Presence(Form):
    """A switch that the API writes as an empty structure, or not at all."""

    def encode(self, value: object) -> object:
        """Empty, for on."""
        return {} if value else None

    def decode(self, value: object) -> object:
        """On when it is there."""
        return None if value is None else True


PRESENT = Presence()
TELL = Call(
    "s3",
    "put_bucket_notification_configuration",
    Bucket=THE_BUCKET,
    NotificationConfiguration=first_of({"EventBridgeConfiguration": prop("eventbridge", PRESENT)}, {}),
)
NOTIFICATION = Entry(
    "aws:s3/bucketNotification:BucketNotification",
    create=TELL,
    identity=THE_BUCKET,
    update=(TELL,),
    fixed=("bucket",),
    delete=(Call("s3", "put_bucket_notification_configuration", Bucket=ID, NotificationConfiguration={}),),
    lasting="the answer says of no bucket whether it tells EventBridge",
    read=(Call("s3", "get_bucket_notification_configuration", Bucket=ID),),
    gone=NO_BUCKET,
    shows={"bucket": ID, "eventbridge": reply("EventBridgeConfiguration", PRESENT)},
    gaps={"eventbridge": Gap("the answer leaves it out")},
)

OWNER = Built("{account}")
POINT: dict[str, Any] = {"AccountId": OWNER, "Name": ID}
POINT_ARN = Built("arn:{partition}:s3:{region}:{account}:accesspoint/{id}")
RULE_BY_POLICY = Call(
    "s3control", "put_access_point_policy", when=prop("policy"), Policy=prop("policy", POLICY), **POINT
)
TAGGED: dict[str, Any] = {"AccountId": OWNER, "ResourceArn": POINT_ARN}
TAG = Call("s3control", "tag_resource", when=prop("tags"), Tags=prop("tags", TAGS), **TAGGED)
ACCESS_POINT = Entry(
    "aws:s3/accessPoint:AccessPoint",
    create=Call(
        "s3control",
        "create_access_point",
        AccountId=OWNER,
        Name=prop("name"),
        Bucket=THE_BUCKET,
        VpcConfiguration={"VpcId": prop("vpcConfiguration.vpcId")},
        PublicAccessBlockConfiguration={
            "BlockPublicAcls": prop("publicAccessBlockConfiguration.blockPublicAcls"),
            "BlockPublicPolicy": prop("publicAccessBlockConfiguration.blockPublicPolicy"),
            "IgnorePublicAcls": prop("publicAccessBlockConfiguration.ignorePublicAcls"),
            "RestrictPublicBuckets": prop("publicAccessBlockConfiguration.restrictPublicBuckets"),
        },
    ),
    identity=prop("name"),
    then=(RULE_BY_POLICY, TAG),
    update=(Call("s3control", "untag_resource", when=dropped("tags"), TagKeys=dropped("tags"), **TAGGED),),
    fixed=("name", "bucket", "vpcConfiguration", "publicAccessBlockConfiguration"),
    delete=(Call("s3control", "delete_access_point", **POINT),),
    read=(
        Call("s3control", "get_access_point", **POINT),
        Call("s3control", "get_access_point_policy", tolerates=("NoSuchAccessPointPolicy",), **POINT),
        Call("s3control", "list_tags_for_resource", **TAGGED),
    ),
    gone=("NoSuchAccessPoint",),
    shows={
        "name": ID,
        "bucket": reply("Bucket"),
        "vpcConfiguration": reply("VpcConfiguration", Shape(vpcId="VpcId")),
        "publicAccessBlockConfiguration": reply(
            "PublicAccessBlockConfiguration",
            Shape(
                blockPublicAcls="BlockPublicAcls",
                blockPublicPolicy="BlockPublicPolicy",
                ignorePublicAcls="IgnorePublicAcls",
                restrictPublicBuckets="RestrictPublicBuckets",
            ),
        ),
        "policy": reply("Policy", POLICY),
        "tags": reply("Tags", TAGS),
    },
    outputs={"arn": POINT_ARN, "alias": reply("Alias"), "networkOrigin": reply("NetworkOrigin")},
    alone=("name",),
)

ENTRIES = (REPLICATION, INVENTORY, NOTIFICATION, ACCESS_POINT)
