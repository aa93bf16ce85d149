from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from components.alarm_topic import AlarmTopic, AlarmTopicArgs
from components.audit_trail import AuditTrail, AuditTrailArgs
from components.bucket import Bucket
from components.event_alarm import LONGEST_PATTERN
from components.key import Key, KeyArgs
from components.key_policy import for_alarms
from components.object_lock import Lock, LockMode, lock_for
from components.place import Place
from components.trail_selectors import SAGEMAKER
from core.errors import BadInput
from core.graph import Graph
from core.naming import Name
from core.resource import Resource
from core.value import Unknown, thawed

TRAIL, BUCKET, KEY = "aws:cloudtrail/trail:Trail", "aws:s3/bucket:Bucket", "aws:kms/key:Key"
GROUP, ROLE = "aws:cloudwatch/logGroup:LogGroup", "aws:iam/role:Role"
FILTER, ALARM = "aws:cloudwatch/logMetricFilter:LogMetricFilter", "aws:cloudwatch/metricAlarm:MetricAlarm"
LOCKED = "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration"
POLICY = "aws:s3/bucketPolicy:BucketPolicy"
ARN = "arn:aws:cloudtrail:eu-central-1:123456789012:trail/strongroom-staging-audit"
Planned = Callable[[Callable[[], Any]], Graph]
Shelf = Callable[..., Bucket]


def audit(root: Name, place: Place, **given_args: Any) -> AuditTrail:
    usual: dict[str, Any] = {"place": place, "lock": lock_for("prod", 2190)}
    return AuditTrail(root / "audit", AuditTrailArgs(**{**usual, **given_args}))


def topic(root: Name, place: Place) -> AlarmTopic:
    key = Key(root / "alarm-key", KeyArgs(place, "seals alarms", ("sns",), for_alarms(place)))
    return AlarmTopic(root / "alarms", AlarmTopicArgs(place, key, ["ward@example.org"]))


def one(graph: Graph, token: str, part: str = "audit") -> Resource:
    (found,) = [resource for resource in graph.of_type(token) if f"-{part}-" in resource.name]
    return found


def statements(graph: Graph, resource: Resource, attribute: str = "policy") -> dict[str, Any]:
    document = graph.document(resource, attribute)
    assert isinstance(document, Mapping)
    return {statement["Sid"]: thawed(statement) for statement in document["Statement"]}


def selectors(graph: Graph) -> list[dict[str, dict[str, Any]]]:
    """Each selector as field -> comparison."""
    listed = thawed(one(graph, TRAIL).inputs["advancedEventSelectors"])
    return [{field.pop("field"): field for field in selector["fieldSelectors"]} for selector in listed]


def test_the_trail_covers_every_region_and_can_be_verified(planned: Planned, root: Name, place: Place) -> None:
    trail = one(planned(lambda: audit(root, place)), TRAIL)
    switches = ("isMultiRegionTrail", "includeGlobalServiceEvents", "enableLogging", "enableLogFileValidation")
    assert all(trail.inputs[switch] is True for switch in switches)


def test_every_management_event_is_recorded_key_use_included(planned: Planned, root: Name, place: Place) -> None:
    management = [
        s for s in selectors(planned(lambda: audit(root, place))) if "Management" in s["eventCategory"]["equals"]
    ]
    assert management == [{"eventCategory": {"equals": ["Management"]}}]


def test_every_sagemaker_data_event_there_is_is_recorded(planned: Planned, root: Name, place: Place) -> None:
    graph = planned(lambda: audit(root, place))
    types = {kind for s in selectors(graph) for kind in s.get("resources.type", {}).get("equals", [])}
    assert {f"AWS::SageMaker::{kind}" for kind in SAGEMAKER} < types


