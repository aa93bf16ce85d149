"""Texts that stand for all texts: for each way in which some patterns match or do not match together, one of them.

Instead of regular expressions in a solver, whose intersections and complements make solvers time out, the texts of a
free value are sorted into the few classes that the patterns of the policies can tell apart.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from access.glyphs import has_symbol
from access.language import COLON, Language, States

MOST_STEPS = 300_000
"""Steps of single states before it is given up; about a quarter of a second."""
PLAIN_OTHERS = "xyzqwvkj0123456789"
ODD_OTHERS = "~!@+=%,&;"
"""What stands for a letter of no pattern: beside symbols one that no identifier holds, lest it might be one's own."""


class TooManyClasses(Exception):  # noqa: N818 - no fault: a limit that is reported as such
    """The patterns can tell more texts apart than can be looked at in time; `texts` are those that were found."""

    def __init__(self, texts: tuple[str, ...]) -> None:
        super().__init__("too many classes")
        self.texts = texts


def classes(languages: Sequence[Language], region: Language | None = None) -> tuple[str, ...]:
    """A text of each class, of the region alone where there is one; short and plain ones first, the empty one last.

    Complete: any text of the region is matched by exactly those languages that match one of the texts returned.
    Raises TooManyClasses.
    """
    known = tuple(dict.fromkeys(languages))
    marks = [
        glyph for one in (*known, *([region] if region else [])) for glyph in one.pattern if isinstance(glyph, str)
    ]
    dark = any(has_symbol(mark) for mark in (*marks, *(one.before for one in known)))
    other = next((letter for letter in (ODD_OTHERS if dark else PLAIN_OTHERS + ODD_OTHERS) if letter not in marks), "￿")
    if region is None and all(one.is_literal() and not one.before for one in known):
        return (*dict.fromkeys("".join(map(str, one.pattern)) for one in known if one.pattern), other, "")
    machines = (*known, *(replace(one, guessing=True) for one in known if dark))
    return _walked(machines, region, other)


def _walked(machines: Sequence[Language], region: Language | None, other: str) -> tuple[str, ...]:
    """The texts in order of their length, one for each set of machines that take it."""
    all_of = (*machines, region) if region else tuple(machines)
    start = tuple(one.start for one in all_of)
    texts, queue = {start: ""}, deque([start])
    found: dict[tuple[bool, ...], str] = {}
    left = MOST_STEPS
    while queue:
        place = queue.popleft()
        _note(found, all_of, place, texts[place], bounded=region is not None)
        for letter in _letters(all_of, place, other):
            left -= len(all_of) + sum(map(len, place))
            if left < 0:
                raise TooManyClasses(_sorted(found.values()))
            after = tuple(
                one.step(states, letter) if states else states for one, states in zip(all_of, place, strict=True)
            )
            if after not in texts and (region is None or after[-1]):
                texts[after] = texts[place] + letter
                queue.append(after)
    return _sorted(found.values())


def _sorted(texts: Iterable[str]) -> tuple[str, ...]:
    """As they were found, the empty one last."""
    return tuple(sorted(texts, key=lambda text: not text))


def _stepped(machines: Sequence[Language], place: Sequence[States], letter: str) -> Iterator[States]:
    for one, states in zip(machines, place, strict=True):
        yield one.step(states, letter) if states else states


def _note(
    found: dict[tuple[bool, ...], str],
    machines: Sequence[Language],
    place: tuple[States, ...],
    text: str,
    *,
    bounded: bool,
) -> None:
    """Keep the text for its class; a text of some length rather than the empty one."""
    taken = tuple(one.accepts(states) for one, states in zip(machines, place, strict=True))
    if bounded and not taken[-1]:
        return
    if not found.get(taken):
        found[taken] = text


def _letters(machines: Sequence[Language], place: tuple[States, ...], other: str) -> Iterator[str]:
    """The letters that can make a difference here, and one that no pattern names."""
    fenced = COLON if any(one.bounded for one in machines) else other
    named = (letter for one, states in zip(machines, place, strict=True) for letter in one.letters(states))
    yield from dict.fromkeys((other, *sorted(set(named)), fenced))
