"""Each protection of identity, taken away in turn: a guard must say so, where, and what to do."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from cli.judgement import read_law
from tests.identity_programs import captured, deployed, guarded, handed_on, objections, rescued
from tests.weakening import Weakening
from tests.weakenings_identity import WEAKENINGS

PROGRAMS: dict[str, Callable[[], object]] = {
    "account_access": deployed,
    "github_role": deployed,
    "guardrails": guarded,
    "oidc_provider": deployed,
    "role": lambda: (rescued(), handed_on()),
}
"""File -> a program that declares what is in it."""


@pytest.mark.parametrize("weakening", WEAKENINGS, ids=str)
def test_a_weakened_identity_is_failed_by_its_guard_and_named(
    weakening: Weakening, monkeypatch: pytest.MonkeyPatch
) -> None:
    weakening.change(monkeypatch)
    found = objections(captured(PROGRAMS[weakening.component]))
    own = [finding for finding in found if finding.guard == weakening.guard]
    assert own, f"only {sorted({finding.guard for finding in found})} objected"
    named = {place.file for finding in own for place in finding.location}
    assert f"components/{weakening.component}.py" in named
    assert all(finding.fix and finding.message for finding in own)


@pytest.mark.parametrize("program", [deployed, rescued, handed_on, guarded])
def test_nothing_is_objected_to_while_nothing_is_weakened(program: Callable[[], object]) -> None:
    assert [(f.guard, f.message) for f in objections(captured(program))] == []


def test_every_guard_of_identity_serves_a_section_of_law() -> None:
    law = read_law()
    served = {guard for pack in law.packs for control in pack.controls.values() for guard in control.guards}
    assert {weakening.guard for weakening in WEAKENINGS} <= served
