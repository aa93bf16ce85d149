"""What becomes of a statement: proved, refuted with a witness, unknown with a reason, or found to say nothing here."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

from access.aims import Scene
from access.expansion import Cell, Expansion
from access.explain import shown
from access.graph_identity import ROLE
from access.question import Witness
from access.situation import Situation
from access.smt import Query
from access.statement import Rule, Statement
from access.witness import lines
from core.personas import PERSONAS
from core.proof import Proof, Standing
from core.resource import Resource
from core.value import Unknown

HOUR = 3600
MOST_WITNESSES = 3
MOST_REASONS = 3
ALWAYS = (
    "what the program declares is all there is: no policy of an organisation, no session policy and no grant beside it",
    "a session brings only tags that the role's trust lets in",
    "AWS decides as its documentation says; the rules that it leaves open are told as unknown",
)
"""What every verdict takes for granted."""


class Found(Protocol):
    """What a prover finds out about one situation."""

    @property
    def can(self) -> bool | None:
        """Whether it can come about; None where that cannot be told."""

    @property
    def reason(self) -> str:
        """Why it cannot be told."""

    @property
    def witness(self) -> Witness | None:
        """A request that shows that it can."""

    @property
    def decided_by(self) -> tuple[str, ...]:
        """Who decided."""

    @property
    def queries(self) -> tuple[Query, ...]:
        """What the solvers were asked."""


class Finder(Protocol):
    """Decides situations."""

    def find(self, situation: Situation) -> Found:
        """Whether the situation can come about."""


@dataclass(frozen=True)
class Verdict:
    """A statement and how it stands.

    `witnesses` are requests that are let through: against a statement that forbids, for one that promises. `asked` is
    how many calls were looked at, `decided_by` who decided, `queries` what the solvers were asked.
    """

    statement: Statement
    standing: Standing
    reason: str = ""
    witnesses: tuple[Witness, ...] = ()
    assumptions: tuple[str, ...] = ()
    asked: int = 0
    decided_by: tuple[str, ...] = ()
    queries: tuple[Query, ...] = ()

    @property
    def digest(self) -> str:
        """SHA-256 over those of all that the solvers were asked; empty where the evaluator alone decided."""
        digests = [query.digest for query in self.queries]
        return hashlib.sha256("\n".join(digests).encode()).hexdigest() if digests else ""

    @property
    def proof(self) -> Proof:
        """The same in words."""
        said = self.statement
        return Proof(
            said.id,
            said.text,
            said.why,
            said.law,
            self.standing,
            shown(self.reason),
            tuple(tuple(lines(one)) for one in self.witnesses),
            tuple(shown(one) for one in self.assumptions),
            self.asked,
            self.decided_by,
            self.digest,
        )


@dataclass(frozen=True)
class Tribunal:
    """Judges statements over one Graph."""

    expansion: Expansion
    finder: Finder

    @property
    def scene(self) -> Scene:
        """The Graph and where it is."""
        return self.expansion.scene

    def judge(self, said: Statement) -> Verdict:
        """How the statement stands."""
        if absent := self._absent(said):
            return Verdict(said, Standing.NOT_APPLICABLE, absent)
        if said.rule is Rule.LASTS:
            return self._lasting(said)
        cells = tuple(self.expansion.cells(said))
        if empty := self._empty(said, cells):
            return Verdict(said, Standing.VACUOUS, empty)
        found = [(cell, self._decided(cell, stop_at=True)) for cell in cells]
        return self._verdict(said, found)

    def contradicts(self, said: Statement, cell: Cell) -> bool:
        """Whether this part of it does not hold, or cannot be told."""
        return _can(self._decided(cell, stop_at=True)) is not said.is_positive

    def _decided(self, cell: Cell, *, stop_at: bool) -> tuple[Found, ...]:
        """What is found of the ways in which a call can come about, up to the first that settles it."""
        found: list[Found] = []
        for situation in cell.situations:
            found.append(self.finder.find(situation))
            if found[-1].can is stop_at:
                break
        return tuple(found)

    def _verdict(self, said: Statement, found: list[tuple[Cell, tuple[Found, ...]]]) -> Verdict:
        answers = [(cell, held, _can(held)) for cell, held in found]
        wrong = [pair for pair in answers if pair[2] is (not said.is_positive)]
        doubtful = [pair for pair in answers if pair[2] is None]
        standing = Standing.REFUTED if wrong else Standing.UNKNOWN if doubtful else Standing.PROVED
        telling = wrong or doubtful or (answers if said.is_positive else [])
        everything = [one for _, held, _ in answers for one in held]
        return Verdict(
            said,
            standing,
            _told(said, wrong, doubtful),
            tuple(_witnesses(held for _, held, _ in telling))[:MOST_WITNESSES],
            self._assumptions(said, found),
            len(found),
            tuple(sorted({who for one in everything for who in one.decided_by})),
            _once(query for one in everything for query in one.queries),
        )

    def _assumptions(self, said: Statement, found: list[tuple[Cell, tuple[Found, ...]]]) -> tuple[str, ...]:
        """What the verdict takes for granted, beside `ALWAYS`."""
        named = {cell.actor.assumed for cell, _ in found if cell.actor.assumed}
        given = [f"the call is {one.text}" for one in said.given]
        nobody = [f"nobody here is {name}" for name in (*said.who, *said.but) if self._is_nobody(name)]
        beyond = (
            ["resources that the program does not declare have no policies of their own"]
            if any(
                cell.place.target.resource is None and cell.place.account == self.scene.world.account
                for cell, _ in found
            )
            else []
        )
        return (*given, *sorted(named), *beyond, *nobody, *ALWAYS)

    def _is_nobody(self, name: str) -> bool:
        return name in PERSONAS and name not in self.expansion.cast.roles

    def _absent(self, said: Statement) -> str:
        """Why it is not about anything of this environment; empty where it is."""
        tier = "".join(self.scene.facts["tier"])
        if tier and said.tiers and tier not in said.tiers:
            return f"it is about tier {' and '.join(said.tiers)}, and this is {tier}"
        if said.rule is not Rule.ONLY and said.who and all(self._is_nobody(name) for name in said.who):
            return f"nobody here is {' or '.join(said.who)}"
        here = {resource.type for resource in self.scene.world.graph.resources}
        if said.what and all(what.type and what.type not in here for what in said.what):
            return f"there is no {', '.join(sorted({what.type for what in said.what}))} here"
        facts = {fact for one in (*said.given, *([said.needs] if said.needs else ())) for fact in one.speaks_of()}
        missing = sorted(fact for fact in facts if not self.scene.facts[fact])
        return f"nothing here tells {', '.join(missing)}" if missing else ""

    def _empty(self, said: Statement, cells: tuple[Cell, ...]) -> str:
        """Why no policy could make it false (or, where it promises, true); empty where one could."""
        here = {resource.type for resource in self.scene.world.graph.resources}
        for what in said.what:
            if what.type in here and not what.members(self.scene.world.graph):
                return f"{what.name}: nothing here is meant by it"
        if not cells:
            return "it speaks of nobody, or of nothing that they could do"
        telling: dict[str, bool] = {}
        for cell in _each_kind(cells):
            if not telling.get(cell.action):
                telling[cell.action] = self._tells(said, cell)
        silent = sorted(action for action, tells in telling.items() if not tells)
        how = (
            "possible even where no policy allows anything"
            if said.is_positive
            else ("impossible even where every policy allows everything")
        )
        return f"{', '.join(silent[:MOST_REASONS])}: {how}" if silent else ""

    def _tells(self, said: Statement, cell: Cell) -> bool:
        """Whether the verdict on the cell hangs on policies at all."""
        ways = tuple(self.expansion.ways(said))
        if said.is_positive:
            return all(self.finder.find(one).can is False for one in self.expansion.forbidding(cell, ways))
        return any(self.finder.find(one).can is True for one in self.expansion.permissive(cell, ways))

    def _lasting(self, said: Statement) -> Verdict:
        """Whether the roles' sessions end in time: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use.html."""
        names = {actor.caller.arn: actor.name for name in said.who for actor in self.expansion.named(name)}
        roles = [role for role in self.scene.world.graph.of_type(ROLE) if role.get("arn") in names]
        if not roles:
            return Verdict(said, Standing.VACUOUS, "it speaks of nobody")
        lasts = {role.name: _seconds(role) for role in roles}
        longer = [
            name for name, seconds in lasts.items() if not isinstance(seconds, Unknown) and seconds > said.hours * HOUR
        ]
        unknown = [name for name, seconds in lasts.items() if isinstance(seconds, Unknown)]
        standing = Standing.REFUTED if longer else Standing.UNKNOWN if unknown else Standing.PROVED
        reason = f"longer: {', '.join(longer)}" if longer else f"not known of {', '.join(unknown)}" if unknown else ""
        return Verdict(said, standing, reason, assumptions=ALWAYS, asked=len(roles), decided_by=("evaluator",))


