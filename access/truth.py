"""Yes, no, or not to be told yet: Kleene's three-valued logic, with the reasons for what cannot be told.

An unknown leaf makes an answer unknown only where the answer hangs on it: a false part settles a conjunction, a true
part a disjunction, whatever the rest may turn out to be.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

MOST_REASONS = 8
"""Reasons kept; more of them help nobody."""


@dataclass(frozen=True, slots=True)
class Maybe:
    """Neither true nor false as far as can be told, and why."""

    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Symbolic:
    """An answer that depends on what a request may choose freely; see `access.formula`."""


@dataclass(frozen=True, slots=True)
class Every(Symbolic):
    """True where all of these are."""

    parts: tuple[Maybe | Symbolic, ...]


@dataclass(frozen=True, slots=True)
class Some(Symbolic):
    """True where one of these is."""

    parts: tuple[Maybe | Symbolic, ...]


@dataclass(frozen=True, slots=True)
class Opposite(Symbolic):
    """True where this is false."""

    part: Symbolic


Truth = bool | Maybe | Symbolic


def unsure(*reasons: str) -> Maybe:
    """Cannot be told, for these reasons."""
    return Maybe(reasons)


def all_true(parts: Iterable[Truth]) -> Truth:
    """Whether every part is true; stops at the first that is false."""
    left: list[Maybe | Symbolic] = []
    for part in parts:
        if part is False:
            return False
        if part is not True:
            left.append(part)
    return _joined(Every, left) if left else True


def any_true(parts: Iterable[Truth]) -> Truth:
    """Whether some part is true; stops at the first that is."""
    left: list[Maybe | Symbolic] = []
    for part in parts:
        if part is True:
            return True
        if part is not False:
            left.append(part)
    return _joined(Some, left) if left else False


def _joined(how: type[Every | Some], parts: Sequence[Maybe | Symbolic]) -> Maybe | Symbolic:
    """Reasons come together; what is free stays a term of its parts."""
    if len(parts) == 1:
        return parts[0]
    if any(isinstance(part, Symbolic) for part in parts):
        return how(tuple(parts))
    return _kept(reason for part in parts if isinstance(part, Maybe) for reason in part.reasons)


def negated(part: Truth) -> Truth:
    """The opposite; what cannot be told stays so."""
    if part is True or part is False:
        return not part
    return Opposite(part) if isinstance(part, Symbolic) else part


def _kept(reasons: Iterable[str]) -> Maybe:
    return Maybe(tuple(dict.fromkeys(reasons))[:MOST_REASONS])
