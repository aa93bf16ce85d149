"""Networks that a program took over by their ids: nothing said of them is a pass, unless it is declared beside them."""

from __future__ import annotations

from collections.abc import Sequence

from core.graph import Graph
from core.resource import Resource
from core.verdict import Verdict, undecided
from policies import tokens


def is_adopted(resource: Resource) -> bool:
    """Whether it stands for a network that was there before."""
    return resource.type == tokens.ADOPTED_NETWORK


def unseen(network: Resource, what: str) -> Verdict:
    """The verdict on what ids do not show."""
    return undecided(f"{what} of {network.name} cannot be seen: it is adopted, not declared here")


def seen_beside(graph: Graph, network: Resource, tokens_: Sequence[str]) -> tuple[Resource, ...]:
    """What this program declares for an adopted network, as far as both say its id."""
    vpc_id = network.get("vpcId")
    found = graph.of_type(*tokens_) if isinstance(vpc_id, str) else ()
    return tuple(resource for resource in found if resource.get("vpcId") == vpc_id)
