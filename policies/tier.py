"""What an environment is for, as far as the plan says it."""

from __future__ import annotations

from collections.abc import Sequence

from core.graph import Graph
from core.resource import Resource
from policies.links import is_dark

ENVIRONMENT = "strongroom:index:Environment"
TRIALS = ("local", "dev")
"""Tiers that hold no data about anybody: what cannot be undone elsewhere may be undone there."""
BEFORE_PRODUCTION = (*TRIALS, "staging")
"""Tiers on which nobody's treatment depends: what they serve may be away for a while."""


def is_elsewhere(graph: Graph, layer: str) -> bool:
    """Whether every environment says which layers it declares, and this one is in none: it is another stack's."""
    said = [environment.get("layers") for environment in graph.of_type(ENVIRONMENT)]
    return bool(said) and all(isinstance(layers, tuple) and layer not in layers for layers in said)


def is_trial(graph: Graph, resource: Resource, tiers: Sequence[str] = TRIALS) -> bool | None:
    """Whether the resource's environment says that it is a trial; None when it says so in a value not known yet.

    What stands in no environment, or in one that does not say, is judged as the real thing.
    """
    for above in graph.ancestors(resource):
        if above.type == ENVIRONMENT:
            tier = above.get("tier")
            return None if is_dark(tier) else tier in tiers
    return False
