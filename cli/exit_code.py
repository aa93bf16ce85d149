"""How a run ends: the one table of exit codes, also shown by `strongroom --help`."""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    """What a script, or a pipeline, may rely on."""

    OK = 0
    FINDINGS = 1
    BAD_INPUT = 2
    STILL_UNKNOWN = 3
    OWN_FAULT = 70
    INTERRUPTED = 130


MEANING = {
    ExitCode.OK: "nothing failed",
    ExitCode.FINDINGS: "something failed",
    ExitCode.BAD_INPUT: "the input cannot be used; the message says what to change",
    ExitCode.STILL_UNKNOWN: "nothing failed, but what must be decided is unknown; with --strict that is anything",
    ExitCode.OWN_FAULT: "a fault of strongroom itself",
    ExitCode.INTERRUPTED: "interrupted (Ctrl-C)",
}


def table() -> str:
    """The codes as the help text shows them."""
    return "\n".join(f"  {code.value:<5} {meaning}" for code, meaning in MEANING.items())
