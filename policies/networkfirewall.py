"""Guards over the firewall that looks at what leaves a network: it drops by default, names hosts, sees and records."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from core.domains import domain_fault
from core.finding import Severity
from core.graph import Graph
from core.resource import Resource
from core.value import at
from core.verdict import (
    Verdict,
    all_of,
    any_of,
    equals,
    failed,
    holds,
    is_true,
    not_applicable,
    passed,
    undecided,
)
from policies import tokens
from policies.address import is_everywhere
from policies.guard import guard
from policies.links import Kind, dark, each_companion, is_dark, listed, unless
from policies.tier import is_trial
from policies.ways_out import firewall_behind, subnets_of

LOGS = Kind(tokens.FIREWALL_LOGS, "firewallArn", "logging configuration")
RULES, LIST = ("firewallPolicy",), ("rulesSource", "rulesSourceList")
STATELESS = ("rulesSource", "statelessRulesAndCustomActions", "statelessRules")
UNREAD = (("rules",), ("ruleGroup", "rulesSource", "rulesString"))
"""Where rules stand in Suricata's own language."""
PROTECTED = ("deleteProtection", "subnetChangeProtection", "firewallPolicyChangeProtection")
A_TRIAL = not_applicable("a trial may be taken down at any time")


@guard(
    "networkfirewall.policy_drops_by_default",
    on=tokens.FIREWALL_POLICY,
    severity=Severity.HIGH,
    fix="Use EgressFirewall: strict order, a stateful default that drops, and a stateless default that does.",
)
def policy_drops_by_default(policy: Resource) -> Verdict:
    """What no rule knows must not pass; dropping the established only lets datagrams go that open nothing."""
    stateful = _items(policy, "statefulDefaultActions")
    drops = any_of(
        [_is(item, lambda said: said.startswith("aws:drop_"), "stateful default", "drop") for item in stateful]
    )
    strict = any_of(
        [_is(item, lambda said: said == "aws:drop_strict", "stateful default", "strict") for item in stateful]
    )
    return all_of(
        [
            equals(policy, "STRICT_ORDER", *RULES, "statefulEngineOptions", "ruleOrder"),
            drops if stateful else failed(f"statefulDefaultActions of {policy.name} is not set, so what is new passes"),
            _never_passes(policy, "statelessDefaultActions"),
            _never_passes(policy, "statelessFragmentDefaultActions"),
            any_of([strict, _only_drops(policy)]),
        ]
    )


def _items(policy: Resource, name: str) -> tuple[Any, ...]:
    return listed(policy.get(*RULES, name))


def _is(value: Any, test: Any, what: str, expected: str) -> Verdict:
    return holds(value, test, what, expected)


def _never_passes(policy: Resource, name: str) -> Verdict:
    what = f"{name} of {policy.name}"
    found = [holds(item, lambda said: said != "aws:pass", what, "anything but pass") for item in _items(policy, name)]
    return all_of(found) if found else failed(f"{what} is not set")


def _only_drops(policy: Resource) -> Verdict:
    name = "statelessDefaultActions"
    what = f"{name} of {policy.name}"
    found = [holds(item, lambda said: said == "aws:drop", what, "drop") for item in _items(policy, name)]
    return all_of(found) if found else failed(f"{what} is not set")


@guard(
    "networkfirewall.rules_name_whom_they_let_through",
    on=tokens.FIREWALL_RULES,
    severity=Severity.HIGH,
    fix="List hosts, or domains that one owner has: no `*`, no whole registry, no shared domain such as amazonaws.com.",
)
def rules_name_whom_they_let_through(rules: Resource) -> Verdict:
    """An allow-list that takes in everybody is a firewall that is paid for and does nothing."""
    for path in UNREAD:
        if rules.get(*path) is not None:
            return undecided(f"{path[-1]} of {rules.name} is in Suricata's language, which is not read here")
    group = rules.get("ruleGroup")
    if is_dark(group):
        return dark(f"ruleGroup of {rules.name}", group)
    return all_of([*_hosts(rules, group), *_ports(rules, group), *_headers(rules, group)], "it lets nothing through")


def _hosts(rules: Resource, group: Any) -> Iterable[Verdict]:
    """Of a list that allows: each name names somebody."""
    kind = at(group, *LIST, "generatedRulesType")
    if kind is None and at(group, *LIST) is None:
        return
    refuses = holds(kind, lambda said: said == "DENYLIST", f"generatedRulesType of {rules.name}", "one that refuses")
    named = [
        holds(item, _names_somebody, f"targets of {rules.name}", "hosts or domains of one owner")
        for item in listed(at(group, *LIST, "targets"))
    ]
    yield any_of([refuses, all_of(named) if named else failed(f"targets of {rules.name} is not set")])


def _names_somebody(target: str) -> bool:
    return domain_fault(f"*{target}" if target.startswith(".") else target) is None


