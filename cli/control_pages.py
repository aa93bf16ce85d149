"""The generated pages about controls: the catalogue, each pack in a reviewer's order, the matrix against others."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from cli.judgement import POLICIES, Law, text_of
from cli.judgement import shown as told
from core.catalogue import Row, catalogue
from core.controls import Control, Pack, Responsibility
from core.verdict import Decidable
from policies.guard import Guard

ROWS, MAPPING = POLICIES / "data" / "catalogue.csv", POLICIES / "data" / "catalogue.toml"
CASE_OF = re.compile(r"^([a-z0-9]+\.[a-z0-9_]+):", re.MULTILINE)
EXPECTS = re.compile(r"^  - (?:\{)?expect:", re.MULTILINE)
OTHERS = {
    "cdk_nag_hipaa": "cdk-nag, HIPAA pack",
    "config_rule": "AWS Config",
    "checkov": "checkov",
    "prowler": "prowler",
}
WHO = {
    Responsibility.CODE: "code, as far as it reaches",
    Responsibility.OPERATOR: "the people who run it",
    Responsibility.AWS: "AWS",
}


def read_catalogue(guards: Mapping[str, Guard]) -> tuple[Row, ...]:
    """The project's catalogue. Raises BadInput for one that cannot be used."""
    return catalogue(text_of(ROWS), text_of(MAPPING), guards, (told(ROWS), told(MAPPING)))


def cases(files: Iterable[Path]) -> Mapping[str, int]:
    """How many cases each guard has, counted in the texts of the case files."""
    counted: Counter[str] = Counter()
    for path in files:
        parts = CASE_OF.split(text_of(path))
        for guard, body in zip(parts[1::2], parts[2::2], strict=True):
            counted[guard] += len(EXPECTS.findall(body))
    return counted


def pages(law: Law, guards: Mapping[str, Guard]) -> dict[str, str]:
    """File -> text of every page about controls."""
    rows, counted = read_catalogue(guards), cases(sorted(POLICIES.glob("*.cases.yaml")))
    made = {f"docs/packs/{pack.id}.md": pack_page(pack, guards) for pack in law.packs}
    return {"docs/catalogue.md": catalogue_page(rows, guards, counted), "docs/coverage.md": coverage_page(rows), **made}


def catalogue_page(rows: tuple[Row, ...], guards: Mapping[str, Guard], counted: Mapping[str, int]) -> str:
    """Every row with its guards, how many cases these have, and whether only a live account decides some of it."""
    lines = [
        "# The control catalogue",
        "",
        f"{len(rows)} rows; a row without a guard is refused. Requirements are those that public catalogues ask for:",
        "[coverage.md](coverage.md) names the ids under which they do. Rows marked `live` are decided in part by the",
        "account alone, and stay unknown, aloud, on a plan.",
        "",
        "| Row | Service | Requirement | Guards | Cases | |",
        "|---|---|---|---|---|---|",
    ]
    for row in rows:
        named = "<br>".join(linked(guard, "guards.md") for guard in row.guards)
        live = any(guards[guard].decidable is Decidable.LIVE for guard in row.guards)
        total = sum(counted[guard] for guard in row.guards)
        lines.append(
            f"| {row.id} | {row.service} | {_cell(row.requirement)} | {named} | {total} | {'live' if live else ''} |"
        )
    return "\n".join([*lines, ""])


def coverage_page(rows: tuple[Row, ...]) -> str:
    """Which ids of other catalogues each row answers, and which of our rows none of them has."""
    totals = {name: sorted({one for row in rows for one in row.known_as[name]}) for name in OTHERS}
    alone = [row.id for row in rows if not any(row.known_as.values())]
    lines = ["# What others check, and where it is decided here", ""]
    lines += [f"- {OTHERS[name]}: {len(ids)} ids" for name, ids in totals.items()]
    lines += [
        "- Security Hub, AI Security Best Practices: 23 controls over SageMaker, in [packs/aws_ai.md](packs/aws_ai.md)",
        f"- in none of them: {', '.join(alone)}",
        "",
        "An id stands here because a row of the catalogue asks for the same thing, read in August 2026 from the public",
        "sources named in `policies/data/LICENCES.md`. That verdicts agree on every program is not claimed: a guard",
        "says unknown where a value is not known, and asks for keys of our own where others take AWS's.",
        "",
        "| Row | Guards | cdk-nag | AWS Config | checkov | prowler |",
        "|---|---|---|---|---|---|",
    ]
    for row in rows:
        ids = [", ".join(f"`{one}`" for one in row.known_as[name]) for name in OTHERS]
        named = ", ".join(linked(guard, "guards.md") for guard in row.guards)
        lines.append(f"| [{row.id}](catalogue.md) | {named} | {' | '.join(ids)} |")
    return "\n".join([*lines, ""])


def pack_page(pack: Pack, guards: Mapping[str, Guard]) -> str:
    """A pack as a reviewer reads it: what is asked, who sees to it, and what is looked at, in plain sentences."""
    count = Counter(control.responsibility for control in pack.controls.values())
    lines = [
        f"# {pack.title}",
        "",
        f"{len(pack.controls)} sections: {count[Responsibility.CODE]} that code speaks to,",
        f"{count[Responsibility.OPERATOR]} for the people who run it, {count[Responsibility.AWS]} for AWS.",
        "A guard below *our own reading* is cited for its section by nobody else: have counsel look at it.",
        "That every guard passes is no proof of compliance.",
        "",
        "| Section | Asks for | Seen to by | Guards |",
        "|---|---|---|---|",
        *(_line(control) for control in pack.controls.values()),
        "",
    ]
    for control in pack.controls.values():
        lines += _section(control, guards)
    return "\n".join(lines)


def _line(control: Control) -> str:
    must = " **mandatory**" if control.mandatory else ""
    return (
        f"| {control.section} | {_cell(control.title)}{must} | {WHO[control.responsibility]} | {len(control.guards)} |"
    )


def _section(control: Control, guards: Mapping[str, Guard]) -> Iterator[str]:
    yield from (f"## {control.section}: {control.title}", "", control.sentence, "")
    if control.responsibility is not Responsibility.CODE:
        yield from (f"Seen to by {WHO[control.responsibility]}; no guard can.", "")
        return
    if control.mandatory:
        yield from ("Mandatory: staging and prod must not leave it undecided.", "")
    for inferred, heading in ((False, "Looked at:"), (True, "Looked at, by our own reading:")):
        held = [guard for guard in control.guards if (guard in control.inferred) is inferred]
        if held:
            yield from (heading, "")
            yield from (_sentence(guards[guard]) for guard in held)
            yield ""


def _sentence(guard: Guard) -> str:
    live = " Only a live account decides it." if guard.decidable is Decidable.LIVE else ""
    why = guard.why.partition("\n")[0]
    service, _, truth = guard.id.partition(".")
    return f"- **{truth.replace('_', ' ')}** ({service}, {guard.severity}): {why}{live}"


def linked(guard: str, page: str) -> str:
    """A guard's id as a link to its place on a page of this folder."""
    return f"[`{guard}`]({page}#{guard.replace('.', '')})"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
