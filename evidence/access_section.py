"""The part of a page that tells how the statements about access stand: what does not hold first, the rest folded."""

from __future__ import annotations

from collections.abc import Sequence

from core.proof import Proof, Standing, standings, worst_proof_first
from evidence.access_proofs import OPEN, assumptions
from evidence.markdown_parts import code, folded, prose, table


def access_section(proofs: Sequence[Proof]) -> str:
    """A table of counts, each statement that does not hold with its witness, and, folded, every one of them."""
    if not proofs:
        return ""
    counts = standings(proofs)
    parts = [table([standing.value for standing in Standing], [[str(counts[standing]) for standing in Standing]])]
    ordered = sorted(proofs, key=worst_proof_first)
    parts += [_open(proof) for proof in ordered if proof.standing in OPEN]
    rows = [[code(one.id), one.standing.value, prose(one.text), prose("; ".join(one.law))] for one in ordered]
    parts.append(folded("every statement", table(["Statement", "Verdict", "What it says", "Law"], rows)))
    taken = [[str(count), prose(said)] for said, count in assumptions(proofs)]
    parts.append(folded("taken for granted", table(["Statements", "Assumption"], taken)))
    return "\n\n".join(parts)


def _open(proof: Proof) -> str:
    lines = [f"**{proof.standing.value}** {code(proof.id)}: {prose(proof.text)}", "", prose(proof.reason)]
    for request in proof.witness:
        lines += ["", *(f"- {prose(line.strip())}" for line in request)]
    return "\n".join([*lines, "", f"Why it matters: {prose(proof.why)}"])
