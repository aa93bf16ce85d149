from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from components.feature_group import FeatureGroup, FeatureGroupArgs, Features, Online
from components.key import Key, KeyArgs
from components.key_policy import for_feature_store
from components.object_lock import Lock, LockMode
from core.errors import BadInput
from core.graph import Graph
from core.retention import DataClass
from policies import tokens
from tests.data_lake_programs import PLACE, VISITS, bucket, captured, complaints, home, name, online, reader, said

NO_TRAIL = "kms.key_ending_raises_an_alarm"
POLICY = "aws:iam/policy:Policy"
VERBS = ("grant_get", "grant_put", "grant_erase", "grant_read_history")


def group(features: Features = VISITS, days: int | None = 30, verbs: tuple[str, ...] = (), **history: Any) -> Graph:
    """One with a store of latest values, unless `days` is -1."""

    def program() -> None:
        above = home()
        latest = None if days == -1 else online(above, days)
        args = FeatureGroupArgs(PLACE, features, bucket("history", above, **history), latest)
        made = FeatureGroup(name() / "features", args, above)
        for verb in verbs:
            getattr(made, verb)(reader(above, verb.replace("_", "-")))

    return captured(program)


def the_group(graph: Graph) -> Any:
    return graph.of_type(tokens.FEATURE_GROUP)[0]


def test_latest_values_are_sealed_with_a_key_of_their_own_and_end() -> None:
    graph = group()
    made = the_group(graph)
    latest = made.inputs["onlineStoreConfig"]
    assert latest["enableOnlineStore"] is True
    assert latest["ttlDuration"] == {"unit": "Days", "value": 30}
    sealed = graph.linked(made, "onlineStoreConfig", "securityConfig", "kmsKeyId")
    kept = graph.linked(made, "offlineStoreConfig", "s3StorageConfig", "kmsKeyId")
    assert (getattr(sealed, "name", ""), getattr(kept, "name", "")) == (
        "strongroom-staging-online-key-key",
        "strongroom-staging-history-key-key",
    )


def test_the_history_is_kept_in_a_form_that_people_can_be_taken_out_of() -> None:
    history = the_group(group()).inputs["offlineStoreConfig"]
    assert history["tableFormat"] == "Iceberg"
    assert history["disableGlueTableCreation"] is False, "Iceberg tables are made by SageMaker only"
    assert "dataCatalogConfig" not in history, "a table of a fixed name would be found again when the group is remade"


def test_identifier_and_time_are_among_the_features() -> None:
    made = the_group(group())
    names = [feature["featureName"] for feature in made.inputs["featureDefinitions"]]
    assert {made.inputs["recordIdentifierFeatureName"], made.inputs["eventTimeFeatureName"]} <= set(names)
    assert made.inputs["featureGroupName"] == "strongroom-staging-features"
    assert made.inputs["tags"]["strongroom:data-class"] == "health"


def test_the_group_comes_after_all_that_its_role_may_do() -> None:
    graph = group()
    order = [resource.urn for resource in graph.in_order()]
    (policy,) = graph.of_type(POLICY)
    assert order.index(policy.urn) < order.index(the_group(graph).urn)


def test_the_writer_reaches_its_own_history_and_its_own_tables_only() -> None:
    graph = group()
    (policy,) = graph.of_type(POLICY)
    tables = said(graph, policy, "KeepTable")
    assert tables["Action"] == ("glue:GetTable", "glue:UpdateTable")
    assert tables["Resource"][-1].endswith(":table/sagemaker_featurestore/strongroom_staging_features_*")
    assert "s3:DeleteObject" not in said(graph, policy, "WriteHistory")["Action"]


def test_a_group_without_a_store_of_latest_values_has_only_a_history() -> None:
    assert "onlineStoreConfig" not in the_group(group(days=-1)).inputs