def test_the_objects_of_watched_buckets_are_recorded_by_class(
    made: Planned, root: Name, place: Place, shelf: Shelf
) -> None:
    graph = made(lambda: audit(root, place, watched=[shelf(root)]))
    listed = thawed(one(graph, TRAIL).inputs["advancedEventSelectors"])
    (health,) = [selector for selector in listed if selector["name"] == "Objects of class health"]
    fields = {field["field"]: field for field in health["fieldSelectors"]}
    assert fields["resources.ARN"]["startsWiths"] == ["arn:aws:s3:::strongroom-staging-raw-store-1a2b3c4/"]
    assert set(fields) == {"eventCategory", "resources.type", "resources.ARN"}, "reads and writes"


def test_no_log_of_logs_is_made(made: Planned, root: Name, place: Place, shelf: Shelf) -> None:
    graph = made(lambda: audit(root, place, watched=[shelf(root)]))
    own = "arn:aws:s3:::strongroom-staging-audit-log-store-1a2b3c4/"
    inside = [s for s in selectors(graph) if own in s.get("resources.ARN", {}).get("startsWiths", [])]
    assert inside
    assert all("PutObject" not in s["eventName"]["equals"] for s in inside)


def test_the_store_is_locked_for_as_long_as_the_log_is_kept(planned: Planned, root: Name, place: Place) -> None:
    graph = planned(lambda: audit(root, place))
    assert one(graph, LOCKED, "audit-log").get("rule", "defaultRetention") == {"mode": "COMPLIANCE", "days": 2190}
    assert not [resource for resource in graph.of_type(LOCKED) if "-access-" in resource.name]


def test_the_store_admits_this_trail_by_its_fixed_name(planned: Planned, root: Name, place: Place) -> None:
    graph = planned(lambda: audit(root, place))
    said = statements(graph, one(graph, POLICY, "audit-log"))
    assert said["TrailWrites"]["Condition"]["StringEquals"]["aws:SourceArn"] == ARN
    assert place.arn("cloudtrail", f"trail/{one(graph, TRAIL).inputs['name']}") == ARN


def test_the_trail_waits_for_the_policies_it_needs(planned: Planned, root: Name, place: Place) -> None:
    graph = planned(lambda: audit(root, place))
    trail = one(graph, TRAIL)
    needed = {one(graph, POLICY, "audit-log").urn, one(graph, ROLE, "deliverer").urn}
    attached = {r.urn for r in graph.of_type("aws:iam/rolePolicyAttachment:RolePolicyAttachment")}
    assert needed | attached <= trail.dependencies


def test_log_files_digests_and_log_group_share_one_key(planned: Planned, root: Name, place: Place) -> None:
    graph = planned(lambda: audit(root, place))
    key = one(graph, KEY)
    assert graph.linked(one(graph, TRAIL), "kmsKeyId") == key
    assert graph.linked(one(graph, GROUP), "kmsKeyId") == key
    said = statements(graph, key)
    assert {"TrailEncrypts", "TrailDescribes", "TrailDecrypts", "LogGroupsSealed"} <= set(said)
    (admitted,) = said["LogGroupsSealed"]["Condition"]["ArnEquals"]["kms:EncryptionContext:aws:logs:arn"]
    assert admitted == place.arn("logs", f"log-group:{one(graph, GROUP).inputs['name']}")


def test_cloudtrail_gets_the_arn_of_the_group_in_the_form_it_takes(made: Planned, root: Name, place: Place) -> None:
    graph = made(lambda: audit(root, place))
    assert one(graph, TRAIL).inputs["cloudWatchLogsGroupArn"].endswith(":*")


def test_only_this_trail_delivers_to_the_group(planned: Planned, root: Name, place: Place) -> None:
    graph = planned(lambda: audit(root, place))
    said = statements(graph, one(graph, ROLE, "deliverer"), "assumeRolePolicy")
    assert said["TrailDelivers"]["Condition"]["ArnEquals"] == {"aws:SourceArn": ARN}


