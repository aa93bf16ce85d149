from __future__ import annotations

from typing import Any

import pulumi
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from components.parameter import Parameter, ParameterArgs
from core.errors import BadInput
from core.value import SECRET
from core.verdict import State
from tests.storage_ground import HERE, Ground, objections, one, planned, secret_word, statements

PARAMETER = "aws:ssm/parameter:Parameter"


def parameter(ground: Ground, **given_args: Any) -> Parameter:
    usual: dict[str, Any] = {"place": HERE, "purpose": "Where the ward's database is", "value": secret_word()}
    key: Any = given_args.pop("key", None) or ground.key("address", "ssm")
    return Parameter(ground.name / "address", ParameterArgs(**{**usual, "key": key, **given_args}), ground.home)


def test_a_parameter_is_sealed_with_our_key_and_found_under_its_environment() -> None:
    graph = planned(parameter)
    made = one(graph, PARAMETER)
    assert (made.get("type"), made.get("name")) == ("SecureString", "/strongroom-prod-address")
    assert graph.linked(made, "keyId") == one(graph, "aws:kms/key:Key")
    assert made.get("value") == SECRET
    assert "open sesame" not in str(graph)


@pytest.mark.parametrize(
    ("as_given", "message"),
    [(str, "stands in the program"), (pulumi.Output.from_input, "its value is no secret")],
    ids=["a literal", "an output that is not marked"],
)
def test_a_value_that_would_be_seen_is_refused_and_not_repeated(as_given: Any, message: str) -> None:
    with pytest.raises(BadInput, match=message) as refused:
        planned(lambda ground: parameter(ground, value=as_given("open sesame")))
    assert "sesame" not in str(refused.value)


def test_a_parameter_without_a_purpose_or_with_a_key_for_something_else_is_refused() -> None:
    with pytest.raises(
        BadInput, match=r"parameter strongroom-prod-address: purpose is empty.*cannot be used through ssm"
    ):
        planned(lambda ground: parameter(ground, purpose="", key=ground.key("address")))


def test_a_grant_is_for_one_parameter_and_its_key_only() -> None:
    graph = planned(lambda ground: parameter(ground).grant_read(ground.role()))
    said, key = statements(graph, one(graph, "aws:iam/policy:Policy")).values()
    assert set(said["Action"]) == {"ssm:GetParameter", "ssm:GetParameters"}
    assert said["Resource"] == ("arn:aws:ssm:eu-central-1:123456789012:parameter/strongroom-prod-address",)
    assert key["Condition"]["StringEquals"]["kms:ViaService"] == ("ssm.eu-central-1.amazonaws.com",)


@settings(max_examples=15, deadline=None)
@given(text=st.text(min_size=1, max_size=20), purpose=st.text("abc ", min_size=1, max_size=20))
def test_no_parameter_fails_a_guard(text: str, purpose: str) -> None:
    graph = planned(lambda ground: parameter(ground, value=secret_word(text), purpose=purpose))
    assert objections(graph, State.FAIL, State.UNKNOWN) == []
