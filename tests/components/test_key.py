from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from components import key_policy
from components.key import Key, KeyArgs, titled
from components.place import Place, place_of
from components.policy_document import allow
from components.role import Role, RoleArgs
from core.errors import BadInput
from core.graph import Graph
from core.naming import Name
from core.resource import Resource

KEY, ALIAS, POLICY = "aws:kms/key:Key", "aws:kms/alias:Alias", "aws:iam/policy:Policy"
CRYPTOGRAPHIC = {"Encrypt", "Decrypt", "ReEncrypt", "GenerateDataKey", "GenerateMac", "Sign", "Verify", "CreateGrant"}
KEEPER = "arn:aws:iam::123456789012:role/break-glass"
TRAIL = "arn:aws:cloudtrail:eu-central-1:123456789012:trail/audit"
Planned = Callable[[Callable[[], Any]], Graph]


def statements(graph: Graph, resource: Resource) -> list[Mapping[str, Any]]:
    document = graph.document(resource)
    assert isinstance(document, Mapping)
    return list(document["Statement"])


def said(graph: Graph, sid: str) -> Mapping[str, Any]:
    (key,) = graph.of_type(KEY)
    return next(statement for statement in statements(graph, key) if statement["Sid"] == sid)


def is_cryptographic(action: str) -> bool:
    return any(action.removeprefix("kms:").startswith(word) for word in CRYPTOGRAPHIC) or action == "kms:*"


def test_a_key_rotates_and_cannot_vanish_overnight(planned: Planned, root: Name, place: Place) -> None:
    (key,) = planned(lambda: Key(root / "data", KeyArgs(place, "seals data"))).of_type(KEY)
    assert key.inputs["enableKeyRotation"] is True
    assert (key.inputs["rotationPeriodInDays"], key.inputs["deletionWindowInDays"]) == (365, 30)
    assert "bypassPolicyLockoutSafetyCheck" not in key.inputs


def test_the_alias_carries_the_environment(planned: Planned, root: Name, place: Place) -> None:
    graph = planned(lambda: Key(root / "data", KeyArgs(place, "seals data")))
    (alias,), (key,) = graph.of_type(ALIAS), graph.of_type(KEY)
    assert alias.inputs["name"] == "alias/strongroom-staging-data"
    assert graph.linked(alias, "targetKeyId") == key


def test_the_account_administers_without_using(planned: Planned, root: Name, place: Place) -> None:
    graph = planned(lambda: Key(root / "data", KeyArgs(place, "seals data")))
    administration = said(graph, "AccountAdministers")
    assert "kms:PutKeyPolicy" in administration["Action"], "without it KMS refuses the policy"
    assert not [action for action in administration["Action"] if is_cryptographic(action)]


def test_roles_use_the_key_only_through_the_named_services(planned: Planned, root: Name, place: Place) -> None:
    graph = planned(lambda: Key(root / "data", KeyArgs(place, "seals data", ("s3", "logs"))))
    assert said(graph, "RolesUseThroughServices")["Condition"]["StringEquals"] == {
        "kms:CallerAccount": place.account,
        "kms:ViaService": ("s3.eu-central-1.amazonaws.com", "logs.eu-central-1.amazonaws.com"),
    }


def test_only_services_that_hand_the_key_on_may_make_grants(planned: Planned, root: Name, place: Place) -> None:
    graph = planned(lambda: Key(root / "data", KeyArgs(place, "seals data", ("s3", "sagemaker"))))
    grants = said(graph, "ServicesPassOn")
    assert grants["Action"] == ("kms:CreateGrant",)
    assert grants["Condition"]["Bool"] == {"kms:GrantIsForAWSResource": "true"}
    assert grants["Condition"]["StringEquals"]["kms:ViaService"] == ("sagemaker.eu-central-1.amazonaws.com",)
    plain = planned(lambda: Key(root / "data", KeyArgs(place, "seals data", ("s3",))))
    (key,) = plain.of_type(KEY)
    assert "ServicesPassOn" not in [statement["Sid"] for statement in statements(plain, key)]


def test_only_keepers_end_a_key_that_has_some(planned: Planned, root: Name, place: Place) -> None:
    graph = planned(lambda: Key(root / "data", KeyArgs(place, "seals data", keepers=[KEEPER])))
    denial = said(graph, "OnlyKeepersEndIt")
    assert denial["Effect"] == "Deny"
    assert set(denial["Action"]) == {"kms:DisableKey", "kms:ScheduleKeyDeletion"}
    assert denial["Condition"] == {"ArnNotLike": {"aws:PrincipalArn": (KEEPER,)}}


