from __future__ import annotations

import json
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any, NamedTuple

import boto3
import pytest

from cli.exit_code import ExitCode
from cli.serve import interruptible, look_around, require_free
from cli.up import shortened
from core.errors import BadInput
from core.verdict import State
from evidence.folder import MANIFEST
from tests.cli.conftest import Run

Say = Callable[..., None]


class Kept(NamedTuple):
    """A local cloud that is being served: what it said, and where its report and its evidence are."""

    process: subprocess.Popen[str]
    variables: dict[str, str]
    report: Path
    out: Path


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Generator[Kept]:
    """The real program, serving; interrupted at the end."""
    folder = tmp_path_factory.mktemp("up")
    out, report = folder / "evidence", folder / "report.json"
    command = [sys.executable, "-m", "cli", "up", "--env", "local", "--serve", "--out", str(out), "--format", "json"]
    with (
        report.open("w", encoding="utf-8") as result,
        subprocess.Popen(command, stdout=result, stderr=subprocess.PIPE, text=True) as process,  # noqa: S603 - this interpreter
    ):
        assert process.stderr is not None
        said = ""
        while "aws sagemaker" not in said and (line := process.stderr.readline()):
            said += line
        yield Kept(process, dict(re.findall(r"export (\w+)=(\S+)", said)), report, out)
        process.kill()


def test_the_evidence_of_a_build_is_written_and_nothing_failed(kept: Kept) -> None:
    assert kept.variables, "the local cloud was never served"
    manifest = json.loads((kept.out / MANIFEST).read_text(encoding="utf-8"))
    assert manifest["kind"] == "local apply"
    assert manifest["summary"]["fail"] == 0
    assert manifest["outcomes"]["failed"] == 0
    assert manifest["outcomes"]["verified"] > 0
    assert {"boto3", "moto"} <= set(manifest["provenance"]["libraries"])


def test_what_was_read_back_is_judged_too(kept: Kept) -> None:
    phases = json.loads((kept.out / "findings.json").read_text(encoding="utf-8"))["phases"]
    assert phases["observed"]["pass"] > 0
    assert sum(phases["observed"].values()) >= sum(phases["planned"].values()) > 0


def test_the_local_cloud_answers_to_the_printed_variables(kept: Kept) -> None:
    given = kept.variables

    def client(service: str) -> Any:
        return boto3.client(
            service,
            endpoint_url=given["AWS_ENDPOINT_URL"],
            region_name=given["AWS_REGION"],
            aws_access_key_id=given["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=given["AWS_SECRET_ACCESS_KEY"],
        )

    buckets = client("s3").list_buckets()["Buckets"]
    assert buckets
    rule = client("s3").get_bucket_encryption(Bucket=buckets[0]["Name"])["ServerSideEncryptionConfiguration"]["Rules"][
        0
    ]
    assert rule["ApplyServerSideEncryptionByDefault"]["SSEAlgorithm"]
    trail = client("cloudtrail").describe_trails()["trailList"][0]["TrailARN"]
    assert client("cloudtrail").get_trail_status(Name=trail)["IsLogging"]
    assert [e["EndpointStatus"] for e in client("sagemaker").list_endpoints()["Endpoints"]] == ["InService"]


def test_an_interruption_of_the_serving_is_a_good_end(kept: Kept) -> None:
    kept.process.send_signal(signal.SIGINT)
    assert kept.process.wait(timeout=30) == ExitCode.OK
    assert json.loads(kept.report.read_text(encoding="utf-8"))["kind"] == "local apply"
    assert kept.process.stderr is not None
    assert "the local cloud is gone" in kept.process.stderr.read()


@pytest.mark.parametrize("environment", ["dev", "staging", "prod", "lcoal"])
def test_no_other_environment_is_built_and_the_reader_is_told_how_to(run: Run, environment: str) -> None:
    result = run("up", "--env", environment)
    assert result.exit_code == ExitCode.BAD_INPUT
    assert "in the local cloud only" in result.stderr
    assert f"pulumi up --stack {environment}" in result.stderr


def test_nothing_is_built_when_a_guard_fails(
    run: Run, guards_say: Say, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def built(*_: object, **__: object) -> None:
        pytest.fail("something was built")

    monkeypatch.setattr("cli.up.applied", built)
    guards_say(State.FAIL)
    result = run("up", "--env", "local", "--out", tmp_path / "out")
    assert result.exit_code == ExitCode.FINDINGS
    assert "nothing was built" in result.stderr
    assert json.loads((tmp_path / "out" / MANIFEST).read_text(encoding="utf-8"))["kind"] == "plan"


def test_what_the_cloud_refuses_is_told_and_is_no_success(
    run: Run, guards_say: Say, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from twin.calls import RefusedError
    from twin.entry import Call

    refusal = RefusedError("urn:a", Call("s3", "create_bucket"), "TooManyBuckets", "no more")

    def refused(*_: object, **__: object) -> None:
        raise refusal

    monkeypatch.setattr("cli.up.applied", refused)
    guards_say(State.PASS)
    result = run("up", "--env", "local", "--out", tmp_path / "out")
    assert result.exit_code == ExitCode.FINDINGS
    assert "the local cloud refused what was declared; urn:a" in result.stderr
    assert "TooManyBuckets" in result.stderr


def test_an_interrupted_build_ends_with_its_own_code_and_writes_nothing(
    run: Run, guards_say: Say, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("cli.up.applied", interrupted)
    guards_say(State.PASS)
    result = run("up", "--env", "local", "--out", tmp_path / "out")
    assert result.exit_code == ExitCode.INTERRUPTED
    assert not (tmp_path / "out").exists()


def test_a_long_answer_of_the_cloud_is_cut() -> None:
    assert shortened("x" * 5000) == "x" * 500 + " ..."
    assert shortened("short") == "short"


def test_a_port_in_use_is_told_before_anything_is_built(run: Run, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        result = run("up", "--env", "local", "--serve", "--port", port, "--out", tmp_path / "out")
    assert result.exit_code == ExitCode.BAD_INPUT
    assert f"port {port} of 127.0.0.1 cannot be used (Address already in use)" in result.stderr
    assert not (tmp_path / "out").exists()


def test_any_free_port_will_do() -> None:
    require_free(0)
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(BadInput, match="name another with --port"):
        require_free(taken.getsockname()[1])


@pytest.mark.parametrize("options", [["--port", "4600"], ["--serve", "--port", "70000"], ["--serve", "--port", "x"]])
def test_a_port_that_makes_no_sense_is_refused(run: Run, options: list[str]) -> None:
    result = run("up", "--env", "local", *options)
    assert result.exit_code == ExitCode.BAD_INPUT
    assert "port" in result.stderr


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_sets_the_event_and_the_former_handler_comes_back(number: signal.Signals) -> None:
    before = signal.getsignal(number)
    with interruptible() as asked:
        assert not asked.is_set()
        signal.raise_signal(number)
        assert asked.is_set()
    assert signal.getsignal(number) is before


def test_the_reader_is_told_what_to_set_and_what_to_ask() -> None:
    shown = look_around("http://127.0.0.1:1", "012345678901", "eu-central-1", {"AWS_REGION": "eu-central-1"})
    for words in ("http://127.0.0.1:1", "012345678901", "export AWS_REGION=eu-central-1", "boto3.client"):
        assert words in shown
