"""Guards over log groups."""

from __future__ import annotations

from core.finding import Severity
from core.graph import Graph
from core.resource import Resource
from core.verdict import Verdict, holds
from policies import tokens
from policies.doors import admits_named_only
from policies.guard import guard
from policies.links import uses_own_key


@guard(
    "logs.group_is_encrypted_with_own_key",
    on=tokens.LOG_GROUP,
    severity=Severity.HIGH,
    fix="Set kmsKeyId to the ARN of a Key component that admits the log group.",
)
def group_is_encrypted_with_own_key(group: Resource, graph: Graph) -> Verdict:
    """Logs repeat what happened to people's data; reading them takes our key, not only access to the logs."""
    return uses_own_key(graph, group, "kmsKeyId")


@guard(
    "logs.group_keeps_its_events_for_a_set_time",
    on=tokens.LOG_GROUP,
    severity=Severity.MEDIUM,
    fix="Set retentionInDays; 0, or leaving it out, keeps events for ever.",
)
def group_keeps_its_events_for_a_set_time(group: Resource) -> Verdict:
    """A log that is kept for ever grows into a store of personal data that nobody decided to build."""
    days = group.get("retentionInDays")
    return holds(
        days, lambda said: said is not None and said > 0, f"retentionInDays of {group.name}", "a number of days"
    )


@guard(
    "logs.resource_policy_names_whom_it_admits",
    on=tokens.LOG_POLICY,
    severity=Severity.HIGH,
    fix="Name each service or account as Principal in policyDocument.",
)
def resource_policy_names_whom_it_admits(policy: Resource, graph: Graph) -> Verdict:
    """Who may write into a log group can drown what it shows; who may read it reads of people."""
    return admits_named_only(graph, policy, "policyDocument")
