"""Policies with a piece taken out: each Deny, each condition, each boundary, one at a time, over a captured Graph.

A piece whose loss no statement about access notices is either superfluous, or guards something that nobody stated.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from functools import cached_property
from types import MappingProxyType
from typing import Any

from access.actors import Actor
from access.graph_identity import ROLE
from access.graph_resources import ENDPOINT
from access.prove import Prover
from access.statement import Rule, Statement
from access.world import Place
from cli.proving import Ground, tribunal
from core.graph import Graph
from core.resource import Resource
from core.toml_table import Table, parsed

POLICIES = ("policy", "assumeRolePolicy")
IAM_POLICY = "aws:iam/policy:Policy"


@dataclass(frozen=True)
class Mutation:
    """One piece that is taken out of a resource's policies, and the resource without it."""

    id: str
    whole: Graph
    changed: Resource

    @cached_property
    def graph(self) -> Graph:
        """The Graph without the piece."""
        return Graph(tuple(self.changed if one.urn == self.changed.urn else one for one in self.whole.resources))


@dataclass(frozen=True, slots=True)
class Survivor:
    """Pieces whose loss no statement notices, as a pattern over their names, and why that may be."""

    piece: str
    reason: str

    def covers(self, name: str) -> bool:
        """Whether it is about this piece."""
        return fnmatchcase(name, self.piece)


def survivors_from(text: str, source: str) -> tuple[Survivor, ...]:
    """The rows of a list of survivors, `[[survivors]]` each. Raises BadInput for what is no such list."""
    table = Table(parsed(text, source), source, whole=text)
    table.only("survivors")
    bodies = table.get("survivors", list, "a list of tables, [[survivors]] each", [])
    return tuple(_survivor(table.within(body, f"survivors[{number}]")) for number, body in enumerate(bodies, 1))


def _survivor(table: Table) -> Survivor:
    table.only("piece", "reason")
    return Survivor(table.text("piece"), table.text("reason"))


def mutations(graph: Graph) -> Iterator[Mutation]:
    """Every piece that can be taken out, in the order of the resources."""
    for resource in graph.resources:
        if resource.type == ROLE and resource.get("permissionsBoundary"):
            yield _made(graph, resource, "permissionsBoundary", None, "its boundary")
        for attribute in POLICIES:
            text = resource.inputs.get(attribute)
            if isinstance(text, str) and resource.type.startswith("aws:"):
                for what, document in _without(json.loads(text)):
                    yield _made(graph, resource, attribute, json.dumps(document), what)


def _without(document: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The document without one Deny, or without one line of one condition."""
    statements = document["Statement"]
    for number, one in enumerate(statements):
        name = one.get("Sid", str(number))
        if one["Effect"] == "Deny":
            kept = [*statements[:number], *statements[number + 1 :]]
            if kept:
                yield f"{name}", {**document, "Statement": kept}
        for operator, keys in one.get("Condition", {}).items():
            for key in keys:
                fewer = {**one["Condition"], operator: {k: v for k, v in keys.items() if k != key}}
                condition = {op: held for op, held in fewer.items() if held}
                rest = {k: v for k, v in one.items() if k != "Condition"}
                changed = {**rest, **({"Condition": condition} if condition else {})}
                parts = [*statements[:number], changed, *statements[number + 1 :]]
                yield f"{name}, {operator} {key}", {**document, "Statement": parts}


def _made(graph: Graph, resource: Resource, attribute: str, value: str | None, what: str) -> Mutation:
    inputs = {**resource.inputs, attribute: value}
    outputs = {**resource.outputs, attribute: value}
    links = dict(resource.property_dependencies)
    if value is None:
        inputs.pop(attribute), outputs.pop(attribute), links.pop(attribute, None)
    changed = replace(
        resource,
        inputs=MappingProxyType(inputs),
        outputs=MappingProxyType(outputs),
        property_dependencies=MappingProxyType(links),
    )
    return Mutation(f"{resource.name}: {what}", graph, changed)


def noticed(mutation: Mutation, ground: Ground, statements: list[Statement], prover: Prover) -> str:
    """The id of a statement that does not hold any more; empty where every one still does.

    Only the parts of statements are judged again that the piece can bear on.
    """
    judge = replace(tribunal(mutation.graph, ground), finder=prover)
    touches = _touches(mutation)
    for said in statements:
        if said.rule is Rule.LASTS:
            continue
        if any(judge.contradicts(said, cell) for cell in judge.expansion.cells(said, touches)):
            return said.id
    return ""


def _touches(mutation: Mutation) -> Callable[[Actor, Place], bool]:
    """Which callers and things the changed policy bears on."""
    graph = mutation.graph
    changed = mutation.changed
    if changed.type == ROLE:
        return lambda actor, place: _is(place, changed) or actor.caller.arn == changed.get("arn")
    if changed.type == IAM_POLICY:
        bearers = {role.get("arn") for role in graph.of_type(ROLE) if _bears(graph, role, changed)}
        return lambda actor, _place: actor.caller.arn in bearers
    if changed.type == ENDPOINT:
        return lambda _actor, _place: True
    owners = {urn for urns in changed.property_dependencies.values() for urn in urns} | {changed.urn}
    return lambda _actor, place: place.target.resource is not None and place.target.resource.urn in owners


def _is(place: Place, resource: Resource) -> bool:
    return place.target.resource is not None and place.target.resource.urn == resource.urn


def _bears(graph: Graph, role: Resource, policy: Resource) -> bool:
    """Whether the policy is the role's boundary, or attached to it."""
    limit = graph.linked(role, "permissionsBoundary")
    joined = graph.companions(role, "aws:iam/rolePolicyAttachment:RolePolicyAttachment", "role")
    held = [graph.linked(one, "policyArn") for one in joined]
    return any(isinstance(one, Resource) and one.urn == policy.urn for one in (limit, *held))
