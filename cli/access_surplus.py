"""`strongroom access surplus`: what personas may do and no statement about their job needs."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from cli import options
from cli.access_source import access_source, metadata, source_options
from cli.terminal import emit, step
from core.errors import BadInput

if TYPE_CHECKING:
    from access.surplus import Surplus

MOST_NAMED = 6


@click.command(
    epilog=options.example(
        "strongroom access surplus --env prod",
        "strongroom access surplus --env prod --as data-scientist --format json | jq .patches",
    )
)
@source_options
@click.option("--as", "persona", metavar="PERSONA", help="Only this persona, or role.")
@options.list_format
def surplus(
    environment: str | None, file: str | None, account: str | None, region: str | None, persona: str | None, form: str
) -> None:
    """List what each persona may do that no positive statement of access/statements says it has to.

    What is left over is a grant too many or a statement too few. --format json has every action, and a patch for each
    policy. Nothing is changed, and what is listed is no finding.
    """
    from access.graph_identity import identity_of, role_named
    from access.surplus import needed_by, surplus_of
    from cli.access_board import rows_of
    from cli.statements import statement_texts

    with step(f"comparing grants with jobs in {environment or file}"):
        source, held = access_source(environment, file, account, region), metadata()
        statements = statement_texts().parsed(held)
        rows = rows_of(source)
        if persona and persona not in rows:
            msg = f"--as {persona!r}: expected one of {', '.join(rows)}"
            raise BadInput(msg)
        found = [
            one
            for row in ([persona] if persona else rows)
            for one in surplus_of(
                row, identity_of(source.graph, role_named(source.graph, row)), needed_by(row, statements), held
            )
        ]
    emit(_json(found) if form == "json" else _text(found))


def _text(found: Sequence[Surplus]) -> str:
    lines: list[str] = []
    last = ""
    for one in found:
        if one.persona != last:
            lines += ["", one.persona] if last else [one.persona]
            last = one.persona
        named = ", ".join(one.unused[:MOST_NAMED])
        more = f" and {len(one.unused) - MOST_NAMED} more" if len(one.unused) > MOST_NAMED else ""
        unknown = " (and what is not known)" if one.unknown else ""
        kept = f"; needed: {', '.join(one.needed)}" if one.needed else "; nothing of it is needed"
        lines.append(f"  {one.policy} {one.statement}: {named}{more}{unknown}{kept}")
    count = sum(len(one.unused) for one in found)
    lines += ["", f"{count} permissions in {len(found)} statements that no statement about a job needs"]
    return "\n".join(lines) + "\n"


def _json(found: Sequence[Surplus]) -> str:
    listed = [
        {
            "persona": one.persona,
            "policy": one.policy,
            "statement": one.statement,
            "unused": list(one.unused),
            "needed": list(one.needed),
            "unknown": one.unknown,
        }
        for one in found
    ]
    return json.dumps({"surplus": listed, "patches": [one.patch for one in found]}, indent=2) + "\n"
