from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from components.key import Key, KeyArgs
from components.key_policy import for_feature_store
from components.key_reach import Copies, CustomStore
from components.place import place_of
from core.errors import BadInput
from core.resource import Resource
from policies import tokens
from tests.data_lake_programs import (
    ELSEWHERE,
    PLACE,
    RESIDENCY,
    alarms,
    captured,
    complaints,
    copied_key,
    home,
    name,
    said,
)

KEY, COPY, ALIAS = tokens.KEY, tokens.KEY_COPY, "aws:kms/alias:Alias"
OWN = "arn:aws:iam::123456789012:role/"
ADMINISTRATORS = [f"{OWN}key-admin-*", f"{OWN}deploy"]
STORE = CustomStore("cks-1234567890abcdef0")
NO_TRAIL = "kms.key_ending_raises_an_alarm"


def one_key(**given_args: Any) -> Callable[[], Any]:
    return lambda: Key(name() / "data", KeyArgs(PLACE, "seals data", **given_args), home())


def the_key(**given_args: Any) -> tuple[Any, Resource]:
    graph = captured(one_key(**given_args))
    (key,) = graph.of_type(KEY)
    return graph, key


def objections(program: Callable[[], Any]) -> list[tuple[str, str, str]]:
    return [found for found in complaints(captured(program)) if found[0] != NO_TRAIL]


def test_named_administrators_administer_instead_of_the_account() -> None:
    graph, key = the_key(administrators=ADMINISTRATORS)
    statement = said(graph, key, "AdministratorsAdminister")
    assert "kms:PutKeyPolicy" in statement["Action"]
    assert statement["Condition"] == {"ArnLike": {"aws:PrincipalArn": (PLACE.root, *ADMINISTRATORS)}}
    with pytest.raises(StopIteration):
        said(graph, key, "AccountAdministers")


def test_the_root_user_and_the_deploying_role_can_always_change_the_policy() -> None:
    graph, key = the_key(administrators=ADMINISTRATORS)
    statement = said(graph, key, "AdministratorsAdminister")
    assert statement["Principal"] == {"AWS": PLACE.root}, "a principal that does not exist is refused by KMS"
    assert PLACE.root in statement["Condition"]["ArnLike"]["aws:PrincipalArn"]
    assert "bypassPolicyLockoutSafetyCheck" not in key.inputs


def test_whoever_is_no_administrator_may_still_look() -> None:
    graph, key = the_key(administrators=ADMINISTRATORS)
    looks = said(graph, key, "AccountLooks")["Action"]
    assert {"kms:DescribeKey", "kms:GetKeyPolicy"} <= set(looks)
    assert all(action.startswith(("kms:Describe", "kms:Get", "kms:List")) for action in looks)


def test_without_names_the_account_administers_as_before() -> None:
    graph, key = the_key()
    assert "Condition" not in said(graph, key, "AccountAdministers")


def test_a_key_that_may_be_copied_is_copied_to_the_named_regions_only() -> None:
    graph, key = the_key(copies=Copies(["eu-west-1"], RESIDENCY), administrators=ADMINISTRATORS)
    assert key.inputs["multiRegion"] is True
    refusal, copying = said(graph, key, "NoCopyElsewhere"), said(graph, key, "AccountCopies")
    assert (refusal["Effect"], refusal["Principal"]) == ("Deny", {"AWS": "*"})
    assert refusal["Condition"] == {"StringNotEquals": {"kms:ReplicaRegion": ("eu-west-1",)}}
    assert copying["Condition"]["ArnLike"]["aws:PrincipalArn"] == (PLACE.root, *ADMINISTRATORS)


def test_a_key_of_one_region_stays_one() -> None:
    _, key = the_key()
    assert key.inputs.keys().isdisjoint({"multiRegion", "customKeyStoreId", "xksKeyId"})


def test_a_key_in_a_store_of_ones_own_does_not_claim_to_rotate() -> None:
    _, key = the_key(store=CustomStore(STORE.id, "module-7"))
    assert key.inputs.keys().isdisjoint({"enableKeyRotation", "rotationPeriodInDays"})
    assert (key.inputs["customKeyStoreId"], key.inputs["xksKeyId"]) == (STORE.id, "module-7")


@pytest.mark.parametrize(
    ("given_args", "message"),
    [
        ({"administrators": ["arn:aws:iam::123456789012:root"]}, r"administrators\[0\] is no role of this account"),
        ({"administrators": ["arn:aws:iam::999999999999:role/a"]}, r"administrators\[0\] is no role of this account"),
        ({"administrators": [f"{OWN}*"]}, r"administrators\[0\] is no role"),
        ({"administrators": ["arn:aws:iam::123456789012:user/a"]}, r"administrators\[0\] is no role"),
        ({"copies": Copies([], RESIDENCY)}, "copies name no Region"),
        ({"copies": Copies(["eu-nowhere-1"], RESIDENCY)}, "copies in 'eu-nowhere-1'; expected the code"),
        ({"copies": Copies(["us-east-1"], RESIDENCY)}, "copies in us-east-1, outside the residency set"),
        ({"copies": Copies(["eu-central-1"], RESIDENCY)}, "which has the key itself"),
        ({"copies": Copies(["eu-west-1", "eu-west-1"], RESIDENCY)}, "name a Region twice"),
        ({"copies": Copies(["cn-north-1"], ["cn-north-1"])}, "outside partition aws"),
        ({"store": CustomStore("hsm")}, "store 'hsm'; expected an id such as"),
        ({"store": CustomStore(STORE.id, "a b")}, "external_key must be"),
        ({"store": STORE, "copies": Copies(["eu-west-1"], RESIDENCY)}, "cannot be copied into other Regions"),
    ],
)
def test_what_would_lock_out_or_reach_too_far_is_refused(given_args: dict[str, Any], message: str) -> None:
    with pytest.raises(BadInput, match=message):
        captured(one_key(**given_args))


