from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from cli import doctor
from cli.checkov_home import locked_version
from cli.doctor import TOOLS, Checked, Tool, as_json, as_text, checkov, packages, tools


def program(folder: Path, name: str, body: str) -> None:
    path = folder / name
    path.write_text(f"#!{sys.executable}\n{body}\n")
    path.chmod(0o700)


def test_every_package_that_is_needed_is_there_with_its_version() -> None:
    checked = list(packages())
    assert next(item.name for item in checked) == "Python"
    assert all(item.found and item.needed for item in checked)


def test_a_tool_is_found_on_the_path_with_what_it_says_of_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    program(tmp_path, "pulumi", "print('v3.259.0')")
    program(tmp_path, "aws", "raise SystemExit(3)")
    found = {item.name: item.found for item in tools(TOOLS)}
    assert found["Pulumi CLI"] == "v3.259.0"
    assert found["AWS CLI"] == "version not told"
    assert found["kube-apiserver"] is None


def test_any_of_several_names_will_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    program(tmp_path, "google-chrome", "print('Chrome 140')")
    (found,) = tools([Tool("Chromium", ("chromium", "google-chrome"), ("--version",), "pictures", "there")])
    assert found.found == "Chrome 140"


def test_what_is_missing_is_listed_with_what_it_would_add_and_where_to_get_it() -> None:
    missing = Checked("AWS CLI", None, needed=False, adds="looks around", get="https://aws.example")
    shown = as_text([Checked("git", "2.44", needed=False, adds="commit"), missing])
    assert shown.index("git") < shown.index("Missing") < shown.index("AWS CLI")
    assert "would add: looks around" in shown
    assert "https://aws.example" in shown
    assert "All that is needed is there." in shown


def test_something_needed_that_is_missing_is_said_so() -> None:
    assert "Something needed is missing." in as_text([Checked("moto", None, needed=True, adds="cloud")])


def test_nothing_missing_needs_no_heading() -> None:
    assert "Missing" not in as_text([Checked("git", "2.44", needed=False, adds="commit")])


def test_the_answer_for_programs_is_json() -> None:
    read = json.loads(as_json([Checked("git", None, needed=False, adds="commit", get="there")]))
    assert read["checked"] == [{"name": "git", "found": None, "needed": False, "adds": "commit", "get": "there"}]


@pytest.mark.parametrize("form", ["text", "json"])
def test_the_command_ends_well_whatever_is_missing(form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    result = CliRunner().invoke(doctor.doctor, ["--format", form])
    assert result.exit_code == 0
    assert "Pulumi CLI" in result.stdout


def test_checkov_counts_as_installed_only_when_it_is_what_the_lock_lists(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cli.doctor.checkov_home.is_current", lambda: False)
    program(tmp_path, "checkov", "raise SystemExit('another one on the path must not be run')")
    monkeypatch.setenv("PATH", str(tmp_path))
    missing = checkov()
    assert (missing.found, missing.get) == (None, "strongroom doctor --install checkov")
    monkeypatch.setattr("cli.doctor.checkov_home.is_current", lambda: True)
    assert checkov().found == locked_version()
