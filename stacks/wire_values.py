"""Values on the wire between Pulumi's SDK and an engine, and what they are in a Graph.

The wire has no word for where an unknown value comes from. Two forms of ours carry it, both invisible to a program: a
leaf that is not known travels as `stand_in(source)`, and an output's property travels as the URN `mark(urn, name)`.
Both contain NUL, which neither URNs nor Pulumi's own sentinel do.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from google.protobuf import json_format
from pulumi.runtime.rpc import UNKNOWN

from core.engine_state import LATER, REFERENCE_SIGNATURE, SECRET_SIGNATURE, SIGNATURE
from core.value import SECRET, Secret, Unknown, leaves

NUL = "\0"
TELLING = 6
"""Characters of a secret that would not stand in another text by chance."""


def stand_in(source: str) -> str:
    """The text that travels in place of an unknown leaf."""
    return f"{UNKNOWN}{NUL}{source}"


def mark(urn: str, name: str) -> str:
    """One property of a resource, in the shape of a URN that an output can depend on."""
    return f"{urn}{NUL}{name}"


def unmarked(urns: Iterable[str]) -> frozenset[str]:
    """The URNs among these, without the marks."""
    return frozenset(urn for urn in urns if NUL not in urn)


def source_of(urns: Iterable[str]) -> str:
    """What URNs and marks say as the source of an unknown value; a mark is more precise than its bare URN."""
    given = set(urns)
    named = {urn.partition(NUL)[0] for urn in given if NUL in urn}
    return ", ".join(sorted(urn.replace(NUL, ".") for urn in given - named)) or LATER


def plain(struct: Any) -> dict[str, Any]:
    """The message (`Struct`) as dicts, lists and leaves, still in the wire's forms."""
    return json_format.MessageToDict(struct)


def secret(value: Any) -> dict[str, Any]:
    """A value marked as secret on the wire."""
    return {SIGNATURE: SECRET_SIGNATURE, "value": value}


def is_secret(value: Any) -> bool:
    """Whether this is a mapping that marks its value as secret."""
    return isinstance(value, dict) and bool(value.get(SIGNATURE) == SECRET_SIGNATURE)


def secret_texts(wire: Any) -> frozenset[str]:
    """The texts below the marks of secrets."""
    if is_secret(wire):
        return frozenset(str(leaf) for _, leaf in leaves(wire.get("value")))
    parts = wire.values() if isinstance(wire, dict) else wire if isinstance(wire, list) else ()
    return frozenset(text for part in parts for text in secret_texts(part))


def tells(value: Any, secrets: Collection[str]) -> bool:
    """Whether a leaf is one of the secrets, or holds one that is long enough not to be there by chance."""
    texts = [str(leaf) for _, leaf in leaves(value)]
    return any(text == own or (len(own) >= TELLING and own in text) for own in secrets for text in texts)


def holds_unknown(value: Any) -> bool:
    """Whether any leaf, in the wire's forms, is not known."""
    if isinstance(value, dict):
        return any(holds_unknown(item) for item in value.values())
    if isinstance(value, list):
        return any(holds_unknown(item) for item in value)
    return isinstance(value, str) and value.startswith(UNKNOWN)


def holds_secret(value: Any) -> bool:
    """Whether any leaf of a value in a Graph's words is secret."""
    if isinstance(value, Mapping):
        return any(holds_secret(item) for item in value.values())
    if isinstance(value, list | tuple):
        return any(holds_secret(item) for item in value)
    return isinstance(value, Secret)


def value_of(wire: Any, origin: str, *, opened: bool = False) -> Any:
    """The value in a Graph's words; a leaf that does not say where it comes from comes from `origin`.

    Secrets become SECRET, or, where `opened`, what they hold. What is null in a mapping is not set.
    """
    if isinstance(wire, str):
        return Unknown(wire.partition(NUL)[2] or origin) if wire.startswith(UNKNOWN) else wire
    if isinstance(wire, list):
        return [value_of(item, origin, opened=opened) for item in wire]
    if not isinstance(wire, dict):
        return wire
    if is_secret(wire):
        return value_of(wire.get("value"), origin, opened=opened) if opened else SECRET
    if wire.get(SIGNATURE) == REFERENCE_SIGNATURE:
        return value_of(_referred(wire), f"{wire['urn']}.id")
    return {key: value_of(item, origin, opened=opened) for key, item in wire.items() if item is not None}


def echoed(wire: Any) -> Any:
    """An input as a provider gives it back in a preview: unknown leaves as the sentinel, resources as their ids."""
    if isinstance(wire, str):
        return UNKNOWN if wire.startswith(UNKNOWN) else wire
    if isinstance(wire, list):
        return [echoed(item) for item in wire]
    if not isinstance(wire, dict):
        return wire
    if wire.get(SIGNATURE) == REFERENCE_SIGNATURE:
        return _referred(wire)
    return {key: echoed(item) for key, item in wire.items()}


def sent(outputs: Mapping[str, Any], withheld: Collection[str]) -> dict[str, Any]:
    """What came of a resource in the wire's forms; leaves that are not known, or not told, are left out."""
    leaves = {name: _sent(value) for name, value in outputs.items()}
    return {name: secret(value) if name in withheld else value for name, value in leaves.items()}


def _sent(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _sent(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_sent(item) for item in value]
    return None if isinstance(value, Unknown | Secret) else value


def _referred(reference: Mapping[str, Any]) -> Any:
    """A resource given where a value is expected: its id, the sentinel while it has none, a component's URN."""
    return (reference["id"] or UNKNOWN) if "id" in reference else reference["urn"]
