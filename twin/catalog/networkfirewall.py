"""Firewalls for whole networks: rules, the policy that orders them, where they stand, and their logs.

https://docs.aws.amazon.com/network-firewall/latest/APIReference/
"""

from __future__ import annotations

from typing import Any

from twin.entry import Call, Entry, Gap, Named
from twin.forms import TAGS, TEXTS, Form, Member, Shape
from twin.terms import ID, Built, Given, given, prop, reply

SERVICE, MOST_ZONES = "network-firewall", 4


PORTS = Shape(fromPort="FromPort", toPort="ToPort")
ADDRESSES = Shape(addressDefinition="AddressDefinition")
MATCH = Shape(
    protocols="Protocols",
    sources=Member("Sources", ADDRESSES),
    destinations=Member("Destinations", ADDRESSES),
    sourcePorts=Member("SourcePorts", PORTS),
    destinationPorts=Member("DestinationPorts", PORTS),
)
STATELESS = Shape(
    priority="Priority",
    ruleDefinition=Member("RuleDefinition", Shape(actions="Actions", matchAttributes=Member("MatchAttributes", MATCH))),
)


class Keyed(Form):
    """A list of things with a key, which the API writes as a map from key to thing."""

    def __init__(self, name: str, form: Shape) -> None:
        self.name, self.form = name, form

    def encode(self, value: Any) -> Any:
        """A map."""
        return {one["key"]: self.form.encode(one[self.name]) for one in value}

    def covers(self, path: tuple[str | int, ...]) -> bool:
        """The key, and what the form of the thing covers."""
        rest = path[1:] if path and isinstance(path[0], int) else path
        return not rest or rest == ("key",) or (rest[0] == self.name and self.form.covers(rest[1:]))


RULE_GROUP = Entry(
    "aws:networkfirewall/ruleGroup:RuleGroup",
    create=Call(
        SERVICE,
        "create_rule_group",
        RuleGroupName=prop("name"),
        Type=prop("type"),
        Capacity=prop("capacity"),
        RuleGroup=prop(
            "ruleGroup",
            Shape(
                ruleVariables=Member(
                    "RuleVariables",
                    Shape(ipSets=Member("IPSets", Keyed("ipSet", Shape(definitions="Definition")))),
                ),
                rulesSource=Member(
                    "RulesSource",
                    Shape(
                        rulesSourceList=Member(
                            "RulesSourceList",
                            Shape(
                                generatedRulesType="GeneratedRulesType", targetTypes="TargetTypes", targets="Targets"
                            ),
                        ),
                        statelessRulesAndCustomActions=Member(
                            "StatelessRulesAndCustomActions",
                            Shape(statelessRules=Member("StatelessRules", STATELESS)),
                        ),
                    ),
                ),
                statefulRuleOptions=Member("StatefulRuleOptions", Shape(ruleOrder="RuleOrder")),
            ),
        ),
        Tags=prop("tags", TAGS),
    ),
    identity=ID,
    named=Named("name", 128),
    delete=(Call(SERVICE, "delete_rule_group", RuleGroupArn=ID),),
    outputs={"arn": Built(f"arn:{{partition}}:{SERVICE}:{{region}}:{{account}}:rule-group/{{id}}")},
    absent=Gap("there is no operation for groups of firewall rules"),
)

REFERENCES = Shape(priority="Priority", resourceArn="ResourceArn")
POLICY = Entry(
    "aws:networkfirewall/firewallPolicy:FirewallPolicy",
    create=Call(
        SERVICE,
        "create_firewall_policy",
        FirewallPolicyName=prop("name"),
        Description=prop("description"),
        FirewallPolicy=prop(
            "firewallPolicy",
            Shape(
                statelessDefaultActions="StatelessDefaultActions",
                statelessFragmentDefaultActions="StatelessFragmentDefaultActions",
                statelessRuleGroupReferences=Member("StatelessRuleGroupReferences", REFERENCES),
                statefulDefaultActions="StatefulDefaultActions",
                statefulEngineOptions=Member(
                    "StatefulEngineOptions",
                    Shape(ruleOrder="RuleOrder", streamExceptionPolicy="StreamExceptionPolicy"),
                ),
                statefulRuleGroupReferences=Member("StatefulRuleGroupReferences", REFERENCES),
            ),
        ),
        Tags=prop("tags", TAGS),
    ),
    identity=ID,
    named=Named("name", 128),
    delete=(Call(SERVICE, "delete_firewall_policy", FirewallPolicyArn=ID),),
    outputs={"arn": Built(f"arn:{{partition}}:{SERVICE}:{{region}}:{{account}}:firewall-policy/{{id}}")},
    absent=Gap("there is no operation for policies of firewalls"),
)


