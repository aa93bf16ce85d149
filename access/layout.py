"""How the access matrix is laid out: which columns, which letters, which marks; data that reviewers edit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TypeVar

from access.vocabulary import ActionClass, Circumstance, ResourceClass, Vocabulary
from core.toml_table import Table, hint, parsed

Word = TypeVar("Word")


@dataclass(frozen=True, slots=True)
class Column:
    """One kind of thing, and the letters for what can be done with it."""

    name: str
    of: tuple[ResourceClass, ...]
    does: Mapping[str, ActionClass]


@dataclass(frozen=True, slots=True)
class Layout:
    """Columns in their order, and the circumstances that a cell shows, by the mark of each."""

    columns: tuple[Column, ...]
    marks: Mapping[str, Circumstance]


def parse_layout(text: str, source: str, words: Vocabulary) -> Layout:
    """The layout of a TOML text; `source` names it in messages.

    Raises BadInput, with file and line, for a text that is no TOML, a word that is not in the vocabulary, a letter or
    a mark that is none, and for two columns of one name.
    """
    table = Table(parsed(text, source), source, whole=text)
    table.only("columns", "marks")
    bodies = table.get("columns", list, "a list of tables, [[columns]]")
    columns = [_column(table.within(body, f"columns[{number}]"), words) for number, body in enumerate(bodies, 1)]
    names = [column.name for column in columns]
    if twice := next((name for name in names if names.count(name) > 1), ""):
        table.refuse("columns", f"has two columns {twice!r}", "a name of its own for each")
    return Layout(tuple(columns), _marks(table.within(table.table("marks"), "marks"), words))


def _column(table: Table, words: Vocabulary) -> Column:
    table.only("name", "of", "does")
    of = tuple(_word(table, "of", word, words.resources) for word in table.texts("of"))
    if not of:
        table.refuse("of", "names nothing", "a list of classes of resources")
    if bare := next((one.name for one in of if not one.type), ""):
        table.refuse("of", f"names {bare!r}, which is any of its kind", "classes that mean resources of the program")
    does = {
        _letter(table, "does", letter): _word(table, "does", str(word), words.actions)
        for letter, word in table.table("does").items()
    }
    for letter, what in does.items():
        if not any(what.on(one.kind) for one in of):
            table.refuse("does", f"has {letter} for {what.name!r}, which is not done to them", "an action that fits")
    return Column(table.text("name"), of, MappingProxyType(does))


def _marks(table: Table, words: Vocabulary) -> Mapping[str, Circumstance]:
    return MappingProxyType(
        {
            _letter(table, mark, mark): _word(table, mark, str(word), words.circumstances)
            for mark, word in table.body.items()
        }
    )


def _letter(table: Table, key: str, text: object) -> str:
    if not isinstance(text, str) or len(text) != 1 or not text.isalpha():
        table.refuse(key, f"has {text!r}", "one letter")
    return str(text)


def _word(table: Table, key: str, word: str, known: Mapping[str, Word]) -> Word:
    if word not in known:
        table.refuse(key, f"says {word!r}{hint(word, known)}", "a word of statements/words.toml")
    return known[word]
