"""Log groups, the metrics made from them, and alarms.

https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/
https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/
"""

from __future__ import annotations

from typing import Any

from twin.entry import Call, Entry, Gap, Named
from twin.forms import BAG, TAGS, TEXTS, Member, Number, Pairs, Shape, Usual
from twin.terms import ID, Built, dropped, first, prop, reply

GROUP_ARN = Built("arn:{partition}:logs:{region}:{account}:log-group:{id}")

LOG_GROUP = Entry(
    "aws:cloudwatch/logGroup:LogGroup",
    create=Call(
        "logs",
        "create_log_group",
        logGroupName=prop("name"),
        kmsKeyId=prop("kmsKeyId"),
        logGroupClass=prop("logGroupClass"),
        deletionProtectionEnabled=prop("deletionProtectionEnabled"),
        tags=prop("tags", TEXTS),
    ),
    identity=prop("name"),
    named=Named("name", 512),
    then=(
        Call(
            "logs",
            "put_retention_policy",
            when=prop("retentionInDays"),
            logGroupName=ID,
            retentionInDays=prop("retentionInDays"),
        ),
    ),
    # The double has no associate_kms_key: a group whose key changes is made anew, which AWS would not need.
    update=(
        Call("logs", "delete_retention_policy", unless=prop("retentionInDays"), logGroupName=ID),
        Call("logs", "untag_resource", when=dropped("tags"), resourceArn=GROUP_ARN, tagKeys=dropped("tags")),
        Call("logs", "tag_resource", when=prop("tags"), resourceArn=GROUP_ARN, tags=prop("tags", TEXTS)),
    ),
    delete=(Call("logs", "delete_log_group", unless=prop("skipDestroy"), logGroupName=ID),),
    read=(
        Call("logs", "describe_log_groups", logGroupNamePrefix=ID),
        Call("logs", "list_tags_for_resource", resourceArn=GROUP_ARN, tolerates=("ResourceNotFoundException",)),
    ),
    gone=("ResourceNotFoundException",),
    exists=first("logGroups", "logGroupName", logGroupName=ID),
    shows={
        "name": first("logGroups", "logGroupName", logGroupName=ID),
        "kmsKeyId": first("logGroups", "kmsKeyId", logGroupName=ID),
        "logGroupClass": first("logGroups", "logGroupClass", logGroupName=ID),
        "retentionInDays": first("logGroups", "retentionInDays", logGroupName=ID),
        "deletionProtectionEnabled": first("logGroups", "deletionProtectionEnabled", logGroupName=ID),
        "tags": reply("tags", TEXTS),
    },
    outputs={"arn": GROUP_ARN},
    client=("skipDestroy",),
    gaps={
        "logGroupClass": Gap("the answer leaves it out"),
        "deletionProtectionEnabled": Gap("the answer leaves it out, and the group can be deleted"),
    },
)

COUNTED = Shape(
    name="metricName",
    namespace="metricNamespace",
    value="metricValue",
    defaultValue=Member("defaultValue", Number()),
    dimensions=Member("dimensions", TEXTS),
    unit=Member("unit", Usual("None")),
)
COUNT = Call(
    "logs",
    "put_metric_filter",
    filterName=prop("name"),
    logGroupName=prop("logGroupName"),
    filterPattern=prop("pattern", default=""),
    metricTransformations=[prop("metricTransformation", COUNTED)],
    applyOnTransformedLogs=prop("applyOnTransformedLogs"),
)
THIS_FILTER: dict[str, Any] = {"filterName": ID, "logGroupName": prop("logGroupName")}
METRIC_FILTER = Entry(
    "aws:cloudwatch/logMetricFilter:LogMetricFilter",
    create=COUNT,
    identity=prop("name"),
    named=Named("name", 512),
    update=(COUNT,),
    fixed=("name", "logGroupName"),
    delete=(Call("logs", "delete_metric_filter", filterName=ID, logGroupName=prop("logGroupName")),),
    read=(Call("logs", "describe_metric_filters", logGroupName=prop("logGroupName"), filterNamePrefix=ID),),
    gone=("ResourceNotFoundException",),
    exists=first("metricFilters", "filterName", **THIS_FILTER),
    shows={
        "name": first("metricFilters", "filterName", **THIS_FILTER),
        "logGroupName": first("metricFilters", "logGroupName", **THIS_FILTER),
        "pattern": first("metricFilters", "filterPattern", **THIS_FILTER),
        "metricTransformation": first("metricFilters", "metricTransformations[0]", COUNTED, **THIS_FILTER),
        "applyOnTransformedLogs": first("metricFilters", "applyOnTransformedLogs", **THIS_FILTER),
    },
    gaps={"applyOnTransformedLogs": Gap("the answer leaves it out")},
)

