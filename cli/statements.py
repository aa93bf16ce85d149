"""The statements about access and the words they are made of, read from their files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from cli.judgement import shown, text_of
from cli.surroundings import PROJECT
from core.errors import BadInput

if TYPE_CHECKING:
    from access.statement import Statement
    from core.iam_metadata import IamMetadata

FOLDER = PROJECT / "access" / "statements"
WORDS = "words.toml"


@dataclass(frozen=True, slots=True)
class StatementText:
    """A file of statements: what messages call it, and what stands in it."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class StatementTexts:
    """The words, and the files of statements that are made of them; texts, so that another process can be told."""

    words: StatementText
    files: tuple[StatementText, ...]

    def parsed(self, reference: IamMetadata) -> tuple[Statement, ...]:
        """Every statement. Raises BadInput, with file and line, for what is wrong with one."""
        from access.statement import check_ids, parse_statements
        from access.vocabulary import parse_vocabulary

        words = parse_vocabulary(self.words.text, self.words.name, reference)
        found = tuple(one for file in self.files for one in parse_statements(file.text, file.name, words))
        check_ids(found)
        return found


def statement_texts(files: Sequence[Path] = (), folder: Path = FOLDER) -> StatementTexts:
    """The project's own statements, or those of the files that are named; the words are always the folder's.

    Raises BadInput for a file that cannot be read, and for a folder without statements.
    """
    named = list(files) or [path for path in sorted(folder.glob("*.toml")) if path.name != WORDS]
    if not named:
        msg = f"{shown(folder)}: holds no statements; expected TOML files beside {WORDS}"
        raise BadInput(msg)
    return StatementTexts(_read(folder / WORDS), tuple(map(_read, named)))


def _read(path: Path) -> StatementText:
    return StatementText(shown(path), text_of(path))
