"""The ways to a permission: each a chain of layers that must all allow, any one of them enough.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from access.caller import Who
from access.document import Named
from access.kms import CROSS_ACCOUNT, needs_key_policy
from access.layers import Clause, Judged, Layer, Layers, grants_by_name
from access.request import Asked, Request
from access.truth import Truth, any_true, unsure
from core.value import Unknown

STS_ROLE = frozenset(
    {
        *("sts:assumerole", "sts:assumerolewithsaml", "sts:assumerolewithwebidentity", "sts:setsourceidentity"),
        *("sts:tagsession", "sts:setcontext"),
    }
)


@dataclass(frozen=True, slots=True)
class Part:
    """What one layer contributes to a way, and by which statements."""

    layer: Layer
    truth: Truth
    clauses: tuple[Clause, ...] = ()


Route = tuple[Part, ...]


@dataclass(frozen=True)
class Ground:
    """What the ways are made of."""

    question: Asked
    layers: Layers
    identity: Judged
    boundary: Judged | None
    session: Judged | None

    @property
    def request(self) -> Request:
        """The call."""
        return self.question.request

    @cached_property
    def resource_layer(self) -> Layer:
        """What the policy of the resource is called."""
        if self.request.verb in STS_ROLE:
            return Layer.TRUST
        return Layer.KEY if self.request.service == "kms" else Layer.RESOURCE

    @cached_property
    def is_mandatory(self) -> bool:
        """Whether the policy of the resource must allow by itself (S05, S59)."""
        return self.resource_layer is Layer.TRUST or needs_key_policy(self.request)

    def by_identity(self) -> Route:
        """Identity policies, as far as boundary and session policy let them (S28, S33); root needs none (S03)."""
        if self.request.caller.who is Who.ROOT:
            return (Part(Layer.IDENTITY, truth=True),)
        return (Part(Layer.IDENTITY, self.identity.allows, self.identity.allowing), *self.cut())

    def cut(self) -> Route:
        """Boundary and session policy; a federated user without a session policy gets nothing (A3)."""
        found = []
        if self.boundary:
            found.append(Part(Layer.BOUNDARY, self.boundary.allows, self.boundary.allowing))
        if self.session:
            found.append(Part(Layer.SESSION, self.session.allows, self.session.allowing))
        elif self.request.caller.who is Who.FEDERATED_USER:
            found.append(Part(Layer.SESSION, truth=False))
        return tuple(found)

    def unless_cut(self, rule: str) -> Route:
        """Boundary and session policy where it is not settled whether they cut: their No is unknown here."""
        low = self.question.reference.low(rule, answer=True)
        return tuple(part if part.truth is True else Part(part.layer, low, part.clauses) for part in self.cut())


def routes(ground: Ground, *, same: bool) -> tuple[Route, ...]:
    """All ways, for a resource of the caller's own account or of another; never none."""
    policy = ground.layers.resource
    if ground.is_mandatory and policy is None:
        policy = Unknown(f"the {ground.resource_layer} is not known")
    by_name = grants_by_name(policy, ground.question) if ground.is_mandatory or policy is not None else {}
    found = list(_same(ground, by_name) if same else _other(ground, by_name))
    return tuple(found) or ((Part(ground.resource_layer, truth=False),),)


def _same(ground: Ground, by_name: dict[Named, list[Clause]]) -> Iterator[Route]:
    if not ground.is_mandatory and ground.request.caller.has_identity:
        yield ground.by_identity()
    for named, clauses in by_name.items():
        granted = Part(ground.resource_layer, any_true(clause.truth for clause in clauses), tuple(clauses))
        rest = _beside(ground, named)
        if rest is not None:
            yield (granted, *rest)
    yield from _extra(ground, same=True)


def _beside(ground: Ground, named: Named) -> Route | None:
    """What a grant in the caller's own account needs beside itself, by how it names the caller; None if it delegates.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
    """
    who = ground.request.caller.who
    if named in {Named.ACCOUNT, Named.CANONICAL} and who is not Who.ROOT:
        return ground.by_identity() if ground.is_mandatory else None  # S20, S60
    if named in {Named.ROLE, Named.USER, Named.UNIQUE_ID}:
        return ground.cut() if who is Who.SESSION else _beside_user(ground)  # S30
    if named in {Named.SESSION, Named.FEDERATED_USER}:
        return tuple(part for part in ground.unless_cut("S33") if ground.session and part.layer is Layer.SESSION)
    if named is Named.ANYONE and ground.request.caller.has_identity:
        return ground.unless_cut("A4")
    return ()  # S21, S25, S31


def _beside_user(ground: Ground) -> Route:
    """A user is cut by nothing (S29), but behind a federated user (S34) and, it seems, before a role (A2)."""
    if ground.request.caller.who is not Who.USER:
        return ground.cut()
    return ground.unless_cut("A2") if ground.resource_layer is Layer.TRUST else ()


def _other(ground: Ground, by_name: dict[Named, list[Clause]]) -> Iterator[Route]:
    """Another account: both sides must allow (S06), and a boundary always cuts (S32). Strangers have one side only."""
    clauses = tuple(clause for held in by_name.values() for clause in held)
    granted = Part(ground.resource_layer, any_true(clause.truth for clause in clauses), clauses)
    if not ground.request.caller.has_identity:
        yield (granted,)
    elif ground.request.service != "kms" or ground.request.verb in CROSS_ACCOUNT:
        yield (granted, *ground.by_identity())  # S65
    else:
        yield (Part(ground.resource_layer, truth=False),)
    yield from _extra(ground, same=False)


def _extra(ground: Ground, *, same: bool) -> Iterator[Route]:
    """Further sources: grants of a KMS key (S63), access control lists of S3 (S69)."""
    if ground.request.service == "kms" and ground.layers.grants:
        truth = any_true(grant.covers(ground.request) for grant in ground.layers.grants)
        yield (Part(Layer.GRANT, truth), *ground.unless_cut("S63"))
    if ground.request.service == "s3" and (ground.layers.acl or ground.layers.acls_enabled):
        rest = (
            () if not ground.request.caller.has_identity else ground.unless_cut("A4") if same else ground.by_identity()
        )
        yield (Part(Layer.ACL, _listed(ground)), *rest)


def _listed(ground: Ground) -> Truth:
    layers = ground.layers
    if layers.acls_enabled is False:
        return False
    if isinstance(layers.acl, Unknown) or layers.acl is None:
        return unsure("the access control list is not known")
    found = layers.acl.allows(ground.request, layers.block)
    if isinstance(layers.acls_enabled, Unknown) and found is not False:
        return unsure(f"whether lists count is not known ({layers.acls_enabled.source})")
    return found
