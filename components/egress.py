"""A way out of a private network that leads through a firewall, in both directions and in each zone by itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network

import pulumi
import pulumi_aws as aws

from components.component import Component
from components.egress_firewall import EVERYWHERE, HTTPS, EgressFirewall, EgressFirewallArgs, firewall_groups
from components.key import Key
from components.network import WORKLOADS, Network
from components.place import Place
from core.errors import BadInput
from core.naming import Name
from core.subnets import Subnet, is_overlapping, subnet_plan

FIREWALL, PUBLIC = "firewall", "public"
CARRIER_GRADE = "100.64.0.0/10"
"""RFC 6598. Can be added to a VPC whatever its first range is:
https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html#add-cidr-block-restrictions"""
EDGE = "100.64.0.0/24"


@dataclass(frozen=True)
class EgressArgs:
    """All a way out has to be told.

    `domains` are the hosts that may be reached: `pypi.org`, or `*.example.org` for a domain and all below it. `cidr` is
    a range of its own for firewall and NAT gateways, beside that of the network: no subnet moves when a way out is
    added or taken away. `key` admits the logs, `components.egress.egress_groups(name)`. Without `is_protected` the
    firewall can be deleted as easily as it was made.
    """

    place: Place
    network: Network
    domains: Sequence[str]
    key: Key
    keep_days: int
    is_protected: bool = True
    cidr: str = EDGE


