"""A Graph as a file: `graph.json`, version 1, whose schema is docs/schemas/graph.schema.json.

A leaf that is not known is `{"$unknown": "<urn>.<property>"}`, one that is withheld `{"$secret": true}`. A mapping of
the program that has such a key as its only one is written as `{"$mapping": {...}}`, so that reading gives back
exactly what was written. The same Graph always gives the same bytes.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from core.graph import Graph, graph_of
from core.json_part import JsonPart, parsed
from core.resource import Location, Resource
from core.value import SECRET, Secret, Unknown

VERSION_KEY = "strongroom_graph"
VERSION = 1
UNKNOWN, WITHHELD, MAPPING = "$unknown", "$secret", "$mapping"
_MARKS = (UNKNOWN, WITHHELD, MAPPING)
_KEYS = frozenset(
    {
        *("urn", "type", "name", "parent", "inputs", "outputs"),
        *("dependencies", "property_dependencies", "provider", "location", "protect"),
    }
)


def to_json(graph: Graph) -> str:
    """The Graph as text, resources by URN, ending with a line break."""
    resources = [_resource(item) for item in sorted(graph.resources, key=lambda item: item.urn)]
    return json.dumps({VERSION_KEY: VERSION, "resources": resources}, indent=1, allow_nan=False) + "\n"


def from_json(text: str, source: str = "graph.json") -> Graph:
    """The Graph that the text holds. Raises BadInput naming the place that is not as version 1 has it."""
    return graph_from_document(parsed(text, source))


def graph_from_document(document: JsonPart) -> Graph:
    """The Graph of a document that is parsed already; raises BadInput as `from_json` does."""
    version = document.need(VERSION_KEY, f"the version of the format, {VERSION}")
    if version.whole_number() != VERSION:
        version.refuse(f"version {VERSION}: another release of strongroom wrote this file; write it anew")
    for key, part in document.entries():
        if key not in {VERSION_KEY, "resources"}:
            part.refuse(f"no other keys than {VERSION_KEY} and resources")
    return graph_of(_read(item) for item in document.need("resources", "the list of resources").items())


def _resource(resource: Resource) -> dict[str, Any]:
    made: dict[str, Any] = {
        "urn": resource.urn,
        "type": resource.type,
        "name": resource.name,
        "parent": resource.parent,
        "inputs": _fields(resource.inputs),
        "outputs": _fields(resource.outputs),
        "dependencies": sorted(resource.dependencies),
        "property_dependencies": {name: sorted(urns) for name, urns in sorted(resource.property_dependencies.items())},
        "provider": resource.provider,
        "location": [{"file": place.file, "line": place.line} for place in resource.location],
    }
    if not resource.outputs:
        del made["outputs"]
    if resource.protect:
        made["protect"] = True
    return made


def _fields(values: Mapping[str, Any]) -> dict[str, Any]:
    """The properties of a resource: here a key is a property's name, never a mark."""
    return {key: _written(values[key]) for key in sorted(values)}


def _written(value: Any) -> Any:
    if isinstance(value, Unknown):
        return {UNKNOWN: value.source}
    if isinstance(value, Secret):
        return {WITHHELD: True}
    if isinstance(value, Mapping):
        made = _fields(value)
        return {MAPPING: made} if _is_marked(made) else made
    if isinstance(value, tuple | list):
        return [_written(item) for item in value]
    return value


def _is_marked(value: Mapping[str, Any]) -> bool:
    return len(value) == 1 and next(iter(value)) in _MARKS


def _read(item: JsonPart) -> Resource:
    for key, part in item.entries():
        if key not in _KEYS:
            part.refuse(f"one of the keys {', '.join(sorted(_KEYS))}")
    urn = item.need("urn", "the URN of the resource").filled("the URN of the resource")
    name = item.get("name")
    if name is not None and name.text() != urn.rpartition("::")[2]:
        name.refuse("the last part of the URN")
    return Resource(
        type=item.need("type", "the type of the resource").filled("the type of the resource"),
        urn=urn,
        inputs=_properties(item.need("inputs", "a mapping of properties")),
        outputs={key: _value(part) for key, part in item.fields("outputs")},
        parent=item.said("parent"),
        dependencies=frozenset(part.text() for part in item.listed("dependencies")),
        property_dependencies={key: frozenset(part.texts()) for key, part in item.fields("property_dependencies")},
        provider=item.said("provider"),
        location=tuple(_location(place) for place in item.listed("location")),
        protect=item.flag("protect"),
    )


def _location(part: JsonPart) -> Location:
    return Location(part.need("file", "a path").text(), part.need("line", "a line number").whole_number())


def _properties(part: JsonPart) -> dict[str, Any]:
    return {part.part(key, key).text(): _value(item) for key, item in part.entries()}


def _value(part: JsonPart) -> Any:
    part.within_depth()
    if isinstance(part.value, list):
        return [_value(item) for item in part.items()]
    if not isinstance(part.value, dict):
        return part.leaf()
    if not _is_marked(part.value):
        return _properties(part)
    mark, inner = next(iter(part.entries()))
    if mark == UNKNOWN:
        return Unknown(inner.text())
    if mark == MAPPING:
        return _properties(inner)
    return SECRET if inner.value is True else inner.refuse("true")
