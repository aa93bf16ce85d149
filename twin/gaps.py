"""All that the local cloud cannot hold or show, as one list for readers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from twin.catalog import CATALOG
from twin.entry import Entry


@dataclass(frozen=True, slots=True, order=True)
class KnownGap:
    """A property of a type that the API double does not carry, why, and the version of moto in which that was seen.

    Without a property it is the whole type.
    """

    type: str
    property: str
    reason: str
    moto: str


def known_gaps(catalog: Mapping[str, Entry] = CATALOG) -> tuple[KnownGap, ...]:
    """Every declared gap, sorted by type and property."""
    found = ((entry.type, path, gap) for entry in catalog.values() for path, gap in entry.gaps.items())
    whole = ((entry.type, "", entry.absent) for entry in catalog.values() if entry.absent is not None)
    return tuple(sorted(KnownGap(token, path, gap.reason, gap.moto) for token, path, gap in (*found, *whole)))
