"""Guards over topics, by which alarms reach people."""

from __future__ import annotations

from core.finding import Severity
from core.graph import Graph
from core.resource import Resource
from core.verdict import Verdict, holds
from policies import tokens
from policies.doors import admits_named_only, refuses_plain_http
from policies.guard import guard
from policies.links import Kind, each_companion, uses_own_key

POLICY = Kind((tokens.TOPIC_POLICY,), "arn", "policy", inline="policy")


@guard(
    "sns.topic_is_encrypted_with_own_key",
    on=tokens.TOPIC,
    severity=Severity.MEDIUM,
    fix="Set kmsMasterKeyId to the ARN of a Key component that admits alarms.",
)
def topic_is_encrypted_with_own_key(topic: Resource, graph: Graph) -> Verdict:
    """Alarms say what is wrong and where; under AWS's own key for SNS they are, besides, never delivered."""
    return uses_own_key(graph, topic, "kmsMasterKeyId")


@guard(
    "sns.topic_policy_names_whom_it_admits",
    on=tokens.TOPIC_POLICY,
    severity=Severity.HIGH,
    fix="Name each service or account, with aws:SourceAccount where a service acts for others.",
)
def topic_policy_names_whom_it_admits(policy: Resource, graph: Graph) -> Verdict:
    """Whoever may publish raises alarms that mean nothing; whoever may subscribe reads the ones that do."""
    return admits_named_only(graph, policy)


@guard(
    "sns.topic_refuses_plain_http",
    on=tokens.TOPIC,
    severity=Severity.MEDIUM,
    fix="Deny sns:Publish to everyone when aws:SecureTransport is false, in a TopicPolicy.",
)
def topic_refuses_plain_http(topic: Resource, graph: Graph) -> Verdict:
    """SNS takes messages without TLS unless the topic's policy forbids it."""
    return each_companion(graph, topic, POLICY, lambda policy: refuses_plain_http(graph, policy))


@guard(
    "sns.subscription_is_no_plain_http",
    on=tokens.SUBSCRIPTION,
    severity=Severity.HIGH,
    fix="Subscribe with https, email, sqs or lambda.",
)
def subscription_is_no_plain_http(subscription: Resource) -> Verdict:
    """What an alarm says about our weak spots would cross the internet in the clear."""
    return holds(
        subscription.get("protocol"),
        lambda said: said is not None and said != "http",
        f"protocol of {subscription.name}",
        "another one than http",
    )
