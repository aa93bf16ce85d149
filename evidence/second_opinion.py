"""Another judge's opinion as reports show it: counts of all answers, and each disagreement with its reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from core.second_opinion import MEANING, Comparison, Opinion, Standing

TOLD = (Standing.ONLY_THEIRS, Standing.ONLY_OURS, Standing.ACCEPTED, Standing.EXPLAINED)
"""The standings of which a reader wants to know each case."""


@dataclass(frozen=True, slots=True)
class Line:
    """Alike disagreements: the check, how it stands, why, and on how many resources, with the first of them."""

    check: str
    title: str
    reason: str
    count: int
    resource: str


def lines(said: Opinion, standing: Standing) -> tuple[Line, ...]:
    """The answers that stand so, alike ones together, by check."""
    found: dict[tuple[str, str, str], list[Comparison]] = {}
    for one in said.of(standing):
        alike = one.reason.replace(one.resource, "it") if one.resource else one.reason
        found.setdefault((one.check, one.title, alike), []).append(one)
    return tuple(Line(*key, len(items), items[0].resource) for key, items in sorted(found.items()))


def counted(said: Opinion) -> Iterator[tuple[int, str, str]]:
    """Count, standing and what it means, for each standing."""
    return ((count, standing.value, MEANING[standing]) for standing, count in said.counts.items())


def coverage(said: Opinion) -> str:
    """What was not compared at all, in a sentence."""
    words = [f"{len(said.alone)} of our guards have a subject that no check of {said.tool} is compared with"]
    if said.left_out:
        words.append(f"{len(said.left_out)} resources have no name in Terraform and were not shown to it")
    return "; ".join(words) + "."


def as_value(said: Opinion) -> dict[str, Any]:
    """The opinion for findings JSON: each disagreement, and the rest counted by check."""
    rest = [one for one in said.comparisons if one.standing not in TOLD]
    agreed = Counter((one.check, one.title, one.standing.value) for one in rest)
    return {
        "tool": said.tool,
        "version": said.version,
        "summary": {standing.value: count for standing, count in said.counts.items()},
        "disagreements": [_comparison(one) for standing in TOLD for one in said.of(standing)],
        "others": [
            {"check": check, "title": title, "standing": standing, "count": count}
            for (check, title, standing), count in sorted(agreed.items())
        ],
        "guards_without_check": list(said.alone),
        "left_out": list(said.left_out),
    }


def _comparison(one: Comparison) -> dict[str, Any]:
    return {
        "check": one.check,
        "title": one.title,
        "urn": one.urn,
        "theirs": "pass" if one.passes else "fail",
        "ours": one.ours.value if one.ours else None,
        "standing": one.standing.value,
        "guards": list(one.guards),
        "reason": one.reason,
    }
