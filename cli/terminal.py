"""Where words go: results to standard output, progress and complaints to standard error."""

from __future__ import annotations

import os
import shutil
import sys
import threading
from collections.abc import Generator, Mapping
from contextlib import contextmanager

from core.errors import BadInput

SLOW = 2.0
"""Seconds after which a step says that it is still at work."""


def emit(text: str) -> None:
    """Write a result, all of it or as much as the reader wants: `strongroom plan | head` is no error.

    Raises BadInput when the output cannot take it, a full disk for instance.
    """
    if sys.stdout is None:
        msg = "standard output is closed; there is nowhere to write the result"
        raise BadInput(msg)
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError as error:
        msg = f"the result cannot be written to standard output ({error.strerror})"
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise BadInput(msg) from error


def tell(text: str) -> None:
    """Write a line that is not a result; nobody reading it is no error."""
    if sys.stderr is not None:
        try:
            sys.stderr.write(text + "\n")
            sys.stderr.flush()
        except OSError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), 2)


def width() -> int | None:
    """The columns of the terminal that standard output is; None when it is not a terminal."""
    return shutil.get_terminal_size().columns if _is_terminal(sys.stdout) else None


def is_colourful(environ: Mapping[str, str]) -> bool:
    """Whether to colour: only on a terminal that can, and never against the user's will (https://no-color.org)."""
    return _is_terminal(sys.stdout) and not environ.get("NO_COLOR") and environ.get("TERM") != "dumb"


def _is_terminal(stream: object) -> bool:
    isatty = getattr(stream, "isatty", None)
    return bool(isatty and isatty())


@contextmanager
def step(what: str) -> Generator[None]:
    """Say what is going on while it goes on: at once on a terminal, elsewhere only when it takes longer than `SLOW`."""
    if _is_terminal(sys.stderr):
        from rich.console import Console

        with Console(stderr=True).status(f"{what} ..."):
            yield
        return
    timer = threading.Timer(SLOW, tell, [f"strongroom: {what} ..."])
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
