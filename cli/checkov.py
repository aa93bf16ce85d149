"""`strongroom checkov`: any Pulumi program, judged by checkov and by our guards side by side."""

from __future__ import annotations

import os
from pathlib import Path

import click

from cli import options
from cli.check import bundled, judged_file
from cli.evidence_folder import checked_folder
from cli.report import Wanted, deliver
from cli.second_opinion import with_second_opinion
from cli.surroundings import as_of


@click.command(
    epilog=options.example(
        "strongroom doctor --install checkov",
        "pulumi preview --json > preview.json && strongroom checkov preview.json",
        "pulumi stack export | strongroom checkov - --format markdown",
    )
)
@click.argument("file")
@options.report_format
@options.out()
@options.waivers
@options.strict
@click.pass_context
def checkov(ctx: click.Context, file: str, form: str, out: Path | None, waivers: Path | None, *, strict: bool) -> None:
    """Judge any Pulumi program with checkov too.

    FILE is what `strongroom check` takes. The program is put into Terraform's words, without what is secret, and
    checkov is asked on this machine, offline. Its answers stand beside ours: where both agree, where only one objects,
    and why that may stand.
    """
    now = as_of(os.environ)
    wanted = Wanted(form, checked_folder(out) if out else None, strict)
    found = judged_file(file, waivers, now)
    bundle = with_second_opinion(bundled(found, now), found.graph)
    ctx.exit(deliver(bundle, found.text, wanted))
