"""Texts with a part that is not known yet, matched without guessing.

`⟨name⟩` stands for that part: one text of one or more characters, the same wherever it stands, different from what
every other symbol stands for. `⟨any⟩` in a request stands for whatever may be asked for.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator, Sequence
from enum import Enum

from access.truth import Truth, unsure

OPEN, CLOSE = "⟨", "⟩"
ANYTHING = f"{OPEN}any{CLOSE}"
GLYPH = re.compile(f"{OPEN}[^{OPEN}{CLOSE}]*{CLOSE}|.", re.DOTALL)
IDENTIFIER = re.compile(r"[A-Za-z0-9_-]")
"""What AWS and Pulumi make identifiers of."""


class FreeText(str):
    """A part of an ARN in which `⟨any⟩` stands for free text; `variable` is the name of what is free."""

    __slots__ = ("variable",)
    variable: str

    @classmethod
    def named(cls, text: str, variable: str) -> FreeText:
        """The text, and the name of what is free in it."""
        made = cls(text)
        made.variable = variable
        return made


class Wild(Enum):
    """The two wildcards of policies."""

    ANY = "*"
    ONE = "?"


Glyph = str | Wild
State = tuple[int, int, bool]
"""Glyphs of the pattern and of the text done with, and whether the symbol in the way has stood for something."""


def symbol(name: str) -> str:
    """The sign for the unknown part of what bears this name."""
    return OPEN + re.sub(r"[^A-Za-z0-9_.-]", "_", name) + CLOSE


def has_symbol(text: str) -> bool:
    """Whether a part of the text is not known."""
    return OPEN in text


def glyphs(text: str) -> tuple[str, ...]:
    """The characters of a text, a symbol counting as one."""
    return tuple(str(found) for found in GLYPH.findall(text))


def matches(pattern: Sequence[Glyph], text: str) -> Truth:
    """Whether the pattern matches, whatever the symbols stand for."""
    held = glyphs(text)
    same = _common(pattern, held)
    pattern, held = pattern[same:], held[same:]
    if pattern and held and _differ(pattern[0], held[0]):
        return False
    if _reaches(pattern, held, guessing=False):
        return True
    return unsure("part of an ARN is not known yet") if _reaches(pattern, held, guessing=True) else False


def _common(pattern: Sequence[Glyph], text: Sequence[str]) -> int:
    """How many glyphs both begin with: there is one way through them."""
    for number, (mine, theirs) in enumerate(zip(pattern, text, strict=False)):
        if mine != theirs or theirs == ANYTHING:
            return number
    return min(len(pattern), len(text))


def _differ(mine: Glyph, theirs: str) -> bool:
    """Whether two plain letters are not the same."""
    return isinstance(mine, str) and mine != theirs and not _is_symbol(mine) and not _is_symbol(theirs)


def _reaches(pattern: Sequence[Glyph], text: Sequence[str], *, guessing: bool) -> bool:
    """Whether both can be walked to their ends together."""
    goal, queue = (len(pattern), len(text), False), deque([(0, 0, False)])
    seen: set[State] = {(0, 0, False)}
    while queue:
        state = queue.popleft()
        if state == goal:
            return True
        for step in steps(pattern, text, state, guessing=guessing):
            if step not in seen:
                seen.add(step)
                queue.append(step)
    return False


def steps(pattern: Sequence[Glyph], text: Sequence[str], state: State, *, guessing: bool) -> Iterator[State]:
    """The states that one step leads to; with `guessing` a symbol may stand for what is met."""
    i, j, inside = state
    mine = pattern[i] if i < len(pattern) else None
    theirs = text[j] if j < len(text) else None
    if not inside:
        yield from _plain_steps(mine, theirs, i, j)
    if guessing:
        yield from _guesses(mine, theirs, state)


def _plain_steps(mine: Glyph | None, theirs: str | None, i: int, j: int) -> Iterator[State]:
    if mine is Wild.ANY:
        yield i + 1, j, False
        if theirs is not None:
            yield i, j + 1, False
    elif theirs is not None and (mine == theirs or (mine is Wild.ONE and not _is_symbol(theirs))):
        yield i + 1, j + 1, False


def _guesses(mine: Glyph | None, theirs: str | None, state: State) -> Iterator[State]:
    """A symbol on either side standing for the next thing on the other."""
    i, j, inside = state
    if theirs is not None and _is_symbol(theirs):
        if inside:
            yield i, j + 1, False
        if mine is Wild.ANY or (mine is not None and _stands_for(theirs, mine)):
            yield i + 1, j, True
    elif mine is not None and _is_symbol(mine):
        if inside:
            yield i + 1, j, False
        if theirs is not None and _may_be(str(mine), theirs):
            yield i, j + 1, True


def _stands_for(sign: str, mine: Glyph) -> bool:
    """One symbol never stands for another, but any text may hold any of them."""
    return sign == ANYTHING if _is_symbol(mine) else _may_be(sign, mine)


def _may_be(sign: str, glyph: Glyph) -> bool:
    return sign == ANYTHING or isinstance(glyph, Wild) or IDENTIFIER.fullmatch(glyph) is not None


def _is_symbol(glyph: Glyph) -> bool:
    return isinstance(glyph, str) and glyph.startswith(OPEN)
