from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from components.archive_table import COLUMNS, TEXTS, ArchiveTable, ArchiveTableArgs
from components.audit_trail import AuditTrail, AuditTrailArgs, TrailScope
from components.log_archive import Organisation
from components.object_lock import lock_for
from components.policy_document import allow
from components.role import Role, RoleArgs
from core.errors import BadInput
from core.graph import Graph
from core.regions import REGIONS
from core.value import Unknown
from tests.recovery_programs import PLACE, captured, complaints, home, statements

TABLE, DATABASE = "aws:glue/catalogTable:CatalogTable", "aws:glue/catalogDatabase:CatalogDatabase"
ORGANISATION = Organisation("o-a1b2c3d4e5", PLACE.account)
UNASKED = (
    "budgets.spending_has_a_limit",
    "cloudwatch.watched_acts_raise_alarms",
    "kms.key_ending_raises_an_alarm",
)


def tabled(organisation: Organisation | None = None, **changes: Any) -> ArchiveTable:
    above = home()
    scope = TrailScope("prod", organisation)
    trail = AuditTrail(above.name / "audit", AuditTrailArgs(PLACE, lock_for("prod", 2190), scope=scope), above)
    usual: dict[str, Any] = {"trail": trail, "since": "2026-01-01"}
    return ArchiveTable(above.name / "archive", ArchiveTableArgs(PLACE, **{**usual, **changes}), above)


@pytest.fixture(scope="module")
def graph() -> Graph:
    return captured(tabled)


def test_a_question_that_names_day_and_region_reads_that_days_files_alone(graph: Graph) -> None:
    (table,) = graph.of_type(TABLE)
    said = table.get("parameters")
    assert said["projection.enabled"] == "true"
    assert said["projection.day.range"] == "2026/01/01,NOW"
    assert set(said["projection.region.values"].split(",")) == {c for c, r in REGIONS.items() if r.partition == "aws"}
    assert said["projection.account.values"] == PLACE.account
    assert [key["name"] for key in table.get("partitionKeys")] == ["account", "region", "day"]


def test_parameters_and_answers_are_texts_that_hold_json(graph: Graph) -> None:
    (table,) = graph.of_type(TABLE)
    kinds = {column["name"]: column["type"] for column in table.get("storageDescriptor", "columns")}
    assert kinds == COLUMNS
    assert {"requestparameters", "responseelements", "additionaleventdata", "serviceeventdetails"} <= set(TEXTS)
    assert all(name == name.lower() for name in kinds), "Hive knows no capitals"


def test_the_database_is_nobodys_from_the_start_and_carries_the_environment(graph: Graph) -> None:
    (database,) = graph.of_type(DATABASE)
    assert database.get("name") == "strongroom_prod_archive"
    assert database.get("createTableDefaultPermissions") == ()


def test_the_grant_reaches_this_table_and_no_file() -> None:
    def program() -> None:
        table = tabled()
        trust = [allow("Auditors", ["sts:AssumeRole"], [], {"AWS": "arn:aws:iam::123456789012:role/audit"})]
        table.grant_select(Role(home("staging").name / "auditor", RoleArgs(trust, "Asks"), None))

    graph = captured(program)
    (policy,) = [p for p in graph.of_type("aws:iam/policy:Policy") if "askstrongroom" in p.name]
    actions = {action for one in statements(graph, policy) for action in one["Action"]}
    assert not [action for action in actions if action.startswith("s3:")]
    resources = {str(on) for one in statements(graph, policy) for on in one["Resource"]}
    assert "arn:aws:glue:eu-central-1:123456789012:table/strongroom_prod_archive/events" in resources
    permissions = graph.of_type("aws:lakeformation/permissions:Permissions")
    assert {tuple(found.get("permissions")) for found in permissions} == {("DESCRIBE",), ("DESCRIBE", "SELECT")}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"since": "yesterday"}, "expected a day such as"),
        ({"accounts": ["111122223333"]}, "leave `accounts` out"),
        ({"organisation": ORGANISATION}, "name the accounts to look into"),
        ({"organisation": ORGANISATION, "accounts": ["12"]}, "12 digits each"),
    ],
)
def test_a_table_that_would_find_nothing_is_refused(changes: dict[str, Any], words: str) -> None:
    with pytest.raises(BadInput, match=words):
        captured(lambda: tabled(**changes))


@settings(max_examples=15, deadline=None)
@given(days=st.integers(0, 4000), accounts=st.lists(st.from_regex(r"[0-9]{12}", fullmatch=True), max_size=3))
def test_whatever_is_asked_for_no_guard_objects(days: int, accounts: list[str]) -> None:
    since = date(2020, 1, 1) + timedelta(days)
    organisation = ORGANISATION if accounts else None
    graph = captured(lambda: tabled(organisation, since=since.isoformat(), accounts=accounts))
    (table,) = graph.of_type(TABLE)
    assert isinstance(table.get("storageDescriptor", "location"), Unknown), "it is made of the store's name"
    assert complaints(graph, *UNASKED) == []
