"""What joins a network to others: transit gateways and tunnels.

https://docs.aws.amazon.com/AWSEC2/latest/APIReference/
"""

from __future__ import annotations

from typing import Any

from twin.catalog.vpc import RETAG, tagged
from twin.entry import Call, Entry, Gap
from twin.forms import AS_IT_IS, BAG, TAGS, Digits, Form, Member, Shape
from twin.terms import ID, Built, added, dropped, given, prop, reply, unlike

GATEWAY = "TransitGateways[0]."
GATEWAYS = Call("ec2", "describe_transit_gateways", TransitGatewayIds=[ID])
TRANSIT_GATEWAY = Entry(
    "aws:ec2transitgateway/transitGateway:TransitGateway",
    create=Call(
        "ec2",
        "create_transit_gateway",
        Description=prop("description"),
        TagSpecifications=tagged("transit-gateway"),
    ),
    identity=reply("TransitGateway.TransitGatewayId"),
    update=RETAG,
    # The double breaks down when it is asked to remove one that is gone.
    delete=(GATEWAYS, Call("ec2", "delete_transit_gateway", when=reply(GATEWAY + "State"), TransitGatewayId=ID)),
    read=(GATEWAYS,),
    gone=("InvalidTransitGatewayID.NotFound",),
    exists=unlike(GATEWAY + "State", "deleted", "deleting"),
    find=(Call("ec2", "describe_transit_gateways"), reply("TransitGateways[].TransitGatewayId")),
    shows={"description": reply(GATEWAY + "Description"), "tags": reply(GATEWAY + "Tags", TAGS)},
    outputs={"arn": Built("arn:{partition}:ec2:{region}:{account}:transit-gateway/{id}")},
)

OPTIONS = {
    "dnsSupport": "DnsSupport",
    "ipv6Support": "Ipv6Support",
    "applianceModeSupport": "ApplianceModeSupport",
    "securityGroupReferencingSupport": "SecurityGroupReferencingSupport",
}
ATTACHED = "TransitGatewayVpcAttachments[0]."
ATTACHMENTS = Call("ec2", "describe_transit_gateway_vpc_attachments", TransitGatewayAttachmentIds=[ID])
ATTACHMENT = Entry(
    "aws:ec2transitgateway/vpcAttachment:VpcAttachment",
    create=Call(
        "ec2",
        "create_transit_gateway_vpc_attachment",
        TransitGatewayId=prop("transitGatewayId"),
        VpcId=prop("vpcId"),
        SubnetIds=prop("subnetIds", BAG),
        Options={api: prop(name) for name, api in OPTIONS.items()},
        TagSpecifications=tagged("transit-gateway-attachment"),
    ),
    identity=reply("TransitGatewayVpcAttachment.TransitGatewayAttachmentId"),
    update=(
        Call(
            "ec2",
            "modify_transit_gateway_vpc_attachment",
            TransitGatewayAttachmentId=ID,
            AddSubnetIds=added("subnetIds"),
            RemoveSubnetIds=dropped("subnetIds"),
            Options={api: prop(name) for name, api in OPTIONS.items()},
        ),
        *RETAG,
    ),
    delete=(
        ATTACHMENTS,
        Call(
            "ec2",
            "delete_transit_gateway_vpc_attachment",
            when=reply(ATTACHED + "State"),
            TransitGatewayAttachmentId=ID,
        ),
    ),
    read=(ATTACHMENTS,),
    gone=("InvalidTransitGatewayAttachmentID.NotFound",),
    exists=unlike(ATTACHED + "State", "deleted", "deleting"),
    find=(
        Call("ec2", "describe_transit_gateway_vpc_attachments"),
        reply("TransitGatewayVpcAttachments[].TransitGatewayAttachmentId"),
    ),
    shows={
        "transitGatewayId": reply(ATTACHED + "TransitGatewayId"),
        "vpcId": reply(ATTACHED + "VpcId"),
        "subnetIds": reply(ATTACHED + "SubnetIds", BAG),
        **{name: reply(f"{ATTACHED}Options.{api}") for name, api in OPTIONS.items()},
        "tags": reply(ATTACHED + "Tags", TAGS),
    },
    outputs={"arn": Built("arn:{partition}:ec2:{region}:{account}:transit-gateway-attachment/{id}")},
    defaults={
        "dnsSupport": "enable",
        "ipv6Support": "disable",
        "applianceModeSupport": "disable",
        "securityGroupReferencingSupport": "enable",
    },
    gaps={"tags": Gap("tags are kept only when they are asked for as those of a route table")},
    alone=("transitGatewayId", "vpcId"),
)

