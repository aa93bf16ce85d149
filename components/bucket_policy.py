"""What a bucket policy says: what is refused to everybody, and which services may write."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pulumi

from components.place import Place
from components.policy_document import Statement, allow, deny

ANYONE = {"AWS": "*"}
"""The same as "*", in the form that every reader of policies understands:
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html"""
ACCESS_LOGS = "logging.s3.amazonaws.com"
TRAIL = "cloudtrail.amazonaws.com"
SSE, SSE_KEY = "s3:x-amz-server-side-encryption", "s3:x-amz-server-side-encryption-aws-kms-key-id"
KMS = "aws:kms"
Arn = pulumi.Output[str]


@dataclass(frozen=True)
class Writer:
    """A service that writes into a bucket, and the statements it needs for that, given the bucket's ARN."""

    service: str
    statements: Callable[[Arn], list[Statement]]


def within(arn: Arn, under: str = "") -> Arn:
    """The objects of the bucket whose keys begin so, all of them by default."""
    return pulumi.Output.concat(arn, "/", under, "*")


def only_over_tls(arn: Arn) -> Statement:
    """Nobody reads or writes in the clear, neither the bucket nor its objects."""
    given = {"Bool": {"aws:SecureTransport": "false"}}
    return deny("OnlyOverTls", ["s3:*"], [arn, within(arn)], ANYONE, given)


def only_under_key(arn: Arn, key_arn: Arn) -> list[Statement]:
    """Nobody asks for another encryption than the bucket's own; who asks for nothing gets it by default.

    The policy sees the request, not the default that is applied later, so only a wrong header may be refused, never
    an absent one: that would shut out every writer that relies on the default. A negated operator, with or without
    `IfExists`, is true of an absent header, so `Null` has to ask first whether there is one:
    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
    `aws:kms` without a key means AWS's own key, not the bucket's:
    https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html
    """
    objects, put = [within(arn)], ["s3:PutObject"]
    nameless: dict[str, Any] = {"StringEquals": {SSE: KMS}, "Null": {SSE_KEY: "true"}}
    return [
        deny("NoOtherEncryption", put, objects, ANYONE, {"StringNotEquals": {SSE: KMS}, "Null": {SSE: "false"}}),
        deny("NoOtherKey", put, objects, ANYONE, {"StringNotEquals": {SSE_KEY: key_arn}, "Null": {SSE_KEY: "false"}}),
        deny("NoNamelessKey", put, objects, ANYONE, nameless),
    ]


def locked_at_most(arn: Arn, days: int) -> Statement:
    """Nobody locks an object for longer than the platform does: no later erasure could reach it.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock-managing.html
    """
    given = {"NumericGreaterThan": {"s3:object-lock-remaining-retention-days": str(days)}}
    return deny("NoLongerLock", ["s3:PutObjectRetention"], [within(arn)], ANYONE, given)


def never_hidden(arn: Arn) -> Statement:
    """Nobody deletes: a lock keeps the version, but a delete marker on top of it makes evidence look absent.

    A marker can come from another bucket too, by replication. Lifecycle rules are not bound by bucket policies, so
    expiry still works:
    https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-policies.html
    """
    deletes = ["s3:DeleteObject", "s3:DeleteObjectVersion", "s3:ReplicateDelete"]
    return deny("NobodyDeletes", deletes, [within(arn)], ANYONE)


def access_log_writer(place: Place, sources: str) -> Writer:
    """S3 delivers the access logs of this account's buckets whose names begin with `sources`.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-server-access-logging.html
    The sources are made after their target, so they are named by what their names begin with.
    """
    given = {
        "StringEquals": {"aws:SourceAccount": place.account},
        "ArnLike": {"aws:SourceArn": f"arn:{place.partition}:s3:::{sources}*"},
    }

    def statements(arn: Arn) -> list[Statement]:
        said = allow("AccessLogsDelivered", ["s3:PutObject"], [], {"Service": ACCESS_LOGS}, given)
        # One text, not a list of one: the local cloud looks for it in this form before it lets anybody log here.
        return [{**said, "Resource": within(arn)}]

    return Writer(ACCESS_LOGS, statements)
