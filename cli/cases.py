"""A wrong and a right program for a guard, as its case file has them: what is tested is what is shown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.constructor import SafeConstructor
from ruamel.yaml.nodes import Node, ScalarNode

from cli.judgement import POLICIES, text_of
from policies.guard import Guard

WRONG, OPEN, RIGHT = "fail", "unknown", "pass"
"""A guard that only a live account can answer is open, never wrong, on a plan."""


class Shown(SafeConstructor):
    """Safe YAML whose tags become words: what is shown is read by people and run by nobody."""


def _word(constructor: SafeConstructor, node: Node, before: str, after: str) -> str:
    assert isinstance(node, ScalarNode)
    return f"{before}{constructor.construct_scalar(node)}{after}"


def _deep(constructor: SafeConstructor, node: Node) -> Any:
    return constructor.construct_mapping(node, deep=True)


Shown.add_constructor("!link", lambda c, n: _word(c, n, "<", ">"))
Shown.add_constructor("!unknown", lambda c, n: _word(c, n, "<not known yet: ", ">"))
Shown.add_constructor("!secret", lambda _c, _n: "<secret>")
Shown.add_constructor("!json", _deep)
Shown.add_constructor("!document", _deep)


def snippet(guard: Guard, expect: str) -> tuple[str, tuple[str, ...]] | None:
    """The first case of the guard that ends so: why, and its program, a line each. None without one."""
    for case in _cases(case_file(guard)).get(guard.id, ()):
        if case["expect"] == expect:
            parts = [_resource("", case["judge"])]
            parts += [_resource(name, body) for name, body in case.get("beside", {}).items()]
            return str(case["because"]), tuple(line for part in parts for line in part)
    return None


@cache
def _cases(path: Path) -> Mapping[str, Any]:
    """The cases of a file, read once: YAML with tags is slow to read."""
    yaml = YAML(typ="safe", pure=True)
    yaml.Constructor = Shown
    return dict(yaml.load(text_of(path))) if path.exists() else {}


def case_file(guard: Guard) -> Path:
    """The file beside the guard's own."""
    return POLICIES / f"{guard.rule.__module__.rpartition('.')[2]}.cases.yaml"


def _resource(name: str, body: Mapping[str, Any]) -> list[str]:
    head = f"{body['type']}{f'  <{name}>' if name else ''}"
    held = {key: value for key, value in body.items() if key != "type" and not key.startswith("$")}
    return [head, *_lines({**held, **body.get("$inputs", {})}, 1)]


def _lines(value: Any, depth: int) -> Iterator[str]:
    indent = "  " * depth
    for key, item in value.items() if isinstance(value, Mapping) else (("-", item) for item in value):
        label = "-" if key == "-" else f"{key}:"
        if isinstance(item, Mapping | list | tuple) and item:
            yield f"{indent}{label}"
            yield from _lines(item, depth + 1)
        else:
            yield f"{indent}{label} {_plain(item)}"


def _plain(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
