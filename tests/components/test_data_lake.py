from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from components.catalogue_encryption import CatalogueEncryption, CatalogueEncryptionArgs
from components.data_lake import database_name
from components.key import Key, KeyArgs
from components.lake_settings import LakeSettings, LakeSettingsArgs
from components.object_lock import Lock, LockMode
from core.errors import BadInput
from core.graph import Graph
from core.naming import Name
from core.retention import DataClass
from policies import tokens
from tests.data_lake_programs import (
    ADMIN,
    PLACE,
    bucket,
    captured,
    complaints,
    home,
    lake,
    name,
    reader,
    said,
    statements,
    tables,
)

NO_TRAIL = "kms.key_ending_raises_an_alarm"
POLICY = "aws:iam/policy:Policy"


@pytest.fixture(scope="module")
def platform() -> Graph:
    """All of it, with everything granted."""
    return captured(tables)


def grants(graph: Graph, role: str) -> dict[str, tuple[str, ...]]:
    """What Lake Formation lets the role do, by what."""
    found = [grant for grant in graph.of_type(tokens.LAKE_GRANT) if grant.name.endswith(f"-{role}")]
    return {
        next(kind for kind in ("database", "table", "dataLocation") if kind in grant.inputs): grant.inputs[
            "permissions"
        ]
        for grant in found
    }


def test_the_catalogue_and_its_passwords_are_sealed_with_our_key(platform: Graph) -> None:
    (catalogue,) = platform.of_type(tokens.CATALOGUE)
    held = catalogue.inputs["dataCatalogEncryptionSettings"]
    assert held["encryptionAtRest"]["catalogEncryptionMode"] == "SSE-KMS"
    assert held["connectionPasswordEncryption"]["returnConnectionPasswordEncrypted"] is True
    key = platform.linked(catalogue, "dataCatalogEncryptionSettings", "encryptionAtRest", "sseAwsKmsKeyId")
    assert key is not None
    assert "catalogue-key" in getattr(key, "name", "")


def test_new_databases_and_tables_are_nobodys(platform: Graph) -> None:
    (lake_settings,), (database,) = platform.of_type(tokens.LAKE_SETTINGS), platform.of_type(tokens.GLUE_DATABASE)
    assert lake_settings.inputs["createDatabaseDefaultPermissions"] == ()
    assert lake_settings.inputs["createTableDefaultPermissions"] == ()
    assert lake_settings.inputs["admins"] == (ADMIN,)
    assert database.inputs["createTableDefaultPermissions"] == ()


def test_the_settings_stand_before_the_database(platform: Graph) -> None:
    (lake_settings,), (database,) = platform.of_type(tokens.LAKE_SETTINGS), platform.of_type(tokens.GLUE_DATABASE)
    order = [resource.urn for resource in platform.in_order()]
    assert order.index(lake_settings.urn) < order.index(database.urn)


def test_the_database_is_named_by_environment_and_without_hyphens(platform: Graph) -> None:
    (database,) = platform.of_type(tokens.GLUE_DATABASE)
    assert database.inputs["name"] == "strongroom_staging_lake"
    assert database.inputs["tags"]["strongroom:data-class"] == "health"


def test_what_jobs_write_is_sealed_in_all_three_places(platform: Graph) -> None:
    (security,) = platform.of_type(tokens.GLUE_SECURITY)
    sealed = security.inputs["encryptionConfiguration"]
    modes = {what: {v for k, v in sealed[what].items() if k.endswith("Mode")} for what in sealed}
    assert modes == {
        "s3Encryption": {"SSE-KMS"},
        "cloudwatchEncryption": {"SSE-KMS"},
        "jobBookmarksEncryption": {"CSE-KMS"},
    }


def test_the_bucket_is_registered_with_a_role_that_reaches_only_it(platform: Graph) -> None:
    (location,) = platform.of_type(tokens.LAKE_LOCATION)
    role = platform.linked(location, "roleArn")
    assert getattr(role, "name", "") == "strongroom-staging-lake-vendor-role"
    assert location.inputs["hybridAccessEnabled"] is False
    policy = next(p for p in platform.of_type(POLICY) if p.name.endswith("vendor-reachfiles"))
    assert "s3:DeleteObject" in said(platform, policy, "ReachFiles")["Action"]
    assert not [statement for statement in statements(platform, policy) if statement["Resource"] == ("*",)]


def test_select_lets_read_every_table_and_not_pass_it_on(platform: Graph) -> None:
    assert grants(platform, "strongroom-staging-reader") == {
        "database": ("DESCRIBE",),
        "table": ("DESCRIBE", "SELECT"),
    }
    assert not [g for g in platform.of_type(tokens.LAKE_GRANT) if g.get("permissionsWithGrantOptions")]


