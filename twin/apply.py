"""Applying resources to the local cloud one by one, as an engine would: create, leave, change, replace, delete."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from core.errors import BadInput
from core.outcome import Change
from core.resource import Resource
from core.value import Secret, Unknown, dotted, frozen, leaves
from twin.absent import doubted, is_made_up, supposed, unheld
from twin.calls import Caller, Clients, RefusedError, outputs, read, shown
from twin.catalog import CATALOG
from twin.diff import property_differences
from twin.entry import Entry
from twin.places import Places, is_provider
from twin.scope import Scope
from twin.state import Record, Stage, State, changed_between, dependants_first, refuse_protected

SUFFIX_LENGTH = 7
"""Hexadecimal digits after a hyphen: https://www.pulumi.com/docs/iac/concepts/resources/names/#autonaming"""


@dataclass(frozen=True)
class Applied:
    """What became of one resource: its record as it is now, or as it was when it was deleted."""

    resource: Resource
    record: Record
    change: Change


def suffix_from(seed: str) -> Callable[[str, int], str]:
    """Suffixes for names: the same for the same seed, URN and generation."""

    def suffix(urn: str, generation: int) -> str:
        return hashlib.sha256(f"{seed}|{urn}|{generation}".encode()).hexdigest()[:SUFFIX_LENGTH]

    return suffix


