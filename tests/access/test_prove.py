from __future__ import annotations

from dataclasses import replace
from typing import Any

from access.decide import Outcome, decide
from access.formula import leaves_of
from access.free import FreeRequest
from access.glyphs import ANYTHING
from access.layers import Layers
from access.prove import Finding, Prover
from access.question import ABSENT, Given, Presence
from access.reference import DEFAULT, Reference
from access.request import Request
from access.situation import Call, Situation
from core.value import Unknown
from tests.access.conftest import Case, layers_of, reference_of, request_of

TAGS = "aws:principaltag/"
CAN = {Outcome.ALLOWED: True, Outcome.DENIED: False, Outcome.UNKNOWN: None}


def freed(request: Request, layers: Layers, reference: Reference = DEFAULT) -> Situation:
    """The same request with every key free, and each assumed to be what it was."""
    asked = (request.caller, request.action, request.resource, request.account)
    truth = Situation((Call(FreeRequest(*asked, complete=(TAGS,)), layers),)).truth(reference)
    keys = {leaf.variable for leaf in leaves_of(truth)}
    kept = {key: value for key, value in request.context.items() if is_fixed(key.lower(), value, keys)}
    situation = Situation((Call(FreeRequest(*asked, kept, complete=(TAGS,)), layers),))
    return replace(
        situation, given={key: assumed(request.value(key)) for key in keys - {kept.lower() for kept in kept}}
    )


def is_fixed(key: str, value: Any, free: set[str]) -> bool:
    return isinstance(value, Unknown) or key not in free


def assumed(value: Any) -> Given:
    if isinstance(value, str):
        return Given(Presence.EITHER, (value,)) if value == "" else Given(Presence.PRESENT, (value,))
    return ABSENT


def found(request: Request, layers: Layers, reference: Reference = DEFAULT) -> Finding:
    return Prover(reference).find(freed(request, layers, reference))


def test_every_case_comes_out_of_the_prover_as_it_comes_out_of_the_evaluator(case: Case) -> None:
    if "fault" in case.told or case.told.get("open_world"):
        return
    for told in ({**case.told}, *({**case.told, **further} for further in case.told.get("also", []))):
        request, layers, reference = request_of(told), layers_of(told), reference_of(told)
        if any(isinstance(value, tuple) for value in request.context.values()) or ANYTHING in request.resource:
            continue  # several values cannot be assumed one by one, and free text is asked about below
        decision = decide(request, layers, reference)
        assert found(request, layers, reference).can is CAN[decision.outcome], decision
