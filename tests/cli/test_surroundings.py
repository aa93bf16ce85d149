from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from cli import surroundings
from cli.surroundings import answer, as_of, commit, installed, is_debugging, own_version, versions
from core.errors import BadInput


def test_the_time_can_be_given_so_that_a_report_can_be_made_again() -> None:
    assert as_of({"SOURCE_DATE_EPOCH": "1767225600"}) == datetime(2026, 1, 1, tzinfo=UTC)


def test_the_time_is_now_in_whole_seconds_of_utc() -> None:
    now = as_of({})
    assert now.tzinfo is UTC
    assert now.microsecond == 0
    assert abs((datetime.now(UTC) - now).total_seconds()) < 60


@pytest.mark.parametrize("given", ["yesterday", "1e9", "9" * 30])
def test_a_time_that_is_none_is_refused(given: str) -> None:
    with pytest.raises(BadInput, match=r"SOURCE_DATE_EPOCH is .*; expected whole seconds since 1970"):
        as_of({"SOURCE_DATE_EPOCH": given})


def test_a_folder_without_git_has_no_commit(tmp_path: Path) -> None:
    assert commit(tmp_path) == ""


def test_a_changed_file_is_told_with_the_commit(tmp_path: Path) -> None:
    def git(*arguments: str) -> None:
        command = ["git", "-C", str(tmp_path), *arguments]
        subprocess.run(command, check=True, capture_output=True)  # noqa: S603 - git in a folder of this test

    git("init", "-q")
    (tmp_path / "a").write_text("1")
    git("add", "a")
    git("-c", "user.name=n", "-c", "user.email=e", "commit", "-qm", "m")
    clean = commit(tmp_path)
    assert len(clean) == 40
    (tmp_path / "a").write_text("2")
    assert commit(tmp_path) == f"{clean}-dirty"


def test_a_tool_that_is_not_there_fails_or_hangs_gives_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    assert answer(["strongroom-no-such-tool"]) is None
    assert answer([sys.executable, "-c", "raise SystemExit(1)"]) is None
    monkeypatch.setattr(surroundings, "PATIENCE", 0.05)
    assert answer([sys.executable, "-c", "import time; time.sleep(5)"]) is None


def test_a_tool_may_answer_on_either_stream_or_not_at_all() -> None:
    assert answer([sys.executable, "-c", "print('1.2.3\\nmore')"]) == "1.2.3"
    assert answer([sys.executable, "-c", "import sys; sys.stderr.write('4.5')"]) == "4.5"
    assert answer([sys.executable, "-c", ""]) == ""


def test_only_installed_packages_have_a_version() -> None:
    assert installed("strongroom-no-such-package") is None
    assert versions("click", "strongroom-no-such-package") == (("click", installed("click")),)
    assert own_version() == installed("strongroom")


@pytest.mark.parametrize(("given", "debugging"), [("1", True), ("yes", True), ("0", False), ("", False)])
def test_debugging_is_asked_for_by_a_variable(given: str, debugging: bool) -> None:
    assert is_debugging({"STRONGROOM_DEBUG": given}) is debugging
    assert not is_debugging({})
