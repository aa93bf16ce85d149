"""A Graph as the prover needs it: every policy parsed once, and every resource found once."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property

from access.caller import Caller
from access.document import Policy
from access.glyphs import ANYTHING
from access.graph_identity import ROLE, boundary_of, caller_of, identity_of, role_named
from access.graph_resources import BUCKETS, ENDPOINT, Target, endpoint_for, endpoint_policy, resource_layers, target_of
from access.layers import Layers, Levels
from access.sealed import key_of
from access.session_tags import ACTION, may_bring, tags_spoken_of
from access.wildcard import pattern
from core.graph import Graph
from core.resource import Resource
from core.value import Unknown

VPCE, VPC = "aws:sourcevpce", "aws:sourcevpc"
Sealing = tuple[Resource | Unknown | None, bool | Unknown]
"""The key of a bucket, and whether it seals through a bucket key."""


@dataclass(frozen=True)
class Side:
    """The caller's own side; `brought` are the tags that a session of it may bring along (S58)."""

    caller: Caller
    identity: tuple[Policy, ...]
    boundary: Policy | None
    brought: tuple[str, ...]


@dataclass
class Found:
    """What was looked up in the Graph so far."""

    sides: dict[str, Side] = field(default_factory=dict)
    places: dict[str, Place] = field(default_factory=dict)
    targets: dict[str, tuple[Target, ...]] = field(default_factory=dict)
    sealings: dict[str, Sealing] = field(default_factory=dict)
    endpoints: dict[str, Resource | None] = field(default_factory=dict)
    carried: dict[str, tuple[Policy | None, bool]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Place:
    """One thing that is asked about, what stands by it, and whose it is where its ARN does not say."""

    target: Target
    layers: Layers
    account: str | None = None


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
    found: Found = field(default_factory=Found, compare=False, repr=False)

    @cached_property
    def inside(self) -> frozenset[str]:
        """The accounts that are ours."""
        return self.accounts | {self.account}

    @cached_property
    def endpoint_ids(self) -> tuple[str, ...]:
        """The ids of the VPC endpoints of the Graph."""
        return self._of_endpoints("id")

    @cached_property
    def networks(self) -> tuple[str, ...]:
        """The ids of the networks that they belong to."""
        return self._of_endpoints("vpcId")

    def _of_endpoints(self, name: str) -> tuple[str, ...]:
        values = (one.get(name) for one in self.graph.of_type(ENDPOINT))
        return tuple(sorted({value for value in values if isinstance(value, str)}))

    @cached_property
    def assumptions(self) -> tuple[str, ...]:
        """What every answer rests on."""
        return (
            "what the Graph declares is all there is in the account",
            "sessions carry no session policy",
            "a call that comes through no endpoint of the Graph comes from outside its networks",
            *(() if self.scps else ("no service control policy applies",)),
            *(() if self.rcps else ("no resource control policy applies",)),
        )

    @cached_property
    def _tags(self) -> tuple[str, ...]:
        return tuple(sorted(tags_spoken_of(self.graph)))

    def side(self, name: str) -> Side:
        """The side of a role or user. Raises RequestError for one that the Graph does not know."""
        if name not in self.found.sides:
            role = role_named(self.graph, name)
            caller = replace(caller_of(role), organization=self.organization or None)
            trust = resource_layers(self.graph, Target(caller.arn, role), ACTION).resource
            brought = tuple(tag for tag in self._tags if role.type == ROLE and may_bring(trust, tag))
            boundary = boundary_of(self.graph, role)
            self.found.sides[name] = Side(caller, identity_of(self.graph, role), boundary, brought)
        return self.found.sides[name]

    def targets(self, text: str) -> tuple[Target, ...]:
        """The resources that a text means: each bearer of an ARN that covers several, else the one that it names.

        Raises RequestError for a text that means none.
        """
        if text not in self.found.targets:
            one = target_of(self.graph, text)
            self.found.targets[text] = (self._covered(text) if one.resource is None else ()) or (one,)
        return self.found.targets[text]

    def _covered(self, text: str) -> tuple[Target, ...]:
        """The targets of the Graph whose ARNs an ARN with wildcards may cover."""
        if "*" not in text or not text.startswith("arn:"):
            return ()
        head, slash, below = text.partition("/")
        found = []
        for one in self.graph.resources:
            arn = one.get("arn")
            in_bucket = one.type in BUCKETS
            if isinstance(arn, str) and one.type.startswith("aws:") and _covers(head if in_bucket else text, arn):
                rest = f"/{below.replace('*', ANYTHING)}" if slash and in_bucket else ""
                found.append(Target(arn + rest, one))
        return tuple(found)

    def place(self, target: Target, action: str) -> Place:
        """A target with what stands by it for this action."""
        key = f"{target.resource.urn if target.resource else action} {target.arn}"
        if key not in self.found.places:
            layers = replace(resource_layers(self.graph, target, action), rcps=self.rcps)
            self.found.places[key] = Place(target, layers, self.account if target.resource is not None else None)
        return self.found.places[key]

    def endpoint_of(self, action: str) -> Resource | None:
        """The VPC endpoint of the Graph that carries the action, where there is just one."""
        if action not in self.found.endpoints:
            self.found.endpoints[action] = endpoint_for(self.graph, action)
        return self.found.endpoints[action]

    def carried(self, through: Resource) -> tuple[Policy | None, bool]:
        """The policy of an endpoint, and whether it is a gateway."""
        if through.urn not in self.found.carried:
            self.found.carried[through.urn] = endpoint_policy(self.graph, through)
        return self.found.carried[through.urn]

    def key_of(self, bucket: Resource) -> Sealing:
        """The key that seals a bucket."""
        if bucket.urn not in self.found.sealings:
            self.found.sealings[bucket.urn] = key_of(self.graph, bucket)
        return self.found.sealings[bucket.urn]


def _covers(shape: str, arn: str) -> bool:
    return pattern(shape, variables=False).matches(arn, lambda _key: None) is not False


def world_of(
    graph: Graph, *, account: str, region: str, organization: str = "", scps: Levels = (), rcps: Levels = ()
) -> World:
    """The world of a Graph whose ARNs are known or hold symbols (`access.symbols`, `access.named`)."""
    return World(graph, account, region, organization, frozenset(), scps, rcps)
