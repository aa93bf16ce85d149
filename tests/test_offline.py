"""A plan needs nothing but this project: no network, no credentials, no AWS settings, no home folder."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
ALONE = """
import sys
def refuse(event, args):
    if event in {"socket.connect", "socket.getaddrinfo", "socket.gethostbyname"}:
        raise SystemExit(f"the network was used: {event} {args}")
    if event == "open" and isinstance(args[0], str) and "/.aws/" in args[0]:
        raise SystemExit(f"AWS settings were read: {args[0]}")
sys.addaudithook(refuse)
from cli.__main__ import main
sys.argv = ["strongroom", *sys.argv[1:]]
main()
"""


def alone(*arguments: str) -> subprocess.CompletedProcess[str]:
    """The command in a process without environment, whose every use of the network ends it."""
    command = [sys.executable, "-c", ALONE, *arguments]
    return subprocess.run(command, cwd=ROOT, env={}, capture_output=True, text=True, check=False)  # noqa: S603 - our own Python


@pytest.mark.parametrize("environment", ["local", "dev", "staging", "prod"])
def test_every_environment_is_planned_alone_without_a_failure_or_an_unknown(environment: str) -> None:
    done = alone("plan", "--env", environment, "--strict")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Nothing failed." in done.stdout


def test_the_local_cloud_is_built_without_network_or_credentials(tmp_path: Path) -> None:
    done = alone("up", "--env", "local", "--out", str(tmp_path / "evidence"))
    assert done.returncode == 0, done.stdout + done.stderr
    written = {path.name for path in (tmp_path / "evidence").iterdir()}
    assert written == {"bundle.json", "findings.json", "findings.sarif", "graph.json", "report.md"}
