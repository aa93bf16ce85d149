"""The settings of one environment, read and checked in one place for the engine and for the offline plan alike.

>>> settings_from({"project": "wardlight"}, "dev", "Pulumi.dev.yaml")
Traceback (most recent call last):
core.errors.BadInput: Pulumi.dev.yaml: 10 settings cannot be used
...
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from typing import Any

from pydantic import TypeAdapter, ValidationError
from pydantic.fields import FieldInfo

from core.errors import BadInput
from core.naming import WORDS
from core.retention import DataClass
from core.settings_copies import Audit, Inventory, Keys, Stores
from core.settings_data import FeatureSet, Lake, ParameterOf, SecretOf, TableOf
from core.settings_faults import Fault, faults_of, unknown_key
from core.settings_ground import Accounts, Adopt, AdoptedVpc, Budget, Egress, Github, Guardrails, Network, Recovery
from core.settings_rules import broken
from core.settings_shape import (
    Alarms,
    Model,
    Persona,
    Retention,
    Settings,
    environment_of,
    stack_of,
)
from core.settings_values import Layer, Section, TakenBy, Task, Tier, Where, section_under, table_under
from core.value import Path

__all__ = [
    "Accounts",
    "Adopt",
    "AdoptedVpc",
    "Alarms",
    "Audit",
    "Budget",
    "DataClass",
    "Egress",
    "FeatureSet",
    "Github",
    "Guardrails",
    "Inventory",
    "Keys",
    "Lake",
    "Layer",
    "Model",
    "Network",
    "ParameterOf",
    "Persona",
    "Recovery",
    "Retention",
    "SecretOf",
    "Settings",
    "Stores",
    "TableOf",
    "TakenBy",
    "Task",
    "Tier",
    "Where",
    "environment_of",
    "settings_digest",
    "settings_from",
    "settings_of_stack",
    "stack_of",
]

TEXTS = frozenset({"tier", "layer", "project", "owner", "account", "organisation", "region"})
"""Settings that the engine hands over as plain text; all others come as JSON."""


def settings_from(values: Mapping[str, str], environment: str, source: str, secret: Iterable[str] = ()) -> Settings:
    """The settings that the values say, or BadInput naming everything that is wrong with them, a line each.

    `values` are Pulumi's: a key without the `strongroom:` before it -> a text, which is JSON where the setting is more
    than a text. `environment` is the name of the stack, `source` what to call the file in messages. Values of the keys
    in `secret` are not shown.
    """
    raw, faults = _read(values)
    if not WORDS.fullmatch(environment):
        msg = f"environment {environment!r}: expected lower case words joined by single hyphens, such as 'prod'"
        raise BadInput(msg)
    try:
        settings = Settings.model_validate_json(json.dumps({**raw, "environment": environment}))
        sound = dict(_leaves(settings))
    except ValidationError as error:
        read = {fault.path for fault in faults}
        faults += [fault for fault in faults_of(error) if fault.path not in read]
        sound = dict(_sound_leaves(Settings, {**raw, "environment": environment}))
    else:
        if not faults and not (faults := _together(sound)):
            return settings
    faults = sorted({*faults, *_together(sound)}, key=lambda fault: (list(map(str, fault.path)), fault.expected))
    count = f"{len(faults)} settings cannot be used" if len(faults) > 1 else "one setting cannot be used"
    raise BadInput("\n".join([f"{source}: {count}", *(fault.line(source, raw, secret) for fault in faults)]))


def settings_of_stack(values: Mapping[str, str], stack: str, source: str, secret: Iterable[str] = ()) -> Settings:
    """The settings of a stack: `prod` is a whole environment, `prod-serving` one layer of it, from the same values.

    Raises BadInput as `settings_from`, and for a layer that the name of the stack does not say, or contradicts.
    """
    environment, layer = environment_of(stack)
    said = values.get("layer", Layer.ALL)
    if layer and said in {Layer.ALL, layer}:
        values = {**values, "layer": str(layer)}
    elif said in list(Layer) and said != (layer or Layer.ALL):
        right = stack_of(environment, Layer(said))
        msg = f"{source}: strongroom:layer: given '{said}' in stack '{stack}'; expected a stack called '{right}'"
        raise BadInput(msg)
    return settings_from(values, environment, source, secret)


def settings_digest(settings: Settings) -> str:
    """SHA-256, in hexadecimal, of the settings in canonical JSON: equal settings, equal digest."""
    text = json.dumps(_plain(settings), sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _read(values: Mapping[str, str]) -> tuple[dict[str, Any], list[Fault]]:
    """The values out of their texts, and the keys that do not exist or whose text is not JSON."""
    raw: dict[str, Any] = {}
    faults = []
    for key, text in values.items():
        if key not in Settings.model_fields or key == "environment":
            faults.append(unknown_key((key,)))
            continue
        try:
            raw[key] = text if key in TEXTS else json.loads(text, parse_constant=_refused)
            json.dumps(raw[key], ensure_ascii=False).encode()
        except (ValueError, RecursionError):
            raw[key] = text.encode(errors="backslashreplace").decode()
            faults.append(Fault((key,), str(Settings.model_fields[key].description)))
    return raw, faults


def _refused(constant: str) -> float:
    raise ValueError(constant)


def _together(sound: Mapping[Path, Any]) -> list[Fault]:
    return [Fault(path, expected) for path, expected in broken(sound)]


def _leaves(section: Section, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Every single value with its path; the names in a table count as values of their own, each and all together."""
    for name in type(section).model_fields:
        value = getattr(section, name)
        if isinstance(value, Section):
            yield from _leaves(value, (*path, name))
        elif table_under(type(section), name):
            yield (*path, name), tuple(map(str, value))
            for key, item in value.items():
                yield (*path, name, str(key)), str(key)
                yield from _leaves(item, (*path, name, str(key)))
        else:
            yield (*path, name), value


def _sound_leaves(kind: type[Section], raw: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """The same for values of which some are wrong: those that are right by themselves."""
    for name, field in kind.model_fields.items() if isinstance(raw, Mapping) else ():
        here = (*path, name)
        if name not in raw:
            if not field.is_required():
                default = field.get_default(call_default_factory=True, validated_data={})
                yield from _leaves(default, here) if isinstance(default, Section) else [(here, default)]
        elif raw[name] is not None and (inner := section_under(kind, name)):
            yield from _sound_leaves(inner, raw[name], here)
        elif table := table_under(kind, name):
            if not isinstance(raw[name], dict):
                continue
            yield here, tuple(raw[name])
            for key, item in raw[name].items():
                if WORDS.fullmatch(key):
                    yield (*here, key), key
                    yield from _sound_leaves(table, item, (*here, key))
        else:
            yield from _sound(field, raw[name], here)


def _sound(field: FieldInfo, raw: Any, path: Path) -> Iterator[tuple[Path, Any]]:
    """The value, where it is right by itself."""
    adapter: TypeAdapter[Any] = TypeAdapter(field.rebuild_annotation())
    try:
        yield path, adapter.validate_json(json.dumps(raw), strict=True)
    except ValidationError:
        return


def _plain(value: Any) -> Any:
    if isinstance(value, Section):
        return {name: _plain(getattr(value, name)) for name in type(value).model_fields}
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return str(value) if isinstance(value, StrEnum) else value