class Apply:
    """Call it with each custom resource in dependency order, inputs known; it returns the outputs. Then `finish`.

    A provider comes before the resources that it makes, and says in which account and Region they are made.

    `save` is called with the state after each step, so that an interruption loses nothing: the next Apply over the
    same state converges. Raises BadInput for a type or property that the catalog does not have, RefusedError for what
    the cloud would not do; the resources before it stay as they are.
    """

    def __init__(
        self,
        clients: Clients,
        state: State,
        save: Callable[[State], None],
        suffix: Callable[[str, int], str],
        catalog: Mapping[str, Entry] = CATALOG,
    ) -> None:
        self.clients, self.state, self.save, self.suffix, self.catalog = clients, state, save, suffix, catalog
        self.applied: dict[str, Applied] = {}
        self._places = Places(clients)
        self._cascaded: set[str] = set()

    def __call__(self, resource: Resource) -> Mapping[str, Any]:
        """Bring the cloud to what the resource declares. Returns its outputs, `id` among them."""
        if is_provider(resource):
            self._places.learn(resource)
            return resource.inputs
        entry, place = self._checked(resource), self._places.of(resource)
        inputs = frozen(resource.inputs)
        links = resource.property_dependencies or self.state.named_in(inputs, self.applied)
        needs = resource.dependencies.union(*links.values()) - {resource.urn}
        wanted = Record(resource.urn, resource.type, inputs, needs=frozenset(needs), links=links)
        wanted = replace(wanted, account=place.account, region=place.region, protect=resource.protect)
        try:
            record, change = (self._brought if entry.absent is None else self._supposed)(entry, wanted)
        except RefusedError as refused:
            record, change = self._doubted(entry, wanted, refused)
        self._keep(record)
        self.applied[resource.urn] = Applied(resource, record, change)
        return record.outputs

    def finish(self) -> tuple[Applied, ...]:
        """Delete what was replaced, and what is remembered and was not declared again. Returns all that was done.

        Raises ProtectedError, before anything is deleted, where one of those is protected.
        """
        removed = [record for urn, record in self.state.records.items() if urn not in self.applied]
        refuse_protected(removed)
        for record in dependants_first([*removed, *self.state.doomed]):
            self._delete(record)
        gone = tuple(Applied(Resource(r.type, r.urn), r, Change.DELETED) for r in removed)
        return (*self.applied.values(), *gone)

    def _checked(self, resource: Resource) -> Entry:
        """The entry for the resource; raises BadInput for what it cannot carry, which would be dropped in silence."""
        if (entry := self.catalog.get(resource.type)) is None:
            msg = f"{resource.urn}: the local cloud does not know type {resource.type}; add an entry to twin/catalog"
            raise BadInput(msg)
        if dark := [dotted(p) for p, leaf in leaves(resource.inputs) if isinstance(leaf, Unknown | Secret)]:
            msg = f"{resource.urn}: {', '.join(dark)}: not known, or withheld; the local cloud needs the value"
            raise BadInput(msg)
        if lost := entry.uncovered(resource.inputs):
            msg = (
                f"{resource.urn}: {', '.join(lost)}: the catalog entry for {resource.type} does not carry this property"
            )
            raise BadInput(msg)
        return entry

    def _brought(self, entry: Entry, wanted: Record) -> tuple[Record, Change]:
        held, fresh = self.state.records.get(wanted.urn), Change.CREATED
        if held is not None and held.stage is Stage.ASKED:
            held = None if entry.repeatable else self._found(entry, held)
        if held is not None and is_made_up(held.id):
            if unheld(self.state, wanted) and not changed_between(held, wanted):
                return kept(held, wanted), Change.UNCHANGED
            held = None
        if held is None:
            fresh = Change.REPLACED if wanted.urn in self._cascaded else Change.CREATED
            wanted = self._named(entry, wanted)
            # What cannot be deleted may still be there, of an environment that was taken down before.
            left = self._found(entry, wanted) if entry.lasting and entry.find else None
            return (self._completed(entry, left) if left else self._create(entry, wanted)), fresh
        if held.stage is Stage.DONE:
            fresh = Change.UNCHANGED
        else:
            held = self._completed(entry, held)
        wanted = self._named(entry, replace(wanted, id=held.id, generation=held.generation), held)
        if not (changed := changed_between(held, wanted)) and held.where == wanted.where:
            return kept(held, wanted), fresh
        if held.where != wanted.where or (calls := entry.updates(changed)) is None:
            return self._replace(entry, wanted, held, changed), Change.REPLACED
        scope = self._scope(entry, wanted, held)
        if (seen := read(self._caller(wanted), entry, scope)) is None:
            return self._create(entry, wanted), Change.CREATED
        self._caller(wanted).made(calls, seen)
        return self._told(entry, wanted), Change.UPDATED

    def _supposed(self, entry: Entry, wanted: Record) -> tuple[Record, Change]:
        """One that the cloud cannot hold: its calls are checked and not made."""
        held = self.state.records.get(wanted.urn)
        wanted, calls, change = supposed(entry, wanted, held)
        wanted = self._named(entry, wanted, held)
        scope = self._scope(entry, wanted, held)
        self._caller(wanted).checked(calls, scope)
        return replace(wanted, outputs=outputs(entry, scope.inputs, scope)), change

    def _doubted(self, entry: Entry, wanted: Record, refused: RefusedError) -> tuple[Record, Change]:
        """What was refused for the sake of something that the cloud cannot hold: kept, as far as it came.

        Raises the refusal where nothing of the kind can be the cause.
        """
        if not (missing := unheld(self.state, wanted)):
            raise refused
        held = self.state.records.get(wanted.urn, wanted)
        known, change = doubted(wanted, held, f"{refused.call} was refused ({refused.code})", missing)
        scope = self._scope(entry, known)
        seen = None if is_made_up(known.id) else read(self._caller(known), entry, scope)
        return replace(known, outputs=outputs(entry, scope.inputs, seen or scope)), change

    def _create(self, entry: Entry, wanted: Record) -> Record:
        """Say that it is asked for, make it, complete it: each step is recorded."""
        self._keep(wanted := replace(wanted, stage=Stage.ASKED, id=""))
        scope = self._caller(wanted).made((entry.create,), self._scope(entry, wanted))
        if not (identity := entry.identity.value(scope)):
            raise RefusedError(wanted.urn, entry.create, "no id in the answer", str(dict(scope.reply)))
        self._keep(made := replace(wanted, id=str(identity), stage=Stage.MADE))
        return self._completed(entry, made, scope)

    def _completed(self, entry: Entry, made: Record, answer: Scope | None = None) -> Record:
        """The calls that complete what the create call began; without its answer, over what is read."""
        scope = self._scope(entry, made)
        found = read(self._caller(made), entry, scope) if answer is None else replace(answer, id=made.id)
        if found is None:
            return self._create(entry, made)
        self._caller(made).made(entry.then, found)
        return self._told(entry, made)

    def _told(self, entry: Entry, record: Record) -> Record:
        """The record with what the cloud shows of it now."""
        scope = self._scope(entry, record)
        if (seen := read(self._caller(record), entry, scope)) is None:
            raise RefusedError(
                record.urn, entry.read[0], "not there", "the cloud took the call and shows no such resource"
            )
        return replace(record, stage=Stage.DONE, outputs=outputs(entry, scope.inputs, seen))

    def _found(self, entry: Entry, held: Record) -> Record | None:
        """What an interrupted run asked for and did not record, when it exists: under its name, or told by its content.

        Something else of the same content is not taken: what belongs to another record is left out.
        """
        scope, caller = self._scope(entry, held), self._caller(held)
        if entry.find is None:
            identity = entry.identity.value(scope)
            exists = identity and read(caller, entry, replace(scope, id=str(identity)))
            return replace(held, id=str(identity), stage=Stage.MADE) if exists else None
        call, ids = entry.find
        free = set(ids.value(caller.made((call,), scope)) or ()) - self.state.claimed(entry.type, held.where)
        fits = (name for name in sorted(free) if self._reads_as_asked(entry, replace(scope, id=name), caller))
        return next((replace(held, id=name, stage=Stage.MADE) for name in fits), None)

    def _reads_as_asked(self, entry: Entry, scope: Scope, caller: Caller) -> bool:
        """Whether all that the create call alone sets is as it was asked for."""
        if (seen := read(caller, entry, scope)) is None:
            return False
        later = {name for call in entry.then for name in call.concerns}
        judged = set(entry.shows) - later - set(entry.gaps)
        return not any(property_differences(entry, scope.inputs, shown(entry, seen), name) for name in judged)

    def _replace(self, entry: Entry, wanted: Record, held: Record, changed: frozenset[str]) -> Record:
        """Another one in its place: made before the first goes, or, where the two would collide, after it."""
        refuse_protected([held])
        wanted = self._named(entry, replace(wanted, generation=held.generation + 1, name=""))
        keeps_name = entry.named is not None and not wanted.name and entry.named.property not in changed
        if keeps_name or (entry.alone and not changed & set(entry.alone)):
            going = self.state.bound_to(held.urn, self._bound)
            refuse_protected(going)
            for record in going:
                self._delete(record)
                self._cascaded.add(record.urn)
        else:
            self.state.doomed.append(held)
        return self._create(entry, wanted)

    def _bound(self, record: Record, through: frozenset[str]) -> bool:
        """Whether it has to go with what these properties of it come from: no update could point them elsewhere."""
        return self.catalog[record.type].updates(through) is None

    def _delete(self, record: Record) -> None:
        """Remove it, see that it is gone, and forget it. Raises RefusedError when it is still there."""
        entry, caller = self.catalog[record.type], self._caller(record)
        known = record if record.stage is not Stage.ASKED else self._found(entry, record)
        if known is not None and not is_made_up(known.id):
            scope = self._scope(entry, known)
            try:
                caller.made(entry.delete, scope)
            except RefusedError as refused:
                if read(caller, entry, scope) is not None:
                    raise refused.released(entry.release) from refused
            if not entry.lasting and read(caller, entry, scope) is not None:
                raise RefusedError(
                    record.urn, entry.delete[-1], "still there", "the cloud took the call and still shows it"
                )
        if record in self.state.doomed:
            self.state.doomed.remove(record)
        else:
            self.state.records.pop(record.urn, None)
        self.save(self.state)

    def _named(self, entry: Entry, wanted: Record, held: Record | None = None) -> Record:
        """With the name that was made up before, or a new one, where the program gives none."""
        named = entry.named
        if named is None or wanted.inputs.get(named.property) is not None:
            return wanted
        if held is not None and held.name:
            return replace(wanted, name=held.name)
        logical = wanted.urn.rpartition("::")[2]
        name = named.pattern.format(f"{logical.lower()}-{self.suffix(wanted.urn, wanted.generation)}")
        if len(name) > named.longest:
            msg = f"{wanted.urn}: its {named.property} would be {name!r}; AWS takes {named.longest} characters"
            raise BadInput(msg)
        return replace(wanted, name=name)

    def _scope(self, entry: Entry, record: Record, held: Record | None = None) -> Scope:
        before = filled(entry, held) if held else {}
        return Scope(self._there(record).place, filled(entry, record), record.id, before=before)

    def _caller(self, record: Record) -> Caller:
        return Caller(self._there(record), record.urn)

    def _there(self, record: Record) -> Clients:
        return self.clients.at(record.account, record.region)

    def _keep(self, record: Record) -> None:
        self.state.put(record)
        self.save(self.state)


def kept(held: Record, wanted: Record) -> Record:
    """What stays as it is, with what only the engine knows of it."""
    return replace(held, needs=wanted.needs, links=wanted.links, protect=wanted.protect)


def filled(entry: Entry, record: Record) -> Mapping[str, Any]:
    """The inputs with the name that was made up, where one was."""
    named = {entry.named.property: record.name} if entry.named and record.name else {}
    return frozen({**record.inputs, **named})


def destroy(
    clients: Clients, state: State, save: Callable[[State], None], catalog: Mapping[str, Entry] = CATALOG
) -> tuple[Applied, ...]:
    """Delete everything the state knows, dependants first."""
    return Apply(clients, state, save, suffix_from(""), catalog).finish()
