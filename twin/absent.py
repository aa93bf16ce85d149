"""What was declared and the local cloud does not have: records and ids that say so.

An entry with `absent` is never called. What a call is refused for may then depend on it, and is kept likewise.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from core.outcome import Change
from core.value import dotted, leaves
from twin.entry import Call, Entry, Gap
from twin.state import Record, Stage, State, changed_between

PREFIX, DIGITS = "unverified-", 25
"""Together as long as a UUID: some requests take no shorter id."""
MADE_UP = re.compile(rf"{PREFIX}[0-9a-f]{{{DIGITS}}}")


def made_up_id(urn: str, generation: int) -> str:
    """An id for what cannot be made: the same for the same URN and generation, and never one of AWS's."""
    return PREFIX + hashlib.sha256(f"{urn}|{generation}".encode()).hexdigest()[:DIGITS]


def is_made_up(name: str) -> bool:
    """Whether this id was never given by a cloud."""
    return MADE_UP.fullmatch(name) is not None


def resting(inputs: Mapping[str, Any]) -> tuple[str, ...]:
    """The paths of the inputs at which such an id stands, alone or within a text."""
    found = (path for path, leaf in leaves(inputs) if isinstance(leaf, str) and MADE_UP.search(leaf))
    return tuple(dotted(path) for path in found)


def why(gap: Gap) -> str:
    """The gap in the words of a report."""
    return f"{gap.reason} (moto {gap.moto})"


def supposed(entry: Entry, wanted: Record, held: Record | None) -> tuple[Record, tuple[Call, ...], Change]:
    """The record of one that the cloud cannot hold, what AWS would be asked for its sake, and what that would do."""
    assert entry.absent is not None
    calls, change, generation = None, Change.CREATED, 0
    if held is not None:
        changed = changed_between(held, wanted)
        calls, generation = entry.updates(changed) if held.where == wanted.where else None, held.generation
        change = Change.UPDATED if changed else Change.UNCHANGED
    if held is not None and calls is None:
        change, generation = Change.REPLACED, generation + 1
    known = replace(wanted, stage=Stage.DONE, id=made_up_id(wanted.urn, generation), generation=generation)
    return replace(known, unheld=why(entry.absent)), (entry.create, *entry.then) if calls is None else calls, change


def unheld(state: State, wanted: Record) -> tuple[str, ...]:
    """The names of what this one depends on and the cloud does not have."""
    records = (state.records.get(urn) for urn in sorted(wanted.needs))
    return tuple(r.urn.rpartition("::")[2] for r in records if r is not None and is_made_up(r.id))


def doubted(wanted: Record, held: Record, refusal: str, missing: tuple[str, ...]) -> tuple[Record, Change]:
    """The record of one that was refused while it depends on what the cloud does not have: made, or made in part."""
    known = replace(held, inputs=wanted.inputs, needs=wanted.needs, links=wanted.links, stage=Stage.DONE)
    if held.stage is Stage.ASKED:
        known = replace(known, id=made_up_id(wanted.urn, held.generation))
    change = Change.UPDATED if held.stage is Stage.DONE else Change.CREATED
    return replace(known, unheld=f"{refusal}; it rests on what is unverified: {', '.join(missing)}"), change
