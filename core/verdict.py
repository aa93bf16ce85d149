"""The five states of a judgement, and the three-valued logic guards are written in.

No predicate here returns a bool: each answers with a Verdict that can say "cannot tell", so no guard needs an `if`
for it. A value that cannot be read is never a pass and never a fail.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from core.resource import Resource
from core.value import Secret, Unknown, dotted


class State(StrEnum):
    """What a guard may say of a resource; worst first."""

    FAIL = "fail"
    UNKNOWN = "unknown"
    WAIVED = "waived"
    PASS = "pass"  # noqa: S105 - a verdict, not a password
    NOT_APPLICABLE = "not_applicable"


class Decidable(StrEnum):
    """Where a rule can be answered: on what a program declares, or in the account only."""

    PLAN = "plan"
    LIVE = "live"


@dataclass(frozen=True, slots=True)
class Verdict:
    """A state and the reason for it, in words that quote property names and never property values."""

    state: State
    reason: str


def passed(reason: str) -> Verdict:
    """All that was read is known and right."""
    return Verdict(State.PASS, reason)


def failed(reason: str) -> Verdict:
    """A known value, or a known absence, breaks the rule."""
    return Verdict(State.FAIL, reason)


def undecided(reason: str) -> Verdict:
    """Something the rule needs cannot be read."""
    return Verdict(State.UNKNOWN, reason)


def not_applicable(reason: str) -> Verdict:
    """The rule does not concern this resource, for a stated reason."""
    return Verdict(State.NOT_APPLICABLE, reason)


def all_of(verdicts: Iterable[Verdict], nothing: str = "nothing to judge") -> Verdict:
    """Every one must pass: a fail outweighs an unknown, whatever the order; not applicable ones do not count."""
    return _combined(tuple(verdicts), (State.FAIL, State.UNKNOWN, State.PASS), nothing)


def any_of(verdicts: Iterable[Verdict], nothing: str = "nothing to judge") -> Verdict:
    """One pass suffices; an unknown one outweighs the failed ones."""
    return _combined(tuple(verdicts), (State.PASS, State.UNKNOWN, State.FAIL), nothing)


def _combined(verdicts: tuple[Verdict, ...], order: tuple[State, ...], nothing: str) -> Verdict:
    for state in order:
        if reasons := dict.fromkeys(v.reason for v in verdicts if v.state is state):
            return Verdict(state, "; ".join(reasons))
    return not_applicable(nothing)


def holds(value: Any, test: Callable[[Any], bool], what: str, expected: str) -> Verdict:
    """Whether a value that may be unknown, withheld or absent satisfies the test; `what` names it in the reason.

    The test sees only known values, absence included as None; one that raises on an odd type has not decided.
    """
    if isinstance(value, Unknown):
        return undecided(f"{what} is not known yet (from {value.source})")
    if isinstance(value, Secret):
        return undecided(f"{what} is withheld")
    try:
        right = test(value)
    except (TypeError, ValueError, AttributeError, KeyError, IndexError):
        return undecided(f"{what} has an unexpected shape")
    if right:
        return passed(f"{what} is {expected}")
    return failed(f"{what} is not set; it must be {expected}" if value is None else f"{what} must be {expected}")


def equals(resource: Resource | Unknown | None, expected: Any, *path: str | int) -> Verdict:
    """The property at the path is exactly this."""
    return _of(resource, path, lambda value: _is_same(value, expected), _said(expected))


def is_true(resource: Resource | Unknown | None, *path: str | int) -> Verdict:
    """The property at the path is true; not set counts as false."""
    return equals(resource, True, *path)  # noqa: FBT003 - the value looked for, not a switch


def is_one_of(resource: Resource | Unknown | None, expected: Iterable[Any], *path: str | int) -> Verdict:
    """The property at the path is one of these."""
    choices = tuple(expected)
    said = "one of " + ", ".join(_said(choice) for choice in choices)
    return _of(resource, path, lambda value: any(_is_same(value, choice) for choice in choices), said)


def at_least(resource: Resource | Unknown | None, least: float, *path: str | int) -> Verdict:
    """The property at the path is a number no smaller than this; not set fails."""

    def reaches(value: Any) -> bool:
        if isinstance(value, bool):
            raise TypeError  # true is not 1 day
        return bool(value is not None and value >= least)

    return _of(resource, path, reaches, f"at least {least}")


def is_set(resource: Resource | Unknown | None, *path: str | int) -> Verdict:
    """The property at the path is present and not empty; one that is there but unknown is present."""
    if isinstance(resource, Resource) and isinstance(resource.get(*path), Unknown | Secret):
        return passed(f"{_named(resource, path)} is set")
    return _of(resource, path, lambda value: value not in (None, "", (), {}), "set")


def is_linked(found: Resource | Unknown | None, what: str) -> Verdict:
    """What `Graph.linked` found is a resource of this program."""
    if isinstance(found, Resource):
        return passed(f"{what} is {found.name}")
    return (
        undecided(f"{what} comes from {found.source}") if isinstance(found, Unknown) else failed(f"{what} is not set")
    )


def _of(
    resource: Resource | Unknown | None, path: tuple[str | int, ...], test: Callable[[Any], bool], said: str
) -> Verdict:
    if isinstance(resource, Unknown):
        return undecided(f"the resource whose {dotted(path)} matters cannot be seen ({resource.source})")
    if resource is None:
        return failed(f"there is no resource whose {dotted(path)} could be {said}")
    return holds(resource.get(*path), test, _named(resource, path), said)


def _named(resource: Resource, path: tuple[str | int, ...]) -> str:
    return f"{dotted(path)} of {resource.name}"


def _is_same(value: Any, expected: Any) -> bool:
    """Equal, and both or neither a truth value: to Python, true is 1 and false is 0."""
    return isinstance(value, bool) is isinstance(expected, bool) and bool(value == expected)


def _said(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
