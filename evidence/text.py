"""What a person reads in a terminal: failures in full, the unknown by reason, counts, and what to do next."""

from __future__ import annotations

from collections.abc import Iterator
from io import StringIO
from itertools import groupby

from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from core.finding import Finding, Severity, awaiting, tally
from core.outcome import Status
from core.second_opinion import Standing
from core.verdict import State
from evidence import access_proofs
from evidence.bundle import CODE, Bundle, Kind
from evidence.by_control import by_control
from evidence.second_opinion import counted, coverage, lines
from evidence.wording import SAID, live_reasons, located, outcome_reasons, unknown_reasons, visible, waived_by

STYLES = {
    State.FAIL: "bold red",
    State.UNKNOWN: "yellow",
    State.WAIVED: "magenta",
    State.PASS: "green",
    State.NOT_APPLICABLE: "dim",
}
STATUS_STYLES = {Status.FAILED: "bold red", Status.UNVERIFIED: "yellow", Status.VERIFIED: "green"}
HEADINGS = {**SAID, State.NOT_APPLICABLE: "n/a"}
LIVE = "live"
"""Heads the column of what only a live account can decide."""
UNBROKEN = 10_000
"""The width of a page that wraps nothing: what reads a pipe does its own wrapping."""
MOST_REASONS = 12
OPEN = {
    Kind.PLAN: (
        "What is unknown is decided in the local cloud (strongroom up --env local), or once it is deployed:",
        "  pulumi stack export > state.json && strongroom check state.json",
    ),
    Kind.LOCAL_APPLY: (
        "What the local cloud cannot show is counted as unverified or unknown; only an AWS account can settle that.",
        "Next: look around in it with the AWS CLI or boto3: strongroom up --env local --serve",
    ),
}
"""What to do about what stayed open."""
ROOM_FOR_TITLES = 100
"""Columns from which on the titles of controls fit beside their counts."""


def render(bundle: Bundle, width: int | None = None, *, colour: bool = False) -> str:
    """The report for a terminal of that many columns, or unwrapped when there is none; coloured only when asked to."""
    page = StringIO()
    console = Console(
        file=page,
        width=width or UNBROKEN,
        color_system="standard" if colour else None,
        force_terminal=colour,
        no_color=not colour,
        legacy_windows=False,
        highlight=False,
        markup=False,
        emoji=False,
        _environ={},
    )
    for block in _blocks(bundle, titled=console.width >= ROOM_FOR_TITLES):
        console.print(block)
    return "\n".join(line.rstrip() for line in page.getvalue().splitlines()) + "\n"


def _blocks(bundle: Bundle, *, titled: bool) -> Iterator[RenderableType]:
    yield Text(f"{visible(bundle.title)}, as of {bundle.date}", style="bold")
    yield from _failures(bundle)
    yield from _unknown(bundle)
    yield from _awaiting(bundle)
    yield from _waived(bundle)
    yield from _controls(bundle, titled=titled)
    yield from _outcomes(bundle)
    yield from _access(bundle)
    yield from _opinion(bundle)
    yield ""
    yield _summary(bundle)
    yield ""
    yield from (Text(line) for line in next_steps(bundle))


def _headline(text: str, style: str) -> Text:
    return Text(f"\n{text}", style=style)


def _indented(text: Text | str, columns: int) -> Padding:
    return Padding(text, (0, 0, 0, columns), expand=False)


def _failures(bundle: Bundle) -> Iterator[RenderableType]:
    failures = [finding for _, finding in bundle.of_state(State.FAIL)]
    if failures:
        yield _headline(f"FAILED ({len(failures)})", STYLES[State.FAIL])
    for guard, group in groupby(failures, key=lambda finding: finding.guard):
        yield from _failed(bundle, guard, tuple(group))


def _failed(bundle: Bundle, guard: str, findings: tuple[Finding, ...]) -> Iterator[RenderableType]:
    first = findings[0]
    yield Text.assemble(
        "  ", (f"FAIL {visible(guard)}", STYLES[State.FAIL]), f"  {first.severity.value}  ({len(findings)})"
    )
    for label in sorted(_served(bundle, findings)):
        yield _indented(f"serves  {visible(label)}", 4)
    yield _indented(f"fix     {visible(first.fix)}", 4)
    for finding in findings:
        yield _indented(visible(finding.urn), 4)
        where = f"{located(finding)}: " if finding.location else ""
        yield _indented(where + visible(finding.message), 6)


def _served(bundle: Bundle, findings: tuple[Finding, ...]) -> set[str]:
    controls = {control for finding in findings for control in finding.controls}
    return {f"{c.label} {c.title}".strip() for c in (bundle.control(control) for control in controls)} or {
        "no section of a pack"
    }


def _unknown(bundle: Bundle) -> Iterator[RenderableType]:
    undecided = bundle.of_state(State.UNKNOWN)
    if not undecided:
        return
    reasons = unknown_reasons(bundle)
    yield _headline(f"UNKNOWN ({len(undecided)}), by reason; unknown is not a pass", STYLES[State.UNKNOWN])
    yield _by_reason(reasons)
    guards = sorted({finding.guard for _, finding in undecided})
    yield _indented(f"guards: {', '.join(guards)}", 2)


def _awaiting(bundle: Bundle) -> Iterator[RenderableType]:
    if bundle.live:
        yield _headline(f"ONLY A LIVE ACCOUNT CAN SAY ({bundle.live}); neither passed nor blocking here", "yellow")
        yield _by_reason(live_reasons(bundle))
        guards = sorted({finding.guard for _, finding in bundle.awaiting})
        yield _indented(f"guards: {', '.join(guards)}", 2)


