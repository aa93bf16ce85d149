"""The ways in which a hurried change would take protection from a network's edge."""

from __future__ import annotations

from typing import Any

import pulumi_aws as aws

from components import dns_firewall, egress_firewall
from tests.weakening import Change, Weakening, changed, rewritten, without

ec2, firewall, route53, logs = aws.ec2, aws.networkfirewall, aws.route53, aws.cloudwatch
FIREWALL, RESOLVER = "networkfirewall", "route53resolver"
DROPS: dict[str, Any] = {
    "stateless_default_actions": ["aws:drop"],
    "stateless_fragment_default_actions": ["aws:drop"],
    "stateful_engine_options": {"rule_order": "STRICT_ORDER"},
    "stateful_default_actions": ["aws:drop_established"],
}
PASSES = {"stateless_rules_and_custom_actions": {"stateless_rules": [{"priority": 1, "rule_definition": {}}]}}
ALERTS = {"log_destination_configs": [{"log_type": "ALERT", "log_destination_type": "S3", "log_destination": {}}]}
ANYBODY = {"rules_source_list": {"generated_rules_type": "ALLOWLIST", "target_types": ["TLS_SNI"], "targets": [".org"]}}


EVERY_PORT = {"rule_no": 100, "action": "allow", "cidr_block": "0.0.0.0/0", "from_port": 0, "to_port": 65535}


def policy(**other: Any) -> Change:
    """The firewall's policy with something else in it."""
    return changed(firewall, "FirewallPolicy", firewall_policy={**DROPS, **other})


def answering(module: Any, function: str, value: Any) -> Change:
    """A function of a component answers something else."""
    return lambda patch: patch.setattr(module, function, lambda *_: value)


