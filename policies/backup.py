"""Guards over recovery: that backups cannot be removed, are made of what matters, stay at home, and are tried."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from core.finding import Severity
from core.graph import Graph
from core.resource import Resource
from core.value import Unknown, at
from core.verdict import State, Verdict, all_of, any_of, at_least, failed, holds, not_applicable, passed, undecided
from policies import tokens
from policies.guard import guard
from policies.links import (
    Kind,
    comes_from,
    companions,
    dark,
    each_companion,
    is_dark,
    listed,
    unless,
    uses_own_key,
)
from policies.s3_copies import is_copy
from policies.statement import Statement, some_statement
from policies.tier import ENVIRONMENT, is_trial

LOCK = Kind(tokens.VAULT_LOCK, "backupVaultName", "lock")
POLICY = Kind(tokens.VAULT_POLICY, "backupVaultName", "policy")
REMOVALS = ("backup:DeleteRecoveryPoint", "backup:UpdateRecoveryPointLifecycle")
TABLE = "aws:dynamodb/table:Table"
TRIAL = not_applicable("it belongs to a trial environment")
COPY = not_applicable("it is a live copy; its source is judged")


@guard(
    "backup.vault_is_encrypted_with_own_key",
    on=tokens.VAULT,
    severity=Severity.HIGH,
    fix="Set kmsKeyArn to the ARN of a Key component; the BackupVault component makes one.",
)
def vault_is_encrypted_with_own_key(vault: Resource, graph: Graph) -> Verdict:
    """A backup is the data once more: opening it takes a key of our own, and not the one of what was lost."""
    return uses_own_key(graph, vault, "kmsKeyArn")


@guard(
    "backup.vault_is_locked",
    on=tokens.VAULT,
    severity=Severity.HIGH,
    fix="Declare a VaultLockConfiguration with minRetentionDays; the BackupVault component does.",
)
def vault_is_locked(vault: Resource, graph: Graph) -> Verdict:
    """Who encrypts data for ransom looks for the backups first: a lock keeps each for its least time."""
    return each_companion(graph, vault, LOCK, lambda lock: at_least(lock, 1, "minRetentionDays"))


@guard(
    "backup.trial_lock_can_be_lifted",
    on=tokens.VAULT_LOCK,
    severity=Severity.HIGH,
    fix="Leave changeableForDays out in tiers local and dev: set, it makes the lock one that nobody can ever lift.",
)
def trial_lock_can_be_lifted(lock: Resource, graph: Graph) -> Verdict:
    """A test account under a final lock can be taken down only by closing the account."""
    trial, days = is_trial(graph, lock), lock.get("changeableForDays")
    if trial is False:
        return not_applicable("its environment is no trial")
    if trial is None:
        return undecided(f"whether {lock.name} belongs to a trial is not known yet")
    return holds(days, lambda said: said is None, f"changeableForDays of {lock.name}", "left out in a trial")


@guard(
    "backup.vault_refuses_removal",
    on=tokens.VAULT,
    severity=Severity.HIGH,
    fix="Deny backup:DeleteRecoveryPoint and backup:UpdateRecoveryPointLifecycle to everyone in a VaultPolicy.",
)
def vault_refuses_removal(vault: Resource, graph: Graph) -> Verdict:
    """One stolen administrator's session must not be enough to remove the last copy by hand."""

    def refuses(statement: Statement) -> Verdict:
        return all_of(
            [
                statement.has_effect("Deny"),
                statement.is_for_everyone(),
                statement.includes("Action", *REMOVALS),
                statement.includes("Resource", "*"),
                holds(
                    statement.get("Condition"),
                    lambda said: not said,
                    f"Condition of {statement.place}",
                    "left out, so that nobody is spared",
                ),
            ]
        )

    def kept(policy: Resource) -> Verdict:
        return some_statement(graph, policy, refuses, "does not deny everyone the removal of backups")

    return each_companion(graph, vault, POLICY, kept)


