"""`strongroom plan`: an environment judged offline, before anything exists."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli import options
from cli.evidence_folder import checked_folder
from cli.judgement import Law, excused, judged, read_law
from cli.program import declared, settings_of
from cli.report import Wanted, deliver, provenance, rules
from cli.surroundings import as_of, commit
from cli.terminal import step
from core.finding import Finding
from evidence.bundle import Bundle, Kind

if TYPE_CHECKING:
    from core.settings import Settings


@click.command(
    epilog=options.example(
        "strongroom plan --env prod",
        "strongroom plan --env dev --format markdown > plan.md",
        "strongroom plan --env staging --strict --out build/evidence/staging",
        "strongroom plan --env prod --second-opinion",
        "strongroom plan --env prod --prove",
    )
)
@options.environment
@options.report_format
@options.out()
@options.waivers
@options.strict
@options.proving
@click.option(
    "--second-opinion",
    is_flag=True,
    help="Ask checkov too, offline; what it objects to and nobody has explained is a finding.",
)
@click.pass_context
def plan(
    ctx: click.Context,
    environment: str,
    form: str,
    out: Path | None,
    waivers: Path | None,
    *,
    strict: bool,
    second_opinion: bool,
    proving: bool,
) -> None:
    """Judge what an environment declares, offline.

    Runs the program in this process, with no Pulumi CLI, credentials, state or network, and holds every guard against
    every resource. What only AWS can answer stays unknown, and is counted as that.
    """
    now = as_of(os.environ)
    wanted = Wanted(form, checked_folder(out) if out else None, strict)
    law = read_law(waivers=waivers)
    with step(f"planning {environment}"):
        settings = settings_of(environment)
        made = planned(settings, law, now)
    bundle = made.bundle
    if proving:
        from cli.proving import with_proofs

        bundle = with_proofs(bundle, settings)
    if second_opinion:
        from cli.second_opinion import with_second_opinion
        from core.graph_json import from_json

        bundle = with_second_opinion(bundle, from_json(made.graph))
    ctx.exit(deliver(bundle, made.graph, wanted))


@dataclass(frozen=True, slots=True)
class Planned:
    """A judged plan: its bundle, the Graph as JSON text, and the findings before any waiver."""

    bundle: Bundle
    graph: str
    findings: tuple[Finding, ...]


def planned(settings: Settings, law: Law, now: datetime) -> Planned:
    """Run the program offline and hold every guard against what it declares."""
    from core.graph_json import to_json
    from core.settings import settings_digest

    graph = declared(settings)
    text, found = to_json(graph), judged(graph, law)
    (findings,) = excused(law, [found], now.date(), settings.environment)
    bundle = Bundle(
        title=f"Strongroom plan of {settings.environment}",
        environment=settings.environment,
        kind=Kind.PLAN,
        as_of=now,
        provenance=provenance(law, text, settings_digest(settings), commit()),
        findings=findings,
        rules=rules(law),
        controls=law.controls,
        names=frozenset(resource.name for resource in graph.resources),
    )
    return Planned(bundle, text, found)
