"""Each protection of what is stored, taken away in turn: the plan must fail, and say where, why and what to do."""

from __future__ import annotations

import pytest

from cli.judgement import Law, read_law
from core.verdict import State
from policies.judge import guards, judge
from tests.storage_ground import objections, planned
from tests.weakening import Weakening
from tests.weakenings_storage import WEAKENINGS, stored


@pytest.fixture(scope="module")
def law() -> Law:
    return read_law()


@pytest.mark.parametrize("weakening", WEAKENINGS, ids=str)
def test_a_weakened_store_fails_the_plan_and_is_named(
    weakening: Weakening, law: Law, monkeypatch: pytest.MonkeyPatch
) -> None:
    weakening.change(monkeypatch)
    found_by_guard = judge(planned(stored), [guards()[weakening.guard]])
    objecting = [finding for finding in found_by_guard if finding.state is State.FAIL]
    assert objecting
    assert all(found.fix and found.message for found in objecting)
    assert law.served_by(weakening.guard)
    named = {location.file for found in objecting for location in found.location}
    assert f"components/{weakening.component}.py" in named


def test_no_store_fails_while_nothing_is_weakened() -> None:
    assert objections(planned(stored), State.FAIL, State.UNKNOWN) == []
