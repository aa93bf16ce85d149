"""The lake, features, tables, secrets and parameters of the settings, and who does what with them."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from types import SimpleNamespace
from typing import Any, cast

import pytest

from core.errors import BadInput
from core.graph import Graph
from core.personas import PERSONAS
from core.retention import DataClass
from core.settings import Layer, Settings, Tier, settings_from
from core.value import SECRET
from core.verdict import State
from policies.judge import judge
from stacks import layer_outputs as told
from stacks.blueprint import blueprint
from stacks.building_site import site_of
from stacks.capture import Surroundings, capture
from stacks.config_file import CONFIG_FOLDER, PROJECT, config_values
from stacks.data_work import DataWork, asks, learns, prepares
from stacks.feature_store import online
from stacks.lake import Lakes
from stacks.records import LATER, value

CONFIG = config_values((CONFIG_FOLDER / "Pulumi.prod.yaml").read_text(encoding="utf-8"), "f")
ACCOUNT = CONFIG["account"]
KEY = f"arn:aws:kms:eu-central-1:{ACCOUNT}:key/0a1b2c3d-0000-4000-8000-0a1b2c3d4e5f"
ADMIN = f"arn:aws:iam::{ACCOUNT}:role/deployment"
TABLE, LAKE_TABLES = "aws:dynamodb/table:Table", "aws:glue/catalogDatabase:CatalogDatabase"
ONCE = (
    "aws:glue/dataCatalogEncryptionSettings:DataCatalogEncryptionSettings",
    "aws:lakeformation/dataLakeSettings:DataLakeSettings",
)


def settings_with(**changes: Any) -> Settings:
    """Those of prod, without its models, and with changes."""
    told = {key: value if isinstance(value, str) else json.dumps(value) for key, value in changes.items()}
    return settings_from({**CONFIG, "models": "{}", **told}, "prod", "f")


def plan(
    settings: Settings,
    program: Callable[[], Any] | None = None,
    realise: Any = None,
    values: Mapping[str, str] | None = None,
) -> Graph:
    """The whole of the environment, or a program about a part of it."""
    below = told.samples(settings, "strongroom")
    around = Surroundings("strongroom", "prod", ACCOUNT, "eu-central-1", values or {}, PROJECT, below)
    return capture(program or (lambda: blueprint(settings)), around, realise)


@pytest.fixture(scope="module")
def prod() -> Graph:
    return plan(settings_with())


def granted(graph: Graph, persona: str) -> dict[str, str]:
    """What the work with data lets the persona do: the Sid of each statement -> its actions."""
    policies = [found for found in graph.of_type("aws:iam/policy:Policy") if f"{persona}-workwithdata" in found.name]
    documents = [graph.document(found) for found in policies]
    said = [one for document in documents if isinstance(document, Mapping) for one in document["Statement"]]
    return {str(one["Sid"]).replace("WardlightProd", ""): " ".join(one["Action"]) for one in said}


def test_prod_has_all_that_its_settings_name_and_nothing_fails(prod: Graph) -> None:
    names = {str(found.get("name")) for found in prod.of_type(LAKE_TABLES)}
    assert {name for name in names if "_lake_" in name} == {
        "wardlight_prod_lake_internal",
        "wardlight_prod_lake_health",
    }
    assert [found.get("hashKey") for found in prod.of_type(TABLE)] == ["patient"]
    assert {found.get("featureGroupName") for found in prod.of_type("aws:sagemaker/featureGroup:FeatureGroup")} == {
        "wardlight-prod-features-arrivals",
        "wardlight-prod-features-wards",
    }
    assert [f.message for f in judge(prod) if f.state in {State.FAIL, State.UNKNOWN} and not f.awaits_account] == []


def test_little_is_made_where_nothing_is_named() -> None:
    settings = settings_with(lake={}, features={}, tables={}, secrets={}, parameters={}, layer="platform")
    bare = plan(settings)
    made = {found.type.split(":")[1].split("/")[0] for found in bare.resources if found.type.startswith("aws:")}
    assert not made & {"athena", "glue", "lakeformation", "dynamodb", "secretsmanager", "ssm"}  # in this layer
    assert not bare.of_type("aws:sagemaker/featureGroup:FeatureGroup")


def test_what_an_account_has_once_hangs_below_its_baseline(prod: Graph) -> None:
    for token in ONCE:
        (found,) = prod.of_type(token)
        assert any(above.type == "strongroom:index:AccountBaseline" for above in prod.ancestors(found))


def test_a_guest_makes_lakes_over_the_catalogue_of_whoever_owns_the_account() -> None:
    guest = plan(settings_with(adopt={"baseline": True, "catalogue_key": KEY}, layer="platform"))
    assert not guest.of_type(*ONCE)
    assert len(guest.of_type(LAKE_TABLES)) == 2
    (engineer,) = [p for p in guest.of_type("aws:iam/policy:Policy") if p.name.endswith("data-engineer-workwithdata")]
    assert KEY in str(guest.document(engineer))


def test_an_owner_without_lakes_of_its_own_still_closes_the_accounts(prod: Graph) -> None:
    nothing = settings_with(lake={"administrators": [ADMIN], "classes": []})
    owner = plan(nothing.model_copy(update={"layer": Layer.ACCOUNT}))
    assert len(owner.of_type(*ONCE)) == len(prod.of_type(*ONCE))
    above = plan(nothing.model_copy(update={"layer": Layer.PLATFORM}))
    assert not above.of_type(LAKE_TABLES, "aws:athena/workgroup:Workgroup")


def test_data_about_people_is_backed_up_wherever_it_lies(prod: Graph) -> None:
    tagged = {found.name for found in prod.resources if found.get("tags", "strongroom:backup")}
    assert "wardlight-prod-table-consents-table" in tagged
    assert "wardlight-prod-answers-people-store" in tagged
    assert "wardlight-prod-answers-prepared-store" not in tagged
    makers = [found for found in prod.of_type("aws:iam/policy:Policy") if "backups-maker" in found.name]
    assert any("BackUpTables" in str(prod.document(found)) for found in makers)


def test_the_scientist_meets_nothing_about_people(prod: Graph) -> None:
    said = granted(prod, "data-scientist")
    assert {"SelectLakeInternal", "QueryQuestionsPrepared", "ReadDataInternalFeaturesFeaturesWards"} <= set(said)
    assert not [sid for sid in said if "Health" in sid or "People" in sid or "Consents" in sid]
    assert not [actions for actions in said.values() if "Put" in actions and "s3:PutObject" not in actions]


def test_the_engineer_writes_and_asks_where_people_are_met(prod: Graph) -> None:
    said = granted(prod, "data-engineer")
    written = {"WriteLakeInternal", "WriteLakeHealth", "PutFeaturesArrivals", "PutFeaturesWards", "WriteTableConsents"}
    assert {*written, "QueryQuestionsPeople", "ReadSecretRecords", "ReadParameterRecordsHost"} <= set(said)
    assert "QueryQuestionsPrepared" not in said
    assert not [actions for actions in said.values() if "Delete" in actions and "glue:" not in actions]


def test_a_client_fetches_what_models_are_asked_with_and_no_history(prod: Graph) -> None:
    said = granted(prod, "inference-client")
    assert set(said) == {"GetFeaturesArrivals", "DecryptFeaturesArrivalsKey"}
    assert granted(prod, "ml-engineer") == {}


def test_lake_formation_lets_in_by_name_only(prod: Graph) -> None:
    permits = prod.of_type("aws:lakeformation/permissions:Permissions")
    assert {found.name.rpartition("-data-")[2] for found in permits} == {"engineer", "scientist"}
    scientists = {found.name for found in permits if found.name.endswith("data-scientist")}
    assert all("-lake-internal-" in name for name in scientists)


@pytest.mark.parametrize(("ttl_days", "kept"), [(30, 30), (None, 3650)])
def test_the_latest_values_go_when_it_is_said_or_with_their_class(ttl_days: int | None, kept: int) -> None:
    settings, days = settings_with(), []
    said = settings.features["arrivals"].model_copy(update={"ttl_days": ttl_days})

    def program() -> None:
        site = site_of(settings)
        days.append(online(site, site.name / "features", said).days)

    plan(settings, program)
    assert days == [kept]


def test_a_parameter_comes_from_the_stacks_configuration_and_a_deployment_demands_it(prod: Graph) -> None:
    settings = settings_with()
    known: list[str] = []

    def program(said: Settings = settings) -> None:
        value(said, "records-host").apply(known.append)

    (parameter,) = prod.of_type("aws:ssm/parameter:Parameter")
    assert parameter.get("value") is SECRET
    plan(settings, program, dict, {"parameters:records-host": "records.example"})
    plan(settings, program)
    local = settings.model_copy(update={"tier": Tier.LOCAL})
    plan(local, lambda: program(local), dict)
    assert known == ["records.example", LATER, LATER]
    with pytest.raises(BadInput, match="pulumi config set --secret parameters:records-host --stack prod"):
        plan(settings, program, dict)


class Noted:
    """Stands for something that can be granted, and notes by which verbs it was."""

    def __init__(self, component: str, notes: set[tuple[str, str]], **facts: Any) -> None:
        self.component, self.notes = component, notes
        vars(self).update(facts)

    def __getattr__(self, name: str) -> Callable[..., None]:
        return lambda *_: self.notes.add((self.component, name.removeprefix("grant_")))


@pytest.mark.parametrize(
    ("persona", "grant"), [("data-engineer", prepares), ("data-scientist", learns), ("inference-client", asks)]
)
def test_each_persona_is_granted_what_the_table_says_and_nothing_else(persona: str, grant: Callable[..., None]) -> None:
    notes: set[tuple[str, str]] = set()
    group = Noted("FeatureGroup", notes, args=SimpleNamespace(data_class=DataClass.INTERNAL, online=True))
    one = {kind: {"one": Noted(kind, notes)} for kind in ("Table", "Secret", "Parameter")}
    questions = {circle: Noted("QueryWorkgroup", notes) for circle in ("people", "prepared")}
    lake: Any = Lakes(cast("Any", {DataClass.INTERNAL: Noted("DataLake", notes)}), cast("Any", questions))
    access = cast("Any", SimpleNamespace(secrets=one["Secret"], parameters=one["Parameter"]))
    grant(cast("Any", None), DataWork(lake, cast("Any", {"one": group}), cast("Any", one["Table"]), access))
    others = {"Bucket", "ModelEndpoint", "AccountAccess"}
    wanted = {(said.component, said.verb) for said in PERSONAS[persona].grants if said.component not in others}
    assert notes == wanted
