from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from components.alarm_topic import ALARMS
from components.budget import ANOMALIES, BUDGETS
from components.key import Key, KeyArgs
from components.key_policy import for_alarms
from core.errors import BadInput
from core.graph import Graph
from core.value import thawed
from policies import tokens
from tests.recovery_programs import PLACE, captured, complaints, home, paid_for, statements

MONITOR = "aws:costexplorer/anomalyMonitor:AnomalyMonitor"
UNASKED = (
    "cloudtrail.trail_exists_and_runs",
    "cloudwatch.watched_acts_raise_alarms",
    "kms.key_ending_raises_an_alarm",
)


@pytest.fixture(scope="module")
def graph() -> Graph:
    return captured(lambda: paid_for(home()))


def test_somebody_is_told_before_when_and_of_what_will_be(graph: Graph) -> None:
    (budget,) = graph.of_type(tokens.BUDGET)
    told = [(one["notificationType"], one["threshold"]) for one in thawed(budget.get("notifications"))]
    assert told == [("ACTUAL", 80), ("ACTUAL", 100), ("FORECASTED", 100)]
    assert (budget.get("limitAmount"), budget.get("timeUnit")) == ("1000", "MONTHLY")
    assert budget.get("costFilters") is None, "a tag that nobody activated in billing would hide all cost"


def test_an_unusual_rise_is_told_at_once(graph: Graph) -> None:
    (subscription,), (topic,) = graph.of_type(tokens.ANOMALY_SUBSCRIPTION), graph.of_type(tokens.TOPIC)
    assert subscription.get("frequency") == "IMMEDIATE"
    assert graph.linked(subscription, "subscribers", 0, "address") == topic


def test_both_services_may_publish_and_open_the_topics_key_for_this_account_only(graph: Graph) -> None:
    for token in ("aws:sns/topicPolicy:TopicPolicy", tokens.KEY):
        (found,) = graph.of_type(token)
        said = [one for one in statements(graph, found) if "Service" in str(one.get("Principal"))]
        assert {one["Principal"]["Service"] for one in said} == {BUDGETS, ANOMALIES}
        assert all(one["Condition"]["StringEquals"] == {"aws:SourceAccount": PLACE.account} for one in said)


def test_the_account_has_one_monitor_and_another_stacks_is_taken() -> None:
    arn = "arn:aws:ce::123456789012:anomalymonitor/1234"
    graph = captured(lambda: paid_for(home(), monitor=arn))
    assert graph.of_type(MONITOR) == ()
    (subscription,) = graph.of_type(tokens.ANOMALY_SUBSCRIPTION)
    assert subscription.get("monitorArnLists") == (arn,)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"monthly_usd": 0}, "1 or more"),
        ({"actual_percent": ()}, "expected rising percentages"),
        ({"actual_percent": (100, 80)}, "expected rising percentages"),
        ({"actual_percent": (10, 20, 30, 40), "forecast_percent": (90, 100)}, "tells at 5 at most"),
        ({"recipients": []}, "name somebody"),
        ({"recipients": ["ward@example.org", "Ward@example.org"]}, "named twice"),
        ({"recipients": ["ward"]}, "is no e-mail address"),
    ],
)
def test_a_budget_that_tells_nobody_in_time_is_refused(changes: dict[str, Any], words: str) -> None:
    with pytest.raises(BadInput, match=words):
        captured(lambda: paid_for(home(), **changes))


def test_a_key_that_does_not_admit_the_services_is_refused() -> None:
    def program() -> None:
        above = home()
        key = Key(above.name / "other", KeyArgs(PLACE, "Seals alarms", ("sns",), for_alarms(PLACE)), above)
        assert key.admits(ALARMS)
        paid_for(above, key=key)

    with pytest.raises(BadInput, match="for_spending"):
        captured(program)


percentages = st.lists(st.integers(-5, 1100), max_size=4)


@settings(max_examples=15, deadline=None)
@given(usd=st.integers(-1, 100000), actual=percentages, forecast=percentages, people=st.integers(0, 3))
def test_whatever_is_asked_for_no_guard_objects_or_it_is_refused(
    usd: int, actual: list[int], forecast: list[int], people: int
) -> None:
    def program() -> None:
        who = [f"person{number}@example.org" for number in range(people)]
        paid_for(home(), monthly_usd=usd, actual_percent=actual, forecast_percent=forecast, recipients=who)

    try:
        graph = captured(program)
    except BadInput:
        rising = all(
            parts and sorted(set(parts)) == parts and parts[0] >= 1 and parts[-1] <= 1000
            for parts in (actual, forecast)
        )
        assert usd < 1 or not people or not rising or len(actual) + len(forecast) > 5
        return
    assert complaints(graph, *UNASKED) == []
