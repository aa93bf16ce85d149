"""`strongroom waivers`: every accepted exception, who answers for it, and how many days are left."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import click

from cli import options
from cli.judgement import read_law
from cli.surroundings import as_of
from cli.terminal import emit
from core.waivers import WaiverRule, faults_of_form

NONE = "No waiver is in force. How to write one: policies/waivers.toml\n"


@click.command(epilog=options.example("strongroom waivers", "strongroom waivers --format json"))
@options.waivers
@options.list_format
def waivers(waivers: Path | None, form: str) -> None:
    """List the accepted exceptions and the days left.

    What is wrong with one by itself is said beside it; whether it matches anything, `strongroom plan` says.
    """
    rules = read_law(waivers=waivers).waivers
    today = as_of(os.environ).date()
    emit(as_json(rules, today) if form == "json" else as_text(rules, today))


def soonest(rules: Sequence[WaiverRule]) -> list[WaiverRule]:
    """The waivers in the order in which they end; one without an end comes first."""
    return sorted(rules, key=lambda rule: (rule.expires or date.min, rule.place))


def as_json(rules: Sequence[WaiverRule], today: date) -> str:
    """The list for programs."""
    told = [
        {
            "place": rule.place,
            "about": rule.guard or rule.control,
            "resource": rule.resource,
            "environment": rule.environment,
            "reason": rule.reason,
            "owner": rule.owner,
            "ticket": rule.ticket,
            "instead": rule.instead,
            "expires": rule.expires.isoformat() if rule.expires else None,
            "days_left": rule.days_left(today),
            "faults": [message for _, message in faults_of_form(rule, today)],
        }
        for rule in soonest(rules)
    ]
    return json.dumps({"version": 1, "as_of": today.isoformat(), "waivers": told}, indent=2) + "\n"


def as_text(rules: Sequence[WaiverRule], today: date) -> str:
    """The list for people, what ends first on top."""
    if not rules:
        return NONE
    lines = [f"{len(rules)} waivers, as of {today.isoformat()}", ""]
    for rule in soonest(rules):
        left = rule.days_left(today)
        until = "no end" if left is None else f"ran out {-left} days ago" if left < 0 else f"{left} days left"
        lines.append(f"{rule.guard or rule.control}  on {rule.resource} in {rule.environment}: {until}")
        about = {"owner": rule.owner, "reason": rule.reason, "ticket": rule.ticket, "instead": rule.instead}
        lines += [f"    {name:<8}{said}" for name, said in about.items() if said]
        lines += [f"    WRONG   {message}" for _, message in faults_of_form(rule, today)]
    return "\n".join([*lines, ""])
