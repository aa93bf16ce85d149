"""The edge of a network: further ranges, gateways, addresses and routes.

https://docs.aws.amazon.com/AWSEC2/latest/APIReference/
"""

from __future__ import annotations

from typing import Any

from twin.catalog.vpc import RETAG, ROUTE_ID, ROUTE_TYPE, tagged
from twin.entry import Call, Entry
from twin.forms import TAGS
from twin.scope import Term
from twin.terms import ID, Built, first, given, prop, reply, unlike

RANGES = "Vpcs[0].CidrBlockAssociationSet"
RANGE = Entry(
    "aws:ec2/vpcIpv4CidrBlockAssociation:VpcIpv4CidrBlockAssociation",
    create=Call("ec2", "associate_vpc_cidr_block", VpcId=prop("vpcId"), CidrBlock=prop("cidrBlock")),
    identity=reply("CidrBlockAssociation.AssociationId"),
    delete=(Call("ec2", "disassociate_vpc_cidr_block", AssociationId=ID),),
    read=(Call("ec2", "describe_vpcs", Filters=[{"Name": "cidr-block-association.association-id", "Values": [ID]}]),),
    exists=first(RANGES, "CidrBlock", AssociationId=ID, **{"CidrBlockState.State": "associated"}),
    # Among them the ranges that networks were made with: none of those is what was asked for.
    find=(Call("ec2", "describe_vpcs"), reply("Vpcs[].CidrBlockAssociationSet[].AssociationId")),
    shows={"vpcId": reply("Vpcs[0].VpcId"), "cidrBlock": first(RANGES, "CidrBlock", AssociationId=ID)},
    alone=("vpcId", "cidrBlock"),
)

INTERNET_GATEWAY = Entry(
    "aws:ec2/internetGateway:InternetGateway",
    create=Call("ec2", "create_internet_gateway", TagSpecifications=tagged("internet-gateway")),
    identity=reply("InternetGateway.InternetGatewayId"),
    then=(
        Call(
            "ec2",
            "attach_internet_gateway",
            when=prop("vpcId"),
            tolerates=("Resource.AlreadyAssociated",),
            InternetGatewayId=ID,
            VpcId=prop("vpcId"),
        ),
    ),
    update=RETAG,
    fixed=("vpcId",),
    delete=(
        Call(
            "ec2",
            "detach_internet_gateway",
            when=prop("vpcId"),
            tolerates=("Gateway.NotAttached",),
            InternetGatewayId=ID,
            VpcId=prop("vpcId"),
        ),
        Call("ec2", "delete_internet_gateway", InternetGatewayId=ID),
    ),
    read=(Call("ec2", "describe_internet_gateways", InternetGatewayIds=[ID]),),
    gone=("InvalidInternetGatewayID.NotFound",),
    find=(Call("ec2", "describe_internet_gateways"), reply("InternetGateways[].InternetGatewayId")),
    shows={
        "vpcId": reply("InternetGateways[0].Attachments[0].VpcId"),
        "tags": reply("InternetGateways[0].Tags", TAGS),
    },
    outputs={
        "arn": Built("arn:{partition}:ec2:{region}:{account}:internet-gateway/{id}"),
        "ownerId": reply("InternetGateways[0].OwnerId"),
    },
    alone=("vpcId",),
)

ADDRESS = Entry(
    "aws:ec2/eip:Eip",
    create=Call("ec2", "allocate_address", Domain=prop("domain"), TagSpecifications=tagged("elastic-ip")),
    identity=reply("AllocationId"),
    update=RETAG,
    delete=(Call("ec2", "release_address", AllocationId=ID),),
    read=(Call("ec2", "describe_addresses", AllocationIds=[ID]),),
    gone=("InvalidAllocationID.NotFound",),
    find=(Call("ec2", "describe_addresses"), reply("Addresses[].AllocationId")),
    shows={"domain": reply("Addresses[0].Domain"), "tags": reply("Addresses[0].Tags", TAGS)},
    outputs={
        "allocationId": ID,
        "arn": Built("arn:{partition}:ec2:{region}:{account}:elastic-ip/{id}"),
        "publicIp": reply("Addresses[0].PublicIp"),
    },
    computed=("domain",),
)

NAT = "NatGateways[0]."
NAT_GATEWAY = Entry(
    "aws:ec2/natGateway:NatGateway",
    create=Call(
        "ec2",
        "create_nat_gateway",
        SubnetId=prop("subnetId"),
        AllocationId=prop("allocationId"),
        ConnectivityType=prop("connectivityType"),
        TagSpecifications=tagged("natgateway"),
    ),
    identity=reply("NatGateway.NatGatewayId"),
    update=RETAG,
    delete=(Call("ec2", "delete_nat_gateway", NatGatewayId=ID),),
    read=(Call("ec2", "describe_nat_gateways", NatGatewayIds=[ID]),),
    gone=("NatGatewayNotFound",),
    exists=unlike(NAT + "State", "deleted", "deleting"),
    find=(Call("ec2", "describe_nat_gateways"), reply("NatGateways[].NatGatewayId")),
    shows={
        "subnetId": reply(NAT + "SubnetId"),
        "allocationId": reply(NAT + "NatGatewayAddresses[0].AllocationId"),
        "connectivityType": reply(NAT + "ConnectivityType"),
        "tags": reply(NAT + "Tags", TAGS),
    },
    outputs={
        "privateIp": reply(NAT + "NatGatewayAddresses[0].PrivateIp"),
        "publicIp": reply(NAT + "NatGatewayAddresses[0].PublicIp"),
    },
    defaults={"connectivityType": "public"},
    alone=("allocationId",),
)

TARGETS = {
    "gatewayId": ("GatewayId", "GatewayId"),
    "natGatewayId": ("NatGatewayId", "NatGatewayId"),
    "transitGatewayId": ("TransitGatewayId", "TransitGatewayId"),
    "vpcEndpointId": ("VpcEndpointId", "GatewayId"),
}
"""Property -> member of the request, and the member under which EC2 shows it."""
THERE: dict[str, Any] = {"DestinationCidrBlock": prop("destinationCidrBlock")}


def leading(member: str = "DestinationCidrBlock") -> Term:
    """What the table says of the route to this range."""
    return first("RouteTables[0].Routes", member, **THERE)


ROUTE = Entry(
    ROUTE_TYPE,
    create=Call(
        "ec2",
        "create_route",
        RouteTableId=prop("routeTableId"),
        **THERE,
        **{asked: prop(name) for name, (asked, _) in TARGETS.items()},
    ),
    # One to another target is made anew: the double's replace_route knows no endpoints.
    identity=Built(ROUTE_ID.format(id="{routeTableId}", found="{destinationCidrBlock}")),
    delete=(Call("ec2", "delete_route", RouteTableId=prop("routeTableId"), **THERE),),
    read=(Call("ec2", "describe_route_tables", RouteTableIds=[prop("routeTableId")]),),
    gone=("InvalidRouteTableID.NotFound",),
    exists=leading(),
    shows={
        "routeTableId": reply("RouteTables[0].RouteTableId"),
        "destinationCidrBlock": leading(),
        **{name: given(name, leading(shown)) for name, (_, shown) in TARGETS.items()},
    },
    alone=("routeTableId", "destinationCidrBlock"),
)

ENTRIES = (RANGE, INTERNET_GATEWAY, ADDRESS, NAT_GATEWAY, ROUTE)
