"""`strongroom explain`: one guard, for somebody who has just been stopped by it."""

from __future__ import annotations

import textwrap

import click

from cli.judgement import Law, read_law
from cli.options import example
from cli.report import rules
from cli.terminal import emit, width
from core.errors import BadInput
from core.toml_table import hint
from evidence.bundle import Rule

PAGE = 100


@click.command(epilog=example("strongroom explain s3.bucket_keeps_versions"))
@click.argument("guard", metavar="ID")
def explain(guard: str) -> None:
    """Say what a guard demands, and why.

    Also how to comply with it, what it concerns and which sections of which packs it serves.
    """
    law = read_law()
    known = {rule.id: rule for rule in rules(law)}
    if guard not in known:
        msg = f"there is no guard {guard!r}{hint(guard, known)}; `strongroom guards` lists them"
        raise BadInput(msg)
    emit(as_text(law, known[guard]))


def as_text(law: Law, rule: Rule) -> str:
    """The page."""
    from policies.judge import guards

    served = [f"{control.label}  {control.title}" for control in law.cited(rule.controls)]
    parts = {
        "What": [rule.title],
        "Severity": [rule.severity.value],
        "Why": rule.why.splitlines(),
        "Fix": [rule.fix],
        "Concerns": list(guards()[rule.id].on),
        "Serves": served or ["no section of a pack"],
    }
    lines = [rule.id, ""]
    for label, texts in parts.items():
        wrapped = [line for text in texts for line in textwrap.wrap(text, (width() or PAGE) - 12) or [""]]
        lines += [f"  {label if number == 0 else '':<10}{line}" for number, line in enumerate(wrapped)]
    if any(control.inferred for control in law.cited(rule.controls)):
        lines += ["", "  ~ marks a citation that is the pack author's inference, not an established mapping."]
    return "\n".join([*lines, ""])
