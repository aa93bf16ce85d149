"""Each protection of the lake, its features and its keys, taken away in turn: a guard must say so, and where."""

from __future__ import annotations

from typing import Any

import pytest

from core.verdict import State
from tests.data_lake_programs import captured, complaints, features, findings, keys, questions, tables
from tests.weakening import Weakening
from tests.weakenings_data_lake import WEAKENINGS

PROGRAMS = {
    "catalogue_encryption": tables,
    "data_lake": tables,
    "feature_group": features,
    "key": keys,
    "lake_settings": tables,
    "query_workgroup": questions,
    "replica_key": keys,
}
"""File -> a program that declares what is in it."""


@pytest.mark.parametrize("weakening", WEAKENINGS, ids=str)
def test_a_weakened_lake_is_failed_by_its_guard_and_named(
    weakening: Weakening, monkeypatch: pytest.MonkeyPatch
) -> None:
    weakening.change(monkeypatch)
    failed = [finding for finding in findings(captured(PROGRAMS[weakening.component])) if finding.state is State.FAIL]
    objections = [finding for finding in failed if finding.guard == weakening.guard]
    assert objections, f"only {sorted({finding.guard for finding in failed})} objected"
    named = {place.file for finding in objections for place in finding.location}
    assert f"components/{weakening.component}.py" in named
    assert all(finding.fix and finding.message for finding in objections)


@pytest.mark.parametrize("program", [tables, questions, features, keys], ids=lambda program: program.__name__)
def test_nothing_is_objected_to_while_nothing_is_weakened(program: Any) -> None:
    assert [found for found in complaints(captured(program)) if found[0] != "kms.key_ending_raises_an_alarm"] == []
