from __future__ import annotations

import pytest

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
