"""Whether a principal can make a call in some request: the evaluator asked with what a request may choose left open.

Where the answer hangs on condition keys, values that the policies themselves mention are tried, each key in turn, until
the evaluator allows the request: that is the witness. Where none is found the prover is asked.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from access.caller import Caller, Value, Who
from access.decide import Decision, Outcome, decide
from access.document import Document, Effect, Policy, Statement, Test
from access.faults import RequestError
from access.free import FreeRequest
from access.graph_organisation import Organisation, organisation_of
from access.graph_resources import BUCKETS, TAG, Target, keys_of, resource_layers, target_of
from access.layers import Layers
from access.operators import Family
from access.principals import Principal, principal_of
from access.prove import Prover
from access.reference import Reference
from access.request import FreeKey, Request
from access.situation import Call, Situation
from access.truth import Truth, unsure
from access.wildcard import Pattern
from core.graph import Graph
from core.iam_metadata import Action, IamMetadata
from core.regions import partition_of
from core.resource import Resource
from core.value import Unknown

MOST_TRIES = 400
"""Requests tried for one answer."""
BARE = "sts:AssumeRole"
"""Whatever is asked: a resource of the Graph is told by itself, and none but those are read here."""
FREE = Unknown("a value that the principal chooses")
"""For a key that would be settled otherwise; what else is unknown is a fact, and nobody's choice."""
OTHER = "another-value"
CALL_KEYS: Mapping[str, Value] = {"aws:securetransport": "true", "aws:viaawsservice": "false"}
PRINCIPAL_TAG = "aws:principaltag/"


@dataclass(frozen=True, slots=True)
class Reply:
    """Whether it can, and the request that shows it; without one where it is not sure."""

    truth: Truth
    request: Request | None = None


NO = Reply(truth=False)


