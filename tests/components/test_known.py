"""What another stack made: used and granted like one's own, and not made again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pulumi
import pytest

from components.adopted_trail import AdoptedTrail, AdoptedTrailArgs
from components.known_bucket import KnownBucket, KnownBucketArgs
from components.known_key import KnownKey, KnownKeyArgs
from components.known_role import KnownRole, KnownRoleArgs
from components.known_table import KnownTable, KnownTableArgs
from components.known_topic import KnownTopic, KnownTopicArgs
from components.metric_alarms import MetricAlarms, MetricAlarmsArgs
from components.place import Place
from components.role import Role, RoleArgs
from core.errors import BadInput
from core.graph import POLICY_DOCUMENT, Graph
from core.naming import Name
from core.retention import DataClass

KEY = "arn:aws:kms:eu-central-1:123456789012:key/00000000-0000-4000-8000-000000000000"
Planned = Callable[[Callable[[], Any]], Graph]


def bucket(root: Name, place: Place) -> KnownBucket:
    key = KnownKey(root / "key", KnownKeyArgs(place, KEY, ("s3", "sagemaker")))
    return KnownBucket(root / "models", KnownBucketArgs(place, "wards-models-1a2b", DataClass.INTERNAL, 30, key))


def statements(graph: Graph) -> list[Any]:
    found = (graph.document(document, "document") for document in graph.of_type(POLICY_DOCUMENT))
    return [one for document in found if isinstance(document, Mapping) for one in document["Statement"]]


def test_nothing_is_made_but_what_is_granted(planned: Planned, root: Name, place: Place) -> None:
    def program() -> None:
        role = KnownRole(root / "engineer", KnownRoleArgs(place, "wards-engineer-1a2b"))
        bucket(root, place).grant_read(role)

    graph = planned(program)
    assert sorted(found.type for found in graph.resources if found.type.startswith("aws:")) == [
        "aws:iam/policy:Policy",
        "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
    ]
    (attached,) = graph.of_type("aws:iam/rolePolicyAttachment:RolePolicyAttachment")
    assert attached.get("role") == "wards-engineer-1a2b"


def test_a_grant_names_the_bucket_and_its_key_and_no_other(planned: Planned, root: Name, place: Place) -> None:
    def program() -> None:
        trust = [{"Sid": "S", "Effect": "Allow", "Action": ["sts:AssumeRole"], "Principal": {"Service": "x"}}]
        bucket(root, place).grant_write(Role(root / "job", RoleArgs(trust, "A job")), under="in/")

    said = [one for one in statements(planned(program)) if one["Sid"] != "S"]
    assert {resource for one in said for resource in one["Resource"]} == {"arn:aws:s3:::wards-models-1a2b/in/*", KEY}
    keyed = [one for one in said if KEY in one["Resource"]]
    assert all("kms:ViaService" in str(one["Condition"]) for one in keyed)


def test_a_table_is_granted_by_the_arn_that_its_name_makes(planned: Planned, root: Name, place: Place) -> None:
    def program() -> None:
        key = KnownKey(root / "key", KnownKeyArgs(place, KEY, ("dynamodb",)))
        table = KnownTable(root / "consents", KnownTableArgs(place, "wards-consents-1a2b", DataClass.PERSONAL, 30, key))
        table.grant_read(KnownRole(root / "engineer", KnownRoleArgs(place, "wards-engineer-1a2b")))

    graph = planned(program)
    assert {resource for one in statements(graph) for resource in one["Resource"]} == {
        "arn:aws:dynamodb:eu-central-1:123456789012:table/wards-consents-1a2b",
        KEY,
    }
    assert not graph.of_type("aws:dynamodb/table:Table")


def test_a_known_role_has_the_arn_that_its_name_makes(planned: Planned, root: Name, place: Place) -> None:
    seen: list[str] = []
    role: list[KnownRole] = []

    def program() -> None:
        role.append(KnownRole(root / "x", KnownRoleArgs(place, pulumi.Output.from_input("wards-x-1a2b"))))
        role[0].arn.apply(seen.append)

    planned(program)
    assert seen == ["arn:aws:iam::123456789012:role/wards-x-1a2b"]


@pytest.mark.parametrize("arn", ["audit", "arn:aws:s3:::audit", "arn:aws:cloudtrail:eu-central-1:1:trail/audit"])
def test_what_is_no_trail_is_refused(root: Name, arn: str) -> None:
    with pytest.raises(BadInput, match="expected an ARN such as"):
        AdoptedTrail(root / "trail", AdoptedTrailArgs(arn))


def test_alarms_of_a_layer_above_go_to_a_topic_that_is_not_made_again(planned: Planned, root: Name) -> None:
    topic = "arn:aws:sns:eu-central-1:123456789012:wards-alarms-1a2b"

    def program() -> None:
        known = KnownTopic(root / "alarms", KnownTopicArgs(topic))
        MetricAlarms(root / "watch", MetricAlarmsArgs("wards-audit", known))

    graph = planned(program)
    alarms = graph.of_type("aws:cloudwatch/metricAlarm:MetricAlarm")
    assert alarms
    assert {alarm.get("alarmActions") for alarm in alarms} == {(topic,)}
    assert graph.of_type("aws:sns/topic:Topic") == ()
