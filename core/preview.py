"""A Graph from what `pulumi preview --json` prints: one digest with a step for each resource.

The engine leaves unchanged resources out of it unless it is called with `--show-sames`, and those it only reads
without `--show-reads`. A Graph without them would hide what they break, so such a preview is refused; likewise one
that ended in errors.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

from core.engine_state import resource_of
from core.errors import BadInput
from core.graph import Graph, graph_of
from core.json_part import JsonPart
from core.resource import Resource

LEAVING = frozenset(
    {"delete", "delete-replaced", "discard", "discard-replaced", "read-discard", "remove-pending-replace"}
)
"""Steps of what will not be there afterwards."""
PRELIMINARY = frozenset({"refresh", "create-replacement", "import-replacement", "read-replacement", "replace"})
"""Steps that others of the same resource may follow; the last says how it will be."""
OPTIONAL = {"same": "--show-sames", "read": "--show-reads"}


def graph_from_preview(data: Any, source: str = "preview.json") -> Graph:
    """The Graph of a parsed digest. Raises BadInput for one that is not a digest, or not a whole one."""
    digest = data if isinstance(data, JsonPart) else JsonPart(data, source)
    _refuse_failed(digest)
    counts = digest.get("changeSummary") or digest.part("changeSummary", {})
    return graph_of_steps(tuple(digest.listed("steps")), counts, digest.source)


def graph_of_steps(steps: tuple[JsonPart, ...], counts: JsonPart, source: str) -> Graph:
    """The Graph of these steps; `counts` says how many there were of each operation, shown or not.

    Raises BadInput for steps that are not as the engine writes them, and when some were left out.
    """
    _refuse_partial(steps, counts, source)
    found: dict[str, list[tuple[str, Resource]]] = {}
    for step in steps:
        op = step.need("op", "the operation of the step").text()
        if op in LEAVING or (op == "refresh" and step.get("newState") is None):
            continue
        resource = resource_of(_state(step, op))
        earlier = [item for item in found.get(resource.urn, ()) if item[0] not in PRELIMINARY]
        found[resource.urn] = [*earlier, (op, resource)]
    return graph_of(resource for items in found.values() for _, resource in items)


def _state(step: JsonPart, op: str) -> JsonPart:
    """The state after the step; what does not change keeps the outputs it has."""
    state = step.need("newState", f"the state after the operation '{op}'")
    old = step.get("oldState")
    if op != "same" or old is None or state.get("outputs"):
        return state
    return JsonPart({**state.mapping(), "outputs": old.mapping().get("outputs")}, state.source, state.path)


def _refuse_failed(digest: JsonPart) -> None:
    errors = [item for item in digest.listed("diagnostics") if item.mapping().get("severity") == "error"]
    if errors:
        msg = f"{digest.source}: the preview ended in {len(errors)} errors, so it is not whole; mend the program first"
        raise BadInput(msg)


def _refuse_partial(steps: tuple[JsonPart, ...], counts: JsonPart, source: str) -> None:
    shown = Counter(str(step.mapping().get("op")) for step in steps)
    for op, count in counts.entries():
        if op in OPTIONAL and count.whole_number() > shown[op]:
            hidden = count.whole_number() - shown[op]
            msg = f"{source}: {hidden} resources ('{op}') are left out; run pulumi preview --json {OPTIONAL[op]}"
            raise BadInput(msg)
