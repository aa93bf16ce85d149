"""Guards over queues."""

from __future__ import annotations

from core.finding import Severity
from core.graph import Graph
from core.resource import Resource
from core.verdict import Verdict, all_of, holds
from policies import tokens
from policies.doors import admits_named_only, refuses_plain_http
from policies.guard import guard
from policies.links import Kind, each_companion, listed, uses_own_key
from policies.statement import Statement, allowing_only, every_statement

POLICY = Kind((tokens.QUEUE_POLICY,), "queueUrl", "policy", inline="policy")
EVERY_ACTION = ("*", "sqs:*")


@guard(
    "sqs.queue_is_encrypted_with_own_key",
    on=tokens.QUEUE,
    severity=Severity.HIGH,
    fix="Set kmsMasterKeyId to a Key component's ARN; sqsManagedSseEnabled is a key of AWS's.",
)
def queue_is_encrypted_with_own_key(queue: Resource, graph: Graph) -> Verdict:
    """What waits in a queue is the data itself, for up to two weeks."""
    return uses_own_key(graph, queue, "kmsMasterKeyId")


@guard(
    "sqs.queue_policy_names_whom_it_admits",
    on=tokens.QUEUE_POLICY,
    severity=Severity.HIGH,
    fix="Name each service or account as Principal, and each action.",
)
def queue_policy_names_whom_it_admits(policy: Resource, graph: Graph) -> Verdict:
    """Whoever may receive from a queue takes the message away from whom it was for."""
    return all_of([admits_named_only(graph, policy), every_statement(graph, policy, allowing_only(_names_actions))])


def _names_actions(statement: Statement) -> Verdict:
    what = f"Action of {statement.place}"
    return all_of(
        holds(item, lambda said: said.lower() not in EVERY_ACTION, what, "named")
        for item in listed(statement.get("Action"))
    )


@guard(
    "sqs.queue_refuses_plain_http",
    on=tokens.QUEUE,
    severity=Severity.MEDIUM,
    fix="Deny sqs:* to everyone when aws:SecureTransport is false, in a QueuePolicy.",
)
def queue_refuses_plain_http(queue: Resource, graph: Graph) -> Verdict:
    """SQS answers without TLS unless the queue's policy forbids it."""
    return each_companion(graph, queue, POLICY, lambda policy: refuses_plain_http(graph, policy))