@dataclass
class Abilities:
    """Answers about the principals of one Graph, each answer kept.

    A resource that is not in the Graph has no policy that grants anything: what the Graph declares is all there is.
    """

    graph: Graph
    account: str
    region: str
    reference: Reference
    metadata: IamMetadata
    known: dict[object, Reply] = field(default_factory=dict)
    places: dict[str, tuple[Target, Layers]] = field(default_factory=dict)
    principals: dict[str, Principal] = field(default_factory=dict)
    carried: dict[tuple[str, str], bool] = field(default_factory=dict)

    @cached_property
    def organisation(self) -> Organisation:
        """What the organisation says of the account, as far as the Graph tells."""
        return organisation_of(self.graph, self.account)

    @property
    def partition(self) -> str:
        """The partition of AWS that the Region is in."""
        return partition_of(self.region) or "aws"

    def can(self, who: Principal, action: str, arn: str, fixed: Mapping[str, Value]) -> Reply:
        """Whether the principal can make the call; keys in `fixed` are not free."""
        key = (who.name, action, arn, tuple(sorted(fixed.items())))
        if key not in self.known:
            tags: dict[str, Value] = {f"{PRINCIPAL_TAG}{tag}": FREE for tag in who.chosen}
            target, layers = self.beside(arn)
            own = keys_of(self.graph, target, action)
            whole = replace(
                layers,
                identity=who.identity,
                boundary=who.boundary,
                scps=self.organisation.scps,
                management=self.organisation.management,
            )
            self.known[key] = (
                self._ask(who.caller, action, arn, {**CALL_KEYS, **own, **tags, **fixed}, whole, target)
                if _could(whole, action.lower())
                else NO
            )
        return self.known[key]

    def service_takes(self, arn: str, service: str) -> Reply:
        """Whether the service can take the role, on behalf of this account."""
        key = ("service", arn, service)
        if key not in self.known:
            fixed: dict[str, Value] = {**CALL_KEYS, "aws:sourceaccount": self.account}
            target, layers = self.beside(arn)
            self.known[key] = self._ask(Caller(Who.SERVICE, service), "sts:AssumeRole", arn, fixed, layers, target)
        return self.known[key]

    def any_token_takes(self, arn: str, provider: str) -> bool:
        """Whether any identity of the provider can take the role, whatever its token says of it (T034)."""
        _, layers = self.beside(arn)
        issuer = provider.rpartition("oidc-provider/")[2]
        is_oidc = ":oidc-provider/" in provider
        claims = {f"{issuer}:{claim}": "a-stranger" for claim in ("sub", "aud", "amr", "azp")}
        verb = "sts:AssumeRoleWithWebIdentity" if is_oidc else "sts:AssumeRoleWithSAML"
        stranger: dict[str, Value] = {**CALL_KEYS, **(claims if is_oidc else {"saml:aud": "a-stranger"})}
        request = Request(Caller(Who.PROVIDER, provider), verb, arn, self.account, stranger)
        return decide(request, layers, self.reference).outcome is Outcome.ALLOWED

    def tags_spoken_of(self, who: Principal) -> tuple[str, ...]:
        """The keys, in lower case, of principal tags on which what binds or grants to the principal goes."""
        policies = [*who.identity, *([who.boundary] if who.boundary else []), *self.resource_policies]
        tests = (
            test.key.removeprefix(PRINCIPAL_TAG)
            for policy in policies
            for one in (policy.statements if isinstance(policy, Document) else ())
            for test in (one.tests if isinstance(one, Statement) else ())
            if isinstance(test, Test) and test.key.startswith(PRINCIPAL_TAG)
        )
        return tuple(dict.fromkeys(tests))

    @cached_property
    def resource_policies(self) -> tuple[Policy, ...]:
        """The policies of every resource of the Graph that has an ARN."""
        arns = (one.get("arn") for one in self.graph.resources if one.type.startswith("aws:"))
        found = (self.beside(arn)[1].resource for arn in arns if isinstance(arn, str) and arn.startswith("arn:"))
        return tuple(policy for policy in found if policy is not None)

    def principal(self, resource: Resource) -> Principal:
        """The principal that a role or a user of the Graph is; its policies are read once."""
        if resource.urn not in self.principals:
            self.principals[resource.urn] = principal_of(self.graph, resource)
        return self.principals[resource.urn]

    @cached_property
    def _bearers(self) -> Mapping[str, Resource]:
        """ARN -> the only resource of the Graph that bears just this one."""
        arns = [(one.get("arn"), one) for one in self.graph.resources if one.type.startswith("aws:")]
        often = Counter(arn for arn, _ in arns if isinstance(arn, str))
        return {arn: one for arn, one in arns if isinstance(arn, str) and often[arn] == 1}

    def beside(self, arn: str) -> tuple[Target, Layers]:
        """The resource that the ARN means, and what stands by it; read once."""
        if arn not in self.places:
            target = Target(arn, self._bearers[arn]) if arn in self._bearers else target_of(self.graph, arn)
            found = resource_layers(self.graph, target, BARE) if target.resource is not None else Layers()
            self.places[arn] = (target, replace(found, rcps=self.organisation.rcps))
        return self.places[arn]

    def _ask(
        self, caller: Caller, action: str, arn: str, context: Mapping[str, Value], layers: Layers, target: Target
    ) -> Reply:
        known = target.resource is not None and target.resource.type not in BUCKETS
        complete = (PRINCIPAL_TAG, TAG) if known else (PRINCIPAL_TAG,)
        request = Request(caller, action, arn, self.account, context, open_world=True, complete=complete)
        decision = decide(request, layers, self.reference)
        if decision.outcome is Outcome.ALLOWED:
            return Reply(truth=True, request=request)
        if decision.outcome is Outcome.DENIED:
            return NO
        return self._search(request, layers, decision)

    def _search(self, request: Request, layers: Layers, first: Decision) -> Reply:
        """Depth first over the keys that matter; a request that is denied whatever the rest holds is left at once."""
        choices = list(self._choices(request, layers))
        waiting: list[tuple[int, Request]] = [(0, request)]
        for _ in range(MOST_TRIES):
            if not waiting:
                break
            depth, tried = waiting.pop()
            outcome = decide(tried, layers, self.reference).outcome
            if outcome is Outcome.ALLOWED:
                return Reply(truth=True, request=tried)
            if outcome is Outcome.UNKNOWN and depth < len(choices):
                name, values = choices[depth]
                further = (_with(tried, name, value) for value in reversed(values))
                waiting += [(depth + 1, one) for one in further if one]
        return self._proved(request, layers, first)

    def _proved(self, request: Request, layers: Layers, first: Decision) -> Reply:
        """What the prover says where no value that was tried does it."""
        chosen = {key: FreeKey(key) for key, value in request.context.items() if value == FREE}
        context = {key: value for key, value in request.context.items() if key not in chosen}
        free = FreeRequest(
            request.caller,
            request.action,
            request.resource,
            self.account,
            context,
            complete=request.complete,
            derived=chosen,
        )
        found = self.prover.find(Situation((Call(free, layers),)))
        if found.can and found.witness:
            return Reply(truth=True, request=found.witness.requests[0])
        return NO if found.can is False else Reply(truth=unsure(found.reason, *first.reasons))

    @cached_property
    def prover(self) -> Prover:
        """Both solvers; they are started by the first question that needs them."""
        return Prover(self.reference)

    def _choices(self, request: Request, layers: Layers) -> Iterator[tuple[str, list[Value]]]:
        found: dict[str, dict[Value, None]] = {}
        for test in _tests(layers, request.verb):
            if isinstance(request.value(test.key), Unknown) and request.context.get(test.key, FREE) == FREE:
                found.setdefault(test.key, {}).update(dict.fromkeys(_values(test, request)))
        for key, values in found.items():
            yield key, [*values, None] if self._carries(request.action, key) else [None]

    def _carries(self, action: str, key: str) -> bool:
        if (action, key) not in self.carried:
            known: tuple[Action, ...] = self.metadata.matching(action)
            self.carried[action, key] = not known or any(self.metadata.carries(one, key) for one in known)
        return self.carried[action, key]


