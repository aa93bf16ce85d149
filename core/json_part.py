"""JSON that somebody hands in: read within bounds, and asked for its parts so that every fault names its place.

Messages tell the kind of what was found and never the value itself: a file may hold secrets.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

from core.errors import BadInput
from core.value import Path, dotted

MOST_CHARACTERS = 100 * 1024 * 1024
"""The state of ten thousand resources is a third of it; what is larger holds files, or is none of ours."""
SMALLER = "judge one stack at a time, and keep the contents of files out of properties"
MOST_DEPTH = 100
"""Levels from the top to a leaf; a policy document inside a resource reaches about twenty."""


@dataclass(frozen=True, slots=True)
class JsonPart:
    """A value in a document, where it stands there, and what the document is called."""

    value: Any
    source: str
    path: Path = ()

    def refuse(self, expected: str) -> NoReturn:
        """Raise BadInput: something else was expected here."""
        where = f"{self.source}: {dotted(self.path)}" if self.path else self.source
        msg = f"{where}: expected {expected}, found {kind_of(self.value)}"
        raise BadInput(msg)

    def part(self, step: str | int, value: Any) -> JsonPart:
        """A value below this one."""
        return JsonPart(value, self.source, (*self.path, step))

    def get(self, key: str) -> JsonPart | None:
        """What stands under the key of this mapping; None where there is nothing, or null."""
        value = self.mapping().get(key)
        return None if value is None else self.part(key, value)

    def need(self, key: str, expected: str) -> JsonPart:
        """What stands under the key of this mapping. Raises BadInput when nothing does."""
        return self.get(key) or self.part(key, None).refuse(expected)

    def fields(self, key: str) -> Iterator[tuple[str, JsonPart]]:
        """The entries of the mapping under the key; none where there is nothing."""
        found = self.get(key)
        return found.entries() if found else iter(())

    def listed(self, key: str) -> Iterator[JsonPart]:
        """The items of the list under the key; none where there is nothing."""
        found = self.get(key)
        return found.items() if found else iter(())

    def said(self, key: str) -> str:
        """The text under the key; an empty one where there is nothing."""
        found = self.get(key)
        return found.text() if found else ""

    def flag(self, key: str) -> bool:
        """Whether what stands under the key is true; false where there is nothing."""
        found = self.get(key)
        if found is not None and not isinstance(found.value, bool):
            found.refuse("true or false")
        return found is not None and found.value is True

    def mapping(self) -> Mapping[str, Any]:
        """This value as a mapping."""
        return self.value if isinstance(self.value, dict) else self.refuse("a mapping")

    def entries(self) -> Iterator[tuple[str, JsonPart]]:
        """The keys of this mapping with what stands under them."""
        return ((key, self.part(key, value)) for key, value in self.mapping().items())

    def items(self) -> Iterator[JsonPart]:
        """The values of this list."""
        found = self.value if isinstance(self.value, list) else self.refuse("a list")
        return (self.part(index, value) for index, value in enumerate(found))

    def texts(self) -> tuple[str, ...]:
        """The texts of this list; null counts as an empty one."""
        return () if self.value is None else tuple(item.text() for item in self.items())

    def text(self) -> str:
        """This value as a text that can be written down again."""
        found = self.value if isinstance(self.value, str) else self.refuse("a text")
        if not found.isascii():
            try:
                found.encode()
            except UnicodeEncodeError:
                self.refuse("whole Unicode characters; half of a surrogate pair cannot be written")
        return found

    def filled(self, expected: str) -> str:
        """This value as a text that is not empty."""
        return self.text() or self.refuse(expected)

    def whole_number(self) -> int:
        """This value as a whole number."""
        is_whole = isinstance(self.value, int) and not isinstance(self.value, bool)
        return int(self.value) if is_whole else self.refuse("a whole number")

    def leaf(self) -> Any:
        """This value when it is neither mapping nor list: a text, a finite number, true, false or null."""
        if isinstance(self.value, str):
            return self.text()
        if isinstance(self.value, float) and not math.isfinite(self.value):
            self.refuse("a number that JSON can hold")
        return self.value

    def within_depth(self) -> None:
        """Raise BadInput when this value stands deeper than any real document goes."""
        if len(self.path) > MOST_DEPTH:
            self.part("...", None).refuse(f"at most {MOST_DEPTH} levels")


def kind_of(value: Any) -> str:
    """What a JSON value is, in words, without the value."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true or false"
    names: Mapping[type, str] = {dict: "a mapping", list: "a list", str: "a text", int: "a number", float: "a number"}
    return names[type(value)]


def parsed(text: str, source: str) -> JsonPart:
    """The document that the text holds.

    Raises BadInput, with line and column where it can, for text that is not JSON, is cut off, names a key twice in one
    mapping, or is larger or deeper than any real document.
    """
    if len(text) > MOST_CHARACTERS:
        msg = f"{source}: {len(text)} characters; at most {MOST_CHARACTERS} are read: {SMALLER}"
        raise BadInput(msg)
    if not text.strip("\ufeff \t\r\n"):
        msg = f"{source}: the file is empty"
        raise BadInput(msg)
    try:
        return JsonPart(
            json.loads(text.removeprefix("\ufeff"), object_pairs_hook=_mapping, parse_constant=_constant), source
        )
    except json.JSONDecodeError as error:
        end = " (the text ends too early: write the file again, and whole)" if not text[error.pos :].strip() else ""
        msg = f"{source}: not readable as JSON: {error.msg} at line {error.lineno}, column {error.colno}{end}"
        raise BadInput(msg) from error
    except RecursionError as error:
        msg = f"{source}: nested deeper than any real document"
        raise BadInput(msg) from error
    except ValueError as error:
        msg = f"{source}: not readable as JSON: {error}"
        raise BadInput(msg) from error


def _mapping(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for key, value in pairs:
        if key in made:
            msg = f"the key {key[:60]!r} stands twice in one mapping"
            raise ValueError(msg)
        made[key] = value
    return made


def _constant(name: str) -> NoReturn:
    msg = f"{name} is not a number that JSON can hold"
    raise ValueError(msg)
