"""Whether AWS would allow a request: every layer judged alone, then combined in one order.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from access.acl import is_public
from access.caller import Who
from access.document import Document, Policy, Statement
from access.faults import RequestError
from access.formula import doubts_of
from access.grant import lends_freely
from access.kms import is_fixed_alias
from access.layers import SILENT, Clause, Judged, Layer, Layers, judge
from access.reference import DEFAULT, Reference
from access.request import Asked, Request
from access.routes import Ground, Part, Route, routes
from access.truth import Maybe, Truth, all_true, any_true, negated, unsure
from core.value import Unknown

NONE = "none is given"


class Outcome(StrEnum):
    """What may be said of a request."""

    ALLOWED = "allowed"
    DENIED = "denied"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Said:
    """One layer and what it says; `why_not` where it does not apply. `allows` is None where it only denies."""

    layer: Layer
    judged: Judged = SILENT
    passes: Truth | None = None
    why_not: str = ""


ABSENT = MappingProxyType({layer: Said(layer, why_not=NONE) for layer in Layer})


@dataclass(frozen=True, slots=True)
class Decision:
    """The outcome, the layer and the statement that decided, why, and what each layer says, in their order."""

    outcome: Outcome
    layer: Layer
    statement: str
    reasons: tuple[str, ...]
    said: tuple[Said, ...]
    notes: tuple[str, ...] = ()


def decide(request: Request, layers: Layers, reference: Reference = DEFAULT) -> Decision:
    """The decision. Total: what cannot be told is unknown, with the reasons.

    Raises RequestError for a request that AWS could not see.
    """
    ground = _ground(request, layers, reference)
    gates = tuple(_gates(ground))
    said, ways = (*gates, *_own(ground)), _ways(ground)
    return _decision(_combined(gates, said, ways), said, ways, tuple(_notes(ground)))


def allowed(request: Request, layers: Layers, reference: Reference = DEFAULT) -> Truth:
    """Whether it is allowed, as `decide` has it; for a request with free parts, what that hangs on."""
    ground = _ground(request, layers, reference)
    gates = tuple(_gates(ground))
    return _combined(gates, (*gates, *_own(ground)), _ways(ground))


def _combined(gates: Sequence[Said], said: Sequence[Said], ways: Sequence[Route]) -> Truth:
    denied = any_true([one.judged.denies for one in said if not one.why_not])
    if denied is True:
        return False
    return all_true([negated(denied), *[one.passes for one in gates if one.passes is not None], _reach(ways)])


def decide_every(decisions: Sequence[Decision]) -> Decision:
    """The decision on a call that needs several permissions (S18, S68): each of them must be there.

    Raises RequestError for none.
    """
    for outcome in (Outcome.DENIED, Outcome.UNKNOWN, Outcome.ALLOWED):
        if found := next((one for one in decisions if one.outcome is outcome), None):
            return found
    msg = "no decision: expected at least one permission that the call needs"
    raise RequestError(msg)


def _ground(request: Request, layers: Layers, reference: Reference) -> Ground:
    topic = None if request.is_free or reference.trusting else f"{request.verb} {request.resource}"
    question = Asked(request, reference, layers.boundary is not None, layers.at_gateway, topic)
    has_identity = question.request.caller.has_identity
    return Ground(
        question,
        layers,
        judge(layers.identity if has_identity else (), question),
        judge((layers.boundary,), question) if layers.boundary is not None and has_identity else None,
        judge(layers.session, question) if layers.session is not None else None,
    )


def _gates(ground: Ground) -> Iterator[Said]:
    """The layers that grant nothing and can only stop a request."""
    yield _rcp(ground)
    yield _scp(ground)
    yield _endpoint(ground)
    yield _block(ground)
    if is_fixed_alias(ground.request):
        yield Said(Layer.KEY, passes=False)


def _rcp(ground: Ground) -> Said:
    """RCPFullAWSAccess is always attached, so these can only deny (S38); they bind strangers too (S39)."""
    if ground.request.service not in ground.question.reference.rcp_services:
        return Said(Layer.RCP, why_not=f"they do not reach {ground.request.service} (S40)")
    if ground.request.caller.service_linked:
        return Said(Layer.RCP, why_not="a service-linked role is outside them (S39)")
    if not ground.layers.rcps:
        return _none(Layer.RCP)
    policies = [policy for level in ground.layers.rcps for policy in level]
    return Said(Layer.RCP, judge(policies, ground.question), passes=True) if policies else _none(Layer.RCP)


def _scp(ground: Ground) -> Said:
    """Every level must allow, any level may deny (S35); management account and service-linked roles are out (S36)."""
    caller = ground.request.caller
    if caller.service_linked or ground.layers.management or not caller.has_identity:
        return Said(Layer.SCP, why_not="this caller is outside them (S36)")
    if not ground.layers.scps:
        return _none(Layer.SCP)
    levels = [judge(level, ground.question) for level in ground.layers.scps]
    together = Judged(
        any_true(level.denies for level in levels),
        all_true(level.allows for level in levels),
        tuple(clause for level in levels for clause in level.denying),
        tuple(clause for level in levels for clause in level.allowing),
    )
    return Said(Layer.SCP, together, together.allows)


def _endpoint(ground: Ground) -> Said:
    """An additional AND, for calls through that endpoint (S71)."""
    policy = ground.layers.endpoint
    if policy is None:
        return Said(Layer.ENDPOINT, why_not="no endpoint with a policy carries the call")
    if ground.request.service in ground.question.reference.no_endpoint_policy:
        return Said(Layer.ENDPOINT, why_not=f"endpoints of {ground.request.service} heed no policy (S71)")
    found = judge((policy,), ground.question)
    return Said(Layer.ENDPOINT, found, found.allows)


def _block(ground: Ground) -> Said:
    """RestrictPublicBuckets leaves a bucket with a public policy to its own account and to services (S70)."""
    request, block, policy = ground.request, ground.layers.block, ground.layers.resource
    if request.service != "s3" or block.restricts is False or policy is None:
        return _none(Layer.BLOCK)
    if request.caller.who is Who.SERVICE:
        return Said(Layer.BLOCK, why_not="it leaves services alone")
    foreign = negated(_is_same(request))
    if foreign is False:
        return Said(Layer.BLOCK, passes=True)
    restricts = unsure(block.restricts.source) if isinstance(block.restricts, Unknown) else block.restricts
    public = is_public(policy) if isinstance(policy, Document) else unsure(policy.source)
    return Said(Layer.BLOCK, passes=negated(all_true((restricts, public, foreign))))


def _none(layer: Layer) -> Said:
    return ABSENT[layer]


def _own(ground: Ground) -> tuple[Said, ...]:
    """The layers that grant, or cut what is granted."""
    resource = ground.layers.resource
    policies: tuple[Policy, ...] = () if resource is None else (resource,)
    found = [
        Said(ground.resource_layer, judge(policies, ground.question)) if policies else _none(ground.resource_layer),
        Said(Layer.IDENTITY, ground.identity)
        if ground.request.caller.has_identity
        else Said(Layer.IDENTITY, why_not=f"a caller of this kind ({ground.request.caller.who}) has none (S25)"),
    ]
    cuts = ((Layer.BOUNDARY, ground.boundary), (Layer.SESSION, ground.session))
    return (*found, *(Said(layer, held) if held else _none(layer) for layer, held in cuts))


def _is_same(request: Request) -> bool | Maybe:
    if not request.caller.account:
        return False
    if isinstance(request.owner, Unknown):
        return unsure(f"{request.owner.source} is not known")
    return request.owner == request.caller.account


def _ways(ground: Ground) -> tuple[Route, ...]:
    """The ways to a permission; where the owner of the resource is not known, those that hold either way."""
    same = _is_same(ground.request)
    if not isinstance(same, Maybe):
        return routes(ground, same=same or not ground.request.caller.has_identity)
    found = [routes(ground, same=choice) for choice in (True, False)]
    if _reach(found[0]) == _reach(found[1]):
        return found[0]
    return tuple((Part(ground.resource_layer, same), *route) for way in found for route in way)


def _reach(ways: Sequence[Route]) -> Truth:
    return any_true([all_true([part.truth for part in way]) for way in ways])


def _decision(truth: Truth, said: tuple[Said, ...], ways: Sequence[Route], notes: tuple[str, ...]) -> Decision:
    if truth is True:
        way = next(way for way in ways if all(part.truth is True for part in way))
        clause = _first(way[0].clauses, truth)
        return Decision(Outcome.ALLOWED, way[0].layer, _named(clause), (), said, notes)
    if truth is False:
        layer, statement, reason = _stopped(said, ways)
        return Decision(Outcome.DENIED, layer, statement, (reason,), said, notes)
    layer, clause = _doubtful(said, ways)
    return Decision(Outcome.UNKNOWN, layer, _named(clause), tuple(doubts_of(truth)), said, notes)


def _stopped(said: tuple[Said, ...], ways: Sequence[Route]) -> tuple[Layer, str, str]:
    """What stopped it: an explicit Deny first, then a layer that does not allow, then the best way that broke off."""
    for one in said:
        if not one.why_not and one.judged.denies is True:
            return one.layer, _named(_first(one.judged.denying, truth=True)), "denied explicitly (S02)"
    for one in said:
        if one.passes is False:
            return one.layer, "", "this layer does not let it through"
    best = max(ways, key=lambda way: sum(part.truth is True for part in way))
    broken = next(part for part in best if part.truth is False)
    return broken.layer, "", "nothing here allows it (S01)"


def _doubtful(said: tuple[Said, ...], ways: Sequence[Route]) -> tuple[Layer, Clause | None]:
    """Where the doubt comes from."""
    for one in said:
        if not one.why_not and isinstance(one.judged.denies, Maybe):
            return one.layer, _first(one.judged.denying, one.judged.denies)
        if isinstance(one.passes, Maybe):
            return one.layer, None
    open_ways = [way for way in ways if all(part.truth is not False for part in way)]
    part = next(part for part in open_ways[0] if isinstance(part.truth, Maybe))
    return part.layer, _first(part.clauses, part.truth)


def _first(clauses: Sequence[Clause], truth: Truth) -> Clause | None:
    """The first statement that is as sure as the whole."""
    wanted = [clause for clause in clauses if (clause.truth is True) is (truth is True)]
    return wanted[0] if wanted else None


def _named(clause: Clause | None) -> str:
    return f"{clause.name} of {clause.label}" if clause else ""


def _notes(ground: Ground) -> Iterator[str]:
    """What is worth saying beside the decision."""
    if ground.request.verb == "kms:creategrant":
        clauses = (*ground.identity.allowing, *judge(_resource(ground), ground.question).allowing)
        if any(isinstance(one.statement, Statement) and lends_freely(one.statement) for one in clauses):
            yield "CreateGrant with nothing to limit the grantee is as good as full use of the key (S63)"


def _resource(ground: Ground) -> tuple[Policy, ...]:
    return () if ground.layers.resource is None else (ground.layers.resource,)
