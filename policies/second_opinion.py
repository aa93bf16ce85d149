"""Checkov's answers read, and laid beside ours.

Which of our guards has the subject of which check, and which objections may stand and why, is data:
`policies/checkov.toml`. Whatever is in neither is a finding: no objection is dropped.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from types import MappingProxyType

from core.errors import BadInput
from core.finding import Finding, Severity
from core.json_part import JsonPart
from core.json_part import parsed as parsed_json
from core.resource import Location
from core.second_opinion import Comparison, Opinion, Standing
from core.toml_table import Table, hint, parsed
from core.verdict import State
from policies.terraform import Bridge

TOOL = "checkov"
FIX = "Mend it; or say in policies/checkov.toml which guard has its subject, or why it may stand."


@dataclass(frozen=True, slots=True)
class Accepted:
    """An objection that may stand: the check, a pattern with `*` over the resource's name, and why."""

    check: str
    resource: str
    reason: str


@dataclass(frozen=True, slots=True)
class Subjects:
    """Check -> the guards that have its subject, and the objections that may stand."""

    guards: Mapping[str, tuple[str, ...]]
    accepted: tuple[Accepted, ...]

    def accepts(self, check: str, resource: str) -> Accepted | None:
        """What was written down about this objection, if anything."""
        fit = (a for a in self.accepted if a.check == check and fnmatchcase(resource, a.resource))
        return next(fit, None)


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer of theirs."""

    check: str
    title: str
    urn: str
    passes: bool


def subjects_from(text: str, source: str, guards: Collection[str]) -> Subjects:
    """The table that the text holds. Raises BadInput for unknown keys, guards there are not, and missing reasons."""
    table = Table(parsed(text, source), source)
    table.only("guards", "accepted")
    named = Table(table.table("guards"), source, "guards")
    held = {check: named.texts(check) for check in named.body}
    for check, names in held.items():
        for name in names:
            if name not in guards:
                named.refuse(check, f"names {name!r}, which is no guard{hint(name, guards)}", "ids of guards")
    entries = (
        Table(entry, source, f"accepted[{n}]") for n, entry in enumerate(table.get("accepted", list, "a list", []), 1)
    )
    return Subjects(MappingProxyType(held), tuple(_accepted(entry) for entry in entries))


def _accepted(entry: Table) -> Accepted:
    entry.only("check", "resource", "reason")
    return Accepted(entry.text("check"), entry.text("resource", "*"), entry.text("reason"))


def answers_from(text: str, urns: Mapping[str, str]) -> tuple[Answer, ...]:
    """What checkov's JSON says, by URN.

    Raises BadInput for an output that is not whole, or speaks of what was not sent.
    """
    document = parsed_json(text, "the output of checkov")
    reports = list(document.items()) if isinstance(document.value, list) else [document]
    return tuple(
        sorted(_unique(a for report in reports for a in _answers(report, urns)), key=lambda a: (a.check, a.urn))
    )


def _unique(answers: Iterable[Answer]) -> Iterable[Answer]:
    """One answer for each check and resource: where a check answers several times, an objection counts."""
    found: dict[tuple[str, str], Answer] = {}
    for answer in answers:
        earlier = found.get((answer.check, answer.urn))
        if earlier is None or earlier.passes:
            found[answer.check, answer.urn] = answer
    return found.values()


def _answers(report: JsonPart, urns: Mapping[str, str]) -> Iterator[Answer]:
    if (results := report.get("results")) is None:
        if report.mapping().get("resource_count") != 0:  # what it says when it found nothing to judge
            report.refuse("the results of the checks")
        return
    for unread in results.listed("parsing_errors"):
        msg = f"checkov could not read {unread.text()}, which strongroom wrote for it; please report this"
        raise BadInput(msg)
    for key, passes in (("passed_checks", True), ("failed_checks", False)):
        for item in results.need(key, "a list of checks").items():
            yield Answer(_said(item, "check_id"), _said(item, "check_name"), _urn(item, urns), passes)


def _said(item: JsonPart, key: str) -> str:
    return item.need(key, "a text").filled("a text")


def _urn(item: JsonPart, urns: Mapping[str, str]) -> str:
    place = item.said("resource_address") or item.said("resource")
    for name in (place, item.said("file_path").lstrip("/")):
        if name in urns:
            return urns[name]
    msg = f"the output of checkov: {place or 'a check without a resource'} is nothing that was sent to it"
    raise BadInput(msg)


def version_of(text: str) -> str:
    """The version that checkov says it is; empty when it judged nothing."""
    document = parsed_json(text, "the output of checkov")
    reports = list(document.items()) if isinstance(document.value, list) else [document]
    said = (report.get("summary") or report for report in reports)
    return next((version for one in said if (version := one.said("checkov_version"))), "")


def opinion(
    findings: Iterable[Finding], answers: Iterable[Answer], subjects: Subjects, bridge: Bridge, version: str
) -> Opinion:
    """Their answers beside ours; `findings` are ours after waivers."""
    ours: dict[tuple[str, str], list[Finding]] = {}
    guards = set()
    for finding in findings:
        ours.setdefault((finding.guard, finding.urn), []).append(finding)
        guards.add(finding.guard)
    made = []
    for answer in answers:
        names = subjects.guards.get(answer.check, ())
        found = [finding for name in names for finding in ours.get((name, answer.urn), ())]
        standing, reason = _standing(answer, found, subjects, bridge.unseen.get(answer.urn, ()))
        state = _worst(found).state if found else None
        made.append(Comparison(answer.check, answer.title, answer.urn, answer.passes, state, standing, names, reason))
    shared = {name for names in subjects.guards.values() for name in names}
    return Opinion(TOOL, version, tuple(made), tuple(sorted(guards - shared)), tuple(sorted(bridge.left_out)))


def _worst(found: Iterable[Finding]) -> Finding:
    return min(found, key=lambda finding: list(State).index(finding.state))


def _standing(
    answer: Answer, found: list[Finding], subjects: Subjects, unseen: tuple[str, ...]
) -> tuple[Standing, str]:
    worst = _worst(found) if found else None
    if answer.passes:
        if worst is None or worst.state is State.NOT_APPLICABLE:
            return Standing.NOT_COMPARED, ""
        objects = worst.state in {State.FAIL, State.UNKNOWN, State.WAIVED}
        return (Standing.ONLY_OURS, f"{worst.guard}: {worst.message}") if objects else (Standing.AGREED, "")
    if worst is not None and worst.state is State.FAIL:
        return Standing.AGREED, ""
    if accepted := subjects.accepts(answer.check, answer.urn.rpartition("::")[2]):
        return Standing.ACCEPTED, accepted.reason
    return (Standing.ONLY_THEIRS, "") if worst is None else _explained(worst, unseen)


def _explained(worst: Finding, unseen: tuple[str, ...]) -> tuple[Standing, str]:
    """Why a guard with the same subject does not object; a plain pass on what both could see explains nothing."""
    if worst.waiver is not None:
        return Standing.ACCEPTED, f"waived until {worst.waiver.expires} by {worst.waiver.owner}: {worst.waiver.reason}"
    if worst.state in {State.NOT_APPLICABLE, State.UNKNOWN}:
        return Standing.EXPLAINED, f"{worst.guard}: {worst.message}"
    if unseen:
        return Standing.EXPLAINED, f"they do not see {', '.join(dict.fromkeys(unseen))}; {worst.guard} decides by links"
    return Standing.ONLY_THEIRS, f"{worst.guard} passes: {worst.message}"


def objections(
    said: Opinion, places: Mapping[str, tuple[Location, ...]], severity: Severity = Severity.MEDIUM
) -> tuple[Finding, ...]:
    """A finding for each objection that nobody has explained, under checkov's own id."""
    return tuple(
        Finding(
            f"{TOOL}.{one.check}",
            State.FAIL,
            one.urn,
            f"{one.title}{f' ({one.reason})' if one.reason else ''}",
            severity,
            FIX,
            places.get(one.urn, ()),
        )
        for one in said.of(Standing.ONLY_THEIRS)
    )
