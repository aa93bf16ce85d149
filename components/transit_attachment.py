"""A private network on an organisation's transit gateway, with routes to named ranges and to no others."""

import re
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.component import Component
from components.far_ranges import EVERYWHERE, FarRanges, refuse
from components.network import ENDPOINTS, Network
from core.naming import Name

GATEWAY = re.compile(r"tgw-[0-9a-f]{8,17}")


@dataclass(frozen=True)
class TransitAttachmentArgs:
    """The network, the gateway it is attached to, and what is reached through that.

    `is_inspected` says that a firewall at the other end looks at what goes to the internet; only then may the range be
    `0.0.0.0/0`. That firewall cannot be seen from here, so guards answer `unknown` for such a route.
    """

    network: Network
    gateway_id: pulumi.Input[str]
    far: FarRanges
    is_inspected: bool = False


class TransitAttachment(Component):
    """An attachment in every zone, a route to each named range, and a security group for what is to reach them.

    Which other networks reach this one is for the gateway's owner to say, in its route tables. Raises BadInput for no
    ranges, a range that overlaps the network's own or another, a public range wider than /16, callers from elsewhere,
    `0.0.0.0/0` unless it is said to be inspected, and what is no transit gateway.
    """

    def __init__(self, name: Name, args: TransitAttachmentArgs, parent: pulumi.Resource | None = None) -> None:
        refuse("transit attachment", name, _faults(args))
        facts = {"ranges": list(args.far.ranges), "callers": list(args.far.callers), "isInspected": args.is_inspected}
        super().__init__("TransitAttachment", name, parent, facts)
        self.args = args
        self.attachment = aws.ec2transitgateway.VpcAttachment(
            f"{name}-attachment",
            transit_gateway_id=args.gateway_id,
            vpc_id=args.network.vpc_id,
            subnet_ids=[segment.subnet_id for segment in args.network.segments[ENDPOINTS]],
            dns_support="enable",
            ipv6_support="disable",
            security_group_referencing_support="disable",  # or groups of other networks could be let in by name
            tags={"Name": str(name), **name.tags},
            opts=self.child,
        )
        # EC2 takes no route to a gateway that the network is not attached to.
        args.far.routed(self, args.network, self.after(self.attachment), transit_gateway_id=args.gateway_id)
        self.group_id = args.far.opened(self, args.network)
        self.done(id=self.attachment.id)


def _faults(args: TransitAttachmentArgs) -> list[str]:
    faults = args.far.faults(args.network)
    if isinstance(args.gateway_id, str) and not GATEWAY.fullmatch(args.gateway_id):
        faults.append(f"gateway {args.gateway_id!r}; expected the id of a transit gateway, such as 'tgw-0a1b2c3d'")
    if EVERYWHERE in args.far.ranges and not args.is_inspected:
        faults.append(
            f"range {EVERYWHERE} leads to the internet past every firewall of ours; name ranges, use Egress, or set "
            "`is_inspected` where the other end inspects"
        )
    return faults
