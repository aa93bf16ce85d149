from __future__ import annotations

import json
import os
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from cli.evidence_folder import checked_folder, write_folder
from core.errors import BadInput
from evidence.folder import FORMAT, MANIFEST


def files(word: str) -> dict[str, bytes]:
    manifest = {"format": FORMAT, "files": {"report.md": {}, "graph.json": {}}}
    return {
        "report.md": word.encode(),
        "graph.json": b"{}",
        MANIFEST: json.dumps(manifest).encode(),
    }


def held(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_a_new_folder_is_made_with_its_parents(tmp_path: Path) -> None:
    written = write_folder(tmp_path / "build" / "evidence" / "local", files("one"))
    assert held(written) == files("one")


def test_an_empty_folder_is_taken(tmp_path: Path) -> None:
    assert held(write_folder(tmp_path, files("one"))) == files("one")


def test_nobody_else_can_read_it(tmp_path: Path) -> None:
    written = write_folder(tmp_path / "out", files("one"))
    assert written.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in written.iterdir()} == {0o600}


def test_an_older_bundle_is_replaced_as_a_whole_and_nothing_is_left_beside_it(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    write_folder(
        folder,
        {**files("one"), "findings.sarif": b"", MANIFEST: manifest_of("findings.sarif", "report.md", "graph.json")},
    )
    write_folder(folder, files("two"))
    assert held(folder) == files("two")
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def manifest_of(*names: str) -> bytes:
    return json.dumps({"format": FORMAT, "files": {name: {} for name in names}}).encode()


def test_a_symbolic_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    write_folder(tmp_path / "link", files("one"))
    assert (tmp_path / "link").is_symlink()
    assert held(tmp_path / "real") == files("one")


def test_a_file_in_its_place_is_refused_and_kept(tmp_path: Path) -> None:
    taken = tmp_path / "out"
    taken.write_text("mine")
    with pytest.raises(BadInput, match="it is a file; name a folder"):
        write_folder(taken, files("one"))
    assert taken.read_text() == "mine"


@pytest.mark.parametrize(
    "manifest", [None, b"{}", b"not json", b'{"format": "other", "files": {"thesis.txt": {}}}', b"[]"]
)
def test_a_folder_that_is_not_ours_is_refused_and_kept(tmp_path: Path, manifest: bytes | None) -> None:
    (tmp_path / "thesis.txt").write_text("mine")
    if manifest is not None:
        (tmp_path / MANIFEST).write_bytes(manifest)
    before = held(tmp_path)
    with pytest.raises(BadInput, match=r"no run of ours wrote.*thesis\.txt"):
        write_folder(tmp_path, files("one"))
    assert held(tmp_path) == before


def test_a_file_that_somebody_added_to_a_bundle_is_not_lost(tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "out", files("one"))
    (folder / "notes.txt").write_text("mine")
    with pytest.raises(BadInput, match=r"notes\.txt"):
        write_folder(folder, files("two"))
    assert (folder / "notes.txt").read_text() == "mine"
    assert (folder / "report.md").read_bytes() == b"one"


@pytest.mark.parametrize("name", ["/dev/null/out", "/proc/strongroom", "out\0", "x" * 300])
def test_a_place_where_nothing_can_be_written_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(BadInput, match="output folder"):
        write_folder(tmp_path / name, files("one"))


def test_asking_first_changes_nothing(tmp_path: Path) -> None:
    assert checked_folder(tmp_path / "a" / "b") == tmp_path / "a" / "b"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("error", [KeyboardInterrupt(), OSError("no space left on device")])
@pytest.mark.parametrize(("owner", "name", "call"), [(os, "fsync", 2), (Path, "rename", 1), (Path, "rename", 2)])
def test_an_interruption_leaves_the_older_bundle_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, owner: Any, name: str, call: int, error: BaseException
) -> None:
    folder = write_folder(tmp_path / "out", files("one"))
    monkeypatch.setattr(owner, name, breaking(getattr(owner, name), call, error))
    with pytest.raises((KeyboardInterrupt, BadInput)):
        write_folder(folder, files("two"))
    assert held(folder) == files("one")
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def breaking(original: Callable[..., Any], at_call: int, error: BaseException) -> Callable[..., Any]:
    """The function, but its nth call raises."""
    calls = count(1)

    def broken(*arguments: Any) -> Any:
        if next(calls) == at_call:
            raise error
        return original(*arguments)

    return broken
