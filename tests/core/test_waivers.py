from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import BadInput
from core.finding import Finding, Severity, Waiver, tally
from core.verdict import State
from core.waivers import CHECKS, parse_waivers, waived

TODAY = date(2026, 11, 24)
URN = "urn:pulumi:prod::wards::aws:s3/bucket:Bucket::wards-prod-raw-store"
RULE = {
    "guard": '"s3.bucket_keeps_versions"',
    "resource": '"wards-prod-raw-*"',
    "environment": '"prod"',
    "reason": '"moved next month"',
    "owner": '"data team"',
    "expires": "2027-01-31",
    "instead": '"the trail shows every write"',
}


def written(*rules: dict[str, str]) -> str:
    return "\n".join("[[waivers]]\n" + "\n".join(f"{key} = {value}" for key, value in rule.items()) for rule in rules)


def rules(*changes: dict[str, str | None]) -> Any:
    made = [{key: value for key, value in {**RULE, **change}.items() if value is not None} for change in changes]
    return parse_waivers(written(*made), "waivers.toml")


def finding(state: State = State.FAIL, severity: Severity = Severity.HIGH, **changes: Any) -> Finding:
    about: dict[str, Any] = {
        "guard": "s3.bucket_keeps_versions",
        "urn": URN,
        "controls": ("hipaa:~164.312(c)(1)",),
        **changes,
    }
    return Finding(state=state, message="as it is", severity=severity, fix="Mend it.", **about)


def applied(findings: list[Finding], *changes: dict[str, str | None], today: date = TODAY) -> list[Finding]:
    return list(waived(findings, rules(*changes), today, "prod"))


def checks(findings: list[Finding]) -> list[str]:
    return [one.guard for one in findings if one.guard.startswith("waivers.")]


@pytest.mark.parametrize("state", [State.FAIL, State.UNKNOWN])
def test_a_waived_finding_keeps_the_state_it_would_have_and_says_who_answers(state: State) -> None:
    (found,) = applied([finding(state)], {})
    assert (found.state, found.under) == (State.WAIVED, state)
    assert found.waiver == Waiver("moved next month", "data team", "2027-01-31")
    assert found.message == "as it is"
    assert tally([found])[State.WAIVED] == 1


@pytest.mark.parametrize(
    "change",
    [
        {"resource": f'"{URN}"'},
        {"resource": '"urn:*::wards-prod-raw-store"'},
        {"guard": None, "control": '"hipaa:164.312(c)(1)"'},
        {"guard": None, "control": '"hipaa:~164.312(c)(1)"'},
    ],
)
def test_a_waiver_names_a_guard_or_a_section_and_a_name_or_a_urn(change: dict[str, str | None]) -> None:
    assert [one.state for one in applied([finding()], change)] == [State.WAIVED]


def test_what_passes_needs_no_waiver_and_is_left_alone() -> None:
    found = applied([finding(State.PASS), finding(State.NOT_APPLICABLE)], {})
    assert [one.state for one in found[:2]] == [State.PASS, State.NOT_APPLICABLE]
    assert checks(found) == ["waivers.rule_matches_something"]


def test_other_findings_are_not_waived() -> None:
    others = [finding(guard="kms.key_rotates"), finding(urn=URN.replace("raw", "cooked"))]
    found = applied(others, {})
    assert [one.state for one in found[:2]] == [State.FAIL, State.FAIL]
    assert checks(found) == ["waivers.rule_matches_something"]


@pytest.mark.parametrize(
    ("change", "check"),
    [
        ({"owner": None}, "waivers.rule_has_an_owner"),
        ({"owner": '" "'}, "waivers.rule_has_an_owner"),
        ({"reason": None}, "waivers.rule_has_a_reason"),
        ({"expires": None}, "waivers.rule_has_an_end"),
        ({"expires": "2026-11-23"}, "waivers.rule_is_in_force"),
        ({"expires": "2027-06-01"}, "waivers.rule_ends_soon"),
        ({"resource": '"*"'}, "waivers.rule_is_narrow"),
        ({"resource": '"**"'}, "waivers.rule_is_narrow"),
        ({"resource": '"?*"'}, "waivers.rule_is_narrow"),
        ({"resource": '"urn:pulumi:prod::*"'}, "waivers.rule_is_narrow"),
        ({"resource": '"elsewhere"'}, "waivers.rule_matches_something"),
        ({"guard": '"s3.bucket_keeps_version"'}, "waivers.rule_matches_something"),
    ],
)
def test_a_waiver_that_must_not_count_excuses_nothing_and_is_a_finding_itself(
    change: dict[str, str | None], check: str
) -> None:
    kept, fault = applied([finding()], change)
    assert (kept.state, kept.waiver) == (State.FAIL, None)
    assert (fault.guard, fault.state, fault.urn) == (check, State.FAIL, "waivers.toml#1")
    assert (fault.severity, fault.fix) == CHECKS[check]


