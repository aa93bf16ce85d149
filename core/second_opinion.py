"""Another judge's answers beside ours: where both agree, where only one of them objects, and why that may stand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from core.verdict import State


class Standing(StrEnum):
    """How one answer of theirs stands beside ours; what needs somebody first."""

    ONLY_THEIRS = "only theirs"
    ONLY_OURS = "only ours"
    ACCEPTED = "accepted"
    EXPLAINED = "explained"
    AGREED = "agreed"
    NOT_COMPARED = "not compared"


MEANING: Mapping[Standing, str] = MappingProxyType(
    {
        Standing.ONLY_THEIRS: "they object, we do not, and nobody has said why: a finding",
        Standing.ONLY_OURS: "we object, or cannot tell, where they pass",
        Standing.ACCEPTED: "they object; the reason why that may stand is written down",
        Standing.EXPLAINED: "they object; our guards of the same subject saw what they could not, or say why not",
        Standing.AGREED: "both say the same",
        Standing.NOT_COMPARED: "they pass, and none of our guards has the subject, or it does not apply",
    }
)


@dataclass(frozen=True, slots=True)
class Comparison:
    """One check of theirs on one resource: their answer, the worst of ours on the same subject, and why it may stand.

    `ours` is None where no guard of ours has the subject on this resource.
    """

    check: str
    title: str
    urn: str
    passes: bool
    ours: State | None
    standing: Standing
    guards: tuple[str, ...] = ()
    reason: str = ""

    @property
    def resource(self) -> str:
        """The logical name of the resource."""
        return self.urn.rpartition("::")[2]


@dataclass(frozen=True, slots=True)
class Opinion:
    """All that another judge said of a program.

    `alone` are guards of ours whose subject none of their checks has; `left_out` the URNs that could not be shown to
    them at all.
    """

    tool: str
    version: str
    comparisons: tuple[Comparison, ...]
    alone: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()

    @property
    def counts(self) -> Mapping[Standing, int]:
        """How many answers stand so; standings without any count as 0."""
        counted = Counter(one.standing for one in self.comparisons)
        return MappingProxyType({standing: counted[standing] for standing in Standing})

    def of(self, standing: Standing) -> tuple[Comparison, ...]:
        """The answers that stand so, by check and resource."""
        found = (one for one in self.comparisons if one.standing is standing)
        return tuple(sorted(found, key=lambda one: (one.check, one.urn)))
