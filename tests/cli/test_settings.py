"""`strongroom settings`: the schema, the example, and what a file amounts to."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

Run = Callable[..., Result]


def test_the_schema_is_printed_as_json(run: Run) -> None:
    done = run("settings", "schema")
    assert done.exit_code == 0
    assert "strongroom:tier" in json.loads(done.stdout)["properties"]["config"]["properties"]


@pytest.mark.parametrize("tier", ["local", "dev", "staging", "prod"])
def test_an_example_can_be_checked_as_it_is(run: Run, tmp_path: Path, tier: str) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(run("settings", "example", "--tier", tier).stdout, encoding="utf-8")
    done = run("settings", "check", path)
    assert (done.exit_code, done.stderr) == (0, "")
    assert f"{tier}, tier {tier}, names begin with wardlight-{tier}" in done.stdout


def test_an_environment_of_the_project_is_checked_by_its_name(run: Run) -> None:
    done = run("settings", "check", "--env", "prod", "--format", "json")
    said = json.loads(done.stdout)
    assert said["environment"].startswith("prod, tier prod")
    assert said["stack"] == "prod, with every layer in it"


def test_a_layer_is_checked_by_the_name_of_its_stack(run: Run) -> None:
    assert "prod-serving, which is the layer serving alone" in run("settings", "check", "--env", "prod-serving").stdout


def test_the_name_of_a_file_says_whose_it_is(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "Pulumi.ward-seven-platform.yaml"
    path.write_text(run("settings", "example", "--tier", "dev").stdout, encoding="utf-8")
    assert "ward-seven-platform, which is the layer platform alone" in run("settings", "check", path).stdout


def test_everything_that_is_wrong_is_told_at_once_with_its_key(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "Pulumi.prod.yaml"
    text = run("settings", "example").stdout.replace("zones: 3", "zones: 1").replace('"eu-west-1" #', '"us-east-1" #')
    path.write_text(text, encoding="utf-8")
    done = run("settings", "check", path)
    assert done.exit_code == 2
    assert done.stdout == ""
    for key in ("network.zones", "recovery.copy_region"):
        assert f"{path}: strongroom:{key}: given" in done.stderr


@pytest.mark.parametrize("arguments", [[], ["x.yaml", "--env", "prod"]])
def test_one_of_file_and_environment_is_needed(run: Run, arguments: list[str]) -> None:
    done = run("settings", "check", *arguments)
    assert done.exit_code == 2
    assert "give either a FILE or --env NAME" in done.stderr


def test_a_file_that_is_not_there_is_told(run: Run, tmp_path: Path) -> None:
    done = run("settings", "check", tmp_path / "none.yaml")
    assert done.exit_code == 2
    assert "none.yaml: cannot be read" in done.stderr


def test_pulumis_project_file_is_a_generated_page(run: Run) -> None:
    from cli.pages import project_file
    from cli.surroundings import PROJECT

    text = (PROJECT / "Pulumi.yaml").read_text(encoding="utf-8")
    assert project_file(text) == text
    assert run("settings", "--help").exit_code == 0
