"""Guards over buckets. AWS keeps a bucket's properties in resources of their own, so most look at a companion."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from core.finding import Severity
from core.graph import Graph
from core.resource import Resource
from core.value import Unknown
from core.verdict import (
    Verdict,
    all_of,
    any_of,
    equals,
    failed,
    holds,
    is_true,
    not_applicable,
    passed,
    undecided,
)
from policies import tokens
from policies.guard import guard
from policies.links import Kind, companions, dark, each_companion, is_dark, is_not_on, listed, strays, unless
from policies.statement import TRUTH, Statement, allowing_only, every_statement, some_statement
from policies.tier import is_trial

LIFECYCLE = Kind(tokens.BUCKET_LIFECYCLE, "bucket", "lifecycle", "lifecycleRules")
LOCK = Kind(tokens.BUCKET_LOCK, "bucket", "object lock", "objectLockConfiguration")
LOGGING = Kind(tokens.BUCKET_LOGGING, "bucket", "access log", "logging")
OWNERSHIP = Kind(tokens.BUCKET_OWNERSHIP, "bucket", "ownership controls")
BUCKET_POLICY = Kind(tokens.BUCKET_POLICY, "bucket", "policy", "policy")
PUBLIC_ACCESS = Kind(tokens.BUCKET_PUBLIC_ACCESS, "bucket", "public access block")
VERSIONING = Kind(tokens.BUCKET_VERSIONING, "bucket", "versioning", "versioning")

PUBLIC_FLAGS = ("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets")
TAKES_LOGS = not_applicable("it takes access logs, which S3 delivers under its own key only and never about themselves")


def takes_access_logs(graph: Graph, bucket: Resource) -> bool | None:
    """Whether other buckets log here, None when that cannot be told; what holds data about people is never excused."""
    held = bucket.get("tags", tokens.DATA_CLASS)
    if held in tokens.ABOUT_PEOPLE:
        return False
    if any(
        graph.linked(found, "bucket") != bucket for found in companions(graph, bucket, LOGGING.tokens, "targetBucket")
    ):
        return None if is_dark(held) else True
    return None if strays(graph, LOGGING.tokens, "targetBucket") else False


@guard(
    "s3.bucket_blocks_public_access",
    on=tokens.BUCKET,
    severity=Severity.CRITICAL,
    fix="Declare a BucketPublicAccessBlock with all four flags true; every Bucket component has one.",
)
def bucket_blocks_public_access(bucket: Resource, graph: Graph) -> Verdict:
    """One careless policy or ACL must not open the data to the world: the block overrides both."""

    def closed(block: Resource) -> Verdict:
        return all_of(is_true(block, flag) for flag in PUBLIC_FLAGS)

    return each_companion(graph, bucket, PUBLIC_ACCESS, closed)


@guard(
    "s3.bucket_ignores_acls",
    on=tokens.BUCKET,
    severity=Severity.HIGH,
    fix="Declare BucketOwnershipControls with BucketOwnerEnforced; every Bucket component has them.",
)
def bucket_ignores_acls(bucket: Resource, graph: Graph) -> Verdict:
    """Access lists on single objects grant rights that no policy shows, so they are switched off."""

    def owned(controls: Resource) -> Verdict:
        return equals(controls, "BucketOwnerEnforced", "rule", "objectOwnership")

    return each_companion(graph, bucket, OWNERSHIP, owned)


@guard(
    "s3.bucket_keeps_versions",
    on=tokens.BUCKET,
    severity=Severity.HIGH,
    fix="Declare BucketVersioning with status Enabled; every Bucket component has it.",
)
def bucket_keeps_versions(bucket: Resource, graph: Graph) -> Verdict:
    """What is overwritten or deleted, by mistake or by malice, can be fetched back."""

    def kept(versioning: Resource) -> Verdict:
        return equals(versioning, "Enabled", "versioningConfiguration", "status")

    return each_companion(graph, bucket, VERSIONING, kept)


@guard(
    "s3.bucket_refuses_plain_http",
    on=tokens.BUCKET,
    severity=Severity.HIGH,
    fix="Deny s3:* to everyone on the bucket and its objects when aws:SecureTransport is false.",
)
def bucket_refuses_plain_http(bucket: Resource, graph: Graph) -> Verdict:
    """S3 answers without TLS unless the bucket's policy forbids it, and then data crosses networks in the clear."""

    def refuses(statement: Statement) -> Verdict:
        return all_of(
            [
                statement.has_effect("Deny"),
                statement.is_for_everyone(),
                statement.includes("Action", "s3:*"),
                covers_bucket_and_objects(statement, bucket),
                statement.demands("aws:SecureTransport", TRUTH, lambda said: str(said).lower() == "false", "false"),
                statement.tests_only("aws:SecureTransport"),
            ]
        )

    def tls_only(policy: Resource) -> Verdict:
        return some_statement(graph, policy, refuses, "does not deny everyone access without TLS")

    return each_companion(graph, bucket, BUCKET_POLICY, tls_only)


