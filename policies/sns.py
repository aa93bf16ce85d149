"""Guards over topics, by which alarms reach people."""

from __future__ import annotations

from core.finding import Severity
from core.graph import Graph
from core.resource import Resource
from core.verdict import Verdict
from policies import tokens
from policies.guard import guard
from policies.links import uses_own_key


@guard(
    "sns.topic_is_encrypted_with_own_key",
    on=tokens.TOPIC,
    severity=Severity.MEDIUM,
    fix="Set kmsMasterKeyId to the ARN of a Key component that admits alarms.",
)
def topic_is_encrypted_with_own_key(topic: Resource, graph: Graph) -> Verdict:
    """Alarms say what is wrong and where; under AWS's own key for SNS they are, besides, never delivered."""
    return uses_own_key(graph, topic, "kmsMasterKeyId")
