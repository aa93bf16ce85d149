"""A private network joined to another site over the internet, sealed on the way, with routes to named ranges only."""

from dataclasses import dataclass
from ipaddress import AddressValueError, IPv4Address
from typing import Any

import pulumi
import pulumi_aws as aws

from components.component import Component
from components.far_ranges import EVERYWHERE, FarRanges, refuse
from components.key import Key
from components.network import Network
from components.place import Place
from core.naming import Name
from core.retention import log_group_days

OTHER_END = "65000"
"""A number is demanded even where routes are static: the first of the private ones that AWS proposes."""
STRONG: dict[str, Any] = {
    "ike_versions": ["ikev2"],
    "phase1_dh_group_numbers": [19, 20, 21],
    "phase2_dh_group_numbers": [19, 20, 21],
    "phase1_encryption_algorithms": ["AES256-GCM-16"],
    "phase2_encryption_algorithms": ["AES256-GCM-16"],
    "phase1_integrity_algorithms": ["SHA2-384", "SHA2-512"],
    "phase2_integrity_algorithms": ["SHA2-384", "SHA2-512"],
}
"""Of what AWS takes, what leaves out old groups and SHA-1, which its defaults admit:
https://docs.aws.amazon.com/vpn/latest/s2svpn/VPNTunnels.html"""
TUNNELS = ("tunnel1", "tunnel2")


@dataclass(frozen=True)
class VpnAttachmentArgs:
    """The network, the public address of the other site's gateway, and what is reached there.

    `key` seals the log of the tunnels and admits its group, `components.vpn_attachment.vpn_group(name)`.
    """

    place: Place
    network: Network
    peer_address: str
    far: FarRanges
    key: Key
    keep_days: int


class VpnAttachment(Component):
    """Two tunnels with current ciphers, their keys kept out of this program's state, and their log.

    Routes are static: the other end cannot announce ranges that were not named here. Raises BadInput for an address
    that is not public, `0.0.0.0/0`, a key that does not admit the log, and for what FarRanges refuses: no ranges, one
    that overlaps the network's own or another, callers from elsewhere.
    """

    def __init__(self, name: Name, args: VpnAttachmentArgs, parent: pulumi.Resource | None = None) -> None:
        refuse("VPN attachment", name, _faults(name, args))
        facts = {"ranges": list(args.far.ranges), "callers": list(args.far.callers), "keepDays": args.keep_days}
        super().__init__("VpnAttachment", name, parent, facts)
        self.args, self.tags = args, {"Name": str(name), **name.tags}
        self.group = aws.cloudwatch.LogGroup(
            f"{name}-log",
            name=vpn_group(name),
            kms_key_id=args.key.arn,
            retention_in_days=log_group_days(args.keep_days),
            tags=dict(name.tags),
            opts=self.child,
        )
        self.gateway = aws.ec2.VpnGateway(
            f"{name}-gateway", vpc_id=args.network.vpc_id, tags=self.tags, opts=self.child
        )
        self.connection = self._connection()
        for number, cidr in enumerate(args.far.ranges):
            aws.ec2.VpnConnectionRoute(
                f"{name}-{number}",
                vpn_connection_id=self.connection.id,
                destination_cidr_block=cidr,
                opts=self.child,
            )
        args.far.routed(self, args.network, self.child, gateway_id=self.gateway.id)
        self.group_id = args.far.opened(self, args.network)
        self.done(id=self.connection.id)

    def _connection(self) -> aws.ec2.VpnConnection:
        """The tunnels' keys are made by AWS and kept in Secrets Manager: else they would stand in Pulumi's state.

        https://docs.aws.amazon.com/vpn/latest/s2svpn/enhanced-security.html
        """
        peer = aws.ec2.CustomerGateway(
            f"{self.name}-peer",
            type="ipsec.1",
            ip_address=self.args.peer_address,
            bgp_asn=OTHER_END,
            tags=self.tags,
            opts=self.child,
        )
        logged = {
            "log_enabled": True,
            "log_group_arn": self.group.arn,
            "log_output_format": "json",
        }
        options = {f"{tunnel}_{option}": value for tunnel in TUNNELS for option, value in STRONG.items()}
        logs: dict[str, Any] = {f"{tunnel}_log_options": {"cloudwatch_log_options": logged} for tunnel in TUNNELS}
        return aws.ec2.VpnConnection(
            f"{self.name}-connection",
            type="ipsec.1",
            customer_gateway_id=peer.id,
            vpn_gateway_id=self.gateway.id,
            static_routes_only=True,
            preshared_key_storage="SecretsManager",
            tags=self.tags,
            opts=self.child,
            **options,
            **logs,
        )


def vpn_group(name: Name) -> str:
    """What the log group of an attachment of that name is called; the key that seals it must admit this name."""
    return f"/aws/vendedlogs/vpn/{name}"


def _faults(name: Name, args: VpnAttachmentArgs) -> list[str]:
    faults = args.far.faults(args.network)
    if not _is_public(args.peer_address):
        faults.append(f"peer address {args.peer_address!r}; expected the public IPv4 address of the other gateway")
    if EVERYWHERE in args.far.ranges:
        faults.append(f"range {EVERYWHERE} would send everything to the other site; name its ranges")
    if not args.key.admits(args.place.endpoint("logs")):
        faults.append(f"its key does not admit the log; give it `for_log_groups(place, {vpn_group(name)!r})`")
    return faults


def _is_public(text: str) -> bool:
    try:
        return IPv4Address(text).is_global
    except AddressValueError:
        return False
