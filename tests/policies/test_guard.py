from __future__ import annotations

from typing import Any

import pytest

from core.finding import Severity
from core.graph import Graph
from core.resource import Resource
from core.verdict import State, Verdict, passed
from policies.guard import FAULT, Guard, Register, guard

THING = "aws:x/thing:Thing"
NOTHING = Graph(())
RESOURCE = Resource(THING, "urn:pulumi:test::p::aws:x/thing:Thing::a", {"word": "hush"})


def registered(rule: Any, name: str = "x.thing_is_right", **changes: Any) -> Guard:
    into: Register = {}
    about: dict[str, Any] = {"on": THING, "severity": Severity.LOW, "fix": "Mend it.", **changes}
    assert guard(name, into=into, **about)(rule) is rule
    return into[name]


def thing_is_right(_thing: Resource, _graph: Graph) -> Verdict:
    """It must be right."""
    return passed("it is")


def test_a_guard_keeps_what_is_said_about_it() -> None:
    made = registered(thing_is_right)
    assert (made.why, made.on, made.severity, made.fix, made.alone) == (
        "It must be right.",
        (THING,),
        Severity.LOW,
        "Mend it.",
        False,
    )
    assert made.judge(RESOURCE, NOTHING) == passed("it is")


def test_a_guard_that_takes_the_resource_only_stands_alone() -> None:
    def thing_is_right(thing: Resource) -> Verdict:
        """It must be right."""
        return passed(thing.name)

    made = registered(thing_is_right)
    assert made.alone
    assert made.judge(RESOURCE, NOTHING) == passed("a")


@pytest.mark.parametrize(
    ("name", "changes", "why"),
    [
        ("x.thing_is_wrong", {}, "must be called thing_is_wrong"),
        ("thing_is_right", {}, "<service>.<subject>_<truth>"),
        ("x.Thing_is_right", {}, "lower case"),
        ("x.right", {}, "<service>.<subject>_<truth>"),
        ("x.thing_is_right", {"fix": " "}, "a fix"),
        ("x.thing_is_right", {"on": ()}, "a type"),
        ("x.thing_is_right", {"on": ("",)}, "a type"),
    ],
)
def test_a_guard_that_could_not_be_explained_is_refused(name: str, changes: dict[str, object], why: str) -> None:
    with pytest.raises(ValueError, match=why):
        registered(thing_is_right, name, **changes)


def test_a_guard_without_a_docstring_is_refused() -> None:
    def thing_is_right(_thing: Resource) -> Verdict:
        return passed("it is")

    with pytest.raises(ValueError, match="docstring"):
        registered(thing_is_right)


def test_a_guard_that_asks_for_more_than_resource_and_graph_is_refused() -> None:
    def thing_is_right(_thing: Resource, _graph: Graph, _more: int) -> Verdict:
        """It must be right."""
        return passed("it is")

    with pytest.raises(ValueError, match="takes the resource"):
        registered(thing_is_right)


def test_an_id_is_given_out_once() -> None:
    into: Register = {}
    enter = guard("x.thing_is_right", on=THING, severity=Severity.LOW, fix="Mend it.", into=into)
    enter(thing_is_right)
    with pytest.raises(ValueError, match="taken"):
        enter(thing_is_right)


def test_a_guard_that_breaks_has_not_decided_and_says_where_without_any_value() -> None:
    def thing_is_right(thing: Resource) -> Verdict:
        """It must be right."""
        return passed(str(int(thing.inputs["word"])))

    verdict = registered(thing_is_right).judge(RESOURCE, NOTHING)
    assert verdict.state is State.UNKNOWN
    assert verdict.reason.startswith(f"{FAULT} ValueError at test_guard.py:")
    assert "hush" not in verdict.reason


@pytest.mark.parametrize("answer", [None, True, "pass", Verdict(State.WAIVED, "I say so")])
def test_what_is_no_verdict_of_a_guard_is_no_answer(answer: object) -> None:
    def thing_is_right(_thing: Resource) -> object:
        """It must be right."""
        return answer

    verdict = registered(thing_is_right).judge(RESOURCE, NOTHING)
    assert (verdict.state, verdict.reason) == (State.UNKNOWN, f"{FAULT} its answer was no verdict")
