"""What a run finds around it: the clock, the program's commit, versions. Read here, handed on as values."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from core.errors import BadInput

PROJECT = Path(__file__).resolve().parent.parent
EPOCH = "SOURCE_DATE_EPOCH"
"""https://reproducible-builds.org/specs/source-date-epoch/"""
DEBUG = "STRONGROOM_DEBUG"
PATIENCE = 5.0
"""Seconds that a tool beside us gets to answer."""


def as_of(environ: Mapping[str, str] = os.environ) -> datetime:
    """The time to put on a report: now, or what SOURCE_DATE_EPOCH says, so that a report can be made again."""
    if not (given := environ.get(EPOCH)):
        return datetime.now(UTC).replace(microsecond=0)
    try:
        return datetime.fromtimestamp(int(given), UTC)
    except (ValueError, OverflowError, OSError) as error:
        msg = f"{EPOCH} is {given!r}; expected whole seconds since 1970, such as 1767225600"
        raise BadInput(msg) from error


def is_debugging(environ: Mapping[str, str] = os.environ) -> bool:
    """Whether faults show their traceback."""
    return environ.get(DEBUG, "") not in {"", "0"}


def commit(folder: Path = PROJECT) -> str:
    """The git commit of the program, with "-dirty" when files differ from it; empty when it is not kept in git."""
    if not (folder / ".git").exists():
        return ""
    described = answer(["git", "-C", str(folder), "describe", "--always", "--dirty", "--abbrev=40", "--exclude=*"])
    return described or ""


def answer(command: Sequence[str]) -> str | None:
    """The first line that a tool prints; None when it is not there, fails, or does not answer in time."""
    try:
        done = subprocess.run(  # noqa: S603 - fixed commands of ours, no shell
            command, capture_output=True, text=True, timeout=PATIENCE, check=True, errors="replace"
        )
    except (OSError, subprocess.SubprocessError):
        return None
    lines = (done.stdout.strip() or done.stderr.strip()).splitlines()
    return lines[0] if lines else ""


def installed(package: str) -> str | None:
    """The version of a Python package; None when it is not installed."""
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def versions(*packages: str) -> tuple[tuple[str, str], ...]:
    """(package, version) of those that are installed."""
    return tuple((package, found) for package in packages if (found := installed(package)))


def own_version() -> str:
    """The version of strongroom."""
    return installed("strongroom") or "0"
