"""A guard over whether backups are ever tried."""

from __future__ import annotations

from typing import Any

from core.finding import Severity
from core.graph import Graph
from core.resource import Resource
from core.value import Unknown, at
from core.verdict import State, Verdict, all_of, any_of, failed, holds, not_applicable, passed, undecided
from policies import tokens
from policies.guard import guard
from policies.links import comes_from, companions, dark, is_dark, listed, strays, unless
from policies.tier import is_trial

TRIAL = not_applicable("it belongs to a trial environment")
EVERY_VAULT = "*"


@guard(
    "backup.restores_are_tested",
    on=tokens.BACKUP_PLAN,
    severity=Severity.MEDIUM,
    fix="Declare a RestoreTest component over the plan.",
)
def restores_are_tested(plan: Resource, graph: Graph) -> Verdict:
    """Backups fail in silence: the wrong key, a missing right. Only a restore shows it, and not the first in need."""
    trial = is_trial(graph, plan)
    if trial:
        return TRIAL
    rules = plan.get("rules")
    if is_dark(rules):
        return dark(f"rules of {plan.name}", rules)
    found = any_of(
        all_of([_includes(test, at(rule, "targetVaultName"), graph), _selects_something(test, graph)])
        for test in graph.of_type(tokens.RESTORE_PLAN)
        for rule in listed(rules)
    )
    if found.state in {State.PASS, State.UNKNOWN}:
        return found
    return unless(trial, failed(f"nobody tries to restore what {plan.name} makes"), TRIAL)


def _includes(test: Resource, target: Any, graph: Graph) -> Verdict:
    """The test takes backups out of the vault that the rule puts them into."""
    vaults, what = test.get("recoveryPointSelection", "includeVaults"), f"includeVaults of {test.name}"
    if is_dark(vaults):
        return dark(what, vaults)
    if is_dark(target):
        return dark("targetVaultName of the plan", target)
    found = any_of(_is_vault(vault, target, what, graph) for vault in listed(vaults))
    return failed(f"{what} are not set") if found.state is State.NOT_APPLICABLE else found


def _is_vault(vault: Any, target: Any, what: str, graph: Graph) -> Verdict:
    if isinstance(vault, Unknown):
        named = [v for v in graph.of_type(tokens.VAULT) if comes_from(vault, v) and v.get("name") == target]
        return passed(f"{what} take in the plan's vault") if named else dark(what, vault)
    return holds(
        vault, lambda said: said == EVERY_VAULT or said.rpartition(":")[2] == target, what, "about the plan's vault"
    )


def _selects_something(test: Resource, graph: Graph) -> Verdict:
    """A plan of tests alone restores nothing."""
    if found := companions(graph, test, (tokens.RESTORE_SELECTION,), "restoreTestingPlanName"):
        return passed(f"{found[0].name} says what {test.name} restores")
    if astray := strays(graph, (tokens.RESTORE_SELECTION,), "restoreTestingPlanName"):
        return undecided(f"which test {astray[0].name} belongs to is not known yet")
    return failed(f"{test.name} has no selection, so it restores nothing")
