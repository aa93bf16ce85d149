from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from components.alarm_topic import AlarmTopic, AlarmTopicArgs
from components.event_alarm import LONGEST_PATTERN
from components.key import Key, KeyArgs
from components.key_policy import for_alarms
from components.place import Place
from components.policy_document import allow
from components.role import Role, RoleArgs
from components.use_alarm import MOST_ROLES, UseAlarm, UseAlarmArgs
from core.errors import BadInput
from core.graph import STACK, Graph
from core.naming import Name
from core.verdict import State
from policies.judge import judge

FILTER = "aws:cloudwatch/logMetricFilter:LogMetricFilter"
ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"
Planned = Callable[[Callable[[], Any]], Graph]


def watched(root: Name, place: Place, count: int) -> None:
    key = Key(root / "key", KeyArgs(place, "seals alarms", ("sns",), for_alarms(place)))
    topic = AlarmTopic(root / "alarms", AlarmTopicArgs(place, key, ["ward@example.org"]))
    trust = [allow("Run", ["sts:AssumeRole"], [], {"Service": "ec2.amazonaws.com"})]
    roles = [Role(root / f"break-glass-{number}", RoleArgs(trust, "repairs")) for number in range(count)]
    UseAlarm(root / "use", UseAlarmArgs(roles, "/cloudtrail/x", topic))


def test_taking_the_role_raises_the_alarm_at_the_first(made: Planned, root: Name, place: Place) -> None:
    graph = made(lambda: watched(root, place, 1))
    (found,), (alarm,) = graph.of_type(FILTER), graph.of_type(ALARM)
    assert found.inputs["pattern"].startswith(
        '{ ($.eventName = "AssumeRole*") && (($.requestParameters.roleArn = "arn:'
    )
    assert found.inputs["metricTransformation"]["namespace"] == alarm.inputs["namespace"] == "strongroom-staging-use"
    assert (alarm.inputs["threshold"], alarm.inputs["evaluationPeriods"]) == (1, 1)
    assert alarm.inputs["alarmActions"]


@pytest.mark.parametrize("count", range(1, MOST_ROLES + 1))
def test_as_many_roles_as_it_takes_fit_a_pattern_and_offend_no_guard(
    made: Planned, root: Name, place: Place, count: int
) -> None:
    graph = made(lambda: watched(root, place, count))
    (found,) = graph.of_type(FILTER)
    assert len(found.inputs["pattern"]) <= LONGEST_PATTERN
    assert found.inputs["pattern"].count("roleArn") == count
    assert [f.guard for f in judge(graph) if f.state is State.FAIL and STACK not in f.urn] == []


@pytest.mark.parametrize("count", [0, MOST_ROLES + 1])
def test_no_roles_or_too_many_are_refused(planned: Planned, root: Name, place: Place, count: int) -> None:
    with pytest.raises(BadInput, match=f"{count} roles"):
        planned(lambda: watched(root, place, count))
