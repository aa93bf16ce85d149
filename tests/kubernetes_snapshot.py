"""Makes `tests/data/kubernetes.json`: what Pulumi's Kubernetes provider calls what guards may read.

The names and shapes are read from the published bindings: of each type that holds a pod, and of the other types that
guards are about. In a folder of its own, with nothing installed into the project's environment:

    python -m venv .venv && .venv/bin/pip install pulumi_kubernetes==4.34.2

and then, in the project's folder, with the Python of that environment:

    <that folder>/.venv/bin/python tests/kubernetes_snapshot.py
"""

from __future__ import annotations

import collections.abc
import importlib
import inspect
import json
import pkgutil
import re
import typing
from collections.abc import Iterator, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

from pulumi import Output, _types

PACKAGE, POD = "pulumi_kubernetes", "core/v1.PodSpec"
TARGET = Path(__file__).resolve().parent / "data" / "kubernetes.json"
OTHERS = ("core/v1:Namespace", "networking.k8s.io/v1:NetworkPolicy", "rbac.authorization.k8s.io/v1:Role")
OTHERS += ("rbac.authorization.k8s.io/v1:ClusterRole",)
TOKEN = re.compile(r"super\(\w+, __self__\)\.__init__\(\s*'kubernetes:([^']+)'")
PLAIN = {str: "text", bool: "truth", int: "number", float: "number"}
LATER = (collections.abc.Awaitable, Output)
"""An input may be given later; what it is does not change by that."""
Blocks = dict[str, dict[str, str]]


def resources() -> Iterator[tuple[str, type]]:
    """Each resource of the provider: its token without `kubernetes:`, and the class of its inputs."""
    package = importlib.import_module(PACKAGE)
    for found in pkgutil.walk_packages(package.__path__, f"{PACKAGE}."):
        name = found.name.rpartition(".")[2]
        if not name[0].isupper() or name.endswith("List"):
            continue
        module = importlib.import_module(found.name)
        if token := TOKEN.search(inspect.getsource(module)):
            inputs = getattr(module, f"{name}InitArgs", None) or getattr(module, f"{name}Args")
            assert isinstance(inputs, type)
            yield str(token[1]), inputs


def shape(said: Any, blocks: Blocks) -> str:
    """A type as `text`, `truth`, `number`, `any`, the name of a block, `[...]` of items or `{...}` of values."""
    origin, inner = typing.get_origin(said), typing.get_args(said)
    if origin is typing.Union:
        kinds = {shape(one, blocks) for one in inner if typing.get_origin(one) not in LATER and one is not type(None)}
        return kinds.pop() if len(kinds) == 1 else "any"
    if origin in {collections.abc.Sequence, list}:
        return f"[{shape(inner[0], blocks)}]"
    if origin in {collections.abc.Mapping, dict}:
        return f"{{{shape(inner[1], blocks)}}}"
    return _block(said, blocks) if isinstance(said, type) and said not in PLAIN else PLAIN.get(said, "any")


def _block(said: type, blocks: Blocks) -> str:
    """The name of the block, which is taken in with all that it holds."""
    if not hasattr(said, "_pulumi_input_type"):
        return "any"
    place = said.__module__.removeprefix(f"{PACKAGE}.").removesuffix("._inputs").replace(".", "/")
    name = f"{place}.{said.__name__.removesuffix('Args')}"
    if name not in blocks:
        blocks[name] = {}
        names = _types.input_type_py_to_pulumi_names(said)
        kinds = _types.input_type_types(said)
        blocks[name] = {pulumi: shape(kinds[pulumi], blocks) for pulumi in sorted(names.values())}
    return name


def path_to_pod(name: str, blocks: Mapping[str, Mapping[str, str]], depth: int = 4) -> list[str] | None:
    """By which properties a block holds a pod, if it does."""
    for held, kind in blocks.get(name, {}).items():
        if kind == POD:
            return [held]
        if depth and (rest := path_to_pod(kind, blocks, depth - 1)):
            return [held, *rest]
    return None


def snapshot() -> dict[str, Any]:
    """The types with the paths of their pods, and every block within them."""
    every: Blocks = {}
    types, pods = {}, {}
    for token, inputs in resources():
        block = _block(inputs, every)
        path = path_to_pod(block, every)
        if path or token in OTHERS:
            types[f"kubernetes:{token}"] = block
        if path:
            pods[f"kubernetes:{token}"] = path
    needed: Blocks = {}
    left = list(types.values())
    while left:
        name = left.pop()
        if name in every and name not in needed:
            needed[name] = every[name]
            left += [kind.strip("[]{}") for kind in every[name].values()]
    said = f"{PACKAGE} {version(PACKAGE)}, https://pypi.org/project/pulumi-kubernetes/ (Apache-2.0)"
    made_by = "python tests/kubernetes_snapshot.py"
    return {"source": said, "made_by": made_by, "pods": pods, "types": types, "blocks": dict(sorted(needed.items()))}


if __name__ == "__main__":
    TARGET.parent.mkdir(exist_ok=True)
    TARGET.write_text(json.dumps(snapshot(), indent=1, sort_keys=False) + "\n", encoding="utf-8")
