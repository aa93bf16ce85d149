from __future__ import annotations

import re
import subprocess
import sys

import pytest

from cli.__main__ import strongroom
from cli.exit_code import MEANING, ExitCode
from cli.surroundings import own_version
from tests.cli.conftest import Run

LAZY = ("boto3", "moto", "pulumi", "pydantic", "rich", "ruamel")


def test_the_version_is_that_of_the_package(run: Run) -> None:
    assert run("--version").stdout == f"strongroom, version {own_version()}\n"


def test_the_help_lists_every_command_and_every_exit_code(run: Run) -> None:
    shown = run("--help").stdout
    assert set(strongroom.commands) >= {"plan", "up", "check", "guards", "explain", "doctor"}
    assert all(name in shown for name in strongroom.commands)
    assert all(f"{code.value}" in shown and meaning in shown for code, meaning in MEANING.items())


@pytest.mark.parametrize("name", sorted(strongroom.commands))
def test_every_command_shows_an_example_that_its_own_options_accept(run: Run, name: str) -> None:
    shown = run(name, "--help").stdout
    examples = [line.strip() for line in shown.splitlines() if re.match(rf"\s+(pulumi .*)?strongroom {name}\b", line)]
    assert examples
    known = {option for parameter in strongroom.commands[name].params for option in parameter.opts}
    used = {word for line in examples for word in line.partition(f"strongroom {name}")[2].split() if word[:2] == "--"}
    assert used <= known


@pytest.mark.parametrize(
    "arguments",
    [["chek"], ["plan"], ["plan", "--env"], ["check"], ["check", "a", "b"], ["guards", "--format", "yaml"], ["--bug"]],
)
def test_a_wrong_use_is_bad_input(run: Run, arguments: list[str]) -> None:
    result = run(*arguments)
    assert result.exit_code == ExitCode.BAD_INPUT
    assert "Error: " in result.stderr
    assert result.stdout == ""


def test_a_mistyped_command_is_told_with_the_one_that_was_meant(run: Run) -> None:
    assert "Did you mean 'guards'?" in run("gards").stderr


def test_no_heavy_library_is_loaded_before_a_command_needs_it() -> None:
    program = f"import sys, cli.__main__; print([name for name in {LAZY!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)  # noqa: S603 - this interpreter
    assert done.stdout == "[]\n"
