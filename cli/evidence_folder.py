"""An evidence folder on disk: private, whole or not there at all, and never in the place of somebody else's files."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from pathlib import Path

from core.errors import BadInput
from evidence.folder import FORMAT, MANIFEST

PRIVATE_FOLDER, PRIVATE_FILE = 0o700, 0o600


def checked_folder(path: Path) -> Path:
    """The folder to write to, symbolic links followed, asked before any work is done.

    Raises BadInput for a file, for a folder with something in it that no bundle of ours put there, and for a place
    where nothing can be written. Nothing is changed.
    """
    with _told(path):
        folder = Path(os.path.realpath(path))
        if folder.exists() and not folder.is_dir():
            raise BadInput(_refusal(path, "it is a file; name a folder"))
        if folder.is_dir() and (strange := sorted({item.name for item in folder.iterdir()} - _ours(folder))):
            shown = ", ".join(strange[:3]) + (" and more" if len(strange) > 3 else "")  # noqa: PLR2004 - enough to see
            raise BadInput(_refusal(path, f"it holds what no run of ours wrote ({shown}); name an empty or new folder"))
        nearest = next(parent for parent in folder.parents if parent.exists())
        writable = nearest.is_dir() and os.access(nearest, os.W_OK | os.X_OK)
        if not writable or (folder.is_dir() and not os.access(folder, os.W_OK | os.X_OK)):
            raise BadInput(_refusal(path, "nothing can be written there; name a folder that you may write to"))
    return folder


def write_folder(path: Path, files: Mapping[str, bytes]) -> Path:
    """Put these files there in the place of an older bundle, all at once. Returns the folder.

    They are written to a new folder beside it, which then takes its name. Whatever goes wrong on the way, the older
    bundle stays whole.
    """
    folder = checked_folder(path)
    with _told(path):
        folder.parent.mkdir(parents=True, exist_ok=True)
        staged = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", suffix=".new", dir=folder.parent))
        try:
            for name, content in files.items():
                _write(staged / name, content)
            _swap(staged, folder)
        finally:
            shutil.rmtree(staged, ignore_errors=True)
    return folder


def _write(path: Path, content: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE_FILE)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _swap(staged: Path, folder: Path) -> None:
    """Give the staged folder the name; a folder cannot be replaced by a full one in one step, so the old one moves."""
    if not folder.is_dir():
        staged.rename(folder)
        return
    aside = staged.with_suffix(".old")
    try:
        folder.rename(aside)
        staged.rename(folder)
    except BaseException:
        if not folder.exists():
            aside.rename(folder)
        raise
    shutil.rmtree(aside, ignore_errors=True)


def _ours(folder: Path) -> set[str]:
    """The names that the folder's manifest lists; none when it has no manifest of ours."""
    try:
        manifest = json.loads((folder / MANIFEST).read_bytes())
        listed = {str(name) for name in manifest["files"]} if manifest["format"] == FORMAT else set()
    except (OSError, ValueError, KeyError, TypeError):
        return set()
    return {MANIFEST, *listed} if listed else set()


@contextmanager
def _told(path: Path) -> Generator[None]:
    try:
        yield
    except OSError as error:
        raise BadInput(_refusal(path, f"{error.strerror or error}; name a folder that you may write to")) from error
    except ValueError as error:
        if isinstance(error, BadInput):
            raise
        raise BadInput(_refusal(path, f"this is no path ({error})")) from error


def _refusal(path: Path, why: str) -> str:
    return f"output folder {str(path)!r}: {why}"