def _ports(rules: Resource, group: Any) -> Iterable[Verdict]:
    """Of stateless rules: none lets a packet pass that nobody looks into, unless it goes to a range of one owner."""
    held = at(group, *STATELESS)
    if is_dark(held):
        yield dark(f"statelessRules of {rules.name}", held)
        return
    for number, rule in enumerate(listed(held)):
        what = f"statelessRules[{number}] of {rules.name}"
        actions = listed(at(rule, "ruleDefinition", "actions"))
        to = listed(at(rule, "ruleDefinition", "matchAttributes", "destinations"))
        looked_into = all_of(
            [
                holds(item, lambda said: said != "aws:pass", f"actions of {what}", "anything but pass")
                for item in actions
            ]
        )
        narrow = [holds(at(d, "addressDefinition"), _is_narrow, f"destinations of {what}", "narrow") for d in to]
        nowhere = failed(f"destinations of {what} is not set, which is everywhere")
        yield any_of([looked_into, all_of(narrow) if narrow else nowhere])


def _is_narrow(text: str) -> bool:
    return not is_everywhere(text)


def _headers(rules: Resource, group: Any) -> Iterable[Verdict]:
    """Of stateful rules in AWS's own form: none passes whatever its destination is."""
    held = at(group, "rulesSource", "statefulRules")
    if is_dark(held):
        yield dark(f"statefulRules of {rules.name}", held)
        return
    for number, rule in enumerate(listed(held)):
        what = f"statefulRules[{number}] of {rules.name}"
        stops = holds(at(rule, "action"), lambda said: said != "PASS", f"action of {what}", "anything but pass")
        to = at(rule, "header", "destination")
        yield any_of([stops, holds(to, _is_narrow, f"destination of {what}", "a range of one owner")])


@guard(
    "networkfirewall.firewall_records_what_it_sees",
    on=tokens.FIREWALL,
    severity=Severity.HIGH,
    fix="Declare a LoggingConfiguration with log types ALERT and FLOW; the EgressFirewall component has one.",
)
def firewall_records_what_it_sees(firewall: Resource, graph: Graph) -> Verdict:
    """What was dropped shows who tried; what passed shows where data went."""

    def both(logs: Resource) -> Verdict:
        what, held = f"logDestinationConfigs of {logs.name}", logs.get("loggingConfiguration", "logDestinationConfigs")
        if is_dark(held):
            return dark(what, held)
        kinds = [at(item, "logType") for item in listed(held)]
        return all_of(
            any_of(
                [
                    holds(kind, lambda said, wanted=wanted: said == wanted, f"logType in {what}", wanted)
                    for kind in kinds
                ],
                f"{what} is empty",
            )
            if kinds
            else failed(f"{what} is empty")
            for wanted in ("ALERT", "FLOW")
        )

    return each_companion(graph, firewall, LOGS, both)


@guard(
    "networkfirewall.firewall_cannot_be_taken_away_by_mistake",
    on=tokens.FIREWALL,
    severity=Severity.MEDIUM,
    fix="Set deleteProtection, subnetChangeProtection and firewallPolicyChangeProtection.",
)
def firewall_cannot_be_taken_away_by_mistake(firewall: Resource, graph: Graph) -> Verdict:
    """Without the firewall nothing leaves, or everything does; either should take two steps."""
    return unless(is_trial(graph, firewall), all_of([is_true(firewall, name) for name in PROTECTED]), A_TRIAL)


@guard(
    "networkfirewall.firewall_sees_both_directions",
    on=tokens.FIREWALL,
    severity=Severity.HIGH,
    fix="For each subnet whose way out leads through the firewall, route its range back through it behind the NAT.",
)
def firewall_sees_both_directions(firewall: Resource, graph: Graph) -> Verdict:
    """A firewall that sees half of a conversation can neither read the host's name nor tell what is an answer."""
    routes = [route for route in graph.of_type(tokens.ROUTE) if firewall_behind(graph, route) is firewall]
    out = [route for route in routes if _leads_everywhere(route)]
    if not out:
        return undecided(f"no way out of this program leads through {firewall.name}; what it sees is not known")
    return all_of(_comes_back(graph, route, [other for other in routes if other is not route]) for route in out)


def _leads_everywhere(route: Resource) -> bool:
    to = route.get("destinationCidrBlock")
    return isinstance(to, str) and to == "0.0.0.0/0"


def _comes_back(graph: Graph, out: Resource, others: list[Resource]) -> Verdict:
    table = graph.linked(out, "routeTableId")
    subnets = subnets_of(graph, table) if isinstance(table, Resource) else None
    if subnets is None:
        return undecided(f"which subnets go out by {out.name} is not known yet")
    back = [other.get("destinationCidrBlock") for other in others]

    def has_way_back(subnet: Resource) -> Verdict:
        cidr, what = subnet.get("cidrBlock"), f"the way back to {subnet.name}"
        if is_dark(cidr):
            return dark(f"cidrBlock of {subnet.name}", cidr)
        found = [holds(to, lambda said: said == cidr, what, "one through the firewall") for to in back]
        return any_of(found) if found else failed(f"{what} is missing")

    return (
        all_of([has_way_back(subnet) for subnet in subnets]) if subnets else passed(f"nothing goes out by {out.name}")
    )
