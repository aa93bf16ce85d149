"""What changes between two programs in who can do what, asked only where a policy is not what it was."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import product

from access.faults import RequestError
from access.graph_identity import role_named
from access.matrix import NO, Board, Cell, Matrix, Place
from access.parts import Parts, PolicyChange, changes, of_all, of_column, of_row
from access.question import Group


class Kind(StrEnum):
    """How access changed. What cannot be told may be there; what the key alone prevents is half there."""

    GAINED = "gained"
    LOST = "lost"
    CONDITIONS = "under other conditions"


@dataclass(frozen=True, slots=True)
class AccessChange:
    """One place of the matrix that is not what it was, and the policies that made it so."""

    kind: Kind
    place: Place
    before: Cell
    after: Cell
    because: tuple[PolicyChange, ...]

    @property
    def widens(self) -> bool:
        """Whether somebody can do what they could not, or with less."""
        fewer = self.kind is Kind.CONDITIONS and not set(self.before.needs) <= set(self.after.needs)
        return self.kind is Kind.GAINED or fewer


@dataclass(frozen=True)
class Comparison:
    """Two boards, and what differs in the policies on each side of each place."""

    base: Board
    head: Board
    rows: tuple[str, ...]

    def changes(self) -> tuple[AccessChange, ...]:
        """Every place that changed, in the matrix's own order."""
        because = dict(self._touched())
        places = frozenset(because)
        before, after = (self._matrix(board, places) for board in (self.base, self.head))
        return tuple(
            AccessChange(kind, place, one, other, because[place])
            for place in because
            if (kind := _kind(one := before.cells.get(place, NO), other := after.cells.get(place, NO)))
        )

    def _matrix(self, board: Board, places: frozenset[Place]) -> Matrix:
        return board.matrix([row for row in self.rows if _is_there(board, row)], places)

    def _touched(self) -> Iterator[tuple[Place, tuple[PolicyChange, ...]]]:
        """The places whose answer may differ: those that a changed policy has to do with."""
        everywhere = tuple(changes(of_all(self.base), of_all(self.head)))
        own = {row: tuple(changes(*self._of_row(row))) for row in self.rows}
        rows: dict[str, tuple[PolicyChange, ...]] = own | dict.fromkeys(Group, ())
        layout = self.head.layout
        columns = {
            column.name: tuple(changes(of_column(self.base, column), of_column(self.head, column)))
            for column in layout.columns
        }
        for row, column in product(rows, layout.columns):
            if because := tuple(dict.fromkeys((*rows[row], *columns[column.name], *everywhere))):
                for letter in column.does:
                    yield Place(str(row), column.name, letter), because

    def _of_row(self, row: str) -> Sequence[Parts]:
        return [of_row(board, row) if _is_there(board, row) else {} for board in (self.base, self.head)]


def _kind(before: Cell, after: Cell) -> Kind | None:
    if before.reach == after.reach:
        return Kind.CONDITIONS if before.needs != after.needs else None
    return Kind.GAINED if before.reach < after.reach else Kind.LOST


def _is_there(board: Board, row: str) -> bool:
    try:
        role_named(board.asker.world.graph, row)
    except RequestError:
        return False
    return True
