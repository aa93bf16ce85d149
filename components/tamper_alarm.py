"""An alarm when somebody reaches for the audit trail, its store or the keys."""

from dataclasses import dataclass

import pulumi

from components.alarm_topic import AlarmTopic
from components.component import Component
from components.event_alarm import EventAlarm, any_event
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
        patterns = {"trail": any_event((*TRAIL_EVENTS, *KEY_EVENTS)), "store": on_store(args.store)}
        counted = EventAlarm(
            metric=METRIC,
            description="Somebody reached for the audit trail, its store or a key: find out who, and why.",
            patterns={what: pulumi.Output.concat("{ ", pattern, " }") for what, pattern in patterns.items()},
        )
        self.alarm = counted.declared(self, args.group, args.topic)
        self.done(arn=self.alarm.arn)


def on_store(store: pulumi.Output[str]) -> pulumi.Output[str]:
    """The part of a filter pattern that matches what would weaken or empty this bucket."""
    return pulumi.Output.concat('($.requestParameters.bucketName = "', store, '") && ', any_event(STORE_EVENTS))
