"""A decision in plain words: what was asked, what each layer says, which statement decided."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from access.decide import NONE, Decision, Said
from access.document import Document, Effect, Statement, Test
from access.glyphs import ANYTHING
from access.layers import Clause, Layer, Layers
from access.request import Request
from access.truth import Maybe
from access.wildcard import Pattern
from core.value import Unknown

OWN_NAME = re.compile(r"([A-Za-z0-9_.-]+)-⟨\1⟩")
MOST_NAMED = 3
VERBS = {Effect.ALLOW: "allows", Effect.DENY: "denies"}
CUTS = frozenset({Layer.BOUNDARY, Layer.SESSION, Layer.SCP, Layer.ENDPOINT})


def shown(text: str) -> str:
    """A text for people: what Pulumi or AWS will append to a name is an ellipsis, any thing is a star."""
    return OWN_NAME.sub(r"\1-…", text.replace(ANYTHING, "*"))


def headline(request: Request, decision: Decision) -> str:
    """The outcome in one line."""
    return f"{decision.outcome.value.upper()}  {request.action} on {shown(request.resource)}"


def who(request: Request) -> str:
    """The caller in one line."""
    name = shown(request.caller.arn) or "somebody who does not say who they are"
    return f"{request.caller.who} {name}" if request.caller.arn else name


def verdict(decision: Decision) -> str:
    """What decided, and why."""
    statement = f", {shown(decision.statement)}" if decision.statement else ""
    reason = "; ".join(dict.fromkeys(shown(reason) for reason in decision.reasons))
    return f"{decision.layer}{statement}{': ' if reason else ''}{reason}"


def layer_lines(decision: Decision) -> Iterator[tuple[str, str]]:
    """Each layer and what it says, in the order of evaluation; those of which there is none come last, together."""
    for said in decision.said:
        if said.why_not != NONE:
            yield str(said.layer), says(said)
    if none := [str(said.layer) for said in decision.said if said.why_not == NONE]:
        yield "none is given", ", ".join(none)


def says(said: Said) -> str:
    """What one layer says."""
    if said.why_not:
        return f"does not apply: {said.why_not}"
    if said.layer is Layer.BLOCK:
        if isinstance(said.passes, Maybe):
            return f"may stop it: {'; '.join(map(shown, said.passes.reasons))}"
        return "lets it through" if said.passes else "stops it: the policy is public, and the caller of another account"
    return "; ".join(_parts(said)) or ("does not allow it" if said.layer in CUTS else "says nothing of it")


def _parts(said: Said) -> Iterator[str]:
    judged = said.judged
    if judged.denies is True:
        yield f"denies: {_named(judged.denying, sure=True)}"
        return
    if isinstance(judged.denies, Maybe):
        yield f"may deny: {_named(judged.denying, sure=False)}"
    if judged.allows is True:
        yield f"allows: {_named(judged.allowing, sure=True)}"
    elif isinstance(judged.allows, Maybe):
        yield f"may allow: {_named(judged.allowing, sure=False)}"
    elif said.layer is Layer.RCP and judged.denies is False:
        yield "does not deny it"


def _named(clauses: tuple[Clause, ...], *, sure: bool) -> str:
    """The statements that say so, each in words; of many, the first."""
    found = [one for one in clauses if (one.truth is True) is sure]
    texts = [f"{one.name} of {shown(one.label)}{_in_words(one.statement)}" for one in found[:MOST_NAMED]]
    more = f" and {len(found) - MOST_NAMED} more" if len(found) > MOST_NAMED else ""
    doubts = sorted({reason for one in found if isinstance(one.truth, Maybe) for reason in one.truth.reasons})
    why = f" ({'; '.join(map(shown, doubts))})" if doubts else ""
    return ", ".join(texts) + more + why


def _in_words(statement: Statement | Unknown) -> str:
    return f", {words(statement)}" if isinstance(statement, Statement) else ""


def words(statement: Statement) -> str:
    """A statement as a sentence would have it."""
    effect = VERBS[statement.effect] if isinstance(statement.effect, Effect) else "allows or denies"
    actions = _list([one.text if not isinstance(one, Unknown) else "?" for one in statement.actions])
    told = [effect, "all but" if statement.action_negated else "", actions]
    if statement.resources is not None:
        resources = _list([shown(one.text) if not isinstance(one, Unknown) else "?" for one in statement.resources])
        told += ["on", "all but" if statement.resource_negated else "", "everything" if resources == "*" else resources]
    conditions = " and ".join(_condition(test) for test in statement.tests)
    return " ".join(part for part in [*told, f"when {conditions}" if conditions else ""] if part)


def _condition(test: Test | Unknown) -> str:
    if isinstance(test, Unknown):
        return "a condition holds that is not known"
    if isinstance(test.values, Unknown):
        return f"{test.shown} {test.operator.text} ?"
    values = [shown(one.text) if isinstance(one, Pattern) else "?" for one in test.values]
    return f"{test.shown} {test.operator.text} {_list(values)}"


def _list(texts: list[str]) -> str:
    more = f" and {len(texts) - MOST_NAMED} more" if len(texts) > MOST_NAMED else ""
    return ", ".join(texts[:MOST_NAMED]) + more


def as_data(request: Request, decision: Decision, layers: Layers, assumed: list[str]) -> dict[str, Any]:
    """The explanation as plain data, in a fixed order of keys."""
    return {
        "action": request.action,
        "resource": shown(request.resource),
        "caller": shown(request.caller.arn),
        "outcome": decision.outcome.value,
        "layer": str(decision.layer),
        "statement": shown(decision.statement),
        "reasons": [shown(reason) for reason in decision.reasons],
        "layers": [{"layer": str(said.layer), "says": says(said)} for said in decision.said],
        "notes": [*decision.notes, *policy_notes(layers)],
        "assumed": assumed,
    }


def policy_notes(layers: Layers) -> list[str]:
    """What is worth a look in the policies themselves."""
    singles = (layers.boundary, layers.endpoint, layers.resource)
    held = [*layers.identity, *(layers.session or ()), *singles]
    return [f"{shown(one.label)}: {note}" for one in held if isinstance(one, Document) for note in one.notes]
