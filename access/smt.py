"""Terms as SMT-LIB, the one text that both solvers are given and that is kept as evidence.

https://smt-lib.org/papers/smt-lib-reference-v2.7-r2025-07-07.pdf
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from access.caller import Value
from access.terms import Choice, Conjunction, Disjunction, Domain, Term

PAIR = 2


@dataclass(frozen=True)
class Query:
    """A text to be solved, and what its constants mean: the choices by number, and how many classes each has."""

    text: str
    choices: tuple[tuple[str, int], ...]

    @property
    def digest(self) -> str:
        """SHA-256 of the text."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    def constants(self) -> Iterator[str]:
        """Every constant that is declared."""
        for number, (_, size) in enumerate(self.choices):
            yield from (f"c{number}_{one}" for one in range(size if size > PAIR else 1))


def query_of(term: Term, sizes: Mapping[str, int], domains: Mapping[str, Domain]) -> Query:
    """The query whether the term can be true, with its choices explained in comments."""
    names = tuple(sorted(set(_named(term))))
    numbers = {name: number for number, name in enumerate(names)}
    lines = ["(set-logic QF_UF)", *_meanings(names, domains)]
    for number, name in enumerate(names):
        lines += _declared(number, sizes[name])
    writer = _Writer(numbers, sizes, lines, {})
    lines.append(f"(assert {writer.shown(term)})")
    return Query("\n".join([*lines, "(check-sat)", ""]), tuple((name, sizes[name]) for name in names))


def _named(term: Term) -> Iterator[str]:
    seen: set[int] = set()
    stack = [term]
    while stack:
        part = stack.pop()
        if isinstance(part, Choice):
            yield part.variable
        elif isinstance(part, Conjunction | Disjunction) and id(part) not in seen:
            seen.add(id(part))
            stack += part.parts


def _meanings(names: tuple[str, ...], domains: Mapping[str, Domain]) -> Iterator[str]:
    for number, name in enumerate(names):
        yield f"; c{number}: {json.dumps(name)}"
        held = domains.get(name)
        for one, value in enumerate(held.values if held and not held.many else ()):
            yield f";   c{number}_{one}: {_value(value)}"


def _value(value: Value) -> str:
    return "absent" if value is None else json.dumps(value)


def _declared(number: int, size: int) -> Iterator[str]:
    """One constant for each class, of which just one holds; of two classes the first will do."""
    if size <= PAIR:
        yield f"(declare-const c{number}_0 Bool)"
        return
    own = [f"c{number}_{one}" for one in range(size)]
    yield from (f"(declare-const {one} Bool)" for one in own)
    yield f"(assert (or {' '.join(own)}))"
    yield from (f"(assert (not (and {one} {two})))" for at, one in enumerate(own) for two in own[:at])


@dataclass
class _Writer:
    numbers: Mapping[str, int]
    sizes: Mapping[str, int]
    lines: list[str]
    defined: dict[int, str]

    def shown(self, term: Term) -> str:
        """The term in place, its compound parts defined in lines of their own."""
        if isinstance(term, bool):
            return "true" if term else "false"
        if isinstance(term, Choice):
            return self._choice(term)
        if id(term) not in self.defined:
            word = "and" if isinstance(term, Conjunction) else "or"
            body = f"({word} {' '.join(self.shown(part) for part in term.parts)})"
            name = self.defined[id(term)] = f"t{len(self.defined)}"
            self.lines.append(f"(define-fun {name} () Bool {body})")
        return self.defined[id(term)]

    def _choice(self, term: Choice) -> str:
        number, size = self.numbers[term.variable], self.sizes[term.variable]
        if size <= PAIR:
            return f"c{number}_0" if term.mask & 1 else f"(not c{number}_0)"
        chosen = [f"c{number}_{one}" for one in range(size) if term.mask >> one & 1]
        return chosen[0] if len(chosen) == 1 else f"(or {' '.join(chosen)})"
