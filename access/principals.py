"""Those who may act in an account, as far as a Graph knows them: roles and users, with all that binds them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from access.caller import Caller
from access.document import Policy
from access.graph_identity import ROLE, USER, boundary_of, caller_of, group_policies, identity_of
from core.graph import Graph
from core.resource import Resource


@dataclass(frozen=True)
class Principal:
    """One role or user.

    `extra` says what it has beyond itself: a group's rights, no boundary any more, a tag of its own choosing. Tags
    whose keys are in `chosen` may have any value.
    """

    resource: Resource
    caller: Caller
    identity: tuple[Policy, ...]
    boundary: Policy | None
    extra: tuple[str, ...] = ()
    chosen: frozenset[str] = frozenset()

    @property
    def name(self) -> str:
        """How a chain calls it."""
        return ", ".join([self.resource.name, *self.extra])

    @property
    def is_role(self) -> bool:
        """Whether it is a role; else a user."""
        return self.resource.type == ROLE

    def unbounded(self) -> Principal:
        """Itself without its boundary."""
        return replace(self, boundary=None, extra=(*self.extra, "without its boundary"))

    def tagged(self, key: str) -> Principal:
        """Itself with a tag of that key (in lower case) that it may choose."""
        kept = {name: value for name, value in self.caller.tags.items() if name.lower() != key}
        return replace(
            self,
            caller=replace(self.caller, tags=kept),
            chosen=self.chosen | {key},
            extra=(*self.extra, f"tag {key} chosen"),
        )

    def joined(self, graph: Graph, group: Resource) -> Principal:
        """Itself as a member of one more group."""
        held = (*self.identity, *group_policies(graph, group))
        return replace(self, identity=held, extra=(*self.extra, f"in group {group.name}"))

    def is_in(self, group: Resource) -> bool:
        """Whether it has joined the group already."""
        return f"in group {group.name}" in self.extra


def principal_of(graph: Graph, resource: Resource) -> Principal:
    """The principal that a role or a user is. Raises RequestError where its ARN is not known."""
    return Principal(resource, caller_of(resource), identity_of(graph, resource), boundary_of(graph, resource))


def principals_of(graph: Graph) -> Iterator[Principal]:
    """Every role and user of the Graph. Raises RequestError for one whose ARN is not known: use a graph with names."""
    return (principal_of(graph, one) for one in graph.of_type(ROLE, USER))
