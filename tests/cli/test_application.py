from __future__ import annotations

from collections.abc import Callable

import click
import pytest
from click.testing import CliRunner, Result

from cli.application import Application
from cli.exit_code import MEANING, ExitCode, table
from core.errors import BadInput
from core.graph import GraphError

Run = Callable[..., Result]


@pytest.fixture
def run_raising(monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.delenv("STRONGROOM_DEBUG", raising=False)

    def run(error: BaseException, *arguments: str, **environ: str) -> Result:
        @click.group(cls=Application)
        @click.option("--debug", is_flag=True)
        def program(*, debug: bool) -> None:
            del debug

        @program.command()
        def break_down() -> None:
            raise error

        return CliRunner(env=environ).invoke(program, [*arguments, "break-down"])

    return run


@pytest.mark.parametrize("error", [BadInput("Pulumi.dev.yaml: owner: missing"), GraphError("duplicate URN: a")])
def test_a_mistake_of_the_user_is_told_without_a_traceback(run_raising: Run, error: BadInput) -> None:
    result = run_raising(error, "--debug")
    assert result.exit_code == ExitCode.BAD_INPUT
    assert result.stderr == f"strongroom: {error}\n"
    assert result.stdout == ""


def test_a_fault_of_our_own_is_short_and_says_how_to_see_more(run_raising: Run) -> None:
    result = run_raising(RuntimeError("surprise"))
    assert result.exit_code == ExitCode.OWN_FAULT
    assert "a fault of its own: RuntimeError: surprise (test_application.py:" in result.stderr
    assert "--debug" in result.stderr
    assert "STRONGROOM_DEBUG=1" in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize(("arguments", "environ"), [(["--debug"], {}), ([], {"STRONGROOM_DEBUG": "1"})])
def test_a_fault_shows_its_traceback_when_asked_to(
    run_raising: Run, arguments: list[str], environ: dict[str, str]
) -> None:
    result = run_raising(RuntimeError("surprise"), *arguments, **environ)
    assert result.exit_code == ExitCode.OWN_FAULT
    assert "Traceback" in result.stderr
    assert "RuntimeError: surprise" in result.stderr


def test_an_interruption_has_a_code_of_its_own(run_raising: Run) -> None:
    result = run_raising(KeyboardInterrupt())
    assert result.exit_code == ExitCode.INTERRUPTED
    assert "interrupted" in result.stderr


def test_a_wrong_use_is_bad_input(run_raising: Run) -> None:
    assert run_raising(BadInput("x"), "--no-such-option").exit_code == ExitCode.BAD_INPUT


def test_every_exit_code_is_explained() -> None:
    assert set(MEANING) == set(ExitCode)
    assert [line.split()[0] for line in table().splitlines()] == [str(code.value) for code in ExitCode]
