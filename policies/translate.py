"""What the engine shows of resources, in the Graph's own words; values reach it already read, unknowns as Unknown.

The engine shows a resource twice: its inputs before it is created, its outputs when the whole stack is. The second
view alone does not say what was never set, so what the first one showed is kept, by URN.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from core.graph import STACK, Graph
from core.resource import Resource
from core.value import Unknown, frozen
from policies.judge import stack_of

AT_PREVIEW = "the engine, which does not know it yet"


class Glimpsed(Mapping[str, Any]):
    """Inputs that were never shown: whatever outputs do not hold may be set or not, so it is unknown, never absent."""

    def __init__(self, urn: str, outputs: Mapping[str, Any]) -> None:
        self.urn, self.outputs = urn, outputs

    def __getitem__(self, name: str) -> Any:
        """The output of that name, or an unknown input."""
        return self.outputs[name] if name in self.outputs else Unknown(f"{self.urn}.{name}")

    def __contains__(self, name: object) -> bool:
        """Anything may be in there."""
        return isinstance(name, str)

    def __iter__(self) -> Iterator[str]:
        """The names that are known."""
        return iter(self.outputs)

    def __len__(self) -> int:
        """How many names are known."""
        return len(self.outputs)


@dataclass(frozen=True, slots=True)
class Shown:
    """One resource as the engine shows it: its properties read, and the URNs it refers to."""

    type: str
    urn: str
    properties: Mapping[str, Any]
    parent: str = ""
    dependencies: frozenset[str] = frozenset()
    property_dependencies: Mapping[str, frozenset[str]] = field(default_factory=dict)
    provider: str = ""
    protect: bool = False


def before(shown: Shown) -> Resource:
    """A resource as it stands before it is created, from its inputs."""
    held = frozen(shown.properties)
    return Resource(shown.type, shown.urn, held, parent=shown.parent, provider=shown.provider, protect=shown.protect)


def sourced(value: Any, sources: frozenset[str]) -> Any:
    """The value with its unknown leaves traced to the resources that its property depends on."""
    if isinstance(value, Unknown):
        return Unknown(", ".join(sorted(sources))) if sources else value
    if isinstance(value, Mapping):
        return {key: sourced(item, sources) for key, item in value.items()}
    return tuple(sourced(item, sources) for item in value) if isinstance(value, tuple | list) else value


def after(shown: Shown, inputs: Mapping[str, Any] | None) -> Resource:
    """A resource as part of the whole stack: its outputs, and the inputs it was seen with before, if it was seen."""
    links = {name: urns for name, urns in shown.property_dependencies.items() if urns}
    outputs = frozen({key: sourced(value, links.get(key, frozenset())) for key, value in shown.properties.items()})
    known = inputs is not None
    traced = frozen({key: sourced(value, links.get(key, frozenset())) for key, value in (inputs or {}).items()})
    held = traced if known else Glimpsed(shown.urn, outputs)
    return Resource(
        shown.type,
        shown.urn,
        held,
        outputs,
        shown.parent,
        shown.dependencies,
        links,
        shown.provider,
        protect=shown.protect,
    )


def whole(resources: tuple[Resource, ...]) -> Graph:
    """The Graph of a stack. Raises GraphError for resources that contradict each other.

    Not `graph_of`, which would take what inputs of a Glimpsed are known for all there are.
    """
    made = Graph(tuple(sorted(resources, key=lambda resource: resource.urn)))
    return made if made.of_type(STACK) else Graph((*made.resources, stack_of(made)))
