"""A Graph from what `pulumi stack export` prints: the state of a stack as the engine keeps it."""

from __future__ import annotations

from typing import Any

from core.engine_state import resource_of
from core.errors import BadInput
from core.graph import Graph, graph_of
from core.json_part import JsonPart

VERSIONS = (3, 4)
"""Version 4 adds a list of features to version 3; resources are written alike."""


def graph_from_export(data: Any, source: str = "stack.json") -> Graph:
    """The Graph of a parsed export: what exists, without what waits for its deletion after being replaced.

    Raises BadInput for what is not an export, and for a state with operations that were interrupted: it does not say
    whether their resources exist.
    """
    export = data if isinstance(data, JsonPart) else JsonPart(data, source)
    version = export.need("version", "the version of the state")
    if version.whole_number() not in VERSIONS:
        version.refuse(
            f"version {' or '.join(map(str, VERSIONS))} of the state, as current releases of Pulumi write it"
        )
    deployment = export.need("deployment", "the deployment")
    if count := sum(1 for _ in deployment.listed("pending_operations")):
        msg = f"{export.source}: {count} interrupted operations; run `pulumi refresh` and export the stack again"
        raise BadInput(msg)
    states = deployment.listed("resources")
    return graph_of(resource_of(state) for state in states if state.mapping().get("delete") is not True)
