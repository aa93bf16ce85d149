"""Findings JSON, version 1: what other programs read. The schema is `docs/schemas/findings-v1.schema.json`."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from core.finding import Finding, awaiting, tally
from core.outcome import Outcome
from core.verdict import State
from evidence.access_proofs import as_values
from evidence.bundle import Bundle, Phase, Provenance
from evidence.second_opinion import as_value
from evidence.wording import outcome_reasons, unknown_reasons

VERSION = 1


def render(bundle: Bundle) -> str:
    """The bundle as JSON text; keys keep their order, findings stand worst first."""
    return written(document(bundle))


def written(value: Any) -> str:
    """JSON as all our files have it: two spaces, pure ASCII, a newline at the end."""
    return json.dumps(value, indent=2, allow_nan=False) + "\n"


def document(bundle: Bundle) -> dict[str, Any]:
    """The bundle in plain dicts and lists."""
    return {
        "version": VERSION,
        **heading(bundle),
        "summary": counts(f for _, f in bundle.everything),
        "phases": {phase.value: counts(found) for phase, found in bundle.phases.items()},
        "findings": [_finding(phase, finding) for phase, finding in bundle.everything],
        "unknown_reasons": _reasons(unknown_reasons(bundle)),
        "outcomes": {
            "summary": {status.value: count for status, count in bundle.statuses.items()},
            "unverified_reasons": _reasons(outcome_reasons(bundle, "unverified")),
            "resources": [_outcome(outcome) for outcome in sorted(bundle.outcomes, key=lambda o: o.urn)],
        },
        **({"second_opinion": as_value(bundle.opinion)} if bundle.opinion else {}),
        **({"statements": as_values(bundle.proofs)} if bundle.proofs else {}),
    }


def heading(bundle: Bundle) -> dict[str, Any]:
    """What was judged, when and with what."""
    return {
        "title": bundle.title,
        "environment": bundle.environment,
        "kind": bundle.kind.value,
        "as_of": bundle.date,
        "provenance": _provenance(bundle.provenance),
    }


def counts(findings: Iterable[Finding]) -> dict[str, int]:
    """The five counts, and of what only a live account can decide; all six keys are always there."""
    found = tuple(findings)
    counted = tally(found)
    return {**{state.value: counted[state] for state in State}, "live": awaiting(found)}


def _provenance(made: Provenance) -> dict[str, Any]:
    return {
        "tool": made.tool,
        "graph_digest": made.graph_digest,
        "settings_digest": made.settings_digest or None,
        "waivers_digest": made.waivers_digest or None,
        "commit": made.commit or None,
        "packs": [
            {"id": p.id, "title": p.title, "version": p.version, "digest": p.digest}
            for p in sorted(made.packs, key=lambda p: p.id)
        ],
        "libraries": dict(sorted(made.libraries)),
    }


def _finding(phase: Phase, finding: Finding) -> dict[str, Any]:
    waiver = finding.waiver
    return {
        "guard": finding.guard,
        "verdict": finding.state.value,
        "phase": phase.value,
        "urn": finding.urn,
        "message": finding.message,
        "severity": finding.severity.value,
        "decidable": finding.decidable.value,
        "fix": finding.fix,
        "location": [{"file": place.file, "line": place.line} for place in finding.location],
        "controls": sorted(finding.controls),
        "under": finding.under.value if finding.under else None,
        "waiver": {"reason": waiver.reason, "owner": waiver.owner, "expires": waiver.expires} if waiver else None,
    }


def _outcome(outcome: Outcome) -> dict[str, Any]:
    return {
        "urn": outcome.urn,
        "type": outcome.type,
        "change": outcome.change.value,
        "status": outcome.status.value,
        "reasons": list(outcome.reasons),
    }


def _reasons(reasons: Iterable[tuple[str, int]]) -> list[dict[str, Any]]:
    return [{"reason": reason, "count": count} for reason, count in reasons]
