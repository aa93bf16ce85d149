"""The two solvers: each is asked the same text, within a limit counted in steps, which is the same on any machine.

https://cvc5.github.io/docs/latest/api/python/ and https://z3prover.github.io/api/html/namespacez3py.html
"""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from access.smt import Query

MOST_STEPS = 20_000_000
SEED = 7
CVC5, Z3 = "cvc5", "z3"


@dataclass(frozen=True, slots=True)
class Solved:
    """Satisfiable or not, None where the limit was met; the constants that hold in a solution."""

    sat: bool | None
    holds: Mapping[str, bool]


def ask_cvc5(query: Query, most_steps: int = MOST_STEPS) -> Solved:
    """What cvc5 says of the query, and a solution where there is one."""
    said = _run_cvc5(query.text, {"produce-models": "true", "rlimit": str(most_steps)}, query)
    return Solved({"sat": True, "unsat": False}.get(said[0].strip()), _values(said[1]) if len(said) > 1 else {})


def cvc5_proof(query: Query) -> str:
    """Cvc5's proof that the query has no solution, in its CPC format; empty where it has none."""
    said = _run_cvc5(query.text + "(get-proof)\n", {"produce-proofs": "true", "proof-format-mode": "cpc"}, None)
    return said[1] if said[0].strip() == "unsat" and len(said) > 1 else ""


def _run_cvc5(text: str, options: Mapping[str, str], query: Query | None) -> list[str]:
    """The answers to the commands of a text, those to which there is none left out."""
    cvc5 = _cvc5()
    manager = cvc5.TermManager()
    solver = cvc5.Solver(manager)
    solver.setOption("seed", str(SEED))
    for name, value in options.items():
        solver.setOption(name, value)
    symbols = cvc5.SymbolManager(manager)
    found = _commands(solver, symbols, text)
    if query is not None and found and found[0].strip() == "sat" and query.choices:
        found += _commands(solver, symbols, f"(get-value ({' '.join(query.constants())}))")
    return found


def _cvc5() -> Any:
    """The library; its names come out of a compiled part, so that no type checker sees them."""
    return importlib.import_module("cvc5")


def _commands(solver: Any, symbols: Any, text: str) -> list[str]:
    cvc5 = _cvc5()
    parser = cvc5.InputParser(solver, symbols)
    parser.setStringInput(cvc5.InputLanguage.SMT_LIB_2_6, text, "query")
    found: list[str] = []
    while not (command := parser.nextCommand()).isNull():
        said = command.invoke(solver, symbols)
        if said:
            found.append(str(said))
    return found


def _values(text: str) -> dict[str, bool]:
    """The answer to get-value: pairs of a constant and true or false."""
    words = text.replace("(", " ").replace(")", " ").split()
    return {name: value == "true" for name, value in zip(words[::2], words[1::2], strict=True)}


def ask_z3(query: Query, most_steps: int = MOST_STEPS) -> Solved:
    """What z3 says of the query."""
    import z3

    solver = z3.SolverFor("QF_FD")
    solver.set("random_seed", SEED)
    solver.set("rlimit", most_steps)
    solver.from_string(query.text.replace("(check-sat)\n", "").replace("(set-logic QF_UF)\n", ""))
    return Solved({"sat": True, "unsat": False}.get(str(solver.check())), {})
