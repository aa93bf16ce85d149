"""The role by which SageMaker fetches a model, puts it into the network and writes its log; the model has none."""

import pulumi

from components.key import Key
from components.key_policy import through
from components.place import Place
from components.policy_document import Statement, allow
from components.private_network import PrivateNetwork
from components.role import Role, RoleArgs
from core.naming import Name

SAGEMAKER = "sagemaker.amazonaws.com"
METRICS = "/aws/sagemaker/*"
"""Namespaces of what machines report of themselves:
https://docs.aws.amazon.com/sagemaker/latest/dg/monitoring-cloudwatch.html"""


class ExecutionRole(Role):
    """A role for one endpoint of this account.

    https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-roles.html#sagemaker-roles-createmodel-perms
    That page also lists logs:CreateLogGroup. It is left out: the group stands already, and one that SageMaker made in
    its place would have neither key nor retention.
    Raises BadInput for what Role refuses.
    """

    def __init__(
        self, name: Name, place: Place, boundary: pulumi.Input[str] | None, parent: pulumi.Resource | None = None
    ) -> None:
        source = {"StringEquals": {"aws:SourceAccount": place.account}}
        trust = [allow("SageMakerServes", ["sts:AssumeRole"], [], {"Service": SAGEMAKER}, source)]
        args = RoleArgs(trust, "SageMaker fetches and runs one model", boundary)
        super().__init__(name, args, parent, kind="ExecutionRole")
        self.place = place

    def may_run(
        self, repository: str, network: PrivateNetwork, group_arn: pulumi.Output[str], alarm_arn: pulumi.Output[str]
    ) -> None:
        """Pull from this one repository, stand in this network, write this log, look at the alarm of a roll-out."""
        self.may_all("RunModel", [*_pulls(repository), *self._joins(network), *_reports(group_arn, alarm_arn)])

    def may_read(self, artefact_arn: pulumi.Output[str], key: Key | None) -> None:
        """Fetch this one object, and open it."""
        opened = [key.decrypts()] if key else []
        self.may_all("ReadArtefact", [allow("ReadArtefact", ["s3:GetObject"], [artefact_arn]), *opened])

    def may_pass_on(self, key: Key) -> None:
        """Lend the key to the machines' disks, by way of SageMaker and to AWS's own services only."""
        given = {**through(self.place, ["sagemaker"]), "Bool": {"kms:GrantIsForAWSResource": "true"}}
        self.may("SealDisks", "kms:CreateGrant", on=[key.arn], given=given)

    def _joins(self, network: PrivateNetwork) -> list[Statement]:
        """Interfaces in these subnets and this group only; EC2's Describe actions know no resources."""
        ours = {"ArnEquals": {"ec2:Vpc": self._ec2("vpc", network.vpc_id)}}
        interfaces = self.place.arn("ec2", "network-interface/*")
        where = [self._ec2("subnet", subnet) for subnet in network.subnet_ids]
        into = [interfaces, *where, self._ec2("security-group", network.workload_group_id)]
        lend = ["ec2:CreateNetworkInterfacePermission", "ec2:DeleteNetworkInterface"]
        look = [
            f"ec2:Describe{what}" for what in ("DhcpOptions", "NetworkInterfaces", "SecurityGroups", "Subnets", "Vpcs")
        ]
        return [
            allow("JoinNetwork", ["ec2:CreateNetworkInterface"], into),
            allow("LendInterfaces", [*lend, "ec2:DeleteNetworkInterfacePermission"], [interfaces], given=ours),
            allow("FindNetwork", look, ["*"]),
        ]

    def _ec2(self, kind: str, identifier: pulumi.Input[str]) -> pulumi.Output[str]:
        return pulumi.Output.concat(self.place.arn("ec2", f"{kind}/"), identifier)


def _pulls(repository: str) -> list[Statement]:
    layers = ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]
    return [
        allow("PullImage", layers, [repository]),
        allow("SignInToRegistry", ["ecr:GetAuthorizationToken"], ["*"]),  # the action knows no resources
    ]


def _reports(group_arn: pulumi.Output[str], alarm_arn: pulumi.Output[str]) -> list[Statement]:
    """Log, machine metrics, and the alarm that rolls an update back.

    https://docs.aws.amazon.com/sagemaker/latest/dg/deployment-guardrails-configuration.html
    """
    write = ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"]
    own = {"StringLike": {"cloudwatch:namespace": METRICS}}
    return [
        allow("WriteLog", write, [pulumi.Output.concat(group_arn, ":*")]),
        allow("ReportMetrics", ["cloudwatch:PutMetricData"], ["*"], given=own),  # the action knows no resources
        allow("WatchRollOut", ["cloudwatch:DescribeAlarms"], [alarm_arn]),
    ]
