from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import jsonschema
import pytest

from cli import surroundings
from cli.exit_code import ExitCode
from core.graph_json import from_json
from core.verdict import Decidable, State
from evidence.folder import GRAPH
from stacks.config_file import CONFIG_FOLDER, environments
from tests.cli.conftest import Run

SCHEMA = surroundings.PROJECT / "docs" / "schemas" / "findings-v1.schema.json"
AWS = {name for name in os.environ if name.startswith("AWS_")}


@pytest.fixture(scope="module")
def prod() -> subprocess.CompletedProcess[str]:
    """The real program, from another folder, with no AWS variable set."""
    environ = {name: value for name, value in os.environ.items() if name not in AWS}
    return subprocess.run(
        [sys.executable, "-m", "cli", "plan", "--env", "prod", "--format", "json"],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        cwd="/",
        env={**environ, "SOURCE_DATE_EPOCH": "1767225600"},
    )


def test_a_plan_is_findings_json_and_nothing_else(prod: subprocess.CompletedProcess[str]) -> None:
    jsonschema.validate(json.loads(prod.stdout), json.loads(SCHEMA.read_text(encoding="utf-8")))
    assert "Traceback" not in prod.stderr


def test_a_plan_of_production_finds_no_failure(prod: subprocess.CompletedProcess[str]) -> None:
    failed = [(f["guard"], f["urn"]) for f in json.loads(prod.stdout)["findings"] if f["verdict"] == "fail"]
    assert failed == []
    assert prod.returncode == ExitCode.OK


def test_a_plan_says_what_it_was_made_with(prod: subprocess.CompletedProcess[str]) -> None:
    made = json.loads(prod.stdout)["provenance"]
    assert [pack["id"] for pack in made["packs"]] == ["aws_ai", "cis_aws", "gdpr", "hipaa", "nist_800_53"]
    assert set(made["libraries"]) == {"pulumi", "pulumi-aws", "pulumi-policy"}
    assert len(made["graph_digest"]) == len(made["settings_digest"]) == 64


def test_every_line_of_source_is_one_of_this_project(prod: subprocess.CompletedProcess[str]) -> None:
    places = {place["file"] for f in json.loads(prod.stdout)["findings"] for place in f["location"]}
    assert any(place.startswith("components/") for place in places)
    assert all((surroundings.PROJECT / place).is_file() for place in places)


@pytest.mark.parametrize("environment", environments())
def test_the_same_plan_gives_the_same_folder(run: Run, tmp_path: Path, environment: str) -> None:
    for name in ("one", "two"):
        run("plan", "--env", environment, "--out", tmp_path / name)
    one, two = ({path.name: path.read_bytes() for path in (tmp_path / name).iterdir()} for name in ("one", "two"))
    assert one == two
    assert from_json(one[GRAPH].decode()).resources


def test_a_failure_names_component_line_control_and_fix(run: Run, guards_say: Callable[..., None]) -> None:
    guards_say(State.FAIL)
    result = run("plan", "--env", "prod")
    assert result.exit_code == ExitCode.FINDINGS
    for words in ("FAIL s3.bucket_keeps_versions", "HIPAA 164.312(c)(1)", "fix     Use Bucket.", "::raw-0"):
        assert words in result.stdout


@pytest.mark.parametrize(
    ("environment", "strict", "code"),
    [
        ("dev", [], ExitCode.OK),
        ("dev", ["--strict"], ExitCode.STILL_UNKNOWN),
        ("staging", [], ExitCode.STILL_UNKNOWN),
        ("prod", [], ExitCode.STILL_UNKNOWN),
    ],
)
def test_what_stays_unknown_counts_when_asked_to_be_strict_and_in_a_mandatory_section_of_what_matters(
    run: Run, guards_say: Callable[..., None], environment: str, strict: list[str], code: ExitCode
) -> None:
    guards_say(State.PASS, State.UNKNOWN)
    result = run("plan", "--env", environment, *strict)
    assert result.exit_code == code
    assert "UNKNOWN (1)" in result.stdout
    named = "mandatory in" in result.stderr and "hipaa:164.312(c)(1)" in result.stderr
    assert named is (environment != "dev")


def test_what_only_a_live_account_can_say_is_counted_apart_and_blocks_nothing(
    run: Run, guards_say: Callable[..., None]
) -> None:
    guards_say(State.UNKNOWN, decidable=Decidable.LIVE)
    result = run("plan", "--env", "prod", "--strict")
    assert result.exit_code == ExitCode.OK
    assert "ONLY A LIVE ACCOUNT CAN SAY (1)" in result.stdout
    assert "UNKNOWN (" not in result.stdout


@pytest.mark.parametrize(
    ("environment", "meant"), [("prd", "prod"), ("stagin", "staging"), ("../prod", "prod"), ("PROD", ""), ("", "")]
)
def test_an_environment_that_is_not_there_is_told(run: Run, environment: str, meant: str) -> None:
    result = run("plan", "--env", environment)
    assert result.exit_code == ExitCode.BAD_INPUT
    assert "there is no settings file for environment" in result.stderr
    assert meant in result.stderr


def settings_with(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, old: str, new: str) -> None:
    """Plan with a copy of the settings in which one text is another."""
    for path in CONFIG_FOLDER.glob("Pulumi.*.yaml"):
        text = path.read_text(encoding="utf-8")
        changed = text.replace(old, new) if path.name == "Pulumi.prod.yaml" else text
        assert changed != text or path.name != "Pulumi.prod.yaml", old
        (tmp_path / path.name).write_text(changed, encoding="utf-8")
    import stacks.config_file as config

    original = config.read_settings
    monkeypatch.setattr(config, "read_settings", lambda environment: original(environment, tmp_path))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("strongroom:region: ", "strongroom:regoin: ", "did you mean"),
        ("strongroom:account: ", "strongroom:account: 12 # ", "12 digits"),
        ("config:", "config: [", "not readable as YAML"),
        ("config:", "settings:", "config:"),
    ],
)
def test_settings_that_cannot_be_used_are_told(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, old: str, new: str, said: str
) -> None:
    settings_with(monkeypatch, tmp_path, old, new)
    result = run("plan", "--env", "prod")
    assert result.exit_code == ExitCode.BAD_INPUT
    assert "Pulumi.prod.yaml" in result.stderr
    assert said in result.stderr
    assert "Traceback" not in result.stderr


def test_a_settings_file_that_is_not_there_is_told(run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    settings_with(monkeypatch, tmp_path, "config:", "config:\n")
    (tmp_path / "Pulumi.prod.yaml").unlink()
    result = run("plan", "--env", "prod")
    assert result.exit_code == ExitCode.BAD_INPUT
    assert "there are: dev, local, staging" in result.stderr


def test_an_interruption_ends_with_its_own_code_and_writes_nothing(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("cli.plan.declared", interrupted)
    result = run("plan", "--env", "prod", "--out", tmp_path / "out")
    assert result.exit_code == ExitCode.INTERRUPTED
    assert list(tmp_path.iterdir()) == []
