from __future__ import annotations

import pytest

from components.event_alarm import LONGEST_PATTERN
from components.metric_alarms import WATCHES, Watch
from core.graph import Graph
from core.verdict import State
from policies import tokens
from policies.cloudwatch import ACTS
from policies.judge import guards, judge
from tests.recovery_programs import audited, captured, home


@pytest.fixture(scope="module")
def graph() -> Graph:
    return captured(lambda: audited(home()))


@pytest.mark.parametrize("watch", WATCHES, ids=lambda watch: watch.word)
def test_a_pattern_is_one_that_cloudwatch_takes(watch: Watch) -> None:
    pattern = watch.pattern
    assert len(pattern) <= LONGEST_PATTERN
    assert pattern.startswith("{ ")
    assert pattern.endswith(" }")
    assert pattern.count("(") == pattern.count(")")


@pytest.mark.parametrize("act", ACTS, ids=str)
def test_every_act_of_the_benchmark_is_watched_by_one(act: str) -> None:
    assert len([watch for watch in WATCHES if all(word in watch.pattern for word in ACTS[act])]) >= 1


def test_each_count_has_an_alarm_of_its_own_that_reaches_the_topic(graph: Graph) -> None:
    (topic,) = graph.of_type(tokens.TOPIC)
    own = [alarm for alarm in graph.of_type(tokens.METRIC_ALARM) if "-watch-" in alarm.name]
    counted = [metric for metric in graph.of_type(tokens.METRIC_FILTER) if "-watch-" in metric.name]
    assert {alarm.get("metricName") for alarm in own} == {m.get("metricTransformation", "name") for m in counted}
    assert {alarm.get("namespace") for alarm in own} == {"strongroom-prod-watch"}, "environments do not mix"
    assert len(own) == len(counted) == len(WATCHES)
    assert all(graph.linked(alarm, "alarmActions", 0) == topic for alarm in own)


def test_the_filters_read_what_the_trail_delivers(graph: Graph) -> None:
    (trail,) = graph.of_type(tokens.TRAIL)
    group = graph.linked(trail, "cloudWatchLogsGroupArn")
    assert all(graph.linked(metric, "logGroupName") == group for metric in graph.of_type(tokens.METRIC_FILTER))


def test_what_happens_every_day_takes_more_than_once(graph: Graph) -> None:
    often = {alarm.get("metricName") for alarm in graph.of_type(tokens.METRIC_ALARM) if alarm.get("threshold") > 1}
    assert often == {"refused", "sign-in"}


def test_every_guard_of_alarms_is_content(graph: Graph) -> None:
    asked = [guard for guard in guards().values() if guard.id.startswith("cloudwatch.")]
    assert {finding.state for finding in judge(graph, asked)} == {State.PASS}
