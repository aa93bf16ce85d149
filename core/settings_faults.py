"""What is wrong with a value in a settings file, in one line that says where, what, and what to write instead."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from pydantic import ValidationError

from core.retention import DataClass
from core.settings_shape import Settings
from core.settings_values import Section, section_under, table_under
from core.value import Path, at, dotted

NAMESPACE = "strongroom"
LONGEST_SHOWN = 60
_KEY_OF_TABLE = "[key]"
"""How pydantic marks that the key of a mapping is at fault, not what stands under it."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with the settings: at which key, and what is expected there (or which keys there are)."""

    path: Path
    expected: str
    is_known: bool = True

    def line(self, source: str, values: Mapping[str, Any], secret: Iterable[str] = ()) -> str:
        """The message; values below a key named in `secret` are withheld."""
        key = f"{source}: {NAMESPACE}:{dotted(self.path)}"
        if not self.is_known:
            return f"{key}: no such setting; {self.expected}"
        return f"{key}: {_given(self.path, values, secret)}; expected {self.expected}"


def faults_of(error: ValidationError) -> Iterator[Fault]:
    """The faults that pydantic found, in this house's words."""
    errors = error.errors(include_url=False, include_input=False)
    inside = {item["loc"][:-1] for item in errors}
    for found in errors:
        path = tuple(step for step in found["loc"] if step != _KEY_OF_TABLE)
        if found["type"] == "too_short" and found["loc"] in inside:
            continue  # only because the wrong entries do not count
        if found["type"] == "extra_forbidden":
            yield unknown_key(path)
        elif found["type"] == "value_error":
            yield Fault(path, str(found["ctx"]["error"]))
        else:
            yield Fault(path, _expected(path))


def unknown_key(path: Path) -> Fault:
    """There is no such setting, and which one was probably meant."""
    section, _ = _section(path[:-1])
    known = sorted(set(section.model_fields) - {"environment"} if section is Settings else section.model_fields)
    near = get_close_matches(str(path[-1]), known, n=1)
    hint = f"did you mean '{near[0]}'?" if near else f"there are {', '.join(known)}"
    return Fault(path, hint, is_known=False)


def _section(path: Path) -> tuple[type[Section], Path]:
    """The innermost section that a path leads into, and the rest of the path inside it."""
    kind: type[Section] = Settings
    while path and str(path[0]) in kind.model_fields:
        name = str(path[0])
        if inner := section_under(kind, name):
            kind, path = inner, path[1:]
        elif (table := table_under(kind, name)) and len(path) > 1:
            kind, path = table, path[2:]
        else:
            break
    return kind, path


def _expected(path: Path) -> str:
    if path[0] == "data" and len(path) == 2 and str(path[1]) not in list(DataClass):  # noqa: PLR2004 - data.<class>
        return _one_of(str(path[1]), DataClass)
    section, rest = _section(path)
    if not rest:
        return f"a mapping with the keys {', '.join(section.model_fields)}"
    return str(section.model_fields[str(rest[0])].description)


def _one_of(given: str, choices: Iterable[Any]) -> str:
    names = [str(choice) for choice in choices]
    near = get_close_matches(given, names, n=1)
    return f"one of {', '.join(names)}" + (f"; did you mean '{near[0]}'?" if near else "")


def _given(path: Path, values: Mapping[str, Any], secret: Iterable[str]) -> str:
    if path[0] in set(secret):
        return "given a secret"
    value = at(values, *path)
    if value is None:
        return "not set"
    text = json.dumps(value, ensure_ascii=False)
    return f"given {text if len(text) <= LONGEST_SHOWN else text[:LONGEST_SHOWN] + '...'}"
