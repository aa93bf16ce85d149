"""What guards read of Kubernetes is what Pulumi's provider has: `tests/kubernetes_snapshot.py`."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from core.graph import Graph
from core.resource import Resource
from core.value import Path as Way
from core.value import Secret, Unknown
from policies.guard import Guard
from policies.judge import guards
from policies.kubernetes import SPEC
from policies.kubernetes_names import NETWORK_POLICY

KUBERNETES = "kubernetes:"
KNOWN: Mapping[str, Any] = json.loads(
    (Path(__file__).resolve().parents[1] / "data" / "kubernetes.json").read_text(encoding="utf-8")
)
PLAIN = {"text": str, "truth": bool, "number": (int, float), "any": object}


def kind_at(token: str, path: Way) -> str:
    """What the provider holds at the path, or why it holds nothing there."""
    kind = str(KNOWN["types"][token])
    for step in path:
        if isinstance(step, int):
            assert kind.startswith("["), f"{path} of {token}: {kind} is no list"
            kind = kind[1:-1]
        elif kind.startswith("{"):
            kind = kind[1:-1]
        else:
            block = KNOWN["blocks"][kind]
            assert step in block, f"{path} of {token}: {kind} has no {step}"
            kind = str(block[step])
    return kind


def faults(value: Any, kind: str, where: str) -> Iterator[str]:
    """Each part of the value that the provider would not take."""
    if isinstance(value, Unknown | Secret):
        return
    if kind in PLAIN:
        yield from () if isinstance(value, PLAIN[kind]) else (f"{where}: {value!r} is no {kind}",)
    elif kind.startswith("["):
        yield from () if isinstance(value, tuple | list) else (f"{where}: {value!r} is no list",)
        for number, item in enumerate(value):
            yield from faults(item, kind[1:-1], f"{where}[{number}]")
    else:
        for name, held in value.items():
            inner = kind[1:-1] if kind.startswith("{") else KNOWN["blocks"][kind].get(name)
            yield from faults(held, inner, f"{where}.{name}") if inner else (f"{where}: {kind} has no {name}",)


def of_kubernetes(graph: Graph) -> list[Resource]:
    return [resource for resource in graph.resources if resource.type.startswith(KUBERNETES)]


def about_kubernetes(guard: Guard) -> bool:
    return all(token.startswith(KUBERNETES) for token in guard.on)


def test_every_type_that_holds_a_pod_is_judged_where_it_holds_it() -> None:
    assert {token: list(path) for token, path in SPEC.items()} == KNOWN["pods"]


def test_guards_are_about_types_that_the_provider_has() -> None:
    asked = {token for guard in guards().values() for token in guard.on if token.startswith(KUBERNETES)}
    assert asked | {NETWORK_POLICY} == set(KNOWN["types"])


def test_cases_say_what_the_provider_takes(every_case: Any) -> None:
    judged = [one for case in every_case for one in of_kubernetes(case.graph)]
    assert len(judged) > 20
    assert [fault for one in judged for fault in faults(one.inputs, KNOWN["types"][one.type], one.type)] == []


def test_guards_read_what_the_provider_has(every_case: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    read: set[tuple[str, Way]] = set()
    plain = Resource.get

    def noted(self: Resource, *path: str | int) -> Any:
        read.add((self.type, path))
        return plain(self, *path)

    monkeypatch.setattr(Resource, "get", noted)
    for case in every_case:
        if about_kubernetes(guards()[case.guard]):
            guards()[case.guard].judge(case.resource, case.graph)
    asked = [(token, path) for token, path in read if token.startswith(KUBERNETES)]
    assert len(asked) > 40
    assert [kind_at(token, path) for token, path in asked]
