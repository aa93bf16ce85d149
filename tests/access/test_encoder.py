"""The encoder held against the evaluator: random policies with free requests, and concrete requests of each."""

from __future__ import annotations

import random
from collections.abc import Mapping
from typing import Any

import pytest

from access.caller import Value
from access.decide import Outcome, decide
from access.document import Document, Kind
from access.formula import leaves_of
from access.free import FreeRequest
from access.glyphs import ANYTHING
from access.layers import Layers
from access.parse import parse_policy
from access.prove import Prover
from access.reference import ALWAYS_PRESENT, Reference
from access.request import Request
from access.situation import Call, Situation
from access.terms import Domain, Reader
from access.truth import Maybe, Truth
from access.witness import is_true
from core.value import Unknown
from tests.access.conftest import CALLERS, HOME

SITUATIONS, REQUESTS = 500, 10
SOMEWHERE = Unknown("somewhere")
TAGS = "aws:principaltag/"
REGIONS = {"arn:aws:s3:::ward/*": ["a", "alice", "raw/a", "raw/b/c", "x"], "arn:aws:s3:::ward-⟨w⟩/raw/*": ["a", "q/b"]}
RESOURCES = [
    *("*", "arn:aws:s3:::ward/*", "arn:aws:s3:::ward/raw/*", "arn:aws:s3:::ward/?", "arn:aws:s3:::*/raw/*/c"),
    *("arn:aws:s3:::ward-⟨w⟩/*", "arn:aws:s3:::ward-1a/raw/q*", "arn:aws:s3:::ward/${aws:username}*"),
    *("arn:aws:s3:::ward/${aws:PrincipalTag/team, 'raw'}/*", "arn:aws:s3:::lab/*"),
]
VALUES: Mapping[str, list[str]] = {
    "s3:prefix": ["a", "b", "ab", "A", "", "raw/x", "c*"],
    "aws:sourceip": ["10.0.0.7", "10.0.1.1", "192.0.2.9", "2001:db8::1"],
    "s3:max-keys": ["1", "5", "7", "10"],
    "aws:securetransport": ["true", "false"],
    "aws:currenttime": ["2026-01-01T00:00:00Z", "2026-06-30T12:00:00Z", "2027-01-01T00:00:00Z"],
    "aws:sourcearn": ["arn:aws:s3:::ward", "arn:aws:sns:eu:1:t", "no arn"],
    "aws:tagkeys": ["a", "b", "team"],
    "aws:requesttag/team": ["ward", "lab"],
}
OPERATORS: Mapping[str, list[tuple[str, list[Any]]]] = {
    "s3:prefix": [
        *(("StringEquals", ["a", "ab"]), ("StringNotEquals", ["a"]), ("StringLike", ["a*", "*b", "?"])),
        *(("StringNotLike", ["raw/*"]), ("StringEqualsIgnoreCase", ["a"]), ("StringLikeIfExists", ["*x"])),
        *(("Null", ["true"]), ("Null", ["false"]), ("ForAllValues:StringLike", ["a*"]), ("StringLike", ["c${*}"])),
    ],
    "aws:sourceip": [("IpAddress", ["10.0.0.0/24", "192.0.2.0/24"]), ("NotIpAddress", ["10.0.0.0/16"])],
    "s3:max-keys": [("NumericLessThan", ["5"]), ("NumericGreaterThanEquals", ["7"]), ("NumericNotEquals", ["5"])],
    "aws:securetransport": [("Bool", ["true"]), ("Bool", ["false"]), ("BoolIfExists", ["false"])],
    "aws:currenttime": [("DateLessThan", ["2026-06-30T12:00:00Z"]), ("DateGreaterThan", ["2026-12-31T00:00:00Z"])],
    "aws:sourcearn": [("ArnLike", ["arn:aws:s3:::*", "arn:*:t"]), ("ArnNotEquals", ["arn:aws:sns:*:1:t"])],
    "aws:tagkeys": [
        *(("ForAnyValue:StringEquals", ["a"]), ("ForAllValues:StringLike", ["a*", "te*"]), ("StringEquals", ["a"])),
        *(("ForAnyValue:StringNotEquals", ["b"]), ("ForAllValues:StringNotEquals", ["b"]), ("Null", ["true"])),
    ],
    "aws:requesttag/team": [("StringEquals", ["${aws:PrincipalTag/team}"]), ("StringNotEquals", ["lab"])],
}


def condition(dice: random.Random) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key in dice.sample(list(OPERATORS), dice.choice([0, 0, 1, 1, 2])):
        operator, values = dice.choice(OPERATORS[key])
        chosen = dice.sample(values, dice.randint(1, len(values)))
        found.setdefault(operator, {})[key] = SOMEWHERE if dice.random() < 0.06 else chosen
    return found


def statement(dice: random.Random, kind: Kind) -> dict[str, Any]:
    told: dict[str, Any] = {
        "Effect": dice.choice(["Allow", "Allow", "Deny"]),
        dice.choice(["Action", "Action", "NotAction"]): dice.choice(["s3:*", "s3:GetObject", "s3:Put*", "*"]),
        dice.choice(["Resource", "Resource", "NotResource"]): dice.sample(RESOURCES, dice.randint(1, 2)),
        "Condition": condition(dice),
    }
    if kind in {Kind.RESOURCE, Kind.ENDPOINT}:
        arns = [caller.arn for caller in CALLERS.values() if ":user/" in caller.arn or ":role/" in caller.arn]
        told["Principal"] = dice.choice(["*", {"AWS": HOME}, {"AWS": dice.choice(arns)}])
    if dice.random() < 0.04:
        told["Resource" if "Resource" in told else "NotResource"] = [SOMEWHERE]
    return told


