"""Which names a network may ask for: those of AWS in its Region and those on a list, and no others."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_aws as aws

from components.component import Component
from components.key import Key
from components.place import DNS_SUFFIXES, Place
from core.domains import dns_names, domain_fault
from core.errors import BadInput
from core.naming import Name
from core.retention import log_group_days

ALL_NAMES = "*"
FIRST_REGION = "us-east-1"
"""Where the private names of machines end in `ec2.internal`, without a Region."""
ALLOWED, NAMED, REST = 100, 110, 900
"""Order of the rules; lower goes first."""
PRIORITY = 200
"""Among the rule groups of a network, above 100 and below 9900; the rest belongs to Firewall Manager."""
MOST_DOMAINS = 1000
"""In one request: https://docs.aws.amazon.com/Route53/latest/APIReference/API_route53resolver_UpdateFirewallDomains.html"""


@dataclass(frozen=True)
class DnsFirewallArgs:
    """The network, made here or found, the names beside AWS's that may be asked for, and what seals the record.

    `domains` are written as for Egress: `pypi.org`, or `*.example.org` for a domain and all below it. `key` admits the
    log group, `components.dns_firewall.query_group(name)`. Without `is_protected` the rules can be taken off at once.
    """

    place: Place
    vpc_id: pulumi.Input[str]
    key: Key
    keep_days: int
    domains: Sequence[str] = ()
    is_protected: bool = True


class DnsFirewall(Component):
    """Every name but AWS's own of this Region and the listed ones is answered as if it did not exist.

    A name can carry data out, letter by letter, where no packet can; so all are refused that lead to strangers'
    servers. When the firewall itself fails, nothing is answered. Queries are recorded, encrypted. It sees only what is
    asked of the network's own resolver. Raises BadInput for a name that names everybody (`*`, `*.org`,
    `*.amazonaws.com`), too many names, and a key that does not admit the log.
    """

    def __init__(self, name: Name, args: DnsFirewallArgs, parent: pulumi.Resource | None = None) -> None:
        if faults := _faults(name, args):
            msg = f"DNS firewall {name}: {'; '.join(faults)}"
            raise BadInput(msg)
        super().__init__("DnsFirewall", name, parent, {"domains": sorted(args.domains), "keepDays": args.keep_days})
        self.args, self.tags = args, dict(name.tags)
        self.rules = aws.route53.ResolverFirewallRuleGroup(f"{name}-rules", tags=self.tags, opts=self.child)
        last = self._ruled()
        aws.route53.ResolverFirewallConfig(
            f"{name}-closed", resource_id=args.vpc_id, firewall_fail_open="DISABLED", opts=self.child
        )
        self.association = aws.route53.ResolverFirewallRuleGroupAssociation(
            f"{name}-rules",
            firewall_rule_group_id=self.rules.id,
            vpc_id=args.vpc_id,
            priority=PRIORITY,
            mutation_protection="ENABLED" if args.is_protected else "DISABLED",
            tags=self.tags,
            opts=self.after(*last),
        )
        self._recorded()
        self.done(id=self.rules.id)

    def _ruled(self) -> list[pulumi.Resource]:
        """Two lists that pass and one that does not; an empty list is none.

        Where a listed name points to another, that one passes as well: its owner chose it.
        https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resolver-dns-firewall-rule-settings.html
        """
        passing = {"action": "ALLOW", "firewall_domain_redirection_action": "TRUST_REDIRECTION_DOMAIN"}
        made = [self._rule("aws", aws_names(self.args.place), ALLOWED, **passing)]
        if self.args.domains:
            made.append(self._rule("named", dns_names(self.args.domains), NAMED, **passing))
        made.append(self._rule("rest", [ALL_NAMES], REST, action="BLOCK", block_response="NXDOMAIN"))
        return made

    def _rule(self, part: str, domains: list[str], priority: int, **how: Any) -> pulumi.Resource:
        listed = aws.route53.ResolverFirewallDomainList(
            f"{self.name}-{part}", domains=domains, tags=self.tags, opts=self.child
        )
        return aws.route53.ResolverFirewallRule(
            f"{self.name}-{part}",
            firewall_rule_group_id=self.rules.id,
            firewall_domain_list_id=listed.id,
            priority=priority,
            opts=self.child,
            **how,
        )

    def _recorded(self) -> None:
        """Every query and what became of it.

        Names below `/aws/vendedlogs/` keep the log groups' one resource policy within its size:
        https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-and-resource-policy.html
        """
        group = aws.cloudwatch.LogGroup(
            f"{self.name}-queries",
            name=query_group(self.name),
            kms_key_id=self.args.key.arn,
            retention_in_days=log_group_days(self.args.keep_days),
            tags=self.tags,
            opts=self.child,
        )
        log = aws.route53.ResolverQueryLogConfig(
            f"{self.name}-queries", destination_arn=group.arn, tags=self.tags, opts=self.child
        )
        aws.route53.ResolverQueryLogConfigAssociation(
            f"{self.name}-queries",
            resolver_query_log_config_id=log.id,
            resource_id=self.args.vpc_id,
            opts=self.child,
        )


def query_group(name: Name) -> str:
    """What the log group of a DNS firewall of that name is called; the key that seals it must admit this name."""
    return f"/aws/vendedlogs/resolver/{name}"


def aws_names(place: Place) -> list[str]:
    """What endpoints and machines in this Region are called; strangers can have no server for any of it."""
    region, suffix = place.region, DNS_SUFFIXES[place.partition]
    machines = "ec2.internal" if region == FIRST_REGION else f"{region}.compute.internal"
    return sorted([f"*.{region}.{suffix}", f"*.{region}.vpce.{suffix}", f"*.{region}.api.aws", f"*.{machines}"])


def _faults(name: Name, args: DnsFirewallArgs) -> list[str]:
    faults = [f"domain {text!r}; expected {fault}" for text in args.domains if (fault := domain_fault(text))]
    if len(dns_names(args.domains)) > MOST_DOMAINS:
        faults.append(f"{len(dns_names(args.domains))} names; AWS takes {MOST_DOMAINS} in one list")
    if not args.key.admits(args.place.endpoint("logs")):
        faults.append(f"its key does not admit the log; give it `for_log_groups(place, {query_group(name)!r})`")
    return faults
