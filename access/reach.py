"""What somebody can become: the least fixpoint over principals of every method there is.

What is reached helps to reach more: the calls of a method may be made by different principals, but for those that AWS
wants of one. First come the steps that are sure, then, marked, those that may be there: "cannot" errs on the safe side.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from access.ability import Abilities, speaks_of
from access.attempt import Attempt, Done, Target, targets
from access.bindings import arns_of_action
from access.document import ActionEntry, Document, Effect, ResourceEntry, Statement
from access.glyphs import ANYTHING
from access.methods import Method
from access.principals import Principal
from core.resource import Resource

EVERYWHERE = ("iam:CreateRole", "s3:GetObject", "kms:Decrypt", "secretsmanager:GetSecretValue", "ec2:RunInstances")
"""Calls that stand for all there are, where a statement names none in particular."""


@dataclass(frozen=True, slots=True)
class Step:
    """One thing reached: by which method, with which calls of whom, whether that is sure, and what it hangs on."""

    target: str
    method: Method
    calls: tuple[Done, ...]
    sure: bool
    hangs_on: tuple[str, ...] = ()
    round: int = 0
    holder: str = ""

    @property
    def actors(self) -> tuple[str, ...]:
        """Who makes the calls, each once."""
        return tuple(dict.fromkeys(call.actor for call in self.calls))

    @property
    def needs(self) -> tuple[str, ...]:
        """Who must have been reached: those who make the calls, and whom they are about."""
        return (*self.actors, self.holder) if self.holder else self.actors


@dataclass
class Closure:
    """Everything that can be reached from one principal: names, in the order in which they were reached."""

    start: Principal
    principals: dict[str, Principal] = field(default_factory=dict)
    steps: dict[str, Step] = field(default_factory=dict)

    def chain(self, target: str) -> tuple[Step, ...]:
        """The steps that lead to the target, each after those it needs; empty for what is not reached."""
        needed: dict[str, Step] = {}

        def visit(name: str) -> None:
            step = self.steps.get(name)
            if step is None or name in needed:
                return
            for other in step.needs:
                visit(other)
            needed[name] = step

        visit(target)
        return tuple(needed.values())

    def is_sure(self, target: str) -> bool:
        """Whether every step to the target is sure."""
        return all(step.sure for step in self.chain(target))


def closure(abilities: Abilities, start: Resource, methods: Sequence[Method]) -> Closure:
    """The closure of a role or a user."""
    first = abilities.principal(start)
    found = Closure(first, {first.name: first})
    for sure in (True, False):
        number = max((step.round for step in found.steps.values()), default=0) + 1
        while fresh := _round(abilities, found, methods, sure=sure, number=number):
            for target, step in fresh.values():
                found.steps[step.target] = step
                if target.principal is not None:
                    found.principals[step.target] = target.principal
            number += 1
    return found


def _round(
    abilities: Abilities, found: Closure, methods: Sequence[Method], *, sure: bool, number: int
) -> dict[str, tuple[Target, Step]]:
    """What one more step reaches."""
    fresh: dict[str, tuple[Target, Step]] = {}
    attempt = Attempt(abilities, tuple(found.principals.values()), sure=sure)
    for method in methods:
        if sure and method.hangs_on:
            continue
        for target in targets(attempt, method):
            if target.name in found.steps or target.name in fresh or target.name in found.principals:
                continue
            step = _step(attempt, method, target, number)
            if step is not None:
                fresh[target.name] = (target, step)
    return fresh


def _step(attempt: Attempt, method: Method, target: Target, number: int) -> Step | None:
    if method.open_trust:
        calls: tuple[Done, ...] | None = ()
    else:
        calls = next((done for way in method.ways if (done := attempt.way(method, way, target)) is not None), None)
    if calls is None:
        return None
    doubts = [reason for call in calls for reason in call.doubts]
    hangs = tuple(dict.fromkeys([*([method.hangs_on] if method.hangs_on else []), *target.doubts, *doubts]))
    holder = target.holder.name if target.holder else ""
    return Step(target.name, method, calls, not hangs, hangs, number, holder)


def exceeds(abilities: Abilities, more: Principal, less: Principal, hints: Sequence[Done] = ()) -> Done | None:
    """A call that one principal can make and the other may not be able to; None where there is none.

    The calls tried are the hints, and those that the statements of the first one speak of: first those of which the
    statements of the other say nothing at all.
    """
    spoken = list(_spoken_of(abilities, more))
    foreign = [one for one in spoken if not speaks_of(less, one[0])]
    tried = [*((one.action, one.arn) for one in hints), *foreign, *spoken]
    for action, arn in dict.fromkeys(tried):
        mine = abilities.can(more, action, arn, {})
        if mine.truth is True and abilities.can(less, action, arn, {}).truth is not True:
            return Done(more.name, action, arn, mine.request)
    return None


def _spoken_of(abilities: Abilities, who: Principal) -> Iterator[tuple[str, str]]:
    """Actions and ARNs that the principal's own statements allow, before anything cuts them."""
    for policy in who.identity:
        for one in policy.statements if isinstance(policy, Document) else ():
            if isinstance(one, Statement) and one.effect is Effect.ALLOW:
                yield from ((name, arn) for name in _names(abilities, one) for arn in _arns(abilities, one, name))


def _names(abilities: Abilities, statement: Statement) -> Iterator[str]:
    for entry in statement.actions:
        if isinstance(entry, ActionEntry) and not statement.action_negated:
            yield from (one.name for one in abilities.metadata.matching(entry.text))
    if statement.action_negated or any(isinstance(one, ActionEntry) and not one.service for one in statement.actions):
        yield from EVERYWHERE


def _arns(abilities: Abilities, statement: Statement, action: str) -> Iterator[str]:
    for entry in statement.resources or ():
        if isinstance(entry, ResourceEntry) and entry.segments and not statement.resource_negated:
            yield entry.text.replace("*", ANYTHING).replace("?", "x")
        else:
            yield from arns_of_action(abilities.metadata, action, abilities.account, abilities.region)
