"""Whether the condition of a statement holds for a request.

Operators and keys join by AND, values by OR, values under a negated operator by NOR (S41):
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_multi-value-conditions.html
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from types import MappingProxyType

from access.caller import Value
from access.document import MOST_KEPT, Test, nothing
from access.formula import Leaf
from access.operators import WITH_VARIABLES, Family, Operator, Quantifier, read_value, within
from access.request import SEGMENTS, Asked, FreeKey
from access.truth import Truth, all_true, any_true, negated, unsure
from access.wildcard import Lookup, Part, Pattern, made
from core.value import Unknown

BROKEN = unsure("a value of the request has not the form that the operator reads")

SEVERAL = "S47"

Predicate = Callable[[Operator, Pattern, str, Lookup], Truth]


def holds(tests: tuple[Test | Unknown, ...], asked: Asked) -> Truth:
    """Whether every line holds; no condition always does."""
    left: list[Truth] = []
    for test in tests:
        found = unsure(f"a condition is not known ({test.source})") if isinstance(test, Unknown) else _test(test, asked)
        if found is False:
            return False
        if found is not True:
            left.append(found)
    return all_true(left) if left else True


def _test(test: Test, asked: Asked) -> Truth:
    value = asked.request.value(test.key)
    if isinstance(value, FreeKey):
        known = replace(test, values=_filled(test, asked.request.single))
        return Leaf(value.variable, KeyHolds(known, asked.reference.low(SEVERAL, answer=False), value.before))
    if isinstance(value, tuple | Unknown) or test.has_variables:
        return tested(test, value, asked.reference.low(SEVERAL, answer=False), asked.request.single)
    known = test.kept.get(value)
    if known is None:
        known = tested(test, value, several=False, lookup=nothing)
        if len(test.kept) < MOST_KEPT:
            test.kept[value] = known
    return known


def _filled(test: Test, lookup: Lookup) -> tuple[Pattern | Unknown, ...] | Unknown:
    """The values with those of the caller in place of policy variables; one without a value fits nothing (S52)."""
    if isinstance(test.values, Unknown) or test.operator.family not in WITH_VARIABLES:
        return test.values
    found = (item if isinstance(item, Unknown) else item.filled(lookup) for item in test.values)
    return tuple(item for item in found if item is not None)


@dataclass(frozen=True, slots=True)
class KeyHolds:
    """A line of a Condition, asked of a free key; `several` and `before` as `tested` and FreeKey have them."""

    test: Test
    several: Truth
    before: str = ""

    def on(self, value: Value) -> Truth:
        """What the evaluator says of this value."""
        whole = self.before + value if isinstance(value, str) else value
        return tested(self.test, whole, self.several, nothing)


def tested(test: Test, value: Value, several: Truth, lookup: Lookup) -> Truth:
    """Whether a line holds for what the key holds; `several` is the answer to several values without a set operator."""
    operator = test.operator
    if isinstance(value, Unknown):
        return unsure(value.source)
    values = value if isinstance(value, tuple) else () if value is None else (value,)
    if operator.family is Family.PRESENCE:
        return _presence(test, values)
    if not values:
        return absent(operator)
    if operator.quantifier is Quantifier.ONE and len(values) > 1:
        return several
    found = (_agrees(test, item, lookup) for item in values)
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


def absent(operator: Operator) -> bool:
    """A request without the key: IfExists and ForAllValues hold (S43, S45), ForAnyValue does not (S46), else S42."""
    if operator.if_exists or operator.quantifier is Quantifier.EVERY:
        return True
    return operator.negated and operator.quantifier is Quantifier.ONE


def _agrees(test: Test, value: str, lookup: Lookup) -> Truth:
    """One value of the request against all values of the policy."""
    if isinstance(test.values, Unknown):
        return unsure(f"the value of a condition on {test.shown} is not known ({test.values.source})")
    compare = PREDICATES[test.operator.family]
    found = any_true(
        unsure(f"a value of a condition on {test.shown} is not known ({item.source})")
        if isinstance(item, Unknown)
        else compare(test.operator, item, value, lookup)
        for item in test.values
    )
    return negated(found) if test.operator.negated else found


def _pattern(_operator: Operator, ours: Pattern, theirs: str, lookup: Lookup) -> Truth:
    return ours.matches(theirs, lookup)


def _any_case(_operator: Operator, ours: Pattern, theirs: str, lookup: Lookup) -> Truth:
    parts = ours.resolved(lookup)
    if parts is None:
        return False
    if isinstance(parts, Unknown):
        return unsure(parts.source)
    return "".join(str(part) for part in parts).casefold() == theirs.casefold()


def _read(operator: Operator, ours: Pattern, theirs: str, _lookup: Lookup) -> Truth:
    """Families whose values are read first; a request's value of another form breaks the evaluation."""
    try:
        found = read_value(operator.family, theirs)
    except ValueError:
        return BROKEN
    return operator.compare(found, read_value(operator.family, ours.text))


def _address(operator: Operator, ours: Pattern, theirs: str, _lookup: Lookup) -> Truth:
    try:
        found = read_value(operator.family, theirs)
    except ValueError:
        return BROKEN
    return within(found, read_value(operator.family, ours.text))


def _arn(_operator: Operator, ours: Pattern, theirs: str, lookup: Lookup) -> Truth:
    """Segment by segment, so that no wildcard crosses one of the first five colons (S49).

    No page says whether a `*` alone, or a text with fewer segments that ends in one, stands for the rest of an ARN.
    """
    wanted, held = arn_parts(ours), theirs.split(":", SEGMENTS - 1)
    if len(held) != SEGMENTS:
        return False
    fits = all_true(part.matches(text, lookup) for part, text in zip(wanted, held, strict=False))
    if len(wanted) == SEGMENTS or fits is False:
        return fits
    return unsure("how far an ARN with fewer than six parts reaches") if ours.text.endswith("*") else False


@lru_cache(maxsize=4096)
def arn_parts(whole: Pattern) -> tuple[Pattern, ...]:
    """The segments of an ARN in a policy, at most six; a colon inside of a variable divides nothing."""
    found: list[list[Part]] = [[]]
    for part in whole.parts:
        if not isinstance(part, str):
            found[-1].append(part)
            continue
        first, *rest = part.split(":", SEGMENTS - len(found))
        found[-1].append(first)
        found += [[text] for text in rest]
    return tuple(made(whole.text, tuple(part for part in parts if part != "")) for parts in found)


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
