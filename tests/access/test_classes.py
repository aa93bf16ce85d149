from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from access.classes import TooManyClasses, classes
from access.glyphs import Wild, glyphs
from access.language import Language
from access.samples import spread
from access.wildcard import pattern

SHAPES = st.text("ab:*?", max_size=6)
TEXTS = st.text("ab:c", max_size=6)


def language(shape: str, *, bounded: bool = False, folded: bool = False) -> Language:
    return Language(spread(pattern(shape, variables=False).parts), bounded=bounded, folded=folded)


def takes(one: Language, text: str) -> bool:
    states = one.start
    for letter in glyphs(text):
        states = one.step(states, letter)
    return one.accepts(states)


def slow(shape: str, text: str, fences: int) -> bool:
    """What wildcards mean where the first colons cannot be crossed, written down without any thought of speed."""
    if not shape:
        return not text
    head, rest = shape[0], shape[1:]
    if head == "*":
        crosses = bool(text) and not (fences and text[0] == ":") and slow(shape, text[1:], fences)
        return slow(rest, text, fences) or crosses
    fits = bool(text) and (text[0] == head or (head == "?" and not (fences and text[0] == ":")))
    return fits and slow(rest, text[1:], fences - (head == ":" and fences > 0))


@given(SHAPES, TEXTS, st.booleans())
@settings(max_examples=150, deadline=None)
def test_a_language_takes_the_texts_that_its_pattern_matches(shape: str, text: str, bounded: bool) -> None:
    assert takes(language(shape, bounded=bounded), text) is slow(shape, text, 5 if bounded else 0)


@given(st.lists(st.tuples(SHAPES, st.booleans(), st.booleans()), min_size=1, max_size=4), TEXTS)
@settings(max_examples=150, deadline=None)
def test_whatever_the_text_one_of_the_classes_is_matched_by_the_same_patterns(
    told: list[tuple[str, bool, bool]], text: str
) -> None:
    languages = [language(shape, bounded=bounded, folded=folded) for shape, bounded, folded in told]
    found = {tuple(takes(one, item) for one in languages) for item in classes(languages)}
    assert tuple(takes(one, text) for one in languages) in found


def test_only_texts_of_the_region_are_taken_and_its_symbols_with_them() -> None:
    region = Language((*glyphs("ward-⟨w⟩/"), Wild.ONE, Wild.ANY), region=True)
    found = classes([language("ward-⟨w⟩/raw/*"), language("ward-1a/q*"), language("lab*")], region)
    assert all(text.startswith("ward-⟨w⟩/") and len(text) > len("ward-⟨w⟩/") for text in found)
    assert {text.removeprefix("ward-⟨w⟩/")[:4] for text in found} == {"~", "raw/", "q"}


def test_patterns_that_tell_too_many_texts_apart_end_with_a_limit() -> None:
    hostile = [language("*" + "?".join("ab"[number >> bit & 1] for bit in range(8)) + "*") for number in range(60)]
    with pytest.raises(TooManyClasses):
        classes(hostile)
