"""Why the other engine decides otherwise: each rule is tried by asking ourselves the question as that engine reads it.

A difference is explained by a rule when our own evaluator, given the case as if the rule did not hold, comes to the
other engine's answer. The pages decide who is right; where none does, the rule is one of low confidence and we say
unknown unless told to trust it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any

from access.caller import Who
from benchmarks.fuzz_requests import Case

IUG = "https://docs.aws.amazon.com/IAM/latest/UserGuide/"
NOBODY = "arn:aws:iam::000000000000:role/nobody"
EVERYTHING = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
ANYONE = ("*", {"AWS": "*"})


@dataclass(frozen=True)
class World:
    """What an answer is given by: a case, services that resource control policies reach, and keys lent abroad."""

    case: Case
    every_service: bool = False
    every_key_call: bool = False


@dataclass(frozen=True)
class Rule:
    """One rule in which the other engine differs, the page that decides it, and the case as that engine reads it."""

    number: str
    about: str
    page: str
    undone: Callable[[World], World]


def _documents(world: World, change: Callable[[Mapping[str, Any]], Mapping[str, Any]]) -> World:
    """Every document changed."""
    one = world.case
    single = {
        name: change(body) if (body := getattr(one, name)) else body
        for name in ("policy", "boundary", "session", "endpoint")
    }
    many = {name: tuple(change(body) for body in getattr(one, name)) for name in ("identity", "scps", "rcps")}
    return replace(world, case=replace(one, **single, **many))


def _newer(world: World) -> World:
    return _documents(world, lambda body: {**body, "Version": "2012-10-17"})


def _unlimited(world: World) -> World:
    is_bare = world.case.caller.who is Who.FEDERATED_USER and not world.case.session
    return replace(world, case=replace(world.case, session=EVERYTHING)) if is_bare else world


def _starless(world: World) -> World:
    """A lone `*` in an ARN condition stands for no ARN."""

    def block(operator: str, tests: Mapping[str, Any]) -> Mapping[str, Any]:
        is_arn = operator.startswith("Arn")
        return {key: NOBODY if is_arn and values == "*" else values for key, values in tests.items()}

    return _documents(world, lambda body: _with_conditions(body, block))


def _narrow_addresses(world: World) -> World:
    """All of IPv4 is nothing, and no address of IPv6 lies outside of addresses of IPv4."""
    is_long = ":" in str(world.case.context.get("aws:SourceIp", ""))

    def block(operator: str, tests: Mapping[str, Any]) -> Mapping[str, Any]:
        if operator.startswith("NotIp") and is_long:
            return {key: ["0.0.0.0/0", "::/0"] for key in tests}
        if "Ip" not in operator:
            return tests
        return {
            key: ["192.0.2.255" if value == "0.0.0.0/0" else value for value in _many(values)]
            for key, values in tests.items()
        }

    return _documents(world, lambda body: _with_conditions(body, block))


def _many(values: Any) -> list[Any]:
    return values if isinstance(values, list) else [values]


def _with_conditions(
    body: Mapping[str, Any], block: Callable[[str, Mapping[str, Any]], Mapping[str, Any]]
) -> Mapping[str, Any]:
    """The document with every block of its conditions changed."""
    statements = [
        {**item, "Condition": {operator: block(operator, tests) for operator, tests in item["Condition"].items()}}
        if "Condition" in item
        else item
        for item in body["Statement"]
    ]
    return {**body, "Statement": statements}


def _without_exceptions(world: World) -> World:
    """A Deny with NotPrincipal spares the whole account of whoever it lists."""
    return _documents(world, lambda body: _kept(body, lambda item: "NotPrincipal" not in item))


def _kept(body: Mapping[str, Any], wanted: Callable[[Mapping[str, Any]], bool]) -> Mapping[str, Any]:
    """The document with some of its statements; with one that says nothing where none is left."""
    kept = [item for item in body["Statement"] if wanted(item)]
    nothing = {"Effect": "Allow", "Action": "sts:Nothing", **_whom(body)}
    if "Resource" in body["Statement"][0] or "NotResource" in body["Statement"][0]:
        nothing["Resource"] = "*"
    return {**body, "Statement": kept or [nothing]}


def _unresolved(world: World) -> World:
    """A statement whose NotResource has a variable without a value applies to nothing."""
    return _documents(world, lambda body: _kept(body, lambda item: "${" not in str(item.get("NotResource", ""))))


def _whom(body: Mapping[str, Any]) -> Mapping[str, Any]:
    """The principal of a document's first statement, where it has any."""
    return {key: value for key, value in body["Statement"][0].items() if key in {"Principal", "NotPrincipal"}}


