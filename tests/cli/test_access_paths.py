from __future__ import annotations

import json
from pathlib import Path

import pytest

from access.ability import Abilities
from cli.access_paths import abilities_of, marked, reached_from, read_intended, read_methods
from cli.access_source import AccessSource, access_source
from cli.exit_code import ExitCode
from tests.access.test_methods import document, trust
from tests.cli.conftest import Run

REGION = "eu-central-1"


def change(kind: str, name: str, after: dict[str, object]) -> dict[str, object]:
    return {
        "address": f"{kind}.{name}",
        "mode": "managed",
        "type": kind,
        "name": name,
        "change": {"actions": ["create"], "after": {"name": name, **after}, "after_unknown": {"arn": True}},
    }


@pytest.fixture
def plan(tmp_path: Path) -> str:
    """A role that may start jobs under any role, and one that jobs may have."""
    starts = document({"Effect": "Allow", "Action": ["sagemaker:CreateTrainingJob", "iam:PassRole"], "Resource": "*"})
    everything = document({"Effect": "Allow", "Action": "*", "Resource": "*"})
    by_service = document(trust("sagemaker.amazonaws.com"))
    found = [
        change("aws_iam_role", "junior", {"assume_role_policy": document(trust("ec2.amazonaws.com"))}),
        change("aws_iam_role_policy", "starts", {"role": "junior", "policy": starts}),
        change("aws_iam_role", "worker", {"assume_role_policy": by_service}),
        change("aws_iam_role_policy", "works", {"role": "worker", "policy": everything}),
        change("aws_iam_role", "reader", {"assume_role_policy": by_service}),
    ]
    file = tmp_path / "plan.json"
    file.write_text(json.dumps({"format_version": "1.2", "planned_values": {}, "resource_changes": found}))
    return str(file)


@pytest.fixture
def follow(run: Run, plan: str):  # noqa: ANN201 - a call of the command line, as `run` is
    place = ("--account", "111122223333", "--region", REGION)
    return lambda *words: run("access", "paths", "--file", plan, *place, *words)


def test_a_path_is_told_with_its_calls_and_what_lies_at_its_end(follow: Run) -> None:
    result = follow("--from", "junior", "--to", "worker")
    assert result.exit_code == ExitCode.FINDINGS, result.output
    shown = " ".join(result.stdout.split())
    assert "1 path leads from junior to more than it was given" in shown
    assert "CAN junior -> aws_iam_role.worker" in shown
    assert "T090 a training job under a role: reaches aws_iam_role.worker" in shown
    assert "iam:PassRole on arn:aws:iam::111122223333:role/worker, with iam:passedtoservice sagemaker" in shown


def test_a_role_that_can_do_no_more_is_no_finding(follow: Run) -> None:
    data = json.loads(follow("--from", "junior", "--format", "json").stdout)
    assert "aws_iam_role.reader" in data["reached"]
    assert "aws_iam_role.reader" not in {one["to"] for one in data["paths"]}
    assert {"method", "title", "source", "reaches", "sure", "hangs_on", "calls"} == set(data["paths"][0]["steps"][0])


def test_where_nothing_leads_on_it_says_so(follow: Run) -> None:
    result = follow("--from", "reader")
    assert result.exit_code == ExitCode.OK
    assert "NOTHING leads from reader to more than it was given" in result.stdout
    assert "135 methods" in result.stdout


def test_what_is_not_there_cannot_be_asked_for(follow: Run) -> None:
    for words in (("--from", "nobody"), ("--from", "junior", "--to", "nobody")):
        result = follow(*words)
        assert result.exit_code == ExitCode.BAD_INPUT
        assert "nobody" in result.stderr


def test_what_is_intended_is_counted_with_its_reason_and_fails_nothing(follow: Run, tmp_path: Path) -> None:
    file = tmp_path / "intended.toml"
    reason = "The worker is started by everybody who trains models"
    file.write_text(f'[[intended]]\nfrom = "junior"\nmethods = ["T090"]\nbecause = "{reason}"\n', encoding="utf-8")
    result = follow("--from", "junior", "--intended", str(file), "--to", "worker")
    assert result.exit_code == ExitCode.OK, result.output
    assert f"intended: 1 {reason}" in " ".join(result.stdout.split())
    for wrong, message in (
        ('methods = ["T999"]', "names 'T999'"),
        ("methods = []", "is empty"),
        ('methods = ["T090"]\nsince = "x"', "since is not known"),
    ):
        file.write_text(f'[[intended]]\nfrom = "junior"\nbecause = "{reason}"\n{wrong}\n', encoding="utf-8")
        refused = follow("--from", "junior", "--intended", str(file))
        assert refused.exit_code == ExitCode.BAD_INPUT
        assert message in refused.stderr


@pytest.fixture(scope="module")
def prod() -> tuple[AccessSource, Abilities]:
    source = access_source("prod", None)
    return source, abilities_of(source)


def test_no_role_of_the_platform_reaches_more_than_it_was_given_but_for_what_is_intended(
    prod: tuple[AccessSource, Abilities],
) -> None:
    source, abilities = prod
    methods = read_methods()
    intended, used = read_intended(None, source, methods), set[str]()
    for role in source.graph.of_type("aws:iam/role:Role"):
        start = role.name.removeprefix("wardlight-prod-").removesuffix("-role")
        found, _ = reached_from(abilities, start, methods)
        paths = marked(found, start, intended)
        assert [f"{start}: {one.target}" for one in paths if not one.intended] == []
        used |= {f"{start} {made.method.number}" for one in paths for made in one.steps}
    listed = {f"{one.start} {number}" for one in intended for number in one.methods}
    assert listed <= used, f"listed, and not there any more: {sorted(listed - used)}"
