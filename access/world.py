"""A Graph as the prover needs it: every policy parsed once, and each question taken apart into situations."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from access.caller import Caller, Value
from access.document import Policy
from access.faults import RequestError
from access.free import FreeRequest
from access.glyphs import ANYTHING
from access.graph_identity import boundary_of, caller_of, identity_of, role_named
from access.graph_resources import (
    BUCKETS,
    ENDPOINT,
    TAG,
    Target,
    endpoint_for,
    endpoint_policy,
    resource_layers,
    tags_of,
    target_of,
)
from access.layers import Layers, Levels
from access.outsiders import Stranger, strangers
from access.question import Given, Group, Presence, Question
from access.request import FreeKey, Request
from access.sealed import CONTEXT, key_of, key_request
from access.situation import Call, Situation
from access.wildcard import pattern
from core.graph import Graph
from core.resource import Resource
from core.value import Unknown

PRINCIPAL_TAG = "aws:principaltag/"
VPCE, VPC = "aws:sourcevpce", "aws:sourcevpc"
NOT_SHARED = frozenset({VPCE, VPC, "aws:sourceip", "aws:vpcsourceip", "aws:requestedregion"})
"""Keys that the call of KMS has for itself: S3 makes it (S56)."""


@dataclass(frozen=True)
class World:
    """A Graph with symbols for its ARNs, where it stands, and the policies of the organisation above it.

    `scps` and `rcps` go level by level, root first. `accounts` are all accounts that count as inside.
    """

    graph: Graph
    account: str
    region: str
    organization: str = ""
    accounts: frozenset[str] = frozenset()
    scps: Levels = ()
    rcps: Levels = ()
    _sides: dict[str, tuple[Caller, tuple[Policy, ...], Policy | None]] = field(default_factory=dict, compare=False)
    _places: dict[str, tuple[Target, Layers]] = field(default_factory=dict, compare=False)
    _meant: dict[str, tuple[Target, ...]] = field(default_factory=dict, compare=False)
    _sealed_by: dict[str, tuple[Resource | Unknown | None, bool | Unknown]] = field(default_factory=dict, compare=False)
    _ways_in: dict[str, Resource | None] = field(default_factory=dict, compare=False)
    _carried: dict[str, tuple[Policy | None, bool]] = field(default_factory=dict, compare=False)

    @cached_property
    def inside(self) -> frozenset[str]:
        """The accounts that are ours."""
        return self.accounts | {self.account}

    @cached_property
    def endpoint_ids(self) -> tuple[str, ...]:
        """The ids of the VPC endpoints of the Graph."""
        return tuple(value for one in self.graph.of_type(ENDPOINT) if isinstance(value := one.get("id"), str))

    @cached_property
    def assumptions(self) -> tuple[str, ...]:
        """What every answer rests on."""
        return (
            "what the Graph declares is all there is in the account",
            "sessions bring no tags of their own",
            "a call that comes through no endpoint of the Graph comes from outside its networks",
            *(() if self.scps else ("no service control policy applies",)),
            *(() if self.rcps else ("no resource control policy applies",)),
        )

    def situations(self, question: Question) -> Iterator[Situation]:
        """Every way in which what is asked could come about. Raises RequestError for what the Graph does not know."""
        for text in question.resources:
            for target in self.targets(text):
                layers = self._place(target, question.action)
                for who in question.callers:
                    for stranger, boundary, name in self._callers(who, layers):
                        yield from self._ways(question, target, (stranger, boundary), name)

    def _callers(self, who: str | Group, layers: Layers) -> Iterator[tuple[Stranger, Policy | None, str]]:
        if isinstance(who, Group):
            for stranger in strangers(who, layers.resource, self.inside, self.organization):
                yield stranger, None, str(who)
            return
        caller, identity, boundary = self._side(who)
        yield Stranger(caller, identity), boundary, who

    def _side(self, name: str) -> tuple[Caller, tuple[Policy, ...], Policy | None]:
        """Caller, identity policies and boundary of a role; parsed once."""
        if name not in self._sides:
            role = role_named(self.graph, name)
            caller = replace(caller_of(role), organization=self.organization or None)
            self._sides[name] = (caller, identity_of(self.graph, role), boundary_of(self.graph, role))
        return self._sides[name]

    def targets(self, text: str) -> tuple[Target, ...]:
        """The resources that a text means: each bearer of an ARN that covers several, else the one that it names.

        Raises RequestError for a text that means none.
        """
        if text not in self._meant:
            found = target_of(self.graph, text)
            self._meant[text] = (self._covered(text) if found.resource is None else ()) or (found,)
        return self._meant[text]

    def _covered(self, text: str) -> tuple[Target, ...]:
        """The targets of the Graph whose ARNs an ARN with wildcards may cover."""
        if "*" not in text or not text.startswith("arn:"):
            return ()
        head, slash, below = text.partition("/")
        found = []
        for one in self.graph.resources:
            arn = one.get("arn")
            if (
                isinstance(arn, str)
                and one.type.startswith("aws:")
                and _covers(head if one.type in BUCKETS else text, arn)
            ):
                rest = f"/{below.replace('*', ANYTHING)}" if slash and one.type in BUCKETS else ""
                found.append(Target(arn + rest, one))
        return tuple(found)

    def _place(self, target: Target, action: str) -> Layers:
        """What stands by a resource; parsed once."""
        key = target.resource.urn if target.resource else f"{action} {target.arn}"
        if key not in self._places:
            self._places[key] = (target, replace(resource_layers(self.graph, target, action), rcps=self.rcps))
        return self._places[key][1]

    def _ways(
        self, question: Question, target: Target, who: tuple[Stranger, Policy | None], name: str
    ) -> Iterator[Situation]:
        """Through the endpoint of the service, where there is one, and through none of ours."""
        endpoint = self._endpoint_of(question.action)
        for through in (endpoint, None) if endpoint else (None,):
            given = {key.lower(): held for key, held in question.given.items()}
            given |= self._elsewhere(given) if through is None else {}
            calls = self._calls(question, target, who, through, given)
            if calls:
                given = {**who[0].given, **given}
                named = through.name if through else ""
                yield Situation(calls, given, who[0].regions, name, target.arn, named)

    def _endpoint_of(self, action: str) -> Resource | None:
        if action not in self._ways_in:
            self._ways_in[action] = endpoint_for(self.graph, action)
        return self._ways_in[action]

    def _elsewhere(self, given: Mapping[str, Given]) -> dict[str, Given]:
        """Whoever comes through no endpoint of ours comes through none of our networks either."""
        networks = {value for one in self.graph.of_type(ENDPOINT) if isinstance(value := one.get("vpcId"), str)}
        ours = {VPCE: self.endpoint_ids, VPC: tuple(sorted(networks))}
        return {
            key: replace(given.get(key, Given()), outside=(*given.get(key, Given()).outside, *values))
            for key, values in ours.items()
            if values
        }

    def _calls(
        self,
        question: Question,
        target: Target,
        who: tuple[Stranger, Policy | None],
        through: Resource | None,
        given: Mapping[str, Given],
    ) -> tuple[Call, ...]:
        """The calls of one way; none where it contradicts what is given."""
        carried: dict[str, Value] = {VPCE: through.get("id"), VPC: through.get("vpcId")} if through else {}
        fixed: dict[str, Value] = {key: value for key, held in given.items() if (value := _single(held)) is not _FREE}
        if any(key in fixed and fixed[key] != value for key, value in carried.items()):
            return ()
        own = who[0].caller.keys()
        context = {key: value for key, value in {**carried, **fixed}.items() if key not in own}
        try:
            first = self._call(question.action, target, who, context, through, "")
        except RequestError:
            return ()
        found = [first, *(self._also(question, who, context))]
        if question.with_key and (sealed := self._sealed(first, target, who)):
            found.append(sealed)
        return tuple(found)

    def _call(
        self,
        action: str,
        target: Target,
        who: tuple[Stranger, Policy | None],
        context: Mapping[str, Value],
        through: Resource | None,
        scope: str,
    ) -> Call:
        stranger, boundary = who
        account = self.account if target.resource is not None else None
        known = target.resource is not None and target.resource.type not in BUCKETS
        request = FreeRequest(
            stranger.caller,
            action,
            target.arn,
            account,
            {**tags_of(target), **context},
            complete=(PRINCIPAL_TAG, TAG) if known else (PRINCIPAL_TAG,),
            scope=scope,
            derived=stranger.free,
        )
        layers = replace(self._place(target, action), identity=stranger.identity, boundary=boundary, scps=self.scps)
        if through is not None:
            policy, at_gateway = self._endpoint(through)
            layers = replace(layers, endpoint=policy, at_gateway=at_gateway)
        return Call(request, layers)

    def _endpoint(self, through: Resource) -> tuple[Policy | None, bool]:
        if through.urn not in self._carried:
            self._carried[through.urn] = endpoint_policy(self.graph, through)
        return self._carried[through.urn]

    def _also(
        self, question: Question, who: tuple[Stranger, Policy | None], context: Mapping[str, Value]
    ) -> Iterator[Call]:
        for number, (action, resource) in enumerate(question.also, 1):
            shared = {key: value for key, value in context.items() if key not in {VPCE, VPC}}
            yield self._call(action, self.targets(resource)[0], who, shared, None, f"call {number}|")

    def _sealed(self, first: Call, target: Target, who: tuple[Stranger, Policy | None]) -> Call | None:
        """The call of KMS that S3 makes with the caller's credentials (S68); None where it makes none."""
        if target.resource is None or target.resource.type not in BUCKETS:
            return None
        key, wide = self._key(target.resource)
        if not isinstance(key, Resource):
            return None
        plain = key_request(first.request, target, key, bucket_key=wide is True, region=self.region)
        if plain is None:
            return None
        return self._of_key(plain, first.request, self.targets(plain.resource)[0], who)

    def _key(self, bucket: Resource) -> tuple[Resource | Unknown | None, bool | Unknown]:
        if bucket.urn not in self._sealed_by:
            self._sealed_by[bucket.urn] = key_of(self.graph, bucket)
        return self._sealed_by[bucket.urn]

    def _of_key(self, plain: Request, first: FreeRequest, key: Target, who: tuple[Stranger, Policy | None]) -> Call:
        scope = "kms|"
        context = {name: value for name, value in plain.context.items() if name not in NOT_SHARED}
        derived = dict(who[0].free)
        named = context.pop(CONTEXT, None)
        if isinstance(named, str) and ANYTHING in named:
            last = len(first.parts) - 1
            text = first.parts[last]
            derived[CONTEXT] = FreeKey(f"{last}:{text}", named.removesuffix(text))
        elif named is not None:
            context[CONTEXT] = named
        call = self._call(plain.action, key, who, context, None, scope)
        return replace(call, request=replace(call.request, own=NOT_SHARED, derived=derived))


_FREE = Unknown("free")


def _single(given: Given) -> Value:
    """The value that an assumption comes to, where it comes to one."""
    if given.presence is Presence.ABSENT:
        return None
    held = given.among or ()
    one = len(held) == 1 and given.presence is Presence.PRESENT and not given.outside
    return held[0] if one and set("*?").isdisjoint(held[0]) else _FREE


def _covers(shape: str, arn: str) -> bool:
    return pattern(shape, variables=False).matches(arn, lambda _key: None) is not False


def world_of(
    graph: Graph, *, account: str, region: str, organization: str = "", scps: Levels = (), rcps: Levels = ()
) -> World:
    """The world of a Graph whose ARNs are known or hold symbols (`access.symbols`, `access.named`)."""
    return World(graph, account, region, organization, frozenset(), scps, rcps)
