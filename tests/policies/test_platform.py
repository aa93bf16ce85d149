"""All guards over all that the blueprint declares for production, with one thing changed at a time.

The suite looks at a stable sample; `make every-leaf` looks at everything.
"""

from __future__ import annotations

import os
import tomllib
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any

from core.finding import Finding
from core.graph import STACK, Graph, graph_of
from core.resource import Resource
from core.value import Unknown, leaves
from core.verdict import State
from policies.guard import FAULT
from policies.judge import guards, judge
from stacks.blueprint import blueprint
from stacks.capture import Surroundings, capture
from stacks.config_file import read_settings
from tests.policies.test_cases import with_leaf

ROOT = Path(__file__).resolve().parents[2]
EVERYTHING = bool(os.environ.get("STRONGROOM_EVERY_LEAF"))
LEAVES, PROPERTIES = 60, 80
"""One in so many is in the sample."""
OTHERS: tuple[Any, ...] = (True, False, "elsewhere", "*", 0)
SURVIVORS = tomllib.loads((ROOT / "tests/policies/survivors.toml").read_text(encoding="utf-8"))["survivors"]
FREE = {tuple(line.split()): entry["reason"] for entry in SURVIVORS for line in entry["properties"]}


@cache
def platform() -> Graph:
    settings = read_settings("prod")
    around = Surroundings("strongroom", "prod", settings.account, settings.region, {}, ROOT)
    return capture(lambda: blueprint(settings), around)


def surroundings_of(resource: Resource) -> Graph:
    """The component that a resource belongs to, with all its parts, what they refer to, and what is above them."""
    graph = platform()
    above = next(graph.ancestors(resource), resource)
    near = {resource.urn, above.urn, *(part.urn for part in graph.children(above))}
    for urn in tuple(near):
        part = graph.by_urn[urn]
        near |= {source for urns in part.property_dependencies.values() for source in urns}
        near |= {up.urn for up in graph.ancestors(part)} | ({part.provider} if part.provider else set())
    return graph_of(graph.by_urn[urn] for urn in near if urn in graph.by_urn)


def sampled(found: Iterable[Any], one_in: int) -> list[Any]:
    """Those of a stable sample: what is in it does not depend on what else there is."""
    return [one for one in found if EVERYTHING or zlib.crc32(_label(one).encode()) % one_in == 0]


def _label(one: tuple[Any, Any]) -> str:
    return f"{getattr(one[0], 'type', one[0])} {one[1]}"


def every_leaf() -> Iterator[tuple[Resource, tuple[Any, ...]]]:
    """Each leaf of what AWS is asked for, once for all resources that have it alike."""
    seen = set()
    for resource in platform().resources:
        if not resource.type.startswith("aws:"):
            continue
        for path, _ in leaves(resource.inputs):
            kind = (resource.type, tuple(step for step in path if isinstance(step, str)))
            if path and kind not in seen:
                seen.add(kind)
                yield resource, path


def states(graph: Graph) -> dict[tuple[str, str], Finding]:
    return {(finding.guard, finding.urn): finding for finding in judge(graph)}


def test_no_guard_passes_what_it_cannot_see_anywhere_on_the_platform() -> None:
    for resource, path in sampled(every_leaf(), LEAVES):
        near = surroundings_of(resource)
        held = {key for key, finding in states(near).items() if finding.state is State.PASS}
        dark = states(with_leaf(near, resource.urn, path, Unknown("elsewhere")))
        assert [f.message for f in dark.values() if FAULT in f.message] == [], (resource.type, path)
        trusted = {key for key in held if key in dark and dark[key].state is State.PASS}
        for value in OTHERS:
            other = states(with_leaf(near, resource.urn, path, value))
            broken = {key for key in trusted if key in other and other[key].state is State.FAIL}
            assert broken == set(), (resource.type, path, value, broken)


def without(graph: Graph, token: str, name: str) -> Graph:
    """The platform with one property left out of every resource of a type."""

    def cut(resource: Resource) -> Resource:
        if resource.type != token:
            return resource
        inputs = {key: value for key, value in resource.inputs.items() if key != name}
        links = {key: urns for key, urns in resource.property_dependencies.items() if key != name}
        return replace(resource, inputs=inputs, property_dependencies=links)

    return Graph(tuple(cut(resource) for resource in graph.resources))


def pairs() -> list[tuple[str, str]]:
    found = {(r.type, name) for r in platform().resources if r.type.startswith("aws:") for name in r.inputs}
    return sorted(found)


def is_noticed(graph: Graph) -> bool:
    """Whether a guard fails; each is asked in turn, until one does."""
    return any(f.state is State.FAIL for guard in guards().values() for f in judge(graph, [guard]))


def test_a_protective_property_left_out_is_noticed_and_nothing_else_is_excused() -> None:
    chosen = sampled(pairs(), PROPERTIES)
    assert chosen
    noticed = {pair for pair in chosen if is_noticed(without(platform(), *pair))}
    unlisted = [pair for pair in chosen if pair not in noticed and pair not in FREE]
    assert unlisted == [], "no guard fails without these: write one, or list them with a reason"
    assert [pair for pair in noticed if pair in FREE] == [], "these are noticed: take them off the list"


def test_what_is_excused_is_declared_and_has_its_reason() -> None:
    assert all(entry["reason"].strip() for entry in SURVIVORS)
    assert len(FREE) == sum(len(entry["properties"]) for entry in SURVIVORS)
    assert sorted(set(FREE) - set(pairs())) == []


def test_a_store_that_no_guard_knows_ends_the_plan() -> None:
    odd = Resource("aws:efs/fileSystem:FileSystem", "urn:pulumi:prod::strongroom::aws:efs/fileSystem:FileSystem::share")
    stack = platform().of_type(STACK)
    found = judge(graph_of([*stack, odd]), [guards()["stores.every_store_is_judged"]])
    assert [finding.state for finding in islice(found, 1)] == [State.FAIL]
