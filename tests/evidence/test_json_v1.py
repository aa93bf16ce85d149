from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.verdict import State
from evidence import json_v1
from evidence.bundle import Bundle
from tests.evidence.bundles import UNTIL, bundle, finding

SCHEMA = json.loads(
    (Path(__file__).resolve().parents[2] / "docs" / "schemas" / "findings-v1.schema.json").read_text(encoding="utf-8")
)


def valid(made: Bundle) -> Any:
    read = json.loads(json_v1.render(made))
    jsonschema.validate(read, SCHEMA, cls=jsonschema.Draft202012Validator)
    return read


def test_the_schema_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


def test_a_plan_and_an_apply_keep_to_the_schema(five: Bundle, applied: Bundle) -> None:
    assert valid(five)["kind"] == "plan"
    assert valid(applied)["kind"] == "local apply"


@given(states=st.lists(st.sampled_from(State), max_size=8), name=st.text(max_size=20))
def test_any_bundle_keeps_to_the_schema(states: list[State], name: str) -> None:
    findings = tuple(
        finding(state, name, under=State.FAIL, waiver=UNTIL) if state is State.WAIVED else finding(state, name)
        for state in states
    )
    valid(bundle(findings))


@pytest.mark.parametrize("key", ["summary", "findings", "version"])
def test_the_schema_notices_what_is_missing(key: str, five: Bundle) -> None:
    read = valid(five)
    del read[key]
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(read, SCHEMA)


def test_the_schema_notices_a_verdict_that_is_none_of_the_five(five: Bundle) -> None:
    read = json.loads(json_v1.render(five))
    read["findings"][0]["verdict"] = "advisory"
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(read, SCHEMA)
