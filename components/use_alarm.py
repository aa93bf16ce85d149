"""An alarm when somebody takes a role that is meant for emergencies or deployments."""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi

from components.alarm_topic import AlarmTopic
from components.component import Component
from components.event_alarm import EventAlarm
from components.role import Role
from core.errors import BadInput
from core.naming import Name

METRIC = "RoleTaken"
MOST_ROLES = 4
"""An ARN of a role has up to 130 characters here, and a filter pattern 1,024:
https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutMetricFilter.html"""


@dataclass(frozen=True)
class UseAlarmArgs:
    """The roles, the log group that the audit trail is delivered to, and where the alarm goes."""

    roles: Sequence[Role]
    group: pulumi.Input[str]
    topic: AlarmTopic


class UseAlarm(Component):
    """Counts who takes the roles, refused attempts too, and raises the alarm at the first.

    Raises BadInput for no roles, and for more than fit a filter pattern.
    """

    def __init__(self, name: Name, args: UseAlarmArgs, parent: pulumi.Resource | None = None) -> None:
        if not 1 <= len(args.roles) <= MOST_ROLES:
            msg = f"use alarm {name}: {len(args.roles)} roles; expected 1 to {MOST_ROLES}, make another for the others"
            raise BadInput(msg)
        super().__init__("UseAlarm", name, parent, {"watches": [str(role.name) for role in args.roles]})
        counted = EventAlarm(
            metric=METRIC,
            description="Somebody took a role that is watched: find out who, what for, and whether it is over.",
            patterns={"taken": taken([role.arn for role in args.roles])},
        )
        self.alarm = counted.declared(self, args.group, args.topic)
        self.done(arn=self.alarm.arn)


def taken(roles: Sequence[pulumi.Output[str]]) -> pulumi.Output[str]:
    """The filter pattern that matches an AssumeRole call, of any kind, for one of these roles.

    The call stands in the trail of the role's own account, wherever the caller is from:
    https://docs.aws.amazon.com/IAM/latest/UserGuide/cloudtrail-integration.html
    """
    each = [pulumi.Output.concat('($.requestParameters.roleArn = "', arn, '")') for arn in roles]
    any_role = pulumi.Output.all(*each).apply(" || ".join)
    return pulumi.Output.concat('{ ($.eventName = "AssumeRole*") && (', any_role, ") }")
