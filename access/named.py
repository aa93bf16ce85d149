"""A Graph that somebody saved before its ARNs were known, with a symbol wherever AWS will put something of its own.

What a plan knows of a name is kept; what names another resource's output becomes that name, so that policies and
attachments meet. A leaf that is made of several outputs stays unknown.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from access.symbols import Symbols
from core.graph import Graph, graph_of
from core.resource import Resource
from core.value import Unknown, leaves

PLACE = re.compile(r"arn:aws[a-z-]*:[a-z0-9-]*:([a-z0-9-]*):([0-9]{12}):", re.ASCII)


def place_in(graph: Graph) -> tuple[str, str]:
    """The account and the Region that most ARNs of the Graph name; empty where none does.

    The ARNs that AWS gave to the resources themselves count before those that stand anywhere else.
    """
    own = [place for one in graph.resources for place in _places(one.outputs.get("arn"))]
    found = own or [place for one in graph.resources for _, leaf in leaves(one.inputs) for place in _places(leaf)]
    return _most(account for _, account in found), _most(region for region, _ in found if region)


def _places(leaf: Any) -> list[tuple[str, str]]:
    return [(found[1], found[2]) for found in PLACE.finditer(leaf)] if isinstance(leaf, str) else []


def _most(words: Iterator[str]) -> str:
    counted = Counter(words)
    return min(counted, key=lambda word: (-counted[word], word), default="")


def with_names(graph: Graph, account: str, region: str) -> Graph:
    """The same resources, their identities filled in with symbols where they are not known yet."""
    symbols, made = Symbols(account, region), dict[str, Mapping[str, Any]]()
    found = []
    for one in graph.in_order():
        filled = replace(one, inputs=_resolved(one.inputs, made))
        if one.type.startswith("aws:"):
            known = {key: value for key, value in one.outputs.items() if not isinstance(value, Unknown)}
            filled = replace(filled, outputs={**one.outputs, **_identity(symbols, filled), **known})
            made[one.urn] = filled.outputs
        found.append(filled)
    return graph_of(found)


def _identity(symbols: Symbols, resource: Resource) -> dict[str, Any]:
    return {key: value for key, value in symbols(resource).items() if key not in resource.inputs}


def _resolved(value: Any, made: Mapping[str, Mapping[str, Any]]) -> Any:
    """The value with every leaf that is one known output of one resource in its place."""
    if isinstance(value, Unknown):
        urn, _, name = value.source.rpartition(".")
        return made.get(urn, {}).get(name, value)
    if isinstance(value, Mapping):
        return {key: _resolved(item, made) for key, item in value.items()}
    return tuple(_resolved(item, made) for item in value) if isinstance(value, tuple) else value
