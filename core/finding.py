"""One guard's answer about one resource, with what a reader needs to act on it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from core.resource import Location
from core.verdict import Decidable, State


class Severity(StrEnum):
    """How much a breach would cost; worst first."""

    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


@dataclass(frozen=True, slots=True)
class Waiver:
    """An accepted exception: who answers for it, why, and until when (ISO date)."""

    reason: str
    owner: str
    expires: str


@dataclass(frozen=True, slots=True)
class Finding:
    """What one guard says of one resource.

    `controls` are the sections of law the guard serves, as `pack:section`, filled in when packs are joined.
    A waived finding keeps the state it would have (`under`) and its waiver. `message` never holds a property value.
    `decidable` says where its guard can be answered.
    """

    guard: str
    state: State
    urn: str
    message: str
    severity: Severity
    fix: str
    location: tuple[Location, ...] = ()
    controls: tuple[str, ...] = ()
    under: State | None = None
    waiver: Waiver | None = None
    decidable: Decidable = Decidable.PLAN

    @property
    def awaits_account(self) -> bool:
        """Whether it is unknown because only a live account can say; counted apart, and never as decided."""
        return self.state is State.UNKNOWN and self.decidable is Decidable.LIVE

    @property
    def resource(self) -> str:
        """The logical name of the resource."""
        return self.urn.rpartition("::")[2]


def tally(findings: Iterable[Finding]) -> Mapping[State, int]:
    """How many findings are in each of the five states; states without any are counted as 0.

    What only a live account can say is not among the unknown: `awaiting` counts it.
    """
    counted = Counter(finding.state for finding in findings if not finding.awaits_account)
    return MappingProxyType({state: counted[state] for state in State})


def awaiting(findings: Iterable[Finding]) -> int:
    """How many findings only a live account can decide."""
    return sum(finding.awaits_account for finding in findings)


def worst_first(finding: Finding) -> tuple[int, int, str, str]:
    """Sort key: failures before unknowns before the rest, then by severity, guard and URN."""
    return (list(State).index(finding.state), list(Severity).index(finding.severity), finding.guard, finding.urn)
