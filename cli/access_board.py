"""What the access matrix of an environment or a file is asked on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from cli.access_source import AccessSource, metadata
from cli.program import settings_of
from cli.proving import Ground, ground_of, ground_of_file, scene_of
from cli.surroundings import PROJECT

if TYPE_CHECKING:
    from access.layout import Layout
    from access.matrix import Board

WORDS = PROJECT / "access" / "statements" / "words.toml"
LAYOUT = PROJECT / "access" / "matrix.toml"


def board_of(source: AccessSource) -> Board:
    """The board; marks that speak of what the source does not tell are left out."""
    from access.ask import Asker
    from access.matrix import Board
    from access.prove import Prover

    scene = scene_of(source.graph, ground_for(source))
    return Board(Asker(scene.world, Prover(source.reference)), _told(layout(), scene.facts), scene)


def ground_for(source: AccessSource) -> Ground:
    """Where the source stands; a file stands alone."""
    return ground_of(settings_of(source.environment)) if source.environment else ground_of_file(source)


def layout() -> Layout:
    """The columns, letters and marks of the project."""
    from access.layout import parse_layout
    from access.vocabulary import parse_vocabulary
    from cli.judgement import text_of

    words = parse_vocabulary(text_of(WORDS), WORDS.name, metadata())
    return parse_layout(text_of(LAYOUT), LAYOUT.name, words)


def rows_of(source: AccessSource) -> tuple[str, ...]:
    """The personas that the program has, in their own order; of a program without any, its roles and users."""
    from access.faults import RequestError
    from access.graph_identity import ROLE, USER, role_named
    from core.personas import PERSONAS

    found = []
    for word in PERSONAS:
        try:
            role_named(source.graph, word)
        except RequestError:
            continue
        found.append(word)
    return tuple(found) or tuple(one.name for one in source.graph.of_type(ROLE, USER))


def _told(layout: Layout, known: Mapping[str, tuple[str, ...]]) -> Layout:
    marks = {mark: one for mark, one in layout.marks.items() if all(known.get(fact) for fact in one.speaks_of())}
    return replace(layout, marks=MappingProxyType(marks))
