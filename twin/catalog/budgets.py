"""Budgets, and the watch on unusual cost.

https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.value import Path, frozen
from twin.entry import Call, Entry, Gap, Named
from twin.forms import TAGS, Digits, Form, Member, Shape
from twin.terms import ID, Built, prop, reply

SUBSCRIBED = {"subscriberSnsTopicArns": "SNS", "subscriberEmailAddresses": "EMAIL"}
TOLD = Shape(
    comparisonOperator="ComparisonOperator",
    notificationType="NotificationType",
    threshold="Threshold",
    thresholdType="ThresholdType",
)


class Notifications(Form):
    """Flat in the provider's words; the API keeps what is told apart from whom it is told to."""

    def encode(self, value: Any) -> Any:
        """Each notification with its subscribers."""
        told = [TOLD.encode(self._plain(one)) for one in value]
        return [
            {"Notification": what, "Subscribers": self._subscribers(one)} for what, one in zip(told, value, strict=True)
        ]

    @staticmethod
    def _subscribers(one: Mapping[str, Any]) -> list[dict[str, str]]:
        return [
            {"SubscriptionType": kind, "Address": address}
            for name, kind in SUBSCRIBED.items()
            for address in one.get(name) or ()
        ]

    def decode(self, value: Any) -> Any:
        """In the order of what is told, as answers have none; with the subscribers where the answer has them."""
        return (
            frozen(sorted(map(self._flat, value), key=lambda one: repr(TOLD.encode(self._plain(one)))))
            if value
            else None
        )

    @classmethod
    def _flat(cls, one: Mapping[str, Any]) -> dict[str, Any]:
        told = dict(TOLD.decode(one.get("Notification", one)) or {})
        for name, kind in SUBSCRIBED.items():
            who = sorted(s["Address"] for s in one.get("Subscribers") or () if s["SubscriptionType"] == kind)
            told |= {name: who} if who else {}
        return told

    @staticmethod
    def _plain(one: Mapping[str, Any]) -> dict[str, Any]:
        return {name: said for name, said in one.items() if name not in SUBSCRIBED}

    def covers(self, path: Path) -> bool:
        """What is told and whom it is told to."""
        return not path or isinstance(path[0], int) or path[0] in {*TOLD.members, *SUBSCRIBED}


BUDGET = Entry(
    "aws:budgets/budget:Budget",
    create=Call(
        "budgets",
        "create_budget",
        AccountId=Built("{account}"),
        Budget={
            "BudgetName": prop("name"),
            "BudgetType": prop("budgetType"),
            "TimeUnit": prop("timeUnit"),
            "BudgetLimit": {"Amount": prop("limitAmount", Digits()), "Unit": prop("limitUnit")},
        },
        NotificationsWithSubscribers=prop("notifications", Notifications()),
        ResourceTags=prop("tags", TAGS),
    ),
    identity=Built("{account}:{name}"),
    named=Named("name", 100),
    # The double has no update_budget: one that gets another limit is made anew, which AWS would not need.
    delete=(Call("budgets", "delete_budget", AccountId=Built("{account}"), BudgetName=prop("name")),),
    read=(
        Call("budgets", "describe_budget", AccountId=Built("{account}"), BudgetName=prop("name")),
        Call(
            "budgets",
            "describe_notifications_for_budget",
            AccountId=Built("{account}"),
            BudgetName=prop("name"),
        ),
    ),
    gone=("NotFoundException",),
    shows={
        "name": reply("Budget.BudgetName"),
        "budgetType": reply("Budget.BudgetType"),
        "timeUnit": reply("Budget.TimeUnit"),
        "limitAmount": reply("Budget.BudgetLimit.Amount", Digits()),
        "limitUnit": reply("Budget.BudgetLimit.Unit"),
        "notifications": reply("Notifications", Notifications()),
        "tags": reply("ResourceTags", TAGS),
    },
    outputs={"arn": Built("arn:{partition}:budgets::{account}:budget/{name}")},
    gaps={f"notifications[].{name}": Gap("the answer leaves them out") for name in SUBSCRIBED}
    | {
        "tags": Gap("there is no operation that shows them"),
    },
)

MONITOR = Entry(
    "aws:costexplorer/anomalyMonitor:AnomalyMonitor",
    create=Call(
        "ce",
        "create_anomaly_monitor",
        AnomalyMonitor={
            "MonitorName": prop("name"),
            "MonitorType": prop("monitorType"),
            "MonitorDimension": prop("monitorDimension"),
        },
        ResourceTags=prop("tags", TAGS),
    ),
    identity=ID,
    named=Named("name", 1024),
    delete=(
        Call("ce", "delete_anomaly_monitor", MonitorArn=Built("arn:{partition}:ce::{account}:anomalymonitor/{id}")),
    ),
    outputs={"arn": Built("arn:{partition}:ce::{account}:anomalymonitor/{id}")},
    absent=Gap("there is no operation for the detection of anomalies"),
)

IMPACT = Shape(
    dimension=Member("Dimensions", Shape(key="Key", matchOptions="MatchOptions", values="Values")),
)
ANOMALIES = Entry(
    "aws:costexplorer/anomalySubscription:AnomalySubscription",
    create=Call(
        "ce",
        "create_anomaly_subscription",
        AnomalySubscription={
            "SubscriptionName": prop("name"),
            "Frequency": prop("frequency"),
            "MonitorArnList": prop("monitorArnLists"),
            "Subscribers": prop("subscribers", Shape(type="Type", address="Address")),
            "ThresholdExpression": prop("thresholdExpression", IMPACT),
        },
        ResourceTags=prop("tags", TAGS),
    ),
    identity=ID,
    named=Named("name", 1024),
    delete=(
        Call(
            "ce",
            "delete_anomaly_subscription",
            SubscriptionArn=Built("arn:{partition}:ce::{account}:anomalysubscription/{id}"),
        ),
    ),
    outputs={"arn": Built("arn:{partition}:ce::{account}:anomalysubscription/{id}")},
    absent=Gap("there is no operation for the detection of anomalies"),
)

ENTRIES = (BUDGET, MONITOR, ANOMALIES)
