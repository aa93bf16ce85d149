"""Every piece taken out of prod's policies, one at a time: `make mutations`.

Exit code 1 when a loss goes unnoticed and `tests/access/survivors.toml` has no reason for it, or when that file excuses
a loss that is noticed by now.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from access.prove import Prover
from cli.access_source import access_source, metadata, reference
from cli.program import settings_of
from cli.proving import ground_of
from cli.statements import statement_texts
from tests.mutation import Survivor, mutations, noticed, survivors_from

ROOT = Path(__file__).resolve().parent.parent
SURVIVORS = ROOT / "tests" / "access" / "survivors.toml"
SHARES = 2


def main() -> int:
    """Judge all of them and compare with the list. Returns the exit code."""
    rows = survivors_from(SURVIVORS.read_text(encoding="utf-8"), str(SURVIVORS.relative_to(ROOT)))
    with ProcessPoolExecutor(SHARES, mp_context=get_context("spawn")) as pool:
        found = dict(pair for part in pool.map(share, range(SHARES)) for pair in part)
    faults = list(disagreements(found, rows))
    survived = sum(not statement for statement in found.values())
    print(f"{len(found)} pieces taken out; {len(found) - survived} noticed, {survived} not")
    print("\n".join(faults))
    return 1 if faults else 0


def share(first: int) -> list[tuple[str, str]]:
    """The mutations of one process, each with the statement that notices it."""
    source, ground = access_source("prod", None), ground_of(settings_of("prod"))
    statements, prover = list(statement_texts().parsed(metadata())), Prover(reference())
    mine = list(mutations(source.graph))[first::SHARES]
    return [(one.id, noticed(one, ground, statements, prover)) for one in mine]


def disagreements(found: dict[str, str], rows: Sequence[Survivor]) -> list[str]:
    """What the list and the world do not agree on, a line each."""
    survived = [name for name, statement in found.items() if not statement]
    unlisted = [f"not noticed, and no reason: {name}" for name in survived if not any(r.covers(name) for r in rows)]
    idle = [f"excused, and noticed: {row.piece}" for row in rows if not any(map(row.covers, survived))]
    return [*unlisted, *idle]


if __name__ == "__main__":
    sys.exit(main())
