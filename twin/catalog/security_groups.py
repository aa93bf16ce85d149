"""Security groups and their rules, each rule a resource of its own.

https://docs.aws.amazon.com/AWSEC2/latest/APIReference/
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from twin.catalog.vpc import RETAG, tagged
from twin.entry import Call, Entry, Gap, Members, Named
from twin.forms import TAGS, VERBATIM, Nothing
from twin.scope import Term
from twin.terms import ID, Built, given, prop, reply

RULES = (
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
)
DESCRIPTION = "Managed by Pulumi"
"""EC2 demands a description; the provider gives this one."""
EVERYTHING = [{"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}]
GROUP = "SecurityGroups[0]."
GROUP_ARN = Built("arn:{partition}:ec2:{region}:{account}:security-group/{id}")
NO_GROUP = ("InvalidGroup.NotFound", "InvalidSecurityGroupID.NotFound")
READ_GROUP = (Call("ec2", "describe_security_groups", GroupIds=[ID]),)
HELD_RULES = Members(
    "rules",
    Call("ec2", "describe_security_group_rules", Filters=[{"Name": "group-id", "Values": [ID]}]),
    reply("SecurityGroupRules[].SecurityGroupRuleId"),
    RULES,
)
NO_RULES_HERE: dict[str, Any] = {
    "ingress": prop("ingress", Nothing("vpc.SecurityGroupIngressRule")),
    "egress": prop("egress", Nothing("vpc.SecurityGroupEgressRule")),
}

SECURITY_GROUP = Entry(
    "aws:ec2/securityGroup:SecurityGroup",
    create=Call(
        "ec2",
        "create_security_group",
        GroupName=prop("name"),
        Description=prop("description", default=DESCRIPTION),
        VpcId=prop("vpcId"),
        TagSpecifications=tagged("security-group"),
        **NO_RULES_HERE,
    ),
    identity=reply("GroupId"),
    named=Named("name", 255),
    # EC2 lets everything out of a new group, the provider does not.
    then=(
        Call(
            "ec2",
            "revoke_security_group_egress",
            GroupId=ID,
            IpPermissions=EVERYTHING,
            tolerates=("InvalidPermission.NotFound",),
        ),
    ),
    update=RETAG,
    delete=(Call("ec2", "delete_security_group", GroupId=ID),),
    read=READ_GROUP,
    gone=NO_GROUP,
    find=(Call("ec2", "describe_security_groups"), reply("SecurityGroups[].GroupId")),
    shows={
        "name": reply(GROUP + "GroupName"),
        "description": reply(GROUP + "Description"),
        "vpcId": reply(GROUP + "VpcId"),
        "tags": reply(GROUP + "Tags", TAGS),
    },
    outputs={"arn": GROUP_ARN, "ownerId": reply(GROUP + "OwnerId")},
    defaults={"description": DESCRIPTION},
    client=("revokeRulesOnDelete",),
    members=(HELD_RULES,),
)

DEFAULT_GROUP = Entry(
    "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup",
    # It comes with its network: to make it is to find it and to take its rules away.
    create=Call(
        "ec2",
        "describe_security_groups",
        Filters=[
            {"Name": "vpc-id", "Values": [prop("vpcId")]},
            {"Name": "group-name", "Values": ["default"]},
        ],
        **NO_RULES_HERE,
    ),
    identity=reply(GROUP + "GroupId"),
    then=(
        Call(
            "ec2",
            "revoke_security_group_ingress",
            when=reply(GROUP + "IpPermissions"),
            GroupId=ID,
            IpPermissions=reply(GROUP + "IpPermissions", VERBATIM),
        ),
        Call(
            "ec2",
            "revoke_security_group_egress",
            when=reply(GROUP + "IpPermissionsEgress"),
            GroupId=ID,
            IpPermissions=reply(GROUP + "IpPermissionsEgress", VERBATIM),
        ),
        Call("ec2", "create_tags", when=prop("tags"), Resources=[ID], Tags=prop("tags", TAGS)),
    ),
    update=RETAG[:1],
    lasting="the default group of a network goes with the network",
    read=READ_GROUP,
    gone=NO_GROUP,
    shows={"vpcId": reply(GROUP + "VpcId"), "tags": reply(GROUP + "Tags", TAGS)},
    outputs={
        "arn": GROUP_ARN,
        "name": reply(GROUP + "GroupName"),
        "description": reply(GROUP + "Description"),
        "ownerId": reply(GROUP + "OwnerId"),
    },
    client=("revokeRulesOnDelete",),
    members=(HELD_RULES,),
)


def described(path: str, member: str) -> Term:
    """One end of a rule, with the rule's description, when the rule has an end of this kind."""
    return given(path, [{member: prop(path), "Description": prop("description")}])


