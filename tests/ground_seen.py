"""How the ground of the platform is looked at: what is there of a type, under which key, and what its policies say."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from core.graph import Graph
from core.personas import PERSONAS
from core.resource import Resource
from core.value import Unknown, thawed


def every(graph: Graph, token: str, part: str = "") -> list[Resource]:
    """All of that type whose names hold this; there is one at least."""
    kind = token.partition("/")[2] or token
    token = f"aws:{token}:{kind[0].upper()}{kind[1:]}" if "/" in token else f"strongroom:index:{token}"
    found = [one for one in graph.of_type(token) if part in one.name]
    assert found, f"no {token} with {part!r} in its name"
    return found


def said(resource: Resource, *path: str | int) -> Any:
    return thawed(resource.get(*path))


def keys_of(graph: Graph, resource: Resource | Unknown | None, *path: str | int) -> str:
    """The name of the key that a property names."""
    assert isinstance(resource, Resource)
    key = graph.linked(resource, *path)
    assert isinstance(key, Resource)
    return key.name


def statements(graph: Graph, token: str, part: str = "") -> Iterator[dict[str, Any]]:
    for resource in every(graph, token, part):
        document = graph.document(resource)
        assert document is not None
        assert not isinstance(document, Unknown)
        yield from thawed(document)["Statement"]


def users(graph: Graph) -> list[dict[str, Any]]:
    """What key policies allow beyond administering."""
    said_ = [one for one in statements(graph, "kms/key") if one["Effect"] == "Allow"]
    return [one for one in said_ if {"kms:Decrypt", "kms:GenerateDataKey*"} & set(one["Action"])]


def arrivals(graph: Graph) -> Resource:
    return every(graph, "sagemaker/featureGroup", "arrivals")[0]


def people(graph: Graph) -> list[Resource]:
    """The roles of personas."""
    names = {f"wardlight-prod-{word}-role" for word in PERSONAS}
    return [one for one in every(graph, "iam/role") if one.name in names]


def boundary(graph: Graph) -> Iterator[dict[str, Any]]:
    return statements(graph, "iam/policy", "-prod-boundary-boundary")


def claims(graph: Graph) -> dict[str, Any]:
    """What the tokens of GitHub's jobs that deploy must say."""
    (role,) = every(graph, "iam/role", "-ci-deploy-")
    (one,) = json.loads(role.get("assumeRolePolicy"))["Statement"]
    return {key: value for test in one["Condition"].values() for key, value in test.items()}


def idle_components(page: str) -> set[str]:
    """The components that the page on idle cost has prices for."""
    found: set[str] = set(re.findall(r"^\| \[(\w+)\]", page, re.MULTILINE))
    assert {"Network", "ServiceEndpoint", "Key", "ModelEndpoint"} & found, "the page names no component"
    return found


def selectors(graph: Graph) -> dict[str, Any]:
    (trail,) = every(graph, "cloudtrail/trail")
    return {one["name"]: one["fieldSelectors"] for one in said(trail, "advancedEventSelectors")}
