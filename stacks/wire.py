"""Pulumi's wire format: plain values, and four kinds of things that are wrapped in a map with a signature.

https://github.com/pulumi/pulumi/blob/master/sdk/go/common/resource/properties.go holds the signatures.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from google.protobuf import struct_pb2
from pulumi.runtime import rpc

from core.value import SECRET, Unknown

SIGNATURE = rpc._special_sig_key  # noqa: SLF001 - fixed by the wire format, not by the SDK
SECRET_MARK = rpc._special_secret_sig  # noqa: SLF001 - likewise
RESOURCE_MARK = rpc._special_resource_sig  # noqa: SLF001 - likewise


def read(value: struct_pb2.Value, sources: Iterable[str] = ()) -> Any:
    """The value in a Graph's words: placeholders become Unknown, envelopes of secrets become SECRET."""
    kind = value.WhichOneof("kind")
    if kind == "struct_value":
        fields = value.struct_value.fields
        return _marked(fields, sources) if SIGNATURE in fields else {k: read(v, sources) for k, v in fields.items()}
    if kind == "list_value":
        return [read(item, sources) for item in value.list_value.values]
    if kind == "string_value" and value.string_value == rpc.UNKNOWN:
        return Unknown(", ".join(sorted(sources)))
    return None if kind in {None, "null_value"} else getattr(value, kind)


def _marked(fields: Any, sources: Iterable[str]) -> Any:
    mark = fields[SIGNATURE].string_value
    if mark == SECRET_MARK:
        return SECRET
    if mark == RESOURCE_MARK:
        held = read(fields["id"], [fields["urn"].string_value]) if "id" in fields else None
        return held or fields["urn"].string_value
    return {name: read(item, sources) for name, item in fields.items() if name != SIGNATURE}


def plain(properties: struct_pb2.Struct) -> dict[str, Any]:
    """All properties with their secrets in the clear: for whoever makes the resource, and for nobody else."""
    return {name: _clear(value) for name, value in properties.fields.items()}


def _clear(value: struct_pb2.Value) -> Any:
    kind = value.WhichOneof("kind")
    if kind == "struct_value":
        fields = value.struct_value.fields
        if SIGNATURE in fields and fields[SIGNATURE].string_value == SECRET_MARK:
            return _clear(fields["value"])
        return read(value) if SIGNATURE in fields else {name: _clear(item) for name, item in fields.items()}
    return [_clear(item) for item in value.list_value.values] if kind == "list_value" else read(value)
