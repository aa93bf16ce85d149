"""The settings described for others: a JSON schema for editors, and what Pulumi's project file has to declare."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Any, get_args, get_origin

from core.regions import REGIONS
from core.settings_faults import NAMESPACE
from core.settings_shape import Settings
from core.settings_values import Section

DIALECT = "https://json-schema.org/draft/2020-12/schema"
PLAIN: Mapping[type, str] = MappingProxyType({str: "string", bool: "boolean", int: "integer"})
"""What Pulumi's project file calls these; it knows arrays and objects besides:
https://www.pulumi.com/docs/iac/concepts/projects/project-file/"""

MEANINGS: Mapping[str, str] = MappingProxyType(
    {
        "tier": "How seriously the environment is meant: local, dev, staging or prod",
        "layer": "Which part of the environment this stack is: account, foundation, platform, serving, or all in one",
        "project": "What all names begin with; lower case words",
        "owner": "The team that answers for the environment",
        "account": "The AWS account that the workload runs in, 12 digits, in quotes",
        "accounts": "Other AWS accounts of the environment; whatever is left out is the workload's own",
        "organisation": "The AWS organisation that the accounts belong to, where there is one",
        "region": "The home Region",
        "residency": "The Regions where data may lie, the home Region among them",
        "network": "The private network, its way out and whom it is joined with",
        "adopt": "What is there already: it is used, and not made",
        "data": "For each class of data (public, internal, personal, health), how long it is kept",
        "stores": "What each store of data gets besides itself: lists of what is in it, doors for the network",
        "keys": "Who administers the keys of data, where they are copied to, and what holds them",
        "audit": "How long the record of who did what is locked, whom it is about, and who else reads it",
        "recovery": "How soon service and data must be back after a loss, and where the copies lie",
        "personas": "Kinds of users, and who may take them",
        "guardrails": "What the management account forbids the organisation's accounts; one environment says it",
        "github": "The repository whose workflows plan and deploy; GitHub's ids stay when names change hands",
        "alarms": "Who is told when something is wrong",
        "budget": "What the environment may cost before somebody is told",
        "models": "Models to serve",
        "lake": "Tables over the stores and questions to them; none while nobody administers the account's lake",
        "features": "Groups of features that models learn from and are asked with",
        "tables": "DynamoDB tables, each for one class of data",
        "secrets": "What others log in with, replaced by a function of yours",
        "parameters": "Values that programs look up; each comes in by: pulumi config set --secret parameters:<name>",
        "tags": "Tags that every resource bears beside the platform's own",
        "deletion_protection": "Whether what holds data refuses to be destroyed; first apply false to let it go",
        "force_destroy": "Whether buckets may be destroyed with data in them; never in staging and prod",
    }
)
"""What each setting is; what it takes, its own description says."""


def keys() -> tuple[str, ...]:
    """The settings that a file may have, in the order of the model."""
    return tuple(name for name in Settings.model_fields if name != "environment")


def file_schema() -> dict[str, Any]:
    """A JSON schema of a whole settings file, as an editor takes it.

    It knows keys, types, patterns and limits. What several settings must be together only `strongroom settings check`
    can tell.
    """
    model = Settings.model_json_schema()
    described = model["properties"]
    described["region"]["enum"] = sorted(REGIONS)
    described["residency"]["items"]["enum"] = sorted(REGIONS)
    return {
        "$schema": DIALECT,
        "title": "Settings of one Strongroom environment (stacks/config/Pulumi.<environment>.yaml)",
        "type": "object",
        "required": ["config"],
        "properties": {
            "config": {
                "type": "object",
                "properties": {f"{NAMESPACE}:{name}": described[name] for name in keys()},
                "required": [f"{NAMESPACE}:{name}" for name in keys() if Settings.model_fields[name].is_required()],
                "patternProperties": {f"^(?!{NAMESPACE}:).+:": {}},
                "additionalProperties": False,
            }
        },
        "$defs": model["$defs"],
    }


def project_config() -> str:
    """The section `config` of Pulumi.yaml: every setting, what it is, and what it is when nothing is said."""
    return "\n".join(["config:", *(line for name in keys() for line in _declared(name)), ""])


def _declared(name: str) -> Iterator[str]:
    field = Settings.model_fields[name]
    yield f"  {name}:"
    yield from (f"    {line}" for line in _kind(field.annotation))
    yield f"    description: {_sentence(name)}"
    if not field.is_required():
        default = field.get_default(call_default_factory=True, validated_data={})
        yield f"    default: {_written(default)}"


def _kind(annotation: Any) -> list[str]:
    """The type as the project file says it; texts, whole numbers and truth values are all that lists there hold."""
    kind = annotation if isinstance(annotation, type) else get_origin(annotation)
    if kind is tuple:
        return ["type: array", "items:", "  type: string"]
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return ["type: string"]
    return [f"type: {PLAIN.get(kind, 'object') if isinstance(kind, type) else 'object'}"]


def _sentence(name: str) -> str:
    members = _members(Settings.model_fields[name].annotation)
    return f'"{MEANINGS[name]}{f" ({members})" if members else ""}"'


def _members(annotation: Any) -> str:
    """The keys of the section that stands there, or of each of those that do."""
    parts = [part for part in (annotation, *get_args(annotation)) if isinstance(part, type)]
    held = [part for part in parts if issubclass(part, Section)]
    return ", ".join(str(name) for name in held[0].model_fields) if held else ""


def _written(default: Any) -> str:
    if isinstance(default, Section | Mapping):
        return "{}"
    if isinstance(default, tuple):
        return "[]"
    return {True: "true", False: "false"}[default] if isinstance(default, bool) else f'"{default}"'
