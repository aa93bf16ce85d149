"""Access that somebody agreed to: what a change may add to the matrix, and who said so.

https://csrc.nist.gov/pubs/sp/800/53/r5/upd1/final AC-2 and AC-6(7): access is authorised before it is given.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from access.matrix_diff import AccessChange
from core.toml_table import Table, at_line, parsed


@dataclass(frozen=True, slots=True)
class Agreed:
    """One entry of the file: who may do what with which things from now on, in which environment, and why.

    `letters` are those of the matrix. `place` is `file:line`.
    """

    place: str
    environment: str
    row: str
    column: str
    letters: str
    reason: str
    approved_by: str
    ticket: str = ""

    def covers(self, change: AccessChange, environment: str) -> bool:
        """Whether this is what was agreed to."""
        here = change.place
        same = (self.environment, self.row, self.column) == (environment, here.row, here.column)
        return same and here.letter in self.letters


def parse_agreed(text: str, source: str) -> tuple[Agreed, ...]:
    """The entries of an access-changes file, `[[changes]]` each; `source` names it in messages.

    Raises BadInput, with file and line, for a text that is no TOML and for unknown, missing or empty keys.
    """
    table = Table(parsed(text, source), source, whole=text)
    table.only("changes")
    bodies = table.get("changes", list, "a list of tables, [[changes]]", [])
    return tuple(_agreed(table.within(body, f"changes[{number}]")) for number, body in enumerate(bodies, 1))


def _agreed(table: Table) -> Agreed:
    table.only("environment", "row", "column", "letters", "reason", "approved_by", "ticket")
    texts = (table.text(key) for key in ("environment", "row", "column", "letters", "reason", "approved_by"))
    return Agreed(at_line(table.source, table.whole, table.place), *texts, table.text("ticket", ""))


def not_agreed(changes: Iterable[AccessChange], agreed: Iterable[Agreed], environment: str) -> Iterator[AccessChange]:
    """The changes that give somebody more than anybody agreed to."""
    entries = tuple(agreed)
    for change in changes:
        if change.widens and not any(entry.covers(change, environment) for entry in entries):
            yield change


def left_over(changes: Iterable[AccessChange], agreed: Iterable[Agreed], environment: str) -> Iterator[Agreed]:
    """Entries for this environment that no change needs any more: they can go."""
    widening = [change for change in changes if change.widens]
    for entry in agreed:
        if entry.environment == environment and not any(entry.covers(one, environment) for one in widening):
            yield entry