SITE = "VpnGateways[0]."
VPN_GATEWAY = Entry(
    "aws:ec2/vpnGateway:VpnGateway",
    create=Call("ec2", "create_vpn_gateway", Type="ipsec.1", TagSpecifications=tagged("vpn-gateway")),
    identity=reply("VpnGateway.VpnGatewayId"),
    then=(Call("ec2", "attach_vpn_gateway", when=prop("vpcId"), VpnGatewayId=ID, VpcId=prop("vpcId")),),
    update=RETAG,
    fixed=("vpcId",),
    delete=(
        Call("ec2", "detach_vpn_gateway", when=prop("vpcId"), VpnGatewayId=ID, VpcId=prop("vpcId")),
        Call("ec2", "delete_vpn_gateway", VpnGatewayId=ID),
    ),
    read=(Call("ec2", "describe_vpn_gateways", VpnGatewayIds=[ID]),),
    gone=("InvalidVpnGatewayID.NotFound",),
    exists=unlike(SITE + "State", "deleted", "deleting"),
    find=(Call("ec2", "describe_vpn_gateways"), reply("VpnGateways[].VpnGatewayId")),
    shows={"vpcId": reply(SITE + "VpcAttachments[0].VpcId"), "tags": reply(SITE + "Tags", TAGS)},
    outputs={"arn": Built("arn:{partition}:ec2:{region}:{account}:vpn-gateway/{id}")},
    alone=("vpcId",),
)


class Whole(Digits):
    """A whole number of the API that the provider writes as text."""

    def encode(self, value: Any) -> Any:
        """The number."""
        return int(value)

    def decode(self, value: Any) -> Any:
        """Its digits."""
        return None if value is None else str(value)


PEER = "CustomerGateways[0]."
CUSTOMER_GATEWAY = Entry(
    "aws:ec2/customerGateway:CustomerGateway",
    create=Call(
        "ec2",
        "create_customer_gateway",
        Type=prop("type"),
        IpAddress=prop("ipAddress"),
        BgpAsn=prop("bgpAsn", Whole()),
        TagSpecifications=tagged("customer-gateway"),
    ),
    identity=reply("CustomerGateway.CustomerGatewayId"),
    update=RETAG,
    delete=(Call("ec2", "delete_customer_gateway", CustomerGatewayId=ID),),
    read=(Call("ec2", "describe_customer_gateways", CustomerGatewayIds=[ID]),),
    gone=("InvalidCustomerGatewayID.NotFound",),
    exists=unlike(PEER + "State", "deleted", "deleting"),
    find=(Call("ec2", "describe_customer_gateways"), reply("CustomerGateways[].CustomerGatewayId")),
    shows={
        "type": reply(PEER + "Type"),
        "ipAddress": reply(PEER + "IpAddress"),
        "bgpAsn": reply(PEER + "BgpAsn", Whole()),
        "tags": reply(PEER + "Tags", TAGS),
    },
    outputs={"arn": Built("arn:{partition}:ec2:{region}:{account}:customer-gateway/{id}")},
)


class Values(Form):
    """A list that the API writes as one of structures with a `Value` each."""

    def encode(self, value: Any) -> Any:
        """Each in a structure of its own."""
        return [{"Value": item} for item in value]


