"""What a term is, what it may look at, and how a template of terms becomes a value.

A template is a dict or a list of terms and plain values; what is None is left out of it, and a part of which nothing
remains is left out with it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from core.resource import nothing
from core.value import Path, at
from twin.forms import AS_IT_IS, Form

STEP = re.compile(r"([^.\[\]]+)|\[(\d*)\]")
EACH = -1
"""The step that means every item of a list."""


@dataclass(frozen=True)
class Place:
    """Where the calls go: an account in a Region of a partition."""

    account: str
    region: str
    partition: str


@dataclass(frozen=True)
class Scope:
    """All that a term may look at."""

    place: Place
    inputs: Mapping[str, Any]
    id: str = ""
    reply: Mapping[str, Any] = field(default_factory=nothing)
    before: Mapping[str, Any] = field(default_factory=nothing)
    item: Any = None


@dataclass(frozen=True)
class Term:
    """Something that has a value in a scope; None is no value. `form` says in which words."""

    form: Form = field(default=AS_IT_IS, kw_only=True)

    def value(self, scope: Scope) -> Any:
        """The value for a request, or as the provider says it for a reply."""
        raise NotImplementedError

    def uses(self) -> Iterator[tuple[Path, Form]]:
        """The properties that it reads, with the forms that say which of their leaves."""
        return iter(())


def resolve(template: Any, scope: Scope) -> Any:
    """The template with each term replaced by its value; None when nothing is left of it."""
    if isinstance(template, Term):
        return template.value(scope)
    if isinstance(template, Mapping):
        found = {key: resolve(item, scope) for key, item in template.items()}
        kept = {key: item for key, item in found.items() if item is not None}
        return kept if kept or not template else None
    if isinstance(template, list | tuple):
        kept = [item for item in (resolve(part, scope) for part in template) if item is not None]
        return kept if kept or not template else None
    return template


def uses(template: Any) -> Iterator[tuple[Path, Form]]:
    """The properties that any term of the template reads."""
    if isinstance(template, Term):
        yield from template.uses()
    elif isinstance(template, Mapping):
        for item in template.values():
            yield from uses(item)
    elif isinstance(template, list | tuple):
        for item in template:
            yield from uses(item)


def steps(path: str) -> Path:
    """`Vpcs[0].Tags` as steps; `[]` is EACH."""
    return tuple(_step(*match.groups()) for match in STEP.finditer(path))


def _step(name: str | None, index: str | None) -> str | int:
    return name or (int(index) if index else EACH)


def reached(value: Any, path: Path) -> Any:
    """What stands at the path, `[]` giving a list of what stands there in each item."""
    if EACH not in path:
        return at(value, *path)
    split = path.index(EACH)
    rest = path[split + 1 :]
    found = [reached(item, rest) for item in at(value, *path[:split]) or ()]
    if EACH in rest:
        return [item for inner in found for item in inner]
    return [item for item in found if item is not None]
