"""Guards over the audit trail: that it runs everywhere, sees what matters, and cannot be taken away again."""

from __future__ import annotations

from core.finding import Severity
from core.graph import STACK, Graph
from core.resource import Resource
from core.value import Unknown
from core.verdict import (
    State,
    Verdict,
    all_of,
    any_of,
    at_least,
    equals,
    failed,
    is_one_of,
    is_true,
    not_applicable,
    passed,
    undecided,
)
from policies import tokens
from policies.event_selectors import covers, records_management
from policies.guard import guard
from policies.links import dark, each_companion, is_dark, is_not_off, uses_own_key
from policies.s3 import LOCK
from policies.tier import is_trial

S3_OBJECT, MODEL_CALL = "AWS::S3::Object", "AWS::SageMaker::Endpoint"
RETENTION = ("rule", "defaultRetention")
FINAL, REVOCABLE = "COMPLIANCE", "GOVERNANCE"


def unless_adopted(graph: Graph, verdict: Verdict) -> Verdict:
    """The verdict, or unknown where somebody else's trail is said to be there: what it does cannot be seen here."""
    adopted = graph.of_type(tokens.ADOPTED_TRAIL)
    return undecided(f"what {adopted[0].name} records cannot be seen: it is declared elsewhere") if adopted else verdict


@guard(
    "cloudtrail.trail_exists_and_runs",
    on=STACK,
    severity=Severity.CRITICAL,
    fix="Declare an AuditTrail component.",
)
def trail_exists_and_runs(stack: Resource, graph: Graph) -> Verdict:
    """Without a trail over all Regions nobody can say who did what, and another Region is where to hide first."""
    found = any_of(
        all_of([is_true(trail, "isMultiRegionTrail"), is_not_off(trail, "enableLogging")])
        for trail in graph.of_type(tokens.TRAIL)
    )
    if found.state in {State.PASS, State.UNKNOWN, State.FAIL}:
        return found
    return unless_adopted(graph, failed(f"{stack.name or 'the stack'} has no trail"))


@guard(
    "cloudtrail.trail_covers_every_region",
    on=tokens.TRAIL,
    severity=Severity.HIGH,
    fix="Set isMultiRegionTrail, and leave includeGlobalServiceEvents true.",
)
def trail_covers_every_region(trail: Resource) -> Verdict:
    """What happens in a Region that nobody uses, or in IAM, which has none, is what an intruder does first."""
    everywhere = is_not_off(trail, "includeGlobalServiceEvents")
    return all_of([is_true(trail, "isMultiRegionTrail"), everywhere])


@guard(
    "cloudtrail.trail_runs",
    on=tokens.TRAIL,
    severity=Severity.CRITICAL,
    fix="Leave enableLogging true.",
)
def trail_runs(trail: Resource) -> Verdict:
    """A trail that is declared but switched off looks like an audit log and records nothing."""
    return is_not_off(trail, "enableLogging")


@guard(
    "cloudtrail.trail_is_sealed",
    on=tokens.TRAIL,
    severity=Severity.HIGH,
    fix="Set enableLogFileValidation.",
)
def trail_is_sealed(trail: Resource) -> Verdict:
    """The signed chain of digests shows whether a log file was changed or removed; it is off unless asked for."""
    return is_true(trail, "enableLogFileValidation")


@guard(
    "cloudtrail.trail_is_encrypted_with_own_key",
    on=tokens.TRAIL,
    severity=Severity.HIGH,
    fix="Set kmsKeyId to the ARN of a Key component that admits CloudTrail.",
)
def trail_is_encrypted_with_own_key(trail: Resource, graph: Graph) -> Verdict:
    """The log tells who may reach what: reading it takes our key, not only access to a bucket."""
    return uses_own_key(graph, trail, "kmsKeyId")


@guard(
    "cloudtrail.trail_records_every_management_event",
    on=tokens.TRAIL,
    severity=Severity.CRITICAL,
    fix="Select eventCategory Management with neither readOnly nor an excluded event source.",
)
def trail_records_every_management_event(trail: Resource) -> Verdict:
    """Every use of a key is a read-only event of KMS: a trail of writes, or one without KMS, never shows who decrypted.

    Advanced selectors for data events alone replace the default, and then no management event is recorded at all.
    """
    return records_management(trail)


