"""One bundle with every state in it, and names that try to break each format."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from core.finding import Finding, Severity, Waiver
from core.resource import Location
from core.verdict import State
from evidence.bundle import Bundle, Control, Kind, PackUsed, Provenance, Rule

URN = "urn:pulumi:prod::ward::strongroom:index:Bucket$aws:s3/bucket:Bucket::"
KEY_URN = "urn:pulumi:prod::ward::strongroom:index:Key$aws:kms/key:Key::ward-prod-key"
AT = (Location("components/bucket.py", 41), Location("stacks/blueprint.py", 88))
UNTIL = Waiver("being migrated", "ana", date(2027, 1, 31).isoformat())
GUARD = "s3.bucket_versioned"


def finding(state: State, name: str = "ward-prod-raw", guard: str = GUARD, **more: Any) -> Finding:
    given: dict[str, Any] = {
        "message": "versioning of the bucket is not set; it must be Enabled",
        "severity": Severity.HIGH,
        "fix": "Declare the bucket with the Bucket component.",
        "location": AT,
        "controls": ("hipaa:164.312(c)(1)", "gdpr:~32(1)(b)"),
        **more,
    }
    return Finding(guard, state, URN + name, **given)


def all_states() -> tuple[Finding, ...]:
    return (
        finding(State.PASS, "ward-prod-logs"),
        finding(State.NOT_APPLICABLE, "ward-prod-public", controls=()),
        finding(State.WAIVED, "ward-prod-old", under=State.FAIL, waiver=UNTIL),
        finding(
            State.UNKNOWN, "ward-prod-lake", message=f"kmsKeyId of ward-prod-lake is not known yet (from {KEY_URN}.arn)"
        ),
        finding(State.FAIL, "ward-prod-raw"),
    )


def bundle(findings: tuple[Finding, ...], **more: Any) -> Bundle:
    made = Provenance(
        tool="0.1.0",
        graph_digest="a" * 64,
        settings_digest="b" * 64,
        commit="c" * 40,
        packs=(
            PackUsed("hipaa", "HIPAA Security Rule", "1.0.0", "d" * 64),
            PackUsed("gdpr", "GDPR", "1.0.0", "e" * 64),
        ),
        libraries=(("pulumi", "3.272.0"),),
    )
    given: dict[str, Any] = {
        "title": "Strongroom plan of prod",
        "environment": "prod",
        "kind": Kind.PLAN,
        "as_of": datetime(2026, 11, 24, 12, 0, 0, tzinfo=UTC),
        "provenance": made,
        "rules": (Rule(GUARD, "A deleted record comes back.", Severity.HIGH, "Use Bucket.", ("hipaa:164.312(c)(1)",)),),
        "controls": (
            Control("hipaa:164.312(c)(1)", "HIPAA", "164.312(c)(1)", "Integrity"),
            Control("gdpr:32(1)(b)", "GDPR", "32(1)(b)", "Ongoing confidentiality"),
            Control("gdpr:33", "GDPR", "33", "Breach notification"),
            Control("gdpr:35", "GDPR", "35", "Impact assessment", responsibility="operator"),
        ),
        **more,
    }
    return Bundle(findings=findings, **given)
