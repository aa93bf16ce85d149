"""Guards over web ACLs."""

from __future__ import annotations

from core.finding import Severity
from core.graph import Graph
from core.resource import Resource
from core.verdict import Verdict, holds
from policies import tokens
from policies.guard import guard
from policies.links import Kind, each_companion

LOGS = Kind(("aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration",), "resourceArn", "log")


@guard(
    "wafv2.acl_records_what_it_decides",
    on=tokens.WEB_ACL,
    severity=Severity.MEDIUM,
    fix="Declare a WebAclLoggingConfiguration for it, with credentials among its redactedFields.",
)
def acl_records_what_it_decides(acl: Resource, graph: Graph) -> Verdict:
    """What was turned away shows who tries, and whether somebody was turned away who should not be."""

    def goes_somewhere(log: Resource) -> Verdict:
        places = log.get("logDestinationConfigs")
        return holds(places, bool, f"logDestinationConfigs of {log.name}", "set")

    return each_companion(graph, acl, LOGS, goes_somewhere)
