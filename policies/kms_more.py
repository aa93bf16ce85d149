"""Guards over keys: who administers them, where copies of them may be, and whether their end is noticed."""

from __future__ import annotations

from typing import Any

from core.finding import Severity
from core.graph import STACK, Graph
from core.resource import Resource
from core.verdict import State, Verdict, all_of, any_of, failed, holds, not_applicable, undecided
from policies import tokens
from policies.guard import guard
from policies.kms import USE, of_policy
from policies.links import dark, is_dark, listed
from policies.statement import EQUAL, Statement, some_statement
from policies.whereabouts import is_at_home, region_of, residency_of

ADMINISTRATION = ("kms:PutKeyPolicy", "kms:ScheduleKeyDeletion", "kms:DisableKey")
"""Actions that decide over a key as a whole."""
COPYING, REPLICA_REGION = "kms:ReplicateKey", "kms:ReplicaRegion"
UNEQUAL = frozenset({"stringnotequals", "stringnotlike", "stringnotequalsignorecase"})
ENDING = ("DisableKey", "ScheduleKeyDeletion")


@guard(
    "kms.key_administration_is_apart_from_use",
    on=tokens.KEY_AND_COPY,
    severity=Severity.HIGH,
    fix="Say in one statement who administers the key and in another who uses it, as the Key component does.",
)
def key_administration_is_apart_from_use(key: Resource, graph: Graph) -> Verdict:
    """Who keeps the keys must not thereby read the data, and who reads the data must not be able to destroy it."""

    def apart(statement: Statement) -> Verdict:
        return any_of([statement.avoids("Action", USE), statement.avoids("Action", ADMINISTRATION)])

    return of_policy(graph, key, apart)


@guard(
    "kms.multi_region_key_is_copied_within_residency",
    on=tokens.KEY,
    severity=Severity.HIGH,
    fix="Deny kms:ReplicateKey but for kms:ReplicaRegion in the residency set; Copies of the Key component does.",
)
def multi_region_key_is_copied_within_residency(key: Resource, graph: Graph) -> Verdict:
    """A copy of a key in another country opens there all that was ever sealed with it here."""
    many, what = key.get("multiRegion"), f"multiRegion of {key.name}"
    if many is None or many is False:
        return not_applicable("it is a key of one Region; KMS never lets one become more")
    homes = residency_of(graph, key)
    if not isinstance(homes, tuple):
        return homes
    bounded = any_of([_refused_elsewhere(graph, key, homes), _allowed_here_only(graph, key, homes)])
    return bounded if bounded.state is State.PASS or not is_dark(many) else dark(what, many)


def _refused_elsewhere(graph: Graph, key: Resource, homes: tuple[str, ...]) -> Verdict:
    """Nobody may copy it to another Region, whatever else the policy says."""

    def refuses(statement: Statement) -> Verdict:
        return all_of(
            [
                statement.has_effect("Deny"),
                statement.is_for_everyone(),
                statement.includes("Action", COPYING),
                statement.demands(REPLICA_REGION, UNEQUAL, lambda said: said in homes, "in the residency set"),
                statement.tests_only(REPLICA_REGION),
            ]
        )

    return some_statement(graph, key, refuses, "does not refuse copies outside the residency set")


def _allowed_here_only(graph: Graph, key: Resource, homes: tuple[str, ...]) -> Verdict:
    """Nobody is let copy it but into the residency set: what a key policy does not allow, IAM cannot."""

    def bounded(statement: Statement) -> Verdict:
        within = statement.demands(REPLICA_REGION, EQUAL, lambda said: said in homes, "in the residency set")
        return any_of([statement.avoids("Action", [COPYING]), within])

    return of_policy(graph, key, bounded)


@guard(
    "kms.copy_stays_in_residency",
    on=tokens.KEY_COPY,
    severity=Severity.CRITICAL,
    fix="Make the copy in a Region of the residency set; ReplicaKey makes no other.",
)
def copy_stays_in_residency(copy: Resource, graph: Graph) -> Verdict:
    """The Region of a copy is a place where everything under the key can be read."""
    homes = residency_of(graph, copy)
    if not isinstance(homes, tuple):
        return homes
    region = region_of(graph, copy)
    if region is None:
        return undecided(f"the Region of {copy.name} is its provider's, which cannot be seen here")
    return is_at_home(region, homes, f"the Region of {copy.name}")


@guard(
    "kms.key_ending_raises_an_alarm",
    on=STACK,
    severity=Severity.MEDIUM,
    fix="Give the AuditTrail component a topic for alarms: it counts DisableKey and ScheduleKeyDeletion.",
)
def key_ending_raises_an_alarm(_stack: Resource, graph: Graph) -> Verdict:
    """Thirty days to notice that a key is to be deleted are worth nothing when nobody is told."""
    if not graph.of_type(*tokens.KEY_AND_COPY):
        return not_applicable("there is no key here")
    found = any_of(_alarms(metric, graph) for metric in graph.of_type(tokens.METRIC_FILTER))
    if found.state in {State.PASS, State.UNKNOWN} or graph.of_type(tokens.TRAIL):
        return found if found.state in {State.PASS, State.UNKNOWN} else failed("nothing alarms when a key is ended")
    return undecided("there is no trail here; the alarm may stand where the trail is declared")


def _alarms(metric: Resource, graph: Graph) -> Verdict:
    """The filter counts that keys end, and an alarm on what it counts tells somebody."""
    pattern, what = metric.get("pattern"), f"pattern of {metric.name}"
    counts = holds(pattern, lambda said: all(event in said for event in ENDING), what, "one that names both events")
    heard = any_of([_hears(alarm, metric) for alarm in graph.of_type(tokens.METRIC_ALARM)])
    return all_of([counts, failed("no alarm looks at it") if heard.state is State.NOT_APPLICABLE else heard])


def _hears(alarm: Resource, metric: Resource) -> Verdict:
    """The alarm is on the filter's metric, and somebody is told."""

    def on(looked: str, counted: Any) -> Verdict:
        if is_dark(counted):
            return dark(f"metricTransformation of {metric.name}", counted)
        return holds(alarm.get(looked), lambda said: said == counted, f"{looked} of {alarm.name}", "what is counted")

    made = [metric.get("metricTransformation", part) for part in ("namespace", "name")]
    whom = holds(alarm.get("alarmActions"), lambda said: bool(listed(said)), f"alarmActions of {alarm.name}", "set")
    return all_of([on("namespace", made[0]), on("metricName", made[1]), whom])
