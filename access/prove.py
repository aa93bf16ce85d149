"""The prover: whether a situation can come about, proved by two solvers or shown by a request that is let through.

"Cannot" is proved where both solvers find no solution of what may be allowed, every unknown leaf taken for the caller.
"Can" is shown by a request that the concrete evaluator allows. All else is unknown, with its reason.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from access.classes import TooManyClasses
from access.condition import KeyHolds
from access.decide import Outcome
from access.formula import Leaf, doubts_of, leaves_of
from access.glyphs import ANYTHING, Wild
from access.language import Language
from access.operators import Quantifier
from access.question import Witness
from access.reference import DEFAULT, NEVER_EMPTY, Reference
from access.samples import Mixed, samples, spread
from access.situation import Situation
from access.smt import Query, query_of
from access.solvers import CVC5, Z3, Solved, ask_cvc5, ask_z3
from access.terms import Domain, Reader, Term
from access.truth import Truth
from access.wildcard import TextFits, pattern
from access.witness import chosen, replayed, smallest, values_of

EVALUATOR = "evaluator"
MOST_LEAVES, MOST_CLASSES, MOST_ANSWERS = 20_000, 150, 300_000
MOST_REASONS = 5


@dataclass(frozen=True, slots=True)
class Finding:
    """Whether a situation can come about: True, False or None with the reason; who decided, and the queries."""

    can: bool | None
    reason: str = ""
    witness: Witness | None = None
    decided_by: tuple[str, ...] = ()
    queries: tuple[Query, ...] = ()

    @property
    def digest(self) -> str:
        """SHA-256 over the queries' own; empty where none was needed."""
        texts = [query.digest for query in self.queries]
        return texts[0] if len(texts) == 1 else hashlib.sha256("\n".join(texts).encode()).hexdigest() if texts else ""


