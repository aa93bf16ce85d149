"""What the prover is asked and what it answers: whether any of these callers can make a call, in whatever request.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from access.decide import Decision
from access.request import Request


class Group(StrEnum):
    """Callers that no resource of a Graph stands for."""

    ANONYMOUS = "anybody who does not say who they are"
    OUTSIDE = "every principal outside the organisation"
    SERVICES = "AWS services on behalf of accounts outside the organisation"


class Presence(StrEnum):
    """Whether a request carries a key."""

    EITHER = "present or absent"
    PRESENT = "present"
    ABSENT = "absent"


class Verdict(StrEnum):
    """What became of a statement."""

    PROVED = "proved"
    REFUTED = "refuted"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Given:
    """What is assumed of one condition key: whether it is there and, where it is, which values it may hold.

    `among` are values, `*` and `?` in them read as StringLike does, None for any; `outside` are values that it does not
    hold, read likewise. A value may hold the symbol of a resource, as `access.symbols` writes it.
    """

    presence: Presence = Presence.EITHER
    among: tuple[str, ...] | None = None
    outside: tuple[str, ...] = ()


ABSENT = Given(Presence.ABSENT)
NOTHING_GIVEN: Mapping[str, Given] = MappingProxyType({})


def is_value(*values: str) -> Given:
    """The key is present and holds one of these values."""
    return Given(Presence.PRESENT, values)


def is_not(*values: str) -> Given:
    """The key is absent, or holds something else."""
    return Given(outside=values)


@dataclass(frozen=True)
class Question:
    """Whether any of these callers can do this, to any of these resources, in any request that fits what is given.

    `callers` are logical names of roles (or personas) of the Graph, ARNs of its roles, or a Group. `action` is one
    concrete action. `resources` are ARNs or logical names with what lies below them, as `access explain` takes them; a
    `*` in one stands for one or more characters, whatever they are; `*` alone is for actions that take no resource.
    `given` are assumptions on condition keys (any letter case); a key that is neither given nor decided by the caller
    is free: the answer holds for all its values and for its absence. `also` are further calls, action and resource,
    that the same caller must be able to make with the same context. With `with_key` reading or writing objects that a
    key seals needs the key as well (S68).
    """

    callers: tuple[str | Group, ...]
    action: str
    resources: tuple[str, ...] = ("*",)
    given: Mapping[str, Given] = field(default_factory=lambda: NOTHING_GIVEN)
    also: tuple[tuple[str, str], ...] = ()
    with_key: bool = True


@dataclass(frozen=True, slots=True)
class Witness:
    """Requests that together do what was asked, each with the evaluator's decision on it: all of them allowed."""

    requests: tuple[Request, ...]
    decisions: tuple[Decision, ...]
    caller: str
    resource: str


@dataclass(frozen=True)
class Answer:
    """Whether it can be done: True with a witness, False with a proof, None with the reason why it cannot be told.

    `assumptions` is all that the answer rests on besides the policies, in words. `decided_by` names what decided: the
    evaluator alone where no free value mattered, else the solvers that agreed. `query` is the SHA-256 of the text the
    solvers were given, which `access.ask.Asker.proofs` can give again with cvc5's proof.
    """

    question: Question
    can: bool | None
    reason: str = ""
    witness: Witness | None = None
    assumptions: tuple[str, ...] = ()
    decided_by: tuple[str, ...] = ()
    query: str = ""

    @property
    def never(self) -> Verdict:
        """The verdict on "nobody of them can"."""
        return {True: Verdict.REFUTED, False: Verdict.PROVED, None: Verdict.UNKNOWN}[self.can]

    @property
    def may(self) -> Verdict:
        """The verdict on "one of them can"."""
        return {True: Verdict.PROVED, False: Verdict.REFUTED, None: Verdict.UNKNOWN}[self.can]
