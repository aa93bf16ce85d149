"""From findings to a bundle, and from a bundle to what is printed, written and answered."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from cli.evidence_folder import write_folder
from cli.exit_code import ExitCode
from cli.judgement import Law
from cli.surroundings import own_version, versions
from cli.terminal import emit, is_colourful, step, tell, width
from core.finding import Finding
from core.outcome import Status
from core.proof import Standing
from core.verdict import State
from evidence.bundle import Bundle, Kind, Provenance, Rule
from evidence.folder import REPORT, contents, digest

GATED = ("staging", "prod")
"""Environments in which a mandatory section must not stay undecided."""
ENGINE = ("pulumi", "pulumi-aws", "pulumi-policy")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the user asked for: a form on standard output, perhaps a folder, and how strictly to answer."""

    form: str = "text"
    out: Path | None = None
    strict: bool = False


def provenance(
    law: Law, graph: str, settings_digest: str = "", commit: str = "", libraries: Sequence[str] = ENGINE
) -> Provenance:
    """What the result was made with; `graph` is the judged Graph as JSON text, `libraries` name Python packages."""
    return Provenance(
        tool=own_version(),
        graph_digest=digest(graph),
        settings_digest=settings_digest,
        waivers_digest=law.waivers_digest,
        commit=commit,
        packs=law.used,
        libraries=versions(*libraries),
    )


def rules(law: Law) -> tuple[Rule, ...]:
    """Every guard in force, with the sections it serves."""
    from policies.judge import guards

    return tuple(Rule(g.id, g.why, g.severity, g.fix, law.served_by(g.id)) for g in guards().values())


def deliver(bundle: Bundle, graph: str, wanted: Wanted) -> ExitCode:
    """Write the folder if one was asked for, print the report, and say how the run ends."""
    folder = None
    if wanted.out is not None:
        with step("writing the evidence"):
            folder = write_folder(wanted.out, contents(bundle, graph))
    emit(rendered(bundle, wanted.form))
    if folder is not None:
        tell(f"Evidence: {shown(folder)}; start with {shown(folder / REPORT)}")
    return exit_code(bundle, strict=wanted.strict)


def rendered(bundle: Bundle, form: str) -> str:
    """The bundle in one of the formats of `cli.options.FORMATS`."""
    if form == "text":
        from evidence import text

        return text.render(bundle, width(), colour=is_colourful(os.environ))
    from evidence import json_v1, markdown, sarif

    return {"json": json_v1, "markdown": markdown, "sarif": sarif}[form].render(bundle)


def exit_code(bundle: Bundle, *, strict: bool) -> ExitCode:
    """A failure anywhere outweighs all; a guard that broke down is our fault.

    Unknown counts in a mandatory section of staging and prod, and everywhere when asked to.
    """
    settled = bundle.settled
    refuted = any(proof.standing.is_failure for proof in bundle.proofs)
    if refuted or bundle.counts[State.FAIL] or bundle.statuses[Status.FAILED]:
        return ExitCode.FINDINGS
    if broken := broken_guards(settled):
        tell("\n".join(f"strongroom: a guard of its own broke down: {line}" for line in broken))
        return ExitCode.OWN_FAULT
    if sections := left_open(bundle):
        tell(f"strongroom: mandatory in {bundle.environment} and not decided: {', '.join(sections)}")
        return ExitCode.STILL_UNKNOWN
    open_proofs = any(proof.standing is Standing.UNKNOWN for proof in bundle.proofs)
    undecided = any(finding.state is State.UNKNOWN and not finding.awaits_account for finding in settled)
    if strict and (open_proofs or undecided):
        return ExitCode.STILL_UNKNOWN
    return ExitCode.OK


def left_open(bundle: Bundle) -> list[str]:
    """The mandatory sections that the plan of a guarded environment leaves undecided, in order.

    What only a live account can decide leaves nothing open here, and what is waived somebody answers for.
    """
    if bundle.kind is not Kind.PLAN or bundle.environment not in GATED:
        return []
    needed = {control.id for control in bundle.controls if control.mandatory}
    undecided = [f for f in bundle.settled if f.state is State.UNKNOWN and not f.awaits_account]
    return sorted({bundle.control(cited).id for finding in undecided for cited in finding.controls} & needed)


def broken_guards(findings: Sequence[Finding]) -> list[str]:
    """Guards that raised instead of judging, each with where."""
    from policies.guard import FAULT

    return sorted(
        {f"{f.guard}: {f.message.removeprefix(FAULT).strip()}" for f in findings if f.message.startswith(FAULT)}
    )


def shown(path: Path) -> str:
    """The path as a person would type it here."""
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)
