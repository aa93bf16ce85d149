"""Reads `Pulumi.<environment>.yaml` for the offline plan, into the very values that Pulumi's engine would hand over.

The engine reads these files itself; then nothing here runs. What an engine would read and this cannot (encrypted
values, environments of Pulumi ESC) is refused, so that the two never see different settings.
"""

from __future__ import annotations

import json
import re
import warnings
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, ReusedAnchorWarning, YAMLError

from core.errors import BadInput
from core.settings import Layer, Settings, environment_of, settings_of_stack
from core.settings_faults import NAMESPACE
from core.subnets import is_overlapping, network_fault

PROJECT = Path(__file__).resolve().parent.parent
CONFIG_FOLDER = PROJECT / "stacks" / "config"
MOST_CHARACTERS = 200_000
MOST_VALUES = 20_000
"""After aliases are followed: a short file of aliases to aliases can stand for any amount of data."""
MOST_DEPTH = 20
_FILE_NAME = re.compile(r"Pulumi\.([a-z][a-z0-9]*(?:-[a-z0-9]+)*)\.yaml")
_SECURE = "secure"
_REGION = "aws:region"


def environments(folder: Path = CONFIG_FOLDER) -> tuple[str, ...]:
    """The environments that have a settings file in the folder, by name. Raises BadInput for an unreadable folder."""
    try:
        names = sorted(path.name for path in folder.iterdir())
    except OSError as error:
        msg = f"{_shown(folder)}: the folder of the settings files cannot be read ({error.strerror})"
        raise BadInput(msg) from error
    return tuple(str(found.group(1)) for name in names if (found := _FILE_NAME.fullmatch(name)))


def read_settings(stack: str, folder: Path = CONFIG_FOLDER) -> Settings:
    """The settings of one environment, or of one layer of it (`prod-serving`), which may have a file of its own.

    Raises BadInput for all that is wrong with its file, and for what it would take from another environment's.
    """
    known, environment = environments(folder), environment_of(stack)[0]
    if stack not in known and environment not in known:
        near = get_close_matches(stack, known, n=1)
        hint = f"; did you mean '{near[0]}'?" if near else ""
        there = ", ".join(known) or "none"
        msg = f"there is no settings file for environment {stack!r} in {_shown(folder)}; there are: {there}{hint}"
        raise BadInput(msg)
    path = _path(stack if stack in known else environment, folder)
    settings = settings_of_stack(config_values(text_of(path), _shown(path)), stack, _shown(path))
    for other in known:
        if environment_of(other)[0] != environment:
            _refuse_collision(settings, _shown(path), other, folder)
    return settings


def config_values(text: str, source: str) -> dict[str, str]:
    """What Pulumi would hand over of this file: key without its namespace -> text, JSON for lists and mappings.

    Raises BadInput, naming `source`, for what is not such a file. Keys of other namespaces are passed by, but
    `aws:region` must not contradict the settings.
    """
    document = _document(text, source)
    if "environment" in document:
        msg = f"{source}: environment: imports from Pulumi ESC cannot be read offline; write the values under config:"
        raise BadInput(msg)
    config = document.get("config")
    if not isinstance(config, dict):
        msg = f"{source}: no mapping under the key config:, where Pulumi keeps settings such as {NAMESPACE}:project"
        raise BadInput(msg)
    values = {}
    for key, value in config.items():
        namespace, _, name = str(key).replace(":config:", ":", 1).partition(":")
        if not name:
            msg = f"{source}: config.{key}: expected a key with a namespace, such as {NAMESPACE}:{key}"
            raise BadInput(msg)
        if namespace == NAMESPACE:
            if name in values:
                msg = f"{source}: {key}: set twice, under two spellings of its name; keep {NAMESPACE}:{name}"
                raise BadInput(msg)
            values[name] = _as_text(value, f"{source}: {key}")
    _refuse_two_regions(str(config.get(_REGION, "")), values.get("region", ""), source)
    return values


def _refuse_two_regions(providers: str, ours: str, source: str) -> None:
    if providers and ours and providers != ours:
        msg = f"{source}: {_REGION}: given '{providers}', but {NAMESPACE}:region is '{ours}'; drop one of the two"
        raise BadInput(msg)


def _path(environment: str, folder: Path) -> Path:
    return folder / f"Pulumi.{environment}.yaml"


def _shown(path: Path) -> str:
    """The path as messages give it: from the project's folder, where it is inside."""
    return str(path.relative_to(PROJECT)) if path.is_relative_to(PROJECT) else str(path)


