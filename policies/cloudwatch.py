"""Guards over alarms: that they reach somebody, and that what matters raises one."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from core.finding import Severity
from core.graph import STACK, Graph
from core.resource import Resource
from core.value import Unknown
from core.verdict import State, Verdict, all_of, any_of, failed, holds, not_applicable, passed, undecided
from policies import tokens
from policies.cloudtrail import unless_adopted
from policies.guard import guard
from policies.links import companions, dark, is_dark, is_not_off, listed, strays
from policies.tier import ENVIRONMENT, TRIALS

ROLL_OUT = "deploymentConfig"
"""The property of an endpoint in which it names alarms."""
ACTS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "refused calls": ("UnauthorizedOperation", "AccessDenied"),
        "sign-ins with one factor": ("ConsoleLogin", "MFAUsed"),
        "failed sign-ins": ("ConsoleLogin", "Failed authentication"),
        "the root user": ("$.userIdentity.type", "Root"),
        "changes of policies": ("PutRolePolicy", "AttachRolePolicy", "DetachRolePolicy", "CreatePolicyVersion"),
        "changes of trails": ("StopLogging", "DeleteTrail", "UpdateTrail"),
        "the end of keys": ("DisableKey", "ScheduleKeyDeletion"),
        "changes of buckets' policies": ("PutBucketPolicy", "DeleteBucketPolicy"),
        "changes of the configuration recorder": ("StopConfigurationRecorder", "DeleteDeliveryChannel"),
        "changes of security groups": ("AuthorizeSecurityGroupIngress", "AuthorizeSecurityGroupEgress"),
        "changes of network ACLs": ("CreateNetworkAclEntry", "ReplaceNetworkAclEntry"),
        "changes of gateways": ("CreateInternetGateway", "AttachInternetGateway"),
        "changes of routes": ("CreateRoute", "ReplaceRoute"),
        "changes of networks": ("CreateVpc", "CreateVpcPeeringConnection"),
    }
)
"""What the CIS AWS Foundations Benchmark 1.4.0, section 4, has watched -> words its filter cannot do without."""


@guard(
    "cloudwatch.alarm_reaches_somebody",
    on=tokens.METRIC_ALARM,
    severity=Severity.HIGH,
    fix="Name the topic of the AlarmTopic component in alarmActions, and leave actionsEnabled true.",
)
def alarm_reaches_somebody(alarm: Resource, graph: Graph) -> Verdict:
    """An alarm that calls nobody turns red on a page that nobody looks at.

    One that an endpoint names is looked at by SageMaker, which takes a roll-out back on it.
    """
    called = all_of([_calls(alarm), is_not_off(alarm, "actionsEnabled")])
    if called.state is not State.FAIL:
        return called
    if companions(graph, alarm, (tokens.MODEL_ENDPOINT,), ROLL_OUT):
        return passed(f"SageMaker takes a roll-out back on {alarm.name}")
    if astray := strays(graph, (tokens.MODEL_ENDPOINT,), ROLL_OUT):
        return undecided(f"{called.reason}; but {astray[0].name} may be taken back on it, which is not known yet")
    return called


def _calls(alarm: Resource) -> Verdict:
    """It has an action; one whose ARN is not known yet is one, a list that is not known is not."""
    actions, what = alarm.get("alarmActions"), f"alarmActions of {alarm.name}"
    if is_dark(actions):
        return dark(what, actions)
    return holds(actions, lambda said: bool(listed(said)), what, "set")


@guard(
    "cloudwatch.watched_acts_raise_alarms",
    on=STACK,
    severity=Severity.HIGH,
    fix="Declare a MetricAlarms component over the log group of the AuditTrail.",
)
def watched_acts_raise_alarms(stack: Resource, graph: Graph) -> Verdict:
    """A record that is only looked at afterwards does not end an intrusion: these acts must call somebody.

    In a stack of trial environments (tier local or dev) nobody has to be called.
    """
    if all_trials(graph) is True:
        return not_applicable(f"{stack.name or 'the stack'} has trial environments only")
    groups = [graph.linked(trail, "cloudWatchLogsGroupArn") for trail in graph.of_type(tokens.TRAIL)]
    found = all_of(_is_watched(act, words, groups, graph) for act, words in ACTS.items())
    if found.state is State.FAIL and all_trials(graph) is None:
        return undecided(f"{found.reason}, unless this is a trial, which is not known yet")
    return unless_adopted(graph, found) if found.state is State.FAIL else found


def all_trials(graph: Graph) -> bool | None:
    """Whether there are environments and all of them are trials; None when one does not tell yet."""
    tiers = [environment.get("tier") for environment in graph.of_type(ENVIRONMENT)]
    if any(not is_dark(tier) and tier not in TRIALS for tier in tiers) or not tiers:
        return False
    return None if any(map(is_dark, tiers)) else True


def _is_watched(act: str, words: tuple[str, ...], groups: list[Resource | Unknown | None], graph: Graph) -> Verdict:
    about = [(metric, _looks_for(metric, words)) for metric in graph.of_type(tokens.METRIC_FILTER)]
    found = any_of(
        all_of([looks, _reads(metric, groups, graph), _raises(metric, graph)])
        for metric, looks in about
        if looks.state is not State.FAIL
    )
    if found.state is State.PASS:
        return passed(f"{act} raise an alarm")
    return found if found.state is State.UNKNOWN else failed(f"no alarm on {act}")


def _looks_for(metric: Resource, words: tuple[str, ...]) -> Verdict:
    pattern = metric.get("pattern")
    return holds(
        pattern,
        lambda said: said is not None and all(word in said for word in words),
        f"pattern of {metric.name}",
        "about this act",
    )


def _reads(metric: Resource, groups: list[Resource | Unknown | None], graph: Graph) -> Verdict:
    """It reads the log group that a trail is delivered to."""
    group, what = graph.linked(metric, "logGroupName"), f"logGroupName of {metric.name}"
    if isinstance(group, Resource) and group in groups:
        return passed(f"{what} is that of a trail")
    if isinstance(group, Unknown) or any(isinstance(one, Unknown) for one in groups):
        return undecided(f"{what} is a log group that cannot be seen here")
    return failed(f"{what} is no trail's")


def _raises(metric: Resource, graph: Graph) -> Verdict:
    """Some alarm is about the metric it counts, and calls somebody."""
    namespace, name = (metric.get("metricTransformation", part) for part in ("namespace", "name"))
    if is_dark(namespace) or is_dark(name):
        return dark(f"metricTransformation of {metric.name}", namespace if is_dark(namespace) else name)

    def about(alarm: Resource) -> Verdict:
        same = [
            holds(alarm.get("namespace"), lambda said: said == namespace, f"namespace of {alarm.name}", "the filter's"),
            holds(alarm.get("metricName"), lambda said: said == name, f"metricName of {alarm.name}", "the filter's"),
        ]
        return all_of([*same, _calls(alarm), is_not_off(alarm, "actionsEnabled")])

    found = any_of(map(about, graph.of_type(tokens.METRIC_ALARM)))
    return found if found.state in {State.PASS, State.UNKNOWN} else failed(f"no alarm is about {metric.name}")
