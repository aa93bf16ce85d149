"""Policy documents as a form: JSON text that is compared by what it says, not by how it is written."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import unquote

from core.value import Path, thawed
from twin.forms import Form


class Policy(Form):
    """A policy document: JSON text, compared by what it says."""

    def encode(self, value: Any) -> Any:
        """The text as it was given; a structure is written as JSON."""
        return value if isinstance(value, str) else json.dumps(thawed(value))

    def decode(self, value: Any) -> Any:
        """The text with keys sorted, single items as lists, and lists that are sets sorted."""
        if value in (None, ""):
            return None
        try:
            document = (
                json.loads(unquote(value) if value.startswith("%7B") else value) if isinstance(value, str) else value
            )
        except ValueError:
            return value
        return json.dumps(same_policy(document), sort_keys=True)

    def covers(self, path: Path) -> bool:
        """All of it."""
        return len(path) >= 0


SETS = {"Action", "NotAction", "Resource", "NotResource"}


def same_policy(document: Any) -> Any:
    """A policy in one of the many ways to write it: "x" and ["x"] are the same, the order of actions does not matter.

    The order of the statements is kept.
    """
    if not isinstance(document, Mapping) or "Statement" not in document:
        return thawed(document)
    statements = document["Statement"]
    listed = statements if isinstance(statements, Sequence) and not isinstance(statements, str) else [statements]
    return {**thawed(document), "Statement": [_same_statement(item) for item in listed]}


def _same_statement(statement: Mapping[str, Any]) -> dict[str, Any]:
    said = {key: _set(value) if key in SETS else thawed(value) for key, value in statement.items()}
    for key in ("Principal", "NotPrincipal"):
        if isinstance(who := said.get(key), dict):
            said[key] = {kind: _set(named) for kind, named in who.items()}
    if isinstance(condition := said.get("Condition"), dict):
        said["Condition"] = {
            test: {name: _set(wanted) for name, wanted in values.items()} for test, values in condition.items()
        }
    return said


def _set(value: Any) -> list[str]:
    items = value if isinstance(value, list | tuple) else [value]
    return sorted(json.dumps(item) if isinstance(item, bool) else str(item) for item in items)


POLICY = Policy()
