"""A Graph from what `terraform show -json` prints of a plan: its resources in the Pulumi provider's words.

What is known after apply alone is unknown here, and tied to what it comes from by the references of the configuration:
https://developer.hashicorp.com/terraform/internals/json-format
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from core.errors import BadInput
from core.graph import POLICY_DOCUMENT, Graph, graph_of
from core.json_part import JsonPart
from core.resource import Resource
from core.terraform_documents import DOCUMENT, document_of
from core.terraform_names import is_single, property_of, token_of
from core.terraform_references import References
from core.value import SECRET, Unknown

VERSION = "1"
"""Of the format; a new major version is to be refused."""
OUTPUTS = ("arn", "id")
"""What AWS makes up; everything else counts as asked for."""
POLICIES = ("policy", "assume_role_policy", "content")
GONE = (["delete"], ["forget"])
LATER = "a value that is known only after apply"


def is_terraform_plan(keys: Mapping[str, Any]) -> bool:
    """Whether a document with these keys says that it is a plan."""
    return "planned_values" in keys or {"terraform_version", "resource_changes"} <= set(keys)


def graph_from_terraform(data: Any, source: str = "plan.json") -> Graph:
    """The Graph of a parsed plan. Raises BadInput for one that failed, is not whole, or is written otherwise."""
    plan = data if isinstance(data, JsonPart) else JsonPart(data, source)
    _check(plan)
    references = References.of(plan)
    changes = [change for change in plan.listed("resource_changes") if _stays(change)]
    urns = {_address(change): _urn(change) for change in changes}
    documents = {
        _address(one): document_of(_after(one), _part(one, "after_unknown")) for one in changes if _is(one, DOCUMENT)
    }
    found = [made for one in changes if _is_managed(one) for made in _resources(one, references, urns, documents)]
    return graph_of(found)


def _check(plan: JsonPart) -> None:
    version = plan.need("format_version", "the version of the format").text()
    if version.partition(".")[0] != VERSION:
        plan.need("format_version", "").refuse(f"version {VERSION} of the format")
    for key, bad, fix in (
        ("errored", True, "the plan failed; mend the configuration first"),
        ("complete", False, "the plan leaves changes for later; make a whole plan"),
    ):
        if plan.mapping().get(key) is bad:
            msg = f"{plan.source}: {fix}"
            raise BadInput(msg)
    plan.need("resource_changes", "the changes of the plan; a plan that was made with -refresh-only has none")


def _stays(change: JsonPart) -> bool:
    return change.need("change", "the change").need("actions", "what is done").value not in GONE


def _is(change: JsonPart, kind: str) -> bool:
    return change.said("mode") == "data" and change.said("type") == kind


def _is_managed(change: JsonPart) -> bool:
    return change.said("mode") == "managed" and change.said("type").startswith("aws_")


def _address(change: JsonPart) -> str:
    return change.need("address", "the address of the resource").filled("the address of the resource")


def _urn(change: JsonPart) -> str:
    return f"urn:terraform::{token_of(change.said('type'))}::{_address(change)}"


def _after(change: JsonPart) -> JsonPart:
    inner = change.need("change", "the change")
    return inner.get("after") or inner.part("after", {})


def _part(change: JsonPart, key: str) -> Any:
    return change.need("change", "the change").mapping().get(key)


def _resources(
    change: JsonPart, references: References, urns: Mapping[str, str], documents: Mapping[str, Any]
) -> Iterator[Resource]:
    """The resource, and the policies of it that are known in part alone, as documents beside it."""
    kind, urn, module = change.said("type"), _urn(change), change.said("module_address")
    depends = {
        name: {address: urns[address] for address in found if address in urns}
        for name, found in references.from_resource(module, change.said("name"), kind, urns).items()
    }
    held = dict(_held(change, kind, depends))
    links = {property_of(kind, name): frozenset(found.values()) for name, found in depends.items() if found}
    yield Resource(
        type=token_of(kind),
        urn=urn,
        inputs={key: value for key, value in held.items() if key not in OUTPUTS},
        outputs={key: value for key, value in held.items() if key in OUTPUTS and not isinstance(value, Unknown)},
        property_dependencies={key: value for key, value in links.items() if key in held},
    )
    for attribute in POLICIES:
        meant = [documents[address] for address in depends.get(attribute, ()) if address in documents]
        if len(meant) == 1 and isinstance(held.get(property_of(kind, attribute)), Unknown):
            yield _document(urn, property_of(kind, attribute), meant[0])


def _document(urn: str, attribute: str, document: Any) -> Resource:
    inputs = {"of": urn.rpartition("::")[2], "attribute": attribute, "document": document}
    return Resource(POLICY_DOCUMENT, f"{urn}.{attribute}", inputs)


def _held(change: JsonPart, kind: str, depends: Mapping[str, Mapping[str, str]]) -> Iterator[tuple[str, Any]]:
    after, unknown, sensitive = _after(change), _part(change, "after_unknown"), _part(change, "after_sensitive")
    names = {**after.mapping(), **(unknown if isinstance(unknown, dict) else {})}
    for name in names:
        origin = ", ".join(sorted(depends.get(name, {}).values())) or LATER
        part = after.part(name, after.mapping().get(name))
        value = _value(part, _below(unknown, name), _below(sensitive, name), kind, origin)
        if value is not None and value != []:
            yield property_of(kind, name), _alone(kind, name, value)


def _value(part: JsonPart, unknown: Any, sensitive: Any, kind: str, origin: str) -> Any:
    """A value as Pulumi would hold it; blocks are lists of mappings, and their names are respelled."""
    part.within_depth()
    if unknown is True:
        return Unknown(origin)
    if sensitive is True:
        return SECRET
    if isinstance(part.value, list):
        return [
            _block(item, _below(unknown, number), _below(sensitive, number), kind, origin)
            for number, item in enumerate(part.items())
        ]
    if isinstance(part.value, dict):
        return {
            key: _value(item, _below(unknown, key), _below(sensitive, key), kind, origin)
            for key, item in part.entries()
        }
    return part.leaf()


def _block(part: JsonPart, unknown: Any, sensitive: Any, kind: str, origin: str) -> Any:
    value = _value(part, unknown, sensitive, kind, origin)
    if not isinstance(value, dict):
        return value
    late = {
        key: Unknown(origin) for key, later in (unknown if isinstance(unknown, dict) else {}).items() if later is True
    }
    return {
        property_of(kind, key): _alone(kind, key, item) for key, item in {**value, **late}.items() if item is not None
    }


def _alone(kind: str, name: str, value: Any) -> Any:
    return value[0] if is_single(kind, name) and isinstance(value, list) and len(value) == 1 else value


def _below(marks: Any, step: str | int) -> Any:
    """The mark of a part: that of the whole where the whole is marked."""
    if marks is True:
        return True
    if isinstance(marks, dict):
        return marks.get(step) if isinstance(step, str) else None
    return marks[step] if isinstance(marks, list) and isinstance(step, int) and step < len(marks) else None
