"""A record of every connection that is made, or tried, in a network."""

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.component import Component
from components.key import Key
from components.place import Place
from components.policy_document import allow
from components.role import Role, RoleArgs
from core.errors import BadInput
from core.naming import Name
from core.retention import log_group_days

FLOW_LOGS = "vpc-flow-logs.amazonaws.com"
SECONDS = 60
"""Of traffic in one record: the shorter of the two periods there are.
https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateFlowLogs.html"""


@dataclass(frozen=True)
class FlowLogArgs:
    """The network, the key that seals the record, how long it is kept, and the boundary of the role that writes."""

    place: Place
    vpc_id: pulumi.Input[str]
    key: Key
    keep_days: int
    boundary: pulumi.Input[str] | None = None


class FlowLog(Component):
    """Accepted and refused traffic alike, in an encrypted log group.

    Raises BadInput for a key whose policy does not admit CloudWatch Logs: the group could not be made.
    """

    def __init__(self, name: Name, args: FlowLogArgs, parent: pulumi.Resource | None = None) -> None:
        if not args.key.admits(args.place.endpoint("logs")):
            msg = (
                f"flow log {name}: its key does not admit CloudWatch Logs; "
                f"give the key `for_log_groups(place, {flow_group_name(name)!r})` among its services"
            )
            raise BadInput(msg)
        super().__init__("FlowLog", name, parent, {"keepDays": args.keep_days})
        self.args = args
        self.group = aws.cloudwatch.LogGroup(
            f"{name}-group",
            name=flow_group_name(name),
            kms_key_id=args.key.arn,
            retention_in_days=log_group_days(args.keep_days),
            tags=dict(name.tags),
            opts=self.child,
        )
        writer = self._writer()
        aws.ec2.FlowLog(
            f"{name}-flows",
            vpc_id=args.vpc_id,
            traffic_type="ALL",
            max_aggregation_interval=SECONDS,
            log_destination_type="cloud-watch-logs",
            log_destination=self.group.arn,
            iam_role_arn=writer.arn,
            tags=dict(name.tags),
            opts=self.after(writer),
        )
        self.done(group=self.group.name)

    def _writer(self) -> Role:
        """The role by which the service, for this account's flow logs alone, writes into the group.

        https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-iam-role.html
        That page also lists logs:CreateLogGroup. It is left out: the group stands already, and one that the service
        made in its place would have neither key nor retention.
        """
        place = self.args.place
        source = {
            "StringEquals": {"aws:SourceAccount": place.account},
            "ArnLike": {"aws:SourceArn": place.arn("ec2", "vpc-flow-log/*")},
        }
        trust = [allow("FlowLogsDeliver", ["sts:AssumeRole"], [], {"Service": FLOW_LOGS}, source)]
        role = Role(
            self.name / "writer",
            RoleArgs(trust, "VPC flow logs are delivered to the log group", self.args.boundary),
            self,
        )
        write = ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"]
        into = pulumi.Output.concat(self.group.arn, ":*")
        listed = allow("FindGroup", ["logs:DescribeLogGroups"], ["*"])  # the action knows no resources
        role.may_all("DeliverFlows", [allow("DeliverFlows", write, [into]), listed])
        return role


def flow_group_name(name: Name) -> str:
    """What the log group of a flow log of that name is called; the key that seals it must admit this name."""
    return f"/vpc/{name}"
