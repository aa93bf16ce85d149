"""Buckets.

https://docs.aws.amazon.com/AmazonS3/latest/API/
"""

from __future__ import annotations

from twin.entry import Call, Entry, Named
from twin.forms import TAGS, Flag
from twin.terms import ID, Built, RegionUnless, item, prop, reply

FIRST_REGION = "us-east-1"
"""CreateBucket refuses it as a LocationConstraint, and demands one everywhere else.
https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucket.html"""
NO_BUCKET = ("NoSuchBucket", "404")

BUCKET = Entry(
    "aws:s3/bucket:Bucket",
    create=Call(
        "s3",
        "create_bucket",
        Bucket=prop("bucket"),
        CreateBucketConfiguration={"LocationConstraint": RegionUnless(FIRST_REGION)},
        ObjectLockEnabledForBucket=prop("objectLockEnabled"),
    ),
    identity=prop("bucket"),
    named=Named("bucket", 63),
    then=(Call("s3", "put_bucket_tagging", when=prop("tags"), Bucket=ID, Tagging={"TagSet": prop("tags", TAGS)}),),
    update=(Call("s3", "delete_bucket_tagging", unless=prop("tags"), Bucket=ID),),
    delete=(
        Call("s3", "list_object_versions", when=prop("forceDestroy"), Bucket=ID),
        *(
            Call("s3", "delete_object", each=reply(kind), Bucket=ID, Key=item("Key"), VersionId=item("VersionId"))
            for kind in ("Versions", "DeleteMarkers")
        ),
        Call("s3", "delete_bucket", Bucket=ID),
    ),
    release={"forceDestroy": True},
    read=(
        Call("s3", "head_bucket", Bucket=ID),
        Call("s3", "get_bucket_tagging", Bucket=ID, tolerates=("NoSuchTagSet",)),
        Call("s3", "get_object_lock_configuration", Bucket=ID, tolerates=("ObjectLockConfigurationNotFoundError",)),
    ),
    gone=NO_BUCKET,
    shows={
        "bucket": ID,
        "objectLockEnabled": reply("ObjectLockConfiguration.ObjectLockEnabled", Flag("Enabled", "Disabled")),
        "tags": reply("TagSet", TAGS),
    },
    outputs={
        "arn": Built("arn:{partition}:s3:::{id}"),
        "bucketDomainName": Built("{id}.s3.amazonaws.com"),
        "bucketRegionalDomainName": Built("{id}.s3.{region}.amazonaws.com"),
        "region": reply("BucketRegion"),
    },
    computed=("objectLockEnabled",),
    client=("forceDestroy",),
)

ENTRIES = (BUCKET,)
