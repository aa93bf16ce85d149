"""A request with free parts: keys that may hold anything or be absent, and parts of an ARN that may be any text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType

from access.caller import Value
from access.glyphs import ANYTHING, FreeText
from access.request import FreeKey, Request, segments

NOTHING_DERIVED: Mapping[str, FreeKey] = MappingProxyType({})


@dataclass(frozen=True)
class FreeRequest(Request):
    """A request in which every key is free that is neither given nor follows from the caller.

    `derived` are keys that follow from a free text, or are free though the caller would decide them. `own` are keys
    that this call does not share with the others that a question needs: `scope` stands in the names of their variables.
    """

    scope: str = ""
    own: frozenset[str] = frozenset()
    derived: Mapping[str, FreeKey] = field(default_factory=lambda: NOTHING_DERIVED)

    def value(self, key: str) -> Value | FreeKey:
        """What a key (in lower case) holds, or that it is free."""
        if key in self.derived:
            return self.derived[key]
        if key in self.keys:
            return self.keys[key]
        if key.startswith(self.complete):
            return None
        return FreeKey(f"{self.scope}{key}" if key in self.own else key)

    @property
    def is_free(self) -> bool:
        """Whether a part of the resource is free."""
        return ANYTHING in self.resource

    @cached_property
    def parts(self) -> tuple[str, ...]:
        """The segments of the resource; free text where `⟨any⟩` stands in one."""
        return tuple(
            FreeText.named(part, f"{self.scope}{number}:{part}") if ANYTHING in part else part
            for number, part in enumerate(segments(self.resource))
        )