@guard(
    "backup.plan_keeps_to_its_vault",
    on=tokens.BACKUP_PLAN,
    severity=Severity.HIGH,
    fix="Give each rule a lifecycle.deleteAfter between the vault's minRetentionDays and maxRetentionDays.",
)
def plan_keeps_to_its_vault(plan: Resource, graph: Graph) -> Verdict:
    """A job that asks for less or more than the vault's lock allows fails, each night anew.

    Without any end to it a backup outlives the time for which data may be kept.

    https://docs.aws.amazon.com/aws-backup/latest/devguide/vault-lock.html
    """
    return _each_rule(plan, lambda rule: all_of(_kept(rule, plan, graph)))


def _each_rule(plan: Resource, judged: Any) -> Verdict:
    rules, what = plan.get("rules"), f"rules of {plan.name}"
    if is_dark(rules):
        return dark(what, rules)
    found = [dark(what, rule) if is_dark(rule) else judged(rule) for rule in listed(rules)]
    return all_of(found) if found else failed(f"{plan.name} has no rule")


def _kept(rule: Any, plan: Resource, graph: Graph) -> Iterator[Verdict]:
    """For the rule and each of its copies: a set time, within the bounds of the vault it goes to."""
    yield from _fits(at(rule, "lifecycle", "deleteAfter"), at(rule, "targetVaultName"), plan, graph)
    for copy in _copies(rule):
        yield from _fits(at(copy, "lifecycle", "deleteAfter"), at(copy, "destinationVaultArn"), plan, graph)


def _copies(rule: Any) -> tuple[Any, ...]:
    copies = at(rule, "copyActions")
    return (copies,) if is_dark(copies) else listed(copies)


def _fits(days: Any, target: Any, plan: Resource, graph: Graph) -> Iterator[Verdict]:
    what = f"lifecycle.deleteAfter in {plan.name}"
    yield holds(days, _is_a_time, what, "a number of days")
    if is_dark(days) or not _is_a_time(days):
        return
    vaults = [vault for vault in graph.of_type(tokens.VAULT) if _names(target, vault)]
    if not vaults:
        yield undecided(f"{plan.name} keeps backups in a vault that cannot be seen here")
    for vault in vaults:
        for lock in companions(graph, vault, LOCK.tokens, LOCK.refers):
            least, most = (lock.get(bound) for bound in ("minRetentionDays", "maxRetentionDays"))
            yield holds(least, lambda said: said is None or days >= said, f"minRetentionDays of {lock.name}", "kept to")
            yield holds(most, lambda said: said is None or days <= said, f"maxRetentionDays of {lock.name}", "kept to")


def _is_a_time(days: Any) -> bool:
    return isinstance(days, int | float) and not isinstance(days, bool) and days >= 1


def _names(target: Any, vault: Resource) -> bool:
    """Whether a vault's name, its ARN or an unknown value made of its outputs names this vault."""
    if isinstance(target, Unknown):
        return comes_from(target, vault)
    name = vault.get("name")
    return isinstance(target, str) and isinstance(name, str) and bool(target.rpartition(":")[2] == name)


@guard(
    "backup.copy_stays_in_residency",
    on=tokens.BACKUP_PLAN,
    severity=Severity.CRITICAL,
    fix="Copy to a vault in a Region that the settings name under `residency`.",
)
def copy_stays_in_residency(plan: Resource, graph: Graph) -> Verdict:
    """A copy is the data itself: in a Region where it may not lie it is a transfer, whatever it was made for."""
    residency = next((above.get("residency") for above in graph.ancestors(plan) if above.type == ENVIRONMENT), None)

    def stays(copy: Any) -> Verdict:
        arn, what = at(copy, "destinationVaultArn"), f"destinationVaultArn in {plan.name}"
        if is_dark(arn):
            return dark(what, arn)
        region = holds(arn, lambda said: bool(said.split(":")[3]), what, "the ARN of a vault")
        if region.state is not State.PASS:
            return region
        where = arn.split(":")[3]
        if residency is None:
            return undecided(f"where the data of {plan.name} may lie is not said by any environment")
        return holds(residency, lambda said: where in listed(said), f"Region of {what}", "one where data may lie")

    def all_stay(rule: Any) -> Verdict:
        copies = _copies(rule)
        return all_of(map(stays, copies)) if copies else passed(f"{plan.name} makes no copy elsewhere")

    return _each_rule(plan, all_stay)


