"""Texts of policies with `*`, `?` and policy variables, and how they match.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from access.caller import Value
from access.formula import Leaf
from access.glyphs import OPEN, FreeText, Glyph, Wild, glyphs, has_symbol, matches
from access.truth import Maybe, Truth, unsure
from core.value import Unknown

VARIABLE = re.compile(r"\$\{\s*([^{},\s']+)\s*(?:,\s*'([^']*)'\s*)?\}")
ESCAPED = {"${*}": "*", "${?}": "?", "${$}": "$"}
PIECE = re.compile(r"\$\{[^{}]*\}?|[*?]|[^*?$]+|\$")

TWO = 2

Lookup = Callable[[str], "str | Unknown | None"]
"""Key in lower case -> its single value, unknown, or None where it cannot be told as one value."""


@dataclass(frozen=True, slots=True)
class Variable:
    """A policy variable: the key whose value stands there, and what stands there without one."""

    key: str
    default: str | None


Part = str | Wild | Variable


@dataclass(frozen=True, slots=True)
class Pattern:
    """A text of a policy, in parts; `text` is how its author wrote it.

    `plain` is the test for a text without symbols, where the pattern has neither symbols nor variables.
    """

    text: str
    parts: tuple[Part, ...]
    has_variables: bool
    plain: Callable[[str], bool] | None = field(compare=False, repr=False)

    def matches(self, text: str, lookup: Lookup) -> Truth:
        """Whether the text fits; an unresolved variable fits nothing (S52)."""
        if self.plain is not None and OPEN not in text:
            return self.plain(text)
        parts = self.resolved(lookup) if self.has_variables else self.parts
        if parts is None:
            return False
        if isinstance(parts, Unknown):
            return unsure(f"the value of a policy variable is not known ({parts.source})")
        return fits(tuple(part for part in parts if not isinstance(part, Variable)), text)

    def resolved(self, lookup: Lookup) -> tuple[Part, ...] | Unknown | None:
        """The parts with each variable's value in its place, taken literally; None when one has none."""
        found: list[Part] = []
        for part in self.parts:
            if not isinstance(part, Variable):
                found.append(part)
                continue
            value = lookup(part.key)
            value = part.default if value is None else value
            if value is None or isinstance(value, Unknown):
                return value
            found.append(value)
        return tuple(found)

    def filled(self, lookup: Lookup) -> Pattern | Unknown | None:
        """The same with each variable's value in its place; None when one has none."""
        if not self.has_variables:
            return self
        parts = self.resolved(lookup)
        return parts if parts is None or isinstance(parts, Unknown) else made(self.text, parts)


@lru_cache(maxsize=65536)
def pattern(text: str, *, variables: bool, wild: bool = True) -> Pattern:
    """The parts of a text; without `wild`, `*` and `?` are ordinary. Raises ValueError for a `${` that is no variable.

    Without `variables` a `${...}` is literal text: so it is in documents of 2008-10-17 or without a Version (S09).
    """
    if not variables:
        return made(text, _wild(text) if wild else (text,))
    parts: list[Part] = []
    for piece in PIECE.findall(text):
        if piece in ESCAPED:
            parts.append(ESCAPED[piece])
        elif piece.startswith("${"):
            parts.append(_variable(piece))
        else:
            parts += _wild(piece) if wild else (piece,)
    return made(text, tuple(parts))


def made(text: str, parts: tuple[Part, ...]) -> Pattern:
    """A pattern of these parts; `text` is how its author wrote it."""
    still = tuple(part for part in parts if not isinstance(part, Variable))
    dark = any(isinstance(part, str) and has_symbol(part) for part in still)
    varies = len(still) < len(parts)
    return Pattern(text, parts, varies, None if dark or varies else _glob(still))


def _variable(piece: str) -> Variable:
    found = VARIABLE.fullmatch(piece)
    if found is None:
        msg = "a policy variable such as ${aws:username} or ${aws:username, 'default'}"
        raise ValueError(msg)
    return Variable(found[1].lower(), found[2])


def _wild(text: str) -> tuple[Part, ...]:
    signs = {"*": Wild.ANY, "?": Wild.ONE}
    return tuple(signs.get(piece) or str(piece) for piece in re.split(r"([*?])", text) if piece)


def fits(parts: tuple[str | Wild, ...], text: str) -> Truth:
    """Whether a text fits parts without variables, in a time that no choice of wildcards can blow up."""
    if has_symbol(text) or any(isinstance(part, str) and has_symbol(part) for part in parts):
        found = _in_symbols(parts, text)
        if isinstance(text, FreeText) and isinstance(found, Maybe):
            return Leaf(text.variable, TextFits(parts))
        return found
    return _glob(parts)(text)


@dataclass(frozen=True, slots=True)
class TextFits:
    """Whether a free text fits parts without variables."""

    parts: tuple[str | Wild, ...]

    def on(self, value: Value) -> Truth:
        """What the evaluator says of this text."""
        return isinstance(value, str) and fits(self.parts, value)


@lru_cache(maxsize=65536)
def _in_symbols(parts: tuple[str | Wild, ...], text: str) -> Truth:
    spread: list[Glyph] = []
    for part in parts:
        spread += glyphs(part) if isinstance(part, str) else (part,)
    return matches(spread, text)


@lru_cache(maxsize=65536)
def _glob(parts: tuple[str | Wild, ...]) -> Callable[[str], bool]:
    """The test for these parts: what stands between two `*` is looked for from the left, the last at the end."""
    runs: list[list[str | Wild]] = [[]]
    for part in parts:
        if part is Wild.ANY:
            runs.append([])
        else:
            runs[-1].append(part)
    sought = [_run(run) for run in runs]
    if len(sought) == 1:
        if Wild.ONE in parts:
            return lambda text: sought[0].fullmatch(text) is not None
        whole = "".join(map(str, parts))
        return lambda text: text == whole
    if len(parts) == TWO and parts[1] is Wild.ANY and isinstance(parts[0], str):
        start = parts[0]
        return lambda text: text.startswith(start)
    if all(size == 0 for size in map(_length, runs)):
        return lambda _text: True
    tail = _length(runs[-1])
    return lambda text: _found(sought, tail, text)


def _found(sought: Sequence[re.Pattern[str]], tail: int, text: str) -> bool:
    first = sought[0].match(text)
    if first is None:
        return False
    at, end = first.end(), len(text) - tail
    for run in sought[1:-1]:
        found = run.search(text, at)
        if found is None:
            return False
        at = found.end()
    return at <= end and sought[-1].fullmatch(text, end) is not None


def _run(run: Sequence[str | Wild]) -> re.Pattern[str]:
    return re.compile("".join("." if part is Wild.ONE else re.escape(str(part)) for part in run), re.DOTALL)


def _length(run: Sequence[str | Wild]) -> int:
    return sum(1 if part is Wild.ONE else len(str(part)) for part in run)
