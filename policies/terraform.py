"""The Graph as a Terraform plan and as Kubernetes manifests, for tools that read those and nothing of Pulumi.

What is not known yet is left out of the values and named under `after_unknown`; where it comes from stands in the
configuration as a reference, as in a plan that Terraform wrote:
https://developer.hashicorp.com/terraform/internals/json-format. What is withheld leaves this program under no name.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from core.graph import IDENTITIES, Graph
from core.resource import Resource
from core.value import Secret, Unknown, leaves
from policies.terraform_names import Names, TypeName, snake

FORMAT, TERRAFORM = "1.2", "1.13.0"
"""The version of the plan's format, and one of Terraform that writes it: readers tell a plan by having both."""
PROVIDER = "registry.terraform.io/hashicorp/aws"
KUBERNETES = "kubernetes:"
WITHHELD = "withheld"
_UNFIT = re.compile(r"[^A-Za-z0-9_-]")
Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Bridge:
    """A program in other tools' words, and the way back.

    `plan` is None when nothing in it has a name in Terraform. `manifests` are by file name. `urns` leads from an
    address, or a file name, to the resource; `unseen` from a URN to the properties that a reader of the plan does not
    see. `left_out` are the URNs that could not be said, components apart.
    """

    plan: Mapping[str, Any] | None
    manifests: Mapping[str, Mapping[str, Any]]
    urns: Mapping[str, str]
    unseen: Mapping[str, tuple[str, ...]]
    left_out: tuple[str, ...]


@dataclass(slots=True)
class Said:
    """One resource, or one block of it, while it is translated."""

    values: dict[str, Any] = field(default_factory=dict)
    unknown: dict[str, Any] = field(default_factory=dict)
    references: dict[str, Any] = field(default_factory=dict)


def bridged(graph: Graph, names: Names) -> Bridge:
    """The Graph in the words of Terraform and Kubernetes."""
    addresses = {urn: address for address, urn in _addresses(graph, names)}
    said = {urn: _Translation(graph, addresses, graph.by_urn[urn], names).said() for urn in addresses}
    manifests = dict(_manifests(graph))
    files = {name: urn for name, (urn, _) in manifests.items()}
    unseen = {urn: found for urn, (_, found) in said.items() if found}
    unseen |= {urn: ("a withheld or unknown value",) for urn, body in manifests.values() if body[1]}
    return Bridge(
        _plan(addresses, {urn: one for urn, (one, _) in said.items()}) if said else None,
        {name: body[0] for name, (_, body) in manifests.items()},
        {**{address: urn for urn, address in addresses.items()}, **files},
        unseen,
        tuple(
            r.urn for r in graph.resources if _is_custom(r) and r.urn not in addresses and r.urn not in files.values()
        ),
    )


def _is_custom(resource: Resource) -> bool:
    """Whether it is something in a cloud and no component: a provider makes it, or its token looks so."""
    return not resource.type.startswith("pulumi:") and ("/" in resource.type or bool(resource.provider))


def _addresses(graph: Graph, names: Names) -> Iterator[tuple[str, str]]:
    taken: set[str] = set()
    for resource in sorted(graph.resources, key=lambda r: r.urn):
        if (kind := names.get(resource.type)) is not None:
            plain = f"{kind.name}.{_UNFIT.sub('_', resource.name)}"
            address, number = plain, 1
            while address in taken:
                number += 1
                address = f"{plain}_{number}"
            taken.add(address)
            yield address, resource.urn


def _plan(addresses: Mapping[str, str], said: Mapping[str, Said]) -> dict[str, Any]:
    heads = {urn: _head(address) for urn, address in addresses.items()}
    return {
        "format_version": FORMAT,
        "terraform_version": TERRAFORM,
        "planned_values": {
            "root_module": {
                "resources": [{**heads[u], "provider_name": PROVIDER, "values": s.values} for u, s in said.items()]
            }
        },
        "resource_changes": [{**heads[u], "change": _change(s)} for u, s in said.items()],
        "configuration": {
            "root_module": {"resources": [{**heads[u], "expressions": s.references} for u, s in said.items()]}
        },
    }


def _head(address: str) -> dict[str, str]:
    kind, _, name = address.partition(".")
    return {"address": address, "mode": "managed", "type": kind, "name": name}


def _change(said: Said) -> dict[str, Any]:
    return {
        "actions": ["create"],
        "before": None,
        "after": said.values,
        "after_unknown": said.unknown,
        "after_sensitive": {},
    }


