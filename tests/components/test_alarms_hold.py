"""Whatever alarms are told, they call somebody and no guard objects."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from components.alarm_topic import AlarmTopic, AlarmTopicArgs
from components.component import Component
from components.key import Key, KeyArgs
from components.key_alarm import KeyAlarm, KeyAlarmArgs
from components.key_policy import for_alarms
from components.metric_alarms import MetricAlarms, MetricAlarmsArgs
from components.policy_document import allow
from components.role import Role, RoleArgs
from components.tamper_alarm import TamperAlarm, TamperAlarmArgs
from components.use_alarm import MOST_ROLES, UseAlarm, UseAlarmArgs
from core.errors import BadInput
from core.graph import STACK
from policies import tokens
from tests.recovery_programs import PLACE, captured, findings, home, name, store

GROUPS = st.from_regex(re.compile(r"[.\-_/#A-Za-z0-9]{1,60}", re.ASCII), fullmatch=True)
"""https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html"""
TIERS = st.sampled_from(["local", "dev", "staging", "prod"])
KINDS = ["key", "metric", "tamper", "use"]


def alarmed(kind: str, tier: str, group: str, people: int, roles: int) -> Component:
    above, root = home(tier), name(tier)
    key = Key(root / "key", KeyArgs(PLACE, "Seals alarms", ("sns",), for_alarms(PLACE)), above)
    who = [f"person{number}@example.org" for number in range(people)]
    topic = AlarmTopic(root / "alarms", AlarmTopicArgs(PLACE, key, who), above)
    if kind == "key":
        return KeyAlarm(root / "seen", KeyAlarmArgs(group, topic), above)
    if kind == "metric":
        return MetricAlarms(root / "seen", MetricAlarmsArgs(group, topic), above)
    if kind == "tamper":
        return TamperAlarm(root / "seen", TamperAlarmArgs(group, store(above).bucket_name, topic), above)
    trust = [allow("Run", ["sts:AssumeRole"], [], {"Service": "ec2.amazonaws.com"})]
    watched = [Role(root / f"rescuer-{number}", RoleArgs(trust, "repairs"), above) for number in range(roles)]
    return UseAlarm(root / "seen", UseAlarmArgs(watched, group, topic), above)


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=10, deadline=None)
@given(tier=TIERS, group=GROUPS, people=st.integers(0, 3), roles=st.integers(0, MOST_ROLES + 1))
def test_no_alarm_that_is_taken_is_objected_to(kind: str, tier: str, group: str, people: int, roles: int) -> None:
    try:
        graph = captured(lambda: alarmed(kind, tier, group, people, roles), tier)
    except BadInput:
        assert kind == "use"
        assert roles in {0, MOST_ROLES + 1}
        return
    own = [found for found in findings(graph) if STACK not in found.urn and "-health-" not in found.resource]
    assert [(found.guard, found.message) for found in own] == []
    seen = [alarm for alarm in graph.of_type(tokens.METRIC_ALARM) if "-seen-" in alarm.name]
    assert seen
    assert all(alarm.get("alarmActions") for alarm in seen)
    read = {metric.get("logGroupName") for metric in graph.of_type(tokens.METRIC_FILTER)}
    assert read == {group}
