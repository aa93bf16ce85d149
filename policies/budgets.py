"""Guards over spending: that there is a limit, and that somebody hears of it."""

from __future__ import annotations

from typing import Any

from core.finding import Severity
from core.graph import STACK, Graph
from core.resource import Resource
from core.value import at
from core.verdict import State, Verdict, all_of, any_of, equals, failed, holds, not_applicable, undecided
from policies import tokens
from policies.cloudwatch import all_trials
from policies.guard import guard
from policies.links import dark, is_dark, listed
from policies.tier import is_elsewhere


@guard(
    "budgets.spending_has_a_limit",
    on=STACK,
    severity=Severity.MEDIUM,
    fix="Declare a Budget component.",
)
def spending_has_a_limit(stack: Resource, graph: Graph) -> Verdict:
    """What a stolen role computes, and what was forgotten running, shows on the bill first.

    A stack of trial environments (tier local or dev) may go without.
    """
    if all_trials(graph) is True:
        return not_applicable(f"{stack.name or 'the stack'} has trial environments only")
    if is_elsewhere(graph, "account"):
        return not_applicable("the account's own layer, whose bill it is, is another stack's")
    found = any_of(
        all_of([equals(budget, "COST", "budgetType"), equals(budget, "MONTHLY", "timeUnit")])
        for budget in graph.of_type(tokens.BUDGET)
    )
    if found.state in {State.PASS, State.UNKNOWN}:
        return found
    missing = failed(f"{stack.name or 'the stack'} has no monthly budget")
    return missing if all_trials(graph) is False else undecided(f"{missing.reason}, unless this is a trial")


@guard(
    "budgets.budget_tells_somebody",
    on=tokens.BUDGET,
    severity=Severity.MEDIUM,
    fix="Declare notifications of type ACTUAL and FORECASTED, each with a topic or an e-mail address.",
)
def budget_tells_somebody(budget: Resource) -> Verdict:
    """A limit that nobody hears of is a number; by the end of the month it is too late to hear of it."""
    told, what = budget.get("notifications"), f"notifications of {budget.name}"
    if is_dark(told):
        return dark(what, told)

    def tells(kind: str) -> Verdict:
        found = any_of(_is_told(notification, kind, what) for notification in listed(told))
        return found if found.state in {State.PASS, State.UNKNOWN} else failed(f"{what} tell nobody of {kind}")

    return all_of(tells(kind) for kind in ("ACTUAL", "FORECASTED"))


def _is_told(notification: Any, kind: str, what: str) -> Verdict:
    """It is of this type, and has a subscriber; one whose ARN is not known yet is one."""
    whom = [at(notification, name) for name in ("subscriberSnsTopicArns", "subscriberEmailAddresses")]
    subscribed = any_of(holds(some, lambda said: bool(listed(said)), what, "with a subscriber") for some in whom)
    typed = holds(at(notification, "notificationType"), lambda said: said == kind, what, f"of type {kind}")
    return all_of([typed, subscribed])
