"""Patterns as automata over glyphs, so that texts which all patterns treat alike can be told by one of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from access.glyphs import Glyph, Wild, glyphs, has_symbol, steps
from access.request import SEGMENTS

COLON = ":"
States = frozenset[tuple[int, bool]]
"""Glyphs done with, and whether a symbol of the pattern has begun to stand for something."""


@dataclass(frozen=True)
class Language:
    """The texts that a pattern matches.

    `bounded` keeps wildcards of the first five segments from crossing a colon, as ARNs want it. `folded` ignores case.
    `guessing` also takes what the pattern may match, depending on what a symbol turns out to be. In a `region` one `?`
    is any glyph, a symbol too. `before` is what stands before the free text.
    """

    pattern: tuple[Glyph, ...]
    bounded: bool = False
    folded: bool = False
    guessing: bool = False
    region: bool = False
    before: str = ""

    @cached_property
    def start(self) -> States:
        """Where a text begins."""
        found = self._closed({(0, False)})
        for letter in glyphs(self.before):
            found = self.step(found, letter)
        return found

    @cached_property
    def _fenced(self) -> tuple[bool, ...]:
        """Where a wildcard must not cross a colon."""
        found: list[bool] = []
        colons = 0
        for glyph in self.pattern:
            found.append(self.bounded and colons < SEGMENTS - 1)
            colons += glyph == COLON
        return tuple(found)

    def step(self, states: States, letter: str) -> States:
        """Where the letter leads."""
        if self.guessing:
            return frozenset(self._guessed(states, letter))
        moved = {(index, False) for at, _ in states for index in self._moves(at, letter)}
        return self._closed(moved)

    def accepts(self, states: States) -> bool:
        """Whether a text may end here."""
        end = (len(self.pattern), False)
        if end in states or not self.guessing:
            return end in states
        return any(self._ends(state) for state in states)

    def letters(self, states: States) -> Iterator[str]:
        """The letters that stand next in the pattern."""
        for at, _ in states:
            glyph = self.pattern[at] if at < len(self.pattern) else None
            if isinstance(glyph, str):
                yield glyph
                if self.folded:
                    yield glyph.swapcase()

    def is_literal(self) -> bool:
        """Whether it is one text alone."""
        return not self.folded and not any(isinstance(glyph, Wild) for glyph in self.pattern)

    def _moves(self, at: int, letter: str) -> Iterator[int]:
        glyph = self.pattern[at] if at < len(self.pattern) else None
        if glyph is None or (isinstance(glyph, Wild) and letter == COLON and self._fenced[at]):
            return
        if glyph is Wild.ANY:
            yield at
        elif glyph is Wild.ONE:
            if self.region or not has_symbol(letter):
                yield at + 1
        elif glyph == letter or (self.folded and glyph.casefold() == letter.casefold()):
            yield at + 1

    def _closed(self, states: set[tuple[int, bool]]) -> States:
        """With the places that an empty `*` leads to."""
        for at, _ in tuple(states):
            ahead = at
            while ahead < len(self.pattern) and self.pattern[ahead] is Wild.ANY:
                ahead += 1
                states.add((ahead, False))
        return frozenset(states)

    def _guessed(self, states: States, letter: str) -> Iterator[tuple[int, bool]]:
        for at, done, inside in self._walked(states, (letter,)):
            if done == 1:
                yield at, inside

    def _ends(self, state: tuple[int, bool]) -> bool:
        return (len(self.pattern), 0, False) in self._walked(frozenset({state}), ())

    def _walked(self, states: States, text: Sequence[str]) -> set[tuple[int, int, bool]]:
        """Every place that can be reached while the text is read."""
        seen = {(at, 0, inside) for at, inside in states}
        stack = list(seen)
        while stack:
            state = stack.pop()
            if state[1] < len(text) or not text:
                for after in steps(self.pattern, text, state, guessing=True):
                    if after not in seen and not self._crosses(state, after, text):
                        seen.add(after)
                        stack.append(after)
        return seen

    def _crosses(self, state: tuple[int, int, bool], after: tuple[int, int, bool], text: Sequence[str]) -> bool:
        at = state[0]
        if after[1] == state[1] or at >= len(self.pattern):
            return False
        return isinstance(self.pattern[at], Wild) and self._fenced[at] and text[0] == COLON
