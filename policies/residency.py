"""Guards over where everything lies: inside the Regions that the environment names, and nowhere by accident."""

from __future__ import annotations

from collections.abc import Iterator

from core.finding import Severity
from core.graph import Graph
from core.resource import Resource
from core.verdict import Verdict, all_of, failed, not_applicable, passed, undecided
from policies import tokens
from policies.guard import guard
from policies.tier import ENVIRONMENT
from policies.whereabouts import homes_of, is_at_home

AWS = "aws:"
MOST_REASONS = 5
"""A reason is for a reader: the first few show what is wrong with all."""
UNSAID = "no environment says where data may lie"


@guard(
    "residency.provider_names_a_region_inside",
    on=tokens.PROVIDER,
    severity=Severity.CRITICAL,
    fix="Give the provider a `region` of the environment's `residency`.",
)
def provider_names_a_region_inside(provider: Resource, graph: Graph) -> Verdict:
    """Without one the Region comes from the shell of whoever deploys, and data lies wherever that was."""
    environments = graph.of_type(ENVIRONMENT)
    if not environments:
        return not_applicable(UNSAID)
    return all_of(_inside(provider, found, provider.name) for found in environments)


@guard(
    "residency.everything_lies_inside",
    on=ENVIRONMENT,
    severity=Severity.CRITICAL,
    fix="Make it in a Region of the environment's `residency`, with the environment's own provider.",
)
def everything_lies_inside(environment: Resource, graph: Graph) -> Verdict:
    """A copy, a log or a model elsewhere is a transfer of data that nobody decided on.

    What names no Region of its own lies where its provider is.
    """
    found = [_lies_inside(resource, environment, graph) for resource in _belonging(environment, graph)]
    said = all_of(found, nothing="nothing of AWS belongs to it")
    reasons = said.reason.split("; ")
    more = f"; and {len(reasons) - MOST_REASONS} more" if len(reasons) > MOST_REASONS else ""
    return Verdict(said.state, "; ".join(reasons[:MOST_REASONS]) + more)


def _belonging(environment: Resource, graph: Graph) -> Iterator[Resource]:
    """What stands below the environment, and what stands below none."""
    for resource in graph.resources:
        if resource.type.startswith(AWS):
            homes = [above.urn for above in graph.ancestors(resource) if above.type == ENVIRONMENT]
            if not homes or environment.urn in homes:
                yield resource


def _lies_inside(resource: Resource, environment: Resource, graph: Graph) -> Verdict:
    if "region" in resource.inputs:
        return _inside(resource, environment, resource.name)
    provider = graph.by_urn.get(resource.provider)
    if provider is not None:
        return _inside(provider, environment, f"the provider of {resource.name}")
    if resource.provider:
        return undecided(f"the provider of {resource.name} cannot be seen")
    return failed(f"{resource.name} has no provider that names its Region")


def _inside(resource: Resource, environment: Resource, whose: str) -> Verdict:
    """Whether its `region` is one that the environment names."""
    homes, region = homes_of(environment), resource.get("region")
    if isinstance(homes, Verdict):
        return homes
    if region is None:
        return failed(f"region of {whose} is not set, so it comes from the shell of whoever deploys")
    inside = is_at_home(region, homes, f"region of {whose}")
    # one line for all that is as it should be: there are hundreds
    return passed("every Region is in the residency set") if inside.state == "pass" else inside
