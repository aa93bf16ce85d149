"""Which kind of file it is, told by content; and one Graph from three sources."""

from __future__ import annotations

import json
from typing import Any

import pytest

from core.errors import BadInput
from core.graph import graph_of
from core.graph_json import to_json
from core.graph_source import graph_from_text
from core.resource import Resource

KEY = "urn:pulumi:dev::strongroom::aws:kms/key:Key::records"
STATE = {"urn": KEY, "custom": True, "type": "aws:kms/key:Key", "inputs": {"enableKeyRotation": True}}
GRAPH = graph_of([Resource("aws:kms/key:Key", KEY, {"enableKeyRotation": True})])


@pytest.mark.parametrize(
    "text",
    [
        to_json(GRAPH),
        json.dumps({"steps": [{"op": "create", "urn": KEY, "newState": STATE}], "changeSummary": {"create": 1}}),
        json.dumps({"version": 3, "deployment": {"manifest": {}, "resources": [STATE]}}),
        "\n".join(
            json.dumps({"sequence": n, "timestamp": 1, **event})
            for n, event in enumerate(
                [
                    {"preludeEvent": {"config": {}}},
                    {"resourcePreEvent": {"planning": True, "metadata": {"op": "create", "urn": KEY, "new": STATE}}},
                    {"resOutputsEvent": {"planning": True, "metadata": {"op": "create", "urn": KEY, "new": STATE}}},
                    {"summaryEvent": {"resourceChanges": {"create": 1}}},
                ]
            )
        ),
        "\ufeff" + json.dumps({"version": 3, "deployment": {"manifest": {}, "resources": [STATE]}}),
    ],
    ids=["graph", "preview", "export", "events", "export with a byte order mark"],
)
def test_the_same_program_is_the_same_graph_from_every_source(text: str) -> None:
    assert graph_from_text(text, "f") == GRAPH


def test_a_preview_without_any_step_is_an_empty_graph() -> None:
    assert graph_from_text('{"config": {}, "changeSummary": {}}', "f").resources == ()


@pytest.mark.parametrize(
    ("content", "hint"),
    [
        ({}, "none of their keys is there"),
        ([], "none of their keys is there"),
        ("text", "none of their keys is there"),
        ({"version": 3, "checkpoint": {}}, "run `pulumi stack export`"),
        ({"format_version": "1.2", "planned_values": {}}, "this is a Terraform plan"),
        ({"AWSTemplateFormatVersion": "2010-09-09"}, "CloudFormation"),
        ({"summary": {}, "findings": []}, "these are findings"),
        ({"resources": []}, "has the key strongroom_graph beside its resources"),
    ],
)
def test_any_other_document_is_refused_with_what_was_expected(content: Any, hint: str) -> None:
    with pytest.raises(BadInput) as caught:
        graph_from_text(json.dumps(content), "f.json")
    message = str(caught.value)
    assert message.startswith("f.json: expected a graph.json of strongroom, the output of `pulumi preview --json`")
    assert hint in message


@pytest.mark.parametrize("text", ["", "not json", '{"steps": [', "[" * 50_000, '{"sequence": 1}\n{"a": 1}'])
def test_what_is_no_json_is_refused(text: str) -> None:
    with pytest.raises(BadInput, match=r"^f: "):
        graph_from_text(text, "f")
