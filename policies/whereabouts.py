"""Where data of an environment may be, and where a resource is."""

from __future__ import annotations

from typing import Any

from core.graph import Graph
from core.resource import Resource
from core.verdict import Verdict, holds, undecided
from policies.links import dark, is_dark, listed
from policies.tier import ENVIRONMENT

ARN_PARTS, ARN_REGION = 6, 3
Homes = tuple[str, ...]


def homes_of(environment: Resource) -> Homes | Verdict:
    """The Regions that the environment names, or the verdict on their not being known."""
    residency, what = environment.get("residency"), f"residency of {environment.name}"
    if is_dark(residency):
        return dark(what, residency)
    if any(is_dark(code) for code in listed(residency)):
        return undecided(f"{what} is not known yet")
    return tuple(map(str, listed(residency)))


def residency_of(graph: Graph, resource: Resource) -> Homes | Verdict:
    """The Regions that data of the resource's environment may be in, or the verdict on that not being known."""
    for above in graph.ancestors(resource):
        if above.type == ENVIRONMENT:
            return homes_of(above)
    return undecided(f"{resource.name} stands in no environment that says where data may be")


def region_of(graph: Graph, resource: Resource) -> Any:
    """Where the resource is: by its own word, its ARN's or its provider's; None when none of them tells."""
    arn = resource.outputs.get("arn")
    parts = arn.split(":") if isinstance(arn, str) else []
    provider = graph.by_urn.get(resource.provider)
    named = parts[ARN_REGION] if len(parts) >= ARN_PARTS else None
    return resource.get("region") or named or (provider.get("region") if provider else None)


def is_at_home(region: Any, homes: Homes, what: str) -> Verdict:
    """Whether the Region is one of those; what is not known yet is undecided."""
    return holds(region, lambda code: code in homes, what, "in the residency set")
