from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from components.key import Key
from components.table import EXPIRES, Table, TableArgs, for_tables
from core.errors import BadInput
from core.graph import Graph
from core.retention import DataClass
from core.verdict import State
from tests.storage_ground import HERE, Ground, objections, one, planned, statements

TABLE, POLICY = "aws:dynamodb/table:Table", "aws:iam/policy:Policy"


def sealing(ground: Ground, *through: str, data_class: DataClass = DataClass.HEALTH) -> Key:
    return ground.key("visits", *(through or ("dynamodb",)), services=for_tables(HERE), data_class=data_class)


def table(ground: Ground, **given_args: Any) -> Table:
    usual: dict[str, Any] = {"data_class": DataClass.HEALTH, "keep_days": 365}
    key: Any = given_args.pop("key", None) or sealing(ground, data_class=given_args.get("data_class", DataClass.HEALTH))
    return Table(ground.name / "visits", TableArgs(**{**usual, "key": key, **given_args}), ground.home)


def granted(verb: str) -> Graph:
    return planned(lambda ground: getattr(table(ground), f"grant_{verb}")(ground.role()))


def test_a_table_is_sealed_recoverable_expiring_and_protected() -> None:
    graph = planned(lambda ground: table(ground, sort_key="at"))
    made = one(graph, TABLE)
    assert graph.linked(made, "serverSideEncryption", "kmsKeyArn") == one(graph, "aws:kms/key:Key")
    assert made.get("serverSideEncryption", "enabled") is True
    assert made.get("pointInTimeRecovery") == {"enabled": True, "recoveryPeriodInDays": 35}
    assert made.get("ttl") == {"enabled": True, "attributeName": EXPIRES}
    assert made.get("deletionProtectionEnabled") is True
    assert made.get("billingMode") == "PAY_PER_REQUEST"
    assert [column["name"] for column in made.get("attributes")] == ["id", "at"]
    assert made.get("tags", "strongroom:data-class") == "health"


def test_aws_makes_up_the_name_so_that_two_environments_never_collide() -> None:
    assert "name" not in one(planned(table), TABLE).inputs


def test_only_a_table_that_may_go_with_its_stack_is_unprotected() -> None:
    graph = planned(lambda ground: table(ground, force_destroy=True), tier="dev")
    assert one(graph, TABLE).get("deletionProtectionEnabled") is False
    assert objections(graph) == []


@pytest.mark.parametrize(
    ("verb", "actions"),
    [
        ("read", {"dynamodb:BatchGetItem", "dynamodb:GetItem", "dynamodb:Query"}),
        ("scan", {"dynamodb:Scan"}),
        ("write", {"dynamodb:ConditionCheckItem", "dynamodb:PutItem", "dynamodb:UpdateItem"}),
        ("delete", {"dynamodb:DeleteItem"}),
    ],
)
def test_a_grant_gives_one_verb_and_the_use_of_the_key_through_dynamodb(verb: str, actions: set[str]) -> None:
    graph = granted(verb)
    said, key = statements(graph, one(graph, POLICY)).values()
    assert set(said["Action"]) == actions
    assert key["Action"] == ("kms:Decrypt",)
    assert key["Condition"]["StringEquals"]["kms:ViaService"] == ("dynamodb.eu-central-1.amazonaws.com",)
    assert len(said["Resource"]) == 1


def test_the_key_lets_dynamodb_make_grants_for_callers_of_this_account_only() -> None:
    (statement,) = for_tables(HERE)
    assert statement["Condition"]["StringEquals"] == {
        "kms:CallerAccount": HERE.account,
        "kms:ViaService": ["dynamodb.eu-central-1.amazonaws.com"],
    }


@pytest.mark.parametrize(
    ("given_args", "message"),
    [
        ({"keep_days": 0}, "keep_days is 0; expected 1 or more"),
        ({"undo_days": 0}, "undo_days is 0; DynamoDB takes 1 to 35"),
        ({"undo_days": 36}, "undo_days is 36"),
        ({"partition_key": ""}, "partition_key is empty"),
        ({"sort_key": "id"}, "partition_key and sort_key are the same"),
        ({"sort_key": EXPIRES}, "by which items lapse"),
    ],
)
def test_what_dynamodb_would_refuse_is_refused_here(given_args: dict[str, Any], message: str) -> None:
    with pytest.raises(BadInput, match=f"table strongroom-prod-visits: .*{message}"):
        planned(lambda ground: table(ground, **given_args))


def test_a_key_that_dynamodb_cannot_use_is_refused() -> None:
    with pytest.raises(BadInput, match=r"cannot be used through dynamodb.*makes? no grants|cannot be used through"):
        planned(lambda ground: table(ground, key=ground.key("visits", "s3")))
    with pytest.raises(BadInput, match="lets DynamoDB make no grants; give the key `for_tables`"):
        planned(lambda ground: table(ground, key=ground.key("visits", "dynamodb")))


@settings(max_examples=15, deadline=None)
@given(
    data_class=st.sampled_from(DataClass),
    keep_days=st.integers(1, 36500),
    undo_days=st.integers(1, 35),
    sort_key=st.sampled_from(["", "at"]),
    tier=st.sampled_from(["dev", "prod"]),
)
def test_no_table_fails_a_guard(
    data_class: DataClass, keep_days: int, undo_days: int, sort_key: str, tier: str
) -> None:
    def program(ground: Ground) -> None:
        kept = table(
            ground,
            data_class=data_class,
            keep_days=keep_days,
            undo_days=undo_days,
            sort_key=sort_key,
            force_destroy=tier == "dev",
        )
        kept.grant_read(ground.role())

    assert objections(planned(program, tier), State.FAIL, State.UNKNOWN) == []
