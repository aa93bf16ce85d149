"""The list of gaps is complete and says in which moto each was seen."""

from __future__ import annotations

from twin.catalog import CATALOG
from twin.gaps import known_gaps


def test_every_gap_is_listed_once_in_a_stable_order() -> None:
    listed = known_gaps()
    assert list(listed) == sorted(set(listed))
    assert len(listed) == sum(len(entry.gaps) + bool(entry.absent) for entry in CATALOG.values())


def test_every_gap_has_a_reason_and_the_version_it_was_seen_in() -> None:
    assert [gap for gap in known_gaps() if not gap.reason or gap.moto.count(".") != 2] == []
