"""One page for a reviewer, fit for a comment on a pull request: what failed first, long lists folded."""

from __future__ import annotations

from collections.abc import Sequence

from core.finding import Finding, awaiting, tally
from core.outcome import Status
from core.verdict import State
from evidence.access_section import access_section
from evidence.bundle import CODE, Bundle, Phase
from evidence.by_control import by_control
from evidence.markdown_parts import code, folded, prose, table
from evidence.second_opinion import TOLD, counted, coverage, lines
from evidence.wording import SAID, located, outcome_reasons, unknown_reasons

MOST_ROWS = 100
"""GitHub takes 65,536 characters in a comment: https://github.com/orgs/community/discussions/27190"""


def render(bundle: Bundle) -> str:
    """The report; a table cell can hold any name without breaking its row or becoming markup."""
    parts = [
        _head(bundle),
        _counts(bundle),
        _failures(bundle),
        _unknown(bundle),
        _awaiting(bundle),
        _waived(bundle),
        _controls(bundle),
        _outcomes(bundle),
        _access(bundle),
        _opinion(bundle),
        _provenance(bundle),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _head(bundle: Bundle) -> str:
    failed = bundle.counts[State.FAIL] + bundle.statuses[Status.FAILED]
    failed += sum(proof.standing.is_failure for proof in bundle.proofs)
    verdict = "nothing failed" if not failed else f"{failed} failed"
    lines = [f"# {prose(bundle.title)}", "", f"As of {bundle.date}: **{verdict}**."]
    if unknown := bundle.counts[State.UNKNOWN]:
        lines[-1] += f" {unknown} could not be decided; unknown is not a pass."
    if bundle.live:
        lines[-1] += f" {bundle.live} only a live account can decide."
    return "\n".join(lines)


def _counts(bundle: Bundle) -> str:
    def row(phase: Phase, found: Sequence[Finding]) -> list[str]:
        counted = tally(found)
        return [phase.value, *(str(counted[state]) for state in State), str(awaiting(found))]

    return table(["", *(SAID[state] for state in State), "live only"], [row(*item) for item in bundle.phases.items()])


def _failures(bundle: Bundle) -> str:
    failures = bundle.of_state(State.FAIL)
    if not failures:
        return ""
    rows = [
        [
            f"{code(finding.guard)} ({finding.severity.value})",
            code(finding.urn),
            prose(finding.message),
            code(located(finding)),
            _labels(bundle, finding),
            prose(finding.fix),
        ]
        for _, finding in failures[:MOST_ROWS]
    ]
    header = ["Guard", "Resource", "Why", "Declared at", "Controls", "Fix"]
    return f"## Failed\n\n{table(header, rows)}{_left(len(failures))}"


def _unknown(bundle: Bundle) -> str:
    undecided = bundle.of_state(State.UNKNOWN)
    if not undecided:
        return ""
    reasons = table(["Count", "Reason"], [[str(count), prose(reason)] for reason, count in unknown_reasons(bundle)])
    rows = [
        [code(finding.guard), code(finding.resource), prose(finding.message), code(located(finding))]
        for _, finding in undecided[:MOST_ROWS]
    ]
    each = table(["Guard", "Resource", "Why", "Declared at"], rows) + _left(len(undecided))
    return f"## Unknown\n\n{reasons}\n\n{folded('each of them', each)}"


def _awaiting(bundle: Bundle) -> str:
    rows = [
        [code(finding.guard), code(finding.resource), prose(finding.message)]
        for _, finding in bundle.awaiting[:MOST_ROWS]
    ]
    body = table(["Guard", "Resource", "Why"], rows) + _left(len(bundle.awaiting))
    return f"## Only a live account can say\n\n{body}" if rows else ""


def _waived(bundle: Bundle) -> str:
    rows = [
        [
            code(finding.guard),
            code(finding.resource),
            SAID[finding.under or State.UNKNOWN],
            prose(finding.waiver.owner),
            prose(finding.waiver.expires),
            prose(finding.waiver.reason),
        ]
        for _, finding in bundle.of_state(State.WAIVED)
        if finding.waiver is not None
    ]
    header = ["Guard", "Resource", "Would be", "Owner", "Until", "Reason"]
    return f"## Waived\n\n{table(header, rows)}" if rows else ""


def _controls(bundle: Bundle) -> str:
    rows = [
        [
            prose(group.control.label),
            prose(group.control.title),
            *(str(group.counts[state] or "") for state in State),
            str(group.live or ""),
        ]
        for group in by_control(bundle)
    ]
    body = table(["Control", "Title", *(SAID[state] for state in State), "live only"], rows)
    note = "A tilde marks a citation that is the pack author's inference, not an established mapping."
    parts = [folded("by control", f"{body}\n\n{note}")] if rows else []
    others = [
        [prose(control.label), prose(control.title), prose(control.responsibility)]
        for control in sorted(bundle.controls, key=lambda control: control.id)
        if control.responsibility != CODE
    ]
    if others:
        parts.append(folded("sections that no code can see to", table(["Control", "Title", "For"], others)))
    return "\n\n".join(parts)


def _outcomes(bundle: Bundle) -> str:
    if not bundle.outcomes:
        return ""
    statuses = table([s.value for s in Status], [[str(bundle.statuses[s]) for s in Status]])
    failed = [
        [code(o.urn), code(o.change.value), prose("; ".join(o.reasons))]
        for o in sorted(bundle.outcomes, key=lambda o: o.urn)
        if o.status is Status.FAILED
    ]
    reasons = [[str(count), prose(reason)] for reason, count in outcome_reasons(bundle, Status.UNVERIFIED)]
    parts = ["## Read back from the local cloud", statuses]
    if failed:
        parts.append(table(["Failed", "Change", "Why"], failed))
    if reasons:
        parts.append(folded("why resources are unverified", table(["Count", "Reason"], reasons)))
    return "\n\n".join(parts)


def _opinion(bundle: Bundle) -> str:
    if (said := bundle.opinion) is None:
        return ""
    counts = table(
        ("Answers", "Standing", "Meaning"), ((str(n), word, prose(meaning)) for n, word, meaning in counted(said))
    )
    rows = [
        (standing.value, code(line.check), prose(line.title), str(line.count), code(line.resource), prose(line.reason))
        for standing in TOLD
        for line in lines(said, standing)
    ]
    each = table(("Standing", "Check", "What it asks", "Resources", "First", "Why"), rows[:MOST_ROWS])
    more = f"\n\n{len(rows) - MOST_ROWS} further rows stand in findings.json." if len(rows) > MOST_ROWS else ""
    title = f"## Second opinion of {prose(said.tool)} {prose(said.version)}"
    return "\n\n".join([title, counts, folded("Each disagreement", each + more), prose(coverage(said))])


def _access(bundle: Bundle) -> str:
    return f"## Who can reach what\n\n{access_section(bundle.proofs)}" if bundle.proofs else ""


def _provenance(bundle: Bundle) -> str:
    made = bundle.provenance
    rows = [
        ["Strongroom", code(made.tool)],
        ["environment", code(bundle.environment)],
        ["commit", code(made.commit)],
        ["graph (sha256)", code(made.graph_digest)],
        ["settings (sha256)", code(made.settings_digest)],
        ["waivers (sha256)", code(made.waivers_digest)],
        *([f"pack {prose(p.id)} {prose(p.version)}", code(p.digest)] for p in sorted(made.packs, key=lambda p: p.id)),
        *([prose(name), code(version)] for name, version in sorted(made.libraries)),
    ]
    return folded("made with", table(["What", "Which"], [row for row in rows if row[1]]))


def _labels(bundle: Bundle, finding: Finding) -> str:
    return prose(", ".join(bundle.control(control).label for control in sorted(finding.controls)))


def _left(count: int) -> str:
    more = count - MOST_ROWS
    return f"\n\n{more} more in findings.json." if more > 0 else ""
