"""What is set on a bucket, each by a resource of its own.

https://docs.aws.amazon.com/AmazonS3/latest/API/
"""

from __future__ import annotations

from twin.catalog.s3 import NO_BUCKET
from twin.entry import Call, Entry, Gap
from twin.forms import TAGS, Member, Moment, Shape, Usual, Wrapped
from twin.policy_form import POLICY
from twin.terms import ID, prop, reply

THE_BUCKET = prop("bucket")

VERSIONED = Call(
    "s3",
    "put_bucket_versioning",
    Bucket=THE_BUCKET,
    VersioningConfiguration={
        "Status": prop("versioningConfiguration.status"),
        "MFADelete": prop("versioningConfiguration.mfaDelete"),
    },
)
VERSIONING = Entry(
    "aws:s3/bucketVersioning:BucketVersioning",
    create=VERSIONED,
    identity=THE_BUCKET,
    update=(VERSIONED,),
    fixed=("bucket",),
    delete=(Call("s3", "put_bucket_versioning", Bucket=ID, VersioningConfiguration={"Status": "Suspended"}),),
    lasting="a bucket that once kept versions can only stop to keep new ones",
    read=(Call("s3", "get_bucket_versioning", Bucket=ID),),
    gone=NO_BUCKET,
    shows={
        "bucket": ID,
        "versioningConfiguration": reply("", Shape(status="Status", mfaDelete="MFADelete")),
    },
    gaps={"versioningConfiguration.mfaDelete": Gap("the answer leaves it out")},
)

SEALED = Shape(
    applyServerSideEncryptionByDefault=Member(
        "ApplyServerSideEncryptionByDefault", Shape(sseAlgorithm="SSEAlgorithm", kmsMasterKeyId="KMSMasterKeyID")
    ),
    bucketKeyEnabled="BucketKeyEnabled",
    blockedEncryptionTypes=Member("BlockedEncryptionTypes", Wrapped("EncryptionType")),
)
SEAL = Call(
    "s3",
    "put_bucket_encryption",
    Bucket=THE_BUCKET,
    ServerSideEncryptionConfiguration={"Rules": prop("rules", SEALED)},
)
ENCRYPTION = Entry(
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
    create=SEAL,
    identity=THE_BUCKET,
    update=(SEAL,),
    fixed=("bucket",),
    delete=(Call("s3", "delete_bucket_encryption", Bucket=ID),),
    read=(Call("s3", "get_bucket_encryption", Bucket=ID),),
    gone=(*NO_BUCKET, "ServerSideEncryptionConfigurationNotFoundError"),
    shows={"bucket": ID, "rules": reply("ServerSideEncryptionConfiguration.Rules", SEALED)},
    gaps={"rules[].blockedEncryptionTypes": Gap("the answer leaves them out")},
)

CLOSE = Call(
    "s3",
    "put_public_access_block",
    Bucket=THE_BUCKET,
    PublicAccessBlockConfiguration={
        "BlockPublicAcls": prop("blockPublicAcls"),
        "BlockPublicPolicy": prop("blockPublicPolicy"),
        "IgnorePublicAcls": prop("ignorePublicAcls"),
        "RestrictPublicBuckets": prop("restrictPublicBuckets"),
    },
)
PUBLIC_ACCESS_BLOCK = Entry(
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
    create=CLOSE,
    identity=THE_BUCKET,
    update=(CLOSE,),
    fixed=("bucket",),
    delete=(Call("s3", "delete_public_access_block", unless=prop("skipDestroy"), Bucket=ID),),
    read=(Call("s3", "get_public_access_block", Bucket=ID),),
    gone=(*NO_BUCKET, "NoSuchPublicAccessBlockConfiguration"),
    shows={
        "bucket": ID,
        "blockPublicAcls": reply("PublicAccessBlockConfiguration.BlockPublicAcls"),
        "blockPublicPolicy": reply("PublicAccessBlockConfiguration.BlockPublicPolicy"),
        "ignorePublicAcls": reply("PublicAccessBlockConfiguration.IgnorePublicAcls"),
        "restrictPublicBuckets": reply("PublicAccessBlockConfiguration.RestrictPublicBuckets"),
    },
    client=("skipDestroy",),
)

OWN = Call(
    "s3",
    "put_bucket_ownership_controls",
    Bucket=THE_BUCKET,
    OwnershipControls={"Rules": [{"ObjectOwnership": prop("rule.objectOwnership")}]},
)
OWNERSHIP = Entry(
    "aws:s3/bucketOwnershipControls:BucketOwnershipControls",
    create=OWN,
    identity=THE_BUCKET,
    update=(OWN,),
    fixed=("bucket",),
    delete=(Call("s3", "delete_bucket_ownership_controls", Bucket=ID),),
    read=(Call("s3", "get_bucket_ownership_controls", Bucket=ID),),
    gone=(*NO_BUCKET, "OwnershipControlsNotFoundError"),
    shows={"bucket": ID, "rule": reply("OwnershipControls.Rules[0]", Shape(objectOwnership="ObjectOwnership"))},
)

RULE_BY_POLICY = Call("s3", "put_bucket_policy", Bucket=THE_BUCKET, Policy=prop("policy", POLICY))
BUCKET_POLICY = Entry(
    "aws:s3/bucketPolicy:BucketPolicy",
    create=RULE_BY_POLICY,
    identity=THE_BUCKET,
    update=(RULE_BY_POLICY,),
    fixed=("bucket",),
    delete=(Call("s3", "delete_bucket_policy", Bucket=ID),),
    read=(Call("s3", "get_bucket_policy", Bucket=ID),),
    gone=(*NO_BUCKET, "NoSuchBucketPolicy"),
    shows={"bucket": ID, "policy": reply("Policy", POLICY)},
)

