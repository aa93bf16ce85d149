"""Alarms on what is done to an account as a whole, counted in the log group of its trail."""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi

from components.alarm_topic import AlarmTopic
from components.component import Component
from components.event_alarm import EventAlarm, any_event
from core.naming import Name

PERIOD = 300
"""Seconds that are counted together."""


@dataclass(frozen=True)
class Watch:
    """A kind of act, the filter pattern that finds it in the trail, and how many in a period raise the alarm."""

    word: str
    what: str
    pattern: str
    threshold: int = 1


def _any(*events: str, of: str = "") -> str:
    source = f'($.eventSource = "{of}.amazonaws.com") && ' if of else ""
    return f"{{ {source}{any_event(events)} }}"


def _policies() -> str:
    holders = ("Group", "Role", "User")
    inline = [f"{verb}{holder}Policy" for verb in ("Delete", "Put", "Attach", "Detach") for holder in holders]
    return _any(*inline, "CreatePolicy", "DeletePolicy", "CreatePolicyVersion", "DeletePolicyVersion")


WATCHES: Sequence[Watch] = (
    Watch(
        "refused",
        "Many calls were refused: somebody tries what they may not, or a role lacks a right it needs.",
        '{ ($.errorCode = "*UnauthorizedOperation") || ($.errorCode = "AccessDenied*") }',
        threshold=10,
    ),
    Watch(
        "one-factor",
        "Somebody signed in to the console without a second factor.",
        '{ ($.eventName = "ConsoleLogin") && ($.additionalEventData.MFAUsed != "Yes") '
        '&& ($.userIdentity.type = "IAMUser") && ($.responseElements.ConsoleLogin = "Success") }',
    ),
    Watch(
        "root",
        "The account's root user acted.",
        '{ $.userIdentity.type = "Root" && $.userIdentity.invokedBy NOT EXISTS && $.eventType != "AwsServiceEvent" }',
    ),
    Watch("iam", "A policy was changed, attached or detached.", _policies()),
    Watch(
        "trail",
        "A trail was changed.",
        _any("CreateTrail", "UpdateTrail", "DeleteTrail", "StartLogging", "StopLogging"),
    ),
    Watch(
        "sign-in",
        "Sign-ins to the console failed.",
        '{ ($.eventName = "ConsoleLogin") && ($.errorMessage = "Failed authentication") }',
        threshold=3,
    ),
    Watch(
        "keys",
        "A key was disabled, or its deletion scheduled.",
        _any("DisableKey", "ScheduleKeyDeletion", of="kms"),
    ),
    Watch(
        "buckets",
        "A bucket's policy, ACL, lifecycle or replication was changed.",
        _any(
            *("PutBucketAcl", "PutBucketPolicy", "PutBucketCors", "PutBucketLifecycle", "PutBucketReplication"),
            *("DeleteBucketPolicy", "DeleteBucketCors", "DeleteBucketLifecycle", "DeleteBucketReplication"),
            of="s3",
        ),
    ),
    Watch(
        "config",
        "The record of configurations was stopped or changed.",
        _any(
            *("StopConfigurationRecorder", "DeleteDeliveryChannel"),
            *("PutDeliveryChannel", "PutConfigurationRecorder"),
            of="config",
        ),
    ),
    Watch(
        "groups",
        "A security group was changed.",
        _any(
            *("AuthorizeSecurityGroupIngress", "AuthorizeSecurityGroupEgress", "RevokeSecurityGroupIngress"),
            *("RevokeSecurityGroupEgress", "CreateSecurityGroup", "DeleteSecurityGroup"),
        ),
    ),
    Watch(
        "acls",
        "A network ACL was changed.",
        _any(
            *("CreateNetworkAcl", "CreateNetworkAclEntry", "DeleteNetworkAcl", "DeleteNetworkAclEntry"),
            *("ReplaceNetworkAclEntry", "ReplaceNetworkAclAssociation"),
        ),
    ),
    Watch(
        "gateways",
        "A way to the internet or to another network was changed.",
        _any(
            *("CreateCustomerGateway", "DeleteCustomerGateway", "AttachInternetGateway"),
            *("CreateInternetGateway", "DeleteInternetGateway", "DetachInternetGateway"),
        ),
    ),
    Watch(
        "routes",
        "A route was changed.",
        _any(
            *("CreateRoute", "CreateRouteTable", "ReplaceRoute", "ReplaceRouteTableAssociation"),
            *("DeleteRouteTable", "DeleteRoute", "DisassociateRouteTable"),
        ),
    ),
    Watch(
        "vpcs",
        "A network or its peering was changed.",
        _any(
            *("CreateVpc", "DeleteVpc", "ModifyVpcAttribute", "AcceptVpcPeeringConnection"),
            *("CreateVpcPeeringConnection", "DeleteVpcPeeringConnection", "RejectVpcPeeringConnection"),
            *("AttachClassicLinkVpc", "DetachClassicLinkVpc", "DisableVpcClassicLink", "EnableVpcClassicLink"),
        ),
    ),
)
"""The filters of the CIS AWS Foundations Benchmark 1.4.0, section 4, as Security Hub looks for them. It alarms at the
first event of each; refusals and failed sign-ins are part of every day, so here they take more than one in a period:
https://docs.aws.amazon.com/securityhub/latest/userguide/cloudwatch-controls.html"""


@dataclass(frozen=True)
class MetricAlarmsArgs:
    """The log group that the trail is delivered to, and where the alarms go."""

    group: pulumi.Input[str]
    topic: AlarmTopic


class MetricAlarms(Component):
    """A filter and an alarm for each act on the account that the CIS benchmark has watched.

    They are: refused calls, console sign-ins that fail or use one factor, root, and changes of policies, trails, keys,
    buckets, the configuration recorder, security groups, network ACLs, gateways, routes and networks. A deployment
    raises some of them as well; that is meant.
    Refuses nothing: there is no choice in what it is told.
    """

    def __init__(self, name: Name, args: MetricAlarmsArgs, parent: pulumi.Resource | None = None) -> None:
        super().__init__("MetricAlarms", name, parent, {"watches": [watch.word for watch in WATCHES]})
        self.args = args
        for watch in WATCHES:
            self._watch(watch)
        self.done()

    def _watch(self, watch: Watch) -> None:
        """One metric a watch."""
        counted = EventAlarm(
            metric=watch.word,
            description=watch.what,
            patterns={watch.word: watch.pattern},
            word=watch.word,
            threshold=watch.threshold,
            period=PERIOD,
        )
        counted.declared(self, self.args.group, self.args.topic)
