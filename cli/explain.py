"""`strongroom explain`: one guard, for somebody who has just been stopped by it."""

from __future__ import annotations

import textwrap
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

import click

from cli.judgement import Law, read_law
from cli.law_links import aws_pages, law_link
from cli.options import example
from cli.report import rules
from cli.second_opinion import SUBJECTS
from cli.terminal import emit, step, width
from core.errors import BadInput
from core.toml_table import hint
from evidence.bundle import Rule

if TYPE_CHECKING:
    from core.graph import Graph
    from core.resource import Resource

PAGE = 100
CHECKOV = "checkov."


@click.command(
    epilog=example(
        "strongroom explain s3.bucket_keeps_versions",
        "strongroom explain s3.bucket_keeps_versions --env prod --resource '*-raw-*'",
    )
)
@click.argument("guard", metavar="ID")
@click.option("--env", "environment", metavar="NAME", help="Show how the guard judges this environment's resources.")
@click.option("--resource", "pattern", metavar="NAME", help="Of those, the ones called so; * stands for anything.")
def explain(guard: str, environment: str | None, pattern: str | None) -> None:
    """Say what a guard demands, and why.

    Also how to comply with it, what it concerns and which sections of which packs it serves, with a wrong and a right
    program. With --env, how it came to its verdict on each resource: which properties it read, and what of them is not
    known yet.
    """
    if pattern and not environment:
        msg = "--resource needs --env, the environment in which the resource is declared"
        raise BadInput(msg)
    if guard.startswith(CHECKOV):
        msg = f"{guard} is a check of checkov's; {SUBJECTS.name} says how it stands to our guards, and so may you"
        raise BadInput(msg)
    law = read_law()
    known = {rule.id: rule for rule in rules(law)}
    if guard not in known:
        msg = f"there is no guard {guard!r}{hint(guard, known)}; `strongroom guards` lists them"
        raise BadInput(msg)
    page = as_text(law, known[guard])
    emit(page + (reasoned(guard, environment, pattern or "*") if environment else ""))


def as_text(law: Law, rule: Rule) -> str:
    """The page."""
    from cli.cases import OPEN, RIGHT, WRONG, snippet
    from policies.judge import guards

    guard = guards()[rule.id]
    served = [f"{control.label}  {control.title}  {law_link(control.id)}" for control in law.cited(rule.controls)]
    parts = {
        "What": [rule.title],
        "Severity": [rule.severity.value],
        "Why": rule.why.splitlines(),
        "Fix": [rule.fix],
        "Concerns": list(guard.on),
        "Serves": [line.rstrip() for line in served] or ["no section of a pack"],
        "AWS": list(aws_pages(guard)) or ["no page of AWS's is known for it"],
    }
    lines = [rule.id, ""]
    for label, texts in parts.items():
        room = (width() or PAGE) - 12
        wrap = textwrap.TextWrapper(room, break_long_words=False, break_on_hyphens=False).wrap
        wrapped = [line for text in texts for line in wrap(text) or [""]]
        lines += [f"  {label if number == 0 else '':<10}{line}" for number, line in enumerate(wrapped)]
    for label, expect in (("Wrong", WRONG), ("Open", OPEN), ("Right", RIGHT)):
        if (expect != OPEN or snippet(guard, WRONG) is None) and (found := snippet(guard, expect)):
            because, program = found
            lines += ["", f"  {label}: {because}", *(f"    {line}" for line in program)]
    if any(control.inferred for control in law.cited(rule.controls)):
        lines += ["", "  ~ marks a citation that is the pack author's inference, not an established mapping."]
    return "\n".join([*lines, ""])


def reasoned(name: str, environment: str, pattern: str) -> str:
    """How the guard judges the resources of that name in an environment, one after another."""
    from cli.program import declared, settings_of
    from policies.judge import guards

    with step(f"planning {environment}"):
        graph = declared(settings_of(environment))
    concerned = [resource for resource in graph.of_type(*guards()[name].on) if fnmatchcase(resource.name, pattern)]
    if not concerned:
        there = sorted({resource.name for resource in graph.of_type(*guards()[name].on)})
        which = f"it concerns {', '.join(there)}" if there else "nothing there is of a type it concerns"
        msg = f"{name} concerns no resource called {pattern!r} in {environment}; {which}"
        raise BadInput(msg)
    return "\n".join(line for resource in concerned for line in _one(name, resource, graph)) + "\n"


def _one(name: str, resource: Resource, graph: Graph) -> list[str]:
    from evidence.wording import visible
    from policies.judge import guards
    from policies.reasoning import reasoning

    found = reasoning(guards()[name], resource.urn, graph)
    place = " < ".join(map(str, resource.location))
    lines = ["", f"{found.verdict.state.value.upper()} {resource.urn}", *([f"  {place}"] if place else [])]
    lines += [f"  {visible(found.verdict.reason)}", "  It read:"]
    for read in found.reads:
        whose = "" if read.urn == resource.urn else f" of {read.urn.rpartition('::')[2]}"
        source = f", from {_short(read.source)}" if read.source else ""
        lines.append(f"    {read.path}{whose}: {read.sight.value}{visible(source)}")
    return lines if found.reads else [*lines[:-1], "  It read no property."]


def _short(source: str) -> str:
    return ", ".join(part.rpartition("::")[2] for part in source.split(", "))
