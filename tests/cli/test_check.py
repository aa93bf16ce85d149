from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from cli.exit_code import ExitCode
from core.verdict import State
from evidence.folder import GRAPH, MANIFEST, REPORT
from tests.cli.conftest import SECRET_VALUE, Run

Say = Callable[..., None]
FORMATS = ["text", "json", "markdown", "sarif"]


def strongroom(*arguments: object, given: str | None = None) -> subprocess.CompletedProcess[str]:
    """The real program in a process of its own."""
    command = [sys.executable, "-m", "cli", *map(str, arguments)]
    return subprocess.run(command, input=given, capture_output=True, text=True, check=False, timeout=60)  # noqa: S603 - this interpreter


@pytest.mark.parametrize(
    ("states", "options", "code"),
    [
        ([State.PASS, State.NOT_APPLICABLE], [], ExitCode.OK),
        ([State.PASS, State.UNKNOWN], [], ExitCode.OK),
        ([State.PASS, State.UNKNOWN], ["--strict"], ExitCode.STILL_UNKNOWN),
        ([State.PASS], ["--strict"], ExitCode.OK),
        ([State.FAIL, State.UNKNOWN], ["--strict"], ExitCode.FINDINGS),
        ([State.FAIL], [], ExitCode.FINDINGS),
    ],
)
def test_the_exit_code_tells_the_verdict(
    run: Run, graph_file: Path, guards_say: Say, states: list[State], options: list[str], code: ExitCode
) -> None:
    guards_say(*states)
    assert run("check", graph_file, "--waivers", "/dev/null", *options).exit_code == code


def test_a_guard_that_broke_down_is_our_fault_and_named(run: Run, graph_file: Path, guards_say: Say) -> None:
    guards_say(State.UNKNOWN, message="the guard itself failed: KeyError at s3.py:7")
    result = run("check", graph_file, "--waivers", "/dev/null")
    assert result.exit_code == ExitCode.OWN_FAULT
    assert "s3.bucket_keeps_versions: KeyError at s3.py:7" in result.stderr


def test_a_fault_of_our_own_is_not_swallowed(run: Run, graph_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_graph: object) -> None:
        message = "surprise"
        raise RuntimeError(message)

    monkeypatch.setattr("policies.judge.judge", broken)
    result = run("check", graph_file)
    assert result.exit_code == ExitCode.OWN_FAULT
    assert "surprise" in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize("form", FORMATS)
def test_standard_output_carries_the_result_and_nothing_else(run: Run, graph_file: Path, form: str) -> None:
    result = run("check", graph_file, "--format", form)
    assert result.exit_code == ExitCode.FINDINGS
    assert result.stderr == ""
    if form in {"json", "sarif"}:
        assert json.loads(result.stdout)
    assert "s3.bucket_keeps_versions" in result.stdout


@pytest.mark.parametrize("form", FORMATS)
def test_the_same_file_at_the_same_time_gives_the_same_bytes(run: Run, graph_file: Path, form: str) -> None:
    assert run("check", graph_file, "--format", form).stdout == run("check", graph_file, "--format", form).stdout


@pytest.mark.parametrize("form", FORMATS)
def test_no_property_value_is_shown(run: Run, graph_file: Path, form: str) -> None:
    assert SECRET_VALUE not in run("check", graph_file, "--format", form).stdout


def test_the_folder_holds_every_format_and_the_graph(run: Run, graph_file: Path, tmp_path: Path) -> None:
    out = tmp_path / "evidence"
    result = run("check", graph_file, "--out", out)
    assert result.exit_code == ExitCode.FINDINGS
    assert "start with " in result.stderr
    assert {path.name for path in out.iterdir()} == {REPORT, "findings.json", "findings.sarif", GRAPH, MANIFEST}
    assert (out / GRAPH).read_bytes() == graph_file.read_bytes()
    again = run("check", out / GRAPH, "--format", "json")
    assert json.loads(again.stdout)["summary"] == json.loads((out / "findings.json").read_text())["summary"]


