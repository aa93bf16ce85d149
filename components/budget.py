"""What may be spent in a month, and who hears of it before, when and after it is."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.component import Component
from components.key import Key
from components.key_policy import ITSELF
from components.place import Place
from components.policy_document import PolicyDocument, Statement, allow, deny
from core.errors import BadInput
from core.naming import Name

BUDGETS, ANOMALIES = "budgets.amazonaws.com", "costalerts.amazonaws.com"
MOST_NOTIFICATIONS = 5
"""Of one budget: https://docs.aws.amazon.com/cost-management/latest/userguide/management-limits.html"""
LARGEST_PERCENT = 1000


@dataclass(frozen=True)
class BudgetArgs:
    """All a budget has to be told.

    `monthly_usd` is the limit. `actual_percent` and `forecast_percent` are at what parts of it somebody is told: of
    what has been spent, and of what will have been by the end of the month. `anomaly_usd` is from what extra cost on
    an unusual rise is told. An account has one monitor over all services: `monitor` is its ARN where another stack
    owns it. The `key` admits both services (`for_spending`).
    """

    place: Place
    key: Key
    recipients: Sequence[str]
    monthly_usd: int
    actual_percent: Sequence[int] = (80, 100)
    forecast_percent: Sequence[int] = (100,)
    anomaly_usd: int = 50
    monitor: str | None = None


class Budget(Component):
    """A monthly limit on what the account spends, a watch on unusual rises, and an encrypted topic that tells of both.

    It counts the whole account: a budget by tag sees nothing until somebody activates the tag in billing, and says so
    to nobody. Each recipient must confirm by hand. Raises BadInput for a limit below 1, parts that are no rising
    percentages or too many, no recipient, one that is named twice, and a key that does not admit the two services.
    """

    def __init__(self, name: Name, args: BudgetArgs, parent: pulumi.Resource | None = None) -> None:
        if faults := _faults(args):
            msg = f"budget {name}: {'; '.join(faults)}"
            raise BadInput(msg)
        super().__init__("Budget", name, parent, {"monthlyUsd": args.monthly_usd, "anomalyUsd": args.anomaly_usd})
        self.args = args
        self.topic = aws.sns.Topic(
            f"{name}-topic", kms_master_key_id=args.key.arn, tags=dict(name.tags), opts=self.child
        )
        document = PolicyDocument(f"{name}-policy", _statements(args.place, self.topic.arn), self)
        policy = aws.sns.TopicPolicy(f"{name}-policy", arn=self.topic.arn, policy=document.json, opts=self.child)
        for address in args.recipients:
            mark = hashlib.sha256(address.casefold().encode()).hexdigest()[:10]
            aws.sns.TopicSubscription(
                f"{name}-to-{mark}", topic=self.topic.arn, protocol="email", endpoint=address, opts=self.child
            )
        self.budget = self._limit(policy)
        self._watch(policy)
        self.done(arn=self.budget.arn)

    def _limit(self, policy: pulumi.Resource) -> aws.budgets.Budget:
        """AWS tries the topic when the budget is made."""
        args = self.args
        return aws.budgets.Budget(
            f"{self.name}-budget",
            name=str(self.name),
            budget_type="COST",
            limit_amount=str(args.monthly_usd),
            limit_unit="USD",
            time_unit="MONTHLY",
            notifications=[
                *(self._told("ACTUAL", percent) for percent in args.actual_percent),
                *(self._told("FORECASTED", percent) for percent in args.forecast_percent),
            ],
            tags=dict(self.name.tags),
            opts=self.after(policy),
        )

    def _told(self, kind: str, percent: int) -> aws.budgets.BudgetNotificationArgsDict:
        return {
            "comparison_operator": "GREATER_THAN",
            "notification_type": kind,
            "threshold": percent,
            "threshold_type": "PERCENTAGE",
            "subscriber_sns_topic_arns": [self.topic.arn],
        }

    def _watch(self, policy: pulumi.Resource) -> None:
        """Through a topic an anomaly is told at once; by e-mail from AWS it would be once a day."""
        args = self.args
        monitor: pulumi.Input[str] = args.monitor or self._monitor().arn
        aws.costexplorer.AnomalySubscription(
            f"{self.name}-anomalies",
            name=str(self.name),
            frequency="IMMEDIATE",
            monitor_arn_lists=[monitor],
            subscribers=[{"type": "SNS", "address": self.topic.arn}],
            threshold_expression={
                "dimension": {
                    "key": "ANOMALY_TOTAL_IMPACT_ABSOLUTE",
                    "match_options": ["GREATER_THAN_OR_EQUAL"],
                    "values": [str(args.anomaly_usd)],
                }
            },
            tags=dict(self.name.tags),
            opts=self.after(policy),
        )

    def _monitor(self) -> aws.costexplorer.AnomalyMonitor:
        """Over all services; of this kind an account takes one.

        https://docs.aws.amazon.com/cost-management/latest/userguide/management-limits.html
        """
        return aws.costexplorer.AnomalyMonitor(
            f"{self.name}-monitor",
            name=str(self.name),
            monitor_type="DIMENSIONAL",
            monitor_dimension="SERVICE",
            tags=dict(self.name.tags),
            opts=self.child,
        )


