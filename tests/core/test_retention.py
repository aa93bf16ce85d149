"""How long things are kept."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.retention import AUDIT_DAYS, LOG_GROUP_DAYS, DataClass, log_group_days


@given(st.integers(1, LOG_GROUP_DAYS[-1]))
def test_a_log_group_keeps_at_least_as_long_and_no_period_would_be_nearer(days: int) -> None:
    period = log_group_days(days)
    assert period >= days
    assert not [other for other in LOG_GROUP_DAYS if days <= other < period]


@pytest.mark.parametrize(("days", "period"), [(AUDIT_DAYS, 2192), (36500, 3653), (30, 30)])
def test_a_log_group_takes_one_of_a_closed_list_of_periods(days: int, period: int) -> None:
    assert log_group_days(days) == period


def test_people_are_behind_personal_and_health_data() -> None:
    assert [item for item in DataClass if item.identifies_people] == [DataClass.PERSONAL, DataClass.HEALTH]
