"""Where in the project's own source a resource is declared: from the innermost line outwards to the program."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from types import FrameType
from typing import Any
from urllib.parse import unquote

from core.resource import Location

FRAMEWORK = frozenset({"components/component.py", "components/policy_document.py"})
"""Lines that every resource passes through tell a reader nothing."""
OUTERMOST = str(Path(__file__).with_name("program.py"))
"""The file that calls the program: what lies outside of it belongs to whoever wanted the capture."""


class Source:
    """The project's files, below its root."""

    def __init__(self, root: Path) -> None:
        self.root = str(root.resolve()) + "/"

    def of_trace(self, frames: Iterable[Any]) -> tuple[Location, ...]:
        """The location that the SDK sends with a registration (`StackTrace.frames`, innermost first)."""
        return self._location((_path(frame.pc.uri), frame.pc.line) for frame in frames)

    def of_frame(self, frame: FrameType | None) -> tuple[Location, ...]:
        """The location of a running frame."""
        return self._location(_outwards(frame))

    def _location(self, lines: Iterable[tuple[str, int]]) -> tuple[Location, ...]:
        found = []
        for path, line in lines:
            if path == OUTERMOST:
                break
            if path.startswith(self.root) and self._is_own(file := path.removeprefix(self.root)):
                found.append(Location(file, line))
        return tuple(found)

    @staticmethod
    def _is_own(file: str) -> bool:
        return (
            file not in FRAMEWORK
            and not file.startswith((".", "cli/"))
            and "/." not in file
            and "-packages/" not in file
        )


def _path(uri: str) -> str:
    return unquote(uri.partition("://")[2])


def _outwards(frame: FrameType | None) -> Iterator[tuple[str, int]]:
    while frame is not None:
        yield frame.f_code.co_filename, int(frame.f_lineno)
        frame = frame.f_back
