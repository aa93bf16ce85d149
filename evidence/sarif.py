"""SARIF 2.1.0, for code scanning and editors.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html

Only a failure has kind `fail`. What could not be decided has kind `open`, "insufficient information to decide"
(3.27.9), and with every kind but `fail` the level must be `none` (3.27.10). What passed or does not apply is counted
in the run's properties and is no result: code scanning on GitHub does not read `kind` and takes each result for an
alert. Each of them stands in findings.json.
"""

from __future__ import annotations

import hashlib
from typing import Any
from urllib.parse import quote, urlunsplit

from core.finding import Finding, Severity
from core.resource import Location
from core.verdict import State
from evidence.bundle import Bundle, Control, Phase, Rule
from evidence.json_v1 import counts, heading, written
from evidence.wording import SAID, visible, waived_by

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
ROOT = "SRCROOT"
"""The `uriBaseId` of files of the project; where that is, the reader of the file decides."""
KINDS = {
    State.FAIL: "fail",
    State.UNKNOWN: "open",
}
"""The kind of what somebody may have to act on; a waived finding keeps the kind of what it would be."""
LEVELS = {Severity.CRITICAL: "error", Severity.HIGH: "error", Severity.MEDIUM: "warning", Severity.LOW: "warning"}
SCORES = {Severity.CRITICAL: "9.5", Severity.HIGH: "8.0", Severity.MEDIUM: "5.5", Severity.LOW: "3.0"}
"""What GitHub reads as `security-severity` and turns back into the four words."""


def render(bundle: Bundle) -> str:
    """The bundle as one SARIF run."""
    run = {
        "tool": {"driver": _driver(bundle)},
        "automationDetails": {"id": f"strongroom/{bundle.kind.value.replace(' ', '-')}/{bundle.environment}/"},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {ROOT: {"description": {"text": "The root of the program's source."}}},
        "invocations": [{"executionSuccessful": True, "endTimeUtc": bundle.date}],
        "properties": {**heading(bundle), "summary": counts(f for _, f in bundle.everything)},
        "results": [
            _result(phase, finding) for phase, finding in bundle.of_state(State.FAIL, State.UNKNOWN, State.WAIVED)
        ],
    }
    return written({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]})


def rules(bundle: Bundle) -> tuple[Rule, ...]:
    """Every guard the bundle knows or a finding names, by id: a finding of the waivers has no guard behind it."""
    known = {rule.id: rule for rule in bundle.rules}
    for _, finding in bundle.everything:
        known.setdefault(finding.guard, Rule(finding.guard, "", finding.severity, finding.fix, finding.controls))
    return tuple(known[rule_id] for rule_id in sorted(known))


def _driver(bundle: Bundle) -> dict[str, Any]:
    return {
        "name": "Strongroom",
        "semanticVersion": bundle.provenance.tool,
        "rules": [_rule(bundle, rule) for rule in rules(bundle)],
    }


def _rule(bundle: Bundle, rule: Rule) -> dict[str, Any]:
    controls = [bundle.control(control) for control in sorted(rule.controls)]
    described = visible(rule.why) or rule.title
    return {
        "id": rule.id,
        "name": rule.id,
        "shortDescription": {"text": rule.title},
        "fullDescription": {"text": described},
        "help": {"text": f"{described}\n\nFix: {visible(rule.fix)}\n\nServes: {_served(controls)}"},
        "defaultConfiguration": {"level": LEVELS[rule.severity]},
        "properties": {
            "security-severity": SCORES[rule.severity],
            "tags": ["security", *sorted({control.framework for control in controls})],
        },
    }


def _served(controls: list[Control]) -> str:
    return "; ".join(f"{control.label} {control.title}".strip() for control in controls) or "no section of a pack"


def _result(phase: Phase, finding: Finding) -> dict[str, Any]:
    state = finding.under or finding.state
    kind = KINDS[state]
    result: dict[str, Any] = {
        "ruleId": finding.guard,
        "kind": kind,
        "level": LEVELS[finding.severity] if kind == "fail" else "none",
        "message": {"text": _message(finding)},
        "locations": [_location(finding)],
        "partialFingerprints": {"guardAndResource/v1": _fingerprint(phase, finding)},
        "properties": {
            "state": finding.state.value,
            "phase": phase.value,
            "severity": finding.severity.value,
            "controls": sorted(finding.controls),
        },
    }
    if len(finding.location) > 1:
        outward = enumerate(finding.location[1:], 1)
        result["relatedLocations"] = [{"id": number, **_physical(place)} for number, place in outward]
    if finding.waiver is not None:
        result["suppressions"] = [{"kind": "external", "status": "accepted", "justification": waived_by(finding)}]
    return result


def _message(finding: Finding) -> str:
    lines = [f"{SAID[finding.state].upper()}: {visible(finding.message)}"]
    if State.FAIL in {finding.state, finding.under}:
        lines.append(f"Fix: {visible(finding.fix)}")
    return "\n".join(lines)


def _location(finding: Finding) -> dict[str, Any]:
    name = finding.resource
    logical = {"name": name, "fullyQualifiedName": finding.urn, "kind": "resource"}
    physical = _physical(finding.location[0]) if finding.location else {}
    return {**physical, "logicalLocations": [logical]}


def _physical(place: Location) -> dict[str, Any]:
    path = quote(place.file.replace("\\", "/"))
    outside = {"uri": urlunsplit(("file", "", path, "", ""))}
    artifact = outside if path.startswith("/") else {"uri": path, "uriBaseId": ROOT}
    region = {"region": {"startLine": place.line}} if place.line > 0 else {}
    return {"physicalLocation": {"artifactLocation": artifact, **region}}


def _fingerprint(phase: Phase, finding: Finding) -> str:
    """The same guard on the same resource stays the same alert when lines move."""
    return hashlib.sha256(f"{finding.guard}\0{finding.urn}\0{phase.value}".encode(errors="replace")).hexdigest()
