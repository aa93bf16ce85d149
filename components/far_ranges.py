"""Ranges at the other end of an attachment: which may be named, and what has to stand here to reach them.

A route to them stands in every table of the network, so that answers find their way whoever asked. A security group of
its own opens them: who is to reach them joins it beside the workloads' own group.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network

import pulumi
import pulumi_aws as aws

from components.component import Component
from components.network import HTTPS, Network
from core.errors import BadInput
from core.subnets import PRIVATE, is_overlapping

EVERYWHERE = "0.0.0.0/0"
CARRIER_GRADE = IPv4Network("100.64.0.0/10")
WIDEST_PUBLIC = 16
"""Bits: a public range wider than this belongs to no single organisation that could have been meant."""


@dataclass(frozen=True)
class FarRanges:
    """The ranges at the other end, the TCP ports there, and those of them from where this network's endpoints are used.

    `callers` must lie within `ranges`: what calls must get its answer.
    """

    ranges: Sequence[str]
    callers: Sequence[str] = ()
    ports: Sequence[int] = (HTTPS,)

    def faults(self, network: Network) -> list[str]:
        """Why they cannot be attached to this network, a sentence each. Raises BadInput for what is no range."""
        faults = [f"range {cidr}: {fault}" for cidr in self.ranges if (fault := _fault(cidr, network.args.cidr))]
        if not self.ranges:
            faults.append("no range is named, so nothing could be reached; name them in `ranges`")
        for number, cidr in enumerate(self.ranges):
            faults += [
                f"range {cidr} overlaps {other}; name each address once"
                for other in self.ranges[:number]
                if is_overlapping(cidr, other)
            ]
        strangers = [cidr for cidr in self.callers if cidr == EVERYWHERE or _fault(cidr, network.args.cidr)]
        faults += [f"callers in {cidr}; expected a range of one organisation at the other end" for cidr in strangers]
        faults += [
            f"callers in {cidr}, which lies in none of the ranges; there is no way back to them"
            for cidr in self.callers
            if not any(_within(cidr, known) for known in self.ranges)
        ]
        faults += [f"port {port}; expected one from 1 to 65535" for port in self.ports if not 1 <= port <= 65535]  # noqa: PLR2004 - the highest there is
        return faults

    def routed(self, owner: Component, network: Network, opts: pulumi.ResourceOptions, **through: object) -> None:
        """A route to each range in each table, through the one target that is named."""
        for place, table_id in enumerate(network.route_table_ids):
            for number, cidr in enumerate(self.ranges):
                aws.ec2.Route(
                    f"{owner.name}-{place}-{number}",
                    route_table_id=table_id,
                    destination_cidr_block=cidr,
                    opts=opts,
                    **through,  # ty: ignore[invalid-argument-type] - one target, by its keyword
                )

    def opened(self, owner: Component, network: Network) -> pulumi.Output[str]:
        """The group that reaches the ranges, and the way in to the endpoints for the callers."""
        tags = {"Name": f"{owner.name}-reach", **owner.name.tags}
        group = aws.ec2.SecurityGroup(
            f"{owner.name}-reach",
            vpc_id=network.vpc_id,
            description="To named ranges at the other end of an attachment",
            tags=tags,
            opts=owner.child,
        )
        named = [cidr for cidr in self.ranges if cidr != EVERYWHERE]
        for number, (cidr, port) in enumerate((cidr, port) for cidr in named for port in self.ports):
            aws.vpc.SecurityGroupEgressRule(
                f"{owner.name}-to-{number}",
                security_group_id=group.id,
                description=f"TCP {port} to the other end",
                ip_protocol="tcp",
                from_port=port,
                to_port=port,
                cidr_ipv4=cidr,
                tags=tags,
                opts=owner.child,
            )
        for number, cidr in enumerate(self.callers):
            aws.vpc.SecurityGroupIngressRule(
                f"{owner.name}-from-{number}",
                security_group_id=network.endpoint_group_id,
                description="HTTPS from the other end",
                ip_protocol="tcp",
                from_port=HTTPS,
                to_port=HTTPS,
                cidr_ipv4=cidr,
                tags=tags,
                opts=owner.child,
            )
        return group.id


def refuse(kind: str, owner: object, faults: Sequence[str]) -> None:
    """Raises BadInput with all of the faults, when there are any."""
    if faults:
        msg = f"{kind} {owner}: {'; '.join(faults)}"
        raise BadInput(msg)


def _fault(cidr: str, own: str) -> str | None:
    if cidr == EVERYWHERE:
        return None  # whether that is right is for the attachment to say
    if is_overlapping(cidr, own):
        return f"overlaps the network's own {own}; addresses at both ends must differ"
    whole = IPv4Network(cidr)
    if whole.prefixlen < WIDEST_PUBLIC and not any(whole.subnet_of(ours) for ours in (*PRIVATE, CARRIER_GRADE)):
        return f"takes in addresses of strangers; expected a private range, or a public one of /{WIDEST_PUBLIC} or less"
    return None


def _within(cidr: str, known: str) -> bool:
    return is_overlapping(cidr, known) and IPv4Network(cidr).subnet_of(IPv4Network(known))