def _by_reason(reasons: tuple[tuple[str, int], ...]) -> Table:
    table = _table()
    table.add_column(justify="right")
    table.add_column(overflow="fold")
    for reason, count in reasons[:MOST_REASONS]:
        table.add_row(str(count), Text(reason))
    if rest := reasons[MOST_REASONS:]:
        table.add_row(str(sum(count for _, count in rest)), f"for {len(rest)} further reasons")
    return table


def _waived(bundle: Bundle) -> Iterator[RenderableType]:
    waived = bundle.of_state(State.WAIVED)
    if waived:
        yield _headline(f"WAIVED ({len(waived)})", STYLES[State.WAIVED])
    for _, finding in waived:
        yield _indented(f"{visible(finding.guard)}  {visible(finding.resource)}", 2)
        yield _indented(visible(waived_by(finding)), 6)


def _controls(bundle: Bundle, *, titled: bool) -> Iterator[RenderableType]:
    groups = by_control(bundle)
    if not groups:
        return
    yield _headline("BY CONTROL (~ marks a citation that is inferred)", "bold")
    table = _table("control")
    for state in State:
        table.add_column(HEADINGS[state], justify="right", no_wrap=True)
    shows_live = titled and bundle.live
    if shows_live:
        table.add_column(LIVE, justify="right", no_wrap=True)
    if titled:
        table.add_column("title", overflow="fold")
    for group in groups:
        counts = [_count(state, group.counts[state]) for state in State]
        counts += [_count(State.UNKNOWN, group.live)] if shows_live else []
        title = [Text(visible(group.control.title))] if titled else []
        table.add_row(Text(visible(group.control.label)), *counts, *title)
    yield table
    if others := sum(control.responsibility != CODE for control in bundle.controls):
        yield _indented(f"{others} further sections are for people or AWS to see to; no code can: see report.md", 1)


def _outcomes(bundle: Bundle) -> Iterator[RenderableType]:
    if not bundle.outcomes:
        return
    yield _headline("LOCAL CLOUD, as read back", "bold")
    said = "  ".join(f"{bundle.statuses[status]} {status.value}" for status in reversed(Status))
    yield _indented(said, 2)
    for outcome in sorted(bundle.outcomes, key=lambda o: o.urn):
        if outcome.status is Status.FAILED:
            yield _indented(Text(f"FAILED {visible(outcome.urn)}", style=STATUS_STYLES[Status.FAILED]), 2)
            yield _indented(visible("; ".join(outcome.reasons)), 6)
    if reasons := outcome_reasons(bundle, Status.UNVERIFIED):
        yield _indented("unverified, by reason:", 2)
        yield _by_reason(reasons)


def _access(bundle: Bundle) -> Iterator[RenderableType]:
    if bundle.proofs:
        yield _headline("WHO CAN REACH WHAT", "bold")
        yield _indented(f"{len(bundle.proofs)} statements: {access_proofs.tally_line(bundle.proofs)}", 2)
        for line in access_proofs.lines(bundle.proofs, every=False):
            yield _indented(line, 2)


def _opinion(bundle: Bundle) -> Iterator[RenderableType]:
    if (said := bundle.opinion) is None:
        return
    yield _headline(f"SECOND OPINION of {visible(said.tool)} {visible(said.version)}", "bold")
    table = _table()
    for column in ("right", "left", "left"):
        table.add_column(justify=column, overflow="fold")
    for count, standing, meaning in counted(said):
        table.add_row(str(count), standing, Text(meaning, style="dim"))
    yield table
    for standing in (Standing.ONLY_OURS, Standing.ACCEPTED, Standing.EXPLAINED):
        for line in lines(said, standing):
            on = line.resource if line.count == 1 else f"{line.count} resources"
            yield _indented(visible(f"{standing.value}: {line.check} {line.title}, on {on}"), 2)
            yield _indented(visible(line.reason), 6)
    yield _indented(visible(coverage(said)), 2)


def _summary(bundle: Bundle) -> Table:
    table = _table("")
    for state in State:
        table.add_column(HEADINGS[state], justify="right")
    if bundle.live:
        table.add_column(LIVE, justify="right")
    for phase, found in bundle.phases.items():
        counted = tally(found)
        shown = [_count(state, counted[state]) for state in State]
        shown += [_count(State.UNKNOWN, awaiting(found))] if bundle.live else []
        table.add_row(phase.value, *shown)
    return table


def _count(state: State, count: int) -> Text:
    return Text(str(count), style=STYLES[state] if count else "dim")


def _table(*columns: str) -> Table:
    table = Table(box=None, show_header=bool(columns), pad_edge=True, padding=(0, 1, 0, 1), header_style="dim")
    for number, column in enumerate(columns):
        table.add_column(column, overflow="fold", no_wrap=number == 0)
    return table


def next_steps(bundle: Bundle) -> Iterator[str]:
    """What the reader can do about it, a sentence each."""
    failures = [finding for _, finding in bundle.of_state(State.FAIL)]
    if failures:
        ours = [finding for finding in failures if finding.guard in {rule.id for rule in bundle.rules if rule.why}]
        worst = min(ours or failures, key=lambda finding: list(Severity).index(finding.severity))
        yield f"Next: mend what failed, worst first; for the why of one: strongroom explain {worst.guard}"
    elif any(proof.standing.is_failure for proof in bundle.proofs):
        yield "Next: a statement about access does not hold; mend the policies, or state anew what is meant."
    elif bundle.statuses[Status.FAILED]:
        yield "Next: the local cloud holds something else than was declared; see FAILED above."
    else:
        yield "Nothing failed."
        yield from OPEN.get(bundle.kind, ()) if is_open(bundle) else ()


def is_open(bundle: Bundle) -> bool:
    """Whether something could not be decided or verified."""
    return bool(bundle.counts[State.UNKNOWN] or bundle.statuses[Status.UNVERIFIED])
