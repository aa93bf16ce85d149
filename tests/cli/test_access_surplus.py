"""What is granted beyond the job, on a ward of two roles and on the whole of prod."""

from __future__ import annotations

import json
from typing import Any

import pytest

from access.surplus import needed_by
from cli.access_source import metadata
from cli.exit_code import ExitCode
from cli.statements import statement_texts
from tests.cli.conftest import Run
from tests.cli.ward import READ, SOUND, Saved

JOB = "data-engineer"


def listed(run: Run, saved: Saved, statement: dict[str, Any]) -> Any:
    said = {**{name: held for name, held in SOUND.items() if name != "doctor"}, JOB: [statement]}
    result = run("access", "surplus", "--file", saved("g.json", said), "--format", "json")
    assert result.exit_code == ExitCode.OK, result.output
    return json.loads(result.stdout)


def test_the_job_is_what_positive_statements_say_and_what_kms_is_asked_on_the_way() -> None:
    needed = needed_by(JOB, statement_texts().parsed(metadata()))
    assert {"s3:GetObject", "s3:PutObject", "kms:Decrypt", "kms:GenerateDataKey"} <= needed
    assert "s3:DeleteObject" not in needed


def test_what_the_job_needs_is_not_listed(run: Run, saved: Saved) -> None:
    assert listed(run, saved, READ)["surplus"] == []


def test_what_is_granted_beyond_it_is_listed_with_a_patch(run: Run, saved: Saved) -> None:
    found = listed(run, saved, {**READ, "Action": ["s3:GetObject", "s3:DeleteObject", "iam:PassRole"]})
    assert found["surplus"][0]["unused"] == ["iam:PassRole", "s3:DeleteObject"]
    assert found["patches"] == [{"policy": f"{JOB}-may", "statement": "Read", "Action": ["s3:GetObject"]}]


@pytest.mark.parametrize("action", ["s3:*", "*"])
def test_a_wildcard_is_taken_for_all_that_it_grants(run: Run, saved: Saved, action: str) -> None:
    (found,) = listed(run, saved, {**READ, "Action": action})["surplus"]
    assert "s3:PutBucketPolicy" in found["unused"]
    assert "s3:GetObject" in found["needed"]


def test_everything_but_something_is_taken_for_the_rest(run: Run, saved: Saved) -> None:
    statement = {key: value for key, value in READ.items() if key != "Action"}
    (found,) = listed(run, saved, {**statement, "NotAction": "s3:*"})["surplus"]
    assert "iam:PassRole" in found["unused"]
    assert "s3:PutBucketPolicy" not in found["unused"]


def test_a_statement_that_only_denies_grants_nothing(run: Run, saved: Saved) -> None:
    assert listed(run, saved, {**READ, "Effect": "Deny", "Action": "*"})["surplus"] == []


def test_a_statement_of_which_nothing_is_needed_can_go(run: Run, saved: Saved) -> None:
    assert listed(run, saved, {**READ, "Action": "iam:PassRole"})["patches"][0]["Action"] is None


def test_a_persona_that_is_not_there_is_refused_with_those_that_are(run: Run, saved: Saved) -> None:
    result = run("access", "surplus", "--file", saved("g.json", SOUND), "--as", "nobody")
    assert result.exit_code == ExitCode.BAD_INPUT
    assert "expected one of doctor, nurse" in result.stderr


def test_people_read_it_persona_by_persona(run: Run, saved: Saved) -> None:
    said = {**SOUND, "nurse": [{**READ, "Action": "s3:DeleteObject"}]}
    text = run("access", "surplus", "--file", saved("g.json", said)).stdout
    assert "nurse-may Read: s3:DeleteObject; nothing of it is needed" in text
    assert text.rstrip().endswith("that no statement about a job needs")
