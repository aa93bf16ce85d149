"""A topic for alarms that another stack of this environment made: alarms are sent to it, and it is not made again."""

from dataclasses import dataclass

import pulumi

from components.alarm_topic import AlarmTopic
from components.component import Component
from core.naming import Name


@dataclass(frozen=True)
class KnownTopicArgs:
    """The ARN of the topic."""

    topic: pulumi.Input[str]


class KnownTopic(AlarmTopic):
    """A topic for alarms by its ARN, for components of a layer above the one it is made in.

    Nothing is made. Refuses nothing: what it stands for was checked where it is made.
    """

    def __init__(self, name: Name, args: KnownTopicArgs, parent: pulumi.Resource | None = None) -> None:
        Component.__init__(self, "KnownTopic", name, parent, {"topic": args.topic})
        self.arn = pulumi.Output.from_input(args.topic)
        self.done(arn=self.arn)