def for_spending(place: Place) -> list[Statement]:
    """Budgets and the detection of anomalies publish to a topic sealed with this key.

    https://docs.aws.amazon.com/cost-management/latest/userguide/ad-SNS.html says so of anomalies; the page of budgets
    shows no statement for a key, so theirs is the same.
    """
    given = {"StringEquals": {"aws:SourceAccount": place.account}}
    actions = ["kms:GenerateDataKey*", "kms:Decrypt"]
    return [
        allow("BudgetsTell", actions, ITSELF, {"Service": BUDGETS}, given),
        allow("AnomaliesTell", actions, ITSELF, {"Service": ANOMALIES}, given),
    ]


def _statements(place: Place, arn: pulumi.Output[str]) -> list[Statement]:
    """Both services publish for this account, over TLS; people of this account need IAM.

    https://docs.aws.amazon.com/cost-management/latest/userguide/budgets-sns-policy.html
    """
    own = {"StringEquals": {"aws:SourceAccount": place.account}}
    budgets = {**own, "ArnLike": {"aws:SourceArn": place.arn("budgets", "*", region="")}}
    return [
        allow("BudgetsTell", ["sns:Publish"], [arn], {"Service": BUDGETS}, budgets),
        allow("AnomaliesTell", ["sns:Publish"], [arn], {"Service": ANOMALIES}, own),
        deny("OnlyOverTls", ["sns:Publish"], [arn], "*", {"Bool": {"aws:SecureTransport": "false"}}),
    ]


def _faults(args: BudgetArgs) -> list[str]:
    """Why this budget must not be made, a sentence each."""
    faults = []
    if args.monthly_usd < 1 or args.anomaly_usd < 1:
        faults.append("monthly_usd and anomaly_usd are whole US dollars, 1 or more")
    for field in ("actual_percent", "forecast_percent"):
        parts = list(getattr(args, field))
        if not parts or sorted(set(parts)) != parts or parts[0] < 1 or parts[-1] > LARGEST_PERCENT:
            faults.append(f"{field} is {parts}; expected rising percentages from 1 to {LARGEST_PERCENT}")
    if (count := len(args.actual_percent) + len(args.forecast_percent)) > MOST_NOTIFICATIONS:
        faults.append(f"{count} percentages; one budget tells at {MOST_NOTIFICATIONS} at most")
    if not (args.key.admits(BUDGETS) and args.key.admits(ANOMALIES)):
        faults.append("its key does not admit them; give the key `for_spending(place)` among its services")
    return [*faults, *_nobody(args.recipients)]


def _nobody(recipients: Sequence[str]) -> list[str]:
    faults = [] if recipients else ["nobody is told; name somebody in `recipients`"]
    folded = [address.casefold() for address in recipients]
    for number, address in enumerate(folded):
        if "@" not in address.strip("@"):
            faults.append(f"recipients[{number}] is no e-mail address")
        if folded.index(address) < number:
            faults.append(f"recipients[{number}] is named twice")
    return faults
