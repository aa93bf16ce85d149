"""A private network: no way in, no way out, and an endpoint for each AWS service that the platform calls."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_aws as aws

from components.component import Component
from components.default_acl import limit_default_acl
from components.flow_log import FlowLog, FlowLogArgs, flow_group_name
from components.key import Key
from components.place import Place
from components.private_network import Segment
from components.service_endpoint import ServiceEndpoint, ServiceEndpointArgs
from core.aws_services import Reach, service
from core.errors import BadInput
from core.naming import Name
from core.subnets import subnet_plan

HTTPS = 443
WORKLOADS, ENDPOINTS = "workloads", "endpoints"
TIERS = (WORKLOADS, ENDPOINTS)
RUNTIME = "sagemaker.runtime"
SERVICES = (
    *("dynamodb", "s3"),
    *("ecr.api", "ecr.dkr", "kms", "logs", "monitoring", "sagemaker.api", RUNTIME, "sts"),
)
"""What the platform calls from inside."""


@dataclass(frozen=True)
class NetworkArgs:
    """All a network has to be told.

    `prefix` is what the names of this environment begin with: buckets, tables, roles and endpoints that the network
    reaches begin so. `zones` are zone names, such as `eu-central-1a`. Which names an account has is the account's own
    affair (in some Regions a letter is missing), and the same name is another building in another account, so the
    caller names them. `key` seals the flow log and admits its group, `components.network.flow_group(name)`. Calls
    through the endpoints must stay in this account, and in `organisation` (`o-...`) where one is given.
    """

    place: Place
    prefix: str
    cidr: str
    zones: Sequence[str]
    key: Key
    keep_days: int
    services: Sequence[str] = SERVICES
    boundary: pulumi.Input[str] | None = None
    organisation: str | None = None


class Network(Component):
    """Private subnets over the zones, without gateway to the internet, NAT or public address.

    The workloads of each zone have a route table of their own, so that `Egress` and attachments can be added later and
    nothing moves. Raises BadInput for a range that does not fit, a zone of another Region, an unknown service, what is
    no organisation, a missing S3 or SageMaker runtime endpoint, or a key that does not admit the flow log.
    """

    def __init__(self, name: Name, args: NetworkArgs, parent: pulumi.Resource | None = None) -> None:
        if faults := _faults(args):
            msg = f"network {name}: {'; '.join(faults)}"
            raise BadInput(msg)
        self.plan = subnet_plan(args.cidr, args.zones, TIERS)
        facts = {"range": args.cidr, "zones": list(args.zones), "services": sorted(args.services)}
        super().__init__("Network", name, parent, facts)
        self.args = args
        self.vpc = aws.ec2.Vpc(
            f"{name}-vpc",
            cidr_block=args.cidr,
            enable_dns_support=True,  # both are needed for the private names of endpoints
            enable_dns_hostnames=True,
            tags=self._labelled("vpc"),
            opts=self.child,
        )
        self.vpc_id = self.vpc.id
        self._emptied()
        limit_default_acl(self, self.vpc, args.cidr, self._labelled("default-acl"))
        self.segments = self._segments()
        self.subnet_ids = [segment.subnet_id for segment in self.segments[WORKLOADS]]
        self.workload_group_id = self._group(
            WORKLOADS, "Models and jobs: to AWS services inside this network, else nothing"
        )
        self.endpoint_group_id = self._group(ENDPOINTS, "Endpoints of AWS services: from workloads, nothing else")
        self.endpoints = self._endpoints()
        self._opened()
        FlowLog(name / "flow", FlowLogArgs(args.place, self.vpc_id, args.key, args.keep_days, args.boundary), self)
        self.done(vpcId=self.vpc_id)

    @property
    def runtime_endpoint_id(self) -> pulumi.Output[str]:
        """The endpoint through which models are invoked: the value of `aws:SourceVpce` of such a call."""
        return self.endpoints[RUNTIME].endpoint_id

    @property
    def route_table_ids(self) -> list[pulumi.Output[str]]:
        """Every route table, each once."""
        tables = {segment.zone: segment.route_table_id for segment in self.segments[WORKLOADS]}
        return [*tables.values(), self.segments[ENDPOINTS][0].route_table_id]

    def _labelled(self, part: str) -> dict[str, str]:
        """EC2's console shows the tag `Name` and no other."""
        return {"Name": f"{self.name}-{part}", **self.name.tags}

    def _emptied(self) -> None:
        """Every VPC comes with a security group whose members may talk; it cannot be deleted, so it is emptied."""
        aws.ec2.DefaultSecurityGroup(
            f"{self.name}-default",
            vpc_id=self.vpc_id,
            ingress=[],
            egress=[],
            tags=self._labelled("default-unused"),
            opts=self.child,
        )

    def _table(self, label: str) -> pulumi.Output[str]:
        """A table without routes: gateway endpoints add theirs, and what is attached later adds its own."""
        table = aws.ec2.RouteTable(
            f"{self.name}-{label}", vpc_id=self.vpc_id, tags=self._labelled(label), opts=self.child
        )
        return table.id

    def _segments(self) -> dict[str, list[Segment]]:
        """The subnets of each tier, every one bound to a private table: else the VPC's main one would count."""
        made: dict[str, list[Segment]] = {tier: [] for tier in TIERS}
        shared = self._table("routes")
        for part in self.plan:
            letter = part.zone.removeprefix(self.args.place.region)
            label, table_id = f"{part.tier}-{letter}", shared
            if part.tier == WORKLOADS:
                table_id = self._table(f"routes-{letter}")
            subnet = aws.ec2.Subnet(
                f"{self.name}-{label}",
                vpc_id=self.vpc_id,
                cidr_block=part.cidr,
                availability_zone=part.zone,
                map_public_ip_on_launch=False,
                assign_ipv6_address_on_creation=False,
                tags=self._labelled(label),
                opts=self.child,
            )
            joined = {"subnet_id": subnet.id, "route_table_id": table_id}
            aws.ec2.RouteTableAssociation(f"{self.name}-{label}", opts=self.child, **joined)
            made[part.tier].append(Segment(part.zone, part.cidr, subnet.id, table_id))
        return made

    def _group(self, tier: str, purpose: str) -> pulumi.Output[str]:
        """A security group without rules: the provider takes away the one by which AWS lets everything out."""
        group = aws.ec2.SecurityGroup(
            f"{self.name}-{tier}",
            vpc_id=self.vpc_id,
            description=purpose,
            tags=self._labelled(tier),
            opts=self.child,
        )
        return group.id

    def _endpoints(self) -> dict[str, ServiceEndpoint]:
        subnet_ids = [segment.subnet_id for segment in self.segments[ENDPOINTS]]
        return {
            wanted: ServiceEndpoint(
                self.name / wanted.replace("sagemaker.", "ml-").replace("store-runtime", "s").replace(".", "-"),
                ServiceEndpointArgs(
                    self.args.place,
                    wanted,
                    self.args.prefix,
                    self.vpc_id,
                    route_table_ids=self.route_table_ids,
                    subnet_ids=subnet_ids,
                    group_ids=[self.endpoint_group_id],
                    organisation=self.args.organisation,
                ),
                self,
            )
            for wanted in self.args.services
        }

    def _opened(self) -> None:
        """HTTPS from workloads to endpoints and to the gateways' services, named by group and by prefix list."""
        workloads, endpoints = self.workload_group_id, self.endpoint_group_id
        aws.vpc.SecurityGroupIngressRule(
            f"{self.name}-from-workloads",
            **_https(endpoints, "HTTPS from workloads"),
            referenced_security_group_id=workloads,
            tags=self._labelled("from-workloads"),
            opts=self.child,
        )
        aws.vpc.SecurityGroupEgressRule(
            f"{self.name}-to-endpoints",
            **_https(workloads, "HTTPS to endpoints"),
            referenced_security_group_id=endpoints,
            tags=self._labelled("to-endpoints"),
            opts=self.child,
        )
        for wanted, made in self.endpoints.items():
            if service(wanted).reach is Reach.GATEWAY:
                aws.vpc.SecurityGroupEgressRule(
                    f"{self.name}-to-{wanted}",
                    **_https(workloads, f"HTTPS to {wanted}"),
                    prefix_list_id=made.endpoint.prefix_list_id,
                    tags=self._labelled(f"to-{wanted}"),
                    opts=self.child,
                )


def flow_group(name: Name) -> str:
    """What the log group with the flow log of a network of that name is called."""
    return flow_group_name(name / "flow")


def _https(group_id: pulumi.Output[str], description: str) -> dict[str, Any]:
    ports = {"ip_protocol": "tcp", "from_port": HTTPS, "to_port": HTTPS}
    return {"security_group_id": group_id, "description": description, **ports}


def _faults(args: NetworkArgs) -> list[str]:
    """What AWS would refuse, or what the platform could not run without, a sentence each."""
    region = args.place.region
    faults = [
        f"zone {zone!r}; expected the name of a zone in {region}, such as '{region}a'"
        for zone in args.zones
        if not (zone.startswith(region) and len(zone) == len(region) + 1 and zone[-1].isalpha())
    ]
    for needed, why in (("s3", "models are fetched through it"), (RUNTIME, "models are invoked through it")):
        if needed not in args.services:
            faults.append(f"no endpoint for {needed}; add it to `services`: {why}")
    if len(set(args.services)) < len(args.services):
        faults.append("a service is named twice; AWS takes one endpoint with private names for each")
    return faults
