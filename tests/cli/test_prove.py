from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from cli.access_source import AccessSource, access_source
from cli.exit_code import ExitCode
from cli.program import settings_of
from cli.proving import Ground, ground_of, proofs
from cli.statements import StatementTexts, statement_texts
from core.graph import Graph
from core.proof import Proof, Standing
from tests.cli.conftest import Run

SCIENTIST = """
[[statements]]
id = "mine.scientist-reads-models"
text = "The data scientist opens no model."
why = "It is a test."
who = "data-scientist"
rule = "{rule}"
does = "open one object"
what = "{what}"
"""


@pytest.fixture(scope="module")
def prod() -> AccessSource:
    return access_source("prod", None)


@pytest.fixture(scope="module")
def ground() -> Ground:
    return ground_of(settings_of("prod"))


@pytest.fixture(scope="module")
def shipped(prod: AccessSource, ground: Ground) -> tuple[Proof, ...]:
    return proofs(prod.graph, ground, statement_texts(), shares=1)


@pytest.fixture
def prove(run: Run, prod: AccessSource, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    """`strongroom access prove` over prod, captured once."""
    monkeypatch.setattr("cli.prove.access_source", lambda *_given: prod)
    return lambda *words: run("access", "prove", "--env", "prod", *words)


@pytest.fixture
def mine(tmp_path: Path) -> Callable[[str, str], str]:
    def written(rule: str, what: str) -> str:
        file = tmp_path / "mine.toml"
        file.write_text(SCIENTIST.format(rule=rule, what=what))
        return str(file)

    return written


def judged(prod: AccessSource, ground: Ground, file: str, graph: Graph | None = None) -> Proof:
    (found,) = proofs(graph or prod.graph, ground, statement_texts([Path(file)]), shares=1)
    return found


def test_every_statement_that_is_shipped_holds_of_prod(shipped: tuple[Proof, ...]) -> None:
    assert {proof.id: proof.reason for proof in shipped if proof.standing is not Standing.PROVED} == {}


def test_what_is_taken_for_granted_and_who_decided_is_told(shipped: tuple[Proof, ...]) -> None:
    by_id = {proof.id: proof for proof in shipped}
    sealed = by_id["keys.used-by-way-of-services"]
    assert {"cvc5", "z3"} <= set(sealed.decided_by)
    assert len(sealed.query) == 64
    assert "some role of the account that this program does not declare may do everything" in sealed.assumptions
    job = by_id["jobs.scientist-reads-prepared-data"]
    assert any("s3:GetObject" in line for request in job.witness for line in request)


def test_a_statement_that_does_not_hold_is_refuted_with_a_request(prove: Any, mine: Any) -> None:
    result = prove(mine("must not", "internal data"))
    assert result.exit_code == ExitCode.FINDINGS
    assert "REFUTED        mine.scientist-reads-models" in result.stdout
    assert "calls s3:GetObject on arn:aws:s3:::wardlight-prod-data-internal-store-…" in " ".join(result.stdout.split())
    assert "prod: 0 proved, 1 refuted, 0 unknown; 1 statements" in result.stdout


def test_what_a_persona_cannot_do_refutes_the_promise_of_it(prove: Any, mine: Any) -> None:
    result = prove(mine("may", "model files"), "--format", "json")
    assert result.exit_code == ExitCode.FINDINGS
    (said,) = json.loads(result.stdout)["statements"]
    assert said["verdict"] == "refuted"
    assert "data-scientist cannot s3:GetObject on wardlight-prod-models-store" in said["reason"]


def test_json_has_for_each_statement_its_verdict_witness_and_assumptions(prove: Any, mine: Any) -> None:
    result = prove(mine("may", "internal data"), "--format", "json")
    assert result.exit_code == ExitCode.OK
    (said,) = json.loads(result.stdout)["statements"]
    assert {"id", "text", "verdict", "witness", "assumptions"} <= set(said)
    assert said["verdict"] == "proved"
    assert said["witness"]


def test_markdown_folds_what_holds(prove: Any, mine: Any) -> None:
    result = prove(mine("must not", "model files"), "--format", "markdown")
    assert result.exit_code == ExitCode.OK
    assert result.stdout.startswith("# Who can reach what in prod")
    assert "<details><summary>every statement</summary>" in result.stdout


def test_a_statement_about_nobody_or_nothing_says_so(prod: AccessSource, ground: Ground, mine: Any) -> None:
    emptied = Graph(tuple(one for one in prod.graph.resources if "data-internal" not in one.name))
    assert judged(prod, ground, mine("must not", "internal data"), emptied).standing is Standing.VACUOUS
    nobody = Graph(tuple(one for one in prod.graph.resources if not one.name.endswith("-data-scientist-role")))
    absent = judged(prod, ground, mine("must not", "internal data"), nobody)
    assert (absent.standing, absent.reason) == (Standing.NOT_APPLICABLE, "nobody here is data-scientist")


def test_a_statement_that_no_policy_could_break_is_vacuous(prod: AccessSource, ground: Ground, tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    body = SCIENTIST.format(rule="must not", what="the trail").replace("open one object", "stop the record")
    contradiction = body.replace(
        'rule = "must not"', 'rule = "requires"\ngiven = "an open line"\nneeds = "an open line"'
    )
    file.write_text(contradiction)
    found = judged(prod, ground, str(file))
    assert found.standing is Standing.VACUOUS
    assert "impossible even where every policy allows everything" in found.reason


def test_two_processes_find_what_one_does(prod: AccessSource, ground: Ground, shipped: tuple[Proof, ...]) -> None:
    texts = statement_texts()
    some = StatementTexts(texts.words, tuple(file for file in texts.files if file.name.endswith(("outside.toml",))))
    found = proofs(prod.graph, ground, some, shares=2)
    by_id = {proof.id: proof for proof in shipped}
    assert [replace(proof, query="") for proof in found] == [replace(by_id[proof.id], query="") for proof in found]


def test_the_proofs_are_kept_where_they_are_asked_for(prove: Any, mine: Any, tmp_path: Path) -> None:
    folder = tmp_path / "proofs"
    assert prove(mine("must not", "health data"), "--proofs", str(folder)).exit_code == ExitCode.OK
    manifest = json.loads((folder / "bundle.json").read_text())
    assert manifest["kind"] == "access proofs"
    assert set(manifest["files"]) == {path.name for path in folder.iterdir()} - {"bundle.json"}
    record = Path(__file__).resolve().parents[2] / "access" / "statements" / "models.toml"
    assert prove(str(record), "--proofs", str(folder)).exit_code == ExitCode.OK
    asked = json.loads((folder / "bundle.json").read_text())["statements"]["models.made-in-isolation"]
    assert asked
    assert (folder / f"{asked[0]}.smt2").read_text().startswith("(set-logic")
    assert (folder / f"{asked[0]}.cpc").read_text().strip()


def test_a_faulty_statement_is_refused_with_its_line_before_anything_is_proved(prove: Any, tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(SCIENTIST.format(rule="mayn't", what="model files"))
    result = prove(str(file))
    assert result.exit_code == ExitCode.BAD_INPUT
    assert 'mine.toml:7: statements[1].rule is "mayn\'t"' in result.stderr
