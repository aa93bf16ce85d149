"""`strongroom guards`: every rule, and the sections of law it serves."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Sequence

import click

from cli.judgement import Law, read_law
from cli.options import example, list_format
from cli.report import rules
from cli.terminal import emit, width
from core.controls import Pack
from core.errors import BadInput
from core.toml_table import hint
from evidence.bundle import Rule

PAGE = 100


@click.command(epilog=example("strongroom guards", "strongroom guards --pack hipaa", "strongroom guards --format json"))
@click.option("--pack", metavar="NAME", help="One pack, section by section; as JSON the guards that serve it.")
@list_format
def guards(pack: str | None, form: str) -> None:
    """List the guards and what they serve.

    How much a breach would cost, and which sections of which packs each of them speaks to.
    """
    law = read_law()
    if pack is not None and pack not in (known := [used.id for used in law.used]):
        msg = f"there is no pack {pack!r}; there are: {', '.join(known) or 'none'}{hint(pack, known)}"
        raise BadInput(msg)
    listed = [rule for rule in (narrowed(rule, pack) for rule in rules(law)) if rule.controls or pack is None]
    chosen = [held for held in law.packs if held.id == pack]
    text = "".join(as_table(held) for held in chosen) if chosen else as_text(law, listed)
    emit(as_json(law, listed) if form == "json" else text)


def narrowed(rule: Rule, pack: str | None) -> Rule:
    """The rule with the sections of one pack only."""
    kept = tuple(control for control in rule.controls if pack is None or control.startswith(f"{pack}:"))
    return Rule(rule.id, rule.why, rule.severity, rule.fix, kept)


def as_table(pack: Pack) -> str:
    """A pack for people: a line for each section, with how many guards speak to it and who sees to it."""
    rows = [
        (
            control.section,
            str(len(control.guards) - len(control.inferred)),
            str(len(control.inferred)),
            control.responsibility.value,
            "yes" if control.mandatory else "",
            control.title,
        )
        for control in pack.controls.values()
    ]
    head = ("section", "guards", "~", "for", "must", "title")
    wide = [max(len(row[place]) for row in (head, *rows)) for place in range(len(head) - 1)]
    lines = [
        " ".join([*(cell.ljust(size) for cell, size in zip(row, wide, strict=False)), row[-1]]) for row in (head, *rows)
    ]
    served = {guard for control in pack.controls.values() for guard in control.guards}
    tail = (
        f"{len(rows)} sections, {len(served)} guards. ~ counts guards whose citation is our own inference;\n"
        "`must` marks what staging and prod must not leave undecided.\n"
        f"Which guards, in plain words: docs/packs/{pack.id}.md, or --format json.\n"
    )
    shown = "\n".join(line.rstrip() for line in lines)
    return f"{pack.title} ({pack.id} {pack.version})\n\n{shown}\n\n{tail}"


def as_json(law: Law, listed: Sequence[Rule]) -> str:
    """The list for programs."""
    return json.dumps({"version": 1, "guards": [described(law, rule) for rule in listed]}, indent=2) + "\n"


def described(law: Law, rule: Rule) -> dict[str, object]:
    """One guard in plain values."""
    return {
        "id": rule.id,
        "severity": rule.severity.value,
        "why": rule.why,
        "fix": rule.fix,
        "controls": [
            {"id": control.id, "label": control.label, "title": control.title, "inferred": control.inferred}
            for control in law.cited(rule.controls)
        ],
    }


def as_text(law: Law, listed: Sequence[Rule]) -> str:
    """The list for people: a line for the guard, below it what it serves."""
    lines = []
    for rule in listed:
        labels = ", ".join(control.label for control in law.cited(rule.controls)) or "no section of a pack"
        lines.append(f"{rule.id}  ({rule.severity.value})")
        lines += textwrap.wrap(labels, width() or PAGE, initial_indent="    ", subsequent_indent="    ")
    tail = f"{len(listed)} guards. ~ marks a citation that is inferred. What, why and how to fix: strongroom explain ID"
    return "\n".join([*lines, "", tail, ""])