def test_the_group_cannot_be_deleted_by_accident(planned: Planned, root: Name, place: Place) -> None:
    group = one(planned(lambda: audit(root, place)), GROUP)
    assert group.inputs["deletionProtectionEnabled"] is True
    assert group.inputs["retentionInDays"] == 365


def test_only_keepers_end_the_key_of_the_log(planned: Planned, root: Name, place: Place) -> None:
    keeper = "arn:aws:iam::123456789012:role/break-glass"
    graph = planned(lambda: audit(root, place, keepers=[keeper]))
    denied = statements(graph, one(graph, KEY))["OnlyKeepersEndIt"]
    assert denied["Condition"] == {"ArnNotLike": {"aws:PrincipalArn": [keeper]}}


def test_tampering_raises_an_alarm_that_reaches_the_topic(made: Planned, root: Name, place: Place) -> None:
    graph = made(lambda: audit(root, place, alarms=topic(root, place)))
    alarm = one(graph, ALARM)
    filters = graph.of_type(FILTER)
    for found in filters:
        transformation = found.inputs["metricTransformation"]
        assert (transformation["namespace"], transformation["name"]) == (
            alarm.inputs["namespace"],
            alarm.inputs["metricName"],
        )
        assert len(found.inputs["pattern"]) <= LONGEST_PATTERN
        assert found.inputs["pattern"].count("(") == found.inputs["pattern"].count(")")
    patterns = " ".join(found.inputs["pattern"] for found in filters)
    for event in (
        "StopLogging",
        "DeleteTrail",
        "UpdateTrail",
        "PutEventSelectors",
        "DisableKey",
        "ScheduleKeyDeletion",
    ):
        assert f'"{event}"' in patterns
    assert '$.requestParameters.bucketName = "strongroom-staging-audit-log-store-1a2b3c4"' in patterns
    assert graph.linked(alarm, "alarmActions", 0) == graph.of_type("aws:sns/topic:Topic")[0]


def test_without_a_topic_no_alarm_is_pretended(planned: Planned, root: Name, place: Place) -> None:
    assert not planned(lambda: audit(root, place)).of_type(ALARM, FILTER)


def test_a_store_that_could_be_emptied_is_refused_under_a_final_lock(
    planned: Planned, root: Name, place: Place
) -> None:
    with pytest.raises(BadInput, match="force_destroy cannot empty"):
        planned(lambda: audit(root, place, force_destroy=True))


def test_more_buckets_than_a_trail_takes_are_refused(planned: Planned, root: Name, place: Place, shelf: Shelf) -> None:
    with pytest.raises(BadInput, match="451 watched buckets; one trail takes 450"):
        planned(lambda: audit(root, place, watched=[shelf(root)] * 451))


@settings(max_examples=20, deadline=None)
@given(
    days=st.integers(0, 36500),
    mode=st.sampled_from(LockMode),
    destroyed=st.booleans(),
    watched=st.booleans(),
    alarmed=st.booleans(),
)
def test_whatever_is_asked_for_the_log_is_locked_sealed_and_complete_or_refused(
    planned: Planned,
    root: Name,
    place: Place,
    shelf: Shelf,
    days: int,
    mode: LockMode,
    destroyed: bool,
    watched: bool,
    alarmed: bool,
) -> None:
    def program() -> None:
        seen = [shelf(root)] if watched else []
        told = topic(root, place) if alarmed else None
        audit(root, place, lock=Lock(days, mode), force_destroy=destroyed, watched=seen, alarms=told)

    try:
        graph = planned(program)
    except BadInput:
        assert days < 1 or (destroyed and mode is LockMode.COMPLIANCE)
        return
    assert one(graph, LOCKED, "audit-log").get("rule", "defaultRetention", "days") == days
    assert isinstance(one(graph, TRAIL).get("kmsKeyId"), Unknown)
    assert {"eventCategory": {"equals": ["Management"]}} in selectors(graph)
    assert one(graph, GROUP).inputs["retentionInDays"] <= 365
    assert bool(graph.of_type(ALARM)) is alarmed
