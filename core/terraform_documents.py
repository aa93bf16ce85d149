"""Terraform's `aws_iam_policy_document` as the policy that it will become, its unknown leaves kept.

https://registry.terraform.io/providers/hashicorp/aws/latest/docs/data-sources/iam_policy_document
"""

from __future__ import annotations

from typing import Any

from core.json_part import JsonPart
from core.value import Unknown

DOCUMENT = "aws_iam_policy_document"
LATER = "a part of a policy that is known only after apply"
MERGED = ("source_policy_documents", "override_policy_documents")
LISTS = (
    ("actions", "Action"),
    ("not_actions", "NotAction"),
    ("resources", "Resource"),
    ("not_resources", "NotResource"),
)


def document_of(after: JsonPart, unknown: Any) -> Any:
    """The document of the data source; Unknown where other documents are merged into it."""
    marks = unknown if isinstance(unknown, dict) else {}
    if any(after.get(name) or marks.get(name) for name in MERGED) or marks.get("statement") is True:
        return Unknown(LATER)
    held = marks.get("statement")
    listed = held if isinstance(held, list) else []
    statements = [
        _statement(part, listed[number] if number < len(listed) else {})
        for number, part in enumerate(after.listed("statement"))
    ]
    return {"Version": after.said("version") or "2012-10-17", "Statement": statements}


def _statement(part: JsonPart, unknown: Any) -> Any:
    if unknown is True:
        return Unknown(LATER)
    marks = unknown if isinstance(unknown, dict) else {}
    made: dict[str, Any] = {"Effect": Unknown(LATER) if marks.get("effect") is True else part.said("effect") or "Allow"}
    if sid := part.said("sid"):
        made["Sid"] = sid
    for name, element in LISTS:
        found = _texts(part, name, marks.get(name))
        if found:
            made[element] = found
    for name, element in (("principals", "Principal"), ("not_principals", "NotPrincipal")):
        if found := _principals(part, name, marks.get(name)):
            made[element] = found
    if conditions := _conditions(part, marks.get("condition")):
        made["Condition"] = conditions
    return made


def _texts(part: JsonPart, name: str, mark: Any) -> Any:
    """The list, an Unknown in the place of each text that is not known, or Unknown where the list is not."""
    if mark is True:
        return [Unknown(LATER)]
    marks = mark if isinstance(mark, list) else []
    values = [item.value for item in part.listed(name)]
    length = max(len(values), len(marks))
    return [
        Unknown(LATER)
        if (number < len(marks) and marks[number] is True) or number >= len(values) or values[number] is None
        else values[number]
        for number in range(length)
    ]


def _principals(part: JsonPart, name: str, mark: Any) -> Any:
    if mark is True:
        return Unknown(LATER)
    marks, made = mark if isinstance(mark, list) else [], dict[str, Any]()
    for number, block in enumerate(part.listed(name)):
        held = marks[number] if number < len(marks) else None
        below = held if isinstance(held, dict) else {}
        if held is True or below.get("type") is True:
            return Unknown(LATER)
        kind, found = block.said("type"), _texts(block, "identifiers", below.get("identifiers"))
        if kind == "*" and found == ["*"]:
            return "*"
        made[kind] = [*made.get(kind, []), *found]
    return made


def _conditions(part: JsonPart, mark: Any) -> Any:
    if mark is True:
        return Unknown(LATER)
    marks, made = mark if isinstance(mark, list) else [], dict[str, Any]()
    for number, block in enumerate(part.listed("condition")):
        held = marks[number] if number < len(marks) else None
        below = held if isinstance(held, dict) else {}
        if held is True or below.get("test") is True or below.get("variable") is True:
            return Unknown(LATER)
        found = _texts(block, "values", below.get("values"))
        operator = made.setdefault(block.said("test"), {})
        operator[block.said("variable")] = [*operator.get(block.said("variable"), []), *found]
    return made
