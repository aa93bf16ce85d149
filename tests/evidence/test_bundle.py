from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from core.verdict import State
from evidence.bundle import Bundle, Control
from evidence.by_control import by_control
from evidence.wording import generalised, outcome_reasons, source_kind, unknown_reasons, visible
from tests.evidence.bundles import KEY_URN, bundle, finding


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(AssertionError, match="time zone"):
        bundle((), as_of=datetime(2026, 1, 1))  # noqa: DTZ001 - the mistake under test


def test_the_date_is_given_in_utc() -> None:
    early = datetime(2026, 1, 1, 1, 0, tzinfo=timezone(timedelta(hours=2)))
    assert bundle((), as_of=early).date == "2025-12-31T23:00:00Z"
    assert bundle((), as_of=early.astimezone(UTC)).date == "2025-12-31T23:00:00Z"


def test_the_counts_take_every_phase_together(applied: Bundle) -> None:
    assert applied.counts[State.PASS] == 2
    assert applied.counts[State.FAIL] == 1


@pytest.mark.parametrize(
    ("planned", "observed", "settled"),
    [
        (State.UNKNOWN, State.PASS, State.PASS),
        (State.UNKNOWN, State.FAIL, State.FAIL),
        (State.PASS, State.FAIL, State.FAIL),
        (State.FAIL, State.PASS, State.FAIL),
        (State.PASS, State.UNKNOWN, State.UNKNOWN),
        (State.UNKNOWN, State.UNKNOWN, State.UNKNOWN),
    ],
)
def test_a_failure_stands_and_else_what_a_cloud_shows_counts(planned: State, observed: State, settled: State) -> None:
    made = bundle((finding(planned),), observed=(finding(observed),))
    assert [f.state for f in made.settled] == [settled]


def test_nothing_is_lost_when_two_findings_share_guard_and_resource() -> None:
    twice = (finding(State.FAIL, message="one"), finding(State.FAIL, message="two"))
    assert len(bundle(twice).settled) == 2


def test_what_only_a_cloud_showed_is_settled_too() -> None:
    made = bundle((), observed=(finding(State.FAIL, "ward-prod-drifted"),))
    assert [f.resource for f in made.settled] == ["ward-prod-drifted"]


def test_controls_stand_worst_first_and_those_without_a_finding_stay(five: Bundle) -> None:
    groups = by_control(five)
    assert [group.control.id for group in groups] == ["gdpr:32(1)(b)", "hipaa:164.312(c)(1)", "gdpr:33", ""]
    assert dict(groups[0].counts)[State.WAIVED] == 1


def test_a_control_is_marked_when_all_that_serves_it_is_inferred(five: Bundle) -> None:
    assert [group.control.label for group in by_control(five)][:2] == ["GDPR ~32(1)(b)", "HIPAA 164.312(c)(1)"]
    mixed = bundle((finding(State.PASS), finding(State.PASS, "other", controls=("gdpr:32(1)(b)",))))
    assert "GDPR 32(1)(b)" in [group.control.label for group in by_control(mixed)]


def test_a_control_that_no_pack_describes_stands_for_itself(five: Bundle) -> None:
    assert five.control("iso27001:A.8.24") == Control("iso27001:A.8.24", "iso27001", "A.8.24", "")


def test_an_inferred_citation_keeps_its_mark(five: Bundle) -> None:
    assert five.control("gdpr:~32(1)(b)").label == "GDPR ~32(1)(b)"
    assert five.control("gdpr:32(1)(b)").label == "GDPR 32(1)(b)"
    assert five.control("hipaa:164.312(c)(1)").label == "HIPAA 164.312(c)(1)"


def test_alike_reasons_are_counted_together() -> None:
    names = [f"ward-prod-{word}" for word in ("raw", "lake", "logs")]
    made = bundle(
        tuple(
            finding(State.UNKNOWN, name, message=f"kmsKeyId of {name} is not known yet (from {KEY_URN}.arn)")
            for name in names
        )
    )
    assert unknown_reasons(made) == (("kmsKeyId of … is not known yet (from arn of aws:kms/key:Key)", 3),)


def test_reasons_about_a_resource_that_is_not_judged_itself_are_alike_too() -> None:
    seals = ("raw-sealed", "lake-sealed")
    found = tuple(finding(State.UNKNOWN, name[:3], message=f"rules of {name} is not known yet") for name in seals)
    assert unknown_reasons(bundle(found, names=frozenset(seals))) == (("rules of … is not known yet", 2),)


def test_a_waived_unknown_keeps_its_reason_among_the_unknown() -> None:
    made = bundle((replace(finding(State.WAIVED, message="it comes from elsewhere"), under=State.UNKNOWN),))
    assert unknown_reasons(made) == (("it comes from elsewhere", 1),)


def test_the_reasons_of_the_local_cloud_are_counted(applied: Bundle) -> None:
    assert outcome_reasons(applied, "unverified") == (("policy is a gap", 1),)


def test_a_short_name_is_not_taken_out_of_a_longer_one() -> None:
    assert generalised("raw-data of raw and raw", ["raw"]) == "raw-data of … and …"


def test_what_is_no_pulumi_urn_stays_as_it_is() -> None:
    assert source_kind("urn:uuid:1234") == "urn:uuid:1234"
    assert source_kind(KEY_URN) == "aws:kms/key:Key"


@pytest.mark.parametrize("bad", ["\x1b[31m", "\n", "\r", "\u202e", "\u2028", "\x07", "\ud800", "\u200b"])
def test_text_that_could_steer_a_terminal_is_shown_as_an_escape(bad: str) -> None:
    shown = visible(f"a{bad}b")
    assert bad not in shown
    assert "\\" in shown
    assert shown.encode()