class _Translation:
    """One resource on its way."""

    def __init__(self, graph: Graph, addresses: Mapping[str, str], resource: Resource, names: Names) -> None:
        self.graph, self.addresses, self.resource = graph, addresses, resource
        self.kind: TypeName = names[resource.type]
        self.unseen: list[str] = []

    def said(self) -> tuple[Said, tuple[str, ...]]:
        """The resource, and the paths of what could not be shown."""
        held = {k: v for k, v in self.resource.inputs.items() if not k.startswith("__")}
        for name, sources in self.resource.property_dependencies.items():
            if name not in held:
                held[name] = Unknown(", ".join(sorted(sources)))
        return self._block(held, (), ""), tuple(self.unseen)

    def _block(self, held: Mapping[str, Any], path: Path, place: str) -> Said:
        made = Said()
        for key in sorted(held):
            inner = f"{place}.{key}" if place else key
            if held[key] is not None and (name := self.kind.of(inner)):
                self._enter(made, name, held[key], (*path, key), inner)
        return made

    def _enter(self, made: Said, name: str, value: Any, path: Path, place: str) -> None:
        if isinstance(value, Unknown) and (document := self._document(path)) is not None:
            made.values[name] = document
        elif isinstance(value, Unknown | Secret):
            self._hide(made, name, value, place)
        elif isinstance(value, Mapping):
            self._enter_mapping(made, name, value, path, place)
        elif isinstance(value, tuple | list) and any(isinstance(item, Mapping) for item in value):
            blocks = [self._block(v, (*path, i), place) for i, v in enumerate(value) if isinstance(v, Mapping)]
            self._enter_blocks(made, name, blocks)
            if any(isinstance(item, Unknown | Secret) for item in value):
                self.unseen.append(place)
        elif isinstance(value, tuple | list):
            made.values[name] = _lit(value)
            for _, leaf in leaves(value):
                if isinstance(leaf, Unknown | Secret):
                    self._hide(made, name, leaf, place)
        elif references := self._linked(value, path):
            made.references[name] = {"references": references}
        else:
            made.values[name] = value

    def _enter_mapping(self, made: Said, name: str, value: Mapping[str, Any], path: Path, place: str) -> None:
        if not self.kind.is_map(place):
            self._enter_blocks(made, name, [self._block(value, path, place)])
            return
        made.values[name] = {k: _lit(v) for k, v in value.items() if not isinstance(v, Unknown | Secret)}
        hidden = {k: True for k, v in value.items() if _has_dark(v)}
        if hidden:
            made.unknown[name] = hidden
            self.unseen.append(place)

    def _enter_blocks(self, made: Said, name: str, blocks: Iterable[Said]) -> None:
        found = list(blocks)
        made.values[name] = [block.values for block in found]
        if any(block.unknown for block in found):
            made.unknown[name] = [block.unknown for block in found]
        if any(block.references for block in found):
            made.references[name] = [block.references for block in found]

    def _hide(self, made: Said, name: str, value: Unknown | Secret, place: str) -> None:
        """The value exists and is not shown; an unknown one says where it comes from."""
        made.unknown[name] = True
        self.unseen.append(place)
        if isinstance(value, Unknown) and (references := list(self._references(value))):
            known = made.references.get(name, {}).get("references", [])
            made.references[name] = {"references": [*known, *references]}

    def _references(self, value: Unknown) -> Iterator[str]:
        for source in value.source.split(", "):
            urn, attribute = source, "id"
            if urn not in self.addresses:
                urn, _, attribute = source.rpartition(".")
            if urn in self.addresses and urn != self.resource.urn:
                yield f"{self.addresses[urn]}.{snake(attribute)}"
                yield self.addresses[urn]

    def _linked(self, value: Any, path: Path) -> list[str]:
        """The resource that a known value names: a reference tells a reader more than the name does."""
        recorded = path[0] in self.resource.property_dependencies
        if not isinstance(value, str) or not (recorded or value.startswith("arn:") or path[-1] == "bucket"):
            return []
        found = self.graph.linked(self.resource, *path)
        if not isinstance(found, Resource) or found.urn == self.resource.urn or found.urn not in self.addresses:
            return []
        attribute = next((key for key in IDENTITIES if found.get(key) == value), None)
        return [f"{self.addresses[found.urn]}.{attribute}", self.addresses[found.urn]] if attribute else []

    def _document(self, path: Path) -> str | None:
        """A policy that is unknown as a text, as far as its statements are known."""
        held = self.graph.document(self.resource, str(path[0])) if len(path) == 1 else None
        return json.dumps(self._leaf(held)) if isinstance(held, Mapping) else None

    def _leaf(self, value: Any) -> Any:
        if isinstance(value, Mapping):
            return {key: self._leaf(item) for key, item in value.items()}
        if isinstance(value, tuple | list):
            return [self._leaf(item) for item in value]
        if isinstance(value, Unknown):
            return f"${{{next(self._references(value), 'local.elsewhere')}}}"
        return WITHHELD if isinstance(value, Secret) else value


def _manifests(graph: Graph) -> Iterator[tuple[str, tuple[str, tuple[dict[str, Any], bool]]]]:
    """File name -> the URN, and the manifest with whether something is missing in it."""
    found = [r for r in graph.resources if r.type.startswith(KUBERNETES) and r.get("kind") and r.get("apiVersion")]
    for number, resource in enumerate(sorted(found, key=lambda r: r.urn), 1):
        shown = {k: v for k, v in resource.inputs.items() if not k.startswith("__")}
        if resource.get("kind") == "Secret":
            shown = {k: v for k, v in shown.items() if k not in {"data", "stringData"}}
        body = _without_dark(shown)
        body.setdefault("metadata", {}).setdefault("name", resource.name)
        yield f"manifest-{number:04}.json", (resource.urn, (body, _has_dark(resource.inputs)))


def _lit(value: Any) -> Any:
    """The value with null in place of what cannot be shown, as Terraform writes it inside lists."""
    if isinstance(value, Mapping):
        return {key: _lit(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [_lit(item) for item in value]
    return None if isinstance(value, Unknown | Secret) else value


def _without_dark(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {k: _without_dark(v) for k, v in value.items() if not isinstance(v, Unknown | Secret)}
    if isinstance(value, tuple | list):
        return [_without_dark(item) for item in value if not isinstance(item, Unknown | Secret)]
    return value


def _has_dark(value: Any) -> bool:
    return any(isinstance(leaf, Unknown | Secret) for _, leaf in leaves(value))
