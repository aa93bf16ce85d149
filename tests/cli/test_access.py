from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from cli.access_source import program_graph
from cli.exit_code import ExitCode
from cli.program import settings_of
from core.graph import Graph
from tests.cli.conftest import Run

DATA = "wardlight-prod-data-internal-store/*"


@pytest.fixture(scope="module")
def prod() -> Graph:
    return program_graph(settings_of("prod"))


@pytest.fixture
def ask(run: Run, prod: Graph, monkeypatch: pytest.MonkeyPatch) -> Any:
    """`strongroom access explain` over prod, captured once."""
    monkeypatch.setattr("cli.access_source.program_graph", lambda _settings: prod)
    return lambda *words: run("access", "explain", "--env", "prod", *words)


def test_what_a_persona_may_do_is_allowed_with_the_statement_that_says_so(ask: Any) -> None:
    result = ask("--as", "data-scientist", "s3:GetObject", DATA)
    assert result.exit_code == ExitCode.OK, result.output
    assert result.stdout.startswith("ALLOWED  s3:GetObject as session of a role")
    assert "ReadWardlightProdDataInternal" in result.stdout
    assert "ALLOWED  kms:Decrypt on" in result.stdout
    assert "permission boundary" in result.stdout
    assert "the call comes through wardlight-prod-network-s3-endpoint" in " ".join(result.stdout.split())


def test_what_it_may_not_is_denied_with_the_layer_that_stops_it(ask: Any) -> None:
    result = ask("--as", "data-scientist", "s3:GetObject", "wardlight-prod-models-store/*")
    assert result.exit_code == ExitCode.FINDINGS
    assert result.stdout.startswith("DENIED")
    assert "nothing here allows it" in result.stdout


def test_what_hangs_on_the_request_is_unknown_and_says_on_what(ask: Any) -> None:
    result = ask("--as", "ml-engineer", "s3:PutObject", "wardlight-prod-models-store/*")
    assert result.exit_code == ExitCode.STILL_UNKNOWN
    assert "s3:x-amz-server-side-encryption of the request is not given" in " ".join(result.stdout.split())
    assert "--key KEY=VALUE" in result.stdout


def test_it_is_settled_by_saying_what_the_request_carries(ask: Any) -> None:
    given = (
        "--without",
        "s3:x-amz-server-side-encryption",
        "--without",
        "s3:x-amz-server-side-encryption-aws-kms-key-id",
    )
    result = ask("--as", "ml-engineer", "s3:PutObject", "wardlight-prod-models-store/*", *given)
    assert result.exit_code == ExitCode.OK, result.output
    plain = ask("--as", "data-scientist", "s3:GetObject", DATA, "--key", "aws:SecureTransport=false")
    assert plain.exit_code == ExitCode.FINDINGS
    assert "OnlyOverTls" in plain.stdout


def test_a_call_that_does_not_come_through_the_endpoint_meets_no_endpoint_policy(ask: Any) -> None:
    result = ask("--as", "data-scientist", "s3:GetObject", DATA, "--no-endpoint")
    assert "no endpoint with a policy carries the call" in " ".join(result.stdout.split())


def test_an_action_that_needs_several_types_of_resource_says_so(ask: Any) -> None:
    result = ask("--as", "data-scientist", "kms:CreateAlias", "wardlight-prod-data-internal-key-key")
    assert "must be allowed on each of: alias, key" in " ".join(result.stdout.split())