@pytest.mark.parametrize(
    ("made_by", "principal", "condition"),
    [
        (
            lambda place: key_policy.for_trail(place, TRAIL)[0],
            "cloudtrail.amazonaws.com",
            {
                "StringEquals": {"aws:SourceArn": TRAIL},
                "StringLike": {"kms:EncryptionContext:aws:cloudtrail:arn": "arn:aws:cloudtrail:*:123456789012:trail/*"},
            },
        ),
        (
            lambda place: key_policy.for_log_groups(place, "/cloudtrail/audit")[0],
            "logs.eu-central-1.amazonaws.com",
            {
                "ArnEquals": {
                    "kms:EncryptionContext:aws:logs:arn": [
                        "arn:aws:logs:eu-central-1:123456789012:log-group:/cloudtrail/audit"
                    ]
                }
            },
        ),
        (
            lambda place: key_policy.for_flow_logs(place)[0],
            "delivery.logs.amazonaws.com",
            {
                "StringEquals": {"aws:SourceAccount": "123456789012"},
                "ArnLike": {"aws:SourceArn": "arn:aws:logs:eu-central-1:123456789012:*"},
            },
        ),
        (
            lambda place: key_policy.for_alarms(place)[0],
            "cloudwatch.amazonaws.com",
            {"StringEquals": {"aws:SourceAccount": "123456789012"}},
        ),
    ],
    ids=["trail", "log groups", "flow logs", "alarms"],
)
def test_a_service_is_admitted_on_the_conditions_it_sends(
    place: Place, made_by: Callable[[Place], dict[str, Any]], principal: str, condition: dict[str, Any]
) -> None:
    statement = made_by(place)
    assert statement["Principal"] == {"Service": principal}
    assert statement["Condition"] == condition


def test_a_pattern_of_log_groups_is_compared_as_a_pattern(place: Place) -> None:
    (statement,) = key_policy.for_log_groups(place, "/aws/sagemaker/Endpoints/strongroom-*")
    assert list(statement["Condition"]) == ["ArnLike"]


def test_a_key_knows_which_services_it_admits(planned: Planned, root: Name, place: Place) -> None:
    def program() -> None:
        key = Key(root / "data", KeyArgs(place, "seals data", services=key_policy.for_alarms(place)))
        assert key.admits("cloudwatch.amazonaws.com")
        assert not key.admits("cloudtrail.amazonaws.com")

    planned(program)


@pytest.mark.parametrize(
    ("grant", "actions"),
    [("grant_encrypt", set(key_policy.ENCRYPT)), ("grant_decrypt", {"kms:Decrypt"})],
)
def test_a_grant_gives_one_direction_through_the_services_only(
    planned: Planned, root: Name, place: Place, grant: str, actions: set[str]
) -> None:
    def program() -> None:
        trust = [allow("Run", ["sts:AssumeRole"], [], {"Service": "sagemaker.amazonaws.com"})]
        getattr(Key(root / "data", KeyArgs(place, "seals data")), grant)(Role(root / "runner", RoleArgs(trust, "runs")))

    graph = planned(program)
    (policy,) = graph.of_type(POLICY)
    (statement,) = statements(graph, policy)
    assert set(statement["Action"]) == actions
    assert statement["Condition"]["StringEquals"]["kms:ViaService"] == ("s3.eu-central-1.amazonaws.com",)
    assert statement["Sid"].isalnum()


@pytest.mark.parametrize(
    ("given_args", "message"),
    [
        ({"deletion_days": 6}, "deletion_days is 6; KMS takes 7 to 30"),
        ({"deletion_days": 31}, "deletion_days is 31"),
        ({"rotation_days": 89}, "rotation_days is 89; KMS takes 90 to 2560"),
        ({"rotation_days": 2561}, "rotation_days is 2561"),
        ({"through": ()}, "through is empty"),
        ({"purpose": "für Daten"}, "plain ASCII"),
        ({"purpose": ""}, "plain ASCII"),
    ],
)
def test_what_kms_would_refuse_is_refused_here(
    planned: Planned, root: Name, place: Place, given_args: dict[str, Any], message: str
) -> None:
    usual: dict[str, Any] = {"place": place, "purpose": "seals data"}
    with pytest.raises(BadInput, match=message):
        planned(lambda: Key(root / "data", KeyArgs(**{**usual, **given_args})))


def test_all_faults_are_named_at_once(planned: Planned, root: Name, place: Place) -> None:
    with pytest.raises(BadInput, match=r"key strongroom-staging-data: deletion_days.*rotation_days.*through"):
        planned(lambda: Key(root / "data", KeyArgs(place, "seals", (), rotation_days=1, deletion_days=1)))


@settings(max_examples=40, deadline=None)
@given(
    region=st.sampled_from(["eu-central-1", "us-gov-west-1", "cn-north-1"]),
    through=st.lists(st.sampled_from(["s3", "logs", "sagemaker", "sns"]), min_size=1, unique=True),
    keepers=st.lists(st.just(KEEPER), max_size=1),
    rotation=st.integers(90, 2560),
    window=st.integers(7, 30),
)
def test_no_key_is_ever_open_to_use_without_conditions(
    planned: Planned, root: Name, region: str, through: list[str], keepers: list[str], rotation: int, window: int
) -> None:
    place = place_of("123456789012", region)
    args = KeyArgs(place, "seals data", through, key_policy.for_alarms(place), keepers, rotation, window)
    graph = planned(lambda: Key(root / "data", args))
    (key,) = graph.of_type(KEY)
    written = statements(graph, key)
    used = [s for s in written if s["Effect"] == "Allow" and any(is_cryptographic(a) for a in s["Action"])]
    assert used
    assert all("Condition" in statement for statement in used)
    assert all(statement["Principal"] != "*" for statement in written)
    assert any("kms:PutKeyPolicy" in statement["Action"] for statement in written)
    assert not [s for s in written if s["Effect"] == "Deny" and "kms:PutKeyPolicy" in s["Action"]]


def test_a_name_becomes_words_that_a_sid_takes() -> None:
    assert titled("strongroom-prod-raw-2") == "StrongroomProdRaw2"
