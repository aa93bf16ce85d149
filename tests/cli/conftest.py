"""A graph on disk, and guards that answer what a test wants."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from cli.__main__ import strongroom
from core.finding import Finding, Severity
from core.graph import STACK, graph_of
from core.graph_json import to_json
from core.resource import Location, Resource
from core.value import SECRET
from core.verdict import Decidable, State
from tests.cli.ward import Saved, Statements, ward

URN = "urn:pulumi:prod::ward::"
BUCKET = "aws:s3/bucket:Bucket"
SECRET_VALUE = "hunter2-in-a-tag"

Run = Callable[..., Result]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Run:
    """The command line, at a fixed time."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1767225600")
    monkeypatch.delenv("STRONGROOM_DEBUG", raising=False)
    return lambda *arguments, **more: CliRunner().invoke(strongroom, list(map(str, arguments)), **more)


@pytest.fixture
def graph_file(tmp_path: Path) -> Path:
    """A saved graph with one bucket, whose tags hold what no report may show."""
    tags = {"note": SECRET_VALUE, "password": SECRET}
    bucket = Resource(BUCKET, f"{URN}{BUCKET}::raw", {"tags": tags}, location=(Location("program.py", 3),))
    path = tmp_path / "graph.json"
    path.write_text(to_json(graph_of([Resource(STACK, f"{URN}{STACK}::ward-prod"), bucket])), encoding="utf-8")
    return path


@pytest.fixture
def guards_say(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Make every judgement answer these states, one finding each."""

    def say(
        *states: State, message: str = "versioning of raw is not set", decidable: Decidable = Decidable.PLAN
    ) -> None:
        found = tuple(
            Finding(
                "s3.bucket_keeps_versions",
                state,
                f"{URN}{BUCKET}::raw-{n}",
                message,
                Severity.HIGH,
                "Use Bucket.",
                decidable=decidable,
            )
            for n, state in enumerate(states)
        )
        monkeypatch.setattr("policies.judge.judge", lambda _graph: found)

    return say


@pytest.fixture
def saved(tmp_path: Path) -> Saved:
    """Writes a ward to disk as a saved graph."""

    def write(name: str, said: Statements) -> Path:
        path = tmp_path / name
        path.write_text(to_json(ward(said)), encoding="utf-8")
        return path

    return write
