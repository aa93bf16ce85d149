"""All that one run found out, in one frozen value: the only thing a report is made from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum

from core.finding import Finding, Severity, awaiting, tally, worst_first
from core.outcome import Outcome, Status
from core.proof import Proof
from core.second_opinion import Opinion
from core.verdict import State

CODE = "code"
INFERRED = "~"
"""Stands before a section in `Finding.controls` when the citation is inferred."""


class Kind(StrEnum):
    """What was judged."""

    PLAN = "plan"
    LOCAL_APPLY = "local apply"
    CHECK = "check"


class Phase(StrEnum):
    """When a finding was made: on what the program declares, or on what was read back from a cloud."""

    PLANNED = "planned"
    OBSERVED = "observed"


@dataclass(frozen=True, slots=True)
class Rule:
    """A guard as a reader meets it: its id, what it demands and why, what a breach costs, how to comply."""

    id: str
    why: str
    severity: Severity
    fix: str
    controls: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """The truth the guard demands, in words: `s3.bucket_versioned` reads "bucket versioned"."""
        return self.id.rpartition(".")[2].replace("_", " ")


@dataclass(frozen=True, slots=True)
class Control:
    """One section of a framework; `id` is `pack:section`.

    `responsibility` says who sees to it: "code" here, "operator" for people, "aws" for AWS. `inferred` marks a citation
    that is the pack author's own and not an established mapping: every report keeps the mark.
    """

    id: str
    framework: str
    section: str
    title: str
    responsibility: str = CODE
    mandatory: bool = False
    inferred: bool = False

    @property
    def label(self) -> str:
        """The short form for tables; a tilde marks an inferred citation."""
        return f"{self.framework} {INFERRED if self.inferred else ''}{self.section}"


@dataclass(frozen=True, slots=True)
class PackUsed:
    """A pack that was joined, and the sha256 of its text."""

    id: str
    title: str
    version: str
    digest: str


@dataclass(frozen=True, slots=True)
class Provenance:
    """What the result was made with and from, enough to repeat it.

    Digests are sha256 in hexadecimal, empty where there was nothing to digest. `commit` is the program's git commit,
    empty when it is not kept in git. `libraries` are (name, version) pairs.
    """

    tool: str
    graph_digest: str
    settings_digest: str = ""
    waivers_digest: str = ""
    commit: str = ""
    packs: tuple[PackUsed, ...] = ()
    libraries: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Bundle:
    """One run: what was judged, when, with what, and every finding.

    `findings` are judged on what the program declares, `observed` on what was read back from a cloud (empty without
    one), `outcomes` say what became of each resource there. `names` are those of all resources, by which alike messages
    are told to be alike; `opinion` is another judge's, and `proofs` say how statements about access stand, where they
    were asked for. The same bundle gives the same bytes in every format: the order of what it is made from does not
    matter.
    """

    title: str
    environment: str
    kind: Kind
    as_of: datetime
    provenance: Provenance
    findings: tuple[Finding, ...]
    observed: tuple[Finding, ...] = ()
    outcomes: tuple[Outcome, ...] = ()
    rules: tuple[Rule, ...] = ()
    controls: tuple[Control, ...] = ()
    names: frozenset[str] = frozenset()
    opinion: Opinion | None = None
    proofs: tuple[Proof, ...] = ()

    def __post_init__(self) -> None:
        """A time without a zone would read differently on another machine."""
        assert self.as_of.tzinfo is not None, "as_of needs a time zone"

    @property
    def date(self) -> str:
        """When, in UTC, to the second."""
        return self.as_of.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="seconds") + "Z"

    @property
    def phases(self) -> Mapping[Phase, tuple[Finding, ...]]:
        """The findings of each phase that took place, worst first."""
        made = {Phase.PLANNED: self.findings, Phase.OBSERVED: self.observed}
        return {
            phase: tuple(sorted(found, key=lambda finding: (*worst_first(finding), finding.message)))
            for phase, found in made.items()
            if found or phase is Phase.PLANNED
        }

    @property
    def everything(self) -> tuple[tuple[Phase, Finding], ...]:
        """Every finding with its phase, worst first."""
        pairs = [(phase, finding) for phase, found in self.phases.items() for finding in found]
        return tuple(sorted(pairs, key=lambda pair: (*worst_first(pair[1]), pair[0], pair[1].message)))

    @property
    def counts(self) -> Mapping[State, int]:
        """How many findings are in each state, all phases together."""
        return tally((*self.findings, *self.observed))

    @property
    def live(self) -> int:
        """How many findings only a live account can decide, all phases together; none of them is among the unknown."""
        return awaiting((*self.findings, *self.observed))

    @property
    def statuses(self) -> Mapping[Status, int]:
        """How many resources ended in each status of the local cloud."""
        return {status: sum(o.status is status for o in self.outcomes) for status in Status}

    @property
    def settled(self) -> tuple[Finding, ...]:
        """One finding for each guard and resource, worst first: what is known after all phases.

        A failure stands whenever it was found; else what was seen in a cloud counts, and what could not be seen there
        is unknown, whatever was planned.
        """
        later = {(finding.guard, finding.urn): finding for finding in self.observed}
        known = [_settled(finding, later.pop((finding.guard, finding.urn), finding)) for finding in self.findings]
        return tuple(sorted([*known, *later.values()], key=worst_first))

    def of_state(self, *states: State) -> tuple[tuple[Phase, Finding], ...]:
        """The findings in one of these states, with their phase, worst first; but for what `awaiting` has."""
        return tuple(pair for pair in self.everything if pair[1].state in states and not pair[1].awaits_account)

    @property
    def awaiting(self) -> tuple[tuple[Phase, Finding], ...]:
        """The findings that only a live account can decide, with their phase."""
        return tuple(pair for pair in self.everything if pair[1].awaits_account)

    def control(self, citation: str) -> Control:
        """The control that a finding cites; one that no pack describes stands for itself."""
        return cited(citation, self.controls)


def cited(citation: str, controls: Iterable[Control]) -> Control:
    """The control of a citation, `pack:section`, with the mark of an inferred one, `pack:~section`."""
    framework, _, section = citation.partition(":")
    plain = section.removeprefix(INFERRED)
    found = next((control for control in controls if control.id == f"{framework}:{plain}"), None)
    return replace(found or Control(f"{framework}:{plain}", framework, plain, ""), inferred=section != plain)


def _settled(planned: Finding, observed: Finding) -> Finding:
    return planned if planned.state is State.FAIL else observed
