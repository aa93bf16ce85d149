"""The timings that the README promises, measured on this machine: `make bench`, or `make bench ONLY=plan`.

Each row is one process started anew, as a user would start it; what one resource more costs has a table of its own.
Exit code 1 when a promise is not kept.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks import access_speed, agreement, guards, scale

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
MEGABYTE = 1024


@dataclass(frozen=True)
class Promise:
    """One command with the seconds and megabytes it may take; `runs` of which the first warms the byte code cache."""

    name: str
    command: Sequence[str]
    seconds: float
    megabytes: int | None = None
    runs: int = 3
    cwd: Path = ROOT


@dataclass(frozen=True)
class Measured:
    """The best wall time and the largest peak memory of the counted runs."""

    seconds: float
    megabytes: float


def measured(promise: Promise) -> Measured:
    """Run it several times; the first run is not counted when there are more."""
    samples = [once(promise) for _ in range(promise.runs)]
    counted = samples[1:] or samples
    return Measured(min(s.seconds for s in counted), max(s.megabytes for s in counted))


def once(promise: Promise) -> Measured:
    """One run in a process of its own, with its peak memory as the kernel counted it."""
    # The promises are for a warm byte code cache, so writing one must not be switched off.
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    null = subprocess.DEVNULL
    started = time.perf_counter()
    process = subprocess.Popen(promise.command, cwd=promise.cwd, env=kept, stdout=null, stderr=null)  # noqa: S603 - our own commands
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        message = f"{promise.name}: exit code {process.returncode} of {' '.join(promise.command)}"
        raise SystemExit(message)
    return Measured(time.perf_counter() - started, usage.ru_maxrss / MEGABYTE)


def promises(scratch: Path) -> list[Promise]:
    """What issue and README promise, cheapest first."""
    strongroom = str(BIN / "strongroom")
    evidence = str(scratch / "evidence")
    return [
        Promise("plan prod", [strongroom, "plan", "--env", "prod"], 3, 350, runs=4),
        Promise("up local", [strongroom, "up", "--env", "local", "--out", evidence], 20),
        Promise("test suite", ["make", "test"], 240, runs=1),
        Promise("clean clone, then up", ["make", "up"], 90, runs=1, cwd=scratch / "clone"),
    ]


def main() -> int:
    """Measure, print, and compare with what was promised."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--only", default="", help="measure the rows whose name contains this")
    only = arguments.parse_args().only
    table = Table("what", "seconds", "promised", "peak MB", "promised", "kept", title=f"{os.cpu_count()} cores")
    kept = True
    with tempfile.TemporaryDirectory() as folder:
        for promise in promises(Path(folder)):
            if only not in promise.name:
                continue
            if promise.cwd != ROOT:
                git = shutil.which("git") or "git"
                subprocess.run([git, "clone", "--quiet", str(ROOT), str(promise.cwd)], check=True)  # noqa: S603 - our own clone
            got = measured(promise)
            right = got.seconds <= promise.seconds and got.megabytes <= (promise.megabytes or got.megabytes)
            kept = kept and right
            most = str(promise.megabytes or "-")
            cells = (
                f"{got.seconds:.1f}",
                f"{promise.seconds:g}",
                f"{got.megabytes:.0f}",
                most,
                "yes" if right else "NO",
            )
            table.add_row(promise.name, *cells)
    if table.row_count:
        Console().print(table)
    for name, part in (
        ("access", access_speed.main),
        ("scale", scale.main),
        ("guards", guards.main),
        ("agreement", agreement.main),
    ):
        if only in name:
            kept = part() == 0 and kept
    return 0 if kept else 1


if __name__ == "__main__":
    raise SystemExit(main())
