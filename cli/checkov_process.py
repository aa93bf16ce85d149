"""Checkov started, asked about one program, and heard: without network, in private files that are gone afterwards."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from core.errors import BadInput

PLAN = "plan.json"
LONGEST = 300.0
"""Seconds that checkov gets; a plan of 275 resources takes four."""
NOWHERE = "http://127.0.0.1:9"
"""The discard port: whatever tries to call out ends there (RFC 863)."""
OPTIONS = (
    "--framework",
    "terraform_plan",
    "kubernetes",
    "--skip-download",
    "--output",
    "json",
    "--soft-fail",
    "--compact",
)
BROKEN = ("Failed to run check", "Traceback (most recent call last)")
"""How checkov says that a check of its own broke down; it then leaves that check out of its answer, in silence."""


def answered(command: Sequence[str], plan: Mapping[str, Any] | None, manifests: Mapping[str, Mapping[str, Any]]) -> str:
    """The JSON that checkov prints about the plan and the manifests.

    Raises BadInput when it does not answer in time, breaks down, or leaves out a check of its own.
    """
    with tempfile.TemporaryDirectory(prefix="strongroom-checkov-") as private:
        folder = Path(private, "program")
        folder.mkdir(mode=0o700)
        for name, body in {**({PLAN: plan} if plan else {}), **manifests}.items():
            (folder / name).touch(mode=0o600)
            (folder / name).write_text(json.dumps(body, allow_nan=False), encoding="utf-8")
        code, output, complaints = _run([*command, "--directory", str(folder), *OPTIONS], Path(private))
    if code:
        raise BadInput(_told(f"ended with exit code {code}", complaints))
    if any(mark in complaints for mark in BROKEN):
        raise BadInput(_told("could not finish one of its own checks", complaints))
    return output


def _run(command: Sequence[str], home: Path) -> tuple[int, str, str]:
    """Exit code, output and complaints; whatever it started ends with it."""
    process = subprocess.Popen(  # noqa: S603 - our own command, no shell
        command,
        cwd=home,
        env=_environment(home),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        errors="replace",
        start_new_session=True,
    )
    try:
        output, complaints = process.communicate(timeout=LONGEST)
    except subprocess.TimeoutExpired as error:
        msg = f"checkov did not answer within {LONGEST:.0f} seconds"
        raise BadInput(msg) from error
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
    return int(process.returncode), output, complaints


def _environment(home: Path) -> dict[str, str]:
    """Nothing of the user's: no credentials, no settings of checkov, no way to the network."""
    proxies = {f"{scheme}_{word}": NOWHERE for scheme in ("http", "https") for word in ("proxy",)}
    return {
        "PATH": os.defpath,
        "HOME": str(home),
        "TMPDIR": str(home),
        "LANG": "C.UTF-8",
        "LOG_LEVEL": "WARNING",
        "EVAL_TF_PLAN_AFTER_UNKNOWN": "true",
        **proxies,
        **{name.upper(): value for name, value in proxies.items()},
    }


def _told(what: str, complaints: str) -> str:
    lines = [line for line in complaints.splitlines() if line.strip()]
    shown = next((line for line in lines if BROKEN[0] in line), lines[-1] if lines else "no message")
    return f"checkov {what}: {shown[:300]}"
