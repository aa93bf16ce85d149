"""The policies that one place of the matrix rests on, so that two programs are compared before anything is asked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any

from access.document import Document
from access.graph_identity import boundary_of, caller_of, identity_of, role_named
from access.graph_resources import BUCKETS, Target, endpoint_for, endpoint_policy, resource_layers
from access.layers import Layers
from access.layout import Column
from access.matrix import Board
from access.sealed import key_of
from core.graph import Graph
from core.resource import Resource
from core.value import Unknown

USE = "kms:Decrypt"
Parts = Mapping[str, Any]
"""What it is about -> a policy, or anything else that is compared as a whole."""


@dataclass(frozen=True, slots=True)
class PolicyChange:
    """A policy, or what else stands by a resource, that is not what it was; `resource` is the logical name."""

    resource: str
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()

    def __str__(self) -> str:
        said = [
            f"{word} {', '.join(names)}"
            for word, names in (("added", self.added), ("removed", self.removed), ("changed", self.changed))
            if names
        ]
        return f"{self.resource}: {'; '.join(said)}" if said else f"{self.resource}: not what it was"


def of_row(board: Board, row: str) -> Parts:
    """The caller's side: who it is, its policies, its boundary. Raises RequestError for a role that is not there."""
    graph = board.asker.world.graph
    role = role_named(graph, row)
    found: dict[str, Any] = {f"who {role.name} is": caller_of(role)}
    for policy in (*identity_of(graph, role), boundary_of(graph, role)):
        found |= _labelled(policy, role.name)
    return found


def of_column(board: Board, column: Column) -> Parts:
    """The side of the things: their policies, those of their keys, and of the endpoints that lead there."""
    graph, found = board.asker.world.graph, dict[str, Any]()
    for target, action in _targets(board, column):
        found |= _standing_by(resource_layers(graph, target, action), target.arn)
        if target.resource is not None and target.resource.type in BUCKETS:
            found |= _seal(graph, target.resource)
        if (endpoint := endpoint_for(graph, action)) is not None:
            found |= _labelled(endpoint_policy(graph, endpoint)[0], endpoint.name)
    return found


def _seal(graph: Graph, bucket: Resource) -> dict[str, Any]:
    """The key of a bucket, and what stands by it."""
    key, wide = key_of(graph, bucket)
    if not isinstance(key, Resource):
        return {f"the key of {bucket.name}": (key, wide)}
    arn = str(key.get("arn"))
    return {
        f"the key of {bucket.name}": (arn, wide),
        **_standing_by(resource_layers(graph, Target(arn, key), USE), arn),
    }


def of_all(board: Board) -> Parts:
    """What every call meets: the policies of the organisation."""
    world = board.asker.world
    return {"the organisation's policies": (world.scps, world.rcps)}


def changes(before: Parts, after: Parts) -> Iterator[PolicyChange]:
    """What differs, the policies statement by statement."""
    for label in sorted({*before, *after}):
        one, other = before.get(label), after.get(label)
        if one == other:
            continue
        if isinstance(one, Document | None) and isinstance(other, Document | None):
            yield _compared(label, one, other)
        else:
            yield PolicyChange(label)


def _targets(board: Board, column: Column) -> Iterator[tuple[Target, str]]:
    """Each thing once, with something that is done to it."""
    seen: set[str] = set()
    for what in column.of:
        for action in (action for does in column.does.values() for action in does.on(what.kind)):
            for text in board.things(what, action):
                if text not in seen:
                    seen.add(text)
                    yield from ((target, action.name) for target in board.asker.world.targets(text))


def _standing_by(layers: Layers, arn: str) -> dict[str, Any]:
    beside = {one.name: getattr(layers, one.name) for one in fields(layers) if one.name != "resource"}
    return {f"what stands by {arn}": beside, **_labelled(layers.resource, arn)}


def _labelled(policy: Document | Unknown | None, of: str) -> dict[str, Any]:
    if isinstance(policy, Document):
        return {policy.label: policy}
    return {} if policy is None else {f"a policy of {of}": policy}


def _compared(label: str, one: Document | None, other: Document | None) -> PolicyChange:
    before, after = (_statements(document) for document in (one, other))
    return PolicyChange(
        label,
        tuple(name for name in after if name not in before),
        tuple(name for name in before if name not in after),
        tuple(name for name in after if name in before and before[name] != after[name]),
    )


def _statements(document: Document | None) -> dict[str, Any]:
    """Name -> statement, whatever its number: one that only moved is the same."""
    found: dict[str, Any] = {}
    for one in document.statements if document else ():
        name = "a statement that is not known" if isinstance(one, Unknown) else one.name
        body = (
            one
            if isinstance(one, Unknown)
            else {f.name: getattr(one, f.name) for f in fields(one) if f.name != "number"}
        )
        found[name] = body
    return found
