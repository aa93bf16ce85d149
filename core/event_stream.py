"""A Graph from the engine's own events, one JSON mapping a line.

They are what `pulumi preview --json` prints with PULUMI_ENABLE_STREAMING_JSON_PREVIEW, and what `--event-log FILE`
writes: https://github.com/pulumi/pulumi, sdk/go/common/apitype/events.go. An event says nothing of dependencies, so
what refers to what stays unknown wherever values do not say it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from core.errors import BadInput
from core.graph import Graph
from core.json_part import JsonPart, parsed
from core.preview import graph_of_steps

NUMBERED = frozenset({"sequence", "timestamp"})
"""What every event has."""
STEPS = ("resourcePreEvent", "resOutputsEvent")
"""Events that show a resource: before the step, and with its outputs after it."""


def is_event_stream(text: str) -> bool:
    """Whether the first line is an event by itself."""
    try:
        first = json.loads(text.removeprefix("\ufeff").lstrip().split("\n", 1)[0])
    except (ValueError, RecursionError):
        return False
    return isinstance(first, dict) and set(first) >= NUMBERED


def graph_from_events(text: str, source: str) -> Graph:
    """The Graph that the events of one run show.

    Raises BadInput, with the number of the line, for what is no event, and for a run that failed, or was cut off
    before its summary.
    """
    events = list(_events(text, source))
    errors = sum(1 for event in events if _is_error(event))
    if errors:
        msg = f"{source}: the run ended in {errors} errors, so it is not whole; mend the program first"
        raise BadInput(msg)
    summary = next((found for event in events if (found := event.get("summaryEvent"))), None)
    if summary is None:
        msg = f"{source}: line {len(events)}: the events end before their summary; the file is cut off, record it anew"
        raise BadInput(msg)
    return graph_of_steps(tuple(_steps(events)), summary.get("resourceChanges") or summary.part("none", {}), source)


def _events(text: str, source: str) -> Iterator[JsonPart]:
    for number, line in enumerate(text.removeprefix("\ufeff").splitlines(), 1):
        if line.strip():
            event = parsed(line, f"{source}: line {number}")
            if not set(event.mapping()) >= NUMBERED:
                event.refuse("an event of the engine, with sequence and timestamp")
            yield event


def _is_error(event: JsonPart) -> bool:
    said = event.get("diagnosticEvent")
    told = said is not None and said.said("severity") == "error"
    return told or any(event.get(key) is not None for key in ("resOpFailedEvent", "errorEvent"))


def _steps(events: list[JsonPart]) -> Iterator[JsonPart]:
    """One step for each resource and operation, as it was seen last, in the words of the digest."""
    last: dict[tuple[str, str], JsonPart] = {}
    for event in events:
        for key in STEPS:
            if (seen := event.get(key)) is not None:
                about = seen.need("metadata", "what is done to which resource")
                held = about.mapping()
                step = {"op": held.get("op"), "newState": held.get("new"), "oldState": held.get("old")}
                last[about.said("urn"), about.said("op")] = JsonPart(step, about.source, about.path)
    return iter(last.values())
