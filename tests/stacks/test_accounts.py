"""An environment over several accounts: each part is made in the account that is meant, and nothing assumes one."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import pytest

from core.graph import Graph
from core.outcome import Status
from core.resource import Resource
from core.settings import Layer, Settings, settings_from
from core.verdict import State
from policies.judge import judge
from stacks import layer_outputs as told
from stacks.blueprint import blueprint
from stacks.capture import Surroundings, capture
from stacks.config_file import PROJECT, config_values
from twin.apply import Apply, destroy, suffix_from
from twin.local_cloud import local_cloud
from twin.readback import read_back
from twin.state import State as Remembered

ARCHIVE, SECURITY, MANAGEMENT = "444455556666", "555566667777", "666677778888"
READER = f"arn:aws:iam::{SECURITY}:role/people/security-audit"
TRAIL, BUCKET, KEY = "aws:cloudtrail/trail:Trail", "aws:s3/bucket:Bucket", "aws:kms/key:Key"
ALARM, TABLE = "aws:cloudwatch/metricAlarm:MetricAlarm", "aws:glue/catalogTable:CatalogTable"


@cache
def settings(file: str = "prod", *, whole: bool = False) -> Settings:
    """The settings of a file with four accounts, and a trail over this account or over the organisation."""
    values = config_values((PROJECT / f"stacks/config/Pulumi.{file}.yaml").read_text(encoding="utf-8"), file)
    audit = {**json.loads(values["audit"]), "readers": [READER], "whole_organisation": whole}
    accounts = {"log_archive": ARCHIVE, "security": SECURITY, "management": MANAGEMENT}
    more = {"accounts": json.dumps(accounts), "audit": json.dumps(audit), "organisation": "o-a1b2c3d4e5"}
    return settings_from({**values, **more}, file, file)


def run(of: Settings, realise: Callable[[Resource], Mapping[str, Any]] | None = None) -> Graph:
    around = Surroundings("strongroom", of.stack, of.account, of.region, {}, PROJECT, told.samples(of, "strongroom"))
    return capture(lambda: blueprint(of), around, realise)


@pytest.fixture(scope="module", params=[False, True], ids=["own trail", "organisation's trail"])
def planned(request: pytest.FixtureRequest) -> tuple[Settings, Graph]:
    of = settings(whole=request.param)
    return of, run(of)


def account_of(graph: Graph, resource: Resource) -> str:
    (account,) = json.loads(graph.by_urn[resource.provider].inputs["allowedAccountIds"])
    return str(account)


def accounts_of(graph: Graph, token: str, part: str = "") -> set[str]:
    return {account_of(graph, found) for found in graph.of_type(token) if part in found.name}


def test_nothing_fails_and_nothing_is_unknown(planned: tuple[Settings, Graph]) -> None:
    told = (f for f in judge(planned[1]) if f.state in {State.FAIL, State.UNKNOWN} and not f.awaits_account)
    assert [(f.guard, f.urn, f.message) for f in told] == []


def test_files_lie_in_the_archive_and_the_trail_stands_where_it_speaks_from(planned: tuple[Settings, Graph]) -> None:
    of, graph = planned
    speaker = MANAGEMENT if of.audit.whole_organisation else of.account
    (trail,) = graph.of_type(TRAIL)
    store, key = graph.linked(trail, "s3BucketName"), graph.linked(trail, "kmsKeyId")
    assert isinstance(store, Resource)
    assert isinstance(key, Resource)
    assert (account_of(graph, trail), account_of(graph, store), account_of(graph, key)) == (speaker, ARCHIVE, ARCHIVE)
    assert trail.get("isOrganizationTrail") is (True if of.audit.whole_organisation else None)
    assert accounts_of(graph, ALARM, "-watch-") == accounts_of(graph, ALARM, "-keys-") == {speaker}
    assert accounts_of(graph, TABLE) == {ARCHIVE}
    assert accounts_of(graph, BUCKET, "-data-") == {of.account}


def test_the_archive_admits_this_trail_and_the_named_readers(planned: tuple[Settings, Graph]) -> None:
    of, graph = planned
    speaker = MANAGEMENT if of.audit.whole_organisation else of.account
    policy = next(p for p in graph.of_type("aws:s3/bucketPolicy:BucketPolicy") if "archive-log" in p.name)
    document: Any = graph.document(policy)
    said = {statement["Sid"]: statement for statement in document["Statement"]}
    trail = f"arn:aws:cloudtrail:eu-central-1:{speaker}:trail/wardlight-prod-audit"
    assert said["TrailWrites"]["Condition"]["StringEquals"]["aws:SourceArn"] == trail
    assert said["ReadersFetch"]["Principal"] == {"AWS": (READER,)}


def test_the_table_looks_where_the_trail_writes(planned: tuple[Settings, Graph]) -> None:
    of, graph = planned
    (table,) = graph.of_type(TABLE)
    wanted = sorted({of.account, ARCHIVE, SECURITY, MANAGEMENT}) if of.audit.whole_organisation else [of.account]
    assert table.get("parameters", "projection.account.values") == ",".join(wanted)


def test_a_topic_takes_alarms_of_its_own_account_only(planned: tuple[Settings, Graph]) -> None:
    graph = planned[1]
    telling = [alarm for alarm in graph.of_type(ALARM) if alarm.get("alarmActions") is not None]
    assert len(telling) > 3
    for alarm in telling:
        topic = graph.linked(alarm, "alarmActions")
        assert isinstance(topic, Resource)
        assert account_of(graph, alarm) == account_of(graph, topic)


def test_layers_above_name_the_trail_where_it_stands(planned: tuple[Settings, Graph]) -> None:
    of = planned[0].model_copy(update={"layer": Layer.PLATFORM})
    speaker = MANAGEMENT if of.audit.whole_organisation else of.account
    (adopted,) = run(of).of_type("strongroom:index:AdoptedTrail")
    assert adopted.get("arn") == f"arn:aws:cloudtrail:eu-central-1:{speaker}:trail/wardlight-prod-audit"


def test_several_accounts_stand_up_read_back_stay_and_go() -> None:
    """The layer that reaches into all of them; with the organisation's trail, which is made in the furthest."""
    of = settings("dev", whole=True).model_copy(update={"layer": Layer.FOUNDATION})
    with local_cloud(of.account, of.region) as clients:
        state = Remembered()

        def apply() -> Any:
            maker = Apply(clients, state, lambda _: None, suffix_from("seed"))
            run(of, maker)
            return maker.finish()

        done = apply()
        assert [(o.urn, o.reasons) for o in read_back(clients, done).outcomes if o.status is Status.FAILED] == []
        assert {item.record.account for item in done} == {of.account, ARCHIVE, MANAGEMENT}
        assert {str(item.change) for item in apply()} == {"unchanged"}
        gone = read_back(clients, destroy(clients, state, lambda _: None))
        assert [(o.urn, o.reasons) for o in gone.outcomes if o.status is Status.FAILED] == []
        assert state == Remembered()
