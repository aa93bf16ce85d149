"""One method tried by those who are reached: what it may aim at, and whether each of its calls can be made."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from access.ability import Abilities
from access.bindings import OF_KIND, arns_of_action, arns_on, kind_aimed_at, narrowed, policies_of, providers_of
from access.caller import Value
from access.glyphs import ANYTHING
from access.graph_identity import GROUP, ROLE, USER, groups_of
from access.methods import Call, Gives, Method, Way
from access.principals import Principal
from access.request import Request
from access.running import KINDS, arn_below, arn_of_running, running_as
from access.truth import Maybe, Truth
from core.resource import Resource

RIGHTS = "rights of its own choosing"
BOUNDS_NOTHING = {"iam:permissionsboundary": "arn:aws:iam::aws:policy/AdministratorAccess"}
FIXED: Mapping[str, Mapping[str, Value]] = MappingProxyType(
    {
        "kms:CreateGrant": {"kms:grantisforawsresource": "false"},
        "iam:PutRolePermissionsBoundary": BOUNDS_NOTHING,
        "iam:PutUserPermissionsBoundary": BOUNDS_NOTHING,
    }
)
"""What a call must hold to give what a method says: a grant to oneself (S63), a boundary that bounds nothing."""
ON_ANY_PLACE = frozenset({"", "compute", "new-role", "new-user"})


@dataclass(frozen=True, slots=True)
class Done:
    """A call that somebody can make; the request shows it where it is sure, else `doubts` say what it hangs on."""

    actor: str
    action: str
    arn: str
    request: Request | None
    doubts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Target:
    """What a method aims at: its name, the resource that is meant, the principal that one becomes.

    `arns` are those of what runs as it already; `doubts` say what the target hangs on before any call is made. What the
    calls are on belongs to `holder`, who must have been reached for it.
    """

    name: str
    aim: Resource | None = None
    principal: Principal | None = None
    arns: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()
    fixed: tuple[tuple[str, Value], ...] = ()
    holder: Principal | None = None


@dataclass(frozen=True)
class Attempt:
    """The principals that are reached, trying a method; with `sure` nothing that is open counts."""

    abilities: Abilities
    reached: tuple[Principal, ...]
    sure: bool

    def way(self, method: Method, way: Way, target: Target) -> tuple[Done, ...] | None:
        """The calls of one way, each made by somebody; None where one of them cannot be made."""
        made: list[Done] = []
        for group in way:
            found = next((done for who in self.reached if (done := self._all(method, group, target, who))), None)
            if found is None:
                return None
            made += found
        return tuple(made)

    def _all(
        self, method: Method, group: tuple[tuple[Call, ...], ...], target: Target, who: Principal
    ) -> list[Done] | None:
        """The calls of a group, made by one principal, those that are sure first."""
        made: list[Done] = []
        for alternatives in group:
            tried = [done for call in alternatives if (done := self._call(method, call, target, who))]
            if not tried:
                return None
            made.append(next((one for one in tried if not one.doubts), tried[0]))
        return made

    def _call(self, method: Method, call: Call, target: Target, who: Principal) -> Done | None:
        fixed: dict[str, Value] = dict(target.fixed)
        fixed |= FIXED.get(call.action, {})
        if call.action == "iam:PassRole":
            fixed["iam:passedtoservice"] = method.service
        if call.action.startswith("kms:"):
            fixed["kms:viaservice"] = None
        places = self._places(call, target)
        if call.on not in ON_ANY_PLACE:
            return self._any(who, call.action, places, fixed)
        every = [self._any(who, call.action, tuple(narrowed(who, call.action, arn)), fixed) for arn in places]
        made = [one for one in every if one is not None]
        if not made or len(made) < len(every):
            return None
        return next((one for one in made if one.doubts), made[0])

    def _any(self, who: Principal, action: str, arns: tuple[str, ...], fixed: Mapping[str, Value]) -> Done | None:
        """The call on any one of these."""
        open_: Done | None = None
        for arn in arns:
            reply = self.abilities.can(who, action, arn, fixed)
            if reply.truth is True:
                return Done(who.name, action, arn, reply.request)
            if isinstance(reply.truth, Maybe) and open_ is None:
                open_ = Done(who.name, action, arn, None, reply.truth.reasons)
        return None if self.sure else open_

    def _places(self, call: Call, target: Target) -> tuple[str, ...]:
        """The ARNs that a call may be on; for what is on any place at all, one for each type that it needs."""
        held = self.abilities
        account, region = held.account, held.region
        if call.on == "compute":
            return target.arns
        if call.on in {"new-role", "new-user"}:
            return (f"arn:{held.partition}:iam::{account}:{call.on.removeprefix('new-')}/{ANYTHING}",)
        if not call.on:
            return tuple(arns_of_action(held.metadata, call.action, account, region))
        if call.on.startswith("own-"):
            return tuple(self._own(call.on, target))
        if target.aim is not None and kind_aimed_at(call.on) and target.aim.type in OF_KIND[kind_aimed_at(call.on)]:
            return tuple(arns_on(held, call.on, target.aim))
        kinds = OF_KIND.get(kind_aimed_at(call.on), ())
        found = tuple(arn for one in held.graph.of_type(*kinds) for arn in arns_on(held, call.on, one))
        return found or tuple(arns_of_action(held.metadata, call.action, account, region))

    def _own(self, on: str, target: Target) -> Iterator[str]:
        """What belongs to the one who was reached."""
        graph, who = self.abilities.graph, target.holder
        if who is None:
            return
        groups = () if who.is_role else groups_of(graph, who.resource)
        if on == "own-policy":
            yield from (arn for one in (who.resource, *groups) for arn in policies_of(self.abilities, one))
        elif on == "own-group":
            yield from (str(one.get("arn")) for one in groups)
        elif on == ("own-role" if who.is_role else "own-user"):
            yield who.caller.arn


def targets(attempt: Attempt, method: Method) -> Iterator[Target]:
    """Everything that the method may aim at in this Graph."""
    graph, reached = attempt.abilities.graph, attempt.reached
    ways = {
        Gives.ROLE: lambda: _roles(attempt, method),
        Gives.USER: lambda: (_becoming(attempt, one) for one in graph.of_type(USER)),
        Gives.GROUP: lambda: _groups(attempt),
        Gives.UNBOUNDED: lambda: _unbounded(reached, method),
        Gives.RETAGGED: lambda: _retagged(attempt, method),
        Gives.RIGHTS: lambda: _rights(attempt, method),
        Gives.RESOURCE: lambda: _resources(attempt, method),
        Gives.GOAL: lambda: iter((Target(method.what or method.title),)),
    }
    return ways[method.gives]()


def _becoming(attempt: Attempt, one: Resource, *, arns: tuple[str, ...] = (), doubts: tuple[str, ...] = ()) -> Target:
    return Target(one.name, one, attempt.abilities.principal(one), arns, doubts)


def _roles(attempt: Attempt, method: Method) -> Iterator[Target]:
    for role in attempt.abilities.graph.of_type(ROLE):
        if method.runs_as:
            yield from _running(attempt, method, role)
        elif method.open_trust:
            arn = str(role.get("arn"))
            if any(attempt.abilities.any_token_takes(arn, one) for one in providers_of(attempt.abilities, role)):
                yield _becoming(attempt, role)
        elif not method.service:
            yield _becoming(attempt, role)
        elif (doubts := _doubts(attempt, role, method.service)) is not None:
            yield _becoming(attempt, role, doubts=doubts)


def _doubts(attempt: Attempt, role: Resource, service: str) -> tuple[str, ...] | None:
    """What the trust of the role in the service hangs on; None where it has none, or where only what is sure counts."""
    truth: Truth = attempt.abilities.service_takes(str(role.get("arn")), service).truth
    if truth is True:
        return ()
    return truth.reasons if isinstance(truth, Maybe) and not attempt.sure else None


def _running(attempt: Attempt, method: Method, role: Resource) -> Iterator[Target]:
    """The role by what runs as it; where nothing here does, by what may run as it elsewhere."""
    held, kind = attempt.abilities, method.runs_as
    there = [(one, sure) for one, sure in running_as(held.graph, kind, role) if sure or not attempt.sure]
    for one, sure in there:
        doubts = () if sure else (f"which role {one.name} has",)
        yield _becoming(attempt, role, arns=(arn_of_running(one, kind, held.account, held.region),), doubts=doubts)
    about = KINDS[kind]
    if not there and not attempt.sure and (doubts := _doubts(attempt, role, about.principal)) is not None:
        arn = arn_below(kind, held.account, held.region)
        unseen = f"whether anything runs as it: no {kind} of this graph does"
        yield _becoming(attempt, role, arns=(arn,), doubts=(unseen, *doubts))


def _fullest(reached: tuple[Principal, ...]) -> Iterator[Principal]:
    """Each role and user with the most that it has got so far: what is added is added to that, so the ways stay few."""
    return iter({who.resource.urn: who for who in sorted(reached, key=lambda one: len(one.extra))}.values())


def _groups(attempt: Attempt) -> Iterator[Target]:
    graph = attempt.abilities.graph
    for group in graph.of_type(GROUP):
        for who in _fullest(attempt.reached):
            if not who.is_role and not who.is_in(group) and group not in groups_of(graph, who.resource):
                new = who.joined(graph, group)
                yield Target(new.name, group, new, holder=who)


def _unbounded(reached: tuple[Principal, ...], method: Method) -> Iterator[Target]:
    for_role = any(call.on == "own-role" for call in method.calls)
    for who in _fullest(reached):
        if who.boundary is not None and who.is_role == for_role:
            new = who.unbounded()
            yield Target(new.name, who.resource, new, holder=who)


def _retagged(attempt: Attempt, method: Method) -> Iterator[Target]:
    """Each reached principal with a tag of its own choosing, for the tags that policies speak of (S58)."""
    for who in _fullest(attempt.reached):
        for key in attempt.abilities.tags_spoken_of(who):
            if key not in who.chosen and any(
                call.on == ("own-role" if who.is_role else "own-user") for call in method.calls
            ):
                new = who.tagged(key)
                fixed: tuple[tuple[str, Value], ...] = (("aws:tagkeys", (key,)),)
                yield Target(new.name, who.resource, new, fixed=fixed, holder=who)


def _rights(attempt: Attempt, method: Method) -> Iterator[Target]:
    """Rights of one's own choosing, through each role or user that the calls may be on."""
    kinds = {kind_aimed_at(call.on) for call in method.calls} - {""}
    aimed = attempt.abilities.graph.of_type(*(token for kind in kinds for token in OF_KIND[kind]))
    if any(call.on.startswith("own-") for call in method.calls):
        yield from (Target(RIGHTS, holder=who) for who in attempt.reached)
    elif not kinds:
        yield Target(RIGHTS)
    yield from (Target(RIGHTS, one) for one in aimed)


def _resources(attempt: Attempt, method: Method) -> Iterator[Target]:
    kinds = {kind_aimed_at(call.on) for call in method.calls} - {""}
    for one in attempt.abilities.graph.of_type(*(token for kind in sorted(kinds) for token in OF_KIND[kind])):
        yield Target(f"{method.what} ({one.name})", one)
