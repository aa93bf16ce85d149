"""The control catalogue: what other catalogues ask for, row by row, and which of our guards decide it.

The rows come as CSV and are never renumbered; which guards decide a row is TOML that a reviewer edits. A row without a
guard is refused: it would look covered and be judged by nobody.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from core.errors import BadInput
from core.toml_table import Table, at_line, hint, parsed

COLUMNS = ("id", "service", "requirement", "cdk_nag_hipaa", "config_rule", "checkov", "prowler", "hipaa", "gdpr")
ROW_ID = re.compile(r"C\d{3}")
MANY = ";"


@dataclass(frozen=True, slots=True)
class Row:
    """One requirement, the ids under which others know it, and the guards that decide it.

    `known_as` maps a catalogue (`cdk_nag_hipaa`, `config_rule`, `checkov`, `prowler`) to its ids. A `~` before a
    section of law marks a reading that no other catalogue confirms.
    """

    id: str
    service: str
    requirement: str
    known_as: Mapping[str, tuple[str, ...]]
    hipaa: tuple[str, ...]
    gdpr: tuple[str, ...]
    guards: tuple[str, ...]


def catalogue(rows: str, mapping: str, guards: Collection[str], sources: tuple[str, str]) -> tuple[Row, ...]:
    """The rows of a CSV text with the guards that a TOML text gives them; `sources` name both files in messages.

    Raises BadInput for missing columns, an id that is malformed or given twice, a row without a guard, guards for a
    row there is not, and a guard there is not.
    """
    told = _rows(rows, sources[0])
    table = Table(parsed(mapping, sources[1]), sources[1], whole=mapping)
    table.only("version", "guards")
    chosen = Table(table.table("guards"), sources[1], "guards", mapping)
    chosen.only(*(row["id"] for row in told))
    return tuple(_row(row, chosen, guards) for row in told)


def _rows(text: str, source: str) -> list[dict[str, Any]]:
    reader = csv.DictReader(text.splitlines(), strict=True)
    try:
        rows = [dict(row) for row in reader]
    except csv.Error as error:
        msg = f"{source}:{reader.line_num}: not CSV ({error}); expected the columns {', '.join(COLUMNS)}"
        raise BadInput(msg) from error
    if tuple(reader.fieldnames or ()) != COLUMNS:
        msg = f"{source}:1: expected the columns {', '.join(COLUMNS)}; take the file from the project's history"
        raise BadInput(msg)
    seen: set[str] = set()
    for number, row in enumerate(rows, 2):
        if None in row.values() or None in row or not ROW_ID.fullmatch(row["id"]) or row["id"] in seen:
            msg = f"{source}: row {number}: id is taken or malformed, or a field is missing; expected C + 3 digits"
            raise BadInput(msg)
        seen.add(row["id"])
    return rows


def _row(row: Mapping[str, Any], chosen: Table, guards: Collection[str]) -> Row:
    held = chosen.texts(row["id"])
    if not held:
        chosen.refuse(row["id"], "has no guard", "the ids of the guards that decide the row")
    for guard in held:
        if guard not in guards:
            where = at_line(chosen.source, chosen.whole, chosen.place, row["id"])
            msg = f"{where}: guards.{row['id']}: {guard!r} is no guard{hint(guard, guards)}; see docs/guards.md"
            raise BadInput(msg)
    ids = {name: _many(row[name]) for name in COLUMNS[3:7]}
    return Row(row["id"], row["service"], row["requirement"], ids, _many(row["hipaa"]), _many(row["gdpr"]), held)


def _many(cell: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in cell.split(MANY) if part.strip())
