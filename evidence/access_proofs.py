"""Statements about access as reports show them: how many stand how, and those that do not hold with their witness."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from core.proof import Proof, Standing, standings, worst_proof_first
from evidence.wording import visible

OPEN = (Standing.REFUTED, Standing.VACUOUS, Standing.UNKNOWN)
"""The standings of which a reader wants to know each case."""
UNBROKEN = 10_000


def tally_line(proofs: Sequence[Proof]) -> str:
    """How many stand how, in a line."""
    return ", ".join(f"{count} {standing.value}" for standing, count in _by_weight(standings(proofs)))


def _by_weight(counts: Mapping[Standing, int]) -> Iterator[tuple[Standing, int]]:
    """Proved first, then what does not hold; standings that nothing has are left out, but for the three verdicts."""
    always = (Standing.PROVED, Standing.REFUTED, Standing.UNKNOWN)
    for standing in (*always, Standing.VACUOUS, Standing.NOT_APPLICABLE):
        if counts[standing] or standing in always:
            yield standing, counts[standing]


def lines(proofs: Iterable[Proof], width: int | None = None, *, every: bool = True) -> Iterator[str]:
    """The statements for a terminal, worst first; without `every` those that hold are left out."""
    for proof in sorted(proofs, key=worst_proof_first):
        if not every and proof.standing not in OPEN:
            continue
        yield from _wrapped(f"{proof.standing.value.upper():<15}{proof.id}", "", width)
        yield from _wrapped(proof.text, "    ", width)
        if proof.standing in OPEN or proof.standing is Standing.NOT_APPLICABLE:
            yield from _wrapped(proof.reason, "    ", width)
        if proof.standing is Standing.REFUTED:
            for request in proof.witness:
                for line in request:
                    yield from _wrapped(line, "      ", width)
            yield from _wrapped(f"Why it matters: {proof.why}", "    ", width)


def _wrapped(text: str, indent: str, width: int | None) -> list[str]:
    inside = f"{indent}{' ' * (len(text) - len(text.lstrip()))}"
    return textwrap.wrap(
        visible(text.strip()),
        max((width or UNBROKEN), 40),
        initial_indent=inside,
        subsequent_indent=f"{inside}  ",
        break_on_hyphens=False,
        break_long_words=False,
    )


def assumptions(proofs: Iterable[Proof]) -> tuple[tuple[str, int], ...]:
    """What the verdicts take for granted, with how many of them do, the most frequent first."""
    counted: dict[str, int] = {}
    for proof in proofs:
        for one in proof.assumptions:
            counted[one] = counted.get(one, 0) + 1
    return tuple(sorted(counted.items(), key=lambda pair: (-pair[1], pair[0])))


def as_values(proofs: Iterable[Proof]) -> list[dict[str, Any]]:
    """The statements for JSON, by id."""
    return [
        {
            "id": proof.id,
            "text": proof.text,
            "why": proof.why,
            "law": list(proof.law),
            "verdict": proof.standing.value,
            "reason": proof.reason,
            "witness": [list(request) for request in proof.witness],
            "assumptions": list(proof.assumptions),
            "asked": proof.asked,
            "decided_by": list(proof.decided_by),
            "query": proof.query or None,
        }
        for proof in sorted(proofs, key=lambda one: one.id)
    ]