def test_write_lets_make_tables_and_not_drop_them(platform: Graph) -> None:
    found = grants(platform, "strongroom-staging-writer")
    assert found["dataLocation"] == ("DATA_LOCATION_ACCESS",)
    assert "DROP" not in {permission for permissions in found.values() for permission in permissions}


def test_a_reader_never_gets_at_the_files_themselves(platform: Graph) -> None:
    policy = next(p for p in platform.of_type(POLICY) if p.name.endswith("reader-selectstrongroomstaginglake"))
    actions = [action for statement in statements(platform, policy) for action in statement["Action"]]
    assert not [action for action in actions if action.startswith("s3:")]
    assert said(platform, policy, "SelectStrongroomStagingLake")["Resource"] == (
        "arn:aws:glue:eu-central-1:123456789012:catalog",
        "arn:aws:glue:eu-central-1:123456789012:database/strongroom_staging_lake",
        "arn:aws:glue:eu-central-1:123456789012:table/strongroom_staging_lake/*",
    )
    opened = said(platform, policy, "DecryptStrongroomStagingCatalogueKey")
    assert opened["Condition"]["StringEquals"]["kms:ViaService"] == ("glue.eu-central-1.amazonaws.com",)


def test_the_catalogue_opens_for_a_role_that_is_let_in() -> None:
    def program() -> None:
        above = home()
        key = Key(name() / "catalogue-key", KeyArgs(PLACE, "Seals the catalogue", through=("glue",)), above)
        CatalogueEncryption(name() / "catalogue", CatalogueEncryptionArgs(key), above).grant_read(reader(above))

    graph = captured(program)
    (policy,) = graph.of_type(POLICY)
    assert said(graph, policy, "DecryptStrongroomStagingCatalogueKey")["Action"] == ("kms:Decrypt",)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        (lambda above: {"store": bucket("public", above, DataClass.INTERNAL, key=None)}, "its store has no key"),
        (
            lambda above: {"store": bucket("locked", above, lock=Lock(30, LockMode.GOVERNANCE))},
            "its store is locked",
        ),
        (
            lambda above: {"log_key": Key(name() / "other", KeyArgs(PLACE, "seals logs", through=("logs",)), above)},
            "does not admit the logs of jobs",
        ),
        (
            lambda above: {"catalogue": Key(name() / "other", KeyArgs(PLACE, "seals names"), above)},
            "not used through Glue",
        ),
    ],
)
def test_a_lake_that_could_not_work_or_be_erased_is_refused(changed: Any, message: str) -> None:
    def program() -> None:
        above = home()
        lake(above, **changed(above))

    with pytest.raises(BadInput, match=message):
        captured(program)


def test_a_catalogue_key_that_glue_cannot_use_is_refused() -> None:
    def program() -> None:
        key = Key(name() / "key", KeyArgs(PLACE, "seals names"))
        CatalogueEncryption(name() / "catalogue", CatalogueEncryptionArgs(key))

    with pytest.raises(BadInput, match="give the key 'glue' in `through`"):
        captured(program)


@pytest.mark.parametrize("count", [0, 31])
def test_a_lake_without_administrators_or_with_too_many_is_refused(count: int) -> None:
    with pytest.raises(BadInput, match=f"{count} administrators; expected 1 to 30"):
        captured(lambda: LakeSettings(name() / "settings", LakeSettingsArgs([ADMIN] * count)))


@settings(max_examples=15, deadline=None)
@given(
    data_class=st.sampled_from(list(DataClass)),
    known=st.sets(st.sampled_from(["catalogue", "settings"])),
    verbs=st.sets(st.sampled_from(["grant_select", "grant_write"])),
    boundary=st.sampled_from([None, "arn:aws:iam::123456789012:policy/limit"]),
)
def test_no_lake_is_ever_objected_to(data_class: DataClass, known: set[str], verbs: set[str], boundary: str) -> None:
    def program() -> None:
        above = home()
        absent: dict[str, Any] = dict.fromkeys({"catalogue", "settings"} - known)
        made = lake(above, store=bucket("data", above, data_class), boundary=boundary, **absent)
        for verb in sorted(verbs):
            getattr(made, verb)(reader(above, verb.replace("_", "-")))

    assert [found for found in complaints(captured(program)) if found[0] != NO_TRAIL] == []


def test_two_lakes_of_one_account_never_share_a_database() -> None:
    assert database_name(Name("ward-dev-lake", {})) == "ward_dev_lake" != database_name(Name("ward-prod-lake", {}))
