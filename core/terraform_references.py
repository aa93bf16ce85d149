"""What the attributes of Terraform's resources refer to, through the modules between them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from core.json_part import JsonPart

INDEX = re.compile(r"\[[^\]]*\]")
MOST_STEPS = 200
"""Modules and variables followed from one attribute; no configuration that people can read has more."""


@dataclass(frozen=True)
class References:
    """The configuration of a plan: its root module as it stands there."""

    root: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, plan: JsonPart) -> References:
        """That of the plan; empty where it holds none, and then nothing unknown can be told apart."""
        configuration = plan.get("configuration")
        root = configuration.get("root_module") if configuration else None
        return cls(root.mapping() if root else {})

    def from_resource(self, module: str, name: str, kind: str, known: Iterable[str]) -> dict[str, frozenset[str]]:
        """Attribute -> the addresses that it refers to, every instance of a resource that has several."""
        by_resource: dict[str, list[str]] = {}
        for address in known:
            by_resource.setdefault(INDEX.sub("", address), []).append(address)
        path = _path(module)
        held = self._resource(path, f"{kind}.{name}")
        return {
            attribute: frozenset(
                one
                for said in _references(expression)
                for plain in self._targets(path, said, [MOST_STEPS])
                for one in by_resource.get(plain, ())
            )
            for attribute, expression in held.items()
        }

    def _resource(self, path: tuple[str, ...], address: str) -> Mapping[str, Any]:
        for one in _list(self._module(path).get("resources")):
            if _map(one).get("address") == address:
                return _map(_map(one).get("expressions"))
        return {}

    def _module(self, path: tuple[str, ...]) -> Mapping[str, Any]:
        found = self.root
        for name in path:
            found = _map(_map(_map(found.get("module_calls")).get(name)).get("module"))
        return found

    def _targets(self, path: tuple[str, ...], said: str, left: list[int]) -> Iterator[str]:
        """The resources, without their indexes, that a reference in a module comes from."""
        left[0] -= 1
        if left[0] < 0:
            return
        first, *rest = INDEX.sub("", said).split(".")
        if first == "var" and rest and path:
            call = _map(_map(self._module(path[:-1]).get("module_calls")).get(path[-1]))
            yield from self._all(path[:-1], _map(call.get("expressions")).get(rest[0]), left)
        elif first == "module" and len(rest) > 1:
            inner = (*path, rest[0])
            output = _map(_map(self._module(inner).get("outputs")).get(rest[1]))
            yield from self._all(inner, output.get("expression"), left)
        elif first == "data" and len(rest) > 1:
            yield _join(path, f"data.{rest[0]}.{rest[1]}")
        elif rest and first not in {"var", "module", "local", "each", "count", "self", "path", "terraform"}:
            yield _join(path, f"{first}.{rest[0]}")

    def _all(self, path: tuple[str, ...], expression: Any, left: list[int]) -> Iterator[str]:
        for said in _references(expression):
            yield from self._targets(path, said, left)


def _references(expression: Any) -> list[str]:
    """What an expression, or the expressions of its blocks, name; the longer form of each reference alone."""
    if isinstance(expression, list):
        return [said for one in expression for said in _references(one)]
    held = _map(expression)
    own = [str(one) for one in _list(held.get("references"))]
    return own or [said for one in held.values() if isinstance(one, dict | list) for said in _references(one)]


def _path(module: str) -> tuple[str, ...]:
    """The names of the modules on the way, without their indexes."""
    return tuple(INDEX.sub("", module).split(".")[1::2]) if module else ()


def _join(path: tuple[str, ...], address: str) -> str:
    return ".".join([*(f"module.{name}" for name in path), address])


def _map(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
