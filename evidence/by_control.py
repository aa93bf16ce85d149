"""The findings grouped by the section of law they serve, worst first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from core.finding import Finding, awaiting, tally
from core.verdict import State
from evidence.bundle import CODE, Bundle, Control

UNMAPPED = Control("", "no control", "", "guards that serve no section of a pack")


@dataclass(frozen=True, slots=True)
class Group:
    """One control with the five counts of the findings that serve it, and of those only a live account decides."""

    control: Control
    counts: Mapping[State, int]
    live: int = 0

    @property
    def worst(self) -> State:
        """The worst state that occurs; not applicable when nothing was judged."""
        return next((state for state in State if self.counts[state]), State.NOT_APPLICABLE)


def by_control(bundle: Bundle) -> tuple[Group, ...]:
    """Every control that is for code with its counts, worst first; one without a finding counts nothing but stays.

    Counted is what is known after all phases. A finding that serves several controls counts under each of them, so
    the columns do not add up to the summary. A control carries the mark when all that serves it is inferred.
    """
    found: dict[str, list[Finding]] = {control.id: [] for control in bundle.controls if control.responsibility == CODE}
    established: set[str] = set()
    for finding in bundle.settled:
        for cited in finding.controls or ("",):
            control = bundle.control(cited) if cited else UNMAPPED
            found.setdefault(control.id, []).append(finding)
            established |= set() if control.inferred else {control.id}
    groups = [
        Group(
            replace(bundle.control(key), inferred=bool(held) and key not in established) if key else UNMAPPED,
            tally(held),
            awaiting(held),
        )
        for key, held in found.items()
    ]
    return tuple(sorted(groups, key=_worst_first))


def _worst_first(group: Group) -> tuple[int, str, str]:
    return (list(State).index(group.worst), group.control.framework, group.control.section)