@pytest.mark.parametrize(
    ("verb", "actions"),
    [
        ("grant_get", {"sagemaker:BatchGetRecord", "sagemaker:GetRecord"}),
        ("grant_put", {"sagemaker:PutRecord"}),
        ("grant_erase", {"sagemaker:DeleteRecord", "sagemaker:GetRecord"}),
    ],
)
def test_a_grant_is_for_this_group_and_opens_it_through_sagemaker(verb: str, actions: set[str]) -> None:
    graph = group(verbs=(verb,))
    policy = next(p for p in graph.of_type(POLICY) if "-grant-" in p.name)
    word = verb.removeprefix("grant_").capitalize()
    assert set(said(graph, policy, f"{word}StrongroomStagingFeatures")["Action"]) == actions
    opened = said(graph, policy, "DecryptStrongroomStagingOnlineKey")
    assert opened["Condition"]["StringEquals"]["kms:ViaService"] == ("sagemaker.eu-central-1.amazonaws.com",)


def test_the_store_may_make_and_end_its_grants_on_the_key_by_way_of_sagemaker() -> None:
    (statement,) = for_feature_store(PLACE)
    assert {"kms:CreateGrant", "kms:RetireGrant", "kms:ListGrants"} <= set(statement["Action"])
    assert statement["Condition"]["StringEquals"]["kms:ViaService"] == ["sagemaker.eu-central-1.amazonaws.com"]


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"days": None}, "health data online without an end"),
        ({"days": 0}, "online for 0 days; expected 1 to the 365"),
        ({"days": 366}, "online for 366 days"),
        ({"lock": Lock(30, LockMode.GOVERNANCE)}, "its history is locked"),
        ({"data_class": DataClass.INTERNAL, "key": None}, "its history has no key"),
        ({"features": Features({}, "a", "b")}, "0 features; expected 1 to 2500"),
        ({"features": Features({"a": "String", "b": "Text"}, "a", "b")}, "feature 'b' is 'Text'"),
        ({"features": Features({"a": "String", "is_deleted": "String"}, "a", "is_deleted")}, "none of SageMaker's"),
        ({"features": Features({"a": "String", "b-": "String"}, "a", "b-")}, "feature 'b-'; expected letters"),
        ({"features": Features({"a": "String"}, "a", "b")}, "event_time is 'b', which is no feature"),
        ({"features": Features({"a": "String"}, "a", "a")}, "are the same feature"),
        ({"features": Features({"a": "String", "b": "Integral"}, "a", "b")}, "event_time is Integral"),
    ],
)
def test_a_group_that_sagemaker_or_the_law_would_refuse_is_refused(changed: dict[str, Any], message: str) -> None:
    with pytest.raises(BadInput, match=message):
        group(**changed)


@pytest.mark.parametrize(
    ("key_args", "message"),
    [
        ({"through": ("s3",), "services": for_feature_store(PLACE)}, "not used through SageMaker"),
        ({"through": ("sagemaker",)}, "does not admit the store"),
    ],
)
def test_a_key_that_the_store_could_not_use_is_refused(key_args: dict[str, Any], message: str) -> None:
    def program() -> None:
        above = home()
        key = Key(name() / "online-key", KeyArgs(PLACE, "seals features", **key_args), above)
        args = FeatureGroupArgs(PLACE, VISITS, bucket("history", above), Online(key, 30))
        FeatureGroup(name() / "features", args, above)

    with pytest.raises(BadInput, match=message):
        captured(program)


def test_one_key_for_both_stores_is_refused() -> None:
    def program() -> None:
        above = home()
        history = bucket("history", above)
        assert history.args.key is not None
        FeatureGroup(name() / "features", FeatureGroupArgs(PLACE, VISITS, history, Online(history.args.key, 30)), above)

    with pytest.raises(BadInput, match="one key for both stores"):
        captured(program)


@settings(max_examples=20, deadline=None)
@given(
    data_class=st.sampled_from(list(DataClass)),
    days=st.sampled_from([None, -1, 1, 365]),
    verbs=st.sets(st.sampled_from(VERBS)),
    more=st.dictionaries(st.from_regex(r"f[a-z0-9]{1,9}", fullmatch=True), st.sampled_from(["String", "Integral"])),
)
def test_no_group_is_ever_objected_to(
    data_class: DataClass, days: int | None, verbs: set[str], more: dict[str, str]
) -> None:
    if days is None and data_class.identifies_people:
        days = 30
    features = Features({**VISITS.kinds, **more}, VISITS.identifier, VISITS.event_time)
    graph = group(features, days, tuple(sorted(verbs)), data_class=data_class)
    assert [found for found in complaints(graph) if found[0] != NO_TRAIL] == []
