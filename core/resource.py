"""One resource: what was asked for, what came of it, and what it refers to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from core.value import Unknown, at


def nothing() -> Mapping[str, Any]:
    """An empty read-only mapping."""
    return MappingProxyType({})


@dataclass(frozen=True, slots=True, order=True)
class Location:
    """A line of source, its file relative to the project."""

    file: str
    line: int

    def __str__(self) -> str:
        """The form editors and terminals make clickable."""
        return f"{self.file}:{self.line}"


@dataclass(frozen=True, slots=True)
class Resource:
    """One resource: property names are the Pulumi provider's wire names (`kmsKeyArn`), values are frozen.

    `location` runs from the line that declares the resource outwards to the line of the program that asked for it.
    `provider` is the URN of its provider resource, empty for components and where none was recorded. `protect` says
    that the engine refuses to destroy it.
    """

    type: str
    urn: str
    inputs: Mapping[str, Any] = field(default_factory=nothing)
    outputs: Mapping[str, Any] = field(default_factory=nothing)
    parent: str = ""
    dependencies: frozenset[str] = frozenset()
    property_dependencies: Mapping[str, frozenset[str]] = field(default_factory=nothing)
    provider: str = ""
    location: tuple[Location, ...] = ()
    protect: bool = False

    @property
    def name(self) -> str:
        """The logical name: the last part of the URN."""
        return self.urn.rpartition("::")[2]

    @property
    def stack(self) -> str:
        """The stack the URN names; empty when the URN is not one of Pulumi's."""
        start, _, stack = self.urn.partition("::")[0].rpartition(":")
        return stack if start == "urn:pulumi" else ""

    def get(self, *path: str | int) -> Any:
        """The input at the path, else the output: a value, `Unknown`, `Secret`, or `None` when it is not set.

        An input that is not recorded but has a recorded dependency is present and unknown, never absent: engines
        drop a whole property when a leaf of it is unknown.
        """
        if path and path[0] not in self.inputs and path[0] not in self.outputs:
            sources = self.property_dependencies.get(str(path[0]))
            return Unknown(", ".join(sorted(sources))) if sources else None
        return at(self.inputs if path and path[0] in self.inputs else self.outputs, *path)
