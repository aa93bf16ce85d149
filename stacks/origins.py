"""Where the unknown values in a resource's inputs come from, told to the monitor leaf by leaf.

The SDK sends every unknown leaf as the same sentinel and its dependencies for a whole property at once. A legacy
transformation sees the inputs before that: each output among them is replaced by one that, should it not be known,
travels as a text naming its source. Its dependencies and its secrecy stay. The transformation runs after all others,
so no program ever meets such a text.
"""

from __future__ import annotations

import copy
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import pulumi
from pulumi import _types

from core.resource import Location
from stacks.declared import NOTHING, Declared, declared
from stacks.place_in_source import Source
from stacks.wire_values import NUL, source_of, stand_in


@dataclass
class Declarations:
    """Every resource that the program declares, in its order, with the line; it is called with each of them.

    `traces` is set for a preview; in a deployment everything is known.
    """

    source: Source
    traces: bool
    classes: dict[str, type] = field(default_factory=dict)
    made: list[tuple[pulumi.Resource, tuple[Location, ...]]] = field(default_factory=list)

    def __call__(self, args: pulumi.ResourceTransformationArgs) -> pulumi.ResourceTransformationResult | None:
        """Note the resource, and give back its inputs with their origins."""
        if not self.declares(args.type_).types:
            self.classes[args.type_] = type(args.resource)
        self.made.append((args.resource, self.source.of_frame(sys._getframe(1))))  # noqa: SLF001 - the documented way to a caller's line
        if not self.traces:
            return None
        return pulumi.ResourceTransformationResult({name: traced(args.props[name]) for name in args.props}, args.opts)

    def declares(self, token: str) -> Declared:
        """What the class that was used for this type token declares."""
        return declared(self.classes[token]) if token in self.classes else NOTHING

    def waiting(self) -> list[tuple[pulumi.Resource, tuple[Location, ...]]]:
        """The resources that never got as far as being registered, or failed to."""
        made = [(item, location, item.urn._data) for item, location in self.made]  # noqa: SLF001 - no public question
        return [(item, location) for item, location, data in made if not data.done() or data.exception()]


def traced(value: Any) -> Any:
    """The input with each output in it replaced by its telling twin."""
    if isinstance(value, pulumi.Output):
        return pulumi.Output._from_data(_told(value))  # noqa: SLF001 - a single task; the public constructor starts four
    if _types.is_input_type(type(value)):
        twin = copy.copy(value)
        twin.__dict__.update({name: traced(item) for name, item in value.__dict__.items()})
        return twin
    if isinstance(value, Mapping) and not _types.is_output_type(type(value)):
        return {key: traced(value[key]) for key in value}
    if isinstance(value, list | tuple):
        return [traced(item) for item in value]
    return value


async def _told(output: pulumi.Output[Any]) -> Any:
    """The output's data; when it is not known, its source in place of the value."""
    data = await output._data  # noqa: SLF001 - value, secrecy and dependencies at once
    if data.is_known:
        return replace(data, value=traced(data.value))
    return replace(data, value=stand_in(await _source(output, data.resources)), is_known=True)


async def _source(output: pulumi.Output[Any], resources: set[pulumi.Resource]) -> str:
    """`<urn>.<property>` for a resource's own output, and for values made of it; `<urn>` where that is not recorded."""
    urns = set()
    for resource in resources:
        urn = str(await resource.urn.future())
        if NUL not in urn:
            own = next((name for name, held in resource.__dict__.items() if held is output), None)
            if own:
                return f"{urn}.{declared(type(resource)).names.get(own, own)}"
        urns.add(urn)
    return source_of(urns)