@dataclass
class Prover:
    """Decides situations; keeps what both solvers said of each text, and the classes of each set of tests.

    If it `merges`, what is plain of one variable alone is settled before the solvers: quicker, and their word on less.
    """

    reference: Reference = DEFAULT
    merges: bool = False
    first: Callable[[Query], Solved] = ask_cvc5
    second: Callable[[Query], Solved] = ask_z3
    unsat: dict[str, bool | None] = field(default_factory=dict)
    sampled: dict[tuple[str, frozenset[object]], tuple[tuple[str, ...], bool]] = field(default_factory=dict)
    solved: dict[str, Solved] = field(default_factory=dict)

    def find(self, situation: Situation) -> Finding:
        """Whether the situation can come about."""
        truth = situation.truth(self.reference)
        if truth is False:
            return Finding(can=False, decided_by=(EVALUATOR,))
        leaves = list(leaves_of(truth))
        if len(leaves) > MOST_LEAVES:
            return Finding(None, f"limit: the answer hangs on {len(leaves)} tests; at most {MOST_LEAVES} are taken on")
        try:
            domains = self._domains(leaves, situation.regions)
        except Mixed:
            return Finding(None, "limit: a key is read as a number, date or address and as a text with wildcards")
        found = self._solved(situation, truth, domains)
        if found.can is False and not all(domain.complete for domain in domains.values()):
            return Finding(None, "limit: the wildcards tell too many texts apart", queries=found.queries)
        return found

    def _solved(self, situation: Situation, truth: Truth, domains: Mapping[str, Domain]) -> Finding:
        """What may be is asked first; only where the evaluator does not let it through, what is for sure."""
        reader = Reader(domains, self.merges)
        rules = reader.rules()
        may, sure = (reader.every((reader.term(truth, may=way), rules)) for way in (True, False))
        found = self._searched(situation, truth, reader, may)
        if found.can is not None or found.witness is None:
            return found
        again = self._searched(situation, truth, reader, sure)
        if again.can or again.reason:
            return again
        return Finding(None, _doubt(truth, found.witness), queries=(*found.queries, *again.queries))

    def _searched(self, situation: Situation, truth: Truth, reader: Reader, term: Term) -> Finding:
        """A solution of the term, replayed; or that both solvers find none."""
        if term is False:
            return Finding(can=False, decided_by=(EVALUATOR,))
        query = query_of(term, reader.sizes, reader.domains)
        first = self.solved.get(query.digest) or self.first(query)
        self.solved[query.digest] = first
        if first.sat is None:
            return Finding(None, "limit: cvc5 gave up", queries=(query,))
        if not first.sat:
            return self._confirmed(query)
        taken = smallest(term, chosen(query, first.holds))
        witness = replayed(situation, truth, values_of(reader.domains, taken), self.reference)
        allowed = not situation.doubt and all(decision.outcome is Outcome.ALLOWED for decision in witness.decisions)
        return Finding(True if allowed else None, "", witness, (CVC5, EVALUATOR), (query,))

    def _confirmed(self, query: Query) -> Finding:
        """Both must find no solution."""
        if query.digest not in self.unsat:
            second = self.second(query)
            self.unsat[query.digest] = None if second.sat is None else not second.sat
        agreed = self.unsat[query.digest]
        if agreed:
            return Finding(can=False, decided_by=(CVC5, Z3), queries=(query,))
        return Finding(None, "limit: z3 gave up" if agreed is None else "cvc5 and z3 disagree", queries=(query,))

    def _domains(self, leaves: Iterable[Leaf], regions: Mapping[str, str]) -> dict[str, Domain]:
        probes: dict[str, dict[object, Leaf]] = {}
        for leaf in leaves:
            probes.setdefault(leaf.variable, {})[leaf.probe] = leaf
        return {
            variable: self._domain(variable, tuple(held), regions.get(variable))
            for variable, held in sorted(probes.items())
        }

    def _domain(self, variable: str, probes: tuple[object, ...], region: str | None) -> Domain:
        """The classes of a free value: texts where it is part of an ARN, else texts and absence."""
        tests = [probe for probe in probes if isinstance(probe, KeyHolds | TextFits)]
        text = variable.partition(":")[2] if ANYTHING in variable else region
        key = (text or "", frozenset(tests))
        if key not in self.sampled:
            self.sampled[key] = _sampled(tests, _region(text) if text else None)
        texts, complete = self.sampled[key]
        if text:
            return Domain(variable, texts, complete=complete)
        if variable.rpartition("|")[2] in NEVER_EMPTY:
            texts = tuple(one for one in texts if one)
        many = self._is_many(variable, tests)
        return Domain(variable, texts if many else (None, *texts), many, complete)

    def _is_many(self, variable: str, tests: Iterable[KeyHolds | TextFits]) -> bool:
        operators = (probe.test.operator for probe in tests if isinstance(probe, KeyHolds))
        return variable in self.reference.multivalued or any(one.quantifier is not Quantifier.ONE for one in operators)


def _sampled(tests: Sequence[KeyHolds | TextFits], region: Language | None) -> tuple[tuple[str, ...], bool]:
    """The values to look at, and whether they stand for all; where they do not, nothing is proved by them.

    Of values that all tests answer alike the first will do.
    """
    try:
        texts, complete = samples(tests, region), True
    except TooManyClasses as limit:
        texts, complete = limit.texts[:MOST_CLASSES], False
    if len(texts) * len(tests) > MOST_ANSWERS:
        texts, complete = texts[:MOST_CLASSES], False
    told: dict[tuple[object, ...], str] = {}
    for text in texts:
        told.setdefault((not text, *(test.on(text) for test in tests)), text)
    return tuple(told.values())[:MOST_CLASSES], complete and len(told) <= MOST_CLASSES


def _region(text: str) -> Language:
    """The texts that a free part is drawn from: `⟨any⟩` and `*` stand for one glyph or more."""
    parts = pattern(text.replace(ANYTHING, "*"), variables=False).parts
    found = []
    for glyph in spread(parts):
        found += (Wild.ONE, Wild.ANY) if glyph is Wild.ANY else (glyph,)
    return Language(tuple(found), region=True)


def _doubt(truth: Truth, witness: Witness) -> str:
    """What it hangs on that is not known: what the evaluator says of the nearest request, or all."""
    said = [
        reason for decision in witness.decisions if decision.outcome is Outcome.UNKNOWN for reason in decision.reasons
    ]
    reasons = tuple(dict.fromkeys(said or doubts_of(truth)))[:MOST_REASONS]
    return "; ".join(reasons) or "a solution that the evaluator does not let through"
