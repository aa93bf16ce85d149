"""Each protection of the audit, of backups and of the budget, taken away in turn: a guard must say so, and where."""

from __future__ import annotations

from typing import Any

import pulumi_aws as aws
import pytest

from core.graph import STACK
from core.verdict import State
from policies.judge import guards, judge
from tests import recovery_programs
from tests.recovery_programs import captured, complaints, everything, findings, vault
from tests.weakening import Weakening, changed
from tests.weakenings_recovery import WEAKENINGS


def stored() -> None:
    """A store, its plan, the vaults and the test."""
    above = recovery_programs.home()
    recovery_programs.backed_up(above, stores=[recovery_programs.store(above)])


PROGRAMS = {
    "audit_trail": lambda: recovery_programs.audited(recovery_programs.home()),
    "backup_plan": stored,
    "backup_vault": stored,
    "bucket": stored,
    "budget": lambda: recovery_programs.paid_for(recovery_programs.home()),
    "metric_alarms": lambda: recovery_programs.audited(recovery_programs.home()),
}
"""File -> a program that declares what is in it."""


@pytest.mark.parametrize("weakening", WEAKENINGS, ids=str)
def test_a_weakened_environment_is_failed_by_its_guard_and_named(
    weakening: Weakening, monkeypatch: pytest.MonkeyPatch
) -> None:
    if weakening.guard == "cloudwatch.watched_acts_raise_alarms":
        untampered(monkeypatch)
    weakening.change(monkeypatch)
    graph = captured(PROGRAMS[weakening.component])
    objections = [found for found in judge(graph, [guards()[weakening.guard]]) if found.state is State.FAIL]
    assert objections
    named = {place.file for finding in objections for place in finding.location}
    assert all(STACK in finding.urn for finding in objections) or f"components/{weakening.component}.py" in named
    assert all(finding.fix and finding.message for finding in objections)


def untampered(patch: pytest.MonkeyPatch) -> None:
    """Without the alarm on tampering, whose pattern is not known before its bucket is: it might be about anything."""
    patch.setattr("components.audit_trail.TamperAlarm", lambda *_: None)


def test_nothing_is_objected_to_while_nothing_is_weakened() -> None:
    assert complaints(captured(everything)) == []


@pytest.mark.parametrize("tier", ["local", "dev", "staging"])
def test_nothing_is_objected_to_in_another_tier(tier: str) -> None:
    assert complaints(captured(lambda: everything(tier), tier)) == []


def test_a_final_lock_in_a_trial_is_objected_to(monkeypatch: pytest.MonkeyPatch) -> None:
    changed(aws.backup, "VaultLockConfiguration", changeable_for_days=3)(monkeypatch)

    def program() -> Any:
        return vault(recovery_programs.home("dev"), "vault", recovery_programs.PLACE, "dev")

    found = {finding.guard for finding in findings(captured(program, "dev")) if finding.state is State.FAIL}
    assert "backup.trial_lock_can_be_lifted" in found
