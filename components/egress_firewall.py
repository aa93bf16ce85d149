"""What looks at everything that leaves a network: hosts that are named pass, all else is dropped and recorded."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_aws as aws

from components.component import Component
from components.key import Key
from components.place import Place
from core.domains import domain_fault, sni_targets
from core.errors import BadInput
from core.naming import Name
from core.retention import log_group_days

HTTPS, TCP = 443, 6
EVERYWHERE = "0.0.0.0/0"
ORDER = {"rule_order": "STRICT_ORDER"}
MOST_DOMAINS = 500
"""The capacity of a rule group cannot be changed: room for this many is reserved from the start."""
LOG_TYPES = ("ALERT", "FLOW")


@dataclass(frozen=True)
class EgressFirewallArgs:
    """All a firewall has to be told.

    `home` is the range whose traffic is inspected, `subnet_ids` are where the firewall itself stands, one in each
    zone. `domains` are the hosts that may be reached: `pypi.org`, or `*.example.org` for a domain and all below it.
    `key` seals the logs and admits their groups, `components.egress_firewall.firewall_groups(name)`.
    """

    place: Place
    vpc_id: pulumi.Input[str]
    home: str
    subnet_ids: Sequence[pulumi.Input[str]]
    domains: Sequence[str]
    key: Key
    keep_days: int
    is_protected: bool = True


class EgressFirewall(Component):
    """An AWS Network Firewall that lets HTTPS to named hosts through, drops the rest, and records both.

    The name is the one that the client says in its TLS handshake, and a client can lie: this stops what strays and what
    is not written for it, not somebody who has a helper at one of the addresses. Raises BadInput for a list that is
    empty, too long or names everybody (`*`, `*.org`, `*.amazonaws.com`), and for a key that does not admit the logs.
    """

    def __init__(self, name: Name, args: EgressFirewallArgs, parent: pulumi.Resource | None = None) -> None:
        if faults := _faults(name, args):
            msg = f"egress firewall {name}: {'; '.join(faults)}"
            raise BadInput(msg)
        super().__init__("EgressFirewall", name, parent, {"domains": sorted(args.domains), "keepDays": args.keep_days})
        self.args = args
        self.firewall = aws.networkfirewall.Firewall(
            f"{name}-firewall",
            description="Looks at all that leaves the network",
            vpc_id=args.vpc_id,
            subnet_mappings=[{"subnet_id": subnet_id} for subnet_id in args.subnet_ids],
            firewall_policy_arn=self._policy().arn,
            delete_protection=args.is_protected,
            subnet_change_protection=args.is_protected,
            firewall_policy_change_protection=args.is_protected,
            tags=self._labelled("firewall"),
            opts=self.child,
        )
        self.logs = self._logs()
        self.done(arn=self.firewall.arn)

    def endpoint_in(self, subnet_id: pulumi.Input[str]) -> pulumi.Output[str]:
        """What a route has to name to lead through the firewall in this subnet."""
        return pulumi.Output.all(self.firewall.firewall_statuses, subnet_id).apply(lambda told: _endpoint(*told))

    def _labelled(self, part: str) -> dict[str, str]:
        return {"Name": f"{self.name}-{part}", **self.name.tags}

    def _policy(self) -> aws.networkfirewall.FirewallPolicy:
        """Drop what no rule lets through, before anything is connected where that can be told from the packet.

        `drop_established` lets the packets pass that open a connection, as a name can only be read afterwards:
        https://docs.aws.amazon.com/network-firewall/latest/developerguide/suricata-rule-evaluation-order.html
        So nothing but TCP on one port gets as far as that rule: a datagram that opens nothing would leave.
        """
        first = [{"priority": 1, "resource_arn": self._port().arn}]
        then = [{"priority": 1, "resource_arn": self._hosts().arn}]
        rules: Any = {
            "stateless_default_actions": ["aws:drop"],
            "stateless_fragment_default_actions": ["aws:drop"],
            "stateless_rule_group_references": first,
            "stateful_engine_options": {**ORDER, "stream_exception_policy": "DROP"},
            "stateful_default_actions": ["aws:drop_established", "aws:alert_established"],
            "stateful_rule_group_references": then,
        }
        return aws.networkfirewall.FirewallPolicy(
            f"{self.name}-policy",
            description="Named hosts pass, all else is dropped",
            firewall_policy=rules,
            tags=self._labelled("policy"),
            opts=self.child,
        )

    def _port(self) -> aws.networkfirewall.RuleGroup:
        """HTTPS out, and its answers back, go on to be looked into."""
        home, anywhere = [{"address_definition": self.args.home}], [{"address_definition": EVERYWHERE}]
        ports = [{"from_port": HTTPS, "to_port": HTTPS}]
        out = {"sources": home, "destinations": anywhere, "destination_ports": ports}
        back = {"sources": anywhere, "destinations": home, "source_ports": ports}
        rules = [
            {
                "priority": number,
                "rule_definition": {
                    "actions": ["aws:forward_to_sfe"],
                    "match_attributes": {"protocols": [TCP], **match},
                },
            }
            for number, match in enumerate((out, back), 1)
        ]
        source = {"stateless_rules_and_custom_actions": {"stateless_rules": rules}}
        return self._group("port", "STATELESS", 10, {"rules_source": source})

    def _hosts(self) -> aws.networkfirewall.RuleGroup:
        """The names that may be reached, in the order of the policy.

        https://docs.aws.amazon.com/network-firewall/latest/developerguide/stateful-rule-groups-domain-names.html
        """
        listed = {
            "generated_rules_type": "ALLOWLIST",
            "target_types": ["TLS_SNI"],
            "targets": sni_targets(self.args.domains),
        }
        home = {"ip_sets": [{"key": "HOME_NET", "ip_set": {"definitions": [self.args.home]}}]}
        rules = {
            "rule_variables": home,
            "rules_source": {"rules_source_list": listed},
            "stateful_rule_options": ORDER,
        }
        return self._group("hosts", "STATEFUL", MOST_DOMAINS, rules)

    def _group(self, part: str, kind: str, capacity: int, rules: Any) -> aws.networkfirewall.RuleGroup:
        return aws.networkfirewall.RuleGroup(
            f"{self.name}-{part}",
            type=kind,
            capacity=capacity,
            rule_group=rules,
            tags=self._labelled(part),
            opts=self.child,
        )

    def _logs(self) -> aws.networkfirewall.LoggingConfiguration:
        """What was dropped, and every connection; delivered as AWS's own service does it for all vended logs.

        Names below `/aws/vendedlogs/` keep the log groups' one resource policy within its size:
        https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-and-resource-policy.html
        """
        groups = {
            kind: aws.cloudwatch.LogGroup(
                f"{self.name}-{kind.lower()}",
                name=f"{_groups(self.name)}{kind.lower()}",
                kms_key_id=self.args.key.arn,
                retention_in_days=log_group_days(self.args.keep_days),
                tags=dict(self.name.tags),
                opts=self.child,
            )
            for kind in LOG_TYPES
        }
        kept: Any = [
            {"log_type": kind, "log_destination_type": "CloudWatchLogs", "log_destination": {"logGroup": group.name}}
            for kind, group in groups.items()
        ]
        return aws.networkfirewall.LoggingConfiguration(
            f"{self.name}-logs",
            firewall_arn=self.firewall.arn,
            logging_configuration={"log_destination_configs": kept},
            opts=self.child,
        )


def firewall_groups(name: Name) -> str:
    """What the log groups of a firewall of that name are called, as a pattern that its key must admit."""
    return f"{_groups(name)}*"


def _groups(name: Name) -> str:
    return f"/aws/vendedlogs/network-firewall/{name}-"


def _endpoint(statuses: Any, subnet_id: str) -> str:
    """Of all the firewall's endpoints, the one in this subnet."""
    found = [a for status in statuses or () for state in status["sync_states"] for a in state["attachments"]]
    for attachment in found:
        if attachment["subnet_id"] == subnet_id:
            return str(attachment["endpoint_id"])
    msg = f"the firewall has no endpoint in subnet {subnet_id} yet; deploy again when it is ready"
    raise BadInput(msg)


def _faults(name: Name, args: EgressFirewallArgs) -> list[str]:
    faults = [f"domain {text!r}; expected {fault}" for text in args.domains if (fault := domain_fault(text))]
    if not args.domains:
        faults.append("no domain is named, so nothing could leave; name hosts in `domains`, or make no egress at all")
    if len(set(args.domains)) > MOST_DOMAINS:
        faults.append(f"{len(set(args.domains))} domains; the rule group has room for {MOST_DOMAINS}")
    if not args.key.admits(args.place.endpoint("logs")):
        faults.append(f"its key does not admit the logs; give it `for_log_groups(place, {firewall_groups(name)!r})`")
    return faults
