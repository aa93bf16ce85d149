"""Where checkov lives on this machine: an environment of its own, exactly what `policies/data/checkov.lock` lists."""

from __future__ import annotations

import re
import subprocess
import sys
import venv
from collections.abc import Sequence
from pathlib import Path

from cli.judgement import text_of
from cli.surroundings import PROJECT
from core.errors import BadInput
from evidence.folder import digest

LOCK = PROJECT / "policies" / "data" / "checkov.lock"
HOME = PROJECT / ".cache" / "checkov"
INSTALL = "strongroom doctor --install checkov"
LONGEST_INSTALL = 900.0
"""Seconds: a hundred packages over a slow line."""


def stamp(home: Path = HOME) -> Path:
    """The file that says which lock was installed: written last, so half an installation has none."""
    return home / "installed"


def is_current(home: Path = HOME) -> bool:
    """Whether what the lock lists is what stands there."""
    mark = stamp(home)
    return mark.is_file() and mark.read_text(encoding="utf-8") == digest(text_of(LOCK))


def locked_version() -> str:
    """The version of checkov that the lock lists."""
    found = re.search(r"^checkov==(\S+)", text_of(LOCK), re.MULTILINE)
    assert found, "the lock lists checkov"
    return str(found[1])


def command(home: Path = HOME) -> list[str]:
    """How checkov is started. Raises BadInput with the command that installs it, when it is not there."""
    if not is_current(home):
        what = "is not the one that the lock lists" if home.exists() else "is not installed"
        msg = f"checkov {what}; install it into an environment of its own with: {INSTALL}"
        raise BadInput(msg)
    return [str(home / "bin" / "python"), "-I", "-m", "checkov.main"]


def install(home: Path = HOME) -> None:
    """Make the environment anew and install what the lock lists, by hash. Raises BadInput when that does not work."""
    stamp(home).unlink(missing_ok=True)
    venv.create(home, clear=True, symlinks=True, with_pip=True)
    uv = Path(sys.executable).parent / "uv"
    python = str(home / "bin" / "python")
    wanted = ("install", "--quiet", "--require-hashes", "-r", str(LOCK))
    _run([str(uv), "pip", *wanted, "--python", python] if uv.exists() else [python, "-m", "pip", *wanted])
    stamp(home).write_text(digest(text_of(LOCK)), encoding="utf-8")


def _run(step: Sequence[str]) -> None:
    try:
        subprocess.run(step, check=True, capture_output=True, text=True, timeout=LONGEST_INSTALL)  # noqa: S603 - our own step, no shell
    except subprocess.CalledProcessError as error:
        last = (error.stderr or error.stdout or "").strip().splitlines()[-1:]
        msg = f"checkov could not be installed: {' '.join(last) or error}; is a package index within reach?"
        raise BadInput(msg) from error
    except (OSError, subprocess.TimeoutExpired) as error:
        msg = f"checkov could not be installed: {error}"
        raise BadInput(msg) from error