SEEN = "Firewall."
SHOWN = {
    "name": "FirewallName",
    "description": "Description",
    "firewallPolicyArn": "FirewallPolicyArn",
    "vpcId": "VpcId",
    "deleteProtection": "DeleteProtection",
    "subnetChangeProtection": "SubnetChangeProtection",
    "firewallPolicyChangeProtection": "FirewallPolicyChangeProtection",
}
SAID: dict[str, Any] = {api: prop(name) for name, api in SHOWN.items()}
MAPPINGS = Shape(subnetId="SubnetId")


def endpoint(number: int) -> Given:
    """What AWS puts into the firewall's subnet of this number: routes lead there."""
    subnet = f"subnetMappings[{number}].subnetId"
    return given(subnet, {"endpointId": ID, "subnetId": prop(subnet)})


FIREWALL = Entry(
    "aws:networkfirewall/firewall:Firewall",
    create=Call(
        SERVICE,
        "create_firewall",
        SubnetMappings=prop("subnetMappings", MAPPINGS),
        Tags=prop("tags", TAGS),
        **SAID,
    ),
    identity=ID,
    named=Named("name", 128),
    delete=(Call(SERVICE, "delete_firewall", FirewallName=prop("name")),),
    read=(
        Call(SERVICE, "describe_firewall", FirewallName=prop("name")),
        Call(SERVICE, "list_tags_for_resource", ResourceArn=reply("Firewall.FirewallArn")),
    ),
    shows={
        **{name: reply(SEEN + api) for name, api in SHOWN.items()},
        "subnetMappings": reply(SEEN + "SubnetMappings", MAPPINGS),
        "tags": reply("Tags", TAGS),
    },
    outputs={
        "arn": Built(f"arn:{{partition}}:{SERVICE}:{{region}}:{{account}}:firewall/{{id}}"),
        "firewallStatuses": given(
            "vpcId", [{"syncStates": [{"attachments": [endpoint(number)]} for number in range(MOST_ZONES)]}]
        ),
    },
    absent=Gap("one can be made, but neither changed nor removed, and no endpoint of it is there to lead a route to"),
)

DESTINATIONS = Shape(
    logType="LogType",
    logDestinationType="LogDestinationType",
    logDestination=Member("LogDestination", TEXTS),
)
KEPT = Call(
    SERVICE,
    "update_logging_configuration",
    FirewallArn=prop("firewallArn"),
    LoggingConfiguration=prop(
        "loggingConfiguration", Shape(logDestinationConfigs=Member("LogDestinationConfigs", DESTINATIONS))
    ),
)
NOTHING: dict[str, Any] = {"LogDestinationConfigs": []}
LOGGING = Entry(
    "aws:networkfirewall/loggingConfiguration:LoggingConfiguration",
    create=KEPT,
    identity=prop("firewallArn"),
    update=(KEPT,),
    fixed=("firewallArn",),
    delete=(Call(SERVICE, "update_logging_configuration", FirewallArn=ID, LoggingConfiguration=NOTHING),),
    read=(Call(SERVICE, "describe_logging_configuration", FirewallArn=ID),),
    gone=("ResourceNotFoundException",),
    exists=reply("LoggingConfiguration.LogDestinationConfigs"),
    shows={
        "firewallArn": reply("FirewallArn"),
        "loggingConfiguration": reply(
            "LoggingConfiguration", Shape(logDestinationConfigs=Member("LogDestinationConfigs", DESTINATIONS))
        ),
    },
)

ENTRIES = (RULE_GROUP, POLICY, FIREWALL, LOGGING)