def _named(world: World, chosen: Callable[[Any, Case], Any]) -> World:
    """The resource policy with other principals in what it allows."""
    policy = world.case.policy
    if policy is None:
        return world
    statements = [
        {**item, "Principal": chosen(item["Principal"], world.case)}
        if item["Effect"] == "Allow" and "Principal" in item
        else item
        for item in policy["Statement"]
    ]
    return replace(world, case=replace(world.case, policy={**policy, "Statement": statements}))


def _cut_by_name(principal: Any, one: Case) -> Any:
    """The caller named so that boundary and session policy cut."""
    named = one.caller.parent or one.caller.arn
    return {"AWS": named} if principal in ANYONE and one.caller.who is not Who.SERVICE else principal


def _session_by_role(principal: Any, one: Case) -> Any:
    """The session named by what stands behind it, which boundary and session policy cut."""
    if one.caller.who is Who.SESSION and principal == {"AWS": one.caller.session_arn}:
        return {"AWS": one.caller.arn}
    held = principal.get("AWS") if isinstance(principal, dict) else None
    is_federated = one.caller.who is Who.FEDERATED_USER and one.caller.arn in (
        held if isinstance(held, list) else [held]
    )
    return {"AWS": one.caller.parent} if is_federated else principal


RULES = (
    Rule("S09", "a document of 2008 has no variables", f"{IUG}reference_policies_elements_version.html", _newer),
    Rule(
        "A3",
        "a federated user without a session policy has nothing from identity policies",
        f"{IUG}reference_policies_evaluation-logic.html",
        _unlimited,
    ),
    Rule(
        "S40",
        "resource control policies reach the services of a list alone",
        "https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html",
        lambda world: replace(world, every_service=True),
    ),
    Rule(
        "S65",
        "from another account a key takes a fixed list of calls",
        "https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-modifying-external-accounts.html",
        lambda world: replace(world, every_key_call=True),
    ),
    Rule(
        "S52",
        "an entry whose variable has no value names nothing",
        f"{IUG}reference_policies_variables.html",
        _unresolved,
    ),
    Rule(
        "S49",
        "no page says whether a `*` alone stands for an ARN",
        f"{IUG}reference_policies_elements_condition_operators.html",
        _starless,
    ),
    Rule(
        "S50",
        "0.0.0.0/0 holds every address of IPv4, and no address of IPv6 is in it",
        f"{IUG}reference_policies_elements_condition_operators.html",
        _narrow_addresses,
    ),
    Rule(
        "S26",
        "NotPrincipal beside Deny spares those that it lists with their account; no page tells of less",
        f"{IUG}reference_policies_elements_notprincipal.html",
        _without_exceptions,
    ),
    Rule(
        "A4",
        "a grant to everybody is cut by no boundary and no session policy (S31 for aws:PrincipalArn; else not settled)",
        f"{IUG}reference_policies_elements_principal.html",
        lambda world: _named(world, _cut_by_name),
    ),
    Rule(
        "S33",
        "a grant to the session itself is added after the session policy",
        f"{IUG}access_policies.html",
        lambda world: _named(world, _session_by_role),
    ),
)
MOST_TOGETHER = 3


def explanation(world: World, theirs: str, ask: Callable[[World], str]) -> str:
    """The fewest rules that together explain the other engine's answer; empty where none does."""
    for many in range(1, MOST_TOGETHER + 1):
        for rules in combinations(RULES, many):
            undone = world
            for rule in rules:
                undone = rule.undone(undone)
            if undone != world and ask(undone) == theirs:
                return " and ".join(rule.number for rule in rules)
    return ""
