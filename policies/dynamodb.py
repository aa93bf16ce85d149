"""Guards over tables: their key, how they are got back, how long items stay, and who comes near."""

from __future__ import annotations

from core.finding import Severity
from core.graph import Graph
from core.resource import Resource
from core.value import at
from core.verdict import State, Verdict, all_of, holds, is_true, not_applicable
from policies import tokens
from policies.guard import guard
from policies.links import dark, is_dark, key_bears_class, listed, unless, uses_own_key
from policies.statement import Statement, allowing_only, every_statement
from policies.tier import is_trial
from policies.whereabouts import is_at_home, residency_of


@guard(
    "dynamodb.table_is_encrypted_with_own_key",
    on=tokens.TABLE,
    severity=Severity.HIGH,
    fix="Set serverSideEncryption with a key of ours as kmsKeyArn; every Table component does.",
)
def table_is_encrypted_with_own_key(table: Resource, graph: Graph) -> Verdict:
    """Under the key that AWS owns, whoever may read the table may read the data, and no use of the key is recorded."""
    sealed = is_true(table, "serverSideEncryption", "enabled")
    if sealed.state is State.FAIL:
        return sealed
    return all_of([sealed, uses_own_key(graph, table, "serverSideEncryption", "kmsKeyArn")])


@guard(
    "dynamodb.table_key_bears_its_class",
    on=tokens.TABLE,
    severity=Severity.MEDIUM,
    fix="Tag the key strongroom:data-class like the table: (name / 'key').tagged(data_class=...).",
)
def table_key_bears_its_class(table: Resource, graph: Graph) -> Verdict:
    """The permission boundary reads the class off the key: without it, whoever is granted the key is not asked."""
    return key_bears_class(graph, table.get("tags", tokens.DATA_CLASS), table, "serverSideEncryption", "kmsKeyArn")


@guard(
    "dynamodb.table_can_be_had_back",
    on=tokens.TABLE,
    severity=Severity.HIGH,
    fix="Set pointInTimeRecovery.enabled; every Table component does.",
)
def table_can_be_had_back(table: Resource) -> Verdict:
    """What a faulty program overwrote an hour ago is in no backup of last night."""
    return is_true(table, "pointInTimeRecovery", "enabled")


@guard(
    "dynamodb.table_outlives_its_stack",
    on=tokens.TABLE,
    severity=Severity.HIGH,
    fix="Set deletionProtectionEnabled; only a trial environment (tier local or dev) may go without.",
)
def table_outlives_its_stack(table: Resource, graph: Graph) -> Verdict:
    """One `destroy` of the wrong stack, or one call, must not take the data along."""
    kept, trial = is_true(table, "deletionProtectionEnabled"), is_trial(graph, table)
    return unless(trial, kept, not_applicable("it belongs to a trial, whose data may go with it"))


@guard(
    "dynamodb.table_lets_items_expire",
    on=tokens.TABLE,
    severity=Severity.MEDIUM,
    fix="Set ttl with an attribute that says when an item lapses; every Table component does.",
)
def table_lets_items_expire(table: Resource) -> Verdict:
    """Data about people that nobody needs any more is only a risk, and a table forgets nothing by itself."""
    held = table.get("tags", tokens.DATA_CLASS)
    named = holds(table.get("ttl", "attributeName"), bool, f"ttl.attributeName of {table.name}", "an attribute")
    lapses = all_of([is_true(table, "ttl", "enabled"), named])
    harmless = None if is_dark(held) else held is not None and held not in tokens.ABOUT_PEOPLE
    return unless(harmless, lapses, not_applicable("it says that it holds nothing about people"))


@guard(
    "dynamodb.table_stays_in_residency",
    on=tokens.TABLE,
    severity=Severity.CRITICAL,
    fix="Name only Regions of the residency set in `replicas`, each with a key of its own there.",
)
def table_stays_in_residency(table: Resource, graph: Graph) -> Verdict:
    """A replica holds all of the data, in the Region that its line names, within a second."""
    copies, what = table.get("replicas"), f"replicas of {table.name}"
    if copies is None or copies == ():
        return not_applicable("it has no replica")
    if is_dark(copies):
        return dark(what, copies)
    homes = residency_of(graph, table)
    if isinstance(homes, Verdict):
        return homes
    return all_of(
        _within(copy, homes, f"regionName of replicas[{n}] of {table.name}") for n, copy in enumerate(listed(copies))
    )


def _within(copy: object, homes: tuple[str, ...], what: str) -> Verdict:
    return is_at_home(at(copy, "regionName"), homes, what)


@guard(
    "dynamodb.table_policy_names_whom_it_admits",
    on=tokens.TABLE_POLICY,
    severity=Severity.CRITICAL,
    fix="Take the resource policy away and grant access through the Table component, or name each principal in it.",
)
def table_policy_names_whom_it_admits(policy: Resource, graph: Graph) -> Verdict:
    """A policy on the table itself lets people of other accounts in, past everything that our roles say."""
    return every_statement(graph, policy, allowing_only(Statement.names_whom_it_allows))
