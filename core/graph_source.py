"""Any file that holds a Graph: which kind it is, its content tells."""

from __future__ import annotations

from core.event_stream import graph_from_events, is_event_stream
from core.graph import Graph
from core.graph_json import VERSION_KEY, graph_from_document
from core.json_part import JsonPart, parsed
from core.preview import graph_from_preview
from core.stack_export import graph_from_export
from core.terraform_plan import graph_from_terraform, is_terraform_plan

EXPECTED = (
    "a graph.json of strongroom, the output of `pulumi preview --json`, its event log, or a `pulumi stack export`"
)
_NOT_THESE = {
    "checkpoint": "this is a file of Pulumi's backend: run `pulumi stack export`",
    "planned_values": "this is a Terraform plan, which `strongroom access` alone reads",
    "values": "this is a state of Terraform: show a plan of it, `terraform show -json plan.out`",
    "AWSTemplateFormatVersion": "this is a CloudFormation template",
    "Resources": "this looks like a CloudFormation template",
    "findings": "these are findings, not the resources they are about",
    "resources": f"a graph.json has the key {VERSION_KEY} beside its resources",
}


def graph_from_text(text: str, source: str) -> Graph:
    """The Graph that a file holds. Raises BadInput, naming `source`, for a file of any other kind or a broken one."""
    if is_event_stream(text):
        return graph_from_events(text, source)
    return _graph(parsed(text, source))


def any_graph_from_text(text: str, source: str) -> Graph:
    """Likewise, and of a Terraform plan too: enough of it to say who may do what, not enough for every guard."""
    if is_event_stream(text):
        return graph_from_events(text, source)
    document = parsed(text, source)
    if isinstance(document.value, dict) and is_terraform_plan(document.value):
        return graph_from_terraform(document)
    return _graph(document)


def _graph(document: JsonPart) -> Graph:
    keys = document.value if isinstance(document.value, dict) else {}
    if VERSION_KEY in keys:
        return graph_from_document(document)
    if "deployment" in keys:
        return graph_from_export(document)
    if "steps" in keys or "changeSummary" in keys:
        return graph_from_preview(document)
    hint = next((text for key, text in _NOT_THESE.items() if key in keys), "none of their keys is there")
    return document.refuse(f"{EXPECTED} ({hint})")
