from __future__ import annotations

from typing import Any

import pulumi
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from components.secret import Rotation, Secret, SecretArgs
from core.errors import BadInput
from core.value import SECRET
from core.verdict import State
from tests.storage_ground import HERE, Ground, objections, one, planned, secret_word, statements

SECRETS, POLICY = "aws:secretsmanager/secret:Secret", "aws:secretsmanager/secretPolicy:SecretPolicy"
ROTATION, VERSION = "aws:secretsmanager/secretRotation:SecretRotation", "aws:secretsmanager/secretVersion:SecretVersion"
ROTATOR = HERE.arn("lambda", "function:rotate")


def secret(ground: Ground, **given_args: Any) -> Secret:
    usual: dict[str, Any] = {"place": HERE, "purpose": "Opens the ward's database"}
    key: Any = given_args.pop("key", None) or ground.key("login", "secretsmanager")
    if not {"rotation", "value"} & given_args.keys():
        usual["rotation"] = Rotation(ROTATOR)
    return Secret(ground.name / "login", SecretArgs(**{**usual, "key": key, **given_args}), ground.home)


def test_a_secret_is_sealed_closed_rotated_and_not_gone_at_once() -> None:
    graph = planned(secret)
    made = one(graph, SECRETS)
    assert graph.linked(made, "kmsKeyId") == one(graph, "aws:kms/key:Key")
    assert made.get("recoveryWindowInDays") == 30
    assert one(graph, POLICY).get("blockPublicPolicy") is True
    assert one(graph, ROTATION).get("rotationRules") == {"automaticallyAfterDays": 30}
    assert graph.linked(one(graph, ROTATION), "secretId") == graph.linked(one(graph, POLICY), "secretArn") == made


def test_a_secret_that_is_made_again_does_not_meet_its_old_name() -> None:
    assert "name" not in one(planned(secret), SECRETS).inputs


def test_nobody_in_the_clear_and_nobody_of_another_account_comes_near() -> None:
    graph = planned(secret)
    said = statements(graph, one(graph, POLICY))
    assert said["OnlyOverTls"]["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
    assert said["OnlyThisAccount"]["Condition"] == {"StringNotEquals": {"aws:PrincipalAccount": HERE.account}}
    assert {statement["Effect"] for statement in said.values()} == {"Deny"}


def test_a_value_that_comes_in_as_a_secret_stays_one() -> None:
    graph = planned(lambda ground: secret(ground, value=secret_word()))
    assert one(graph, VERSION).get("secretString") == SECRET
    assert "open sesame" not in str(graph)


def test_without_a_value_the_program_makes_no_version() -> None:
    assert planned(secret).of_type(VERSION) == ()


def test_a_value_in_the_program_is_refused_and_not_repeated() -> None:
    with pytest.raises(BadInput, match="its value stands in the program") as refused:
        planned(lambda ground: secret(ground, value="open sesame"))
    assert "sesame" not in str(refused.value)


def test_a_value_that_is_not_marked_as_a_secret_is_refused() -> None:
    with pytest.raises(BadInput, match="its value is no secret"):
        planned(lambda ground: secret(ground, value=pulumi.Output.from_input("open sesame")))


@pytest.mark.parametrize(
    ("given_args", "message"),
    [
        ({"recovery_days": 6}, "recovery_days is 6; Secrets Manager takes 7 to 30"),
        ({"recovery_days": 31}, "recovery_days is 31"),
        ({"purpose": ""}, "purpose is empty"),
        ({"rotation": Rotation(ROTATOR, 91)}, "rotation.days is 91; expected 1 to 90"),
        ({"rotation": Rotation(ROTATOR, 0)}, "rotation.days is 0"),
        (
            {"rotation": Rotation("rotate")},
            "rotation.function is no function here; expected an ARN such as arn:aws:lambda",
        ),
        (
            {"rotation": Rotation(ROTATOR.replace(HERE.account, "210987654321"))},
            "rotation.function is no function here",
        ),
    ],
)
def test_what_would_leave_a_secret_open_or_lost_is_refused(given_args: dict[str, Any], message: str) -> None:
    with pytest.raises(BadInput, match=f"secret strongroom-prod-login: .*{message}"):
        planned(lambda ground: secret(ground, **given_args))


def test_a_value_beside_a_rotation_is_refused() -> None:
    with pytest.raises(BadInput, match="would undo each rotation"):
        planned(lambda ground: secret(ground, rotation=Rotation(ROTATOR), value=secret_word()))


def test_a_key_that_secrets_manager_cannot_use_is_refused() -> None:
    with pytest.raises(BadInput, match="cannot be used through secretsmanager"):
        planned(lambda ground: secret(ground, key=ground.key("login")))


@pytest.mark.parametrize(
    ("verb", "actions"),
    [
        ("read", {"secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"}),
        ("write", {"secretsmanager:PutSecretValue"}),
    ],
)
def test_a_grant_is_for_one_secret_and_its_key_only(verb: str, actions: set[str]) -> None:
    graph = planned(lambda ground: getattr(secret(ground), f"grant_{verb}")(ground.role()))
    said, *keys = statements(graph, one(graph, "aws:iam/policy:Policy")).values()
    assert set(said["Action"]) == actions
    assert len(said["Resource"]) == 1
    for key in keys:
        assert key["Condition"]["StringEquals"]["kms:ViaService"] == ("secretsmanager.eu-central-1.amazonaws.com",)


@settings(max_examples=15, deadline=None)
@given(days=st.integers(1, 90), window=st.integers(7, 30), function=st.sampled_from([ROTATOR, f"{ROTATOR}:live", None]))
def test_no_secret_that_rotates_fails_a_guard(days: int, window: int, function: str | None) -> None:
    def program(ground: Ground) -> None:
        arn = function or pulumi.Output.from_input(ROTATOR)
        secret(ground, rotation=Rotation(arn, days), recovery_days=window).grant_read(ground.role())

    assert objections(planned(program), State.FAIL, State.UNKNOWN) == []
