"""Which statements a change may have touched, and which of them no longer hold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from access.expansion import Expansion
from access.graph_resources import BUCKETS, ENDPOINT, Target
from access.statement import Rule, Statement
from access.verdicts import Tribunal
from access.world import World
from core.proof import Proof, Standing
from core.resource import Resource

ANYTHING_DONE = "any:Action"
"""Stands for the action where only what stands by a resource is asked for."""


@dataclass(frozen=True)
class Broken:
    """A statement that held before the change, and how it stands after it."""

    before: Proof
    after: Proof


@dataclass(frozen=True)
class Regression:
    """Two programs, and the statements that left PROVED from the first to the second."""

    base: Tribunal
    head: Tribunal

    def broken(self, statements: Iterable[Statement]) -> Iterator[Broken]:
        """The statements that were proved and are not any more; only those that the change may touch are judged."""
        for said in statements:
            if not self.touches(said):
                continue
            after = self.head.judge(said).proof
            if after.standing in {Standing.PROVED, Standing.NOT_APPLICABLE}:
                continue
            before = self.base.judge(said).proof
            if before.standing is Standing.PROVED:
                yield Broken(before, after)

    def touches(self, said: Statement) -> bool:
        """Whether anything that the statement speaks of is not what it was."""
        if self._everywhere or not said.what:
            return True
        if any(self._differs(one) for what in said.what for one in what.members(self.head.scene.world.graph)):
            return True
        if said.rule is Rule.ONLY:
            return bool(self._roles)
        here = self.head.expansion
        return any(actor.name in self._roles for word in (*said.who, *said.but) for actor in here.named(word))

    @cached_property
    def _everywhere(self) -> bool:
        """Whether something changed that every call meets."""
        one, other = (_common(tribunal.scene.world) for tribunal in (self.base, self.head))
        return one != other

    @cached_property
    def _roles(self) -> frozenset[str]:
        """Callers whose policies, boundary, tags or trust are not what they were, and those that came or went."""
        before, after = (_roles(tribunal.expansion) for tribunal in (self.base, self.head))
        return frozenset(name for name in {*before, *after} if before.get(name) != after.get(name))

    @cached_property
    def _before(self) -> dict[str, Resource]:
        return {one.urn: one for one in self.base.scene.world.graph.resources}

    def _differs(self, after: Resource) -> bool:
        """Whether other policies stand by the resource than before; a new one differs."""
        before = self._before.get(after.urn)
        if before is None:
            return True
        return _standing_by(self.base.scene.world, before) != _standing_by(self.head.scene.world, after)


def _common(world: World) -> object:
    endpoints = {one.name: world.carried(one) for one in world.graph.of_type(ENDPOINT)}
    return endpoints, world.scps, world.rcps, world.endpoint_ids


def _roles(expansion: Expansion) -> dict[str, object]:
    return dict(expansion.cast.roles)


def _standing_by(world: World, one: Resource) -> object:
    """What decides about a resource: its tags, its policy, and that of the key that seals it."""
    place = world.place(Target(str(one.get("arn")), one), ANYTHING_DONE)
    key = world.key_of(one)[0] if one.type in BUCKETS else None
    sealed = _standing_by(world, key) if isinstance(key, Resource) else key
    return one.get("tags"), place.layers, sealed
