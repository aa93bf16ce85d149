"""Networks: address ranges, routes, endpoints and flow logs.

https://docs.aws.amazon.com/AWSEC2/latest/APIReference/
"""

from __future__ import annotations

from typing import Any

from twin.entry import Call, Entry, Members
from twin.forms import BAG, TAGS, Nothing
from twin.policy_form import POLICY
from twin.scope import Term
from twin.terms import ID, ITEM, Built, added, dropped, every, first, first_of, given, prop, reply, unlike


def tagged(kind: str) -> Term:
    """The tags in a create call for this kind of thing."""
    return given("tags", [{"ResourceType": kind, "Tags": prop("tags", TAGS)}])


def switched(operation: str, which: str, attribute: str, state: Term) -> Call:
    """The call that sets one switch: EC2 takes one in a call."""
    request: dict[str, Any] = {which: ID, attribute: {"Value": state}}
    return Call("ec2", operation, **request)


RETAG = (
    Call(
        "ec2",
        "delete_tags",
        when=dropped("tags"),
        each=dropped("tags"),
        Resources=[ID],
        Tags=[{"Key": ITEM}],
    ),
    Call("ec2", "create_tags", when=prop("tags"), Resources=[ID], Tags=prop("tags", TAGS)),
)
ROUTE_TYPE, ROUTE_ID = "aws:ec2/route:Route", "r-{id}-{found}"
OF_THE_VPC = {"Name": "vpc-id", "Values": [ID]}

VPC = Entry(
    "aws:ec2/vpc:Vpc",
    create=Call(
        "ec2",
        "create_vpc",
        CidrBlock=prop("cidrBlock"),
        InstanceTenancy=prop("instanceTenancy"),
        TagSpecifications=tagged("vpc"),
    ),
    identity=reply("Vpc.VpcId"),
    then=(
        switched("modify_vpc_attribute", "VpcId", "EnableDnsSupport", prop("enableDnsSupport", default=True)),
        switched("modify_vpc_attribute", "VpcId", "EnableDnsHostnames", prop("enableDnsHostnames", default=False)),
    ),
    update=RETAG,
    delete=(Call("ec2", "delete_vpc", VpcId=ID),),
    read=(
        Call("ec2", "describe_vpcs", VpcIds=[ID]),
        Call("ec2", "describe_vpc_attribute", VpcId=ID, Attribute="enableDnsSupport"),
        Call("ec2", "describe_vpc_attribute", VpcId=ID, Attribute="enableDnsHostnames"),
        Call("ec2", "describe_security_groups", Filters=[OF_THE_VPC, {"Name": "group-name", "Values": ["default"]}]),
        Call("ec2", "describe_network_acls", Filters=[OF_THE_VPC, {"Name": "default", "Values": ["true"]}]),
        Call("ec2", "describe_route_tables", Filters=[OF_THE_VPC, {"Name": "association.main", "Values": ["true"]}]),
    ),
    gone=("InvalidVpcID.NotFound",),
    find=(Call("ec2", "describe_vpcs"), reply("Vpcs[].VpcId")),
    shows={
        "cidrBlock": reply("Vpcs[0].CidrBlock"),
        "instanceTenancy": reply("Vpcs[0].InstanceTenancy"),
        "enableDnsSupport": reply("EnableDnsSupport.Value"),
        "enableDnsHostnames": reply("EnableDnsHostnames.Value"),
        "tags": reply("Vpcs[0].Tags", TAGS),
    },
    outputs={
        "arn": Built("arn:{partition}:ec2:{region}:{account}:vpc/{id}"),
        "ownerId": reply("Vpcs[0].OwnerId"),
        "defaultSecurityGroupId": reply("SecurityGroups[0].GroupId"),
        "defaultNetworkAclId": reply("NetworkAcls[0].NetworkAclId"),
        "mainRouteTableId": reply("RouteTables[0].RouteTableId"),
        "defaultRouteTableId": reply("RouteTables[0].RouteTableId"),
    },
    defaults={"enableDnsSupport": True, "instanceTenancy": "default"},
)