def test_the_answer_is_there_as_json_too(ask: Any) -> None:
    result = ask("--as", "data-scientist", "s3:GetObject", DATA, "--format", "json")
    data = json.loads(result.stdout)
    assert data["outcome"] == "allowed"
    assert [one["action"] for one in data["decisions"]] == ["s3:GetObject", "kms:Decrypt"]
    assert {"layer", "statement", "reasons", "layers", "assumed"} <= set(data["decisions"][0])


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--as", "nobody", "s3:GetObject", DATA), "persona 'nobody': expected the name of one role"),
        (("--as", "data-scientist", "s3:ListAllMyBuckets", DATA), "takes no resource and is granted on * alone"),
        (("--as", "data-scientist", "GetObject", DATA), "action 'GetObject': expected service:Action"),
        (("--as", "data-scientist", "s3:GetObject", "nowhere/*"), "resource 'nowhere/*': expected an ARN"),
        (("--as", "data-scientist", "s3:GetObject", DATA, "--key", "odd"), "--key 'odd': expected KEY=VALUE"),
        (("--as", "data-scientist", "s3:GetObject", DATA, "--key", "aws:PrincipalArn=x"), "who asks decides it"),
    ],
)
def test_what_cannot_be_asked_is_told_with_what_is_expected(ask: Any, words: tuple[str, ...], message: str) -> None:
    result = ask(*words)
    assert result.exit_code == ExitCode.BAD_INPUT
    assert message in result.stderr


def test_the_help_shows_how_it_is_asked(run: Run) -> None:
    shown = run("access", "explain", "--help").stdout
    assert "strongroom access explain --env prod --as data-scientist s3:GetObject" in " ".join(shown.split())
    assert "Ends with 0 when it is allowed, 1 when it is denied, 3" in " ".join(shown.split())


def test_every_persona_of_every_environment_can_be_asked_about(run: Run) -> None:
    result = run(
        "access",
        "explain",
        "--env",
        "dev",
        "--as",
        "data-scientist",
        "s3:ListBucket",
        "wardlight-dev-data-internal-store",
    )
    assert result.exit_code == ExitCode.OK, result.output


PLAN = {
    "format_version": "1.2",
    "planned_values": {},
    "resource_changes": [
        {
            "address": "aws_iam_role.reader",
            "mode": "managed",
            "type": "aws_iam_role",
            "name": "reader",
            "change": {
                "actions": ["create"],
                "after": {
                    "name": "reader",
                    "assume_role_policy": "{}",
                    "inline_policy": [
                        {
                            "policy": json.dumps(
                                {
                                    "Version": "2012-10-17",
                                    "Statement": [
                                        {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::ward/*"}
                                    ],
                                }
                            )
                        }
                    ],
                },
                "after_unknown": {"arn": True},
            },
        },
        {
            "address": "aws_s3_bucket.ward",
            "mode": "managed",
            "type": "aws_s3_bucket",
            "name": "ward",
            "change": {"actions": ["create"], "after": {"bucket": "ward"}, "after_unknown": {"arn": True}},
        },
    ],
}
PLACE = ("--account", "111122223333", "--region", "eu-central-1")


def test_a_plan_of_terraform_can_be_asked_about(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "plan.json"
    file.write_text(json.dumps(PLAN), encoding="utf-8")
    asked = ("access", "explain", "--file", str(file), "--as", "reader")
    allowed = run(*asked, *PLACE, "s3:GetObject", "arn:aws:s3:::ward/a")
    assert allowed.exit_code == ExitCode.OK, allowed.output
    assert run(*asked, *PLACE, "s3:PutObject", "arn:aws:s3:::ward/a").exit_code == ExitCode.FINDINGS
    refused = run(*asked, "s3:GetObject", "arn:aws:s3:::ward/a")
    assert refused.exit_code == ExitCode.BAD_INPUT
    assert "name it with --account" in refused.stderr


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ((), "name one source"),
        (("--env", "prod", "--file", "x"), "name one source"),
        (("--env", "prod", "--account", "1"), "are for a --file"),
        (("--file", "nowhere.json"), "nowhere.json: cannot be read"),
    ],
)
def test_the_source_is_one(run: Run, words: tuple[str, ...], message: str) -> None:
    result = run("access", "explain", *words, "--as", "x", "s3:GetObject", "*")
    assert result.exit_code == ExitCode.BAD_INPUT
    assert message in result.stderr