@guard(
    "backup.store_is_backed_up",
    on=(*tokens.BUCKET, TABLE, tokens.VOLUME, tokens.DB_INSTANCE, tokens.DB_CLUSTER),
    severity=Severity.HIGH,
    fix=f"Tag the store {tokens.BACKUP} with the name of a plan whose Selection selects that tag and value.",
)
def store_is_backed_up(store: Resource, graph: Graph) -> Verdict:
    """Versions save what was overwritten; only a backup saves what was removed with its store.

    Data about people must be in a plan, and so must all that says it is. Trials hold nothing that is worth it, and what
    is a live copy itself is made again from its source, which is judged here too.
    """
    plan, trial = store.get("tags", tokens.BACKUP), is_trial(graph, store)
    if trial:
        return TRIAL
    named = [_is_whole(one) for one in companions(graph, store, (tokens.BACKUP_SELECTION,), "resources")]
    if plan is None:
        return any_of(named) if named else _needs_no_plan(store, graph, trial)
    if is_dark(plan):
        return dark(f"tag {tokens.BACKUP} of {store.name}", plan)
    chosen = (_selects(selection, plan) for selection in graph.of_type(tokens.BACKUP_SELECTION))
    found = any_of([*named, *chosen])
    if found.state in {State.PASS, State.UNKNOWN}:
        return found
    return unless(trial, failed(f"no selection takes in what bears the tag {tokens.BACKUP} of {store.name}"), TRIAL)


def _needs_no_plan(store: Resource, graph: Graph, trial: bool | None) -> Verdict:  # noqa: FBT001 - three-valued
    """It holds nothing about people, or is a copy, or belongs to a trial; `trial` is None where nobody can tell yet."""
    held, what = store.get("tags", tokens.DATA_CLASS), f"the data class of {store.name}"
    about = holds(held, lambda said: said not in tokens.ABOUT_PEOPLE, what, "not so")
    if about.state is State.PASS:
        return not_applicable("it is not tagged as holding data about people, nor as being in a backup plan")
    missing = failed(f"{store.name} holds data about people and is in no backup plan")
    known = about if about.state is State.UNKNOWN else missing
    return unless(trial, unless(is_copy(graph, store), known, COPY), TRIAL)


def _selects(selection: Resource, plan: Any) -> Verdict:
    """It selects the tag by this value, and a condition or an exception takes nothing out again."""
    chosen, what = selection.get("selectionTags"), f"selectionTags of {selection.name}"
    if is_dark(chosen):
        return dark(what, chosen)
    wanted = {"type": "STRINGEQUALS", "key": tokens.BACKUP, "value": plan}
    tags = any_of(
        dark(what, tag)
        if is_dark(tag)
        else all_of(
            [
                holds(at(tag, "type"), lambda said: said == wanted["type"], what, "of equal text"),
                holds(at(tag, "key"), lambda said: said == wanted["key"], what, "about the tag"),
                holds(at(tag, "value"), lambda said: said == wanted["value"], what, "about its value"),
            ]
        )
        for tag in listed(chosen)
    )
    selected = tags if tags.state is not State.NOT_APPLICABLE else failed(f"{what} are not set")
    return all_of([selected, _is_whole(selection)])


def _is_whole(selection: Resource) -> Verdict:
    """Nothing takes out again what the selection takes in."""
    return all_of(
        holds(selection.get(name), lambda said: not said, f"{name} of {selection.name}", "left out")
        for name in ("conditions", "notResources")
    )