LOGGED = Shape(
    cloudwatchLogOptions=Member(
        "CloudWatchLogOptions",
        Shape(logEnabled="LogEnabled", logGroupArn="LogGroupArn", logOutputFormat="LogOutputFormat"),
    )
)
TUNNEL: dict[str, tuple[str, Form]] = {
    "IkeVersions": ("IKEVersions", Values()),
    **{
        f"Phase{phase}{what}": (f"Phase{phase}{api}", Values())
        for phase in (1, 2)
        for what, api in (
            ("DhGroupNumbers", "DHGroupNumbers"),
            ("EncryptionAlgorithms", "EncryptionAlgorithms"),
            ("IntegrityAlgorithms", "IntegrityAlgorithms"),
        )
    },
    "LogOptions": ("LogOptions", LOGGED),
}
TUNNELS = ("tunnel1", "tunnel2")
JOINED = "VpnConnections[0]."
UNKEPT = ("staticRoutesOnly", "presharedKeyStorage", *(f"{tunnel}{option}" for tunnel in TUNNELS for option in TUNNEL))
NOT_KEPT = Gap("the answer leaves all options of connections out")
VPN = Entry(
    "aws:ec2/vpnConnection:VpnConnection",
    create=Call(
        "ec2",
        "create_vpn_connection",
        Type=prop("type"),
        CustomerGatewayId=prop("customerGatewayId"),
        VpnGatewayId=prop("vpnGatewayId"),
        PreSharedKeyStorage=prop("presharedKeyStorage"),
        Options={
            "StaticRoutesOnly": prop("staticRoutesOnly"),
            "TunnelOptions": [
                {api: prop(f"{tunnel}{option}", form) for option, (api, form) in TUNNEL.items()} for tunnel in TUNNELS
            ],
        },
        TagSpecifications=tagged("vpn-connection"),
    ),
    identity=reply("VpnConnection.VpnConnectionId"),
    update=RETAG,
    delete=(Call("ec2", "delete_vpn_connection", VpnConnectionId=ID),),
    read=(Call("ec2", "describe_vpn_connections", VpnConnectionIds=[ID]),),
    gone=("InvalidVpnConnectionID.NotFound",),
    exists=unlike(JOINED + "State", "deleted", "deleting"),
    find=(Call("ec2", "describe_vpn_connections"), reply("VpnConnections[].VpnConnectionId")),
    shows={
        "type": reply(JOINED + "Type"),
        "customerGatewayId": reply(JOINED + "CustomerGatewayId"),
        "vpnGatewayId": reply(JOINED + "VpnGatewayId"),
        **{name: given(name, reply(f"{JOINED}Options.{name}", AS_IT_IS)) for name in UNKEPT},
        "tags": reply(JOINED + "Tags", TAGS),
    },
    outputs={"arn": Built("arn:{partition}:ec2:{region}:{account}:vpn-connection/{id}")},
    gaps=dict.fromkeys(UNKEPT, NOT_KEPT),
)

VPN_ROUTE = Entry(
    "aws:ec2/vpnConnectionRoute:VpnConnectionRoute",
    create=Call(
        "ec2",
        "create_vpn_connection_route",
        VpnConnectionId=prop("vpnConnectionId"),
        DestinationCidrBlock=prop("destinationCidrBlock"),
    ),
    identity=ID,
    delete=(
        Call(
            "ec2",
            "delete_vpn_connection_route",
            VpnConnectionId=prop("vpnConnectionId"),
            DestinationCidrBlock=prop("destinationCidrBlock"),
        ),
    ),
    absent=Gap("there is no operation for routes of tunnels"),
)

ENTRIES = (TRANSIT_GATEWAY, ATTACHMENT, VPN_GATEWAY, CUSTOMER_GATEWAY, VPN, VPN_ROUTE)
