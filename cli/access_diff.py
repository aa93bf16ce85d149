"""`strongroom access diff`: what access a change gives and takes, and whether somebody agreed to it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli import options
from cli.access_matrix import STRANGERS, cell_data
from cli.access_source import AccessSource, access_source, from_file, metadata
from cli.exit_code import ExitCode
from cli.revision import source_at
from cli.surroundings import PROJECT
from cli.terminal import emit, step
from core.errors import BadInput

if TYPE_CHECKING:
    from access.access_changes import Agreed
    from access.layout import Layout
    from access.matrix import Board, Cell
    from access.matrix_diff import AccessChange
    from access.touched import Broken
    from core.graph import Graph

AGREED = PROJECT / "policies" / "access-changes.toml"
MOST_CAUSES = 3
SAID = ("", " (only the key stands in the way)", " (cannot be told)", "")
"""What is added to a change, by how far one gets now."""


@dataclass(frozen=True)
class Difference:
    """What changed from one program to the other, and which part of it nobody agreed to."""

    base: str
    head: str
    layout: Layout
    changes: tuple[AccessChange, ...]
    open: tuple[AccessChange, ...]
    left_over: tuple[Agreed, ...]
    broken: tuple[Broken, ...]
    graph: Graph


@click.command(
    epilog=options.example(
        "strongroom access diff main --env prod                 # the working tree against a branch",
        "strongroom access diff v1.2 v1.3 --env prod --format markdown",
        "strongroom access diff before.json after.json         # graphs, exports, previews or Terraform plans",
    )
)
@click.argument("base")
@click.argument("head", required=False)
@click.option(
    "--env",
    "environment",
    metavar="NAME",
    help="The environment that is compared; with files, the one that agreed changes are for.",
)
@click.option("--account", metavar="NUMBER", help="The account of files whose ARNs do not tell it.")
@click.option("--region", metavar="NAME", help="The Region of files whose ARNs do not tell it.")
@click.option(
    "--agreed",
    type=click.Path(path_type=Path),
    default=AGREED,
    metavar="FILE",
    help="Access that somebody agreed to; by default policies/access-changes.toml.",
)
@options.page_format
@click.pass_context
def diff(
    ctx: click.Context,
    base: str,
    head: str | None,
    environment: str | None,
    account: str | None,
    region: str | None,
    agreed: Path,
    form: str,
) -> None:
    """Compare who can do what in BASE and in HEAD: what is gained, what is lost, what is under other conditions.

    BASE and HEAD are files, or commits of this repository, for which --env is needed; without HEAD the working tree is
    meant. Only what a changed policy has to do with is asked again. Ends with 1 when somebody gains access that is not
    agreed to in policies/access-changes.toml, and when a statement that was proved is not any more.
    """
    with step(f"comparing access in {base} and in {head or 'the working tree'}"):
        before, after = (_source(name, environment, account, region) for name in (base, head))
        found = difference(before, after, agreed, environment or "")
    emit({"text": as_text, "json": as_json, "markdown": as_markdown}[form](found))
    ctx.exit(ExitCode.FINDINGS if found.open or found.broken else ExitCode.OK)


def difference(base: AccessSource, head: AccessSource, agreed: Path = AGREED, environment: str = "") -> Difference:
    """What changed; `environment` is the one that agreed changes are for.

    Raises BadInput for a file of agreed changes that cannot be used.
    """
    from access.access_changes import left_over, not_agreed, parse_agreed
    from access.matrix_diff import Comparison
    from cli.access_board import board_of, rows_of
    from cli.judgement import text_of

    entries = parse_agreed(text_of(agreed), agreed.name)
    rows = tuple(dict.fromkeys((*rows_of(base), *rows_of(head))))
    boards = board_of(base), board_of(head)
    changes = Comparison(*boards, rows).changes()
    name = environment or head.environment
    return Difference(
        base.name,
        head.name,
        boards[1].layout,
        changes,
        tuple(not_agreed(changes, entries, name)),
        tuple(left_over(changes, entries, name)),
        broken(*boards),
        head.graph,
    )


def broken(base: Board, head: Board) -> tuple[Broken, ...]:
    """The project's statements that were proved in the one and are not in the other."""
    from access.touched import Regression
    from cli.proving import judge_over
    from cli.statements import statement_texts

    before, after = (judge_over(one.scene, one.asker.prover) for one in (base, head))
    return tuple(Regression(before, after).broken(statement_texts().parsed(metadata())))


def _source(name: str | None, environment: str | None, account: str | None, region: str | None) -> AccessSource:
    if name is not None and (name == "-" or Path(name).is_file()):
        return from_file(name, account, region)
    if environment is None:
        msg = f"{name or 'the working tree'}: no such file; for a commit, or the working tree, say which --env"
        raise BadInput(msg)
    return access_source(environment, None) if name is None else source_at(name, environment)


