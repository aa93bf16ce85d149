"""What the local cloud's own apply remembers: which resource became what, written down after each step."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields
from enum import StrEnum
from functools import cached_property
from graphlib import TopologicalSorter
from types import MappingProxyType
from typing import Any

from core.errors import BadInput
from core.resource import nothing
from core.value import frozen, leaves, thawed

VERSION = 2


class Stage(StrEnum):
    """How far the making of a resource has come."""

    ASKED = "asked"
    """A create call may have been made; its answer was not recorded."""
    MADE = "made"
    """It exists and has its id; not all calls that complete it are known to have been made."""
    DONE = "done"


@dataclass(frozen=True)
class Record:
    """One resource: inputs as declared, `name` the one that was made up for it, outputs as told to the program.

    `generation` counts how often it was replaced. `needs` are the URNs that it depends on, `links` those that a
    property's value comes from. `unheld` says why the cloud does not hold it, or not as it was declared, where that is
    the cloud's own shortcoming.
    """

    urn: str
    type: str
    inputs: Mapping[str, Any]
    stage: Stage = Stage.ASKED
    id: str = ""
    name: str = ""
    generation: int = 0
    outputs: Mapping[str, Any] = field(default_factory=nothing)
    needs: frozenset[str] = frozenset()
    links: Mapping[str, frozenset[str]] = field(default_factory=nothing)
    unheld: str = ""
    account: str = ""
    region: str = ""
    protect: bool = False

    @property
    def where(self) -> tuple[str, str]:
        """Account and Region."""
        return self.account, self.region

    @cached_property
    def line(self) -> str:
        """As JSON in one line; kept, since a state is written down after every step."""
        plain = {item.name: thawed(getattr(self, item.name)) for item in fields(self)}
        links = {name: sorted(urns) for name, urns in self.links.items()}
        return json.dumps({**plain, "needs": sorted(self.needs), "links": links}, sort_keys=True)


@dataclass
class State:
    """The records by URN, and the replaced ones (`doomed`) that still have to be deleted."""

    records: dict[str, Record] = field(default_factory=dict)
    doomed: list[Record] = field(default_factory=list)

    def put(self, record: Record) -> None:
        """Remember this record, in place of an earlier one; the order is that in which they came last."""
        self.records.pop(record.urn, None)
        self.records[record.urn] = record

    def named_in(self, inputs: Mapping[str, Any], among: Iterable[str]) -> Mapping[str, frozenset[str]]:
        """Property -> those of these URNs whose id or ARN stands in its value: what it needs, where nobody said so."""
        texts = [(name, leaf) for name, value in inputs.items() for _, leaf in leaves(value) if isinstance(leaf, str)]
        found: dict[str, frozenset[str]] = {}
        for record in (self.records[urn] for urn in among):
            arn = record.outputs.get("arn")
            for name, text in texts:
                if (record.id and text == record.id) or (isinstance(arn, str) and arn in text):
                    found[name] = found.get(name, frozenset()) | {record.urn}
        return found

    def claimed(self, token: str, where: tuple[str, str]) -> frozenset[str]:
        """The ids that belong to resources of this type in that account and Region already."""
        held = (*self.records.values(), *self.doomed)
        return frozenset(r.id for r in held if r.type == token and r.id and r.where == where)

    def bound_to(self, urn: str, bound: Callable[[Record, frozenset[str]], bool]) -> tuple[Record, ...]:
        """This one and all that cannot stay without it, farthest first.

        `bound` says so of a record and the properties of it that come from what goes.
        """
        going = {urn}
        while more := {
            record.urn
            for record in self.records.values()
            if record.urn not in going
            and (through := frozenset(name for name, urns in record.links.items() if urns & going))
            and bound(record, through)
        }:
            going |= more
        return dependants_first(self.records[name] for name in self.records if name in going)

    def text(self) -> str:
        """As JSON, a line for each record; the same state always gives the same text."""
        records, doomed = ((r.line for r in held) for held in (self.records.values(), self.doomed))
        head, middle, foot = f'{{"version": {VERSION}, "records": [', '], "doomed": [', "]}"
        return "\n".join([head, ",\n".join(records), middle, ",\n".join(doomed), foot, ""])


def state_from(text: str, source: str) -> State:
    """The state that this text holds. Raises BadInput naming the source when it is not one."""
    try:
        held = json.loads(text)
        if held["version"] != VERSION:
            msg = f"{source}: state of version {held['version']}, expected {VERSION}; delete the file to begin anew"
            raise BadInput(msg)
        records, doomed = ([_record(item) for item in held[key]] for key in ("records", "doomed"))
    except (ValueError, KeyError, TypeError) as error:
        if isinstance(error, BadInput):
            raise
        msg = f"{source}: not a state of the local cloud ({error}); delete the file to begin anew"
        raise BadInput(msg) from error
    return State({record.urn: record for record in records}, doomed)


class ProtectedError(BadInput):
    """What is protected would have to go; nothing was deleted."""


def refuse_protected(going: Iterable[Record]) -> None:
    """Raise ProtectedError for those that the program protects."""
    if held := [record.urn for record in going if record.protect]:
        msg = (
            f"protected, and would have to be deleted or replaced: {', '.join(held)}; to let go of them, lift the "
            "protection where they are declared (strongroom:deletion_protection: false, or strongroom:force_destroy: "
            "true to give up what lies in them too) and apply that first"
        )
        raise ProtectedError(msg)


def changed_between(before: Record, after: Record) -> frozenset[str]:
    """The properties that the two declare differently."""
    names = {*before.inputs, *after.inputs}
    return frozenset(name for name in names if before.inputs.get(name) != after.inputs.get(name))


def dependants_first(records: Iterable[Record]) -> tuple[Record, ...]:
    """Each record after all that depend on it; the latest made first where nothing decides."""
    ordered = list(records)
    sorter: TopologicalSorter[int] = TopologicalSorter()
    for place, record in reversed(list(enumerate(ordered))):
        sorter.add(place, *(i for i, other in enumerate(ordered) if record.urn in other.needs and other is not record))
    return tuple(ordered[place] for place in sorter.static_order())


def _record(plain: Mapping[str, Any]) -> Record:
    return Record(
        urn=plain["urn"],
        type=plain["type"],
        inputs=frozen(plain["inputs"]),
        stage=Stage(plain["stage"]),
        id=plain["id"],
        name=plain["name"],
        generation=plain["generation"],
        outputs=frozen(plain["outputs"]),
        needs=frozenset(plain["needs"]),
        links=_links(plain["links"]),
        unheld=plain["unheld"],
        account=plain["account"],
        region=plain["region"],
        protect=plain["protect"],
    )


def _links(plain: Mapping[str, Iterable[str]]) -> Mapping[str, frozenset[str]]:
    return MappingProxyType({name: frozenset(urns) for name, urns in plain.items()})
