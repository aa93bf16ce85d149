"""Reading a TOML file that people edit: every refusal says where, what is wrong, and what is expected."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum
from typing import Any, NoReturn, TypeVar

from core.errors import BadInput

Choice = TypeVar("Choice", bound=StrEnum)


def parsed(text: str, source: str) -> Mapping[str, Any]:
    """The tables of a TOML text. Raises BadInput with the file and the place of the error."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        msg = f"{source}: not TOML: {error}; see https://toml.io for the format"
        raise BadInput(msg) from error


def hint(wrong: str, right: Iterable[str]) -> str:
    """The end of a message that says what was probably meant."""
    near = get_close_matches(wrong, [str(one) for one in right], n=1)
    return f"; did you mean {near[0]!r}?" if near else ""


def at_line(source: str, text: str, place: str, key: str = "") -> str:
    """The file, and the line on which a key of a table stands; the line of the table where the key is missing.

    A table of a list is counted: `waivers[2]` is the second `[[waivers]]`.
    """
    lines = text.splitlines()
    name, _, number = place.partition("[") if place.endswith("]") else (place, "", "")
    wanted = int(number.rstrip("]")) if number.rstrip("]").isdigit() else 1
    heads = [n for n, line in enumerate(lines) if line.strip().strip("[]") == name] if name else [-1]
    if not 0 < wanted <= len(heads):
        return source
    start = heads[wanted - 1]
    end = next((n for n in range(start + 1, len(lines)) if lines[n].lstrip().startswith("[")), len(lines))
    found = (n for n in range(start + 1, end) if key and lines[n].partition("=")[0].strip().strip('"') == key)
    line = next(found, start)
    return f"{source}:{line + 1}" if line >= 0 else source


@dataclass(frozen=True, slots=True)
class Table:
    """One table of a TOML file, and the messages about what it holds."""

    body: Any
    source: str
    place: str = ""
    whole: str = ""

    def refuse(self, key: str, what: str, expected: str) -> NoReturn:
        """Raise BadInput: where, on which line if the text is known, what is wrong with it, and what is expected."""
        where = ".".join(part for part in (self.place, key) if part)
        msg = f"{at_line(self.source, self.whole, self.place, key)}: {where} {what}; expected {expected}"
        raise BadInput(msg)

    def within(self, body: Any, place: str) -> Table:
        """A table of the same file."""
        return Table(body, self.source, place, self.whole)

    def only(self, *keys: str) -> None:
        """Refuse other keys than these, and anything that is no table."""
        if not isinstance(self.body, Mapping):
            self.refuse("", "is no table", f"the keys {', '.join(keys)}")
        for key in self.body:
            if key not in keys:
                self.refuse(key, f"is not known{hint(key, keys)}", f"one of {', '.join(keys)}")

    def get(self, key: str, kind: type, expected: str, default: Any = None) -> Any:
        """The value of a key, of that type; the default, where there is one, when it is left out."""
        value = self.body.get(key, default)
        if type(value) is not kind:
            self.refuse(key, "is missing" if value is None else f"is {type(value).__name__}", expected)
        return value

    def text(self, key: str, default: str | None = None) -> str:
        """A text that is not empty; an empty one when it is left out and the default says so."""
        value = str(self.get(key, str, "a text", default)).strip()
        if not value and default is None:
            self.refuse(key, "is empty", "a text")
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts, empty when it is left out."""
        value = self.get(key, list, "a list of texts", [])
        if not all(isinstance(item, str) and item for item in value):
            self.refuse(key, "holds something else than text", "a list of texts")
        return tuple(str(item) for item in value)

    def flag(self, key: str) -> bool:
        """True or false; false when it is left out."""
        return bool(self.get(key, bool, "true or false", default=False))

    def choice(self, key: str, choices: type[Choice]) -> Choice:
        """One of the choices."""
        value = self.text(key)
        if value not in list(choices):
            self.refuse(key, f"is {value!r}{hint(value, choices)}", f"one of {', '.join(choices)}")
        return choices(value)

    def table(self, key: str) -> Mapping[str, Any]:
        """A table within."""
        return dict(self.get(key, dict, "a table"))
