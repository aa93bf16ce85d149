"""A statement taken apart: every caller, action, thing and circumstance that it speaks of, as situations to decide."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from itertools import product

from access.actors import Actor, Cast, let_in, may_do_everything
from access.aims import Scene, lets_everybody_in, lets_nobody_in
from access.document import Document, Effect, Named, Policy, PrincipalEntry
from access.document import Statement as Clause
from access.layers import Layers
from access.question import NOTHING_GIVEN, Given, Question
from access.situation import Situation
from access.statement import ROLE_WORD, SERVICE_WORD, Group, Rule, Statement
from access.vocabulary import together
from access.ways import Approach
from access.world import Place
from core.value import Unknown


@dataclass(frozen=True)
class Cell:
    """One caller, one action, one thing; `situations` are all the ways in which the call can come about.

    There are none where no policy of the caller's speaks of the action and the thing has no policy that could allow it.
    """

    actor: Actor
    action: str
    place: Place
    situations: tuple[Situation, ...] = ()

    @property
    def thing(self) -> str:
        """How people call what it is about."""
        return self.place.target.resource.name if self.place.target.resource else self.place.target.arn


@dataclass(frozen=True)
class Expansion:
    """Takes statements apart over one world."""

    scene: Scene
    cast: Cast

    def cells(self, said: Statement, touches: Callable[[Actor, Place], bool] | None = None) -> Iterator[Cell]:
        """Every part of the statement; a positive one needs each to be possible, any other each to be impossible.

        With `touches` only those of which it is true.
        """
        ways = tuple(self.ways(said))
        for what, actions in said.pairs():
            for action in actions:
                for place in self.scene.places(what, action):
                    for actor in self.actors(said, place):
                        if touches is not None and not touches(actor, place):
                            continue
                        cell = Cell(actor, action.name, place)
                        if not is_hopeless(actor, action.name, place, self.scene.world.account):
                            found = self.situations(cell, ways, with_key=said.is_positive)
                            cell = replace(cell, situations=tuple(found))
                        yield cell

    def ways(self, said: Statement) -> Iterator[Mapping[str, Given]]:
        """Every combination of circumstances that it is about: all that is given, and what is needed missed."""
        facts = self.scene.facts
        parts = [one.met(facts) for one in said.given]
        if said.needs is not None:
            parts.append(said.needs.missed(facts))
        for chosen in product(*parts):
            way: dict[str, Given] = {}
            for keys in chosen:
                for key, given in keys.items():
                    way[key] = together(way.get(key), given)
            yield way

    def actors(self, said: Statement, place: Place) -> Iterator[Actor]:
        """Those whom the statement speaks of, where this is done to that."""
        spared = {actor.name for name in said.but for actor in self.named(name, place)}
        if said.rule is Rule.ONLY:
            spared |= {actor.name for name in said.who for actor in self.named(name, place)}
            meant = (Group.ROLES, Group.OUTSIDERS)
        else:
            meant = said.who
        found = {(one.name, one.caller.arn): one for name in meant for one in self.named(name, place)}
        yield from (actor for actor in found.values() if actor.name not in spared)

    def named(self, name: str, place: Place | None = None) -> tuple[Actor, ...]:
        """Those whom a word of the statement means."""
        policy = place.layers.resource if place else None
        if name.startswith(ROLE_WORD):
            return tuple(one for key, one in self.cast.roles.items() if fnmatchcase(key, name.removeprefix(ROLE_WORD)))
        if name.startswith(SERVICE_WORD):
            return tuple(one for one in let_in(policy) if one.name == name.removeprefix(SERVICE_WORD))
        if name == Group.COMERS:
            return tuple(let_in(policy))
        if name == Group.SERVICES:
            return tuple(one for one in let_in(policy) if not one.caller.has_identity)
        return self.cast.named(name, policy)

    def situations(self, cell: Cell, ways: tuple[Mapping[str, Given], ...], *, with_key: bool) -> Iterator[Situation]:
        """Every way in which the cell's call can come about in these circumstances."""
        for way in ways:
            question = Question((), cell.action, given=way, with_key=with_key)
            approach = Approach(self.scene.world, question, cell.place, cell.actor.side, cell.actor.boundary)
            yield from approach.situations(cell.actor.name)

    def permissive(self, cell: Cell, ways: tuple[Mapping[str, Given], ...]) -> Iterator[Situation]:
        """The same call where every policy allows everything: what is impossible even there, no policy makes so."""
        identity = (may_do_everything("everything"),) if cell.actor.caller.has_identity else ()
        yield from self._under(cell, Layers(identity=identity, resource=lets_everybody_in("everything")), ways)

    def forbidding(self, cell: Cell, ways: tuple[Mapping[str, Given], ...]) -> Iterator[Situation]:
        """The same call where no policy allows anything: what is possible even there, no policy grants."""
        yield from self._under(cell, Layers(resource=lets_nobody_in("nothing")), ways)

    def _under(self, cell: Cell, layers: Layers, ways: tuple[Mapping[str, Given], ...]) -> Iterator[Situation]:
        for one in self.situations(cell, ways or (NOTHING_GIVEN,), with_key=False):
            yield replace(one, calls=(replace(one.calls[0], layers=layers),))


def is_hopeless(actor: Actor, action: str, place: Place, account: str) -> bool:
    """Whether no statement of any policy could allow it, so that neither conditions nor resources need be looked at.

    Within the account a permission comes from an identity policy, or from a statement of the resource's policy that
    names more than the account, which only delegates (S20); from outside it needs one of the resource's policy (S06).
    """
    layers = place.layers
    if layers.grants or layers.acls_enabled is not False or isinstance(layers.resource, Unknown):
        return False
    verb = action.lower()
    allows = _allows(layers.resource, verb) if layers.resource is not None else ()
    if actor.caller.account and actor.caller.account == account == place.account:
        return not any(_allows(policy, verb) for policy in actor.identity) and all(map(_delegates, allows))
    return layers.resource is not None and not allows and place.account == account


def _allows(policy: Policy, verb: str) -> tuple[object, ...]:
    """The statements of a policy that could allow the action; the policy itself where it cannot be read."""
    if not isinstance(policy, Document):
        return (policy,)
    return tuple(
        clause for clause in policy.about(verb) if not isinstance(clause, Clause) or clause.effect is not Effect.DENY
    )


def _delegates(clause: object) -> bool:
    """Whether a statement names accounts alone."""
    if not isinstance(clause, Clause) or clause.principal_negated:
        return False
    return all(isinstance(one, PrincipalEntry) and one.named is Named.ACCOUNT for one in clause.principals or ())