def test_the_environment_is_the_stack_that_the_resources_belong_to(run: Run, graph_file: Path) -> None:
    assert json.loads(run("check", graph_file, "--format", "json").stdout)["environment"] == "prod"


def test_a_file_can_come_from_a_pipe(graph_file: Path) -> None:
    done = strongroom("check", "-", "--format", "json", given=graph_file.read_text())
    assert done.returncode == ExitCode.FINDINGS
    assert json.loads(done.stdout)["title"] == "Strongroom check of standard input"


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("none.json", None, "cannot be read (No such file or directory)"),
        ("empty.json", b"", "empty.json"),
        ("broken.json", b'{"resources": [', "broken.json"),
        ("list.json", b"[1, 2]", "list.json"),
        ("other.json", b'{"planned_values": {}}', "Terraform plan"),
        ("latin.json", b"\xe4\xf6", "not a text in UTF-8 (byte 0)"),
        ("deep.json", b"[" * 5000, "deep.json"),
        (".", None, "cannot be read (Is a directory)"),
    ],
)
def test_a_file_that_cannot_be_judged_is_told_why(
    run: Run, tmp_path: Path, name: str, content: bytes | None, said: str
) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    result = run("check", path)
    assert result.exit_code == ExitCode.BAD_INPUT
    assert said in result.stderr
    assert result.stdout == ""


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[[waivers", "not TOML"),
        ("[[waivers]]\nguard = 's3.bucket_keeps_versions'\n", "resource"),
        ("[[waivers]]\nguard='a.b_c'\nresource='x'\nenvironment='prod'\nexpires='soon'\n", "a date without quotes"),
    ],
)
def test_a_waiver_that_cannot_be_read_is_told_why(
    run: Run, graph_file: Path, tmp_path: Path, text: str, said: str
) -> None:
    path = tmp_path / "waivers.toml"
    path.write_text(text)
    result = run("check", graph_file, "--waivers", path)
    assert result.exit_code == ExitCode.BAD_INPUT
    assert "waivers.toml" in result.stderr
    assert said in result.stderr


def test_a_waiver_file_that_is_not_there_is_told(run: Run, graph_file: Path) -> None:
    result = run("check", graph_file, "--waivers", "no-such.toml")
    assert result.exit_code == ExitCode.BAD_INPUT
    assert "no-such.toml: cannot be read" in result.stderr


def waiver(day: str) -> str:
    return f"""
[[waivers]]
guard = "s3.bucket_keeps_versions"
resource = "raw-0"
environment = "prod"
reason = "being migrated"
owner = "ana"
instead = "copies are taken every hour"
expires = {day}
"""


def test_a_waiver_in_force_excuses_and_is_counted(run: Run, graph_file: Path, tmp_path: Path, guards_say: Say) -> None:
    guards_say(State.FAIL)
    path = tmp_path / "waivers.toml"
    path.write_text(waiver("2026-02-01"))
    result = run("check", graph_file, "--waivers", path, "--format", "json")
    assert result.exit_code == ExitCode.OK
    assert json.loads(result.stdout)["summary"]["waived"] == 1
    assert "being migrated" in run("check", graph_file, "--waivers", path).stdout


def test_a_waiver_that_has_run_out_excuses_nothing_and_is_a_finding_itself(
    run: Run, graph_file: Path, tmp_path: Path, guards_say: Say
) -> None:
    guards_say(State.FAIL)
    path = tmp_path / "waivers.toml"
    path.write_text(waiver("2025-12-31"))
    result = run("check", graph_file, "--waivers", path, "--format", "json")
    assert result.exit_code == ExitCode.FINDINGS
    assert json.loads(result.stdout)["summary"]["fail"] == 2


