"""What an answer hangs on, as a term over finitely many choices: for each free value one of its classes.

A truth is read twice: as what holds for sure, and as what may hold. Negation turns one into the other, so every unknown
leaf is taken against the answer that is sought, whatever stands around it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from access.caller import Value
from access.condition import BROKEN, KeyHolds, absent
from access.formula import IsPresent, Leaf, Settled
from access.operators import Family, Quantifier
from access.truth import Every, Maybe, Opposite, Some, Truth

BIT = 0b10


@dataclass(frozen=True, slots=True)
class Choice:
    """True where the variable takes one of these classes: bit n of the mask is class n."""

    variable: str
    mask: int


@dataclass(frozen=True, slots=True, eq=False)
class Conjunction:
    """All of these."""

    parts: tuple[Term, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Disjunction:
    """One of these."""

    parts: tuple[Term, ...]


Term = bool | Choice | Conjunction | Disjunction


def joined(
    parts: Iterable[Term], sizes: Mapping[str, int], how: type[Conjunction | Disjunction], *, merges: bool = True
) -> Term:
    """All of them, or one of them, what is settled left out; if it `merges`, choices of one variable become one."""
    every = how is Conjunction
    masks: dict[str, int] = {}
    left: list[Term] = []
    stack = list(parts)[::-1]
    while stack:
        part = stack.pop()
        if isinstance(part, bool):
            if part is not every:
                return part
        elif isinstance(part, Choice) and merges:
            held = masks.get(part.variable)
            masks[part.variable] = part.mask if held is None else held & part.mask if every else held | part.mask
        elif isinstance(part, how):
            stack += reversed(part.parts)
        else:
            left.append(part)
    choices = [choice(variable, mask, sizes) for variable, mask in masks.items()]
    if (not every) in choices:
        return not every
    found = [*(one for one in choices if one is not every), *left]
    return every if not found else found[0] if len(found) == 1 else how(tuple(found))


def choice(variable: str, mask: int, sizes: Mapping[str, int]) -> Term:
    """The choice, or what it comes to where it is none."""
    if mask == 0:
        return False
    return True if mask == (1 << sizes[variable]) - 1 else Choice(variable, mask)


@dataclass(frozen=True)
class Domain:
    """The classes of a free value, each by one value; with `many` a key may hold several of them at once.

    If it is not `complete` there are more classes than were looked at.
    """

    variable: str
    values: tuple[Value, ...]
    many: bool = False
    complete: bool = True

    def sizes(self) -> Mapping[str, int]:
        """The choices that stand for it, and how many classes each has."""
        if not self.many:
            return {self.variable: len(self.values)}
        return {**{self.bit(number): 2 for number in range(len(self.values))}, self.more: 2}

    def bit(self, number: int) -> str:
        """The choice whether the key holds a value of this class."""
        return f"{self.variable} holds {number}"

    def bits(self) -> list[Choice]:
        """For each class, that the key holds a value of it."""
        return [Choice(self.bit(number), BIT) for number in range(len(self.values))]

    @property
    def more(self) -> str:
        """The choice whether it holds several values."""
        return f"{self.variable} holds several"


@dataclass
class Reader:
    """Reads truths as terms over these domains; a truth that stands in several places is read once.

    If it `merges`, what choices of one variable come to together is worked out here, which leaves less to the solvers.
    """

    domains: Mapping[str, Domain]
    merges: bool = True
    sizes: dict[str, int] = field(default_factory=dict)
    read: dict[tuple[int, bool, bool | None], tuple[Truth, Term]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Know the sizes of all choices."""
        for domain in self.domains.values():
            self.sizes.update(domain.sizes())

    def every(self, parts: Iterable[Term]) -> Term:
        """All of them."""
        return joined(parts, self.sizes, Conjunction, merges=self.merges)

    def some(self, parts: Iterable[Term]) -> Term:
        """One of them."""
        return joined(parts, self.sizes, Disjunction, merges=self.merges)

    def term(self, truth: Truth, *, may: bool, broken: bool | None = None) -> Term:
        """What holds for sure or, with `may`, what may hold; `broken` is what a broken evaluation comes to (S08)."""
        if isinstance(truth, bool):
            return truth
        key = (id(truth), may, broken)
        if key not in self.read:
            self.read[key] = (truth, self._term(truth, may=may, broken=broken))
        return self.read[key][1]

    def _term(self, truth: Truth, *, may: bool, broken: bool | None) -> Term:
        if isinstance(truth, Every | Some):
            parts = (self.term(part, may=may, broken=broken) for part in truth.parts)
            return self.every(parts) if isinstance(truth, Every) else self.some(parts)
        if isinstance(truth, Settled):
            return self.term(truth.part, may=may, broken=truth.broken)
        if isinstance(truth, Opposite):
            return self.negated(self.term(truth.part, may=not may, broken=broken))
        if isinstance(truth, Leaf):
            return self._leaf(truth, may=may, broken=broken)
        return _rail(truth, may=may, broken=broken)

    def negated(self, term: Term) -> Term:
        """The opposite, driven down to the choices."""
        if isinstance(term, bool):
            return not term
        if isinstance(term, Choice):
            return choice(term.variable, ~term.mask & ((1 << self.sizes[term.variable]) - 1), self.sizes)
        parts = (self.negated(part) for part in term.parts)
        return self.some(parts) if isinstance(term, Conjunction) else self.every(parts)

    def _leaf(self, leaf: Leaf, *, may: bool, broken: bool | None) -> Term:
        domain = self.domains[leaf.variable]
        if domain.many and isinstance(leaf.probe, IsPresent):
            return self.some(domain.bits())
        if domain.many and isinstance(leaf.probe, KeyHolds):
            return self._of_many(domain, leaf.probe, may=may, broken=broken)
        mask = 0
        for number, value in enumerate(domain.values):
            if _rail(leaf.probe.on(value), may=may, broken=broken):
                mask |= 1 << number
        return choice(domain.variable, mask, self.sizes)

    def _of_many(self, domain: Domain, probe: KeyHolds, *, may: bool, broken: bool | None) -> Term:
        """A key that may hold several values: what a set operator, or none (S47), makes of those that it holds."""
        operator = probe.test.operator
        bits = domain.bits()
        if operator.family is Family.PRESENCE:
            return self._present(domain, probe, bits, may=may)
        fits = [_rail(probe.on(value), may=may, broken=broken) for value in domain.values]
        if operator.quantifier is Quantifier.EVERY:
            return self.every((self.negated(bit) for bit, fit in zip(bits, fits, strict=True) if not fit))
        some: Term = self.some((bit for bit, fit in zip(bits, fits, strict=True) if fit))
        if operator.quantifier is Quantifier.ONE:
            low = _rail(probe.several, may=may, broken=broken)
            several = Choice(domain.more, BIT)
            one = self.every((self.negated(several), some))
            some = self.some((one, self.every((several, low))))
        if not absent(operator):
            return some
        nothing = self.every(self.negated(bit) for bit in bits)
        return self.some((nothing, some))

    def _present(self, domain: Domain, probe: KeyHolds, bits: list[Choice], *, may: bool) -> Term:
        there = self.some((bit for bit, value in zip(bits, domain.values, strict=True) if value))
        ways = [(probe.on("x"), there), (probe.on(None), self.negated(there))]
        found = (self.every((_rail(truth, may=may, broken=None), term)) for truth, term in ways)
        return self.some(found)

    def rules(self) -> Term:
        """What holds of the choices themselves: a key holds several values exactly where it holds more than one."""
        found: list[Term] = []
        for domain in (one for one in self.domains.values() if one.many):
            several = Choice(domain.more, BIT)
            bits = domain.bits()
            found.append(self.some((self.negated(several), *bits)))
            found += [
                self.some((self.negated(one), self.negated(two), several))
                for number, one in enumerate(bits)
                for two in bits[:number]
            ]
        return self.every(found)


def _rail(truth: Truth, *, may: bool, broken: bool | None) -> bool:
    """One value's answer: yes or no as it is, and what cannot be told as the reading wants it."""
    if isinstance(truth, bool):
        return truth
    reasons = truth.reasons if isinstance(truth, Maybe) else ()
    if (
        broken is not None
        and set(BROKEN.reasons) & set(reasons)
        and (not broken or set(reasons) == set(BROKEN.reasons))
    ):
        return broken
    return may