def test_the_last_day_still_counts_and_the_next_does_not() -> None:
    assert applied([finding()], {}, today=date(2027, 1, 31))[0].state is State.WAIVED
    assert applied([finding()], {}, today=date(2027, 2, 1))[0].state is State.FAIL


def test_what_is_not_grave_may_be_waived_for_longer() -> None:
    lasting = {"expires": "2028-01-01"}
    grave, light = finding(), finding(severity=Severity.MEDIUM, urn=URN + "2")
    found = applied([grave, light], {**lasting, "resource": '"wards-prod-raw-store*"'})
    assert [one.state for one in found[:2]] == [State.FAIL, State.WAIVED]
    assert checks(found) == ["waivers.rule_ends_soon"]


def test_a_hundred_and_eighty_days_are_the_most() -> None:
    assert applied([finding()], {"expires": "2027-05-23"})[0].state is State.WAIVED
    assert applied([finding()], {"expires": "2027-05-24"})[0].state is State.FAIL


def test_a_waiver_of_another_environment_is_not_used_and_only_its_form_is_checked() -> None:
    elsewhere = {"environment": '"dev"'}
    assert [one.state for one in applied([finding()], {**elsewhere, "expires": "2020-01-01"})] == [State.FAIL]
    assert checks(applied([finding()], {**elsewhere, "owner": None})) == ["waivers.rule_has_an_owner"]


def test_the_first_of_two_waivers_counts_and_the_second_is_not_unmatched() -> None:
    found = applied([finding()], {}, {"owner": '"somebody else"'})
    assert [one.waiver.owner for one in found if one.waiver] == ["data team"]
    assert checks(found) == []


def test_one_broken_waiver_does_not_spoil_the_others() -> None:
    found = applied([finding()], {"owner": None}, {})
    assert found[0].state is State.WAIVED
    assert [(one.guard, one.urn) for one in found[1:]] == [("waivers.rule_has_an_owner", "waivers.toml#1")]


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"guard": None}, "guard must be set, or `control`, and not both"),
        ({"control": '"hipaa:1"'}, "and not both"),
        ({"resource": None}, "resource is missing; expected a text"),
        ({"environment": None}, "environment is missing"),
        ({"owner": "7"}, "owner is int"),
        ({"expires": '"2027-01-31"'}, "expires is str; expected a date without quotes"),
        ({"expires": "2027-01-31T00:00:00"}, "expires is datetime"),
        ({"ower": '"x"'}, "ower is not known; did you mean 'owner'"),
    ],
)
def test_a_waiver_that_cannot_be_read_is_refused_with_its_number(change: dict[str, str | None], why: str) -> None:
    with pytest.raises(BadInput) as refused:
        rules({}, change)
    assert re.match(r"waivers\.toml:\d+: waivers\[2\]", str(refused.value))
    assert why in str(refused.value)


@pytest.mark.parametrize(
    ("text", "why"), [("[[waiver]]", "did you mean 'waivers'"), ("[[", "not TOML"), ("waivers = 1", "int")]
)
def test_a_file_of_waivers_that_cannot_be_read_is_refused(text: str, why: str) -> None:
    with pytest.raises(BadInput, match=why):
        parse_waivers(text, "waivers.toml")


def test_an_empty_file_holds_no_waiver() -> None:
    assert parse_waivers("# none\n", "waivers.toml") == ()


@given(st.lists(st.sampled_from(list(State)), max_size=6), st.dates(date(2026, 1, 1), date(2028, 1, 1)))
def test_no_finding_is_ever_lost_and_none_gets_better_without_a_name_to_it(states: list[State], today: date) -> None:
    given_ones = [
        finding(state, urn=f"{URN}{number}") for number, state in enumerate(states) if state is not State.WAIVED
    ]
    found = applied(given_ones, {}, today=today)
    for before, after in zip(given_ones, found, strict=False):
        assert before.urn == after.urn
        assert after.state is before.state or (
            after.state is State.WAIVED and after.waiver and after.under is before.state
        )
    assert len(found) >= len(given_ones)


def test_a_weighty_finding_needs_something_that_protects_instead() -> None:
    (kept, fault) = applied([finding()], {"instead": None})
    assert (kept.state, fault.guard) == (State.WAIVED, "waivers.rule_says_what_protects_instead")
    assert checks(applied([finding(severity=Severity.LOW)], {"instead": None})) == []


def test_days_are_counted_from_the_day_passed_in() -> None:
    (rule, open_ended) = rules({}, {"expires": None})
    assert (rule.days_left(TODAY), rule.days_left(date(2027, 2, 2)), open_ended.days_left(TODAY)) == (68, -2, None)
