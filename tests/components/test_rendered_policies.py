from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from components.alarm_topic import AlarmTopic, AlarmTopicArgs
from components.audit_trail import AuditTrail, AuditTrailArgs
from components.bucket import Bucket
from components.key import Key, KeyArgs
from components.key_policy import for_alarms, for_flow_logs
from components.object_lock import lock_for
from components.place import Place, place_of
from components.policy_document import allow
from components.role import Role, RoleArgs
from core.graph import POLICY_DOCUMENT, Graph
from core.naming import Name, root_name
from core.resource import Resource

Planned = Callable[[Callable[[], Any]], Graph]
Shelf = Callable[..., Bucket]
MOST_BYTES = {
    ("aws:kms/key:Key", "policy"): 32 * 1024,
    ("aws:s3/bucketPolicy:BucketPolicy", "policy"): 20 * 1024,
    ("aws:sns/topicPolicy:TopicPolicy", "policy"): 30 * 1024,
    ("aws:iam/policy:Policy", "policy"): 6144,
    ("aws:iam/role:Role", "assumeRolePolicy"): 2048,
}
"""Key policies: the older of two limits AWS states. The others: quota pages of S3, SNS and IAM."""
SERVICES = {"kms", "logs", "s3", "sns", "sts"}
FIXED_NAMES = {
    "aws:kms/alias:Alias": "name",
    "aws:cloudtrail/trail:Trail": "name",
    "aws:cloudwatch/logGroup:LogGroup": "name",
    "aws:cloudwatch/metricAlarm:MetricAlarm": "namespace",
}


def everything(root: Name, place: Place, shelf: Shelf) -> None:
    """All of the storage and audit components, each with every option, and each grant."""
    services = [*for_alarms(place), *for_flow_logs(place)]
    key = Key(root / "alarm-key", KeyArgs(place, "seals alarms", ("sns", "sagemaker"), services))
    alarms = AlarmTopic(root / "alarms", AlarmTopicArgs(place, key, ["ward@example.org"]))
    raw = shelf(root, place=place, lock=lock_for("prod", 30))
    keepers = [place.arn("iam", f"role/break-glass-{number}", region="") for number in range(20)]
    AuditTrail(root / "audit", AuditTrailArgs(place, lock_for("prod", 2190), [raw], alarms, keepers))
    runner = Role(
        root / "runner", RoleArgs([allow("Run", ["sts:AssumeRole"], [], {"Service": "ec2.amazonaws.com"})], "runs")
    )
    raw.grant_read(runner)
    raw.grant_read(runner, "models/")
    raw.grant_write(runner, "captured/")
    raw.grant_list(runner)
    key.grant_encrypt(runner)
    key.grant_decrypt(runner)


@pytest.fixture(scope="module", params=["eu-central-1", "cn-north-1", "us-gov-west-1"])
def graph(made: Planned, root: Name, shelf: Shelf, request: pytest.FixtureRequest) -> Graph:
    place = place_of("123456789012", request.param)
    return made(lambda: everything(root, place, shelf))


def texts(graph: Graph) -> Iterator[tuple[Resource, str, str]]:
    for resource in graph.resources:
        for attribute in ("policy", "assumeRolePolicy"):
            if isinstance(text := resource.inputs.get(attribute), str):
                yield resource, attribute, text


def test_every_policy_fits_and_is_plain_text(graph: Graph) -> None:
    found = list(texts(graph))
    assert {(resource.type, attribute) for resource, attribute, _ in found} == set(MOST_BYTES)
    for resource, attribute, text in found:
        assert text.isascii(), resource.name
        assert len(text.encode()) <= MOST_BYTES[resource.type, attribute], resource.name


def test_every_statement_is_whole_and_named_once(graph: Graph) -> None:
    for resource, attribute, text in texts(graph):
        said = json.loads(text)["Statement"]
        sids = [statement["Sid"] for statement in said]
        assert len(set(sids)) == len(sids), resource.name
        for statement in said:
            assert statement["Sid"].isalnum(), resource.name
            assert statement["Action"], resource.name
            assert ("Resource" in statement) is (attribute == "policy"), resource.name
            assert ("Principal" in statement) is (resource.type != "aws:iam/policy:Policy"), resource.name


def test_every_action_belongs_to_a_service_in_use(graph: Graph) -> None:
    for resource, _, text in texts(graph):
        for statement in json.loads(text)["Statement"]:
            for action in statement["Action"]:
                service, _, verb = action.partition(":")
                assert service in SERVICES, resource.name
                assert verb != "*" or statement["Effect"] == "Deny", f"{resource.name}: {action}"


def test_nothing_is_allowed_to_everybody(graph: Graph) -> None:
    for resource, _, text in texts(graph):
        for statement in json.loads(text)["Statement"]:
            open_to_all = statement.get("Principal") in ("*", {"AWS": "*"})
            assert statement["Effect"] == "Deny" or not open_to_all, resource.name


def test_no_arn_of_another_partition_slips_in(made: Planned, root: Name, shelf: Shelf) -> None:
    graph = made(lambda: everything(root, place_of("123456789012", "cn-north-1"), shelf))
    for resource, _, text in texts(graph):
        for service in ("iam", "logs", "cloudtrail", "cloudwatch"):
            assert f"arn:aws:{service}:" not in text.replace("arn:aws:cloudwatch:::", ""), resource.name
        assert '.amazonaws.com"]' not in text, f"{resource.name}: a Regional name without its suffix"


def test_every_policy_has_its_structured_form_beside_it(graph: Graph) -> None:
    documents = {(r.parent, r.inputs["of"], r.inputs["attribute"]) for r in graph.of_type(POLICY_DOCUMENT)}
    assert documents == {(r.parent, r.name, attribute) for r, attribute, _ in texts(graph)}


def test_two_environments_in_one_account_share_no_name(made: Planned, place: Place, shelf: Shelf) -> None:
    def names(environment: str) -> set[str]:
        root = root_name("strongroom", environment, "platform", {})
        graph = made(lambda: everything(root, place, shelf))
        return {resource.inputs[FIXED_NAMES[resource.type]] for resource in graph.of_type(*FIXED_NAMES)}

    dev, prod = names("dev"), names("prod")
    assert dev
    assert not dev & prod
    assert all("dev" in name for name in dev)


def test_whatever_takes_tags_carries_them(graph: Graph) -> None:
    tagged = {"Key", "Bucket", "Trail", "LogGroup", "MetricAlarm", "Topic", "Role", "Policy"}
    for resource in graph.resources:
        if resource.type.startswith("aws:") and resource.type.rpartition(":")[2] in tagged:
            assert resource.inputs["tags"]["strongroom:environment"] == "staging", resource.name