SUBNET_SWITCHES = {
    "mapPublicIpOnLaunch": "MapPublicIpOnLaunch",
    "assignIpv6AddressOnCreation": "AssignIpv6AddressOnCreation",
}
SUBNET = Entry(
    "aws:ec2/subnet:Subnet",
    create=Call(
        "ec2",
        "create_subnet",
        VpcId=prop("vpcId"),
        CidrBlock=prop("cidrBlock"),
        AvailabilityZone=prop("availabilityZone"),
        AvailabilityZoneId=prop("availabilityZoneId"),
        TagSpecifications=tagged("subnet"),
    ),
    identity=reply("Subnet.SubnetId"),
    then=tuple(
        switched("modify_subnet_attribute", "SubnetId", api, prop(name, default=False))
        for name, api in SUBNET_SWITCHES.items()
    ),
    update=RETAG,
    delete=(Call("ec2", "delete_subnet", SubnetId=ID),),
    read=(Call("ec2", "describe_subnets", SubnetIds=[ID]),),
    gone=("InvalidSubnetID.NotFound",),
    find=(Call("ec2", "describe_subnets"), reply("Subnets[].SubnetId")),
    shows={
        "vpcId": reply("Subnets[0].VpcId"),
        "cidrBlock": reply("Subnets[0].CidrBlock"),
        "availabilityZone": reply("Subnets[0].AvailabilityZone"),
        "availabilityZoneId": reply("Subnets[0].AvailabilityZoneId"),
        **{name: reply(f"Subnets[0].{api}") for name, api in SUBNET_SWITCHES.items()},
        "tags": reply("Subnets[0].Tags", TAGS),
    },
    outputs={"arn": reply("Subnets[0].SubnetArn"), "ownerId": reply("Subnets[0].OwnerId")},
    computed=("availabilityZone", "availabilityZoneId"),
    alone=("vpcId",),
)

ROUTE_TABLE = Entry(
    "aws:ec2/routeTable:RouteTable",
    create=Call(
        "ec2",
        "create_route_table",
        VpcId=prop("vpcId"),
        TagSpecifications=tagged("route-table"),
        routes=prop("routes", Nothing("a gateway endpoint")),
    ),
    identity=reply("RouteTable.RouteTableId"),
    update=RETAG,
    delete=(Call("ec2", "delete_route_table", RouteTableId=ID),),
    read=(Call("ec2", "describe_route_tables", RouteTableIds=[ID]),),
    gone=("InvalidRouteTableID.NotFound",),
    find=(Call("ec2", "describe_route_tables"), reply("RouteTables[].RouteTableId")),
    shows={"vpcId": reply("RouteTables[0].VpcId"), "tags": reply("RouteTables[0].Tags", TAGS)},
    outputs={
        "arn": Built("arn:{partition}:ec2:{region}:{account}:route-table/{id}"),
        "ownerId": reply("RouteTables[0].OwnerId"),
    },
    # Beside those that are declared, the only routes are the network's own and those of gateway endpoints.
    members=tuple(
        Members(
            "routes",
            Call("ec2", "describe_route_tables", RouteTableIds=[ID]),
            every("RouteTables[0].Routes", destination, Origin="CreateRoute"),
            (ROUTE_TYPE,),
            ROUTE_ID,
        )
        for destination in ("DestinationCidrBlock", "DestinationIpv6CidrBlock")
    ),
)

ASSOCIATIONS = "RouteTables[0].Associations"
ASSOCIATION = Entry(
    "aws:ec2/routeTableAssociation:RouteTableAssociation",
    create=Call("ec2", "associate_route_table", RouteTableId=prop("routeTableId"), SubnetId=prop("subnetId")),
    identity=reply("AssociationId"),
    delete=(Call("ec2", "disassociate_route_table", AssociationId=ID),),
    read=(
        Call(
            "ec2",
            "describe_route_tables",
            Filters=[{"Name": "association.route-table-association-id", "Values": [ID]}],
        ),
    ),
    gone=("InvalidAssociationID.NotFound",),
    exists=first(ASSOCIATIONS, "RouteTableAssociationId", RouteTableAssociationId=ID),
    find=(Call("ec2", "describe_route_tables"), reply("RouteTables[].Associations[].RouteTableAssociationId")),
    shows={
        "routeTableId": first(ASSOCIATIONS, "RouteTableId", RouteTableAssociationId=ID),
        "subnetId": first(ASSOCIATIONS, "SubnetId", RouteTableAssociationId=ID),
    },
    alone=("subnetId",),
)