WEAKENINGS = [
    *(
        Weakening("egress_firewall", what, f"{FIREWALL}.policy_drops_by_default", policy(**other))
        for what, other in (
            ("what no rule knows passes", {"stateful_default_actions": ["aws:alert_established"]}),
            ("AWS's own order", {"stateful_engine_options": {"rule_order": "DEFAULT_ACTION_ORDER"}}),
            ("datagrams slip through", {"stateless_default_actions": ["aws:forward_to_sfe"]}),
            ("nothing is looked into", {"stateless_default_actions": ["aws:pass"]}),
            ("fragments pass", {"stateless_fragment_default_actions": ["aws:pass"]}),
        )
    ),
    Weakening(
        "egress_firewall",
        "a whole registry",
        f"{FIREWALL}.rules_name_whom_they_let_through",
        changed(firewall, "RuleGroup", "hosts", rule_group={"rules_source": ANYBODY}),
    ),
    Weakening(
        "egress_firewall",
        "everybody",
        f"{FIREWALL}.rules_name_whom_they_let_through",
        answering(egress_firewall, "sni_targets", [".com"]),
    ),
    Weakening(
        "egress_firewall",
        "no logs",
        f"{FIREWALL}.firewall_records_what_it_sees",
        without(firewall, "LoggingConfiguration"),
    ),
    Weakening(
        "egress_firewall",
        "alerts only",
        f"{FIREWALL}.firewall_records_what_it_sees",
        changed(firewall, "LoggingConfiguration", logging_configuration=ALERTS),
    ),
    *(
        Weakening(
            "egress_firewall",
            f"no {word} protection",
            f"{FIREWALL}.firewall_cannot_be_taken_away_by_mistake",
            changed(firewall, "Firewall", **{name: False}),
        )
        for word, name in (
            ("delete", "delete_protection"),
            ("subnet", "subnet_change_protection"),
            ("policy", "firewall_policy_change_protection"),
        )
    ),
    Weakening(
        "egress_firewall",
        "logs without key",
        "logs.group_is_encrypted_with_own_key",
        changed(logs, "LogGroup", "-inspect-", kms_key_id=None),
    ),
    Weakening(
        "egress",
        "answers come past the firewall",
        f"{FIREWALL}.firewall_sees_both_directions",
        changed(ec2, "Route", "-back-", vpc_endpoint_id=None, gateway_id="local"),
    ),
    Weakening(
        "egress",
        "workloads go to the NAT gateway",
        "ec2.route_stays_inside",
        changed(ec2, "Route", "-out-", vpc_endpoint_id=None, nat_gateway_id="nat-0a1b2c3d"),
    ),
    Weakening(
        "egress",
        "workloads go to the internet",
        "ec2.route_stays_inside",
        changed(ec2, "Route", "-out-", vpc_endpoint_id=None, gateway_id="igw-0a1b2c3d"),
    ),
    Weakening(
        "egress",
        "the firewall's subnet goes to the internet",
        "ec2.route_stays_inside",
        changed(ec2, "Route", "-nat-", nat_gateway_id=None, gateway_id="igw-0a1b2c3d"),
    ),
    Weakening(
        "egress",
        "public addresses",
        "ec2.subnet_gives_no_public_address",
        changed(ec2, "Subnet", "-public-", map_public_ip_on_launch=True),
    ),
    Weakening(
        "egress",
        "every port",
        "ec2.group_reaches_only_named_places",
        changed(aws.vpc, "SecurityGroupEgressRule", "-out", ip_protocol="-1"),
    ),
    Weakening(
        "network",
        "one zone",
        "ec2.network_spans_two_zones",
        changed(ec2, "Subnet", availability_zone="eu-central-1a"),
    ),
    Weakening(
        "dns_firewall",
        "open when it fails",
        f"{RESOLVER}.firewall_fails_closed",
        changed(route53, "ResolverFirewallConfig", firewall_fail_open="ENABLED"),
    ),
    Weakening(
        "dns_firewall",
        "the rest is told of",
        f"{RESOLVER}.rules_refuse_what_they_do_not_name",
        changed(route53, "ResolverFirewallRule", "-rest", action="ALERT"),
    ),
    Weakening(
        "dns_firewall",
        "everything passes",
        f"{RESOLVER}.rules_refuse_what_they_do_not_name",
        answering(dns_firewall, "aws_names", ["*"]),
    ),
    Weakening(
        "network",
        "no rules about names",
        f"{RESOLVER}.network_answers_named_hosts_only",
        without(route53, "ResolverFirewallRuleGroupAssociation"),
    ),
    Weakening(
        "dns_firewall",
        "no record",
        f"{RESOLVER}.queries_are_recorded",
        without(route53, "ResolverQueryLogConfigAssociation"),
    ),
    Weakening(
        "dns_firewall",
        "record without key",
        "logs.group_is_encrypted_with_own_key",
        changed(logs, "LogGroup", "-queries", kms_key_id=None),
    ),
    Weakening(
        "dns_firewall",
        "rules come off at once",
        f"{RESOLVER}.rules_cannot_be_taken_off_by_mistake",
        changed(route53, "ResolverFirewallRuleGroupAssociation", mutation_protection="DISABLED"),
    ),
    Weakening(
        "far_ranges",
        "everything to the hub",
        "ec2.route_stays_inside",
        changed(ec2, "Route", "-hub-", destination_cidr_block="0.0.0.0/0"),
    ),
    Weakening(
        "far_ranges",
        "half of everything to the site",
        "ec2.route_stays_inside",
        changed(ec2, "Route", "-vpn-", destination_cidr_block="0.0.0.0/1"),
    ),
    Weakening(
        "far_ranges",
        "callers from everywhere",
        "ec2.group_admits_nobody_from_everywhere",
        changed(aws.vpc, "SecurityGroupIngressRule", "-hub-from", cidr_ipv4="0.0.0.0/0"),
    ),
    Weakening(
        "far_ranges",
        "everywhere at the other end",
        "ec2.group_reaches_only_named_places",
        changed(aws.vpc, "SecurityGroupEgressRule", "-hub-to", cidr_ipv4="0.0.0.0/0", from_port=22, to_port=22),
    ),
    *(
        Weakening(
            "vpn_attachment", what, "ec2.vpn_is_sealed_with_current_ciphers", changed(ec2, "VpnConnection", **other)
        )
        for what, other in (
            ("version 1", {"tunnel1_ike_versions": ["ikev1", "ikev2"]}),
            ("a short group", {"tunnel2_phase2_dh_group_numbers": [2, 19]}),
            ("SHA-1", {"tunnel1_phase1_integrity_algorithms": ["SHA1"]}),
            ("whatever the other end wants", {"tunnel2_phase1_integrity_algorithms": None}),
        )
    ),
    Weakening(
        "vpn_attachment",
        "a tunnel without a log",
        "ec2.vpn_records_its_tunnels",
        changed(ec2, "VpnConnection", tunnel2_log_options=None),
    ),
    *(
        Weakening("flow_log", what, guard, change)
        for what, guard, change in (
            ("none", "ec2.vpc_records_flows", without(ec2, "FlowLog")),
            ("refusals alone", "ec2.vpc_records_flows", changed(ec2, "FlowLog", traffic_type="REJECT")),
            (
                "without key",
                "logs.group_is_encrypted_with_own_key",
                changed(logs, "LogGroup", "-flow-", kms_key_id=None),
            ),
            (
                "for ever",
                "logs.group_keeps_its_events_for_a_set_time",
                changed(logs, "LogGroup", "-flow-", retention_in_days=None),
            ),
            (
                "anybody writes",
                "iam.role_trust_names_its_takers",
                rewritten("writer-role", lambda one: {**one, "Principal": {"AWS": "*"}}),
            ),
            (
                "its writer does everything",
                "iam.policy_is_no_blank_cheque",
                rewritten("writer-deliverflows", lambda one: {**one, "Action": ["logs:*"], "Resource": ["*"]}),
            ),
        )
    ),
    *(
        Weakening("transit_attachment", what, guard, change)
        for what, guard, change in (
            (
                "everything goes over",
                "ec2.route_stays_inside",
                changed(ec2, "Route", "-hub-", destination_cidr_block="0.0.0.0/0"),
            ),
            (
                "everybody calls",
                "ec2.group_admits_nobody_from_everywhere",
                changed(aws.vpc, "SecurityGroupIngressRule", "-hub-from", cidr_ipv4="0.0.0.0/0"),
            ),
        )
    ),
    Weakening("network", "AWS's own ACL", "ec2.default_acl_is_limited", without(ec2, "DefaultNetworkAcl")),
    *(
        Weakening(file, what, guard, changed(ec2, "DefaultNetworkAcl", **entries))
        for file, what, guard, entries in (
            (
                "network",
                "everything leaves",
                "ec2.default_acl_is_limited",
                {"egress": [{**EVERY_PORT, "protocol": "-1"}]},
            ),
            (
                "default_acl",
                "administration from everywhere",
                "ec2.acl_admits_nobody_from_everywhere",
                {"ingress": [{**EVERY_PORT, "protocol": "tcp"}]},
            ),
        )
    ),
]
