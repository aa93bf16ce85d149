"""Whether a statement speaks of a request: its action, its resource, its caller."""

from __future__ import annotations

from access.caller import Caller, Who
from access.condition import BROKEN, holds
from access.document import (
    ActionEntry,
    Effect,
    Kind,
    Named,
    PrincipalEntry,
    ResourceEntry,
    Resources,
    Statement,
    names,
)
from access.formula import Settled
from access.request import SEGMENTS, Asked, Request
from access.truth import Maybe, Symbolic, Truth, all_true, any_true, negated, unsure
from access.wildcard import pattern
from core.value import Unknown


def applies(statement: Statement, kind: Kind, question: Asked) -> Truth:
    """Whether action, resource and condition match; principals are asked for apart."""
    if statement.principals is None:
        return _applies(statement, kind, question)
    known = question.heard.get(id(statement))
    if known is None:
        known = question.heard[id(statement)] = _applies(statement, kind, question)
    return known


def _applies(statement: Statement, kind: Kind, question: Asked) -> Truth:
    action = names_action(statement, question.request)
    if action is False:
        return False
    resource = names_resource(statement, kind, question)
    if resource is False:
        return False
    held = holds(statement.tests, question)
    if action is True and resource is True:
        return held if isinstance(held, bool) else _settled(held, statement)
    return _settled(all_true((action, resource, held)), statement)


def _settled(found: Truth, statement: Statement) -> Truth:
    """An evaluation that breaks gives no access: an Allow does not match then, a Deny does (S08)."""
    if isinstance(found, Symbolic) and isinstance(statement.effect, Effect):
        return Settled(found, broken=statement.effect is Effect.DENY)
    if not isinstance(found, Maybe) or not set(BROKEN.reasons) & set(found.reasons):
        return found
    if statement.effect is Effect.ALLOW:
        return False
    return True if found.reasons == BROKEN.reasons and statement.effect is Effect.DENY else found


def names_action(statement: Statement, request: Request) -> Truth:
    """Action, or NotAction: every other action (S11-S13)."""
    known = statement.kept.get(request.verb)
    return statement.keep(request.verb, _names_action(statement, request)) if known is None else known


def _names_action(statement: Statement, request: Request) -> Truth:
    service, _, name = request.verb.partition(":")
    found = any_true(_action(entry, service, name) for entry in statement.actions)
    return negated(found) if statement.action_negated else found


def _action(entry: ActionEntry | Unknown, service: str, name: str) -> Truth:
    if isinstance(entry, Unknown):
        return unsure(f"an action is not known ({entry.source})")
    return names(entry, service, name)


def names_resource(statement: Statement, kind: Kind, question: Asked) -> Truth:
    """Resource, or NotResource: matches only when none of its entries does (S14).

    A trust policy has none and speaks of its role; a key policy's statement without one speaks of nothing (S61).
    """
    if statement.resources is None:
        return kind is Kind.TRUST
    if question.topic is None or statement.has_variables:
        return _names_resource(statement, statement.resources, kind, question)
    known = statement.kept.get(question.request.resource)
    if known is not None:
        return known
    found = _names_resource(statement, statement.resources, kind, question)
    return statement.keep(question.request.resource, found)


def _names_resource(statement: Statement, resources: Resources, kind: Kind, question: Asked) -> Truth:
    found = any_true(_resource(entry, kind, question) for entry in resources)
    return negated(found) if statement.resource_negated else found


def _resource(entry: ResourceEntry | Unknown, kind: Kind, question: Asked) -> Truth:
    request = question.request
    if isinstance(entry, Unknown):
        return unsure(f"a resource is not known ({entry.source})")
    if not entry.segments:
        return True
    if request.resource == "*":
        return question.reference.low("S17", answer=False)
    wanted = entry.segments
    if len(wanted) == SEGMENTS:
        return all_true(_segments(entry, request))
    reaches = all_true(_segments(entry, request))
    return False if reaches is False else question.reference.low("S16", answer=_is_padded(entry, kind))


def _segments(entry: ResourceEntry, request: Request) -> tuple[Truth, ...]:
    """Wildcards act inside segments; a slash is an ordinary character (S15)."""
    found: list[Truth] = []
    for ours, theirs in zip(entry.segments, request.parts, strict=False):
        answer = ours.matches(theirs, request.single)
        if answer is False:
            return (False,)
        found.append(answer)
    return tuple(found)


def _is_padded(entry: ResourceEntry, kind: Kind) -> bool:
    """Whether a short ARN is read as if it went on with wildcards (S16)."""
    if kind in {Kind.IDENTITY, Kind.SESSION, Kind.BOUNDARY}:
        return True
    if kind is Kind.SCP:
        return entry.text.endswith("*")
    return kind is not Kind.RCP and ("*" in entry.text or "?" in entry.text)


Found = tuple[Named, Truth]
"""How an entry names the caller, and whether it does."""