class Egress(Component):
    """Firewall, NAT gateways and the internet gateway behind them, for workloads that must reach named hosts.

    Whatever is to go out joins the security group `group_id` beside the workloads' own; the rest stays as closed as it
    was. Workloads have no route to the internet gateway: theirs leads to the firewall in their zone, from there to the
    NAT gateway, and answers come back the same way. Raises BadInput for a range outside 100.64.0.0/10 or too small, and
    for what EgressFirewall refuses: an empty list, `*`, whole registries, a key that does not admit the logs.
    """

    def __init__(self, name: Name, args: EgressArgs, parent: pulumi.Resource | None = None) -> None:
        zones = [segment.zone for segment in args.network.segments[WORKLOADS]]
        if fault := _fault(args):
            msg = f"egress {name}: {fault}"
            raise BadInput(msg)
        plan = subnet_plan(args.cidr, zones, (FIREWALL, PUBLIC))
        super().__init__("Egress", name, parent, {"range": args.cidr, "domains": sorted(args.domains)})
        self.args, self.vpc_id = args, args.network.vpc_id
        self.range = aws.ec2.VpcIpv4CidrBlockAssociation(
            f"{name}-range", vpc_id=self.vpc_id, cidr_block=args.cidr, opts=self.child
        )
        self.gateway = aws.ec2.InternetGateway(
            f"{name}-internet", vpc_id=self.vpc_id, tags=self._labelled("internet"), opts=self.child
        )
        subnets = {(part.tier, part.zone): self._subnet(part) for part in plan}
        self.firewall = EgressFirewall(
            name / "inspect",
            EgressFirewallArgs(
                args.place,
                self.vpc_id,
                args.network.args.cidr,
                [subnets[FIREWALL, zone].id for zone in zones],
                args.domains,
                args.key,
                args.keep_days,
                args.is_protected,
            ),
            self,
        )
        for zone in zones:
            self._led_out(zone, subnets[FIREWALL, zone], subnets[PUBLIC, zone])
        self.group_id = self._group()
        self.done(firewallArn=self.firewall.firewall.arn)

    def _labelled(self, part: str) -> dict[str, str]:
        return {"Name": f"{self.name}-{part}", **self.name.tags}

    def _letter(self, zone: str) -> str:
        return zone.removeprefix(self.args.place.region)

    def _subnet(self, part: Subnet) -> aws.ec2.Subnet:
        label = f"{part.tier}-{self._letter(part.zone)}"
        return aws.ec2.Subnet(
            f"{self.name}-{label}",
            vpc_id=self.vpc_id,
            cidr_block=part.cidr,
            availability_zone=part.zone,
            map_public_ip_on_launch=False,  # the NAT gateway brings its address along
            assign_ipv6_address_on_creation=False,
            tags=self._labelled(label),
            opts=self.after(self.range),
        )

    def _led_out(self, zone: str, firewall: aws.ec2.Subnet, public: aws.ec2.Subnet) -> None:
        """Workloads to firewall, firewall to NAT, NAT to internet; and from NAT back by way of the firewall.

        https://docs.aws.amazon.com/network-firewall/latest/developerguide/arch-igw-ngw.html
        The way back is narrower than the network's own route, so its destination must be a subnet's range exactly:
        https://docs.aws.amazon.com/vpc/latest/userguide/route-table-options.html#route-tables-appliance-routing
        """
        letter, endpoint_id = self._letter(zone), self.firewall.endpoint_in(firewall.id)
        inside = self._table(firewall, f"{FIREWALL}-{letter}")
        outside = self._table(public, f"{PUBLIC}-{letter}")
        (workloads,) = [s for s in self.args.network.segments[WORKLOADS] if s.zone == zone]
        nat = self._nat(public, letter)
        self._route(f"out-{letter}", workloads.route_table_id, EVERYWHERE, vpc_endpoint_id=endpoint_id)
        self._route(f"nat-{letter}", inside, EVERYWHERE, nat_gateway_id=nat.id)
        self._route(f"internet-{letter}", outside, EVERYWHERE, gateway_id=self.gateway.id)
        self._route(f"back-{letter}", outside, workloads.cidr, vpc_endpoint_id=endpoint_id)

    def _table(self, subnet: aws.ec2.Subnet, label: str) -> pulumi.Output[str]:
        table = aws.ec2.RouteTable(
            f"{self.name}-{label}", vpc_id=self.vpc_id, tags=self._labelled(label), opts=self.child
        )
        joined = {"subnet_id": subnet.id, "route_table_id": table.id}
        aws.ec2.RouteTableAssociation(f"{self.name}-{label}", opts=self.child, **joined)
        return table.id

    def _nat(self, public: aws.ec2.Subnet, letter: str) -> aws.ec2.NatGateway:
        """One in each zone: a zone that fails takes nobody else along, and no traffic pays to cross over."""
        tags = self._labelled(f"nat-{letter}")
        address = aws.ec2.Eip(f"{self.name}-{letter}", domain="vpc", tags=tags, opts=self.after(self.gateway))
        return aws.ec2.NatGateway(
            f"{self.name}-{letter}",
            subnet_id=public.id,
            allocation_id=address.id,
            connectivity_type="public",
            tags=tags,
            opts=self.after(self.gateway),
        )

    def _route(self, label: str, table_id: pulumi.Output[str], to: str, **through: pulumi.Output[str]) -> None:
        aws.ec2.Route(
            f"{self.name}-{label}",
            route_table_id=table_id,
            destination_cidr_block=to,
            opts=self.child,
            **through,
        )

    def _group(self) -> pulumi.Output[str]:
        """For whatever is to go out: HTTPS to anywhere, as addresses have no names; the firewall sees to those."""
        group = aws.ec2.SecurityGroup(
            f"{self.name}-out",
            vpc_id=self.vpc_id,
            description="HTTPS out of the network, by way of the firewall",
            tags=self._labelled("out"),
            opts=self.child,
        )
        aws.vpc.SecurityGroupEgressRule(
            f"{self.name}-out",
            security_group_id=group.id,
            description="HTTPS, by way of the firewall",
            ip_protocol="tcp",
            from_port=HTTPS,
            to_port=HTTPS,
            cidr_ipv4=EVERYWHERE,
            tags=self._labelled("out"),
            opts=self.child,
        )
        return group.id


def egress_groups(name: Name) -> str:
    """What the log groups of a way out of that name are called, as a pattern that its key must admit."""
    return firewall_groups(name / "inspect")


def _fault(args: EgressArgs) -> str | None:
    """Why AWS, or anybody connected to the network, could not take the range."""
    is_overlapping(args.cidr, args.network.args.cidr)  # refuses what is no range
    if not IPv4Network(args.cidr).subnet_of(IPv4Network(CARRIER_GRADE)):
        return f"range {args.cidr}; expected one inside {CARRIER_GRADE}, such as '{EDGE}'"
    return None
