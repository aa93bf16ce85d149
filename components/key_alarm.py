"""An alarm when data is asked for whose key is about to be deleted, or when a key or a key store moves."""

from dataclasses import dataclass

import pulumi

from components.alarm_topic import AlarmTopic
from components.component import Component
from components.event_alarm import EventAlarm, any_event
from core.naming import Name

MOVES = (
    "ReplicateKey",
    "UpdatePrimaryRegion",
    "DeleteCustomKeyStore",
    "DisconnectCustomKeyStore",
    "UpdateCustomKeyStore",
)
"""That a key is disabled or to be deleted is counted by TamperAlarm, for every key of the account and in every Region,
because the trail covers all of them: a rule in EventBridge would see its own Region alone."""
STILL_USED = '($.eventSource = "kms.amazonaws.com") && ($.errorMessage = "*is pending deletion*")'
"""The last warning: https://docs.aws.amazon.com/kms/latest/developerguide/deleting-keys-creating-cloudwatch-alarm.html"""
METRIC = "KeysInDanger"


@dataclass(frozen=True)
class KeyAlarmArgs:
    """The log group that the trail is delivered to, and where the alarm goes."""

    group: pulumi.Input[str]
    topic: AlarmTopic


class KeyAlarm(Component):
    """Counts uses of keys that wait for their deletion, copies of keys, and changes of key stores; alarms at the first.

    TamperAlarm counts that keys are disabled or to be deleted; this is about what follows, while it can be undone.
    Refuses nothing: there is no choice in what it is told.
    """

    def __init__(self, name: Name, args: KeyAlarmArgs, parent: pulumi.Resource | None = None) -> None:
        super().__init__("KeyAlarm", name, parent, {"watches": [*MOVES, "use of a key that is to be deleted"]})
        counted = EventAlarm(
            metric=METRIC,
            description="A key that is still needed is to be deleted, or a key or key store moved: look now.",
            patterns={"moved": f"{{ {any_event(MOVES)} }}", "missed": f"{{ {STILL_USED} }}"},
        )
        self.alarm = counted.declared(self, args.group, args.topic)
        self.done(arn=self.alarm.arn)
