"""The matrix, on a ward of two roles and one store, and once on the whole of prod."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from access.layout import parse_layout
from access.vocabulary import Vocabulary, parse_vocabulary
from cli.access_board import LAYOUT, WORDS, board_of, rows_of
from cli.access_source import access_source, metadata
from cli.exit_code import ExitCode
from core.errors import BadInput
from core.graph import graph_of
from core.graph_json import to_json
from tests.cli.conftest import Run
from tests.cli.ward import (
    READ,
    SOUND,
    WITH_MFA,
    Saved,
    ward,
)


@pytest.fixture(scope="module")
def words() -> Vocabulary:
    return parse_vocabulary(WORDS.read_text(encoding="utf-8"), WORDS.name, metadata())


def cells(text: str) -> dict[tuple[str, str, str], dict[str, Any]]:
    return {(one["row"], one["column"], one["letter"]): one for one in json.loads(text)["cells"]}


def test_a_cell_holds_what_can_be_done_and_the_statement_that_lets_it(run: Run, saved: Saved) -> None:
    result = run("access", "matrix", "--file", saved("g.json", SOUND), "--format", "json")
    assert result.exit_code == ExitCode.OK, result.output
    found = cells(result.stdout)
    cell = found["doctor", "health data", "R"]
    assert cell["can"] == "yes"
    assert '"Read" of doctor-may' in cell["by"]
    assert ("nurse", "health data", "R") not in found
    assert ("doctor", "health data", "W") not in found


def test_a_condition_is_a_mark_and_is_explained_below(run: Run, saved: Saved) -> None:
    said = {**SOUND, "doctor": [{**READ, "Condition": WITH_MFA}], "nurse": [READ]}
    text = run("access", "matrix", "--file", saved("g.json", said)).stdout
    rows = {line.split("│")[1].strip(): line for line in text.splitlines() if line.startswith("│")}
    assert "Rm" in rows["doctor"]
    assert "R " in rows["nurse"]
    assert "Rm" not in rows["nurse"]
    assert "m with a second factor" in text
    assert "an empty cell is proved" in text


def test_the_markdown_is_a_table_with_the_same_letters(run: Run, saved: Saved) -> None:
    text = run("access", "matrix", "--file", saved("g.json", SOUND), "--format", "markdown").stdout
    row = next(line for line in text.splitlines() if line.startswith("| doctor |"))
    assert row.startswith("| doctor | R |")


def test_what_cannot_be_read_is_shown_as_unknown_and_counted(run: Run, tmp_path: Path) -> None:
    graph = ward(SOUND)
    hidden = tuple(
        replace(one, inputs={**one.inputs, "policy": None}) if one.name == "doctor-may" else one
        for one in graph.resources
    )
    path = tmp_path / "g.json"
    path.write_text(
        to_json(graph_of(hidden)).replace('"policy": null', '"policy": {"$unknown": "later"}'), encoding="utf-8"
    )
    result = run("access", "matrix", "--file", path, "--format", "json", "--strict")
    assert result.exit_code == ExitCode.STILL_UNKNOWN, result.output
    assert cells(result.stdout)["doctor", "health data", "R"]["can"] == "unknown"


def test_prod_fits_a_screen_and_nothing_of_it_is_unknown() -> None:
    source = access_source("prod", None)
    found = board_of(source).matrix(rows_of(source))
    assert found.unknown == 0
    assert len(found.rows) == 14
    assert found.at("data-scientist", "health data", "R").can is False
    assert found.at("data-engineer", "health data", "R").can is True
    assert found.at("ci-preview", "health data", "R").can is False


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('name = "personal data"', 'name = "health data"', "two columns 'health data'"),
        ('of = ["personal data"]', 'of = ["persnal data"]', "did you mean 'personal data'"),
        ('R = "open one object"', 'Read = "open one object"', "expected one letter"),
        ('m = "a second factor"', 'm = "a second fctor"', "did you mean 'a second factor'"),
        ('of = ["the trail"]', 'of = ["every key"]', "which is not done to them"),
    ],
)
def test_a_bad_layout_is_refused_with_its_line(words: Vocabulary, old: str, new: str, told: str) -> None:
    text = LAYOUT.read_text(encoding="utf-8")
    assert old in text
    with pytest.raises(BadInput, match=told) as caught:
        parse_layout(text.replace(old, new), "matrix.toml", words)
    assert str(caught.value).startswith("matrix.toml")
