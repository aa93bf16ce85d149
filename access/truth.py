"""Yes, no, or not to be told yet: Kleene's three-valued logic, with the reasons for what cannot be told.

An unknown leaf makes an answer unknown only where the answer hangs on it: a false part settles a conjunction, a true
part a disjunction, whatever the rest may turn out to be.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

MOST_REASONS = 8
"""Reasons kept; more of them help nobody."""


@dataclass(frozen=True, slots=True)
class Maybe:
    """Neither true nor false as far as can be told, and why."""

    reasons: tuple[str, ...]


Truth = bool | Maybe


def unsure(*reasons: str) -> Maybe:
    """Cannot be told, for these reasons."""
    return Maybe(reasons)


def all_true(parts: Iterable[Truth]) -> Truth:
    """Whether every part is true; stops at the first that is false."""
    reasons: list[str] = []
    for part in parts:
        if part is False:
            return False
        if isinstance(part, Maybe):
            reasons += part.reasons
    return _kept(reasons) if reasons else True


def any_true(parts: Iterable[Truth]) -> Truth:
    """Whether some part is true; stops at the first that is."""
    reasons: list[str] = []
    for part in parts:
        if part is True:
            return True
        if isinstance(part, Maybe):
            reasons += part.reasons
    return _kept(reasons) if reasons else False


def negated(part: Truth) -> Truth:
    """The opposite; what cannot be told stays so."""
    return part if isinstance(part, Maybe) else not part


def _kept(reasons: Iterable[str]) -> Maybe:
    return Maybe(tuple(dict.fromkeys(reasons))[:MOST_REASONS])
