"""Who a statement speaks of: the roles that the program declares, and those that it must reckon with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from access.caller import Caller, Who
from access.document import Document, Kind, Named, Policy, PrincipalEntry, Statement
from access.glyphs import ANYTHING
from access.graph_identity import ROLE
from access.outsiders import Stranger, strangers
from access.parse import parse_policy
from access.question import Group as Kinds
from access.statement import Group
from access.ways import session
from access.world import World
from core.personas import GUARDED, PERSONAS
from core.resource import Resource

TAKEN_BY, CLEARS = "strongroom:taken-by", "strongroom:clears"
EVERYTHING = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
CALLERS = {Named.ROLE: Who.SESSION, Named.USER: Who.USER}


@dataclass(frozen=True)
class Actor:
    """A principal with its identity side. `assumed` is what is taken for granted about it."""

    name: str
    side: Stranger
    boundary: Policy | None = None
    assumed: str = ""

    @property
    def caller(self) -> Caller:
        """Who asks."""
        return self.side.caller

    @property
    def identity(self) -> tuple[Policy, ...]:
        """Its identity policies."""
        return self.side.identity


def may_do_everything(label: str) -> Policy:
    """The identity policy of somebody whose account, or whose administrator, lets them do all there is."""
    return parse_policy(EVERYTHING, Kind.IDENTITY, label)


@dataclass(frozen=True)
class Cast:
    """Everybody there is to ask about, in one world."""

    world: World
    roles: Mapping[str, Actor]
    taken_by: Mapping[str, str]
    administrator: Actor
    unleashed: tuple[Actor, ...]
    all_unleashed: tuple[Actor, ...]

    def named(self, name: str, policy: Policy | None = None) -> tuple[Actor, ...]:
        """Those whom a persona or a group means; none where nobody here is that persona.

        `policy` is that of the resource which is asked about: it tells strangers apart.
        """
        if name in PERSONAS:
            return (self.roles[name],) if name in self.roles else ()
        if name == Group.ADMINISTRATOR:
            return (self.administrator,)
        if name == Group.UNLEASHED:
            return self.unleashed
        if name == Group.ALL_UNLEASHED:
            return self.all_unleashed
        if name == Group.OUTSIDERS:
            return self._outsiders(policy)
        return tuple(actor for key, actor in self.roles.items() if self._is_of(key, Group(name)))

    def _is_of(self, key: str, group: Group) -> bool:
        taken = self.taken_by[key]
        return {
            Group.ROLES: True,
            Group.PERSONAS: key in PERSONAS,
            Group.PEOPLE: taken == "people",
            Group.PROGRAMS: taken == "program",
            Group.WORKLOADS: not taken,
        }[group]

    def _outsiders(self, policy: Policy | None) -> tuple[Actor, ...]:
        found = strangers(Kinds.OUTSIDE, policy, self.world.inside, self.world.organization)
        inside = f"inside are the accounts {', '.join(sorted(self.world.inside))}"
        assumed = f"{inside}; everybody else's own account lets them do everything"
        return tuple(
            Actor(one.caller.arn.replace(ANYTHING, "*") or "somebody anonymous", one, None, assumed) for one in found
        )


def cast_of(world: World, partition: str) -> Cast:
    """The roles of the Graph, and those beside it. A role is called by its persona where it is one's."""
    roles = {_persona(role) or role.name: role for role in world.graph.of_type(ROLE)}
    acting = {name: _actor(world, role, name) for name, role in roles.items()}
    administrator = Caller(Who.SESSION, f"arn:{partition}:iam::{world.account}:role/undeclared-administrator")
    return Cast(
        world,
        acting,
        {name: _tag(role, TAKEN_BY) for name, role in roles.items()},
        Actor(
            str(Group.ADMINISTRATOR),
            Stranger(administrator, (may_do_everything("an administrator's own policies"),)),
            assumed="some role of the account that this program does not declare may do everything",
        ),
        tuple(_unleashed(acting, roles)),
        tuple(_freed(name, actor) for name, actor in acting.items()),
    )


def _unleashed(acting: Mapping[str, Actor], roles: Mapping[str, Resource]) -> Iterator[Actor]:
    """A role of people under each boundary, cleared for nothing, as if somebody had granted it everything."""
    seen: set[str] = set()
    for name, role in roles.items():
        limit = acting[name].boundary
        label = limit.label if isinstance(limit, Document) else ""
        uncleared = _tag(role, TAKEN_BY) == "people" and not _tag(role, CLEARS)
        if uncleared and name not in GUARDED and label not in seen:
            seen.add(label)
            yield _freed(name, acting[name])


def _freed(name: str, actor: Actor) -> Actor:
    """The role as if somebody had granted it everything: its boundary is what is left."""
    side = replace(actor.side, identity=(may_do_everything("a grant of everything"),))
    return Actor(
        f"{name}, granted everything", side, actor.boundary, "a role may have been granted everything by mistake"
    )


def _actor(world: World, role: Resource, name: str) -> Actor:
    """A session of a role of the Graph, with no session policy."""
    return Actor(name, *session(world, role.name))


def _tag(role: Resource, key: str) -> str:
    tags = role.get("tags")
    return str(tags.get(key, "")) if isinstance(tags, Mapping) else ""


def _persona(role: Resource) -> str:
    """The persona whose role it is: only roles that somebody from outside takes are any."""
    if not _tag(role, TAKEN_BY):
        return ""
    return next((word for word in PERSONAS if role.name.endswith((f"-{word}-role", f"-{word}"))), "")


def let_in(policy: Policy | None) -> Iterator[Actor]:
    """The principals that a resource's policy names one by one, each with all that its own side could allow."""
    statements = policy.statements if isinstance(policy, Document) else ()
    seen: set[str] = set()
    for statement in statements:
        for entry in (statement.principals or ()) if isinstance(statement, Statement) else ():
            if isinstance(entry, PrincipalEntry) and entry.text not in seen and (actor := _let_in(entry)):
                seen.add(entry.text)
                yield actor


def _let_in(entry: PrincipalEntry) -> Actor | None:
    if entry.named in CALLERS:
        mine = (may_do_everything("the policies of whoever is let in"),)
        assumed = f"{entry.text} is allowed everything by its own account"
        return Actor(entry.text, Stranger(Caller(CALLERS[entry.named], entry.text), mine), None, assumed)
    if entry.named is Named.SERVICE:
        return Actor(entry.text, Stranger(Caller(Who.SERVICE, entry.text)))
    if entry.named is Named.FEDERATED:
        return Actor(entry.text, Stranger(Caller(Who.PROVIDER, entry.text)))
    return None
