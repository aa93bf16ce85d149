from __future__ import annotations

import json
from dataclasses import replace

from cli.exit_code import ExitCode
from cli.report import exit_code
from core.proof import Proof, Standing
from evidence import json_v1, markdown, text
from evidence.access_proofs import lines, tally_line
from evidence.bundle import Bundle

HELD = Proof("data.closed", "Nobody opens it.", "It tells of people.", ("GDPR art. 32",), Standing.PROVED, asked=3)
BROKEN = Proof(
    "models.apart",
    "No author <b>approves</b>.",
    "Two people stand between.",
    (),
    Standing.REFUTED,
    "ml-engineer can sagemaker:UpdateModelPackage",
    (("ml-engineer calls sagemaker:UpdateModelPackage", "  allowed: identity policies"),),
    ("sessions bring no tags",),
)
OPEN = replace(HELD, id="keys.open", standing=Standing.UNKNOWN, reason="a policy cannot be read")


def test_what_does_not_hold_comes_first_with_its_witness() -> None:
    shown = list(lines([HELD, OPEN, BROKEN], 80))
    assert shown[0] == "REFUTED        models.apart"
    assert "      ml-engineer calls sagemaker:UpdateModelPackage" in shown
    assert [line for line in shown if line.startswith(("UNKNOWN", "PROVED"))] == [
        "UNKNOWN        keys.open",
        "PROVED         data.closed",
    ]


def test_the_three_verdicts_are_counted_even_where_there_are_none() -> None:
    assert tally_line([HELD]) == "1 proved, 0 refuted, 0 unknown"
    assert tally_line([replace(HELD, standing=Standing.VACUOUS)]) == "0 proved, 0 refuted, 0 unknown, 1 vacuous"


def test_every_format_tells_of_the_statements(five: Bundle) -> None:
    told = replace(five, proofs=(HELD, BROKEN))
    assert "2 statements: 1 proved, 1 refuted, 0 unknown" in text.render(told)
    page = markdown.render(told)
    assert "## Who can reach what" in page
    assert "<b>approves" not in page
    said = json.loads(json_v1.render(told))["statements"]
    assert [(one["id"], one["verdict"]) for one in said] == [("data.closed", "proved"), ("models.apart", "refuted")]
    assert "statements" not in json.loads(json_v1.render(five))


def test_a_refuted_statement_ends_the_run_with_findings_and_an_open_one_only_when_strict(five: Bundle) -> None:
    clean = replace(five, findings=(), observed=(), outcomes=())
    assert exit_code(replace(clean, proofs=(HELD, BROKEN)), strict=False) is ExitCode.FINDINGS
    assert exit_code(replace(clean, proofs=(HELD, OPEN)), strict=False) is ExitCode.OK
    assert exit_code(replace(clean, proofs=(HELD, OPEN)), strict=True) is ExitCode.STILL_UNKNOWN
