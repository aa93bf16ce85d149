"""What a resource's Python class declares about its outputs, and making values fit that.

The SDK converts what an engine answers to these types and ends the program with an AssertionError where a mapping or a
list stands for something else; its message quotes the value.
"""

from __future__ import annotations

import inspect
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cache
from types import MappingProxyType
from typing import Any, get_args, get_origin

from pulumi import _types

from core.engine_state import SIGNATURE
from stacks.wire_values import is_secret, secret


@dataclass(frozen=True)
class Declared:
    """A resource class: its outputs by wire name with their types, and the wire names of its Python attributes.

    `always` are the outputs that every such resource has, `computed` those that no input can set.
    """

    types: Mapping[str, Any]
    names: Mapping[str, str]
    always: frozenset[str]
    computed: frozenset[str]


NOTHING = Declared(MappingProxyType({}), MappingProxyType({}), frozenset(), frozenset({"id"}))
"""What is said of a type whose class was not seen."""


class MisfitError(Exception):
    """The value cannot be made to fit the type."""


@cache
def declared(kind: type) -> Declared:
    """What the class declares; nothing for a resource class without annotations."""
    types, names = _types.resource_types(kind), _types.resource_py_to_pulumi_names(kind)
    hints = _types._raw_return_hints(kind)  # noqa: SLF001 - the only place that keeps Optional apart
    always = frozenset(name for name in types if type(None) not in _alternatives(hints.get(name)))
    asked = inspect.signature(getattr(kind, "_internal_init", kind.__init__)).parameters
    settable = frozenset(names.get(parameter, parameter) for parameter in asked)
    return Declared(MappingProxyType(types), MappingProxyType(names), always, (always - settable) | {"id"})


def answer(values: Mapping[str, Any], types: Mapping[str, Any]) -> dict[str, Any]:
    """Those of the values, in the wire's forms, that the class declares as outputs, each made to fit its type."""
    made = {}
    for name in types.keys() & values.keys():
        try:
            made[name] = fitted(values[name], types[name])
        except MisfitError:
            continue
    return made


def fitted(value: Any, kind: Any) -> Any:
    """The value in the shape that its declared type has; raises MisfitError when there is no way.

    Bridged providers declare a block of at most one as a mapping where their API has a list, and documents as text.
    """
    if is_secret(value):
        return secret(fitted(value.get("value"), kind))
    kind = _types.unwrap_optional_type(kind) if kind else kind
    if not isinstance(value, dict | list):
        return _leaf(value, kind)
    if kind in {None, Any} or SIGNATURE in value or _types.is_discriminated_union(kind):
        return value
    if kind is str:
        return json.dumps(value, sort_keys=True)
    return _mapping(value, kind) if isinstance(value, dict) else _list(value, kind)


def _list(value: list[Any], kind: Any) -> Any:
    if _is_a(kind, list, Sequence):
        inner = (*get_args(kind), Any)[0]
        return [fitted(item, inner) for item in value]
    if len(value) == 1:
        return fitted(value[0], kind)
    raise MisfitError


def _mapping(value: dict[str, Any], kind: Any) -> Any:
    if _types.is_output_type(kind):
        inner = _types.output_type_types(kind)
        return {key: fitted(item, inner.get(key)) for key, item in value.items()}
    if _is_a(kind, dict, Mapping):
        item_kind = (*get_args(kind), Any, Any)[1]
        return {key: fitted(item, item_kind) for key, item in value.items()}
    if _is_a(kind, list, Sequence):
        return [fitted(value, (*get_args(kind), Any)[0])]
    raise MisfitError


def _leaf(value: Any, kind: Any) -> Any:
    if isinstance(kind, type) and issubclass(kind, Enum) and value not in [item.value for item in kind]:
        raise MisfitError
    return value


def _is_a(kind: Any, *families: type) -> bool:
    return (get_origin(kind) or kind) in families


def _alternatives(hint: Any) -> tuple[Any, ...]:
    """What `Output[Optional[T]]` may hold: T and None."""
    return get_args((*get_args(hint), None)[0])