@guard(
    "cloudtrail.bucket_access_is_recorded",
    on=tokens.BUCKET,
    severity=Severity.HIGH,
    fix="Pass the bucket to the AuditTrail component among its `watched` buckets.",
)
def bucket_access_is_recorded(bucket: Resource, graph: Graph) -> Verdict:
    """Management events do not show who fetched which object; of data about people that is the question asked first."""
    held = bucket.get("tags", tokens.DATA_CLASS)
    if not is_dark(held) and held not in tokens.ABOUT_PEOPLE:
        return not_applicable("it is not tagged as holding data about people")
    recorded = any_of(covers(trail, S3_OBJECT, bucket) for trail in graph.of_type(tokens.TRAIL))
    if recorded.state is State.PASS:
        return recorded
    if is_dark(held):
        return dark(f"the data class of {bucket.name}", held)
    missed = failed(f"no trail records who reads objects of {bucket.name}")
    return recorded if recorded.state is State.UNKNOWN else unless_adopted(graph, missed)


@guard(
    "cloudtrail.model_calls_are_recorded",
    on=tokens.MODEL_ENDPOINT,
    severity=Severity.MEDIUM,
    fix="Select data events of AWS::SageMaker::Endpoint; the AuditTrail component does.",
)
def model_calls_are_recorded(endpoint: Resource, graph: Graph) -> Verdict:
    """Streaming calls of a model can be recorded by the trail; plain ones cannot, and need a log of their own."""
    recorded = any_of(covers(trail, MODEL_CALL) for trail in graph.of_type(tokens.TRAIL))
    if recorded.state in {State.PASS, State.UNKNOWN}:
        return recorded
    return unless_adopted(graph, failed(f"no trail records calls of {endpoint.name}"))


@guard(
    "cloudtrail.trail_reaches_a_log_group",
    on=tokens.TRAIL,
    severity=Severity.MEDIUM,
    fix="Set cloudWatchLogsGroupArn to the group of the AuditTrail component.",
)
def trail_reaches_a_log_group(trail: Resource, graph: Graph) -> Verdict:
    """Files in a bucket raise no alarm; from a log group an alarm goes out within minutes."""
    group, what = graph.linked(trail, "cloudWatchLogsGroupArn"), f"cloudWatchLogsGroupArn of {trail.name}"
    if isinstance(group, Unknown):
        return undecided(f"{what} names a log group that cannot be seen here")
    if group is None or group.type != tokens.LOG_GROUP:
        return failed(f"{what} must be the ARN of a log group")
    return passed(f"{what} is {group.name}")


@guard(
    "cloudtrail.trail_store_is_locked",
    on=tokens.TRAIL,
    severity=Severity.CRITICAL,
    fix="Deliver to a bucket with an object lock in COMPLIANCE mode and a number of days; AuditTrail's `lock` sets it.",
)
def trail_store_is_locked(trail: Resource, graph: Graph) -> Verdict:
    """Whoever gains the account's highest rights must still not be able to remove what shows how.

    In GOVERNANCE mode a permission ends the lock early, which only a trial environment (tier local or dev) may have.
    """
    store, what = graph.linked(trail, "s3BucketName"), f"s3BucketName of {trail.name}"
    if isinstance(store, Unknown):
        return undecided(f"{what} is a bucket that cannot be seen here")
    if store is None or store.type not in tokens.BUCKET:
        return failed(f"{what} must be a bucket of this program")
    trial = is_trial(graph, trail)

    def locked(lock: Resource) -> Verdict:
        final = equals(lock, FINAL, *RETENTION, "mode")
        if final.state is State.FAIL and trial is not False:
            softer = is_one_of(lock, (FINAL, REVOCABLE), *RETENTION, "mode")
            unsure = undecided(f"{final.reason}, unless this is a trial, which is not known yet")
            final = softer if trial or softer.state is State.FAIL else unsure
        return all_of([final, any_of(at_least(lock, 1, *RETENTION, period) for period in ("days", "years"))])

    return each_companion(graph, store, LOCK, locked)
