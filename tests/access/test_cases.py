from __future__ import annotations

import pytest

from access.decide import Outcome
from access.document import Kind
from core.errors import BadInput
from tests.access.conftest import CASES, EVERY_CASE, Case, load, outcome_of

STATEMENTS = {f"S{number:02}" for number in range(1, 73)}
COUNTED_OUT = load(CASES / "_counted_out.yaml") or {}


def test_the_case_comes_out_as_its_page_says(case: Case) -> None:
    told = case.told
    if "fault" in told:
        with pytest.raises(BadInput, match=told["fault"]):
            outcome_of(told)
        return
    decision = outcome_of(told)
    assert decision.outcome is Outcome(told["expect"]), decision
    if "by" in told:
        assert decision.layer == told["by"]
    assert told.get("statement", "") in decision.statement
    assert told.get("reason", "") in " ".join(decision.reasons)
    assert told.get("note", "") in " ".join(decision.notes)


def test_all_72_statements_of_the_semantics_are_cited_by_a_case_or_counted_out_with_a_reason() -> None:
    cited = {one for case in EVERY_CASE for one in case.ids}
    print(f"{len(STATEMENTS & cited)} of {len(STATEMENTS)} statements have cases; counted out: {COUNTED_OUT}")  # noqa: T201 - counted out loud
    assert cited | set(COUNTED_OUT) >= STATEMENTS
    assert not cited & set(COUNTED_OUT)
    assert all(len(reason) > 20 for reason in COUNTED_OUT.values())


def test_every_case_names_the_page_that_decides_it() -> None:
    assert [case.name for case in EVERY_CASE if len(case.source) < 8] == []


def test_every_kind_of_policy_and_every_outcome_has_its_cases() -> None:
    outcomes = {case.told.get("expect", "fault") for case in EVERY_CASE}
    assert outcomes == {"allowed", "denied", "unknown", "fault"}
    layers = {"identity", "boundary", "session", "scps", "rcps", "endpoint", "policy", "key_policy", "trust"}
    assert {name for case in EVERY_CASE for name in layers if name in case.told} == layers
    assert len(layers) == len(Kind)