DIMENSIONS = Pairs("Name", "Value")
ALARM_SAYS = {
    "actionsEnabled": "ActionsEnabled",
    "alarmDescription": "AlarmDescription",
    "comparisonOperator": "ComparisonOperator",
    "datapointsToAlarm": "DatapointsToAlarm",
    "evaluateLowSampleCountPercentiles": "EvaluateLowSampleCountPercentile",
    "evaluationPeriods": "EvaluationPeriods",
    "extendedStatistic": "ExtendedStatistic",
    "metricName": "MetricName",
    "namespace": "Namespace",
    "period": "Period",
    "statistic": "Statistic",
    "threshold": "Threshold",
    "unit": "Unit",
}
ALARM_CALLS = {
    "alarmActions": "AlarmActions",
    "okActions": "OKActions",
    "insufficientDataActions": "InsufficientDataActions",
}
ALARM = "MetricAlarms[0]."
WARNED: dict[str, Any] = {
    **{api: prop(name) for name, api in ALARM_SAYS.items()},
    **{api: prop(name, BAG) for name, api in ALARM_CALLS.items()},
}
WARN = Call(
    "cloudwatch",
    "put_metric_alarm",
    AlarmName=prop("name"),
    Dimensions=prop("dimensions", DIMENSIONS),
    TreatMissingData=prop("treatMissingData"),
    Tags=prop("tags", TAGS),
    **WARNED,
)
METRIC_ALARM = Entry(
    "aws:cloudwatch/metricAlarm:MetricAlarm",
    create=WARN,
    identity=prop("name"),
    named=Named("name", 255),
    update=(
        WARN,
        Call(
            "cloudwatch",
            "untag_resource",
            when=dropped("tags"),
            ResourceARN=reply(ALARM + "AlarmArn"),
            TagKeys=dropped("tags"),
        ),
        Call(
            "cloudwatch",
            "tag_resource",
            when=prop("tags"),
            ResourceARN=reply(ALARM + "AlarmArn"),
            Tags=prop("tags", TAGS),
        ),
    ),
    fixed=("name",),
    delete=(Call("cloudwatch", "delete_alarms", AlarmNames=[ID]),),
    read=(
        Call("cloudwatch", "describe_alarms", AlarmNames=[ID], AlarmTypes=["MetricAlarm"]),
        Call(
            "cloudwatch",
            "list_tags_for_resource",
            when=reply(ALARM + "AlarmArn"),
            ResourceARN=reply(ALARM + "AlarmArn"),
        ),
    ),
    exists=reply(ALARM + "AlarmArn"),
    shows={
        "name": reply(ALARM + "AlarmName"),
        "dimensions": reply(ALARM + "Dimensions", DIMENSIONS),
        "treatMissingData": reply(ALARM + "TreatMissingData", Usual("missing")),
        "tags": reply("Tags", TAGS),
        **{name: reply(ALARM + api) for name, api in ALARM_SAYS.items()},
        **{name: reply(ALARM + api, BAG) for name, api in ALARM_CALLS.items()},
    },
    outputs={"arn": reply(ALARM + "AlarmArn")},
    defaults={"actionsEnabled": True},
)

ENTRIES = (LOG_GROUP, METRIC_FILTER, METRIC_ALARM)
