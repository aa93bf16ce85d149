"""Guards over the resolver's firewall: what is not named is refused, even when it fails, and all is recorded."""

from __future__ import annotations

from typing import Any

from core.finding import Severity
from core.graph import Graph
from core.resource import Resource
from core.value import Unknown
from core.verdict import Verdict, all_of, any_of, equals, failed, holds, not_applicable, passed, undecided
from policies import tokens
from policies.adopted import is_adopted, seen_beside, unseen
from policies.guard import guard
from policies.links import Kind, companions, dark, each_companion, is_dark, listed, strays, unless
from policies.tier import is_trial

REFERS = "firewallRuleGroupId"
RULES_JOINED = Kind((tokens.DNS_RULES_JOINED,), "vpcId", "group of firewall rules for names")
A_TRIAL = not_applicable("a trial may be taken down at any time")


@guard(
    "route53resolver.firewall_fails_closed",
    on=tokens.DNS_CONFIG,
    severity=Severity.HIGH,
    fix="Set firewallFailOpen to DISABLED; the DnsFirewall component does.",
)
def firewall_fails_closed(config: Resource) -> Verdict:
    """A firewall that lets everything through while it is down invites whoever can bring it down."""
    what = f"firewallFailOpen of {config.name}"
    return holds(
        config.get("firewallFailOpen"), lambda said: said in (None, "DISABLED"), what, "DISABLED, as by default"
    )


@guard(
    "route53resolver.rules_refuse_what_they_do_not_name",
    on=tokens.DNS_RULES,
    severity=Severity.HIGH,
    fix="Let the last rule BLOCK the list with '*', and no rule let '*' or a whole registry pass.",
)
def rules_refuse_what_they_do_not_name(group: Resource, graph: Graph) -> Verdict:
    """Names carry data to whoever answers for them; only a list of names that pass stops names made up for that."""
    if strays(graph, tokens.DNS_RULE, REFERS):
        return undecided(f"which rules belong to {group.name} is not known yet")
    rules = companions(graph, group, tokens.DNS_RULE, REFERS)
    refused = any_of(
        [all_of([equals(rule, "BLOCK", "action"), _takes_in_all(graph, rule)]) for rule in rules],
        f"{group.name} has no rule",
    )
    narrow = [any_of([equals(rule, "BLOCK", "action"), _names_somebody(graph, rule)]) for rule in rules]
    return all_of([refused, *narrow]) if rules else failed(f"{group.name} has no rule, so every name passes")


def _names(graph: Graph, rule: Resource) -> tuple[Any, ...] | Verdict:
    """What is on the rule's list, or the verdict on its not being there to read."""
    found = graph.linked(rule, "firewallDomainListId")
    if not isinstance(found, Resource):
        return undecided(f"the list of {rule.name} cannot be seen here")
    domains = found.get("domains")
    return dark(f"domains of {found.name}", domains) if is_dark(domains) else listed(domains)


def _takes_in_all(graph: Graph, rule: Resource) -> Verdict:
    names = _names(graph, rule)
    if isinstance(names, Verdict):
        return names
    what = f"the list of {rule.name}"
    found = [holds(name, lambda said: said.rstrip(".") == "*", what, "one with '*'") for name in names]
    return any_of(found) if found else failed(f"{what} is empty")


def _names_somebody(graph: Graph, rule: Resource) -> Verdict:
    names = _names(graph, rule)
    if isinstance(names, Verdict):
        return names
    what = f"the list of {rule.name}"
    return all_of([holds(name, _is_named, what, "names that somebody owns") for name in names], f"{what} is empty")


def _is_named(text: str) -> bool:
    return "." in text.removeprefix("*.").rstrip(".") and not text.startswith("*.*")


@guard(
    "route53resolver.network_answers_named_hosts_only",
    on=(tokens.VPC, tokens.ADOPTED_NETWORK),
    severity=Severity.HIGH,
    fix="Associate a group of firewall rules with the network; the DnsFirewall component does.",
)
def network_answers_named_hosts_only(vpc: Resource, graph: Graph) -> Verdict:
    """A network without a way out still asks for names, and each name asked for can carry data away.

    https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resolver-dns-firewall.html
    """

    def ruled(association: Resource) -> Verdict:
        group = graph.linked(association, REFERS)
        said = group if isinstance(group, Resource) else association.get(REFERS)
        if isinstance(said, Resource | str):
            return passed(f"{association.name} holds the network to its rules")
        return undecided(f"which rules {association.name} puts in force is not known yet")

    if is_adopted(vpc):
        found = seen_beside(graph, vpc, RULES_JOINED.tokens)
        return any_of([*map(ruled, found), unseen(vpc, "rules about names")])
    found = companions(graph, vpc, RULES_JOINED.tokens, RULES_JOINED.refers)
    return any_of(map(ruled, found)) if found else each_companion(graph, vpc, RULES_JOINED, ruled)


@guard(
    "route53resolver.queries_are_recorded",
    on=tokens.DNS_RULES_JOINED,
    severity=Severity.HIGH,
    fix="Associate a ResolverQueryLogConfig with the network; the DnsFirewall component has one.",
)
def queries_are_recorded(association: Resource, graph: Graph) -> Verdict:
    """Which names were asked for, and which were refused, is often the only trace of data on its way out."""
    vpc_id, vpc = association.get("vpcId"), graph.linked(association, "vpcId")
    logs = graph.of_type(tokens.DNS_LOG_JOINED)
    for log in logs:
        same = isinstance(vpc, Resource) and graph.linked(log, "resourceId") is vpc
        if same or (isinstance(vpc_id, str) and log.get("resourceId") == vpc_id):
            return _is_whole(graph, log)
    unknown = [one for one in (vpc, *(graph.linked(log, "resourceId") for log in logs)) if isinstance(one, Unknown)]
    if logs and any(is_dark(held) for held in (vpc_id, *(log.get("resourceId") for log in logs))) and unknown:
        return undecided(f"whether the network of {association.name} records its queries is not known yet")
    return failed(f"nothing records the queries of the network of {association.name}")


def _is_whole(graph: Graph, log: Resource) -> Verdict:
    config = graph.linked(log, "resolverQueryLogConfigId")
    if not isinstance(config, Resource):
        return undecided(f"where {log.name} delivers cannot be seen here")
    return passed(f"{config.name} records every query")


@guard(
    "route53resolver.rules_cannot_be_taken_off_by_mistake",
    on=tokens.DNS_RULES_JOINED,
    severity=Severity.MEDIUM,
    fix="Set mutationProtection to ENABLED.",
)
def rules_cannot_be_taken_off_by_mistake(association: Resource, graph: Graph) -> Verdict:
    """Rules that were taken off stop nothing, and nobody notices a name that is answered."""
    return unless(is_trial(graph, association), equals(association, "ENABLED", "mutationProtection"), A_TRIAL)
