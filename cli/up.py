"""`strongroom up`: an environment built in a local cloud, read back and proven."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cli import options
from cli.evidence_folder import checked_folder
from cli.exit_code import ExitCode
from cli.judgement import Law, excused, judged, read_law
from cli.plan import Planned, planned
from cli.program import declared, settings_of
from cli.proving import with_proofs
from cli.report import ENGINE, Wanted, deliver
from cli.serve import require_free, serve_cloud
from cli.surroundings import as_of, versions
from cli.terminal import step, tell
from core.errors import BadInput
from core.verdict import State
from evidence.bundle import Bundle, Kind

if TYPE_CHECKING:
    from core.settings import Settings

LOCAL = "local"
DEFAULT_OUT = f"build/evidence/{LOCAL}"
CLOUD = (*ENGINE, "boto3", "moto")
LONGEST_ANSWER = 500
REFUSAL = """environment {given!r} is not built by this command: `up` builds in the local cloud only, --env local
  To judge {given!r}: strongroom plan --env {given}
  To build it, with the Pulumi CLI and an AWS account: pulumi up --stack {given} --policy-pack policies"""


@click.command(
    epilog=options.example(
        "strongroom up --env local",
        "strongroom up --env local --serve --port 4600",
        "strongroom up --env local --format json | jq .outcomes.summary",
    )
)
@options.environment
@options.report_format
@options.out(DEFAULT_OUT)
@options.strict
@options.proving
@click.option("--serve", is_flag=True, help="Afterwards keep the local cloud, for the AWS CLI or boto3, until Ctrl-C.")
@click.option("--port", type=click.IntRange(0, 65535), help="The port to serve on; by default a free one.")
@click.pass_context
def up(
    ctx: click.Context,
    environment: str,
    form: str,
    out: Path,
    port: int | None,
    *,
    strict: bool,
    proving: bool,
    serve: bool,
) -> None:
    """Build and prove an environment locally.

    Plans first, and stops there when a guard fails. Then every resource is created in an API double in this process,
    read back with boto3 and compared, property by property. What the double cannot hold or show is unverified.
    """
    if environment != LOCAL:
        raise BadInput(REFUSAL.format(given=environment))
    if port is not None and not serve:
        msg = "--port says where to serve; give --serve too"
        raise BadInput(msg)
    wanted = Wanted(form, checked_folder(out), strict)
    if serve:
        require_free(port or 0)
    ctx.exit(built(environment, wanted, port or 0, serve=serve, proving=proving))


def built(environment: str, wanted: Wanted, port: int, *, serve: bool, proving: bool = False) -> ExitCode:
    """Plan, build, read back, judge, report; and keep the cloud when asked to."""
    now, law = as_of(os.environ), read_law()
    with step(f"planning {environment}"):
        settings = settings_of(environment)
        made = planned(settings, law, now)
    if made.bundle.counts[State.FAIL]:
        tell("strongroom: a guard fails, so nothing was built")
        return deliver(made.bundle, made.graph, wanted)
    from twin.calls import RefusedError
    from twin.local_cloud import local_cloud

    with local_cloud(settings.account, settings.region) as clients:
        try:
            bundle = applied(made, settings, law, clients)
            bundle = with_proofs(bundle, settings) if proving else bundle
        except RefusedError as error:
            tell(f"strongroom: the local cloud refused what was declared; {shortened(str(error))}")
            return ExitCode.FINDINGS
        ended = deliver(bundle, made.graph, wanted)
        if serve:
            serve_cloud(settings, port)
    return ended


def shortened(message: str) -> str:
    """What a cloud said, as far as a person reads it: a refused value can be answered with a thousand allowed ones."""
    return message if len(message) <= LONGEST_ANSWER else message[:LONGEST_ANSWER] + " ..."


def applied(made: Planned, settings: Settings, law: Law, clients: Any) -> Bundle:
    """Build what was planned, read it back and judge what was read."""
    from twin.apply import Apply, suffix_from
    from twin.readback import read_back
    from twin.state import State as Remembered

    apply = Apply(clients, Remembered(), lambda _state: None, suffix_from(f"{settings.project}/{settings.environment}"))
    with step("building in the local cloud"):
        built_graph = declared(settings, realise=apply)
        done = apply.finish()
    with step("reading back"):
        reading = read_back(clients, done)
        seen = judged(reading.graph(built_graph), law)
    findings, observed = excused(law, [made.findings, seen], made.bundle.as_of.date(), settings.environment)
    return replace(
        made.bundle,
        title=f"Strongroom build of {settings.environment}, in a local cloud",
        kind=Kind.LOCAL_APPLY,
        provenance=replace(made.bundle.provenance, libraries=versions(*CLOUD)),
        findings=findings,
        observed=observed,
        outcomes=reading.outcomes,
    )
