"""An alarm when somebody reaches for the audit trail, its store or the keys."""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.alarm_topic import AlarmTopic
from components.component import Component
from core.naming import Name

TRAIL_EVENTS = (
    "StopLogging",
    "DeleteTrail",
    "UpdateTrail",
    "PutEventSelectors",
    "DeleteLogGroup",
    "DeleteLogStream",
    "DeleteMetricFilter",
    "DeleteAlarms",
    "DisableAlarmActions",
)
KEY_EVENTS = ("DisableKey", "ScheduleKeyDeletion", "PutKeyPolicy", "DisableKeyRotation", "DeleteImportedKeyMaterial")
STORE_EVENTS = (
    "PutBucketLifecycle",  # events are not always named like the API call: both spellings are caught
    "PutBucketLifecycleConfiguration",
    "DeleteBucketLifecycle",
    "PutBucketPolicy",
    "DeleteBucketPolicy",
    "PutBucketVersioning",
    "PutBucketEncryption",
    "DeleteBucketEncryption",
    "PutObjectLockConfiguration",
    "PutBucketObjectLockConfiguration",
    "PutBucketLogging",
    "PutBucketPublicAccessBlock",
    "DeleteBucketPublicAccessBlock",
    "DeleteBucket",
    "DeleteObject",
    "DeleteObjects",
)
METRIC = "AuditTampering"
LONGEST_PATTERN = 1024
"""Characters: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutMetricFilter.html"""


@dataclass(frozen=True)
class TamperAlarmArgs:
    """The log group the trail is delivered to, the bucket it is stored in, and where the alarm goes."""

    group: pulumi.Input[str]
    store: pulumi.Output[str]
    topic: AlarmTopic


class TamperAlarm(Component):
    """Counts attempts on the trail, on keys and on the log store, refused ones too, and raises the alarm at the first.

    A deployment that changes one of them raises it as well; that is meant.
    Refuses nothing: there is no choice in what it is told.
    """

    def __init__(self, name: Name, args: TamperAlarmArgs, parent: pulumi.Resource | None = None) -> None:
        super().__init__("TamperAlarm", name, parent, {"watches": [*TRAIL_EVENTS, *KEY_EVENTS, *STORE_EVENTS]})
        self._count("trail", args.group, any_event((*TRAIL_EVENTS, *KEY_EVENTS)))
        self._count("store", args.group, on_store(args.store))
        self.alarm = aws.cloudwatch.MetricAlarm(
            f"{name}-alarm",
            alarm_description="Somebody reached for the audit trail, its store or a key: find out who, and why.",
            namespace=str(name),
            metric_name=METRIC,
            statistic="Sum",
            comparison_operator="GreaterThanOrEqualToThreshold",
            threshold=1,
            period=60,
            evaluation_periods=1,
            treat_missing_data="notBreaching",
            alarm_actions=[args.topic.arn],
            tags=dict(name.tags),
            opts=self.child,
        )
        self.done(arn=self.alarm.arn)

    def _count(self, what: str, group: pulumi.Input[str], pattern: pulumi.Input[str]) -> None:
        """Both filters feed one metric; its namespace is the component's name, so environments do not mix."""
        aws.cloudwatch.LogMetricFilter(
            f"{self.name}-{what}",
            log_group_name=group,
            pattern=pulumi.Output.concat("{ ", pattern, " }"),
            metric_transformation={"namespace": str(self.name), "name": METRIC, "value": "1", "default_value": "0"},
            opts=self.child,
        )


def any_event(events: Sequence[str]) -> str:
    """The part of a filter pattern that matches an event of any of these names.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
    """
    return "(" + " || ".join(f'($.eventName = "{event}")' for event in events) + ")"


def on_store(store: pulumi.Output[str]) -> pulumi.Output[str]:
    """The part of a filter pattern that matches what would weaken or empty this bucket."""
    return pulumi.Output.concat('($.requestParameters.bucketName = "', store, '") && ', any_event(STORE_EVENTS))
