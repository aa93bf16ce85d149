from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest

from core.second_opinion import Comparison, Opinion, Standing
from core.verdict import State
from evidence import json_v1, markdown, text
from evidence.bundle import Bundle
from evidence.second_opinion import coverage, lines
from tests.evidence.bundles import URN

SCHEMA = json.loads(
    (Path(__file__).resolve().parents[2] / "docs" / "schemas" / "findings-v1.schema.json").read_text(encoding="utf-8")
)


def one(standing: Standing, name: str, reason: str = "") -> Comparison:
    return Comparison(
        "CKV_AWS_21", "Ensure <b>versions</b>", URN + name, False, State.PASS, standing, ("s3.x_y",), reason
    )


@pytest.fixture
def asked(five: Bundle) -> Bundle:
    made = (
        one(Standing.ONLY_THEIRS, "raw"),
        one(Standing.ACCEPTED, "logs", "logs is a log store"),
        one(Standing.ACCEPTED, "more", "more is a log store"),
        *(one(Standing.AGREED, f"b{n}") for n in range(3)),
    )
    return replace(five, opinion=Opinion("checkov", "3.3.30", made, ("kms.key_rotates",), ("urn:left",)))


def test_every_format_counts_all_answers_and_shows_each_disagreement_with_its_reason(asked: Bundle) -> None:
    for page in (text.render(asked), markdown.render(asked)):
        assert "checkov 3.3.30" in page
        assert "CKV_AWS_21" in page
        assert "it is a log store" in page
        assert "1 of our guards" in page
        assert "1 resources have no name in Terraform" in page
    assert "<b>" not in markdown.render(asked)


def test_the_json_keeps_to_the_schema_and_has_every_disagreement_in_full(asked: Bundle) -> None:
    read = json.loads(json_v1.render(asked))
    jsonschema.validate(read, SCHEMA, cls=jsonschema.Draft202012Validator)
    said = read["second_opinion"]
    assert [one["standing"] for one in said["disagreements"]] == ["only theirs", "accepted", "accepted"]
    assert said["others"] == [
        {"check": "CKV_AWS_21", "title": "Ensure <b>versions</b>", "standing": "agreed", "count": 3}
    ]
    assert said["summary"]["agreed"] == 3


def test_without_a_second_opinion_nothing_is_said_of_one(five: Bundle) -> None:
    assert "second_opinion" not in json.loads(json_v1.render(five))
    assert "second opinion" not in (text.render(five) + markdown.render(five)).lower()


def test_alike_disagreements_stand_on_one_line(asked: Bundle) -> None:
    assert asked.opinion is not None
    (line,) = lines(asked.opinion, Standing.ACCEPTED)
    assert (line.count, line.reason) == (2, "it is a log store")
    assert coverage(asked.opinion).endswith(".")
