"""What an answer hangs on where a request is free: which values of a key, or of a part of an ARN, make a test true.

The evaluator itself builds these terms: asked about a request with free parts (`access.free`) it folds all that is
decided, and leaves what is not. So there is one reading of every rule, concrete and symbolic.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from access.caller import Value
from access.truth import Every, Maybe, Opposite, Some, Symbolic, Truth


class Probe(Protocol):
    """A test of one free value; hashable, so that the same test is known again."""

    def on(self, value: Value) -> Truth:
        """What the test says of a value."""
        ...


@dataclass(frozen=True, slots=True)
class Leaf(Symbolic):
    """True for the values of the variable on which the probe says so."""

    variable: str
    probe: Probe


@dataclass(frozen=True, slots=True)
class IsPresent:
    """Whether the request carries the key at all."""

    def on(self, value: Value) -> Truth:
        """What is so of a value."""
        return value is not None


@dataclass(frozen=True, slots=True)
class Settled(Symbolic):
    """A part in which a broken evaluation counts as this (S08): no match in an Allow, a match in a Deny."""

    part: Symbolic
    broken: bool


def leaves_of(truth: Truth) -> Iterator[Leaf]:
    """Every leaf, once for each place where it stands; shared parts are walked once."""
    seen: set[int] = set()
    stack: list[Truth] = [truth]
    while stack:
        part = stack.pop()
        if id(part) in seen:
            continue
        seen.add(id(part))
        if isinstance(part, Leaf):
            yield part
        elif isinstance(part, Every | Some):
            stack += part.parts
        elif isinstance(part, Opposite | Settled):
            stack.append(part.part)


def doubts_of(truth: Truth) -> Iterator[str]:
    """The reasons of what cannot be told in it."""
    seen: set[int] = set()
    stack: list[Truth] = [truth]
    while stack:
        part = stack.pop()
        if id(part) in seen:
            continue
        seen.add(id(part))
        if isinstance(part, Maybe):
            yield from part.reasons
        elif isinstance(part, Every | Some):
            stack += reversed(part.parts)
        elif isinstance(part, Opposite | Settled):
            stack.append(part.part)
