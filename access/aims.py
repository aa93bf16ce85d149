"""What a statement speaks of: the resources that a class of words.toml means, each with all that guards it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import Any

from access.document import Kind, Policy
from access.glyphs import ANYTHING
from access.graph_identity import ROLE
from access.graph_resources import Target
from access.layers import Layers
from access.outsiders import NOBODYS
from access.parse import parse_policy
from access.vocabulary import ANY, FACTS, NO_RESOURCE, ResourceClass
from access.world import Place, World
from core.iam_metadata import Action, IamMetadata
from core.personas import GUARDED
from core.regions import partition_of
from core.resource import Resource

INSIDE = MappingProxyType({"s3:object": f"/{ANYTHING}"})
"""Kinds that lie within a resource of the Graph, and how their ARN goes on from its."""
PLACEHOLDER = re.compile(r"\$\{(\w+)\}")
ENVIRONMENT, ADOPTED = "strongroom:index:Environment", "strongroom:index:AdoptedNetwork"
STRANGER = NOBODYS[0]


def lets_everybody_in(label: str) -> Policy:
    """A resource policy that allows everybody everything."""
    return _about("Allow", "*", label)


def lets_nobody_in(label: str) -> Policy:
    """A resource policy that denies everybody everything."""
    return _about("Deny", "*", label)


def leaves_it_to_the_account(root: str, label: str) -> Policy:
    """A resource policy that allows whatever the account's own policies allow: the most a default policy does."""
    return _about("Allow", {"AWS": root}, label)


def _about(effect: str, principal: Any, label: str) -> Policy:
    clause = {"Effect": effect, "Principal": principal, "Action": "*", "Resource": "*"}
    return parse_policy({"Version": "2012-10-17", "Statement": [clause]}, Kind.RESOURCE, label)


def _is_guarded(role: Resource) -> bool:
    """Whether it is one of those under the outer boundary."""
    return role.name.endswith(tuple(f"-{word}-role" for word in GUARDED))


@dataclass(frozen=True)
class Scene:
    """A world, with what AWS's reference says there is to be done in it; `told` are facts that no Graph tells."""

    world: World
    reference: IamMetadata
    told: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    _kept: dict[tuple[str, bool], Place] = field(default_factory=dict, compare=False, repr=False)

    @property
    def partition(self) -> str:
        """The partition of the Region."""
        return partition_of(self.world.region) or "aws"

    @cached_property
    def facts(self) -> Mapping[str, tuple[str, ...]]:
        """Fact -> its values, as circumstances speak of them; none where the Graph does not tell."""
        homes = self.world.graph.of_type(ENVIRONMENT)
        residency = homes[0].get("residency") if len(homes) == 1 else None
        tier = homes[0].get("tier") if len(homes) == 1 else None
        adopted = (one.get("vpcId") for one in self.world.graph.of_type(ADOPTED))
        inner = (one.get("permissionsBoundary") for one in self.world.graph.of_type(ROLE) if not _is_guarded(one))
        return MappingProxyType(
            {
                **dict.fromkeys(FACTS, ()),
                **self.told,
                "tier": (tier,) if isinstance(tier, str) else (),
                "account": (self.world.account,),
                "inner": tuple(sorted({arn for arn in inner if isinstance(arn, str) and arn})),
                "endpoints": tuple(sorted(self.world.endpoint_ids)),
                "networks": tuple(sorted({*self.world.networks, *(one for one in adopted if isinstance(one, str))})),
                "regions": tuple(str(name) for name in residency) if isinstance(residency, tuple) else (),
            }
        )

    def places(self, what: ResourceClass, action: Action) -> Iterator[Place]:
        """Everything of the class that the action is done to."""
        if what.type:
            for resource in what.members(self.world.graph):
                target = Target(f"{resource.get('arn')}{INSIDE.get(what.kind, '')}", resource)
                yield self.world.place(target, action.name)
            return
        for arn in self._arns(action, what):
            yield self._any(arn, of_others=what.of_others)

    def _any(self, arn: str, *, of_others: bool) -> Place:
        """Whatever bears such an ARN: of ours with the policy that AWS would give it, of others open to everybody."""
        key = (arn, of_others)
        if key not in self._kept:
            root = f"arn:{self.partition}:iam::{self.world.account}:root"
            policy = (
                lets_everybody_in("a policy of the other account")
                if of_others
                else leaves_it_to_the_account(root, "the policy of what is not declared here")
            )
            account = STRANGER if of_others else self.world.account
            self._kept[key] = Place(Target(arn, None), Layers(resource=policy, rcps=self.world.rcps), account)
        return self._kept[key]

    def _arns(self, action: Action, what: ResourceClass) -> Iterator[str]:
        service = action.name.partition(":")[0]
        kinds = [one.rstrip("*") for one in action.resources]
        if what.kind == NO_RESOURCE or (what.kind == ANY and not kinds):
            yield "*"
            return
        account = STRANGER if what.of_others else self.world.account
        known = {"Partition": self.partition, "Region": self.world.region, "Account": account}
        for kind in kinds if what.kind == ANY else [what.kind.partition(":")[2]]:
            form = self.reference.of[service].arns.get(kind)
            if form is not None:
                yield PLACEHOLDER.sub(lambda found: known.get(found[1], ANYTHING), form)
