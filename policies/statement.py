"""Reading the statements of a policy when some of their leaves may not be known yet.

Every question is answered with a Verdict. A statement narrows nothing on the word of a value that cannot be read, and
grants nothing on it either. Places are quoted by number, never by content.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from core.graph import Graph
from core.resource import Resource
from core.value import at
from core.verdict import State, Verdict, all_of, any_of, failed, holds, passed, undecided
from policies.links import dark, is_dark, listed

EQUAL = frozenset({"stringequals", "stringlike", "arnequals", "arnlike", "stringequalsignorecase"})
"""Condition operators, in lower case, that demand a value; with `IfExists` or `ForAllValues` they would demand nothing
of a request without the key:
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html"""
TRUTH = frozenset({"bool"})
WHOSE = ("aws:principalaccount", "aws:principalarn", "aws:principalorgid", "kms:calleraccount")
"""Condition keys that say who asks."""

Test = Callable[[Any], bool]


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement, or an unknown one, and where it stands."""

    body: Any
    place: str

    def get(self, *path: str | int) -> Any:
        """What stands at the path, unknown where the statement is."""
        return at(self.body, *path)

    def has_effect(self, effect: str) -> Verdict:
        """It is an Allow, or a Deny."""
        return holds(self.get("Effect"), lambda value: value == effect, f"Effect of {self.place}", effect)

    def principals(self) -> tuple[tuple[str, Any], ...]:
        """Each principal with its kind (`AWS`, `Service`, `Federated`); the kind of an unknown one is empty."""
        value = self.get("Principal")
        if isinstance(value, Mapping):
            return tuple((kind, item) for kind, held in value.items() for item in listed(held))
        return tuple(("" if is_dark(item) else "AWS", item) for item in listed(value))

    def is_for_everyone(self) -> Verdict:
        """It speaks of every principal there is."""
        what = f"Principal of {self.place}"
        found = [holds(item, lambda value: value == "*", what, "everyone") for _, item in self.principals()]
        return any_of(found) if found else failed(f"{what} is not everyone")

    def names_whom_it_allows(self) -> Verdict:
        """Its principals are named one by one, or a condition says whose they must be."""
        what = f"Principal of {self.place}"
        if self.get("NotPrincipal") is not None:
            return failed(f"{self.place} is for everybody but a few (NotPrincipal)")
        found = [holds(item, lambda value: "*" not in value, what, "named, without *") for _, item in self.principals()]
        named = all_of(found) if found else failed(f"{self.place} has no Principal")
        bounds = [self.demands(key, EQUAL, lambda value: "*" not in value, "a fixed value") for key in WHOSE]
        return any_of([named, *_deciding(bounds)])

    def includes(self, element: str, *wanted: str) -> Verdict:
        """Its Action or Resource takes in every one of these; `s3:*` takes in `s3:GetObject`."""
        return all_of(self._includes(element, item) for item in wanted)

    def avoids(self, element: str, unwanted: Iterable[str]) -> Verdict:
        """Its Action or Resource takes in none of these; one that is for all but a few takes in too much."""
        what, named = f"{element} of {self.place}", tuple(unwanted)
        if self.get(f"Not{element}") is not None:
            return failed(f"{self.place} is for all but a few (Not{element})")

        def is_clear(value: Any) -> bool:
            return not any(fnmatchcase(item.lower(), value.lower()) for item in named)

        found = [holds(item, is_clear, what, f"clear of {', '.join(named)}") for item in listed(self.get(element))]
        return all_of(found) if found else passed(f"{what} is not set, so it grants nothing")

    def _includes(self, element: str, wanted: str) -> Verdict:
        what = f"{element} of {self.place}"

        def takes_in(value: Any) -> bool:
            return fnmatchcase(wanted.lower(), value.lower())

        found = [holds(item, takes_in, what, f"wide enough for {wanted}") for item in listed(self.get(element))]
        return any_of(found) if found else failed(f"{what} is not set")

    def tested(self, key: str, operators: frozenset[str]) -> tuple[Any, ...]:
        """The values that its condition compares `key` with by one of these operators; what is dark is among them."""
        block, found = self.get("Condition"), []
        for operator, entries in _entries(block):
            if operator.lower() in operators:
                found += [entries] if is_dark(entries) else []
                found += [v for name, held in _entries(entries) if name.lower() == key.lower() for v in listed(held)]
        return (block,) if is_dark(block) else tuple(found)

    def demands(self, key: str, operators: frozenset[str], test: Test, expected: str) -> Verdict:
        """A condition with one of these operators demands of `key` (a pattern) values that all satisfy the test."""
        what, block = f"condition on {key} in {self.place}", self.get("Condition")
        if is_dark(block):
            return dark(what, block)
        found = []
        for operator, entries in _entries(block):
            if operator.lower() in operators:
                found += [dark(what, entries)] if is_dark(entries) else []
                found += [
                    all_of([holds(item, test, what, expected) for item in listed(value)])
                    for name, value in _entries(entries)
                    if fnmatchcase(name.lower(), key.lower())
                ]
        return any_of(found) if found else failed(f"{self.place} has no condition on {key}")

    def conditions(self) -> tuple[tuple[str, str, Any], ...] | Verdict:
        """Each line of its condition: operator, key (both in lower case) and what it is compared with."""
        what, block = f"condition of {self.place}", self.get("Condition")
        for entries in (block, *(entries for _, entries in _entries(block))):
            if is_dark(entries):
                return dark(what, entries)
        return tuple(
            (operator.lower(), name.lower(), value)
            for operator, entries in _entries(block)
            for name, value in _entries(entries)
        )

    def tests_only(self, key: str) -> Verdict:
        """Its condition tests this key and no other: each one more narrows the statement."""
        what, found = f"condition of {self.place}", self.conditions()
        if isinstance(found, Verdict):
            return found
        others = [name for _, name, _ in found if name != key.lower()]
        return failed(f"{what} tests more than {key}") if others else passed(f"{what} tests nothing but {key}")


