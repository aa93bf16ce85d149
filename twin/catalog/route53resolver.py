"""The resolver of a network: which names it answers, and the record of what was asked.

https://docs.aws.amazon.com/Route53/latest/APIReference/API_Operations_Amazon_Route_53_Resolver.html
"""

from __future__ import annotations

from typing import Any

from twin.entry import Call, Entry, Gap, Named
from twin.forms import TAGS, Bag
from twin.terms import ID, Built, dropped, prop, reply

SERVICE = "route53resolver"
NO_FIREWALL = Gap("there is no operation for the resolver's firewall")


def arn(kind: str) -> Built:
    """The ARN of one of these, which bears its id."""
    return Built(f"arn:{{partition}}:{SERVICE}:{{region}}:{{account}}:{kind}/{{id}}")


DOMAIN_LIST = Entry(
    "aws:route53/resolverFirewallDomainList:ResolverFirewallDomainList",
    create=Call(
        SERVICE, "create_firewall_domain_list", CreatorRequestId=ID, Name=prop("name"), Tags=prop("tags", TAGS)
    ),
    identity=ID,
    named=Named("name", 64),
    then=(
        Call(
            SERVICE,
            "update_firewall_domains",
            when=prop("domains"),
            FirewallDomainListId=ID,
            Operation="REPLACE",
            Domains=prop("domains", Bag()),
        ),
    ),
    delete=(Call(SERVICE, "delete_firewall_domain_list", FirewallDomainListId=ID),),
    outputs={"arn": arn("firewall-domain-list")},
    absent=NO_FIREWALL,
)

RULES = Entry(
    "aws:route53/resolverFirewallRuleGroup:ResolverFirewallRuleGroup",
    create=Call(SERVICE, "create_firewall_rule_group", CreatorRequestId=ID, Name=prop("name"), Tags=prop("tags", TAGS)),
    identity=ID,
    named=Named("name", 64),
    delete=(Call(SERVICE, "delete_firewall_rule_group", FirewallRuleGroupId=ID),),
    outputs={"arn": arn("firewall-rule-group")},
    absent=NO_FIREWALL,
)

WHICH: dict[str, Any] = {
    "FirewallRuleGroupId": prop("firewallRuleGroupId"),
    "FirewallDomainListId": prop("firewallDomainListId"),
}
RULE = Entry(
    "aws:route53/resolverFirewallRule:ResolverFirewallRule",
    create=Call(
        SERVICE,
        "create_firewall_rule",
        CreatorRequestId=ID,
        Name=prop("name"),
        Priority=prop("priority"),
        Action=prop("action"),
        BlockResponse=prop("blockResponse"),
        FirewallDomainRedirectionAction=prop("firewallDomainRedirectionAction"),
        **WHICH,
    ),
    identity=ID,
    named=Named("name", 64),
    delete=(Call(SERVICE, "delete_firewall_rule", **WHICH),),
    absent=NO_FIREWALL,
)

RULES_JOINED = Entry(
    "aws:route53/resolverFirewallRuleGroupAssociation:ResolverFirewallRuleGroupAssociation",
    create=Call(
        SERVICE,
        "associate_firewall_rule_group",
        CreatorRequestId=ID,
        Name=prop("name"),
        FirewallRuleGroupId=prop("firewallRuleGroupId"),
        VpcId=prop("vpcId"),
        Priority=prop("priority"),
        MutationProtection=prop("mutationProtection"),
        Tags=prop("tags", TAGS),
    ),
    identity=ID,
    named=Named("name", 64),
    delete=(Call(SERVICE, "disassociate_firewall_rule_group", FirewallRuleGroupAssociationId=ID),),
    outputs={"arn": arn("firewall-rule-group-association")},
    absent=NO_FIREWALL,
)

CONFIG = Entry(
    "aws:route53/resolverFirewallConfig:ResolverFirewallConfig",
    create=Call(
        SERVICE, "update_firewall_config", ResourceId=prop("resourceId"), FirewallFailOpen=prop("firewallFailOpen")
    ),
    identity=ID,
    delete=(Call(SERVICE, "update_firewall_config", ResourceId=prop("resourceId"), FirewallFailOpen="DISABLED"),),
    absent=NO_FIREWALL,
)

QUERY_LOG_ARN = reply("ResolverQueryLogConfig.Arn")
QUERY_LOG = Entry(
    "aws:route53/resolverQueryLogConfig:ResolverQueryLogConfig",
    create=Call(
        SERVICE,
        "create_resolver_query_log_config",
        Name=prop("name"),
        DestinationArn=prop("destinationArn"),
        CreatorRequestId=prop("name"),
        Tags=prop("tags", TAGS),
    ),
    identity=reply("ResolverQueryLogConfig.Id"),
    named=Named("name", 64),
    update=(
        Call(
            SERVICE,
            "untag_resource",
            when=dropped("tags"),
            ResourceArn=arn("resolver-query-log-config"),
            TagKeys=dropped("tags"),
        ),
        Call(
            SERVICE,
            "tag_resource",
            when=prop("tags"),
            ResourceArn=arn("resolver-query-log-config"),
            Tags=prop("tags", TAGS),
        ),
    ),
    lasting="there is no operation that deletes a record of queries (moto 5.2.5)",
    read=(Call(SERVICE, "get_resolver_query_log_config", ResolverQueryLogConfigId=ID),),
    gone=("ResourceNotFoundException",),
    find=(Call(SERVICE, "list_resolver_query_log_configs"), reply("ResolverQueryLogConfigs[].Id")),
    shows={
        "name": reply("ResolverQueryLogConfig.Name"),
        "destinationArn": reply("ResolverQueryLogConfig.DestinationArn"),
        "tags": reply("Tags", TAGS),
    },
    outputs={"arn": QUERY_LOG_ARN},
    gaps={"tags": Gap("tags of a record of queries cannot be listed")},
)

SEEN = "ResolverQueryLogConfigAssociation."
QUERY_LOG_JOINED = Entry(
    "aws:route53/resolverQueryLogConfigAssociation:ResolverQueryLogConfigAssociation",
    create=Call(
        SERVICE,
        "associate_resolver_query_log_config",
        ResolverQueryLogConfigId=prop("resolverQueryLogConfigId"),
        ResourceId=prop("resourceId"),
    ),
    identity=reply(SEEN + "Id"),
    lasting="there is no operation that takes a network out of a record of queries (moto 5.2.5)",
    read=(Call(SERVICE, "get_resolver_query_log_config_association", ResolverQueryLogConfigAssociationId=ID),),
    gone=("ResourceNotFoundException",),
    find=(
        Call(SERVICE, "list_resolver_query_log_config_associations"),
        reply("ResolverQueryLogConfigAssociations[].Id"),
    ),
    shows={
        "resolverQueryLogConfigId": reply(SEEN + "ResolverQueryLogConfigId"),
        "resourceId": reply(SEEN + "ResourceId"),
    },
)

ENTRIES = (DOMAIN_LIST, RULES, RULE, RULES_JOINED, CONFIG, QUERY_LOG, QUERY_LOG_JOINED)
