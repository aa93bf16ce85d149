"""Backups, budgets and the table over the archive: made, changed, taken away and made again."""

from __future__ import annotations

from typing import Any

import pytest

from core.outcome import Status
from stacks.capture import Surroundings, capture
from tests.recovery_programs import PLACE, ROOT, audited, backed_up, home, paid_for
from twin.apply import Apply, suffix_from
from twin.readback import read_back
from twin.state import State


@pytest.fixture
def recovery(everything: Any) -> Any:
    """All of the area, with what it needs."""
    return everything.only("kept-lock", "far-lock", "daily-chosen", "restored-objects", "limit", "watched", OF_TRAILS)


OF_TRAILS = "archive-table"


def failed(bench: Any, done: Any) -> list[Any]:
    return [(o.urn, o.reasons) for o in bench.read(done).outcomes if o.status is Status.FAILED]


def test_what_recovers_can_be_made_taken_away_and_made_again(bench: Any, recovery: Any) -> None:
    assert failed(bench, bench.up(recovery)) == []
    assert bench.changes(recovery) == {}
    assert failed(bench, bench.up(recovery.only("backup-key"))) == []
    done = bench.up(recovery)
    assert failed(bench, done) == []
    doubted = {o.urn.rpartition("::")[2]: o for o in bench.read(done).outcomes if o.status is Status.UNVERIFIED}
    assert "AlreadyExists" in " ".join(doubted["daily"].reasons), "moto remembers the names of deleted plans"


@pytest.mark.parametrize(
    ("name", "change", "how"),
    [
        ("kept", {"tags": {"owner": "icu"}}, "updated"),
        ("kept-lock", {"minRetentionDays": 14}, "updated"),
        ("archive-table", {"description": "Who did what, and when"}, "updated"),
        ("limit", {"limitAmount": "2000"}, "replaced"),
    ],
)
def test_a_change_reaches_the_cloud(bench: Any, everything: Any, name: str, change: dict[str, Any], how: str) -> None:
    program = type(everything)(dict(everything.parts)).only(name)
    bench.up(program)
    program.change(name, **change)
    assert bench.changes(program) == {name: how}
    assert failed(bench, bench.up(program)) == []


def test_a_lock_that_was_lifted_behind_our_back_is_found(bench: Any, recovery: Any) -> None:
    done = bench.up(recovery.only("kept-lock"))
    bench.clients.client("backup").delete_backup_vault_lock_configuration(BackupVaultName="sample-kept")
    assert [reasons for _, reasons in failed(bench, done)] == [("it is not there",)]


def test_what_no_double_holds_is_unverified_with_the_reason(bench: Any, recovery: Any) -> None:
    done = bench.up(recovery)
    outcomes = {o.urn.rpartition("::")[2]: o for o in bench.read(done).outcomes}
    absent = ("kept-policy", "daily-chosen", "restored", "restored-objects", "watch", "watched")
    assert {outcomes[name].status for name in absent} == {Status.UNVERIFIED}
    assert outcomes["kept-policy"].reasons == ("there is no operation for policies of backup vaults (moto 5.2.5)",)


def test_two_environments_are_audited_and_recovered_side_by_side(bench: Any) -> None:
    apply = Apply(bench.clients, State(), lambda _: None, suffix_from("seed"))

    def program(tier: str) -> None:
        above = home(tier)
        trail = audited(above, tier)
        backed_up(above, tier, stores=trail.args.watched, copy=None)
        paid_for(above)

    for tier in ("local", "dev"):
        around = Surroundings("strongroom", tier, PLACE.account, PLACE.region, {}, ROOT)
        capture(lambda tier=tier: program(tier), around, apply)
    done = apply.finish()
    assert {str(item.change) for item in done} == {"created"}
    assert [(o.urn, o.reasons) for o in read_back(bench.clients, done).outcomes if o.status is Status.FAILED] == []
