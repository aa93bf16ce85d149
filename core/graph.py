"""What a program declares, a state holds or an account shows, in one shape: resources and how they refer to others."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import Any

from core.errors import BadInput
from core.resource import Resource
from core.value import Unknown, frozen

STACK = "pulumi:pulumi:Stack"
POLICY_DOCUMENT = "strongroom:index:PolicyDocument"
PROVIDER_PREFIX = "pulumi:providers:"


IDENTITIES = ("arn", "id", "name", "bucket")
"""Outputs by which other resources name this one, when no dependency was recorded."""


class GraphError(BadInput):
    """The resources contradict each other: a URN twice, or a circle of dependencies."""


@dataclass(frozen=True)
class Graph:
    """Resources in a stable order, each URN once, no circles.

    Raises GraphError for a repeated URN or a dependency cycle, naming the URNs.
    """

    resources: tuple[Resource, ...]

    def __post_init__(self) -> None:
        """Refuse what no engine could have made."""
        if len(self.by_urn) != len(self.resources):
            twice = sorted(urn for urn, count in Counter(r.urn for r in self.resources).items() if count > 1)
            msg = f"duplicate URN: {', '.join(twice)}; give each resource a name of its own"
            raise GraphError(msg)
        if cycle := self._cycle():
            msg = f"dependency cycle: {' -> '.join(cycle)}"
            raise GraphError(msg)

    @cached_property
    def by_urn(self) -> Mapping[str, Resource]:
        """Every resource under its URN."""
        return MappingProxyType({resource.urn: resource for resource in self.resources})

    @cached_property
    def _by_type(self) -> Mapping[str, tuple[Resource, ...]]:
        found: dict[str, list[Resource]] = {}
        for resource in self.resources:
            found.setdefault(resource.type, []).append(resource)
        return {token: tuple(items) for token, items in found.items()}

    @cached_property
    def _children(self) -> Mapping[str, tuple[Resource, ...]]:
        found: dict[str, list[Resource]] = {}
        for resource in self.resources:
            found.setdefault(resource.parent, []).append(resource)
        return {urn: tuple(items) for urn, items in found.items()}

    @cached_property
    def _by_identity(self) -> Mapping[str, frozenset[str]]:
        """What names a resource -> the URNs it may mean.

        A bucket's policy has the bucket's name for its id, a topic's policy the topic's ARN for an input: where several
        bear a name, those with an ARN that AWS gave to themselves are meant.
        """
        found: dict[str, set[str]] = {}
        for resource in self.resources:
            for key in IDENTITIES:
                for held in (resource.outputs.get(key), resource.inputs.get(key)):
                    if isinstance(held, str) and held:
                        found.setdefault(held, set()).add(resource.urn)
        return {value: frozenset(filter(self._has_own_arn, urns)) or frozenset(urns) for value, urns in found.items()}

    def _has_own_arn(self, urn: str) -> bool:
        resource = self.by_urn[urn]
        return "arn" in resource.outputs and "arn" not in resource.inputs

    @cached_property
    def _referrers(self) -> Mapping[tuple[str, str], tuple[Resource, ...]]:
        """(property, URN it comes from) -> the resources that refer so."""
        found: dict[tuple[str, str], list[Resource]] = {}
        for resource in self.resources:
            for name, urns in resource.property_dependencies.items():
                for urn in urns:
                    found.setdefault((name, urn), []).append(resource)
        return {key: tuple(items) for key, items in found.items()}

    @cached_property
    def _literal(self) -> dict[tuple[str, str], Mapping[str, tuple[Resource, ...]]]:
        """Filled by `_naming`, one entry for each type and property that is asked for."""
        return {}

    @cached_property
    def _documents(self) -> Mapping[tuple[str, str, str], Any]:
        found = ((r, r.get("of"), r.get("attribute")) for r in self.of_type(POLICY_DOCUMENT))
        return {
            (resource.parent, of, attribute): resource.get("document")
            for resource, of, attribute in found
            if isinstance(of, str) and isinstance(attribute, str)
        }

    def of_type(self, *tokens: str) -> tuple[Resource, ...]:
        """The resources of these types."""
        return tuple(resource for token in tokens for resource in self._by_type.get(token, ()))

    def children(self, resource: Resource) -> tuple[Resource, ...]:
        """The resources whose parent this is."""
        return self._children.get(resource.urn, ())

    def ancestors(self, resource: Resource) -> Iterator[Resource]:
        """The parents, nearest first."""
        while (parent := self.by_urn.get(resource.parent)) is not None:
            yield parent
            resource = parent

    def linked(self, resource: Resource, *path: str | int) -> Resource | Unknown | None:
        """The resource that the property refers to.

        None when the property is not set; Unknown when it is set and what it refers to cannot be told: it comes
        from outside the Graph, or from several resources. A link is decided by recorded dependencies first
        (they outlive unknown values), else by the value naming a resource's ARN, id or name.
        """
        value = resource.get(*path)
        if value is None:
            return None
        named = self._named(value)
        sources = {urn for urn in resource.property_dependencies.get(str(path[0]), ()) if urn in self.by_urn}
        urns = (
            named & sources or named or sources if isinstance(value, str) else self._sources(value) & sources or sources
        )
        if len(urns) == 1:
            return self.by_urn[next(iter(urns))]
        return Unknown(value.source if isinstance(value, Unknown) else "a resource outside this program")

    def companions(self, resource: Resource, token: str, name: str) -> tuple[Resource, ...]:
        """The resources of that type whose property `name` refers to this one (a bucket's policy, say)."""
        linked = {found.urn: found for found in self._referrers.get((name, resource.urn), ()) if found.type == token}
        for key in IDENTITIES:
            if isinstance(held := resource.get(key), str):
                linked.update({found.urn: found for found in self._naming(token, name).get(held, ())})
        return tuple(linked[urn] for urn in sorted(linked))

    def unlinked(self, token: str, name: str) -> tuple[Resource, ...]:
        """Resources of that type whose property `name` might refer to anything: unknown, and nothing recorded."""
        return tuple(
            found
            for found in self.of_type(token)
            if isinstance(found.get(name), Unknown)
            and not any(urn in self.by_urn for urn in found.property_dependencies.get(name, ()))
        )

    def document(self, resource: Resource, attribute: str = "policy") -> Mapping[str, Any] | Unknown | None:
        """The policy that the property holds, in structured form, single leaves of it unknown where they are.

        A text that is unknown as a whole is read from the PolicyDocument component it was made of, where there is one.
        None when the property is not set.
        """
        value = resource.get(attribute)
        if isinstance(value, str):
            try:
                value = frozen(json.loads(value))
            except (ValueError, RecursionError):
                return Unknown(f"{attribute} of {resource.name}, which is not JSON")
        if isinstance(value, Unknown):
            value = self._documents.get((resource.parent, resource.name, attribute), value)
        return (
            value
            if value is None or isinstance(value, Mapping | Unknown)
            else Unknown(f"{attribute} of {resource.name}")
        )

    def in_order(self) -> tuple[Resource, ...]:
        """Every resource after its parent and all it depends on; ties broken by URN."""
        done: dict[str, Resource] = {}

        def visit(urn: str) -> None:
            stack = [urn]
            while stack:
                top = stack[-1]
                waiting = [need for need in self._needs(top) if need not in done]
                if waiting:
                    stack.extend(reversed(waiting))
                else:
                    done.setdefault(stack.pop(), self.by_urn[top])

        for urn in sorted(self.by_urn):
            visit(urn)
        return tuple(done.values())

    def _naming(self, token: str, name: str) -> Mapping[str, tuple[Resource, ...]]:
        """For one type: what a property literally says, without a recorded dependency -> the resources saying it."""
        if (token, name) not in self._literal:
            found: dict[str, list[Resource]] = {}
            for resource in self.of_type(token):
                value = resource.get(name)
                if isinstance(value, str) and not resource.property_dependencies.get(name):
                    found.setdefault(value, []).append(resource)
            self._literal[token, name] = {value: tuple(items) for value, items in found.items()}
        return self._literal[token, name]

    def _named(self, value: Any) -> frozenset[str]:
        return self._by_identity.get(value, frozenset()) if isinstance(value, str) else frozenset()

    def _sources(self, value: Any) -> set[str]:
        """The URNs in this Graph that an unknown value names as its source."""
        if not isinstance(value, Unknown):
            return set()
        found = set()
        for urn in value.source.split(", "):
            while urn and urn not in self.by_urn:
                urn = urn.rpartition(".")[0]  # noqa: PLW2901 - a property may lie deep: <urn>.endpoint.url
            found |= {urn} if urn else set()
        return found

    def _needs(self, urn: str) -> list[str]:
        resource = self.by_urn[urn]
        needed = {resource.parent, resource.provider, *resource.dependencies}
        for urns in resource.property_dependencies.values():
            needed |= urns
        return sorted(need for need in needed if need in self.by_urn)

    def _cycle(self) -> list[str]:
        """One circle of dependencies, or nothing (depth first, without recursion: chains can be long)."""
        state: dict[str, int] = {}
        for start in self.by_urn:
            if start in state:
                continue
            state[start] = 1
            stack = [(start, iter(self._needs(start)))]
            while stack:
                urn, rest = stack[-1]
                step = next(rest, None)
                if step is None:
                    state[urn] = 2
                    stack.pop()
                elif state.get(step) == 1:
                    walked = [item[0] for item in stack]
                    return [*walked[walked.index(step) :], step]
                elif step not in state:
                    state[step] = 1
                    stack.append((step, iter(self._needs(step))))
        return []


def graph_of(resources: Iterable[Resource]) -> Graph:
    """A Graph with its resources frozen and sorted by URN, so that equal content gives equal bytes."""
    return Graph(
        tuple(
            sorted(
                (
                    Resource(
                        r.type,
                        r.urn,
                        frozen(r.inputs),
                        frozen(r.outputs),
                        r.parent,
                        frozenset(r.dependencies),
                        MappingProxyType({k: frozenset(v) for k, v in sorted(r.property_dependencies.items())}),
                        r.provider,
                        tuple(r.location),
                        r.protect,
                    )
                    for r in resources
                ),
                key=lambda r: r.urn,
            )
        )
    )
