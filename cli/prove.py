"""`strongroom access prove`: what was stated about access, proved or refuted."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from cli import options
from cli.access_source import AccessSource, access_source, source_options
from cli.evidence_folder import checked_folder
from cli.exit_code import ExitCode
from cli.program import settings_of
from cli.proving import Ground, failed, ground_of, ground_of_file, proofs
from cli.statements import statement_texts
from cli.terminal import emit, step, width
from core.proof import Proof, Standing


@click.command(
    epilog=options.example(
        "strongroom access prove --env prod",
        "strongroom access prove --env prod --format json | jq '.statements[] | select(.verdict != \"proved\")'",
        "strongroom access prove --env prod access/statements/record.toml",
        "pulumi stack export | strongroom access prove --file - mine.toml",
    )
)
@source_options
@options.page_format
@click.option(
    "--proofs",
    "folder",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Write what the solvers were asked, and cvc5's proofs, there.",
)
@options.strict
@click.argument("files", nargs=-1, type=click.Path(path_type=Path), metavar="[FILE]...")
@click.pass_context
def prove(
    ctx: click.Context,
    environment: str | None,
    file: str | None,
    account: str | None,
    region: str | None,
    form: str,
    folder: Path | None,
    files: Sequence[Path],
    *,
    strict: bool,
) -> None:
    """Say of every statement about access whether the planned policies keep it.

    A statement is PROVED when two solvers find no request that breaks it, REFUTED with a request that does, and UNKNOWN
    with the reason otherwise. FILE holds statements of your own, in the words of access/statements/words.toml; without
    one, all of access/statements. Ends with 1 when one is refuted or says nothing.
    """
    place = checked_folder(folder) if folder else None
    texts = statement_texts(files)
    started = time.monotonic()
    with step(f"reading the policies of {environment or file}"):
        source = access_source(environment, file, account, region)
    ground = _ground(source)
    with step("proving what is stated about access"):
        found = proofs(source.graph, ground, texts)
    spent = time.monotonic() - started
    emit(_rendered(found, form, source.name, spent))
    if place is not None:
        from cli.proof_folder import write_proofs

        with step("writing the proofs"):
            write_proofs(place, source.graph, ground, texts)
    ctx.exit(_code(found, strict=strict))


def _ground(source: AccessSource) -> Ground:
    return ground_of(settings_of(source.environment)) if source.environment else ground_of_file(source)


def _code(found: Sequence[Proof], *, strict: bool) -> ExitCode:
    if failed(found):
        return ExitCode.FINDINGS
    unknown = any(proof.standing is Standing.UNKNOWN for proof in found)
    return ExitCode.STILL_UNKNOWN if strict and unknown else ExitCode.OK


def _rendered(found: Sequence[Proof], form: str, name: str, spent: float) -> str:
    if form == "json":
        return _json(found, name)
    if form == "markdown":
        from evidence.access_section import access_section

        return f"# Who can reach what in {name}\n\n{access_section(found)}\n"
    return "\n".join([*_text(found, name, spent), ""])


def _text(found: Sequence[Proof], name: str, spent: float) -> Iterator[str]:
    from evidence.access_proofs import assumptions, lines, tally_line

    yield from lines(found, width())
    yield ""
    yield "Taken for granted (how many statements rest on it):"
    for said, count in assumptions(found):
        yield f"  {count:>4}  {said}"
    yield ""
    calls = sum(proof.asked for proof in found)
    yield f"{name}: {tally_line(found)}; {len(found)} statements, {calls} calls looked at, {spent:.1f} s"


def _json(found: Sequence[Proof], name: str) -> str:
    from core.proof import standings
    from evidence.access_proofs import as_values
    from evidence.json_v1 import written

    counts = {standing.value: count for standing, count in standings(found).items()}
    return written({"version": 1, "source": name, "summary": counts, "statements": as_values(found)})
