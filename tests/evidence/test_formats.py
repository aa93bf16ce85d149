"""What must be true of every format alike."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.finding import Severity, Waiver
from core.outcome import Change, Outcome, Status
from core.resource import Location
from core.verdict import State
from evidence import json_v1, markdown, sarif, text
from evidence.bundle import Bundle, Kind
from evidence.wording import SAID
from tests.evidence.bundles import UNTIL, URN, all_states, bundle, finding

FORMATS: dict[str, Callable[[Bundle], str]] = {
    "text": text.render,
    "narrow": lambda made: text.render(made, 60),
    "colour": lambda made: text.render(made, 80, colour=True),
    "markdown": markdown.render,
    "json": json_v1.render,
    "sarif": sarif.render,
}
every_format = pytest.mark.parametrize("render", FORMATS.values(), ids=FORMATS.keys())
anything = st.text(max_size=40)


@every_format
def test_the_same_bundle_gives_the_same_bytes_in_any_order(render: Callable[[Bundle], str], applied: Bundle) -> None:
    reversed_bundle = replace(
        applied,
        findings=applied.findings[::-1],
        outcomes=applied.outcomes[::-1],
        controls=applied.controls[::-1],
        provenance=replace(applied.provenance, packs=applied.provenance.packs[::-1]),
    )
    assert render(applied) == render(applied) == render(reversed_bundle)


@every_format
def test_every_state_is_visible(render: Callable[[Bundle], str], five: Bundle) -> None:
    shown = render(five)
    shown = shown.replace("notApplicable", SAID[State.NOT_APPLICABLE]).replace("n/a", SAID[State.NOT_APPLICABLE])
    for state in State:
        assert SAID[state] in shown or state.value in shown


@every_format
def test_a_failure_names_guard_resource_line_control_and_fix(render: Callable[[Bundle], str], five: Bundle) -> None:
    shown = "".join(render(five).split())
    wanted = ["s3.bucket_versioned", "ward-prod-raw", "components/bucket.py", "stacks/blueprint.py", "164.312(c)(1)"]
    for words in [*wanted, "Declare the bucket with the Bucket component."]:
        assert "".join(words.split()) in shown


@every_format
def test_a_waived_finding_shows_owner_date_and_reason(render: Callable[[Bundle], str], five: Bundle) -> None:
    for word in ("ana", "2027-01-31", "being migrated"):
        assert word in render(five)


@every_format
def test_an_empty_bundle_is_a_report_too(render: Callable[[Bundle], str]) -> None:
    shown = render(bundle((), rules=(), controls=()))
    assert "Strongroom plan of prod" in shown


@every_format
@settings(max_examples=25, deadline=None)
@given(name=anything, message=anything, reason=anything, title=anything)
def test_no_name_can_steer_a_terminal_or_break_the_encoding(
    render: Callable[[Bundle], str], name: str, message: str, reason: str, title: str
) -> None:
    steering = [chr(n) for n in (*range(10), *range(11, 32), 127, 0x202E, 0x2066)]
    failed = finding(State.FAIL, name, message=message, fix=reason, location=(Location(title, 3),), controls=(title,))
    waived = finding(State.WAIVED, name, under=State.UNKNOWN, message=message, waiver=Waiver(reason, name, title))
    gone = Outcome(URN + name, title, Change.CREATED, Status.FAILED, (message,))
    shown = render(bundle((failed, waived), title=title, outcomes=(gone,), environment=name))
    plain = shown if render is not FORMATS["colour"] else ""
    assert not any(character in plain for character in steering)
    assert shown.encode("utf-8")


@given(name=anything, message=anything, reason=anything)
def test_a_markdown_row_keeps_its_cells_whatever_stands_in_them(name: str, message: str, reason: str) -> None:
    hostile = finding(State.FAIL, name, message=message, fix=reason, controls=(name,), guard=f"s3.{name}")
    lines = markdown.render(bundle((hostile,), rules=(), controls=())).splitlines()
    tables = [line for line in lines if line.startswith("|")]
    for above, below in pairwise(tables):
        if below.startswith("| ---"):
            assert _cells(above) == _cells(below)
    rows = [line for line in tables if f"({Severity.HIGH.value})" in line]
    assert rows
    assert {_cells(row) for row in rows} == {7}


def _cells(row: str) -> int:
    return row.replace("\\|", "").count("|")


@pytest.mark.parametrize(
    ("hostile", "gone"),
    [
        ("<script>x</script>", "<script>"),
        ("[click](https://evil.example)", "](https"),
        ("![i](https://evil.example/t.png)", "!["),
        ("@team/security please", "@team"),
        ("closes #77", "#77"),
        ("see https://evil.example", "https://"),
        ("**bold** _it_", "**bold**"),
        ("a`b", "a`b"),
        ("</details><h1>x", "</details><h1>"),
        ("$E=mc$", "$E"),
        ("&lt;b", "&lt;"),
    ],
)
def test_markup_in_a_message_is_inert(hostile: str, gone: str) -> None:
    assert gone not in markdown.render(bundle((finding(State.FAIL, message=hostile, fix=hostile),)))


def test_a_newline_cannot_forge_a_row() -> None:
    forged = "x | y |\n| fail | forged |"
    shown = markdown.render(bundle((finding(State.FAIL, message=forged),)))
    assert not any(line.startswith("| fail | forged") for line in shown.splitlines())


def test_a_long_list_is_cut_and_says_so() -> None:
    many = tuple(finding(State.FAIL, f"bucket-{n:03}") for n in range(130))
    assert "30 more in findings.json" in markdown.render(bundle(many))


@every_format
def test_the_outcomes_of_the_local_cloud_are_counted(render: Callable[[Bundle], str], applied: Bundle) -> None:
    if render is sarif.render:
        return
    shown = render(applied)
    for word in ("verified", "unverified", "failed", "tags differ", "policy is a gap"):
        assert word in shown


def test_colour_is_only_there_when_asked_for(five: Bundle) -> None:
    assert "\x1b" not in text.render(five, 80)
    assert "\x1b[" in text.render(five, 80, colour=True)


def test_a_page_of_a_given_width_keeps_to_it_and_loses_no_character(five: Bundle) -> None:
    narrow = text.render(five, 60)
    assert max(map(len, narrow.splitlines())) <= 60
    assert "…" not in narrow.replace("kmsKeyId of …", "")
    assert "".join(URN.split()) + "ward-prod-raw" in "".join(narrow.split())


def test_a_pipe_gets_each_resource_on_a_line_of_its_own(five: Bundle) -> None:
    assert f"    {URN}ward-prod-raw" in text.render(five).splitlines()


def test_the_reader_is_told_what_to_do_next(five: Bundle, applied: Bundle) -> None:
    assert "strongroom explain s3.bucket_versioned" in text.render(five)
    calm = tuple(f for f in all_states() if f.state is not State.FAIL)
    assert "strongroom up --env local" in text.render(bundle(calm))
    assert "Nothing failed." in text.render(bundle((finding(State.PASS),)))
    assert "holds something else" in text.render(replace(applied, findings=calm))


def test_many_reasons_are_summed_up_at_the_end() -> None:
    many = tuple(finding(State.UNKNOWN, message=f"reason {chr(97 + n)}") for n in range(20))
    assert "8  for 8 further reasons" in text.render(bundle(many))


def test_json_holds_every_finding_with_its_phase(applied: Bundle) -> None:
    read = json.loads(json_v1.render(applied))
    assert len(read["findings"]) == sum(read["summary"].values()) == 6
    assert read["phases"]["observed"]["pass"] == 1
    assert {f["phase"] for f in read["findings"]} == {"planned", "observed"}
    assert read["findings"][0]["location"] == [
        {"file": "components/bucket.py", "line": 41},
        {"file": "stacks/blueprint.py", "line": 88},
    ]


def test_json_keeps_the_urn_exactly_as_it_is() -> None:
    odd = bundle((finding(State.FAIL, "na\x1bme\u202e"),))
    assert json.loads(json_v1.render(odd))["findings"][0]["urn"] == URN + "na\x1bme\u202e"


def test_a_check_without_an_environment_is_shown() -> None:
    made = bundle((finding(State.UNKNOWN),), kind=Kind.CHECK, environment="")
    assert json.loads(json_v1.render(made))["environment"] == ""
    assert text.render(made).rstrip().endswith("Nothing failed.")


def test_sections_that_no_code_can_see_to_are_not_hidden(five: Bundle) -> None:
    assert "1 further sections are for people or AWS" in text.render(five)
    assert "| GDPR 35 | Impact assessment | operator |" in markdown.render(five)


def test_waived_findings_are_still_counted() -> None:
    made = bundle((replace(finding(State.WAIVED), under=State.FAIL, waiver=UNTIL),))
    assert json.loads(json_v1.render(made))["summary"]["waived"] == 1
