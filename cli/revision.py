"""The program as it was at a commit: taken out of git into a folder of its own and asked there what it declares."""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
import tempfile
from io import BytesIO
from pathlib import Path

from cli.access_source import AccessSource, reference
from cli.surroundings import PROJECT
from core.errors import BadInput
from core.graph import Graph

PATIENCE = 120
"""Seconds that git, or the program at a commit, gets to answer."""
ASKED = """
import sys
from cli.access_source import program_graph
from cli.program import settings_of
from core.graph_json import to_json
settings = settings_of(sys.argv[1])
print(settings.account, settings.region)
print(to_json(program_graph(settings)))
"""
"""Runs in the other tree, with this Python and the packages installed here."""


def commit_of(revision: str, folder: Path = PROJECT) -> str | None:
    """The full hash of a branch, tag or commit; None when git knows none of that name, or there is no git."""
    asked = ["rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}"]
    done = _git(folder, *asked, check=False)
    return done.decode().strip() or None


def source_at(revision: str, environment: str, folder: Path = PROJECT) -> AccessSource:
    """What the program declared at that commit for the environment.

    The code of that commit runs on this machine, as it would if it were checked out. Raises BadInput for a commit that
    is not there, and for one whose program cannot say what it declares.
    """
    commit = commit_of(revision, folder)
    if commit is None:
        msg = f"{revision}: neither a file nor a commit of this repository; name a file, a branch, a tag or a commit"
        raise BadInput(msg)
    with tempfile.TemporaryDirectory(prefix="strongroom-") as place:
        tree = Path(place)
        with tarfile.open(fileobj=BytesIO(_git(folder, "archive", "--format=tar", commit))) as packed:
            packed.extractall(tree, filter="data")
        told, _, text = _declared(tree, environment, revision).partition("\n")
    account, _, region = told.partition(" ")
    return AccessSource(
        f"{environment} at {revision}", _graph(text, revision), account, region, reference(), environment
    )


def _declared(tree: Path, environment: str, revision: str) -> str:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "PULUMI_"))}
    command = [sys.executable, "-c", ASKED, environment]
    found = {**kept, "PYTHONPATH": str(tree)}
    try:
        done = subprocess.run(  # noqa: S603 - our own interpreter on a tree of the user's own repository, no shell
            command, cwd=tree, env=found, capture_output=True, text=True, timeout=PATIENCE, check=False
        )
    except subprocess.TimeoutExpired as error:
        msg = f"{revision}: the program at that commit does not answer within {PATIENCE} seconds"
        raise BadInput(msg) from error
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["no message"])[-1]
        msg = f"{revision}: the program at that commit cannot say what it declares for {environment} ({last})"
        raise BadInput(msg)
    return done.stdout


def _graph(text: str, revision: str) -> Graph:
    from core.graph_json import from_json

    return from_json(text, revision)


def _git(folder: Path, *arguments: str, check: bool = True) -> bytes:
    try:
        done = subprocess.run(  # noqa: S603 - fixed commands, no shell
            ["git", "-C", str(folder), *arguments],  # noqa: S607 - whichever git the user has
            capture_output=True,
            timeout=PATIENCE,
            check=check,
        )
    except (OSError, subprocess.SubprocessError) as error:
        msg = (
            f"git {arguments[0]} failed in {folder} ({error}); the project has to be a git repository with that commit"
        )
        raise BadInput(msg) from error
    return done.stdout
