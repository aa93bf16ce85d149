"""Guards over what follows the trail: who hears that a file came, and stores that events are asked from."""

from __future__ import annotations

from core.finding import Severity
from core.graph import Graph
from core.resource import Resource
from core.verdict import State, Verdict, any_of, failed
from policies import tokens
from policies.guard import guard
from policies.links import uses_own_key
from policies.parts import is_given


@guard(
    "cloudtrail.trail_tells_of_its_deliveries",
    on=tokens.TRAIL,
    severity=Severity.LOW,
    fix="Set cloudWatchLogsGroupArn, by which events arrive within minutes, or snsTopicName.",
)
def trail_tells_of_its_deliveries(trail: Resource, graph: Graph) -> Verdict:
    """A trail that stops delivering is noticed only where somebody waits for its news."""
    ways = [is_given(graph, trail, name) for name in ("cloudWatchLogsGroupArn", "snsTopicName")]
    found = any_of(ways)
    return failed(f"{trail.name} tells nobody of what it delivers") if found.state is State.FAIL else found


@guard(
    "cloudtrail.event_store_is_encrypted_with_own_key",
    on=tokens.EVENT_STORE,
    severity=Severity.HIGH,
    fix="Set kmsKeyId to a Key component's ARN; it cannot be changed later.",
)
def event_store_is_encrypted_with_own_key(store: Resource, graph: Graph) -> Verdict:
    """A store of events answers who did what to whom; reading it should take our key."""
    return uses_own_key(graph, store, "kmsKeyId")