def names_caller(statement: Statement, kind: Kind, question: Asked) -> tuple[Found, ...]:
    """The ways in which Principal names the caller, those that are out of the question left out.

    An unknown entry may be anything, so it may be the widest: everybody, cut by nothing.
    """
    entries = statement.principals or ()
    if statement.principal_negated:
        return _all_but(statement, question)
    found = []
    for entry in entries:
        if isinstance(entry, Unknown):
            found.append((Named.ANYONE_BY_ARN, unsure(f"a principal is not known ({entry.source})")))
            continue
        answer = _names(entry, kind, question)
        if answer is not False:
            found.append((_refined(entry.named, statement), answer))
    return tuple(found)


def _refined(named: Named, statement: Statement) -> Named:
    return Named.ANYONE_BY_ARN if named is Named.ANYONE and statement.narrows_by_arn else named


def _names(entry: PrincipalEntry, kind: Kind, question: Asked) -> Truth:
    caller = question.request.caller
    if entry.named is Named.ANYONE:
        return True
    if entry.named is Named.ACCOUNT:
        return _names_account(entry.text, kind, question)
    if entry.named is Named.SESSION:
        return _names_session(entry.text, question)
    answer = _is_named(entry, caller)
    if kind is Kind.ENDPOINT and answer is not False and question.at_gateway and entry.named in BY_ARN:
        return question.reference.low("S72", answer=False)
    return answer


BY_ARN = frozenset({Named.USER, Named.ROLE, Named.FEDERATED_USER})


def _is_named(entry: PrincipalEntry, caller: Caller) -> Truth:
    own = {
        Named.USER: caller.arn if caller.who is Who.USER else caller.parent,
        Named.ROLE: caller.arn if caller.who is Who.SESSION else "",
        Named.FEDERATED_USER: caller.arn if caller.who is Who.FEDERATED_USER else "",
        Named.SERVICE: caller.arn if caller.who is Who.SERVICE else "",
        Named.FEDERATED: caller.arn if caller.who is Who.PROVIDER else "",
        Named.UNIQUE_ID: caller.unique_id,
        Named.CANONICAL: caller.canonical_id,
    }[entry.named]
    if entry.named is Named.FEDERATED and entry.text == "*":
        return bool(own)
    return bool(own) and _same(entry.text, own)


def _same(ours: str, theirs: str) -> Truth:
    return pattern(ours, variables=False, wild=False).matches(theirs, lambda _key: None)


def _names_account(account: str, kind: Kind, question: Asked) -> Truth:
    """An account stands for all in it (S20); at a gateway endpoint for its root user alone (S72)."""
    caller = question.request.caller
    if account != caller.account:
        return False
    return caller.who is Who.ROOT if kind is Kind.ENDPOINT and question.at_gateway else True


def _names_session(arn: str, question: Asked) -> Truth:
    caller = question.request.caller
    if caller.who is not Who.SESSION:
        return False
    if not caller.session:
        return unsure("which session of the role it is") if arn.rpartition("/")[0] == _before(caller) else False
    same = _same(arn, caller.session_arn)
    return question.reference.low("S23", answer=True) if same is True and caller.has_path else same


def _before(caller: Caller) -> str:
    return caller.session_arn.rpartition("/")[0]


def _all_but(statement: Statement, question: Asked) -> tuple[Found, ...]:
    """NotPrincipal: everybody who is not listed, strangers included.

    Whoever carries a boundary is hit by a Deny whatever it lists; others are spared only where the account is listed
    too, and the role of a session (S26).
    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html
    """
    if question.bounded and statement.effect == "Deny":
        return ((Named.ANYONE, True),)
    needed = _needed(question.request.caller)
    entries = statement.principals or ()
    listed = [one for one in entries if isinstance(one, PrincipalEntry)]
    spared = {need for need in needed for one in listed if _spares(one, need)}
    if any(one.named is Named.ANYONE for one in listed) or (needed and spared == needed):
        return ()
    if spared or len(listed) < len(entries):
        return ((Named.ANYONE, unsure("NotPrincipal lists the caller in part: AWS may deny the whole account (S26)")),)
    return ((Named.ANYONE, True),)


def _spares(entry: PrincipalEntry, need: tuple[Named, str]) -> bool:
    return entry.named is need[0] and entry.text == need[1]


def _needed(caller: Caller) -> set[tuple[Named, str]]:
    """What NotPrincipal has to list to spare the caller."""
    account = (Named.ACCOUNT, caller.account)
    by_who: dict[Who, set[tuple[Named, str]]] = {
        Who.USER: {account, (Named.USER, caller.arn)},
        Who.SESSION: {account, (Named.ROLE, caller.arn)},
        Who.ROOT: {account},
        Who.FEDERATED_USER: {account, (Named.FEDERATED_USER, caller.arn)},
        Who.SERVICE: {(Named.SERVICE, caller.arn)},
        Who.PROVIDER: {(Named.FEDERATED, caller.arn)},
    }
    found = by_who.get(caller.who, set())
    if caller.who is Who.SESSION and caller.session:
        found = {*found, (Named.SESSION, caller.session_arn)}
    return found