def covers_bucket_and_objects(statement: Statement, bucket: Resource) -> Verdict:
    """Its Resource takes in the bucket and every object in it.

    S3 accepts no Resource in a bucket's policy but the bucket or something in it, so two unknown ones that come from
    this bucket count as the pair of them; how far the second one reaches is judged again when it is known.
    """
    what, items = f"Resource of {statement.place}", listed(statement.get("Resource"))
    hidden = [item for item in items if isinstance(item, Unknown)]
    if any(item == "*" for item in items):
        return passed(f"{what} is everything")
    if hidden and len(items) > 1 and all(bucket.urn in item.source for item in hidden):
        return passed(f"{what} is the bucket and what is in it")
    return all_of(
        any_of(
            [holds(item, lambda said, form=form: bool(re.search(form, said)), what, wide) for item in items]
            or [failed(f"{what} is not set")]
        )
        for form, wide in ((r"^[^/]+$", "the bucket"), (r"^[^/]+/\*$", "every object in the bucket"))
    )


@guard(
    "s3.bucket_names_whom_it_admits",
    on=tokens.BUCKET,
    severity=Severity.CRITICAL,
    fix="Name the roles or services in each Allow; give other access through a grant on the Bucket component.",
)
def bucket_names_whom_it_admits(bucket: Resource, graph: Graph) -> Verdict:
    """An Allow for everybody makes the data public, or leaves it to one condition whether it is."""

    def named(policy: Resource) -> Verdict:
        return every_statement(graph, policy, allowing_only(Statement.names_whom_it_allows))

    return each_companion(graph, bucket, BUCKET_POLICY, named, passed("without a policy it admits nobody of its own"))


@guard(
    "s3.bucket_logs_its_readers",
    on=tokens.BUCKET,
    severity=Severity.MEDIUM,
    fix="Pass the bucket that takes access logs to the Bucket component as `access_logs`.",
)
def bucket_logs_its_readers(bucket: Resource, graph: Graph) -> Verdict:
    """After a breach the first question is who read what; without an access log there is no answer."""

    def logged(logging: Resource) -> Verdict:
        target, what = graph.linked(logging, "targetBucket"), f"targetBucket of {logging.name}"
        if target is None:
            return failed(f"{what} is not set")
        if isinstance(target, Unknown):
            return undecided(f"{what} cannot be seen here")
        if target.urn == bucket.urn or target.type not in tokens.BUCKET:
            return failed(f"{what} must be another bucket: logs about themselves never end")
        return passed(f"{bucket.name} is logged to {target.name}")

    return unless(takes_access_logs(graph, bucket), each_companion(graph, bucket, LOGGING, logged), TAKES_LOGS)


@guard(
    "s3.bucket_outlives_its_stack",
    on=tokens.BUCKET,
    severity=Severity.HIGH,
    fix="Leave forceDestroy false; a trial environment (tier local or dev) may set it.",
)
def bucket_outlives_its_stack(bucket: Resource, graph: Graph) -> Verdict:
    """One `destroy` of the wrong stack must not take the data along, locked versions included."""
    kept, trial = is_not_on(bucket, "forceDestroy"), is_trial(graph, bucket)
    return unless(trial, kept, not_applicable("it belongs to a trial, whose data may go with it"))


@guard(
    "s3.bucket_lets_objects_expire",
    on=tokens.BUCKET,
    severity=Severity.MEDIUM,
    fix="Give the Bucket component `keep_days`: its lifecycle lets objects and their old versions expire.",
)
def bucket_lets_objects_expire(bucket: Resource, graph: Graph) -> Verdict:
    """Data nobody needs any more is only a risk, and where versions are kept, deleting alone removes nothing."""

    def expires(lifecycle: Resource) -> Verdict:
        rules = lifecycle.get("rules")
        if is_dark(rules):
            return dark(f"rules of {lifecycle.name}", rules)
        return all_of(
            any_of(
                [_sets(lifecycle, number, *path) for number, _ in enumerate(listed(rules))]
                or [failed(f"rules of {lifecycle.name} is not set")]
            )
            for path in (("expiration", "days"), ("noncurrentVersionExpiration", "noncurrentDays"))
        )

    return each_companion(graph, bucket, LIFECYCLE, expires)


def _sets(lifecycle: Resource, number: int, *path: str) -> Verdict:
    """Whether this rule of a lifecycle is on, concerns every object, and sets this period."""
    at, what = ("rules", number), f"rules[{number}] of {lifecycle.name}"
    prefixes = (("filter", "prefix"), ("prefix",))
    return all_of(
        [
            equals(lifecycle, "Enabled", *at, "status"),
            *_whole(lifecycle.get(*at, "filter"), f"filter of {what}"),
            *(holds(lifecycle.get(*at, *prefix), _is_empty, f"prefix of {what}", "empty") for prefix in prefixes),
            holds(lifecycle.get(*at, *path), lambda days: bool(days) and days > 0, f"{path[-1]} of {what}", "days"),
        ]
    )


def _is_empty(value: Any) -> bool:
    return value in {None, ""}


def _whole(said: Any, what: str) -> list[Verdict]:
    """A filter by anything but an empty prefix leaves objects out."""
    if is_dark(said):
        return [dark(what, said)]
    others = [value for key, value in said.items() if key != "prefix"] if isinstance(said, Mapping) else []
    return [holds(value, lambda given: given in (None, "", (), {}), what, "for every object") for value in others]
