"""A piece taken out of prod's policies is noticed by a statement, or listed with the reason why not.

A sample here; `make mutations` takes out every single one.
"""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from access.prove import Prover
from access.statement import Statement
from cli.access_source import access_source, metadata, reference
from cli.program import settings_of
from cli.proving import Ground, ground_of
from cli.statements import statement_texts
from core.errors import BadInput
from core.graph import Graph
from tests.mutation import Survivor, mutations, noticed, survivors_from

SURVIVORS = Path(__file__).with_name("survivors.toml")
SEED, SAMPLE = 20261124, 4


@pytest.fixture(scope="module")
def prod() -> Graph:
    return access_source("prod", None).graph


@pytest.fixture(scope="module")
def ground() -> Ground:
    return ground_of(settings_of("prod"))


@pytest.fixture(scope="module")
def statements() -> list[Statement]:
    return list(statement_texts().parsed(metadata()))


@pytest.fixture(scope="module")
def rows() -> tuple[Survivor, ...]:
    return survivors_from(SURVIVORS.read_text(encoding="utf-8"), SURVIVORS.name)


def test_a_sample_of_losses_is_noticed_or_has_its_reason(
    prod: Graph, ground: Ground, statements: list[Statement], rows: tuple[Survivor, ...]
) -> None:
    cheap = [one for one in mutations(prod) if "-endpoint: " not in one.id]
    prover = Prover(reference())
    for one in random.Random(SEED).sample(cheap, SAMPLE):  # noqa: S311 - a repeatable sample
        assert noticed(one, ground, statements, prover) or any(row.covers(one.id) for row in rows), one.id


@pytest.mark.parametrize(
    ("piece", "statement"),
    [
        ("wardlight-prod-audit-log-policy: NobodyDeletes", "record.is-not-deleted"),
        ("wardlight-prod-audit-key-key: OnlyKeepersEndIt", "keys.of-the-record-stays"),
        ("wardlight-prod-model-approver-role: RolesComeIn, Bool aws:MultiFactorAuthPresent", "roles.people-come"),
        ("wardlight-prod-triage-role-role: its boundary", "roles.every-limit-holds"),
    ],
)
def test_what_guards_most_is_guarded_by_the_statement_that_says_so(
    prod: Graph, ground: Ground, statements: list[Statement], piece: str, statement: str
) -> None:
    (lost,) = [one for one in mutations(prod) if one.id == piece]
    assert noticed(lost, ground, statements, Prover(reference())).startswith(statement)


def test_every_row_covers_a_piece_that_is_there(prod: Graph, rows: tuple[Survivor, ...]) -> None:
    names = [one.id for one in mutations(prod)]
    assert [row.piece for row in rows if not any(map(row.covers, names))] == []


def test_a_row_without_a_reason_is_refused() -> None:
    with pytest.raises(BadInput, match=r"survivors\.toml:1: survivors\[1\]\.reason is missing"):
        survivors_from('[[survivors]]\npiece = "x"\n', "survivors.toml")
