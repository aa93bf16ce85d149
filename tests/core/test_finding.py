"""Findings: how they are counted and sorted."""

from __future__ import annotations

from core.finding import Finding, Severity, tally, worst_first
from core.verdict import State

URN = "urn:pulumi:dev::p::aws:s3/bucket:Bucket::records"


def finding(state: State, severity: Severity = Severity.HIGH, guard: str = "s3.closed", urn: str = URN) -> Finding:
    return Finding(guard, state, urn, "why", severity, "how")


def test_every_state_is_counted_also_those_that_do_not_occur() -> None:
    counted = tally([finding(State.FAIL), finding(State.FAIL), finding(State.WAIVED)])
    assert dict(counted) == {
        State.FAIL: 2,
        State.UNKNOWN: 0,
        State.WAIVED: 1,
        State.PASS: 0,
        State.NOT_APPLICABLE: 0,
    }


def test_failures_come_first_then_what_is_severe_then_names() -> None:
    findings = [
        finding(State.PASS, Severity.CRITICAL),
        finding(State.FAIL, Severity.LOW),
        finding(State.FAIL, Severity.CRITICAL, urn=URN + "-z"),
        finding(State.FAIL, Severity.CRITICAL, urn=URN + "-a"),
        finding(State.UNKNOWN, Severity.CRITICAL),
    ]
    ranked = sorted(findings, key=worst_first)
    assert [item.state for item in ranked] == [State.FAIL, State.FAIL, State.FAIL, State.UNKNOWN, State.PASS]
    assert [item.resource for item in ranked[:3]] == ["records-a", "records-z", "records"]


def test_the_resource_of_a_finding_is_its_logical_name() -> None:
    assert finding(State.PASS).resource == "records"
