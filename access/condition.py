"""Whether the condition of a statement holds for a request.

Operators and keys join by AND, values by OR, values under a negated operator by NOR (S41):
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_multi-value-conditions.html
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from types import MappingProxyType

from access.document import Test
from access.operators import Family, Operator, Quantifier, read_value, within
from access.request import SEGMENTS, Asked, Request
from access.truth import Truth, all_true, any_true, negated, unsure
from access.wildcard import Pattern, pattern
from core.value import Unknown

OUTSIDE_VARIABLES = re.compile(r":(?![^${]*\})")
"""The colons of an ARN, those inside of a policy variable left alone."""

BROKEN = unsure("a value of the request has not the form that the operator reads")

Predicate = Callable[[Operator, Pattern, str, Request], Truth]


def holds(tests: tuple[Test | Unknown, ...], question: Asked) -> Truth:
    """Whether every line holds; no condition always does."""
    return all_true(
        unsure(f"a condition is not known ({test.source})") if isinstance(test, Unknown) else _test(test, question)
        for test in tests
    )


def _test(test: Test, question: Asked) -> Truth:
    operator, value = test.operator, question.request.value(test.key)
    if isinstance(value, Unknown):
        return unsure(value.source)
    values = value if isinstance(value, tuple) else () if value is None else (value,)
    if operator.family is Family.PRESENCE:
        return _presence(test, values)
    if not values:
        return _absent(operator)
    if operator.quantifier is Quantifier.ONE and len(values) > 1:
        return question.reference.low("S47", answer=False)
    found = (_agrees(test, item, question.request) for item in values)
    return all_true(found) if operator.quantifier is Quantifier.EVERY else any_true(found)


def _presence(test: Test, values: tuple[str, ...]) -> Truth:
    """Null: true means absent, false present and not empty (S44)."""
    present = any(values)
    wanted = test.values
    if isinstance(wanted, Unknown):
        return unsure(f"the value of a condition on {test.shown} is not known ({wanted.source})")
    return any_true(
        unsure(f"the value of a condition on {test.shown} is not known ({item.source})")
        if isinstance(item, Unknown)
        else (item.text.lower() == "true") is not present
        for item in wanted
    )


def _absent(operator: Operator) -> bool:
    """A request without the key: IfExists and ForAllValues hold (S43, S45), ForAnyValue does not (S46), else S42."""
    if operator.if_exists or operator.quantifier is Quantifier.EVERY:
        return True
    return operator.negated and operator.quantifier is Quantifier.ONE


def _agrees(test: Test, value: str, request: Request) -> Truth:
    """One value of the request against all values of the policy."""
    if isinstance(test.values, Unknown):
        return unsure(f"the value of a condition on {test.shown} is not known ({test.values.source})")
    compare = PREDICATES[test.operator.family]
    found = any_true(
        unsure(f"a value of a condition on {test.shown} is not known ({item.source})")
        if isinstance(item, Unknown)
        else compare(test.operator, item, value, request)
        for item in test.values
    )
    return negated(found) if test.operator.negated else found


def _pattern(_operator: Operator, ours: Pattern, theirs: str, request: Request) -> Truth:
    return ours.matches(theirs, request.single)


def _any_case(_operator: Operator, ours: Pattern, theirs: str, request: Request) -> Truth:
    parts = ours.resolved(request.single)
    if parts is None:
        return False
    if isinstance(parts, Unknown):
        return unsure(parts.source)
    return "".join(str(part) for part in parts).casefold() == theirs.casefold()


def _read(operator: Operator, ours: Pattern, theirs: str, _request: Request) -> Truth:
    """Families whose values are read first; a request's value of another form breaks the evaluation."""
    try:
        found = read_value(operator.family, theirs)
    except ValueError:
        return BROKEN
    return operator.compare(found, read_value(operator.family, ours.text))


def _address(operator: Operator, ours: Pattern, theirs: str, _request: Request) -> Truth:
    try:
        found = read_value(operator.family, theirs)
    except ValueError:
        return BROKEN
    return within(found, read_value(operator.family, ours.text))


def _arn(_operator: Operator, ours: Pattern, theirs: str, request: Request) -> Truth:
    """Segment by segment, so that no wildcard crosses one of the first five colons (S49)."""
    if ours.text == "*":
        return True
    wanted, held = _arn_parts(ours.text, ours.has_variables), theirs.split(":", SEGMENTS - 1)
    if len(held) != SEGMENTS:
        return False
    fits = all_true(part.matches(text, request.single) for part, text in zip(wanted, held, strict=False))
    if len(wanted) == SEGMENTS or fits is False:
        return fits
    return unsure("how far an ARN with fewer than six parts reaches") if ours.text.endswith("*") else False


@lru_cache(maxsize=4096)
def _arn_parts(text: str, variables: bool) -> tuple[Pattern, ...]:  # noqa: FBT001 - part of the key, not a switch
    parts = OUTSIDE_VARIABLES.split(text, SEGMENTS - 1)
    return tuple(pattern(part, variables=variables) for part in parts)


PREDICATES: MappingProxyType[Family, Predicate] = MappingProxyType(
    {
        Family.STRING: _pattern,
        Family.ANY_CASE: _any_case,
        Family.LIKE: _pattern,
        Family.ARN: _arn,
        Family.NUMBER: _read,
        Family.DATE: _read,
        Family.TRUTH: _read,
        Family.BINARY: _read,
        Family.ADDRESS: _address,
    }
)
"""How a value of the policy and one of the request are compared, by family; negation and sets are not theirs."""
