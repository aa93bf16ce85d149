"""Guards over the places where questions to the lake are asked."""

from __future__ import annotations

from core.finding import Severity
from core.graph import Graph
from core.resource import Resource
from core.value import Unknown
from core.verdict import State, Verdict, all_of, any_of, at_least, failed, is_one_of, is_set, is_true, passed, undecided
from policies import tokens
from policies.guard import guard
from policies.links import dark, is_dark, is_not_off, uses_own_key

SETTINGS = "configuration"
RESULTS = (SETTINGS, "resultConfiguration")
MANAGED = (SETTINGS, "managedQueryResultsConfiguration")
SEALED = ("SSE_KMS", "CSE_KMS")
LEAST_BYTES = 10_000_000
"""https://docs.aws.amazon.com/athena/latest/APIReference/API_WorkGroupConfiguration.html"""


def _configured(group: Resource, verdict: Verdict) -> Verdict:
    """The verdict, for a workgroup that has settings at all."""
    settings = group.get(SETTINGS)
    if settings is None:
        return failed(f"{SETTINGS} of {group.name} is not set, so who asks chooses all of it")
    return dark(f"{SETTINGS} of {group.name}", settings) if is_dark(settings) else verdict


@guard(
    "athena.workgroup_enforces_its_settings",
    on=tokens.WORKGROUP,
    severity=Severity.HIGH,
    fix="Leave enforceWorkgroupConfiguration true.",
)
def workgroup_enforces_its_settings(group: Resource) -> Verdict:
    """Where it is off, who asks may have the answers written anywhere, and in the clear."""
    return _configured(group, is_not_off(group, SETTINGS, "enforceWorkgroupConfiguration"))


@guard(
    "athena.workgroup_results_are_encrypted_with_own_key",
    on=tokens.WORKGROUP,
    severity=Severity.HIGH,
    fix="Set resultConfiguration.encryptionConfiguration to SSE_KMS with a Key component's ARN; QueryWorkgroup does.",
)
def workgroup_results_are_encrypted_with_own_key(group: Resource, graph: Graph) -> Verdict:
    """Each answer is a copy of what was asked for, and lies apart from the table and its rules."""
    ours = all_of(
        [
            is_one_of(group, SEALED, *RESULTS, "encryptionConfiguration", "encryptionOption"),
            uses_own_key(graph, group, *RESULTS, "encryptionConfiguration", "kmsKeyArn"),
        ]
    )
    managed = all_of(
        [
            is_true(group, *MANAGED, "enabled"),
            uses_own_key(graph, group, *MANAGED, "encryptionConfiguration", "kmsKey"),
        ]
    )
    best = any_of([ours, managed])
    return _configured(group, ours if best.state is State.FAIL else best)


@guard(
    "athena.workgroup_results_stay_in_own_bucket",
    on=tokens.WORKGROUP,
    severity=Severity.MEDIUM,
    fix="Set outputLocation to a Bucket component and expectedBucketOwner to this account; QueryWorkgroup does.",
)
def workgroup_results_stay_in_own_bucket(group: Resource, graph: Graph) -> Verdict:
    """A bucket of that name in another account would take the answers just as well."""
    bucket, what = _bucket_of(group, graph), f"outputLocation of {group.name}"
    if bucket is None:
        found = failed(f"{what} is not set")
    elif isinstance(bucket, Unknown) or bucket.type in tokens.KNOWN:
        found = undecided(f"{what} is a place that cannot be seen here")
    else:
        ours = bucket.type in tokens.BUCKET
        found = passed(f"{what} is in {bucket.name}") if ours else failed(f"{what} is no bucket")
    kept = any_of(
        [is_true(group, *MANAGED, "enabled"), all_of([found, is_set(group, *RESULTS, "expectedBucketOwner")])]
    )
    return _configured(group, kept)


def _bucket_of(group: Resource, graph: Graph) -> Resource | Unknown | None:
    """The bucket that the answers go to: by its link, or, where the place is known, by the name in it."""
    bucket, place = graph.linked(group, *RESULTS, "outputLocation"), group.get(*RESULTS, "outputLocation")
    if not isinstance(bucket, Unknown) or not isinstance(place, str):
        return bucket
    name = place.removeprefix("s3://").partition("/")[0]
    named = [found for found in graph.of_type(*tokens.BUCKET) if name in {found.get("bucket"), found.get("id")}]
    return named[0] if len(named) == 1 else bucket


@guard(
    "athena.workgroup_limits_each_query",
    on=tokens.WORKGROUP,
    severity=Severity.LOW,
    fix="Set bytesScannedCutoffPerQuery; 10 MB is the least that Athena takes.",
)
def workgroup_limits_each_query(group: Resource) -> Verdict:
    """A question that reads everything is a mistake or a theft, and is stopped before it is paid for."""
    return _configured(group, at_least(group, LEAST_BYTES, SETTINGS, "bytesScannedCutoffPerQuery"))


@guard(
    "athena.workgroup_reports_its_use",
    on=tokens.WORKGROUP,
    severity=Severity.LOW,
    fix="Leave publishCloudwatchMetricsEnabled true.",
)
def workgroup_reports_its_use(group: Resource) -> Verdict:
    """How much is read, and by how many questions, is the first sign of somebody copying the lake."""
    return _configured(group, is_not_off(group, SETTINGS, "publishCloudwatchMetricsEnabled"))
