"""Reading back: each resource after an apply, property by property. A call that returned is not evidence."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

from core.graph import POLICY_DOCUMENT, Graph, graph_of
from core.outcome import Change, Outcome, Status
from core.resource import Resource
from core.value import Unknown, dotted, frozen, leaves
from twin.absent import is_made_up, resting, why
from twin.apply import Applied, filled
from twin.calls import Caller, Clients, outputs, read, shown
from twin.catalog import CATALOG
from twin.diff import gap_at, gaps_of, property_differences, veiled
from twin.entry import REGION, Entry, Members
from twin.scope import Scope

NOT_SHOWN = Unknown("not shown by the local cloud")
Owner = tuple[str, str, str]
"""Type, account and Region of those who have ids."""
RESTS = ": holds the id of something that the local cloud cannot hold"


@dataclass(frozen=True)
class Seen:
    """One resource as it was read: its properties, and those of them that do not prove what they were linked to."""

    inputs: Mapping[str, Any]
    outputs: Mapping[str, Any]
    unproven: frozenset[str]


@dataclass(frozen=True)
class Reading:
    """What was found: one outcome for each resource, and by URN those that exist as they were read."""

    outcomes: tuple[Outcome, ...]
    seen: Mapping[str, Seen]

    def graph(self, planned: Graph) -> Graph:
        """The planned Graph with every resource as it was read; what is not there is left out.

        A link stays where the value that makes it was read back equal. Components stay, to be the parents that they
        are. Documents do not: they hold what was planned, and a policy that was not read must stay unknown.
        """
        asked = {outcome.urn for outcome in self.outcomes}
        kept = [r for r in planned.resources if r.urn not in asked and r.type != POLICY_DOCUMENT]
        return graph_of(
            [*kept, *(self._observed(r, self.seen[r.urn]) for r in planned.resources if r.urn in self.seen)]
        )

    def _observed(self, planned: Resource, seen: Seen) -> Resource:
        linked = {k: urns for k, urns in planned.property_dependencies.items() if k in seen.inputs}
        proven = {name: urns for name, urns in linked.items() if name not in seen.unproven}
        return replace(planned, inputs=seen.inputs, outputs=seen.outputs, property_dependencies=proven)


def read_back(clients: Clients, applied: Iterable[Applied], catalog: Mapping[str, Entry] = CATALOG) -> Reading:
    """Read every resource from the cloud and compare it with what was declared. Changes nothing.

    verified: equal in every declared property, and nothing set beside them. unverified: equal where it can be seen,
    and something cannot. failed: different, missing, holding something undeclared, or still there though deleted.
    """
    everything = tuple(applied)
    claimed: dict[Owner, set[str]] = {}
    for item in everything:
        claimed.setdefault((item.record.type, item.record.account, item.record.region), set()).add(item.record.id)
    readers = [
        _Reader(clients, catalog[item.record.type], item, claimed)
        for item in sorted(everything, key=lambda item: item.record.urn)
    ]
    there = {reader.item.record.urn: reader.as_read() for reader in readers if reader.exists}
    return Reading(tuple(reader.outcome() for reader in readers), MappingProxyType(there))


class _Reader:
    """One resource and what the cloud shows of it."""

    def __init__(self, clients: Clients, entry: Entry, item: Applied, claimed: Mapping[Owner, set[str]]) -> None:
        self.entry, self.item, self.claimed = entry, item, claimed
        self.inputs = filled(entry, item.record)
        there = clients.at(item.record.account, item.record.region)
        self.caller = Caller(there, item.record.urn)
        self.held = not is_made_up(item.record.id)
        self.seen = read(self.caller, entry, Scope(there.place, self.inputs, item.record.id)) if self.held else None
        self.shown: Mapping[str, Any] = {} if self.seen is None else shown(entry, self.seen)
        self.gaps = gaps_of(entry, self.inputs)
        self.resting = resting(self.inputs)

    def outcome(self) -> Outcome:
        """How it ended."""
        status, reasons = self._removed() if self.item.change is Change.DELETED else self._held()
        return Outcome(self.item.record.urn, self.item.record.type, self.item.change, status, reasons)

    @property
    def exists(self) -> bool:
        """Whether it is there, or cannot be, and is meant to be."""
        return (self.seen is not None or not self.held) and self.item.change is not Change.DELETED

    def as_read(self) -> Seen:
        """What the cloud shows; what steers the client alone is in no cloud, and is taken from the record."""
        client = {name: value for name, value in self.inputs.items() if name in {*self.entry.client, REGION}}
        declared = {name: value for name, value in self.inputs.items() if name not in client}
        if self.seen is None:
            return Seen(frozen({**dict.fromkeys(declared, NOT_SHOWN), **client}), {}, frozenset(declared))
        held = veiled(self.gaps, frozen(declared), self.shown, NOT_SHOWN)
        told = {k: v for k, v in outputs(self.entry, {}, self.seen).items() if k not in self.gaps}
        unproven = frozenset(name for name in declared if self._differing(name) or self._hidden(name))
        return Seen(frozen({**(held or {}), **client}), frozen(told), unproven)

    def _held(self) -> tuple[Status, tuple[str, ...]]:
        if self.item.record.unheld:
            return Status.UNVERIFIED, (self.item.record.unheld,)
        if self.seen is None:
            return Status.FAILED, ("it is not there",)
        names = sorted({*self.inputs, *self.entry.shows} - {*self.entry.client, REGION})
        differing = [f"{path} differs from what was declared" for name in names for path in self._differing(name)]
        strange = [f"{members.what} hold something undeclared" for members in self._members()]
        if faults := (*differing, *dict.fromkeys(strange)):
            return Status.FAILED, tuple(faults)
        lost = (f"{path}: {why(gap)}" for path, gap in sorted(self.gaps.items()))
        hidden = (*lost, *(f"{path}{RESTS}" for path in self.resting))
        return (Status.UNVERIFIED, hidden) if hidden else (Status.VERIFIED, ())

    def _removed(self) -> tuple[Status, tuple[str, ...]]:
        if not self.held:
            return Status.UNVERIFIED, (self.item.record.unheld,)
        if self.seen is None:
            return Status.VERIFIED, ()
        if self.entry.lasting:
            return Status.UNVERIFIED, (self.entry.lasting,)
        return Status.FAILED, ("it is still there",)

    def _differing(self, name: str) -> list[str]:
        found = property_differences(self.entry, self.inputs, self.shown, name)
        return [path for path in found if gap_at(self.entry, self.inputs, path) is None and not self._rests(path)]

    def _rests(self, path: str) -> bool:
        """Whether what was declared there holds an id that no cloud gave."""
        return any(place == path or place.startswith((path + ".", path + "[")) for place in self.resting)

    def _hidden(self, name: str) -> bool:
        """Whether what the property is linked to may stand in a part of it that lies in a gap."""
        inside = [path for path in self.gaps if path == name or path.startswith((name + ".", name + "["))]
        ids = set().union(*self.claimed.values())
        texts = [
            leaf
            for path, leaf in leaves(self.inputs[name], (name,))
            if isinstance(leaf, str) and any(dotted(path).startswith(place) for place in inside)
        ]
        return name in inside or any(text in ids or "arn:" in text for text in texts)

    def _members(self) -> list[Members]:
        """The kinds of members among which there is one that no resource of ours stands for."""
        assert self.seen is not None
        found: list[Members] = []
        for members in self.entry.members:
            names = members.found.value(self.caller.made((members.read,), self.seen)) or ()
            ids = {members.pattern.format(id=self.seen.id, found=name) for name in names}
            where = (self.item.record.account, self.item.record.region)
            own = set().union(*(self.claimed.get((token, *where), set()) for token in members.types))
            if ids - own:
                found.append(members)
        return found
