from __future__ import annotations

import json

import pytest

from cli.exit_code import ExitCode
from policies.judge import guards
from tests.cli.conftest import Run


def test_every_guard_in_force_is_listed(run: Run) -> None:
    result = run("guards", "--format", "json")
    assert result.exit_code == ExitCode.OK
    assert [guard["id"] for guard in json.loads(result.stdout)["guards"]] == list(guards())
    shown = run("guards").stdout
    assert all(f"{name}  (" in shown for name in guards())


@pytest.mark.parametrize("pack", ["hipaa", "gdpr"])
def test_a_pack_lists_only_the_guards_that_serve_it_and_its_own_sections(run: Run, pack: str) -> None:
    listed = json.loads(run("guards", "--pack", pack, "--format", "json").stdout)["guards"]
    assert listed
    assert {control["id"].partition(":")[0] for guard in listed for control in guard["controls"]} == {pack}
    assert all(guard["controls"] for guard in listed)


def test_an_inferred_citation_is_marked(run: Run) -> None:
    listed = json.loads(run("guards", "--format", "json").stdout)["guards"]
    marked = [control for guard in listed for control in guard["controls"] if control["inferred"]]
    assert marked
    assert all("~" in control["label"] for control in marked)
    assert marked[0]["label"] in " ".join(run("guards").stdout.split())


def test_a_pack_that_is_not_there_is_told_with_the_one_that_was_meant(run: Run) -> None:
    result = run("guards", "--pack", "hippa")
    assert result.exit_code == ExitCode.BAD_INPUT
    assert "did you mean 'hipaa'?" in result.stderr
