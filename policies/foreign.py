"""What a program that is not ours does not say by itself, told by the pack's configuration."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from core.graph import STACK, Graph
from core.resource import Resource
from core.value import frozen
from policies.judge import stack_of
from policies.tier import ENVIRONMENT
from policies.tokens import DATA_CLASS

SETTINGS = "program.settings"
"""The policy of the pack whose configuration this is."""


@dataclass(frozen=True, slots=True)
class Told:
    """`residency` are the Regions where data may lie, `data_class_tag` the tag by which the program marks its data."""

    residency: tuple[str, ...] = ()
    data_class_tag: str = ""

    def tagged(self, properties: Mapping[str, Any]) -> Mapping[str, Any]:
        """The properties with the class of the data under the tag that guards read; one of ours stays as it is."""
        tags = properties.get("tags")
        if not isinstance(tags, Mapping) or self.data_class_tag not in tags or DATA_CLASS in tags:
            return properties
        return {**properties, "tags": {**tags, DATA_CLASS: tags[self.data_class_tag]}}

    def completed(self, graph: Graph) -> Graph:
        """The Graph with an environment that names the Regions, where the program declares none itself."""
        if not self.residency or graph.of_type(ENVIRONMENT):
            return graph
        top = stack_of(graph)
        urn = f"{top.urn.partition(f'::{STACK}::')[0]}::{ENVIRONMENT}::told-by-the-configuration"
        return Graph((*graph.resources, Resource(ENVIRONMENT, urn, frozen({"residency": self.residency}))))


def told(config: Mapping[str, Any]) -> Told:
    """What the configuration of the pack says."""
    return Told(tuple(map(str, config.get("residency", ()))), str(config.get("dataClassTag", "")))
