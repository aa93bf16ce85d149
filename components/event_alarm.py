"""An alarm on what a trail records: filters that count events in its log group, and who is told at how many of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.alarm_topic import AlarmTopic
from components.component import Component

LONGEST_PATTERN = 1024
"""Characters: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutMetricFilter.html"""


@dataclass(frozen=True)
class EventAlarm:
    """What is counted under one metric, and when somebody is told.

    `patterns` are CloudWatch Logs filter patterns by a word for each; `word` ends the alarm's name, `period` is the
    seconds that are counted together, `threshold` how many events in them raise the alarm.
    """

    metric: str
    description: str
    patterns: Mapping[str, pulumi.Input[str]]
    word: str = "alarm"
    threshold: int = 1
    period: int = 60

    def declared(self, above: Component, group: pulumi.Input[str], topic: AlarmTopic) -> aws.cloudwatch.MetricAlarm:
        """The filters on the log group and the alarm, below the component.

        The metric's namespace is the component's name, so environments do not mix.
        """
        for what, pattern in self.patterns.items():
            aws.cloudwatch.LogMetricFilter(
                f"{above.name}-{what}",
                log_group_name=group,
                pattern=pattern,
                metric_transformation={
                    "namespace": str(above.name),
                    "name": self.metric,
                    "value": "1",
                    "default_value": "0",
                },
                opts=above.child,
            )
        return aws.cloudwatch.MetricAlarm(
            f"{above.name}-{self.word}",
            alarm_description=self.description,
            namespace=str(above.name),
            metric_name=self.metric,
            statistic="Sum",
            comparison_operator="GreaterThanOrEqualToThreshold",
            threshold=self.threshold,
            period=self.period,
            evaluation_periods=1,
            treat_missing_data="notBreaching",
            alarm_actions=[topic.arn],
            tags=dict(above.name.tags),
            opts=above.child,
        )


def any_event(events: Sequence[str]) -> str:
    """The part of a filter pattern that matches an event of any of these names.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
    """
    return "(" + " || ".join(f'($.eventName = "{event}")' for event in events) + ")"