def _with(request: Request, key: str, value: Value) -> Request | None:
    """The request with one more key; None where AWS could never see it (S55)."""
    try:
        return replace(request, context={**request.context, key: value})
    except RequestError:
        return None


def _could(layers: Layers, action: str) -> bool:
    """Whether any layer that grants speaks of the action at all."""
    if layers.resource is not None or layers.grants or layers.acl:
        return True
    return any(_speaks(policy, action) for policy in layers.identity)


def speaks_of(who: Principal, action: str) -> bool:
    """Whether what the principal has of its own speaks of the action at all, or may."""
    return any(_speaks(policy, action.lower()) for policy in who.identity)


def _speaks(policy: Policy, action: str) -> bool:
    if isinstance(policy, Unknown):
        return True
    return any(isinstance(one, Unknown) or one.effect is not Effect.DENY for one in policy.about(action))


def _tests(layers: Layers, action: str) -> Iterator[Test]:
    """The conditions that may matter, those of statements that allow first."""
    single = (layers.boundary, layers.resource, layers.endpoint)
    levels = (policy for level in (*layers.scps, *layers.rcps) for policy in level)
    documents = [one for one in (*layers.identity, *single, *levels) if isinstance(one, Document)]
    statements = [one for held in documents for one in held.about(action) if isinstance(one, Statement)]
    for statement in sorted(statements, key=lambda one: one.effect is Effect.DENY):
        yield from (test for test in statement.tests if isinstance(test, Test))


def _values(test: Test, request: Request) -> Iterator[Value]:
    """Values that meet the condition, and one that does not."""
    items = () if isinstance(test.values, Unknown) else test.values
    texts = [text for item in items if isinstance(item, Pattern) for text in _texts(item, request)]
    if test.operator.family is Family.PRESENCE:
        yield OTHER
    elif test.operator.family is Family.ADDRESS:
        yield from (text.partition("/")[0] for text in texts)
        yield "192.0.2.1"
    elif test.operator.family is Family.TRUTH:
        yield from ("true", "false")
    elif test.operator.family is Family.NUMBER:
        for text in texts:
            yield from (text, *(str(int(text) + step) for step in (-1, 1) if text.lstrip("-").isdigit()))
    else:
        yield from texts
        if test.operator.family not in {Family.DATE, Family.BINARY}:
            yield OTHER


def _texts(item: Pattern, request: Request) -> Iterator[str]:
    """A text that the pattern matches, where its variables have values."""
    parts = item.resolved(request.single)
    if isinstance(parts, tuple | list):
        yield "".join(part if isinstance(part, str) else "x" for part in parts)
