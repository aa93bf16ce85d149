"""A solution of the solvers as requests: what every free part is in it, replayed on the evaluator."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from access.caller import Caller, Value
from access.decide import decide
from access.explain import shown, who
from access.formula import leaves_of
from access.free import FreeRequest
from access.glyphs import ANYTHING
from access.question import Witness
from access.reference import Reference
from access.request import FreeKey, Request
from access.situation import Situation
from access.smt import PAIR, Query
from access.terms import Choice, Conjunction, Domain, Term
from access.truth import Truth

RESOURCE_TAG = "aws:resourcetag/"
PRINCIPAL_TAG = "aws:principaltag/"
PRINCIPAL_ARN = "aws:principalarn"


def chosen(query: Query, holds: Mapping[str, bool]) -> dict[str, int]:
    """The class that each choice takes in a solution."""
    found = {}
    for number, (name, size) in enumerate(query.choices):
        if size <= PAIR:
            found[name] = 0 if holds.get(f"c{number}_0") else size - 1
        else:
            found[name] = next((one for one in range(size) if holds.get(f"c{number}_{one}")), 0)
    return found


def is_true(term: Term, taken: Mapping[str, int]) -> bool:
    """Whether the term is true of these classes; what is not taken is class 0."""
    if isinstance(term, bool):
        return term
    if isinstance(term, Choice):
        return bool(term.mask >> taken.get(term.variable, 0) & 1)
    found = (is_true(part, taken) for part in term.parts)
    return all(found) if isinstance(term, Conjunction) else any(found)


def smallest(term: Term, taken: Mapping[str, int]) -> dict[str, int]:
    """The same solution with as many keys absent, and values as plain, as it stays one with."""
    found = dict(taken)
    for name in sorted(found):
        for lower in range(found[name]):
            if is_true(term, {**found, name: lower}):
                found[name] = lower
                break
    return found


def values_of(domains: Mapping[str, Domain], taken: Mapping[str, int]) -> dict[str, Value]:
    """What each free value is."""
    found: dict[str, Value] = {}
    for name, domain in domains.items():
        if domain.many:
            held = (str(one) for number, one in enumerate(domain.values) if taken.get(domain.bit(number)))
            found[name] = tuple(held) or None
        else:
            found[name] = domain.values[taken.get(name, 0)] if domain.values else None
    return found


def replayed(situation: Situation, truth: Truth, values: Mapping[str, Value], reference: Reference) -> Witness:
    """The requests of the solution, and what the evaluator decides on them."""
    free = {leaf.variable for leaf in leaves_of(truth)}
    requests = tuple(_request(call.request, values, free) for call in situation.calls)
    found = zip(requests, situation.calls, strict=True)
    decisions = tuple(decide(request, call.layers, reference) for request, call in found)
    return Witness(requests, decisions, situation.caller, situation.resource)


def _request(free: FreeRequest, values: Mapping[str, Value], variables: set[str]) -> Request:
    """The request with every free part filled; a key on which nothing hangs is absent."""
    context: dict[str, Value] = {key.lower(): value for key, value in free.context.items()}
    for key, follows in free.derived.items():
        if key != PRINCIPAL_ARN and not key.startswith(PRINCIPAL_TAG):
            context[key] = _full(follows, values)
    names = {f"{free.scope}{key}" if key in free.own else key: key for key in _keys(free, variables)}
    context.update({key: values[name] for name, key in names.items() if name in values})
    context = {key: value for key, value in context.items() if value is not None or key in free.context}
    return Request(_caller(free, values), free.action, _resource(free, values), free.account, context)


def _keys(free: FreeRequest, variables: set[str]) -> Iterator[str]:
    """The free keys of this call among the variables."""
    for name in variables:
        if ANYTHING in name:
            continue
        key = name.rpartition("|")[2]
        value = free.value(key)
        if isinstance(value, FreeKey) and value.variable == name and key not in free.derived:
            yield key


def _full(follows: FreeKey, values: Mapping[str, Value]) -> Value:
    value = values.get(follows.variable)
    text = value if isinstance(value, str) else follows.variable.partition(":")[2].replace(ANYTHING, "x")
    return follows.before + text


def _caller(free: FreeRequest, values: Mapping[str, Value]) -> Caller:
    """The caller, of the ARN that was chosen where that was free."""
    arn = values.get(PRINCIPAL_ARN) if PRINCIPAL_ARN in free.derived else None
    brought = {
        key: value
        for key in free.derived
        if key.startswith(PRINCIPAL_TAG) and isinstance(value := values.get(key), str)
    }
    tags = {key.removeprefix(PRINCIPAL_TAG): value for key, value in brought.items()}
    caller = replace(free.caller, session_tags={**free.caller.session_tags, **tags}) if tags else free.caller
    return replace(caller, arn=arn) if isinstance(arn, str) else _plain(caller)


def _plain(caller: Caller) -> Caller:
    return replace(caller, arn=caller.arn.replace(ANYTHING, "x")) if ANYTHING in caller.arn else caller


def _resource(free: FreeRequest, values: Mapping[str, Value]) -> str:
    parts = [
        str(values.get(f"{free.scope}{number}:{part}") or part.replace(ANYTHING, "x"))
        for number, part in enumerate(free.parts)
    ]
    return ":".join(parts)


def lines(witness: Witness) -> Iterator[str]:
    """The witness for people: who asks for what, with which keys, and what lets it through."""
    for request, decision in zip(witness.requests, witness.decisions, strict=True):
        yield f"{who(request)} calls {request.action} on {shown(request.resource)}"
        for tag, value in sorted(request.caller.session_tags.items()):
            yield f"  with the session tag {tag} = {value}"
        for key, value in sorted(request.context.items()):
            if value is not None and not key.startswith(RESOURCE_TAG):
                yield f"  with {key} {_said(value)}"
        statement = f" through {shown(decision.statement)}" if decision.statement else ""
        yield f"  {decision.outcome}: {decision.layer}{statement}"


def _said(value: Value) -> str:
    if isinstance(value, tuple):
        return ", ".join(shown(item) for item in value)
    return shown(str(value)) if isinstance(value, str) else "that is not known"
