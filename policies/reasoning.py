"""How a guard came to its verdict: what it read of which resource, and what of that was not there or not known."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from core.graph import IDENTITIES, Graph
from core.resource import Resource
from core.value import Path, Secret, Unknown, dotted
from core.verdict import Verdict
from policies.guard import Guard


class Sight(StrEnum):
    """What stood where a guard looked; never the value itself."""

    KNOWN = "known"
    NOT_SET = "not set"
    UNKNOWN = "not known yet"
    WITHHELD = "withheld"


@dataclass(frozen=True, slots=True)
class Read:
    """One look at one property; `source` is where an unknown value comes from."""

    urn: str
    path: str
    sight: Sight
    source: str = ""


@dataclass(frozen=True, slots=True)
class Reasoning:
    """A verdict, and what it rests on, the judged resource first."""

    verdict: Verdict
    reads: tuple[Read, ...]


class Watched(Mapping[str, Any]):
    """Inputs or outputs that take note of each key asked for."""

    def __init__(self, held: Mapping[str, Any], urn: str, seen: dict[tuple[str, Path], Any]) -> None:
        self.held, self.urn, self.seen = held, urn, seen

    def __getitem__(self, key: str) -> Any:
        """The value, noted."""
        self.seen[self.urn, (key,)] = self.held.get(key)
        return self.held[key]

    def __contains__(self, key: object) -> bool:
        """Whether the key is there: no look at its value."""
        return key in self.held

    def __iter__(self) -> Iterator[str]:
        """The keys."""
        return iter(self.held)

    def __len__(self) -> int:
        """How many there are."""
        return len(self.held)


class WatchedResource(Resource):
    """A resource that takes note of each property asked for."""

    __slots__ = ()

    def get(self, *path: str | int) -> Any:
        """The property, noted with its whole path."""
        value = Resource.get(self, *path)
        if isinstance(self.inputs, Watched):
            self.inputs.seen[self.urn, path] = value
        return value


def reasoning(guard: Guard, urn: str, graph: Graph) -> Reasoning:
    """Judge one resource and say what was read for it.

    The Graph is asked once before, so that what it reads to build its own indexes is not taken for the guard's.
    """
    seen: dict[tuple[str, Path], Any] = {}
    watched = Graph(tuple(_watched(resource, seen) for resource in graph.resources))
    guard.judge(watched.by_urn[urn], watched)
    seen.clear()
    verdict = guard.judge(watched.by_urn[urn], watched)
    longest = {
        (owner, path): value
        for (owner, path), value in seen.items()
        if not any(owner == other and path != longer and longer[: len(path)] == path for other, longer in seen)
    }
    reads = {
        _read(owner, path, value)
        for (owner, path), value in longest.items()
        if path[0] not in IDENTITIES or path[0] in graph.by_urn[owner].inputs  # outputs that others find it by
    }
    return Reasoning(verdict, tuple(sorted(reads, key=lambda read: (read.urn != urn, read.urn, read.path))))


def _watched(resource: Resource, seen: dict[tuple[str, Path], Any]) -> Resource:
    inputs, outputs = (Watched(held, resource.urn, seen) for held in (resource.inputs, resource.outputs))
    return WatchedResource(
        resource.type,
        resource.urn,
        inputs,
        outputs,
        resource.parent,
        resource.dependencies,
        resource.property_dependencies,
        resource.provider,
        resource.location,
        resource.protect,
    )


def _read(owner: str, path: Path, value: Any) -> Read:
    if isinstance(value, Unknown):
        return Read(owner, dotted(path), Sight.UNKNOWN, value.source)
    if isinstance(value, Secret):
        return Read(owner, dotted(path), Sight.WITHHELD)
    return Read(owner, dotted(path), Sight.NOT_SET if value is None else Sight.KNOWN)
