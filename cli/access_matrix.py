"""`strongroom access matrix`: who can do what with which data, on one screen."""

from __future__ import annotations

import json
from collections.abc import Iterator
from io import StringIO
from typing import TYPE_CHECKING, Any

import click

from cli import options
from cli.access_source import access_source, source_options
from cli.exit_code import ExitCode
from cli.terminal import emit, step, width

if TYPE_CHECKING:
    from access.matrix import Cell, Matrix

PAGE = 140
STRANGERS = {
    "anybody who does not say who they are": "anybody",
    "every principal outside the organisation": "outsiders",
    "AWS services on behalf of accounts outside the organisation": "foreign services",
}
UNSURE = "?"
CAN = ("no", "but for the key", "unknown", "yes")
"""What is said of a cell, by how far one gets."""


@click.command(
    epilog=options.example(
        "strongroom access matrix --env prod",
        "strongroom access matrix --env prod --format markdown > matrix.md",
        "pulumi stack export | strongroom access matrix --file -",
    )
)
@source_options
@options.page_format
@options.strict
@click.pass_context
def matrix(
    ctx: click.Context,
    environment: str | None,
    file: str | None,
    account: str | None,
    region: str | None,
    form: str,
    strict: bool,
) -> None:
    """Show who can do what: a row for each persona, a column for each kind of thing, a letter for each thing done.

    A letter stands where a request exists that AWS would let through. An empty cell is proved: there is none. A letter
    with a question mark cannot be told.
    """
    from cli.access_board import board_of, rows_of

    with step(f"proving what can be done in {environment or file}"):
        source = access_source(environment, file, account, region)
        found = board_of(source).matrix(rows_of(source))
    shown = {"text": as_text, "json": as_json, "markdown": as_markdown}
    emit(shown[form](found))
    ctx.exit(ExitCode.STILL_UNKNOWN if strict and found.unknown else ExitCode.OK)


def as_text(matrix: Matrix) -> str:
    """A table, and below it what its letters and marks mean."""
    from rich.console import Console
    from rich.table import Table

    table = Table(show_lines=False, pad_edge=False)
    for head in ("", *(column.name for column in matrix.layout.columns)):
        table.add_column(head)
    for row in matrix.rows:
        table.add_row(STRANGERS.get(row, row), *_written(matrix, row))
    page = StringIO()
    Console(file=page, width=max(width() or PAGE, 60), color_system=None).print(table)
    return page.getvalue() + "\n".join(legend(matrix)) + "\n"


def as_markdown(matrix: Matrix) -> str:
    """The same as a table of Markdown."""
    heads = [column.name for column in matrix.layout.columns]
    rows = [f"| {STRANGERS.get(row, row)} | {' | '.join(_written(matrix, row))} |" for row in matrix.rows]
    head = [f"|  | {' | '.join(heads)} |", f"|{' --- |' * (len(heads) + 1)}"]
    return "\n".join([*head, *rows, "", *(f"- {line}" for line in legend(matrix))]) + "\n"


def as_json(matrix: Matrix) -> str:
    """Every cell in which something can be done or cannot be told, with the reason; all others are proved empty."""
    data = {
        "rows": [STRANGERS.get(row, row) for row in matrix.rows],
        "columns": [
            {"name": one.name, "letters": {letter: does.text for letter, does in one.does.items()}}
            for one in matrix.layout.columns
        ],
        "marks": {mark: one.text for mark, one in matrix.layout.marks.items()},
        "cells": [
            {"row": STRANGERS.get(at.row, at.row), "column": at.column, "letter": at.letter, **cell_data(cell)}
            for at, cell in matrix.cells.items()
        ],
        "empty": list(matrix.empty),
        "unknown": matrix.unknown,
        "assumptions": list(matrix.assumptions),
    }
    return json.dumps(data, indent=2, ensure_ascii=False) + "\n"


def cell_data(cell: Cell) -> dict[str, Any]:
    """A cell for programs."""
    from access.explain import shown

    said = {"action": cell.action, "resource": shown(cell.resource), "by": cell.by, "reason": cell.reason}
    kept = {key: text for key, text in said.items() if text}
    return {"can": CAN[cell.reach], "needs": list(cell.needs), **kept}


def legend(matrix: Matrix) -> Iterator[str]:
    """What the letters and marks mean, what is empty, unknown and assumed."""
    for column in matrix.layout.columns:
        yield f"{column.name}: {', '.join(f'{letter} {does.text}' for letter, does in column.does.items())}"
    common = _common(matrix)
    marks = [f"{mark} {one.text}" for mark, one in matrix.layout.marks.items() if mark not in common]
    if marks:
        yield f"small letters, only: {', '.join(marks)}"
    if common:
        yield f"every letter of a role holds only {' and '.join(matrix.layout.marks[mark].text for mark in common)}"
    if matrix.empty:
        yield f"the program has none of: {', '.join(matrix.empty)}"
    told = f"{matrix.unknown} cannot be told ({UNSURE}); why: --format json" if matrix.unknown else "nothing is unknown"
    if any(cell.half for cell in matrix.cells.values()):
        yield "in brackets: the store lets it happen, and only the key stands in the way"
    yield f"an empty cell is proved: no request gets through; {told}"
    yield f"assumed: {'; '.join(matrix.assumptions)}"


def _written(matrix: Matrix, row: str) -> Iterator[str]:
    """The cells of a row."""
    common = _common(matrix)
    for column in matrix.layout.columns:
        found = ((letter, matrix.at(row, column.name, letter)) for letter in column.does)
        yield " ".join(_letter(letter, cell, common) for letter, cell in found if cell.reach)


def _letter(letter: str, cell: Cell, common: tuple[str, ...]) -> str:
    if cell.half:
        return f"({letter})"
    return letter + (UNSURE if cell.can is None else "".join(mark for mark in cell.needs if mark not in common))


def _common(matrix: Matrix) -> tuple[str, ...]:
    """Marks that every letter of every role has: said once, below the table."""
    cells = [cell for at, cell in matrix.cells.items() if cell.can and at.row not in STRANGERS]
    return tuple(mark for mark in matrix.layout.marks if cells and all(mark in cell.needs for cell in cells))