RULE_SAYS: dict[str, Any] = {
    "GroupId": prop("securityGroupId"),
    "IpPermissions": [
        {
            "IpProtocol": prop("ipProtocol"),
            "FromPort": prop("fromPort"),
            "ToPort": prop("toPort"),
            "IpRanges": described("cidrIpv4", "CidrIp"),
            "Ipv6Ranges": described("cidrIpv6", "CidrIpv6"),
            "PrefixListIds": described("prefixListId", "PrefixListId"),
            "UserIdGroupPairs": described("referencedSecurityGroupId", "GroupId"),
        }
    ],
    "TagSpecifications": tagged("security-group-rule"),
}
THIS_RULE: dict[str, Any] = {"GroupId": prop("securityGroupId"), "SecurityGroupRuleIds": [ID]}
SEEN = "SecurityGroupRules[0]."
RULE = Entry(
    RULES[0],
    create=Call("ec2", "authorize_security_group_ingress", **RULE_SAYS),
    identity=reply(SEEN + "SecurityGroupRuleId"),
    update=RETAG,
    delete=(Call("ec2", "revoke_security_group_ingress", **THIS_RULE),),
    read=(Call("ec2", "describe_security_group_rules", SecurityGroupRuleIds=[ID]),),
    gone=("InvalidSecurityGroupRuleId.NotFound",),
    exists=reply(SEEN + "SecurityGroupRuleId"),
    find=(
        Call(
            "ec2",
            "describe_security_group_rules",
            Filters=[{"Name": "group-id", "Values": [prop("securityGroupId")]}],
        ),
        reply("SecurityGroupRules[].SecurityGroupRuleId"),
    ),
    shows={
        "securityGroupId": reply(SEEN + "GroupId"),
        "ipProtocol": reply(SEEN + "IpProtocol"),
        "fromPort": reply(SEEN + "FromPort"),
        "toPort": reply(SEEN + "ToPort"),
        "cidrIpv4": reply(SEEN + "CidrIpv4"),
        "cidrIpv6": reply(SEEN + "CidrIpv6"),
        "prefixListId": reply(SEEN + "PrefixListId"),
        "referencedSecurityGroupId": reply(SEEN + "ReferencedGroupInfo.GroupId"),
        "description": reply(SEEN + "Description"),
        "tags": reply(SEEN + "Tags", TAGS),
    },
    outputs={
        "arn": Built("arn:{partition}:ec2:{region}:{account}:security-group-rule/{id}"),
        "securityGroupRuleId": ID,
    },
    defaults={"fromPort": -1, "toPort": -1},
    gaps={
        "description": Gap(
            "the answer leaves it out for rules about groups and prefix lists", unless=("cidrIpv4", "cidrIpv6")
        )
    },
    alone=("securityGroupId",),
)
"""One rule inwards."""
OUTWARDS = replace(
    RULE,
    type=RULES[1],
    create=Call("ec2", "authorize_security_group_egress", **RULE_SAYS),
    delete=(Call("ec2", "revoke_security_group_egress", **THIS_RULE),),
)

ENTRIES = (SECURITY_GROUP, DEFAULT_GROUP, RULE, OUTWARDS)