def text_of(path: Path) -> str:
    """What the file holds. Raises BadInput where it cannot be read as text."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        msg = f"{_shown(path)}: not a text in UTF-8 (byte {error.start})"
        raise BadInput(msg) from error
    except OSError as error:
        msg = f"{_shown(path)}: cannot be read ({error.strerror})"
        raise BadInput(msg) from error


def _document(text: str, source: str) -> dict[str, Any]:
    if len(text) > MOST_CHARACTERS:
        msg = f"{source}: {len(text)} characters; a settings file has at most {MOST_CHARACTERS}"
        raise BadInput(msg)
    try:
        with warnings.catch_warnings(action="error", category=ReusedAnchorWarning):
            document = YAML(typ="safe", pure=True).load(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = f" (line {mark.line + 1}, column {mark.column + 1})" if mark else ""
        what = str(error.problem or error.context).split("\n")[0]
        msg = f"{source}: not readable as YAML: {what}{where}"
        raise BadInput(msg) from error
    except (YAMLError, ReusedAnchorWarning, ValueError, RecursionError) as error:
        what = " ".join(str(error).split())[:120]
        msg = f"{source}: not readable as YAML: {type(error).__name__}, {what}"
        raise BadInput(msg) from error
    if not isinstance(document, dict):
        msg = f"{source}: expected a mapping with the key config:, found {_kind(document)}"
        raise BadInput(msg)
    return document


def _as_text(value: Any, where: str) -> str:
    """A value as the engine hands it over: text as it is, all else as JSON."""
    plain, _ = _plain(value, where, 0)
    return plain if isinstance(plain, str) else json.dumps(plain, ensure_ascii=False)


def _plain(value: Any, where: str, depth: int) -> tuple[Any, int]:
    """The value in what JSON knows, and of how many values it is made."""
    if depth > MOST_DEPTH:
        msg = f"{where}: more than {MOST_DEPTH} levels deep, or an alias inside what it stands for"
        raise BadInput(msg)
    if isinstance(value, dict) and set(value) == {_SECURE}:
        msg = f"{where}: an encrypted value cannot be read offline; no setting is a secret, so write it in the clear"
        raise BadInput(msg)
    if isinstance(value, dict):
        items = {str(key): _plain(item, f"{where}.{key}", depth + 1) for key, item in value.items()}
        made: Any = {key: item for key, (item, _) in items.items()}
        count = 1 + sum(size for _, size in items.values())
    elif isinstance(value, list):
        listed = [_plain(item, f"{where}[{index}]", depth + 1) for index, item in enumerate(value)]
        made, count = [item for item, _ in listed], 1 + sum(size for _, size in listed)
    elif isinstance(value, str | bool | int | float):
        return value, 1
    else:
        msg = f"{where}: found {_kind(value)}; put a text in quotes, or drop the key"
        raise BadInput(msg)
    if count > MOST_VALUES:
        msg = f"{where}: stands for more than {MOST_VALUES} values; do not build aliases out of aliases"
        raise BadInput(msg)
    return made, count


def _kind(value: Any) -> str:
    names: Mapping[str, str] = {"NoneType": "nothing", "list": "a list", "str": "a text", "dict": "a mapping"}
    name = type(value).__name__
    return names.get(name, f"a value of the kind {name}")


def _refuse_collision(settings: Settings, source: str, other: str, folder: Path) -> None:
    """What two environments cannot both have; a neighbour's broken file is its own affair."""
    path = _path(other, folder)
    try:
        values = config_values(text_of(path), _shown(path))
        network, adopt, rails = (json.loads(values.get(key, "{}")) for key in ("network", "adopt", "guardrails"))
    except (BadInput, ValueError):
        return
    theirs = network.get("range") if isinstance(network, dict) else None
    if isinstance(theirs, str) and network_fault(theirs) is None and is_overlapping(settings.network.range, theirs):
        given = f"given '{settings.network.range}', which overlaps '{theirs}' of environment {other}"
        msg = f"{source}: {NAMESPACE}:network.range: {given}; give each environment a range of its own"
        raise BadInput(msg)
    bound = rails.get("targets") if isinstance(rails, dict) else None
    if bound and settings.guardrails.targets and values.get("organisation") == settings.organisation:
        given = f"not empty, and environment {other} makes the guardrails of this organisation"
        msg = f"{source}: {NAMESPACE}:guardrails.targets: {given}; what exists once per organisation has one owner"
        raise BadInput(msg)
    layer = environment_of(other)[1] or values.get("layer", Layer.ALL)
    owns = layer in {Layer.ALL, Layer.ACCOUNT} and not (isinstance(adopt, dict) and adopt.get("baseline"))
    if owns and settings.owns_the_account and values.get("account") == settings.account:
        given = f"not true, and environment {other} owns the baseline of account {settings.account} as well"
        msg = f"{source}: {NAMESPACE}:adopt.baseline: {given}; what exists once per account has one owner"
        raise BadInput(msg)
