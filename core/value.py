"""The leaves of a Graph: plain values, values that cannot be known yet, and values that are withheld."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Unknown:
    """A value that will exist but cannot be read yet.

    `source` says where it comes from: `<urn>.<property>` for one output of one resource, `<urn>` where the
    property is not known, several of them joined by ", " where a value is made of more than one, or plain words.
    """

    source: str


@dataclass(frozen=True, slots=True)
class Secret:
    """A value that exists and is withheld: it must never reach a message, a report or evidence."""


SECRET = Secret()


def frozen(value: Any) -> Any:
    """The same value, deeply read-only: mappings become read-only mappings, sequences become tuples.

    Whole floats become ints: Pulumi's wire format has no integers, and 30.0 days reads badly in a report.
    """
    if isinstance(value, Mapping):
        return MappingProxyType({str(key): frozen(item) for key, item in value.items()})
    if isinstance(value, Sequence) and not isinstance(value, str | bytes):
        return tuple(frozen(item) for item in value)
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value


def thawed(value: Any) -> Any:
    """The same value in plain dicts and lists, for libraries that insist on them."""
    if isinstance(value, Mapping):
        return {key: thawed(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [thawed(item) for item in value]
    return value


def at(value: Any, *path: str | int) -> Any:
    """What stands at the path: a value, `Unknown` or `Secret` where the way there is blocked, `None` where nothing is.

    >>> at({"rules": ({"days": 30},)}, "rules", 0, "days")
    30
    """
    for step in path:
        if isinstance(value, Unknown | Secret):
            return value
        if isinstance(step, str):
            value = value.get(step) if isinstance(value, Mapping) else None
        else:
            value = value[step] if isinstance(value, tuple | list) and -len(value) <= step < len(value) else None
    return value


def leaves(value: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Every leaf with the path that leads to it; empty containers count as leaves."""
    if isinstance(value, Mapping) and value:
        for key, item in value.items():
            yield from leaves(item, (*path, key))
    elif isinstance(value, tuple | list) and value:
        for index, item in enumerate(value):
            yield from leaves(item, (*path, index))
    else:
        yield path, value


def unknowns(value: Any) -> tuple[Unknown, ...]:
    """Every unknown leaf, in order."""
    return tuple(leaf for _, leaf in leaves(value) if isinstance(leaf, Unknown))


def dotted(path: Path) -> str:
    """The path as people write it: `rules[0].days`."""
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f".{step}"
    return text.removeprefix(".")
