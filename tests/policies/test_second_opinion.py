from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from core.errors import BadInput
from core.finding import Finding, Severity, Waiver
from core.resource import Location
from core.second_opinion import Opinion, Standing
from core.verdict import State
from policies.judge import guards
from policies.second_opinion import answers_from, objections, opinion, subjects_from, version_of
from policies.terraform import Bridge

FILE = Path(__file__).resolve().parents[2] / "policies" / "checkov.toml"
URN = "urn:pulumi:prod::ward::aws:kms/key:Key::seal"
ADDRESS = "aws_kms_key.seal"
GUARD = "kms.key_rotates"
TABLE = f"""
[guards]
CKV_AWS_7 = ["{GUARD}"]

[[accepted]]
check = "CKV_AWS_99"
resource = "se*"
reason = "a trial"
"""
SUBJECTS = subjects_from(TABLE, "table.toml", [GUARD])


def output(check: str = "CKV_AWS_7", *, passes: bool = False, address: str = ADDRESS) -> str:
    item = {"check_id": check, "check_name": "Ensure keys rotate", "resource": address, "file_path": "/plan.json"}
    results = {
        "passed_checks": [item] if passes else [],
        "failed_checks": [] if passes else [item],
        "parsing_errors": [],
    }
    return json.dumps({"check_type": "terraform_plan", "results": results, "summary": {"checkov_version": "3.3.30"}})


def ours(state: State, **more: Any) -> list[Finding]:
    return [Finding(GUARD, state, URN, "rotation of seal", Severity.HIGH, "Rotate it.", **more)]


def compared(text: str, findings: list[Finding], unseen: tuple[str, ...] = ()) -> Opinion:
    bridge = Bridge({}, {}, {ADDRESS: URN}, {URN: unseen} if unseen else {}, ("urn:left::out",))
    return opinion(findings, answers_from(text, bridge.urns), SUBJECTS, bridge, version_of(text))


@pytest.mark.parametrize(
    ("state", "passes", "unseen", "standing"),
    [
        (State.PASS, True, (), Standing.AGREED),
        (State.FAIL, False, (), Standing.AGREED),
        (State.FAIL, True, (), Standing.ONLY_OURS),
        (State.UNKNOWN, True, (), Standing.ONLY_OURS),
        (State.PASS, False, (), Standing.ONLY_THEIRS),
        (State.PASS, False, ("kmsKeyId",), Standing.EXPLAINED),
        (State.UNKNOWN, False, (), Standing.EXPLAINED),
        (State.NOT_APPLICABLE, False, (), Standing.EXPLAINED),
        (State.NOT_APPLICABLE, True, (), Standing.NOT_COMPARED),
    ],
)
def test_an_answer_stands_beside_ours(state: State, passes: bool, unseen: tuple[str, ...], standing: Standing) -> None:
    said = compared(output(passes=passes), ours(state), unseen)
    assert said.counts[standing] == 1
    assert sum(said.counts.values()) == 1


def test_a_check_without_a_guard_of_ours_is_a_finding_when_it_objects_and_counted_when_it_passes() -> None:
    assert compared(output("CKV_AWS_1"), []).counts[Standing.ONLY_THEIRS] == 1
    assert compared(output("CKV_AWS_1", passes=True), []).counts[Standing.NOT_COMPARED] == 1


def test_an_accepted_objection_keeps_its_reason_and_only_where_it_was_accepted() -> None:
    (accepted,) = compared(output("CKV_AWS_99"), []).comparisons
    assert (accepted.standing, accepted.reason) == (Standing.ACCEPTED, "a trial")
    elsewhere = Bridge({}, {}, {ADDRESS: URN.replace("seal", "other")}, {}, ())
    text = output("CKV_AWS_99")
    said = opinion([], answers_from(text, elsewhere.urns), SUBJECTS, elsewhere, "")
    assert said.counts[Standing.ONLY_THEIRS] == 1


def test_a_waiver_of_ours_covers_the_objection_and_says_who_answers() -> None:
    waiver = Waiver("being migrated", "ana", "2026-12-01")
    (one,) = compared(output(), ours(State.WAIVED, under=State.FAIL, waiver=waiver)).comparisons
    assert one.standing is Standing.ACCEPTED
    assert "ana" in one.reason


def test_an_unexplained_objection_becomes_a_finding_with_its_id_and_place() -> None:
    place = (Location("stacks/network.py", 7),)
    (found,) = objections(compared(output(), ours(State.PASS)), {URN: place})
    assert (found.guard, found.state, found.urn, found.location) == ("checkov.CKV_AWS_7", State.FAIL, URN, place)
    assert "Ensure keys rotate" in found.message
    assert GUARD in found.message


def test_guards_without_a_check_and_resources_that_were_not_shown_are_counted() -> None:
    other = Finding("kms.key_deletion_waits", State.PASS, URN, "", Severity.LOW, "")
    said = compared(output(passes=True), [*ours(State.PASS), other])
    assert said.alone == ("kms.key_deletion_waits",)
    assert said.left_out == ("urn:left::out",)


def test_of_two_answers_to_one_question_the_objection_counts() -> None:
    both = [json.loads(output(passes=True)), json.loads(output())]
    (answer,) = answers_from(json.dumps(both), {ADDRESS: URN})
    assert not answer.passes


def test_a_program_with_nothing_to_judge_has_no_answers() -> None:
    assert answers_from('{"passed": 0, "failed": 0, "resource_count": 0}', {}) == ()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "the file is empty"),
        ("Traceback (most recent call last)", "not readable as JSON"),
        ("[7]", "a mapping"),
        ('{"passed": 3, "resource_count": 3}', "the results of the checks"),
        ('{"results": {"passed_checks": []}}', "failed_checks"),
        ('{"results": {"passed_checks": [{}], "failed_checks": []}}', "check_id"),
        ('{"results": {"passed_checks": [], "failed_checks": [], "parsing_errors": ["/plan.json"]}}', "could not read"),
        (output(address="aws_kms_key.another"), "nothing that was sent"),
    ],
)
def test_an_output_that_is_not_whole_is_refused(text: str, said: str) -> None:
    with pytest.raises(BadInput, match=said):
        answers_from(text, {ADDRESS: URN})


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[guards]\nCKV_AWS_7 = ['kms.key_rotate']", "did you mean 'kms.key_rotates'"),
        ("[guards]\nCKV_AWS_7 = 'kms.key_rotates'", "a list of texts"),
        ("[[accepted]]\ncheck = 'CKV_AWS_7'", "reason"),
        ("[[accepted]]\ncheck = 'CKV_AWS_7'\nreason = ' '", "is empty"),
        ("[rejected]", "is not known"),
    ],
)
def test_a_table_that_cannot_be_used_is_refused_with_its_key(text: str, said: str) -> None:
    with pytest.raises(BadInput, match=said):
        subjects_from(text if "[guards]" in text else f"[guards]\n{text}", "checkov.toml", [GUARD])


def test_our_own_table_names_guards_there_are() -> None:
    made = subjects_from(FILE.read_text(encoding="utf-8"), FILE.name, guards())
    assert all(made.guards.values())
    assert made.accepted
