from __future__ import annotations

import tomllib
from collections import Counter
from typing import Any

import pytest

from cli import control_pages
from cli.judgement import PACKS, POLICIES, read_law
from core.controls import Responsibility
from policies.judge import guards

LAW = read_law()
TECHNICAL = [
    *("164.312(a)(1)", "164.312(a)(2)(i)", "164.312(a)(2)(ii)", "164.312(a)(2)(iii)", "164.312(a)(2)(iv)"),
    *("164.312(b)", "164.312(c)(1)", "164.312(c)(2)", "164.312(d)"),
    *("164.312(e)(1)", "164.312(e)(2)(i)", "164.312(e)(2)(ii)"),
]
"""https://www.ecfr.gov/current/title-45/part-164/subpart-C#164.312"""
ARTICLES = ("5", "17", "25", "28", "30", "32", "33", "34", "35", "44", "45", "46")


def pack(name: str) -> Any:
    return next(one for one in LAW.packs if one.id == name)


def test_each_of_the_150_rows_is_decided_by_guards_that_have_cases(every_case_count: Counter[str]) -> None:
    rows = control_pages.read_catalogue(guards())
    assert [row.id for row in rows] == [f"C{number:03}" for number in range(1, 151)]
    counted = control_pages.cases(sorted(POLICIES.glob("*.cases.yaml")))
    assert dict(counted) == dict(every_case_count)
    assert all(counted[guard] >= 2 for row in rows for guard in row.guards)


@pytest.fixture
def every_case_count() -> Counter[str]:
    from tests.policies.conftest import EVERY_CASE

    return Counter(case.guard for case in EVERY_CASE)


def test_every_technical_safeguard_of_the_security_rule_is_mandatory_and_looked_at() -> None:
    controls = pack("hipaa").controls
    assert [section for section in controls if section.startswith("164.312")] == TECHNICAL
    assert [s for s in TECHNICAL if not (controls[s].guards and controls[s].mandatory)] == []


def test_the_other_safeguards_are_looked_at_or_said_to_be_for_somebody_else() -> None:
    controls = pack("hipaa").controls
    assert {section.split("(")[0] for section in controls} == {f"164.3{n}" for n in ("08", "10", "12", "14", "16")}
    assert all(control.guards or control.responsibility is not Responsibility.CODE for control in controls.values())


@pytest.mark.parametrize("article", ARTICLES)
def test_each_article_that_infrastructure_speaks_to_is_in_the_pack(article: str) -> None:
    assert any(section.removeprefix("Art.").split("(")[0] == article for section in pack("gdpr").controls)


def test_the_ai_standard_has_its_23_controls_over_sagemaker() -> None:
    numbers = [s.partition(".")[2] for s in pack("aws_ai").controls if s.startswith("SageMaker.")]
    assert sorted(map(int, numbers)) == [1, 2, 3, 4, 5, *range(8, 26)]


def test_every_section_of_a_row_without_a_tilde_cites_its_guard_as_established() -> None:
    """A reading that nobody confirms is never shown as an established one, in either law."""
    rows = control_pages.read_catalogue(guards())
    for name in ("hipaa", "gdpr"):
        cited = {
            (section, guard)
            for row in rows
            for section in getattr(row, name)
            for guard in row.guards
            if section[0] != "~"
        }
        told = tomllib.loads((PACKS / f"{name}.toml").read_text(encoding="utf-8"))["controls"]
        claimed = {(s, g) for s, body in told.items() for g in body.get("guards", []) if g in NEW_GUARDS}
        assert claimed <= cited, claimed - cited


NEW_GUARDS = frozenset(
    name
    for name in guards()
    if name.split(".")[0]
    in {
        *(
            "apigateway",
            "awslambda",
            "detection",
            "ebs",
            "ecr",
            "eks",
            "elb",
            "kubernetes",
            "rds",
            "sqs",
            "stores",
            "wafv2",
        )
    }
)
"""Services whose guards came with the catalogue: what they are cited for stands in it."""


def test_a_page_of_a_pack_is_prose_for_a_reviewer() -> None:
    page = control_pages.pack_page(pack("hipaa"), guards())
    assert "## 164.312(b): Audit controls" in page
    assert "Mandatory: staging and prod must not leave it undecided." in page
    assert "Seen to by AWS; no guard can." in page
    assert "Looked at, by our own reading:" in page
    assert "def " not in page


def test_the_matrix_names_the_ids_of_others() -> None:
    page = control_pages.coverage_page(control_pages.read_catalogue(guards()))
    for known in (
        "`S3BucketLevelPublicAccessProhibited`",
        "`CKV_AWS_53`",
        "`SAGEMAKER_MODEL_IN_VPC`",
        "cdk-nag, HIPAA",
    ):
        assert known in page
    assert "- in none of them: C070, C076, C080, C130, C147, C148, C149, C150" in page