def layers(dice: random.Random) -> Layers:
    def maybe(kind: Kind, chance: float) -> Document | None:
        if dice.random() > chance:
            return None
        body = [statement(dice, kind) for _ in range(dice.randint(1, 4))]
        found = parse_policy({"Version": "2012-10-17", "Statement": body}, kind, str(kind))
        assert isinstance(found, Document)
        return found

    identity, scp, session = maybe(Kind.IDENTITY, 0.9), maybe(Kind.SCP, 0.2), maybe(Kind.SESSION, 0.2)
    return Layers(
        identity=(identity,) if identity else (),
        boundary=maybe(Kind.BOUNDARY, 0.4),
        session=(session,) if session else None,
        scps=((scp,),) if scp else (),
        endpoint=maybe(Kind.ENDPOINT, 0.2),
        resource=maybe(Kind.RESOURCE, 0.6),
    )


def concrete(dice: random.Random, free: FreeRequest) -> Request:
    """A request of the situation: some keys, some values, something in place of what is free."""
    context: dict[str, Value] = {}
    for key, values in VALUES.items():
        if key in ALWAYS_PRESENT or dice.random() < 0.6:
            context[key] = dice.choice(values)
            if key == "aws:tagkeys" and dice.random() < 0.5:
                context[key] = tuple(dice.sample(values, 2))
    below = dice.choice(REGIONS[free.resource.replace(ANYTHING, "*")])
    return Request(free.caller, free.action, free.resource.replace(ANYTHING, below), free.account, context)


def place(domain: Domain, probes: set[Any], value: Value) -> dict[str, int]:
    """The classes that a value falls into; every value must fall into one."""

    def class_of(item: Value) -> int:
        wanted = [seen(probe.on(item)) for probe in probes]
        for number, one in enumerate(domain.values):
            if (one is None) == (item is None) and [seen(probe.on(one)) for probe in probes] == wanted:
                return number
        pytest.fail(f"no class of {domain} stands for {item!r}")

    if not domain.many:
        return {domain.variable: class_of(value)}
    items = value if isinstance(value, tuple) else () if value is None else (value,)
    return {**{domain.bit(class_of(item)): 1 for item in items}, domain.more: int(len(items) > 1)}


def seen(truth: Truth) -> object:
    return "?" if isinstance(truth, Maybe) else truth


def value_of(variable: str, request: Request) -> str | tuple[str, ...] | None:
    if ANYTHING in variable:
        return request.parts[int(variable.partition(":")[0])]
    value = request.value(variable)
    assert value is None or isinstance(value, str | tuple)
    return value


def test_over_random_policies_the_encoder_says_of_each_request_what_the_evaluator_says() -> None:
    dice = random.Random(20261124)  # noqa: S311 - nothing secret: the same dice every time
    outcomes = dict.fromkeys(Outcome, 0)
    verdicts: dict[bool | None, int] = {True: 0, False: 0, None: 0}
    prover = Prover()
    for _ in range(SITUATIONS):
        held = layers(dice)
        who = CALLERS[dice.choice(["alice", "analyst", "bob", "root", "federated", "service", "anonymous"])]
        region = dice.choice(list(REGIONS)).replace("*", ANYTHING)
        free = FreeRequest(who, dice.choice(["s3:GetObject", "s3:PutObject"]), region, HOME, complete=(TAGS,))
        situation = Situation((Call(free, held),))
        finding = prover.find(situation)
        assert not finding.reason.startswith("limit"), finding.reason
        verdicts[finding.can] += 1
        said = points(dice, prover, situation)
        for outcome in said:
            outcomes[outcome] += 1
        assert finding.can is not False or Outcome.ALLOWED not in said
        assert finding.can is not True or finding.witness is not None
    assert min(outcomes.values()) > 100, outcomes
    assert min(verdicts.values()) > 10, verdicts


def points(dice: random.Random, prover: Prover, situation: Situation) -> list[Outcome]:
    """What becomes of some requests, each read in the encoder's two terms as well."""
    [call] = situation.calls
    truth = situation.truth(Reference())
    leaves = list(leaves_of(truth))
    reader = Reader(prover._domains(leaves, {}))
    sure, may = (reader.term(truth, may=way) for way in (False, True))
    probes: dict[str, set[Any]] = {}
    for leaf in leaves:
        probes.setdefault(leaf.variable, set()).add(leaf.probe)
    said = []
    for _ in range(REQUESTS):
        request = concrete(dice, call.request)
        taken: dict[str, int] = {}
        for name, domain in reader.domains.items():
            taken.update(place(domain, probes[name], value_of(name, request)))
        outcome = decide(request, call.layers).outcome
        told = f"{request}\n{call.layers}\n{taken}\n{reader.domains}"
        assert is_true(sure, taken) is (outcome is Outcome.ALLOWED), told
        assert is_true(may, taken) is (outcome is not Outcome.DENIED), told
        said.append(outcome)
    return said
