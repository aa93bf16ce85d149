"""One guard's answer about one resource, with what a reader needs to act on it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from core.resource import Location
from core.verdict import State


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

    @property
    def resource(self) -> str:
        """The logical name of the resource."""
        return self.urn.rpartition("::")[2]


def tally(findings: Iterable[Finding]) -> Mapping[State, int]:
    """How many findings are in each of the five states; states without any are counted as 0."""
    counted = Counter(finding.state for finding in findings)
    return MappingProxyType({state: counted[state] for state in State})


def worst_first(finding: Finding) -> tuple[int, int, str, str]:
    """Sort key: failures before unknowns before the rest, then by severity, guard and URN."""
    return (list(State).index(finding.state), list(Severity).index(finding.severity), finding.guard, finding.urn)
