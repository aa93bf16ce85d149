from __future__ import annotations

import pytest

from cli.cases import OPEN, RIGHT, WRONG, snippet
from cli.exit_code import ExitCode
from policies.judge import guards
from tests.cli.conftest import Run


@pytest.mark.parametrize("name", sorted(guards()))
def test_every_guard_is_explained_with_why_fix_and_what_it_concerns(run: Run, name: str) -> None:
    result = run("explain", name)
    assert result.exit_code == ExitCode.OK
    shown = "".join(result.stdout.split())
    for words in (guards()[name].why, guards()[name].fix, *guards()[name].on):
        assert "".join(words.split()) in shown


def test_the_sections_that_a_guard_serves_are_named_with_their_titles(run: Run) -> None:
    result = run("explain", "s3.bucket_keeps_versions")
    assert "HIPAA" in result.stdout
    assert "GDPR" in result.stdout


def test_a_guard_that_is_not_there_is_told_with_the_one_that_was_meant(run: Run) -> None:
    result = run("explain", "s3.bucket_keep_version")
    assert result.exit_code == ExitCode.BAD_INPUT
    assert "did you mean 's3.bucket_keeps_versions'?" in result.stderr
    assert "`strongroom guards`" in result.stderr


def test_a_wrong_and_a_right_program_come_from_the_cases(run: Run) -> None:
    shown = run("explain", "kms.key_rotates").stdout
    wrong, right = shown.partition("  Right: ")[::2]
    assert "  Wrong: rotation is off\n    aws:kms/key:Key\n      enableKeyRotation: false\n" in wrong
    assert "enableKeyRotation: true" in right


def test_every_guard_has_a_right_program_and_one_that_it_does_not_let_pass() -> None:
    for name, guard in guards().items():
        assert snippet(guard, RIGHT), name
        assert snippet(guard, WRONG) or snippet(guard, OPEN), name


def test_the_law_and_the_page_of_aws_are_linked(run: Run) -> None:
    shown = run("explain", "kms.key_rotates").stdout
    assert "https://www.ecfr.gov/current/title-45/part-164/section-164.312#p-164.312(a)(2)(iv)" in shown
    assert "https://eur-lex.europa.eu/eli/reg/2016/679/oj/eng#art_32" in shown
    assert "https://docs.aws.amazon.com/kms/latest/developerguide/rotate-keys.html" in shown


def test_the_reasoning_on_a_resource_is_shown_with_its_place(run: Run) -> None:
    result = run("explain", "s3.bucket_is_encrypted_with_own_key", "--env", "local", "--resource", "*-models-store")
    assert result.exit_code == ExitCode.OK
    shown = result.stdout.partition("\nPASS urn:pulumi:local::")[2]
    assert "stacks/blueprint.py:" in shown
    sealed = "rules[0].applyServerSideEncryptionByDefault"
    assert f"{sealed}.sseAlgorithm of wardlight-local-models-sealed: known" in shown
    assert "not known yet, from wardlight-local-models-key-key.arn" in shown


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("kms.key_rotates", "--resource", "x"), "--resource needs --env"),
        (("checkov.CKV_AWS_7",), "checkov.toml"),
        (("kms.key_rotates", "--env", "local", "--resource", "nothing"), "concerns no resource called 'nothing'"),
    ],
)
def test_what_cannot_be_explained_is_told(run: Run, arguments: tuple[str, ...], said: str) -> None:
    result = run("explain", *arguments)
    assert result.exit_code == ExitCode.BAD_INPUT
    assert said in result.stderr
