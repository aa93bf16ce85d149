"""What the whole suite shares: saying out loud which heavy parts were not exercised."""

from __future__ import annotations

import os

import pytest

NOT_EXERCISED = "not exercised: "
"""How the reason of a skip begins that is for want of something heavy: `not exercised: <what>; get it with <how>`."""


def skip_heavy(what: str, how: str) -> None:
    """Leave a test out for want of something heavy; in continuous integration nothing may be left out."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"{what} is missing, and CI=true leaves nothing out; get it with: {how}")
    pytest.skip(f"{NOT_EXERCISED}{what}; get it with: {how}")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """The last lines of a run: what it did not exercise, and how to get it."""
    reasons = [report.longrepr[2] for report in terminalreporter.stats.get("skipped", []) if report.longrepr]
    heavy = [reason.partition(NOT_EXERCISED)[2] for reason in reasons if NOT_EXERCISED in reason]
    for reason in sorted(set(heavy)):
        terminalreporter.write_line(f"NOT EXERCISED ({heavy.count(reason)} tests): {reason}", yellow=True)
