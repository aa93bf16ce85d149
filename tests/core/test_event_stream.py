from __future__ import annotations

import json
from typing import Any

import pytest

from core.errors import BadInput
from core.event_stream import graph_from_events
from core.value import SECRET, Unknown

STEM = "urn:pulumi:dev::ward::"
KEY, BUCKET = f"{STEM}aws:kms/key:Key::seal", f"{STEM}aws:s3/bucket:Bucket::raw"
DARK = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"


def state(urn: str, inputs: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    return {
        "urn": urn,
        "type": urn.split("::")[2],
        "id": "",
        "parent": "",
        "inputs": inputs or {},
        "provider": "",
        **more,
    }


def step(op: str, new: dict[str, Any] | None, kind: str = "resourcePreEvent", **more: Any) -> dict[str, Any]:
    urn = (new or more["old"])["urn"]
    return {kind: {"metadata": {"op": op, "urn": urn, "type": "", "new": new, **more}, "planning": True}}


def stream(*events: dict[str, Any], changes: dict[str, int] | None = None, whole: bool = True) -> str:
    ended = [{"summaryEvent": {"resourceChanges": changes or {}}}, {"cancelEvent": {}}] if whole else []
    numbered = [{"sequence": n, "timestamp": 1790000000, **event} for n, event in enumerate([*events, *ended])]
    return "\n".join(json.dumps(event) for event in numbered) + "\n"


def test_a_step_is_taken_as_it_was_seen_last() -> None:
    shown = {"enableKeyRotation": True, "description": DARK, "policy": "[secret]"}
    text = stream(
        {"preludeEvent": {"config": {}}},
        step("create", state(KEY, shown)),
        {"policyEvent": {"message": "m"}},
        step("create", state(KEY, shown, outputs={"keyUsage": "ENCRYPT_DECRYPT"}), "resOutputsEvent"),
    )
    (key,) = graph_from_events(text, "events.json").resources
    assert isinstance(key.get("description"), Unknown)
    assert key.get("policy") == SECRET
    assert key.get("enableKeyRotation") is True
    assert key.get("keyUsage") == "ENCRYPT_DECRYPT"


def test_what_leaves_is_not_in_the_graph_and_a_replacement_counts_once() -> None:
    text = stream(
        step("delete", None, old=state(BUCKET)),
        step("create-replacement", state(KEY)),
        step("replace", state(KEY)),
        step("delete-replaced", None, old=state(KEY)),
    )
    assert [resource.urn for resource in graph_from_events(text, "events.json").resources] == [KEY]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (stream(step("create", state(KEY)), whole=False), "line 1: the events end before their summary"),
        (stream()[:-20], "line 2: not readable as JSON"),
        (stream({"diagnosticEvent": {"severity": "error", "message": "m"}}), "ended in 1 errors"),
        (stream({"resOpFailedEvent": {"metadata": {}}}), "ended in 1 errors"),
        (stream(changes={"same": 3}), "--show-sames"),
        (stream({"resourcePreEvent": {}}), "line 1: resourcePreEvent.metadata"),
        (stream({"resourcePreEvent": {"metadata": {"op": "create"}}}), "line 1: resourcePreEvent.metadata.newState"),
        (stream() + '{"sequence": 9}', "line 3: expected an event of the engine"),
        (stream() + "[]", "line 3: expected a mapping"),
    ],
)
def test_a_stream_that_is_not_whole_is_refused_with_its_line(text: str, said: str) -> None:
    with pytest.raises(BadInput) as caught:
        graph_from_events(text, "events.json")
    assert str(caught.value).startswith("events.json: ")
    assert said in str(caught.value)
