"""Guards over what a trail notices besides single calls, and over how long its store is locked."""

from __future__ import annotations

from core.finding import Severity
from core.graph import Graph
from core.resource import Resource
from core.retention import AUDIT_DAYS
from core.value import Unknown, at
from core.verdict import State, Verdict, all_of, any_of, at_least, failed, holds, not_applicable, passed, undecided
from policies import tokens
from policies.cloudtrail import RETENTION
from policies.guard import guard
from policies.links import dark, each_companion, is_dark, listed
from policies.s3 import LOCK
from policies.tier import is_trial

RATES = ("ApiCallRateInsight", "ApiErrorRateInsight")
KEYS, REFUSED = "kms.amazonaws.com", "VpceAccessDenied"
CATEGORY = "NetworkActivity"
YEARS = -(-AUDIT_DAYS // 365)
"""Object Lock counts a year as 365 days."""


@guard(
    "cloudtrail.trail_notices_unusual_rates",
    on=tokens.TRAIL,
    severity=Severity.MEDIUM,
    fix="Select ApiCallRateInsight and ApiErrorRateInsight in insightSelectors; the AuditTrail component does.",
)
def trail_notices_unusual_rates(trail: Resource) -> Verdict:
    """No single call looks wrong when a stolen role copies everything; their number does."""
    held, what = trail.get("insightSelectors"), f"insightSelectors of {trail.name}"
    if is_dark(held):
        return dark(what, held)
    kinds = [at(selector, "insightType") for selector in listed(held)]

    def asked(rate: str) -> Verdict:
        found = any_of(holds(kind, lambda said: said == rate, what, f"with {rate}") for kind in kinds)
        return found if found.state in {State.PASS, State.UNKNOWN} else failed(f"{what} leave out {rate}")

    return all_of(asked(rate) for rate in RATES)


@guard(
    "cloudtrail.trail_records_calls_refused_by_endpoints",
    on=tokens.TRAIL,
    severity=Severity.MEDIUM,
    fix="Select eventCategory NetworkActivity of kms.amazonaws.com with errorCode VpceAccessDenied.",
)
def trail_records_calls_refused_by_endpoints(trail: Resource) -> Verdict:
    """A use of a key that an endpoint's policy refused stands in no other record: it is data trying to leave."""
    held, what = trail.get("advancedEventSelectors"), f"advancedEventSelectors of {trail.name}"
    if is_dark(held):
        return dark(what, held)
    found = any_of(_records_refusals(selector, trail) for selector in listed(held))
    if found.state in {State.PASS, State.UNKNOWN}:
        return found
    return failed(f"no selector of {trail.name} takes in what endpoints refuse of {KEYS}")


def _records_refusals(selector: object, trail: Resource) -> Verdict:
    """The selector takes in refused calls to KMS, and leaves none out by another field."""
    what = f"a selector of {trail.name}"
    fields = at(selector, "fieldSelectors")
    if is_dark(fields):
        return dark(what, fields)
    wanted = {"eventCategory": CATEGORY, "eventSource": KEYS, "errorCode": REFUSED}
    needed = {"eventCategory", "eventSource"}
    verdicts = [_allows(field, wanted, what) for field in listed(fields)]
    names = [at(field, "field") for field in listed(fields)]
    missing = [name for name in needed if name not in names]
    if missing and not any(map(is_dark, names)):
        verdicts.append(failed(f"{what} is not about refused calls"))
    return all_of(verdicts, f"{what} is empty")


def _allows(field: object, wanted: dict[str, str], what: str) -> Verdict:
    """Whether a condition on one field lets the events through that are wanted."""
    name = at(field, "field")
    if is_dark(name):
        return dark(f"a field in {what}", name)
    if name not in wanted:
        return failed(f"{what} takes in only some events, by {name}")
    return holds(at(field, "equals"), lambda said: wanted[name] in listed(said), f"{name} in {what}", wanted[name])


@guard(
    "cloudtrail.trail_store_is_locked_for_years",
    on=tokens.TRAIL,
    severity=Severity.HIGH,
    fix=f"Lock the store for {AUDIT_DAYS} days or more: raise `audit.keep_days` in the settings.",
)
def trail_store_is_locked_for_years(trail: Resource, graph: Graph) -> Verdict:
    """Six years after it was written the record may still be asked for (45 CFR 164.316(b)(2)(i)).

    A trial environment (tier local or dev) records nothing about anybody.
    """
    store, what = graph.linked(trail, "s3BucketName"), f"s3BucketName of {trail.name}"
    if isinstance(store, Unknown):
        return undecided(f"{what} is a bucket that cannot be seen here")
    if store is None or store.type not in tokens.BUCKET:
        return failed(f"{what} must be a bucket of this program")
    if (trial := is_trial(graph, trail)) is True:
        return not_applicable("it belongs to a trial environment")

    def long(lock: Resource) -> Verdict:
        return any_of([at_least(lock, AUDIT_DAYS, *RETENTION, "days"), at_least(lock, YEARS, *RETENTION, "years")])

    found = each_companion(graph, store, LOCK, long)
    if trial is None and found.state is State.FAIL:
        return undecided(f"{found.reason}, unless this is a trial, which is not known yet")
    return found if found.state is not State.PASS else passed(f"{store.name} is locked for {AUDIT_DAYS} days or more")
