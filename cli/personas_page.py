"""The page about the personas: who each is, what it may do, what it never may, and the statements about that."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from cli.access_source import metadata
from cli.statements import statement_texts
from core.personas import PERSONAS, Limit, Persona

if TYPE_CHECKING:
    from access.statement import Statement

INTRODUCTION = """# Personas

Everybody who works on the platform does so in one of {count} roles. Who may take which is in the settings; what each is
for is in `core/personas.py`; what it is granted is in `stacks/grants.py`. The statements below are expectations, in
`access/statements`: `strongroom access prove --env prod` proves each of them against the policies, or refutes it with a
request. [How that is done, and what it does not show](proofs.md).
"""
LIMITS = {
    Limit.INNER: "the inner boundary: nobody under it changes a role, ends a key, opens a store or touches the record",
    Limit.OUTER: "the outer boundary: it may deploy or repair, and neither touches its own limits nor ends the record",
}


def personas_page() -> str:
    """The whole page."""
    statements = statement_texts().parsed(metadata())
    parts = [INTRODUCTION.format(count=len(PERSONAS))]
    parts += ["\n".join(_persona(persona, statements)) for persona in PERSONAS.values()]
    parts.append("\n".join(_everybody(statements)))
    return "\n".join(parts)


def _persona(persona: Persona, statements: Sequence[Statement]) -> Iterator[str]:
    yield f"## {persona.name}"
    yield ""
    yield f"{persona.purpose}. Never {persona.never}."
    yield ""
    yield f"- Taken by {persona.taken_by}, for at most {persona.longest_hours} {_hours(persona.longest_hours)}."
    yield f"- Stands under {LIMITS[persona.limit]}."
    cleared = ", ".join(persona.clearance) or "nothing that is about people"
    yield f"- Cleared for {cleared}."
    if persona.is_watched:
        yield "- Every use of it raises an alarm."
    yield ""
    yield from _table("What it can do", [one for one in statements if one.is_positive and persona.name in one.who])
    yield from _table(
        "What it never can", [one for one in statements if not one.is_positive and _speaks_of(one, persona.name)]
    )


def _speaks_of(said: Statement, name: str) -> bool:
    """Whether the statement forbids the persona by name; one that says `only` forbids all others."""
    return name in said.who and said.rule != "only"


def _everybody(statements: Sequence[Statement]) -> Iterator[str]:
    yield "## Everybody"
    yield ""
    yield "What is stated of groups: of all roles, of people, of workloads, of outsiders, of an administrator of the"
    yield "account whom the program does not declare, and of a role that somebody granted everything."
    yield ""
    grouped = [one for one in statements if not any(name in PERSONAS for name in one.who) or one.rule == "only"]
    yield from _table("What holds", grouped)


def _table(title: str, statements: Sequence[Statement]) -> Iterator[str]:
    if not statements:
        return
    yield f"| {title} | Statement | Law |"
    yield "|---|---|---|"
    for one in sorted(statements, key=lambda said: said.id):
        yield f"| {one.text} | `{one.id}` | {'; '.join(one.law)} |"
    yield ""


def _hours(count: int) -> str:
    return "hour" if count == 1 else "hours"