VPC_ENDPOINT = Entry(
    "aws:ec2/vpcEndpoint:VpcEndpoint",
    create=Call(
        "ec2",
        "create_vpc_endpoint",
        VpcId=prop("vpcId"),
        ServiceName=prop("serviceName"),
        VpcEndpointType=prop("vpcEndpointType", default="Gateway"),
        PolicyDocument=prop("policy", POLICY),
        RouteTableIds=prop("routeTableIds", BAG),
        SubnetIds=prop("subnetIds", BAG),
        SecurityGroupIds=prop("securityGroupIds", BAG),
        PrivateDnsEnabled=prop("privateDnsEnabled"),
        TagSpecifications=tagged("vpc-endpoint"),
    ),
    identity=reply("VpcEndpoint.VpcEndpointId"),
    update=(
        Call(
            "ec2",
            "modify_vpc_endpoint",
            VpcEndpointId=ID,
            PolicyDocument=prop("policy", POLICY),
            AddRouteTableIds=added("routeTableIds"),
            RemoveRouteTableIds=dropped("routeTableIds"),
            AddSubnetIds=added("subnetIds"),
            RemoveSubnetIds=dropped("subnetIds"),
            AddSecurityGroupIds=added("securityGroupIds"),
            RemoveSecurityGroupIds=dropped("securityGroupIds"),
        ),
        *RETAG,
    ),
    delete=(Call("ec2", "delete_vpc_endpoints", VpcEndpointIds=[ID]),),
    read=(
        Call("ec2", "describe_vpc_endpoints", VpcEndpointIds=[ID]),
        Call(
            "ec2",
            "describe_prefix_lists",
            Filters=[{"Name": "prefix-list-name", "Values": [reply("VpcEndpoints[0].ServiceName")]}],
        ),
    ),
    gone=("InvalidVpcEndpointId.NotFound",),
    exists=unlike("VpcEndpoints[0].State", "deleted", "deleting"),
    find=(Call("ec2", "describe_vpc_endpoints"), reply("VpcEndpoints[].VpcEndpointId")),
    shows={
        "vpcId": reply("VpcEndpoints[0].VpcId"),
        "serviceName": reply("VpcEndpoints[0].ServiceName"),
        "vpcEndpointType": reply("VpcEndpoints[0].VpcEndpointType"),
        "policy": reply("VpcEndpoints[0].PolicyDocument", POLICY),
        "routeTableIds": reply("VpcEndpoints[0].RouteTableIds", BAG),
        "subnetIds": reply("VpcEndpoints[0].SubnetIds", BAG),
        "securityGroupIds": reply("VpcEndpoints[0].Groups[].GroupId", BAG),
        "privateDnsEnabled": reply("VpcEndpoints[0].PrivateDnsEnabled"),
        "tags": reply("VpcEndpoints[0].Tags", TAGS),
    },
    outputs={
        "arn": Built("arn:{partition}:ec2:{region}:{account}:vpc-endpoint/{id}"),
        "state": reply("VpcEndpoints[0].State"),
        "prefixListId": reply("PrefixLists[0].PrefixListId"),
    },
    defaults={"vpcEndpointType": "Gateway"},
    computed=("policy", "privateDnsEnabled"),
)

FLOW_LOG = Entry(
    "aws:ec2/flowLog:FlowLog",
    create=Call(
        "ec2",
        "create_flow_logs",
        ResourceIds=[first_of(prop("vpcId"), prop("subnetId"))],
        ResourceType=first_of(given("vpcId", "VPC"), given("subnetId", "Subnet")),
        TrafficType=prop("trafficType"),
        LogDestinationType=prop("logDestinationType"),
        LogDestination=prop("logDestination"),
        DeliverLogsPermissionArn=prop("iamRoleArn"),
        LogFormat=prop("logFormat"),
        MaxAggregationInterval=prop("maxAggregationInterval"),
        TagSpecifications=tagged("vpc-flow-log"),
    ),
    identity=reply("FlowLogIds[0]"),
    update=RETAG,
    delete=(Call("ec2", "delete_flow_logs", FlowLogIds=[ID]),),
    read=(Call("ec2", "describe_flow_logs", FlowLogIds=[ID]),),
    gone=("InvalidFlowLogId.NotFound",),
    exists=reply("FlowLogs[0].FlowLogId"),
    find=(Call("ec2", "describe_flow_logs"), reply("FlowLogs[].FlowLogId")),
    shows={
        "vpcId": first("FlowLogs", "ResourceId", ResourceId=prop("vpcId")),
        "subnetId": first("FlowLogs", "ResourceId", ResourceId=prop("subnetId")),
        "trafficType": reply("FlowLogs[0].TrafficType"),
        "logDestinationType": reply("FlowLogs[0].LogDestinationType"),
        "logDestination": reply("FlowLogs[0].LogDestination"),
        "iamRoleArn": reply("FlowLogs[0].DeliverLogsPermissionArn"),
        "logFormat": reply("FlowLogs[0].LogFormat"),
        "maxAggregationInterval": reply("FlowLogs[0].MaxAggregationInterval"),
        "tags": reply("FlowLogs[0].Tags", TAGS),
    },
    outputs={"arn": Built("arn:{partition}:ec2:{region}:{account}:vpc-flow-log/{id}")},
    defaults={"logDestinationType": "cloud-watch-logs", "maxAggregationInterval": 600},
    computed=("logFormat",),
    alone=("vpcId", "subnetId"),
)

ENTRIES = (VPC, SUBNET, ROUTE_TABLE, ASSOCIATION, VPC_ENDPOINT, FLOW_LOG)