def as_text(found: Difference) -> str:
    """Every change with its cause, those that nobody agreed to first."""
    lines = [f"access in {found.head}, against {found.base}", ""]
    agreed = [one for one in found.changes if one not in found.open]
    for title, changes in (("NOT AGREED TO", found.open), ("changed", agreed)):
        for change in changes:
            lines += [
                f"{title:<14}{headline(found.layout, change)}",
                *(f"{'':<14}{line}" for line in causes(found, change)),
            ]
    for one in found.broken:
        lines += [f"{'NO LONGER':<14}{one.after.id}: {one.after.text}", *(f"{'':<14}{line}" for line in _why(one))]
    return "\n".join([*lines, *closing(found), ""])


def _why(broken: Broken) -> list[str]:
    return [f"{broken.before.standing} before, {broken.after.standing} now", broken.after.reason]


def as_markdown(found: Difference) -> str:
    """A section for the comment on a pull request."""
    from evidence.markdown import prose

    head = "| | who | what | because |\n| --- | --- | --- | --- |"
    rows = [
        f"| {'**not agreed to**' if one in found.open else str(one.kind)} | {prose(_who(one))} "
        f"| {prose(_what(found.layout, one))} | {prose('; '.join(causes(found, one)))} |"
        for one in (*found.open, *(one for one in found.changes if one not in found.open))
    ]
    table = [head, *rows, ""] if rows else []
    lost = [f"- **no longer proved** {prose(one.after.id)}: {prose(one.after.text)}" for one in found.broken]
    title = f"### Access: {found.head} against {found.base}"
    return "\n".join([title, "", *table, *lost, *([""] if lost else []), *closing(found)]) + "\n"


def as_json(found: Difference) -> str:
    """The same for programs."""
    data = {
        "base": found.base,
        "head": found.head,
        "changes": [
            {
                "kind": str(one.kind),
                "row": _who(one),
                "column": one.place.column,
                "letter": one.place.letter,
                "before": cell_data(one.before),
                "after": cell_data(one.after),
                "because": causes(found, one),
                "agreed": one not in found.open,
            }
            for one in found.changes
        ],
        "no_longer_proved": [
            {"id": one.after.id, "text": one.after.text, "verdict": str(one.after.standing), "reason": one.after.reason}
            for one in found.broken
        ],
        "left_over": [entry.place for entry in found.left_over],
    }
    return json.dumps(data, indent=2, ensure_ascii=False) + "\n"


def headline(layout: Layout, change: AccessChange) -> str:
    """Who can do what now, or no longer."""
    return f"{change.kind}: {_who(change)} {_what(layout, change)}"


def causes(found: Difference, change: AccessChange) -> list[str]:
    """Which statement lets it happen, and which policies are not what they were, with their lines."""
    by = f"by {change.after.by}" if change.after.by else f"was by {change.before.by}" if change.before.by else ""
    told = [by] if by else []
    told += [f"{one}{_line(found.graph, one.resource)}" for one in change.because[:MOST_CAUSES]]
    more = len(change.because) - MOST_CAUSES
    return [*told, *([f"and {more} further policies"] if more > 0 else [])]


def closing(found: Difference) -> Iterator[str]:
    """How many of each, and what to do."""
    counted = {
        kind: sum(one.kind is kind for one in found.changes) for kind in dict.fromkeys(c.kind for c in found.changes)
    }
    yield ", ".join(f"{count} {kind}" for kind, count in counted.items()) or "nobody can do more, or less, than before"
    if found.open:
        yield f"{len(found.open)} not agreed to: take it back, or have it agreed to in policies/{AGREED.name}"
    if found.broken:
        yield f"{len(found.broken)} statements no longer proved; the request that breaks one: strongroom access prove"
    for entry in found.left_over:
        yield f"{entry.place}: no change needs this entry; remove it"


def _who(change: AccessChange) -> str:
    return STRANGERS.get(change.place.row, change.place.row)


def _what(layout: Layout, change: AccessChange) -> str:
    column = next(one for one in layout.columns if one.name == change.place.column)
    under = " -> ".join(_under(layout, cell) for cell in (change.before, change.after)) if _same(change) else ""
    unsure = SAID[change.after.reach]
    return f"{column.does[change.place.letter].text}: {column.name}{f', {under}' if under else ''}{unsure}"


def _same(change: AccessChange) -> bool:
    return change.kind == "under other conditions"


def _under(layout: Layout, cell: Cell) -> str:
    return " and ".join(layout.marks[mark].text for mark in cell.needs) or "without conditions"


def _line(graph: Graph, name: str) -> str:
    """Where the program declares what bears this name, or this ARN."""
    found = (one for one in graph.resources if name in {one.name, one.get("arn")})
    location: Sequence[object] = next((one.location for one in found if one.location), ())
    return f" ({', from '.join(map(str, dict.fromkeys((location[0], location[-1]))))})" if location else ""
