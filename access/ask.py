"""Questions about a Graph, answered by the prover."""

from __future__ import annotations

from dataclasses import dataclass, field

from access.prove import Finding, Prover
from access.question import Answer, Given, Presence, Question
from access.situation import Situation
from access.solvers import cvc5_proof
from access.ways import situations
from access.world import World

MOST_REASONS = 3


@dataclass
class Asker:
    """Answers questions about one world; keeps what it has found."""

    world: World
    prover: Prover = field(default_factory=Prover)
    answers: dict[str, Answer] = field(default_factory=dict)

    def ask(self, question: Question) -> Answer:
        """The answer: the first situation that can come about, else the doubt about one, else that none can.

        Raises RequestError for a caller or a resource that the Graph does not know.
        """
        key = repr(question)
        if key not in self.answers:
            self.answers[key] = self._answer(question)
        return self.answers[key]

    def proofs(self, question: Question) -> tuple[tuple[str, str], ...]:
        """For each text that the solvers were given, in order: the text, and cvc5's proof where it has no solution."""
        found = (self.prover.find(situation) for situation in situations(self.world, question))
        return tuple((query.text, cvc5_proof(query)) for finding in found for query in finding.queries)

    def _answer(self, question: Question) -> Answer:
        doubts: list[str] = []
        cleared: list[Finding] = []
        seen: set[str] = set()
        asked = 0
        for situation in situations(self.world, question):
            asked += 1
            found = self.prover.find(situation)
            if found.can:
                return self._said(question, found, situation)
            if found.can is None:
                doubts.append(f"{_name(situation)}: {found.reason}")
            cleared.append(found)
            seen.update(found.decided_by)
        if doubts:
            more = f"; and {len(doubts) - MOST_REASONS} more" if len(doubts) > MOST_REASONS else ""
            return Answer(question, None, "; ".join(dict.fromkeys(doubts[:MOST_REASONS])) + more)
        if not asked:
            return Answer(question, None, "vacuous: nobody and nothing is asked about")
        queries = tuple(query for one in cleared for query in one.queries)
        whole = Finding(can=False, decided_by=tuple(sorted(seen)), queries=queries)
        return self._said(question, whole, None)

    def _said(self, question: Question, found: Finding, situation: Situation | None) -> Answer:
        through = (f"the call comes through {situation.through}",) if situation and situation.through else ()
        given = tuple(f"{key} {words(held)}" for key, held in sorted(question.given.items()))
        assumed = (*given, *through, *self.world.assumptions)
        return Answer(question, found.can, "", found.witness, assumed, found.decided_by, found.digest)


def _name(situation: Situation) -> str:
    return f"{situation.caller} on {situation.resource}"


def words(given: Given) -> str:
    """An assumption in words."""
    found = [] if given.presence is Presence.EITHER else [f"is {given.presence}"]
    if given.among is not None:
        found.append(
            f"is {' or '.join(given.among)}{'' if given.presence is Presence.PRESENT else ' where it is present'}"
        )
    if given.outside:
        found.append(f"is not {' nor '.join(given.outside)}")
    return " and ".join(found) or "is free"