def _entries(value: Any) -> tuple[tuple[str, Any], ...]:
    return tuple((str(key), item) for key, item in value.items()) if isinstance(value, Mapping) else ()


def _deciding(verdicts: Iterable[Verdict]) -> list[Verdict]:
    """The verdicts that save or could save a statement; that others do not is no reason to quote."""
    return [verdict for verdict in verdicts if verdict.state in {State.PASS, State.UNKNOWN}]


def statements(document: Any, place: str) -> tuple[Statement, ...]:
    """The statements of a policy in structured form; one statement may stand without a list around it."""
    found = listed(at(document, "Statement"))
    return tuple(Statement(body, f"statement {number} of {place}") for number, body in enumerate(found, 1))


def read_policy(graph: Graph, resource: Resource, attribute: str = "policy") -> tuple[Statement, ...] | Verdict:
    """The statements of the policy that the property holds, or the verdict on its not being there to read."""
    document, place = graph.document(resource, attribute), f"{attribute} of {resource.name}"
    if document is None:
        return failed(f"{place} is not set")
    if is_dark(document):
        return undecided(f"{place} cannot be read yet")
    return statements(document, place)


def every_statement(
    graph: Graph, resource: Resource, rule: Callable[[Statement], Verdict], attribute: str = "policy"
) -> Verdict:
    """The rule holds for each statement of the policy; a policy without statements grants nothing and is right."""
    found = read_policy(graph, resource, attribute)
    if isinstance(found, Verdict):
        return found
    nothing = passed(f"{attribute} of {resource.name} has no statement")
    return all_of([rule(statement) for statement in found]) if found else nothing


def some_statement(
    graph: Graph, resource: Resource, rule: Callable[[Statement], Verdict], missing: str, attribute: str = "policy"
) -> Verdict:
    """The rule holds for at least one statement of the policy; `missing` says what is not there otherwise."""
    found = read_policy(graph, resource, attribute)
    if isinstance(found, Verdict):
        return found
    best = any_of([rule(statement) for statement in found], missing)
    return best if best.state in {State.PASS, State.UNKNOWN} else failed(f"{attribute} of {resource.name} {missing}")


def allowing_only(rule: Callable[[Statement], Verdict]) -> Callable[[Statement], Verdict]:
    """The rule, for statements that allow; one that denies is right as it stands."""

    def judged(statement: Statement) -> Verdict:
        denies = statement.has_effect("Deny")
        if denies.state is State.FAIL:
            return rule(statement)
        return denies if denies.state is State.PASS else any_of([denies, rule(statement)])

    return judged
