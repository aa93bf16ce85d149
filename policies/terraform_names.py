"""What Terraform calls the types and properties of Pulumi's AWS provider, as `policies/data/terraform.json` has it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from core.json_part import parsed

MAP = "*"
"""Stands after the name of a mapping whose keys are data (tags, environment variables), not properties."""
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


@dataclass(frozen=True, slots=True)
class TypeName:
    """Terraform's name of a type, and of those of its properties that it calls otherwise than a rule would.

    `other` is path -> name, as `rules.filter` -> `filter`: empty where Terraform has no such property, with a `*`
    behind it where the keys below are data.
    """

    name: str
    other: Mapping[str, str]

    def of(self, path: str) -> str:
        """The name of the property at a dotted path without indices; empty when Terraform has none."""
        return self.other.get(path, snake(path.rpartition(".")[2])).removesuffix(MAP)

    def is_map(self, path: str) -> bool:
        """Whether the keys below the property are data."""
        return path in {"tags", "tagsAll"} or self.other.get(path, "").endswith(MAP)


Names = Mapping[str, TypeName]
"""Type token -> what Terraform calls it."""


def names_from(text: str, source: str) -> Names:
    """The table that the text holds. Raises BadInput for one that is not as the snapshot writes it."""
    made = {}
    for token, part in parsed(text, source).fields("types"):
        name, *rest = part.items()
        other = {path: said.text() for path, said in rest[0].entries()} if rest else {}
        made[token] = TypeName(name.text(), MappingProxyType(other))
    return MappingProxyType(made)


def snake(name: str) -> str:
    """A camelCase name in snake_case.

    >>> snake("kmsMasterKeyId")
    'kms_master_key_id'
    """
    return _HUMP.sub("_", name).lower()
