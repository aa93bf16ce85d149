"""The structure that https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html demands of what is written."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlunsplit

import pytest

from core.finding import Severity
from core.resource import Location
from core.verdict import State
from evidence import sarif
from evidence.bundle import Bundle
from tests.evidence.bundles import UNTIL, bundle, finding

KINDS = {"pass", "open", "informational", "notApplicable", "review", "fail"}


def run(made: Bundle) -> dict[str, Any]:
    log = json.loads(sarif.render(made))
    assert log["version"] == "2.1.0"
    assert len(log["runs"]) == 1
    return log["runs"][0]


def results(made: Bundle) -> dict[str, dict[str, Any]]:
    return {result["properties"]["state"]: result for result in run(made)["results"]}


def test_every_result_has_what_the_standard_asks_for(applied: Bundle) -> None:
    made = run(applied)
    rules = {rule["id"] for rule in made["tool"]["driver"]["rules"]}
    for result in made["results"]:
        assert result["ruleId"] in rules
        assert result["kind"] in KINDS
        assert result["message"]["text"]
        assert result["locations"][0]["logicalLocations"][0]["fullyQualifiedName"].startswith("urn:pulumi:")
        assert all(result["partialFingerprints"].values())


def test_only_a_failure_has_a_level(applied: Bundle) -> None:
    for result in run(applied)["results"]:
        assert (result["kind"] == "fail") == (result["level"] != "none")


@pytest.mark.parametrize(
    ("severity", "level"),
    [
        (Severity.CRITICAL, "error"),
        (Severity.HIGH, "error"),
        (Severity.MEDIUM, "warning"),
        (Severity.LOW, "warning"),
    ],
)
def test_the_level_of_a_failure_follows_its_severity(severity: Severity, level: str) -> None:
    assert results(bundle((finding(State.FAIL, severity=severity),)))["fail"]["level"] == level


def test_what_somebody_may_have_to_act_on_has_a_kind_of_its_own(five: Bundle) -> None:
    found = results(five)
    assert {state: result["kind"] for state, result in found.items()} == {
        "fail": "fail",
        "unknown": "open",
        "waived": "fail",
    }
    assert found["unknown"]["message"]["text"].startswith("UNKNOWN: ")


def test_what_passed_or_does_not_apply_is_counted_and_no_alert(five: Bundle) -> None:
    assert run(five)["properties"]["summary"] == {
        "fail": 1,
        "unknown": 1,
        "waived": 1,
        "pass": 1,
        "not_applicable": 1,
        "live": 0,
    }
    assert {"pass", "not_applicable"}.isdisjoint(results(five))


def test_a_waived_result_is_suppressed_with_its_reason_and_nothing_else_is(five: Bundle) -> None:
    found = results(five)
    (suppression,) = found["waived"]["suppressions"]
    assert suppression["kind"] == "external"
    assert suppression["status"] == "accepted"
    assert "being migrated" in suppression["justification"]
    assert "ana until 2027-01-31" in suppression["justification"]
    assert [state for state, result in found.items() if "suppressions" in result] == ["waived"]


def test_a_waived_unknown_stays_open() -> None:
    made = bundle((finding(State.WAIVED, under=State.UNKNOWN, waiver=UNTIL),))
    assert results(made)["waived"]["kind"] == "open"
    assert results(made)["waived"]["level"] == "none"


def test_a_result_stands_at_the_line_that_declares_the_resource(five: Bundle) -> None:
    failed = results(five)["fail"]
    place = failed["locations"][0]["physicalLocation"]
    assert place == {
        "artifactLocation": {"uri": "components/bucket.py", "uriBaseId": "SRCROOT"},
        "region": {"startLine": 41},
    }
    assert "SRCROOT" in run(five)["originalUriBaseIds"]
    outward = failed["relatedLocations"][0]["physicalLocation"]
    assert outward["artifactLocation"]["uri"] == "stacks/blueprint.py"


def test_a_result_without_a_source_line_has_a_logical_place() -> None:
    (place,) = results(bundle((finding(State.FAIL, location=()),)))["fail"]["locations"]
    assert "physicalLocation" not in place
    assert place["logicalLocations"][0]["name"] == "ward-prod-raw"


@pytest.mark.parametrize(
    ("file", "uri"),
    [
        ("my stack/böse#1.py", "my%20stack/b%C3%B6se%231.py"),
        ("stacks\\blueprint.py", "stacks/blueprint.py"),
    ],
)
def test_a_file_name_becomes_a_valid_uri(file: str, uri: str) -> None:
    made = bundle((finding(State.FAIL, location=(Location(file, 1),)),))
    artifact = results(made)["fail"]["locations"][0]["physicalLocation"]["artifactLocation"]
    assert artifact == {"uri": uri, "uriBaseId": "SRCROOT"}


def test_a_file_outside_the_project_is_not_put_below_its_root() -> None:
    made = bundle((finding(State.FAIL, location=(Location("/srv/program.py", 0),)),))
    place = results(made)["fail"]["locations"][0]["physicalLocation"]
    assert place == {"artifactLocation": {"uri": urlunsplit(("file", "", "/srv/program.py", "", ""))}}


def test_a_fingerprint_outlives_a_moved_line_but_not_another_resource() -> None:
    def print_of(**more: Any) -> Any:
        return results(bundle((finding(State.FAIL, **more),)))["fail"]["partialFingerprints"]

    assert print_of() == print_of(location=(Location("components/bucket.py", 77),), message="other words")
    assert print_of() != print_of(name="ward-prod-other")


def test_a_rule_says_why_how_to_comply_and_what_it_serves(five: Bundle) -> None:
    (rule,) = run(five)["tool"]["driver"]["rules"]
    assert rule["shortDescription"]["text"] == "bucket versioned"
    for word in ("A deleted record comes back.", "Use Bucket.", "HIPAA 164.312(c)(1) Integrity"):
        assert word in rule["help"]["text"]


def test_a_finding_without_a_guard_behind_it_gets_a_rule() -> None:
    made = bundle((finding(State.FAIL, guard="waivers.waiver_in_force"),))
    assert "waivers.waiver_in_force" in {rule["id"] for rule in run(made)["tool"]["driver"]["rules"]}
