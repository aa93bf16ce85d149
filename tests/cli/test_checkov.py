"""Checkov itself, where it is installed; what becomes of an answer that cannot be used, everywhere."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from cli import checkov_home, checkov_process
from cli.checkov_process import PLAN, answered
from cli.exit_code import ExitCode
from core.errors import BadInput
from core.graph import graph_of
from core.graph_json import to_json
from core.resource import Resource
from tests.cli.conftest import BUCKET, SECRET_VALUE, URN, Run
from tests.conftest import skip_heavy

KEY = "aws:kms/key:Key"


@pytest.fixture
def checkov() -> None:
    if not checkov_home.is_current():
        skip_heavy("checkov", checkov_home.INSTALL)


def fake(tmp_path: Path, body: str) -> list[str]:
    """A checkov that does as it is told."""
    script = tmp_path / "checkov.py"
    script.write_text(body, encoding="utf-8")
    return [sys.executable, str(script)]


@pytest.mark.usefixtures("checkov")
def test_a_program_is_judged_by_both_and_what_only_they_object_to_is_a_finding(run: Run, tmp_path: Path) -> None:
    key = Resource(KEY, f"{URN}{KEY}::seal", {"enableKeyRotation": False})
    bucket = Resource(BUCKET, f"{URN}{BUCKET}::raw", {"tags": {"note": SECRET_VALUE}})
    path = tmp_path / "graph.json"
    path.write_text(to_json(graph_of([key, bucket])), encoding="utf-8")
    result = run("checkov", path, "--waivers", "/dev/null", "--format", "json")
    assert result.exit_code == ExitCode.FINDINGS
    said = json.loads(result.stdout)
    opinion = said["second_opinion"]
    assert (opinion["tool"], opinion["version"]) == ("checkov", checkov_home.locked_version())
    agreed = {one["check"] for one in opinion["others"] if one["standing"] == "agreed"}
    assert {"CKV_AWS_7", "CKV2_AWS_6"} <= agreed
    found = {finding["guard"]: finding for finding in said["findings"]}
    only = {one["check"] for one in opinion["disagreements"] if one["standing"] == "only theirs"}
    assert only == {name.removeprefix("checkov.") for name in found if name.startswith("checkov.")}
    assert SECRET_VALUE not in result.stdout


@pytest.mark.usefixtures("checkov")
def test_the_blueprint_has_no_unexplained_disagreement(run: Run) -> None:
    result = run("plan", "--env", "prod", "--second-opinion", "--format", "markdown")
    assert result.exit_code == ExitCode.OK, result.stdout
    assert "## Second opinion of checkov" in result.stdout
    assert "| 0 | only theirs |" in result.stdout
    assert "| 0 | only ours |" in result.stdout


def test_without_checkov_the_message_says_how_to_get_it(
    run: Run, graph_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cli.second_opinion.HOME", tmp_path / "nothing")
    result = run("checkov", graph_file)
    assert result.exit_code == ExitCode.BAD_INPUT
    assert f"checkov is not installed; install it into an environment of its own with: {checkov_home.INSTALL}" in (
        result.stderr
    )
    assert result.stdout == ""


def test_an_installation_of_another_lock_is_not_used(tmp_path: Path) -> None:
    checkov_home.stamp(tmp_path).write_text("another digest", encoding="utf-8")
    with pytest.raises(BadInput, match="not the one that the lock lists"):
        checkov_home.command(tmp_path)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("import sys; sys.exit('no such option')", "ended with exit code 1: no such option"),
        (
            "import sys; print('[]'); print('Failed to run check CKV_AWS_7', file=sys.stderr)",
            "one of its own checks: Failed",
        ),
        ("import time; time.sleep(60)", "did not answer within 1 seconds"),
    ],
)
def test_a_checkov_that_breaks_down_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, body: str, said: str
) -> None:
    monkeypatch.setattr(checkov_process, "LONGEST", 1.0 if "sleep" in body else 60.0)
    with pytest.raises(BadInput, match=said):
        answered(fake(tmp_path, body), {}, {"manifest-0001.json": {}})


def test_an_answer_that_is_no_json_is_told(
    run: Run, graph_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cli.second_opinion.command", lambda _home: fake(tmp_path, "print('<html>')"))
    result = run("checkov", graph_file)
    assert result.exit_code == ExitCode.BAD_INPUT
    assert "the output of checkov: not readable as JSON" in result.stderr


def test_another_version_than_the_locked_one_is_refused(
    run: Run, graph_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = {"passed": 0, "failed": 0, "resource_count": 0, "checkov_version": "3.1.47"}
    monkeypatch.setattr("cli.second_opinion.command", lambda _home: fake(tmp_path, f"print({json.dumps(answer)!r})"))
    result = run("checkov", graph_file)
    assert result.exit_code == ExitCode.BAD_INPUT
    assert "checkov 3.1.47 answered" in result.stderr


def test_nothing_of_the_user_reaches_it_and_its_files_are_private_and_gone_afterwards(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET_VALUE)
    monkeypatch.setenv("BC_API_KEY", SECRET_VALUE)
    body = """
import json, os, sys
folder = sys.argv[sys.argv.index("--directory") + 1]
print(json.dumps({"environment": dict(os.environ), "folder": folder, "files": {
    name: oct(os.stat(os.path.join(folder, name)).st_mode & 0o777) for name in os.listdir(folder)},
    "mode": oct(os.stat(folder).st_mode & 0o777)}))
"""
    said = json.loads(answered(fake(tmp_path, body), {"plan": 1}, {"manifest-0001.json": {}}))
    assert SECRET_VALUE not in json.dumps(said)
    assert said["mode"] == "0o700"
    assert said["files"] == {PLAN: "0o600", "manifest-0001.json": "0o600"}
    assert not Path(said["folder"]).exists()
    assert said["environment"]["HTTPS_PROXY"] == "http://127.0.0.1:9"


def test_a_program_without_anything_for_checkov_is_told(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cli.second_opinion.command", lambda _home: ["false"])
    token = "random:index/randomId:RandomId"
    path = tmp_path / "graph.json"
    path.write_text(to_json(graph_of([Resource(token, f"{URN}{token}::suffix")])), encoding="utf-8")
    result = run("checkov", path)
    assert result.exit_code == ExitCode.BAD_INPUT
    assert "checkov has nothing to judge" in result.stderr