def _seconds(role: Resource) -> int | Unknown:
    """The longest session of the role; an hour where nothing is said."""
    value = role.get("maxSessionDuration")
    return HOUR if value is None else value if isinstance(value, Unknown) else int(value)


def _can(found: tuple[Found, ...]) -> bool | None:
    answers = [one.can for one in found]
    return True if True in answers else None if None in answers else False


def _once(queries: Iterable[Query]) -> tuple[Query, ...]:
    """Each query once, by its SHA-256."""
    found = {query.digest: query for query in queries}
    return tuple(found[digest] for digest in sorted(found))


def _each_kind(cells: Iterable[Cell]) -> Iterator[Cell]:
    """One cell for each action, kind of caller and kind of thing; one for each service where any thing is meant."""
    seen: set[tuple[str, str, str]] = set()
    for cell in cells:
        resource = cell.place.target.resource
        what = resource.type if resource else str(cell.place.account)
        action = cell.action if cell.situations or resource else cell.action.partition(":")[0]
        key = (action, str(cell.actor.caller.who), what)
        if key not in seen:
            seen.add(key)
            yield cell


def _witnesses(found: Iterable[tuple[Found, ...]]) -> Iterator[Witness]:
    for held in found:
        for one in held:
            if one.witness is not None and one.can:
                yield one.witness


def _told(
    said: Statement,
    wrong: list[tuple[Cell, tuple[Found, ...], bool | None]],
    doubtful: list[tuple[Cell, tuple[Found, ...], bool | None]],
) -> str:
    """What is wrong, or not known, in a line."""
    if wrong:
        verb = "cannot" if said.is_positive else "can"
        parts = [f"{cell.actor.name} {verb} {cell.action} on {cell.thing}" for cell, _, _ in wrong]
    else:
        parts = [f"{cell.actor.name}, {cell.action} on {cell.thing}: {_doubts(held)}" for cell, held, _ in doubtful]
    more = f"; and {len(parts) - MOST_REASONS} more" if len(parts) > MOST_REASONS else ""
    return "; ".join(parts[:MOST_REASONS]) + more


def _doubts(held: tuple[Found, ...]) -> str:
    return "; ".join(one.reason for one in held if one.can is None)
