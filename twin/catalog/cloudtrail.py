"""Trails.

https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/
"""

from __future__ import annotations

from typing import Any

from twin.entry import Call, Entry, Named
from twin.forms import TAGS, Member, Shape
from twin.terms import ID, ITEM, dropped, prop, reply

ADVANCED = Shape(
    name="Name",
    fieldSelectors=Member(
        "FieldSelectors",
        Shape(
            field="Field",
            equals="Equals",
            notEquals="NotEquals",
            startsWiths="StartsWith",
            notStartsWiths="NotStartsWith",
            endsWiths="EndsWith",
            notEndsWiths="NotEndsWith",
        ),
    ),
)
PLAIN = Shape(
    readWriteType="ReadWriteType",
    includeManagementEvents="IncludeManagementEvents",
    excludeManagementEventSources="ExcludeManagementEventSources",
    dataResources=Member("DataResources", Shape(type="Type", values="Values")),
)
INSIGHTS = Shape(insightType="InsightType")

SAID: dict[str, Any] = {
    "S3BucketName": prop("s3BucketName"),
    "S3KeyPrefix": prop("s3KeyPrefix"),
    "SnsTopicName": prop("snsTopicName"),
    "IncludeGlobalServiceEvents": prop("includeGlobalServiceEvents", default=True),
    "IsMultiRegionTrail": prop("isMultiRegionTrail", default=False),
    "IsOrganizationTrail": prop("isOrganizationTrail", default=False),
    "EnableLogFileValidation": prop("enableLogFileValidation", default=False),
    "CloudWatchLogsLogGroupArn": prop("cloudWatchLogsGroupArn"),
    "CloudWatchLogsRoleArn": prop("cloudWatchLogsRoleArn"),
    "KmsKeyId": prop("kmsKeyId"),
}

TRAIL = Entry(
    "aws:cloudtrail/trail:Trail",
    create=Call("cloudtrail", "create_trail", Name=prop("name"), TagsList=prop("tags", TAGS), **SAID),
    identity=reply("TrailARN"),
    named=Named("name", 128),
    then=(
        Call(
            "cloudtrail",
            "put_event_selectors",
            when=prop("advancedEventSelectors", ADVANCED),
            TrailName=ID,
            AdvancedEventSelectors=prop("advancedEventSelectors", ADVANCED),
        ),
        Call(
            "cloudtrail",
            "put_event_selectors",
            when=prop("eventSelectors", PLAIN),
            TrailName=ID,
            EventSelectors=prop("eventSelectors", PLAIN),
        ),
        Call(
            "cloudtrail",
            "put_insight_selectors",
            when=prop("insightSelectors", INSIGHTS),
            TrailName=ID,
            InsightSelectors=prop("insightSelectors", INSIGHTS),
        ),
        Call("cloudtrail", "start_logging", when=prop("enableLogging", default=True), Name=ID),
    ),
    update=(
        Call("cloudtrail", "update_trail", Name=ID, **SAID),
        Call("cloudtrail", "stop_logging", unless=prop("enableLogging", default=True), Name=ID),
        Call(
            "cloudtrail",
            "remove_tags",
            when=dropped("tags"),
            each=dropped("tags"),
            ResourceId=ID,
            TagsList=[{"Key": ITEM}],
        ),
        Call("cloudtrail", "add_tags", when=prop("tags"), ResourceId=ID, TagsList=prop("tags", TAGS)),
    ),
    delete=(Call("cloudtrail", "delete_trail", Name=prop("name")),),
    read=(
        Call("cloudtrail", "get_trail", Name=ID),
        Call("cloudtrail", "get_trail_status", Name=ID),
        Call("cloudtrail", "get_event_selectors", TrailName=ID),
        Call("cloudtrail", "get_insight_selectors", TrailName=ID, tolerates=("InsightNotEnabledException",)),
        Call("cloudtrail", "list_tags", ResourceIdList=[ID]),
    ),
    gone=("TrailNotFoundException",),
    find=(Call("cloudtrail", "list_trails"), reply("Trails[].TrailARN")),
    shows={
        "name": reply("Trail.Name"),
        "s3BucketName": reply("Trail.S3BucketName"),
        "s3KeyPrefix": reply("Trail.S3KeyPrefix"),
        "snsTopicName": reply("Trail.SnsTopicName"),
        "includeGlobalServiceEvents": reply("Trail.IncludeGlobalServiceEvents"),
        "isMultiRegionTrail": reply("Trail.IsMultiRegionTrail"),
        "isOrganizationTrail": reply("Trail.IsOrganizationTrail"),
        "enableLogFileValidation": reply("Trail.LogFileValidationEnabled"),
        "cloudWatchLogsGroupArn": reply("Trail.CloudWatchLogsLogGroupArn"),
        "cloudWatchLogsRoleArn": reply("Trail.CloudWatchLogsRoleArn"),
        "kmsKeyId": reply("Trail.KmsKeyId"),
        "enableLogging": reply("IsLogging"),
        "advancedEventSelectors": reply("AdvancedEventSelectors", ADVANCED),
        "eventSelectors": reply("EventSelectors", PLAIN),
        "insightSelectors": reply("InsightSelectors", INSIGHTS),
        "tags": reply("ResourceTagList[0].TagsList", TAGS),
    },
    outputs={"arn": reply("Trail.TrailARN"), "homeRegion": reply("Trail.HomeRegion")},
    defaults={"includeGlobalServiceEvents": True, "enableLogging": True},
    computed=("eventSelectors",),
)

ENTRIES = (TRAIL,)
