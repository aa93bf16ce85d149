"""The access matrix: for each principal and each kind of thing, what can be done with it, and under which conditions.

Rows are the roles of the program and, below them, callers that no role stands for. What columns and letters there are
is data, `access/matrix.toml`, in the words of `access.vocabulary`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from access.aims import Scene
from access.ask import Asker
from access.layout import Column, Layout
from access.question import Answer, Given, Group, Question
from access.sealed import NEEDS
from access.vocabulary import ActionClass, Circumstance, ResourceClass
from core.iam_metadata import Action


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where something stands in the matrix: the row, the column's name, and the letter."""

    row: str
    column: str
    letter: str


@dataclass(frozen=True, slots=True)
class Cell:
    """Whether it can be done: True, False, or None where it cannot be told, with the reason.

    `half` says of what cannot be done that the store lets it happen and only the key stands in the way (S68).
    `needs` are the marks of the circumstances without which it fails. `action` and `resource` are one way to do it,
    `by` is the statement that lets it happen.
    """

    can: bool | None
    needs: tuple[str, ...] = ()
    action: str = ""
    resource: str = ""
    by: str = ""
    reason: str = ""
    half: bool = False

    @property
    def reach(self) -> int:
        """How far one gets: 0 nowhere, 1 to the key, 2 perhaps all the way, 3 all the way."""
        return {True: 3, None: 2, False: int(self.half)}[self.can]


NO = Cell(can=False)
Asked = tuple[tuple[Action, tuple[str, ...]], ...]
"""Actions, and the resources that each is done to."""


@dataclass(frozen=True)
class Matrix:
    """Every place where something can be done, cannot be told, or is kept by the key alone; at all others nothing can.

    `empty` are the columns of which the program has nothing.
    """

    layout: Layout
    rows: tuple[str, ...]
    cells: Mapping[Place, Cell]
    empty: tuple[str, ...] = ()
    assumptions: tuple[str, ...] = ()

    def at(self, row: str, column: str, letter: str) -> Cell:
        """What stands there."""
        return self.cells.get(Place(row, column, letter), NO)

    @property
    def unknown(self) -> int:
        """How many places cannot be told."""
        return sum(cell.can is None for cell in self.cells.values())


@dataclass
class Board:
    """A world as the matrix asks about it."""

    asker: Asker
    layout: Layout
    scene: Scene
    _ways: dict[str, tuple[Mapping[str, Given], ...]] = field(default_factory=dict)

    def matrix(self, rows: Iterable[str], places: frozenset[Place] | None = None) -> Matrix:
        """The matrix of these rows and of the strangers; with `places`, only those are asked about."""
        wanted = (*rows, *Group)
        found = {
            place: cell
            for place, who, asked in self._places(wanted)
            if places is None or place in places
            if (cell := self._cell(who, asked)).reach
        }
        empty = tuple(column.name for column in self.layout.columns if not self._holds(column))
        return Matrix(self.layout, tuple(map(str, wanted)), found, empty, self.asker.world.assumptions)

    def _places(self, rows: Iterable[str]) -> Iterator[tuple[Place, str, Asked]]:
        for column in self.layout.columns:
            for letter, does in column.does.items():
                asked = tuple(self._asked(column, does))
                yield from ((Place(str(who), column.name, letter), who, asked) for who in rows)

    def _asked(self, column: Column, does: ActionClass) -> Iterator[tuple[Action, tuple[str, ...]]]:
        """Each action of the class, and the things of the column that it is done to."""
        fits = {what.name: does.on(what.kind) for what in column.of}
        for action in does.actions:
            meant = (what for what in column.of if action in fits[what.name])
            if things := tuple(dict.fromkeys(one for what in meant for one in self.things(what, action))):
                yield action, things

    def _holds(self, column: Column) -> bool:
        return any(what.members(self.scene.world.graph) for what in column.of)

    def things(self, what: ResourceClass, action: Action) -> Iterator[str]:
        """The ARNs of a class, as far as the action is done to them."""
        yield from (place.target.arn for place in self.scene.places(what, action))

    def _cell(self, who: str, asked: Asked) -> Cell:
        """The first thing that can be done, else the first that cannot be told, or that only the key prevents."""
        best = NO
        for action, things in asked:
            answer = self.asker.ask(Question((who,), action.name, things))
            if answer.can:
                return self._possible(who, asked, action, answer)
            found = (
                Cell(None, action=action.name, reason=answer.reason)
                if answer.can is None
                else self._kept_by_the_key(who, action, things)
            )
            best = max(best, found, key=lambda one: one.reach)
        return best

    def _kept_by_the_key(self, who: str, action: Action, things: tuple[str, ...]) -> Cell:
        if action.name.lower() not in NEEDS:
            return NO
        answer = self.asker.ask(Question((who,), action.name, things, with_key=False))
        if not answer.witness:
            return NO
        return Cell(can=False, action=action.name, resource=answer.witness.resource, by=_by(answer), half=True)

    def _possible(self, who: str, asked: Asked, action: Action, answer: Answer) -> Cell:
        needs = tuple(
            mark
            for mark, one in self.layout.marks.items()
            if all(not self._without(who, one, *other) for other in asked)
        )
        assert answer.witness
        return Cell(can=True, needs=needs, action=action.name, resource=answer.witness.resource, by=_by(answer))

    def _without(self, who: str, needed: Circumstance, action: Action, things: tuple[str, ...]) -> bool:
        """Whether it can be done, or may be, without this circumstance."""
        ways = self._ways.setdefault(needed.name, needed.missed(self.scene.facts))
        return any(self.asker.ask(Question((who,), action.name, things, way)).can is not False for way in ways)


def _by(answer: Answer) -> str:
    """The layer and the statement that decide on the witness."""
    assert answer.witness
    decision = answer.witness.decisions[0]
    return f"{decision.layer}, {decision.statement}" if decision.statement else str(decision.layer)
