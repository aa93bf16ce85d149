"""`strongroom check`: a file that holds a Graph, of this program or of any other Pulumi program."""

from __future__ import annotations

import os
import sys
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import click

from cli import options
from cli.evidence_folder import checked_folder
from cli.judgement import Law, excused, judged, read_law
from cli.report import Wanted, deliver, provenance, rules
from cli.surroundings import as_of
from cli.terminal import step
from core.errors import BadInput
from core.finding import Finding
from core.graph import Graph
from core.json_part import MOST_CHARACTERS, SMALLER
from evidence.bundle import Bundle, Kind

STANDARD_INPUT = "-"


@click.command(
    epilog=options.example(
        "strongroom check build/evidence/prod/graph.json",
        "pulumi preview --json > preview.json && strongroom check preview.json",
        "pulumi stack export | strongroom check - --format json",
    )
)
@click.argument("file")
@options.report_format
@options.out()
@options.waivers
@options.strict
@click.pass_context
def check(ctx: click.Context, file: str, form: str, out: Path | None, waivers: Path | None, *, strict: bool) -> None:
    """Judge a saved graph, a preview or a stack export.

    FILE is a graph.json of ours, the output of `pulumi preview --json`, the engine's event log, or the output of
    `pulumi stack export`; its content tells which. FILE may be - for standard input.
    """
    now = as_of(os.environ)
    wanted = Wanted(form, checked_folder(out) if out else None, strict)
    found = judged_file(file, waivers, now)
    ctx.exit(deliver(bundled(found, now), found.text, wanted))


@dataclass(frozen=True, slots=True)
class JudgedFile:
    """A file that was read and judged: what it is called, the law, its Graph, the Graph as JSON text, the findings."""

    name: str
    law: Law
    graph: Graph
    text: str
    findings: tuple[Finding, ...]


def judged_file(file: str, waivers: Path | None, now: datetime) -> JudgedFile:
    """The Graph that a file holds under every guard. Raises BadInput for a file that holds none."""
    name, law = "standard input" if file == STANDARD_INPUT else Path(file).name, read_law(waivers=waivers)
    with step(f"checking {name}"):
        from core.graph_json import to_json
        from core.graph_source import graph_from_text

        graph = graph_from_text(read(file), file)
        (findings,) = excused(law, [judged(graph, law)], now.date(), stack(graph))
        return JudgedFile(name, law, graph, to_json(graph), findings)


def bundled(found: JudgedFile, now: datetime) -> Bundle:
    """What a report is made from."""
    return Bundle(
        title=f"Strongroom check of {found.name}",
        environment=stack(found.graph),
        kind=Kind.CHECK,
        as_of=now,
        provenance=provenance(found.law, found.text, libraries=()),
        findings=found.findings,
        rules=rules(found.law),
        controls=found.law.controls,
        names=frozenset(resource.name for resource in found.graph.resources),
    )


def read(file: str) -> str:
    """The text of the file, or of standard input. Raises BadInput when it cannot be read or is not text."""
    try:
        if file == STANDARD_INPUT:
            content = bytes(sys.stdin.buffer.read(MOST_CHARACTERS + 1))
        else:
            with Path(file).open("rb") as opened:
                content = opened.read(MOST_CHARACTERS + 1)
        if len(content) > MOST_CHARACTERS:
            msg = f"{file}: more than {MOST_CHARACTERS >> 20} MB; {SMALLER}"
            raise BadInput(msg)
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        msg = f"{file}: not a text in UTF-8 (byte {error.start}); expected JSON"
        raise BadInput(msg) from error
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else str(error)
        msg = f"{file}: cannot be read ({why})"
        raise BadInput(msg) from error


def stack(graph: Graph) -> str:
    """The stack that most resources belong to; empty when none says."""
    counted = Counter(resource.stack for resource in graph.resources if resource.stack)
    return min(counted, key=lambda name: (-counted[name], name), default="")