def test_a_folder_of_somebody_else_is_refused_before_any_work(run: Run, tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine")
    result = run("check", tmp_path / "no-such-graph.json", "--out", tmp_path)
    assert result.exit_code == ExitCode.BAD_INPUT
    assert "thesis.txt" in result.stderr


def test_a_time_that_is_none_is_told(run: Run, graph_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "yesterday")
    result = run("check", graph_file)
    assert result.exit_code == ExitCode.BAD_INPUT
    assert "SOURCE_DATE_EPOCH" in result.stderr


def test_the_verdict_stands_when_the_reader_leaves_early(graph_file: Path) -> None:
    command = [sys.executable, "-m", "cli", "check", str(graph_file)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as writer:  # noqa: S603 - this interpreter
        assert writer.stdout is not None
        assert writer.stderr is not None
        writer.stdout.close()
        assert writer.stderr.read() == b""
        assert writer.wait(timeout=60) == ExitCode.FINDINGS


def test_more_than_is_read_is_refused_before_it_is_parsed(
    run: Run, graph_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cli.check.MOST_CHARACTERS", 100)
    for result in (run("check", graph_file), run("check", "-", input=graph_file.read_text(encoding="utf-8"))):
        assert result.exit_code == ExitCode.BAD_INPUT
        assert "judge one stack at a time" in result.stderr


V6 = "aws:s3/bucketV2:BucketV2"
VERSIONED = "aws:s3/bucketVersioningV2:BucketVersioningV2"


def foreign(status: str) -> list[dict[str, object]]:
    """A program that is not ours, in another language, on version 6 of the provider, as the engine keeps it."""
    stem, made = "urn:pulumi:live::shop::", {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270"}
    bucket = {
        "urn": f"{stem}{V6}::orders",
        "type": V6,
        "custom": True,
        "id": "orders-7f",
        "inputs": {"bucket": "orders-7f"},
    }
    bucket["outputs"] = {
        "id": "orders-7f",
        "arn": "arn:aws:s3:::orders-7f",
        "hostedZoneId": {**made, "ciphertext": "v1:x"},
    }
    settings = {"bucket": "orders-7f", "versioningConfiguration": {"status": status}}
    versioned = {
        "urn": f"{stem}{VERSIONED}::kept",
        "type": VERSIONED,
        "custom": True,
        "id": "orders-7f",
        "inputs": settings,
    }
    return [bucket, versioned]


@pytest.mark.parametrize(("status", "verdict"), [("Enabled", "pass"), ("Suspended", "fail")])
@pytest.mark.parametrize("kind", ["export", "digest", "events"])
def test_a_program_that_is_not_ours_is_judged_from_whatever_the_engine_wrote(
    run: Run, tmp_path: Path, kind: str, status: str, verdict: str
) -> None:
    states = foreign(status)
    steps = [{"op": "create", "urn": state["urn"], "newState": state} for state in states]
    events = [
        *({"resourcePreEvent": {"metadata": {"op": "create", "urn": s["urn"], "new": s}}} for s in states),
        {"summaryEvent": {"resourceChanges": {"create": 2}}},
    ]
    texts = {
        "export": json.dumps({"version": 3, "deployment": {"manifest": {}, "resources": states}}),
        "digest": json.dumps({"steps": steps, "changeSummary": {"create": 2}}),
        "events": "\n".join(json.dumps({"sequence": n, "timestamp": 1, **event}) for n, event in enumerate(events)),
    }
    path = tmp_path / f"{kind}.json"
    path.write_text(texts[kind], encoding="utf-8")
    result = run("check", path, "--waivers", "/dev/null", "--format", "json")
    said = json.loads(result.stdout)
    found = {(f["guard"], f["urn"]): f["verdict"] for f in said["findings"]}
    assert found["s3.bucket_keeps_versions", str(states[0]["urn"])] == verdict
    assert said["environment"] == "live"
    assert "v1:x" not in result.stdout
