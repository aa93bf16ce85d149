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


def audited() -> None:
    """A trail with its alarms and its table."""
    recovery_programs.audited(recovery_programs.home())


PROGRAMS = {
    "archive_table": audited,
    "audit_trail": audited,
    "backup_plan": stored,
    "backup_vault": stored,
    "bucket": stored,
    "budget": lambda: recovery_programs.paid_for(recovery_programs.home()),
    "key_alarm": audited,
    "log_archive": lambda: recovery_programs.kept_apart(recovery_programs.home()),
    "metric_alarms": audited,
    "restore_test": stored,
    "tamper_alarm": audited,
    "use_alarm": audited,
}
"""File -> a program that declares what is in it."""
MISSED_BY = {"log_archive": ("audit_trail",), "restore_test": ("backup_plan",)}
"""File -> those where its lack is objected to: at the trail that is kept in it, and at the plan that nobody tries."""


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
    files = {f"components/{file}.py" for file in (weakening.component, *MISSED_BY.get(weakening.component, ()))}
    assert all(STACK in finding.urn for finding in objections) or files & named
    assert all(finding.fix and finding.message for finding in objections)


def untampered(patch: pytest.MonkeyPatch) -> None:
    """Without alarms whose pattern is not known before a bucket or a role is: they might be about anything."""
    patch.setattr("components.audit_trail.TamperAlarm", lambda *_: None)
    patch.setattr(recovery_programs, "watched_over", lambda *_: None)


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