def test_a_copy_stands_in_its_region_with_a_policy_of_its_own() -> None:
    graph = captured(lambda: copied_key(home(), administrators=ADMINISTRATORS))
    (copy,), (key,) = graph.of_type(COPY), graph.of_type(KEY)
    assert (copy.inputs["region"], copy.inputs["deletionWindowInDays"]) == ("eu-west-1", 30)
    assert graph.linked(copy, "primaryKeyArn") == key
    through = said(graph, copy, "RolesUseThroughServices")["Condition"]["StringEquals"]["kms:ViaService"]
    assert through == ("s3.eu-west-1.amazonaws.com",)
    assert said(graph, copy, "AdministratorsAdminister")
    alias = next(alias for alias in graph.of_type(ALIAS) if alias.get("region") == "eu-west-1")
    assert alias.inputs["name"] == "alias/strongroom-staging-far-copy"
    assert complaints(graph) == [found for found in complaints(graph) if found[0] == NO_TRAIL]


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"place": place_of("123456789012", "us-east-1")}, "not to be copied to us-east-1"),
        ({"place": place_of("999999999999", "eu-west-1")}, "another account"),
        ({"deletion_days": 3}, "deletion_days is 3"),
        ({"through": ()}, "through is empty"),
        ({"purpose": ""}, "plain ASCII"),
        ({"administrators": ["a"]}, r"administrators\[0\]"),
    ],
)
def test_a_copy_that_cannot_be_is_refused(changed: dict[str, Any], message: str) -> None:
    with pytest.raises(BadInput, match=message):
        captured(lambda: copied_key(home(), **changed))


def test_a_key_of_one_region_cannot_be_copied() -> None:
    def program() -> None:
        above = home()
        copied_key(above, primary=Key(name() / "near", KeyArgs(PLACE, "seals data"), above))

    with pytest.raises(BadInput, match="its primary is a key of one Region"):
        captured(program)


def test_what_follows_the_end_of_a_key_raises_an_alarm() -> None:
    graph = captured(lambda: alarms(home()))
    patterns = {f.name.rpartition("-")[2]: f.inputs["pattern"] for f in graph.of_type(tokens.METRIC_FILTER)}
    assert "pending deletion" in patterns["missed"]
    assert "ReplicateKey" in patterns["moved"]
    assert "DisconnectCustomKeyStore" in patterns["moved"]
    assert all(len(pattern) <= 1024 for pattern in patterns.values() if isinstance(pattern, str))
    alarm = next(a for a in graph.of_type(tokens.METRIC_ALARM) if a.name.endswith("key-alarm-alarm"))
    assert (alarm.inputs["namespace"], alarm.inputs["metricName"]) == ("strongroom-staging-key-alarm", "KeysInDanger")
    assert len(alarm.inputs["alarmActions"]) == 1


def test_the_alarm_on_tampering_counts_the_end_of_every_key() -> None:
    """Why KeyAlarm does not count it once more."""
    assert complaints(captured(lambda: alarms(home()))) == []


@settings(max_examples=20, deadline=None)
@given(
    through=st.lists(st.sampled_from(["s3", "logs", "sagemaker", "sns", "glue"]), min_size=1, unique=True),
    administrators=st.lists(st.sampled_from(ADMINISTRATORS), unique=True),
    copies=st.sampled_from(
        [None, Copies(["eu-west-1"], RESIDENCY), Copies(["eu-west-1", "eu-north-1"], ["eu-west-1", "eu-north-1"])]
    ),
    store=st.sampled_from([None, STORE]),
    keepers=st.lists(st.just(f"{OWN}break-glass"), max_size=1),
)
def test_no_key_is_ever_objected_to(
    through: list[str], administrators: list[str], copies: Copies | None, store: CustomStore | None, keepers: list[str]
) -> None:
    args = KeyArgs(
        PLACE,
        "seals data",
        through,
        for_feature_store(PLACE),
        keepers,
        administrators=administrators,
        copies=None if store else copies,
        store=store,
    )
    residency = (*RESIDENCY, "eu-north-1")
    assert objections(lambda: Key(name() / "data", args, home(residency))) == []


@settings(max_examples=15, deadline=None)
@given(
    through=st.lists(st.sampled_from(["s3", "logs", "sagemaker"]), min_size=1, unique=True),
    administrators=st.lists(st.sampled_from(ADMINISTRATORS), unique=True),
    keepers=st.lists(st.just(f"{OWN}break-glass"), max_size=1),
)
def test_no_copy_is_ever_objected_to(through: list[str], administrators: list[str], keepers: list[str]) -> None:
    changed: dict[str, Any] = {"through": through, "administrators": administrators, "keepers": keepers}
    assert objections(lambda: copied_key(home(), **changed, services=for_feature_store(ELSEWHERE))) == []
