"""Where alarms go, and from there to people."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.component import Component
from components.key import Key
from components.place import Place
from components.policy_document import PolicyDocument, Statement, allow, deny
from core.errors import BadInput
from core.naming import Name

ALARMS = "cloudwatch.amazonaws.com"


@dataclass(frozen=True)
class AlarmTopicArgs:
    """The key that seals the messages, and the e-mail addresses that get them.

    The key admits alarms (`components.key_policy.for_alarms`): under AWS's own `alias/aws/sns` no alarm is delivered.
    """

    place: Place
    key: Key
    recipients: Sequence[str] = ()


class AlarmTopic(Component):
    """An encrypted topic that this account's alarms publish to, and the subscriptions of its recipients.

    Each recipient must confirm by hand; until then AWS delivers nothing, and no plan can tell whether they did.
    Raises BadInput for a key that does not admit alarms, and for a recipient that is named twice or is no address.
    """

    def __init__(self, name: Name, args: AlarmTopicArgs, parent: pulumi.Resource | None = None) -> None:
        if faults := _faults(args):
            msg = f"alarm topic {name}: {'; '.join(faults)}"
            raise BadInput(msg)
        super().__init__("AlarmTopic", name, parent, {"recipientCount": len(args.recipients)})
        self.topic = aws.sns.Topic(
            f"{name}-topic", kms_master_key_id=args.key.arn, tags=dict(name.tags), opts=self.child
        )
        self.arn = self.topic.arn
        document = PolicyDocument(f"{name}-policy", _statements(args.place, self.arn), self)
        aws.sns.TopicPolicy(f"{name}-policy", arn=self.arn, policy=document.json, opts=self.child)
        for address in args.recipients:
            aws.sns.TopicSubscription(
                f"{name}-to-{_mark(address)}", topic=self.arn, protocol="email", endpoint=address, opts=self.child
            )
        self.done(arn=self.arn)


def _statements(place: Place, arn: pulumi.Output[str]) -> list[Statement]:
    """Alarms of this account publish, over TLS; people of this account need IAM.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Notify_Users_Alarm_Changes.html
    """
    own = {
        "StringEquals": {"aws:SourceAccount": place.account},
        "ArnLike": {"aws:SourceArn": place.arn("cloudwatch", "alarm:*")},
    }
    return [
        allow("AlarmsPublish", ["sns:Publish"], [arn], {"Service": ALARMS}, own),
        deny("OnlyOverTls", ["sns:Publish"], [arn], "*", {"Bool": {"aws:SecureTransport": "false"}}),
    ]


def _mark(address: str) -> str:
    """A short mark that stays the same when others come and go, and does not put the address into names and reports."""
    return hashlib.sha256(address.casefold().encode()).hexdigest()[:10]


def _faults(args: AlarmTopicArgs) -> list[str]:
    faults = []
    if not args.key.admits(ALARMS):
        faults.append("its key does not admit alarms; give the key `for_alarms(place)` among its services")
    marks = [_mark(address) for address in args.recipients]
    for number, address in enumerate(args.recipients):
        if "@" not in address.strip("@"):
            faults.append(f"recipients[{number}] is no e-mail address")
        if marks.index(marks[number]) < number:
            faults.append(f"recipients[{number}] is named twice")
    return faults
