"""A question taken apart into situations: each caller, each resource, each way in which the call may come."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from access.caller import Value
from access.document import Policy
from access.free import FreeRequest
from access.glyphs import ANYTHING
from access.graph_resources import BUCKETS, TAG, Target, keys_of
from access.outsiders import Stranger, strangers
from access.question import Given, Group, Presence, Question
from access.request import FreeKey
from access.sealed import CONTEXT, key_request
from access.situation import SOURCE_IP, Call, Situation
from access.witness import PRINCIPAL_TAG
from access.world import VPC, VPCE, Place, World
from core.resource import Resource
from core.value import Unknown

NOT_SHARED = frozenset({VPCE, VPC, SOURCE_IP, "aws:vpcsourceip", "aws:requestedregion"})
"""Keys that the call of KMS has for itself: S3 makes it (S56)."""
OF_KMS = "kms|"
OPEN = Unknown("open")
"""What an assumption comes to that leaves more than one value."""


def situations(world: World, question: Question) -> Iterator[Situation]:
    """Every way in which what is asked could come about. Raises RequestError for what the Graph does not know."""
    for text in question.resources:
        for target in world.targets(text):
            for who in question.callers:
                place = world.place(target, question.action)
                for stranger, boundary in _callers(world, who, place.layers.resource):
                    yield from Approach(world, question, place, stranger, boundary).situations(str(who))


def _callers(world: World, who: str | Group, policy: Policy | None) -> Iterator[tuple[Stranger, Policy | None]]:
    if isinstance(who, Group):
        yield from ((one, None) for one in strangers(who, policy, world.inside, world.organization))
        return
    yield session(world, who)


def session(world: World, name: str) -> tuple[Stranger, Policy | None]:
    """A session of a role, with whatever tags it may bring along, and the role's boundary."""
    side = world.side(name)
    free = {f"{PRINCIPAL_TAG}{tag}": FreeKey(f"{PRINCIPAL_TAG}{tag}") for tag in side.brought}
    held = {f"{PRINCIPAL_TAG}{tag.lower()}" for tag in side.caller.tags}
    given = {key: Given(Presence.PRESENT) for key in free if key in held}
    return Stranger(side.caller, side.identity, free, given), side.boundary


@dataclass(frozen=True)
class Approach:
    """One caller, under this boundary, before one thing."""

    world: World
    question: Question
    place: Place
    stranger: Stranger
    boundary: Policy | None

    @property
    def target(self) -> Target:
        """What is asked about."""
        return self.place.target

    def situations(self, name: str) -> Iterator[Situation]:
        """Through the endpoint of the service, where there is one, and through none of ours."""
        endpoint = self.world.endpoint_of(self.question.action)
        for through in (endpoint, None) if endpoint else (None,):
            asked = {key.lower(): held for key, held in self.question.given.items()}
            given = {**self.stranger.given, **asked, **(self._elsewhere(asked) if through is None else {})}
            context = self._context(given, through)
            if context is not None:
                calls, doubt = self._calls(context, through)
                named = through.name if through else ""
                yield Situation(calls, given, self.stranger.regions, name, self.target.arn, named, doubt)

    def _elsewhere(self, given: Mapping[str, Given]) -> dict[str, Given]:
        """Whoever comes through no endpoint of ours comes through none of our networks either."""
        held = {VPCE: self.world.endpoint_ids, VPC: self.world.networks}
        return {
            key: replace(given.get(key, Given()), outside=(*given.get(key, Given()).outside, *values))
            for key, values in held.items()
            if values
        }

    def _context(self, given: Mapping[str, Given], through: Resource | None) -> dict[str, Value] | None:
        """The keys that are settled; None where what is given excludes this endpoint."""
        carried: dict[str, Value] = {VPCE: through.get("id"), VPC: through.get("vpcId")} if through else {}
        fixed = {key: value for key, held in given.items() if (value := _single(held)) is not OPEN}
        if any(key in fixed and fixed[key] != value for key, value in carried.items()):
            return None
        if through and fixed.get(SOURCE_IP) is not None:
            return None
        own = {*self.stranger.caller.keys(), *self.stranger.free}
        return {key: value for key, value in {**carried, **fixed}.items() if key not in own}

    def _calls(self, context: Mapping[str, Value], through: Resource | None) -> tuple[tuple[Call, ...], str]:
        """The calls that it takes, and what is not known of them."""
        first = self._call(self.question.action, self.place, context, through, "")
        shared = {key: value for key, value in context.items() if key not in {VPCE, VPC}}
        also: list[Call] = [
            self._call(action, self._at(resource, action), shared, None, f"call {number}|")
            for number, (action, resource) in enumerate(self.question.also, 1)
        ]
        sealed, doubt = self._sealed(first) if self.question.with_key else (None, "")
        calls = [first, *also]
        if sealed is not None:
            calls.append(sealed)
        return tuple(calls), doubt

    def _at(self, resource: str, action: str) -> Place:
        return self.world.place(self.world.targets(resource)[0], action)

    def _call(
        self, action: str, place: Place, context: Mapping[str, Value], through: Resource | None, scope: str
    ) -> Call:
        target = place.target
        tagged = target.resource is not None and target.resource.type not in BUCKETS
        request = FreeRequest(
            self.stranger.caller,
            action,
            target.arn,
            place.account,
            {**keys_of(self.world.graph, target, action), **context},
            complete=(PRINCIPAL_TAG, TAG) if tagged else (PRINCIPAL_TAG,),
            scope=scope,
            derived=self.stranger.free,
        )
        layers = replace(place.layers, identity=self.stranger.identity, boundary=self.boundary, scps=self.world.scps)
        if through is not None:
            policy, at_gateway = self.world.carried(through)
            layers = replace(layers, endpoint=policy, at_gateway=at_gateway)
        return Call(request, layers)

    def _sealed(self, first: Call) -> tuple[Call | None, str]:
        """The call of KMS that S3 makes with the caller's credentials (S68), and what is not known of it."""
        bucket = self.target.resource
        if bucket is None or bucket.type not in BUCKETS:
            return None, ""
        key, wide = self.world.key_of(bucket)
        if isinstance(key, Unknown):
            return None, f"what the key of {bucket.name} allows ({key.source})"
        if key is None:
            return None, ""
        region, whole = self.world.region, wide is True
        plain = key_request(first.request, self.target, key, bucket_key=whole, region=region)
        if plain is None:
            return None, ""
        context = {name: value for name, value in plain.context.items() if name not in NOT_SHARED}
        named = context.pop(CONTEXT, None)
        derived = dict(self.stranger.free)
        if isinstance(named, str) and ANYTHING in named:
            last = len(first.request.parts) - 1
            text = first.request.parts[last]
            derived[CONTEXT] = FreeKey(f"{last}:{text}", named.removesuffix(text))
        elif not isinstance(wide, Unknown):
            context[CONTEXT] = named
        [target] = self.world.targets(plain.resource)
        call = self._call(plain.action, self.world.place(target, plain.action), context, None, OF_KMS)
        doubt = f"whether a bucket key seals {bucket.name} ({wide.source})" if isinstance(wide, Unknown) else ""
        return replace(call, request=replace(call.request, own=NOT_SHARED, derived=derived)), doubt


def _single(given: Given) -> Value:
    """The value that an assumption comes to, where it comes to one."""
    if given.presence is Presence.ABSENT:
        return None
    held = given.among or ()
    one = len(held) == 1 and given.presence is Presence.PRESENT and not given.outside
    return held[0] if one and set("*?").isdisjoint(held[0]) else OPEN
