"""Guards over what seals a bucket's objects, and where a key of ours must not."""

from __future__ import annotations

from core.finding import Severity
from core.graph import Graph
from core.resource import Resource
from core.value import Unknown
from core.verdict import Verdict, all_of, any_of, equals, failed, holds, is_one_of, not_applicable, passed, undecided
from policies import tokens
from policies.guard import guard
from policies.links import (
    Kind,
    companions,
    dark,
    each_companion,
    is_dark,
    key_bears_class,
    listed,
    strays,
    unless,
    uses_own_key,
)
from policies.s3 import BUCKET_POLICY, LOCK, LOGGING, TAKES_LOGS, takes_access_logs
from policies.statement import Statement, some_statement

ENCRYPTION = Kind(tokens.BUCKET_ENCRYPTION, "bucket", "default encryption", "serverSideEncryptionConfiguration")
DEFAULT = ("rules", 0, "applyServerSideEncryptionByDefault")
KMS_ALGORITHMS = ("aws:kms", "aws:kms:dsse")
S3_ALGORITHM = "AES256"
CALLERS_KEY = "SSE-C"
KEY_HEADER = "s3:x-amz-server-side-encryption-aws-kms-key-id"
OTHER_KEY = frozenset({"stringnotequals", "stringnotequalsifexists", "arnnotequals", "arnnotequalsifexists"})
"""Condition operators by which a Deny refuses every key but one. An absent header must get through: S3 adds the
bucket's default only afterwards. https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html"""


@guard(
    "s3.bucket_is_encrypted_with_own_key",
    on=tokens.BUCKET,
    severity=Severity.HIGH,
    fix="Pass a Key component to the Bucket as `key`.",
)
def bucket_is_encrypted_with_own_key(bucket: Resource, graph: Graph) -> Verdict:
    """Who may not use our key cannot read the data, whatever they may do to the bucket; a key of AWS's stops nobody."""

    def sealed(settings: Resource) -> Verdict:
        algorithm = is_one_of(settings, KMS_ALGORITHMS, *DEFAULT, "sseAlgorithm")
        return all_of([algorithm, uses_own_key(graph, settings, *DEFAULT, "kmsMasterKeyId")])

    verdict = each_companion(graph, bucket, ENCRYPTION, sealed)
    return unless(takes_access_logs(graph, bucket), verdict, TAKES_LOGS)


@guard(
    "s3.bucket_key_bears_its_class",
    on=tokens.BUCKET,
    severity=Severity.MEDIUM,
    fix="Tag the key strongroom:data-class like the bucket: (name / 'key').tagged(data_class=...).",
)
def bucket_key_bears_its_class(bucket: Resource, graph: Graph) -> Verdict:
    """The permission boundary reads the class off the key: without it, whoever is granted the key is not asked."""

    def marked(settings: Resource) -> Verdict:
        return key_bears_class(graph, bucket.get("tags", tokens.DATA_CLASS), settings, *DEFAULT, "kmsMasterKeyId")

    return each_companion(graph, bucket, ENCRYPTION, marked, not_applicable("no key of ours seals it"))


@guard(
    "s3.bucket_refuses_other_encryption",
    on=tokens.BUCKET,
    severity=Severity.MEDIUM,
    fix="Block SSE-C in the default encryption, and deny s3:PutObject to everyone who names another key.",
)
def bucket_refuses_other_encryption(bucket: Resource, graph: Graph) -> Verdict:
    """Who overwrites data under a key of their own holds it to ransom: nobody else can ever read it again."""

    def refuses(statement: Statement) -> Verdict:
        return all_of(
            [
                statement.has_effect("Deny"),
                statement.is_for_everyone(),
                statement.includes("Action", "s3:PutObject"),
                names_own_key(graph, statement),
                statement.tests_only(KEY_HEADER),
            ]
        )

    def blocked(settings: Resource) -> Verdict:
        kinds, what = settings.get("rules", 0, "blockedEncryptionTypes"), f"blockedEncryptionTypes of {settings.name}"
        if is_dark(kinds):
            return dark(what, kinds)
        return any_of(
            [holds(kind, lambda said: said == CALLERS_KEY, what, CALLERS_KEY) for kind in listed(kinds)]
            or [failed(f"{what} is not set")]
        )

    def guarded(policy: Resource) -> Verdict:
        return some_statement(graph, policy, refuses, "does not deny everyone to put objects under another key")

    verdict = all_of(
        [each_companion(graph, bucket, ENCRYPTION, blocked), each_companion(graph, bucket, BUCKET_POLICY, guarded)]
    )
    return unless(takes_access_logs(graph, bucket), verdict, TAKES_LOGS)


def names_own_key(graph: Graph, statement: Statement) -> Verdict:
    """The condition refuses every key but one that is named, or that comes from this program though not known yet."""
    what, keys = f"condition on {KEY_HEADER} in {statement.place}", statement.tested(KEY_HEADER, OTHER_KEY)
    owned = {key.urn for key in graph.of_type(*tokens.OWN_KEYS)}
    found = [
        passed(f"{what} names a key of ours")
        if isinstance(key, Unknown) and {part.rpartition(".")[0] or part for part in key.source.split(", ")} <= owned
        else holds(key, lambda said: "*" not in said, what, "the ARN of one key")
        for key in keys
    ]
    return all_of(found) if found else failed(f"{statement.place} has no {what}")


@guard(
    "s3.access_log_store_can_be_read",
    on=tokens.BUCKET,
    severity=Severity.MEDIUM,
    fix="Send access logs to a bucket of their own, encrypted with AES256 and without a default lock.",
)
def access_log_store_can_be_read(bucket: Resource, graph: Graph) -> Verdict:
    """Into a bucket with our key or a lock S3 delivers logs that nobody can read, or none, and complains of neither."""

    def plain(settings: Resource) -> Verdict:
        return equals(settings, S3_ALGORITHM, *DEFAULT, "sseAlgorithm")

    def unlocked(lock: Resource) -> Verdict:
        held, what = lock.get("rule"), f"rule of {lock.name}"
        if is_dark(held):
            return dark(what, held)
        return failed(f"{what} locks what is delivered") if held else passed(f"{what} is not set")

    if not companions(graph, bucket, LOGGING.tokens, "targetBucket"):
        if strays(graph, LOGGING.tokens, "targetBucket"):
            return undecided(f"whether {bucket.name} takes access logs is not known yet")
        return not_applicable("no bucket logs here")
    sealed = each_companion(graph, bucket, ENCRYPTION, plain, passed("S3's own key is the default"))
    return all_of([sealed, each_companion(graph, bucket, LOCK, unlocked, passed("it is not locked"))])
