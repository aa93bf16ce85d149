"""Paths that people looked at and mean to leave open, each with its reason: `access/intended.toml`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from core.errors import BadInput
from core.toml_table import Table, parsed

SHORTEST_REASON = 20


@dataclass(frozen=True, slots=True)
class Intended:
    """Methods by which a persona may go further, and why. Every step of a path must be one of them.

    `environments` are those in which it holds; none for all.
    """

    start: str
    methods: frozenset[str]
    because: str
    environments: frozenset[str] = frozenset()


def parse_intended(text: str, source: str, known: Sequence[str]) -> tuple[Intended, ...]:
    """The entries of a text. Raises BadInput for one that names no known method or gives no reason."""
    body = parsed(text, source).get("intended", [])
    if not isinstance(body, list):
        msg = f"{source}: intended is no list; expected tables headed [[intended]]"
        raise BadInput(msg)
    return tuple(_entry(Table(one, source, f"intended[{number}]", text), known) for number, one in enumerate(body, 1))


def _entry(table: Table, known: Sequence[str]) -> Intended:
    table.only("from", "methods", "because", "environments")
    methods, because = table.texts("methods"), table.text("because")
    for number in methods:
        if number not in known:
            table.refuse("methods", f"names {number!r}", "numbers of access/methods.toml, such as T022")
    if not methods:
        table.refuse("methods", "is empty", "at least one number of a method")
    if len(because) < SHORTEST_REASON:
        table.refuse("because", "says little", "a sentence that a reviewer can judge")
    return Intended(table.text("from"), frozenset(methods), because, frozenset(table.texts("environments")))


def reason_for(intended: Sequence[Intended], start: str, methods: Sequence[str]) -> str:
    """Why the path is meant to be there; empty where nobody said so."""
    found = [one for one in intended if one.start == start]
    reasons = [next((one.because for one in found if number in one.methods), "") for number in methods]
    return "; ".join(dict.fromkeys(reasons)) if reasons and all(reasons) else ""
