"""The folder of proofs: for each statement what the solvers were asked, and cvc5's proof that it has no solution."""

from __future__ import annotations

from pathlib import Path

from cli.access_source import metadata
from cli.evidence_folder import write_folder
from cli.proving import Ground, tribunal
from cli.statements import StatementTexts
from core.graph import Graph

STATEMENTS, QUESTION, PROOF = "statements.json", "smt2", "cpc"


def write_proofs(path: Path, graph: Graph, ground: Ground, texts: StatementTexts) -> Path:
    """Judge again, and keep every question to the solvers under its SHA-256, with cvc5's proof beside it.

    A question that has a solution has no proof: its answer is the witness of the statement.
    """
    from access.solvers import cvc5_proof
    from evidence.access_proofs import as_values
    from evidence.folder import proof_contents
    from evidence.json_v1 import written

    judge = tribunal(graph, ground)
    verdicts = [judge.judge(one) for one in texts.parsed(metadata())]
    asked = {one.statement.id: one.queries for one in verdicts}
    files = {STATEMENTS: written({"version": 1, "statements": as_values(one.proof for one in verdicts)}).encode()}
    for query in {query.digest: query for held in asked.values() for query in held}.values():
        files[f"{query.digest}.{QUESTION}"] = query.text.encode()
        if proof := cvc5_proof(query):
            files[f"{query.digest}.{PROOF}"] = proof.encode()
    return write_folder(
        path, proof_contents(files, {name: [one.digest for one in held] for name, held in asked.items()})
    )
