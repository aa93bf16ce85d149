from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

from cli import terminal
from cli.terminal import emit, is_colourful, step, tell, width
from core.errors import BadInput


def test_a_result_goes_to_standard_output_and_a_remark_to_standard_error(capsys: pytest.CaptureFixture[str]) -> None:
    emit("result\n")
    tell("remark")
    assert capsys.readouterr() == ("result\n", "remark\n")


def test_what_is_no_terminal_gets_neither_width_nor_colour(capsys: pytest.CaptureFixture[str]) -> None:
    assert width() is None
    assert not is_colourful({})
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    ("environ", "colourful"),
    [({}, True), ({"NO_COLOR": "1"}, False), ({"NO_COLOR": ""}, True), ({"TERM": "dumb"}, False)],
)
def test_colour_needs_a_terminal_and_is_never_against_the_users_will(
    monkeypatch: pytest.MonkeyPatch, environ: dict[str, str], colourful: bool
) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    assert is_colourful(environ) is colourful


def test_a_short_step_says_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    with step("capturing"):
        pass
    assert capsys.readouterr().err == ""


def test_a_long_step_says_that_it_is_at_work(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(terminal, "SLOW", 0.01)
    with step("capturing"):
        time.sleep(0.2)
    assert capsys.readouterr().err == "strongroom: capturing ...\n"


MANY_LINES = """
from cli.terminal import emit
for n in range(50000):
    emit(f"line {n}\\n")
raise SystemExit(7)
"""
ONE_LINE = """
from cli.terminal import emit
from core.errors import BadInput
try:
    emit("line\\n")
except BadInput as error:
    raise SystemExit(str(error))
"""


def test_a_reader_who_leaves_early_is_no_error() -> None:
    writer = subprocess.Popen(  # noqa: S603 - this interpreter, with the program above
        [sys.executable, "-c", MANY_LINES], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert writer.stdout is not None
    assert writer.stderr is not None
    writer.stdout.readline()
    writer.stdout.close()
    assert writer.stderr.read() == b""
    writer.stderr.close()
    assert writer.wait(timeout=30) == 7


def test_a_full_disk_is_told_and_not_a_fault() -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(  # noqa: S603 - this interpreter, with the program above
            [sys.executable, "-c", ONE_LINE], stdout=full, stderr=subprocess.PIPE, check=False, text=True
        )
    assert "No space left on device" in done.stderr
    assert done.returncode == 1


def test_a_closed_output_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", None)
    with pytest.raises(BadInput, match="standard output is closed"):
        emit("x")