LOG = Call(
    "s3",
    "put_bucket_logging",
    Bucket=THE_BUCKET,
    BucketLoggingStatus={
        "LoggingEnabled": {"TargetBucket": prop("targetBucket"), "TargetPrefix": prop("targetPrefix")}
    },
)
LOGGING = Entry(
    "aws:s3/bucketLogging:BucketLogging",
    create=LOG,
    identity=THE_BUCKET,
    update=(LOG,),
    fixed=("bucket",),
    delete=(Call("s3", "put_bucket_logging", Bucket=ID, BucketLoggingStatus={}),),
    read=(Call("s3", "get_bucket_logging", Bucket=ID),),
    gone=NO_BUCKET,
    exists=reply("LoggingEnabled.TargetBucket"),
    shows={
        "bucket": ID,
        "targetBucket": reply("LoggingEnabled.TargetBucket"),
        "targetPrefix": reply("LoggingEnabled.TargetPrefix"),
    },
)

SIZES = {"objectSizeGreaterThan": "ObjectSizeGreaterThan", "objectSizeLessThan": "ObjectSizeLessThan"}
TAG = Shape(key="Key", value="Value")
WHICH_OBJECTS = Shape(
    prefix="Prefix",
    tag=Member("Tag", TAG),
    **{"and": Member("And", Shape(prefix="Prefix", tags=Member("Tags", TAGS), **SIZES))},
    **SIZES,
)
KEPT = Shape(
    id="ID",
    status="Status",
    prefix="Prefix",
    filter=Member("Filter", WHICH_OBJECTS),
    expiration=Member(
        "Expiration",
        Shape(days="Days", date=Member("Date", Moment()), expiredObjectDeleteMarker="ExpiredObjectDeleteMarker"),
    ),
    transitions=Member("Transitions", Shape(days="Days", date=Member("Date", Moment()), storageClass="StorageClass")),
    noncurrentVersionExpiration=Member(
        "NoncurrentVersionExpiration",
        Shape(noncurrentDays="NoncurrentDays", newerNoncurrentVersions="NewerNoncurrentVersions"),
    ),
    noncurrentVersionTransitions=Member(
        "NoncurrentVersionTransitions",
        Shape(
            noncurrentDays="NoncurrentDays",
            newerNoncurrentVersions="NewerNoncurrentVersions",
            storageClass="StorageClass",
        ),
    ),
    abortIncompleteMultipartUpload=Member(
        "AbortIncompleteMultipartUpload", Shape(daysAfterInitiation="DaysAfterInitiation")
    ),
)
KEEP = Call(
    "s3",
    "put_bucket_lifecycle_configuration",
    Bucket=THE_BUCKET,
    LifecycleConfiguration={"Rules": prop("rules", KEPT)},
    TransitionDefaultMinimumObjectSize=prop("transitionDefaultMinimumObjectSize"),
)
LIFECYCLE = Entry(
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
    create=KEEP,
    identity=THE_BUCKET,
    update=(KEEP,),
    fixed=("bucket",),
    delete=(Call("s3", "delete_bucket_lifecycle", Bucket=ID),),
    read=(Call("s3", "get_bucket_lifecycle_configuration", Bucket=ID),),
    gone=(*NO_BUCKET, "NoSuchLifecycleConfiguration"),
    shows={
        "bucket": ID,
        "rules": reply("Rules", KEPT),
        "transitionDefaultMinimumObjectSize": reply("TransitionDefaultMinimumObjectSize"),
    },
    computed=("transitionDefaultMinimumObjectSize",),
    client=("timeouts",),
    gaps={
        "transitionDefaultMinimumObjectSize": Gap("the answer leaves it out"),
        "rules[].noncurrentVersionExpiration.newerNoncurrentVersions": Gap("the answer leaves it out"),
        **{
            f"rules[].filter.{place}{size}": Gap("the answer leaves it out") for place in ("", "and.") for size in SIZES
        },
    },
)

LOCK = Call(
    "s3",
    "put_object_lock_configuration",
    Bucket=THE_BUCKET,
    ObjectLockConfiguration={
        "ObjectLockEnabled": prop("objectLockEnabled", default="Enabled"),
        "Rule": {
            "DefaultRetention": {
                "Mode": prop("rule.defaultRetention.mode"),
                "Days": prop("rule.defaultRetention.days"),
                "Years": prop("rule.defaultRetention.years"),
            }
        },
    },
)
HELD = Shape(
    defaultRetention=Member(
        "DefaultRetention", Shape(mode="Mode", days=Member("Days", Usual(0)), years=Member("Years", Usual(0)))
    )
)
OBJECT_LOCK = Entry(
    "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration",
    create=LOCK,
    identity=THE_BUCKET,
    update=(LOCK,),
    fixed=("bucket",),
    lasting="AWS has no call that removes an object lock",
    read=(Call("s3", "get_object_lock_configuration", Bucket=ID),),
    gone=(*NO_BUCKET, "ObjectLockConfigurationNotFoundError"),
    shows={
        "bucket": ID,
        "objectLockEnabled": reply("ObjectLockConfiguration.ObjectLockEnabled"),
        "rule": reply("ObjectLockConfiguration.Rule", HELD),
    },
    defaults={"objectLockEnabled": "Enabled"},
)

ENTRIES = (
    VERSIONING,
    ENCRYPTION,
    PUBLIC_ACCESS_BLOCK,
    OWNERSHIP,
    BUCKET_POLICY,
    LOGGING,
    LIFECYCLE,
    OBJECT_LOCK,
)
