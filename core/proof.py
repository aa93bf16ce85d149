"""What became of a statement about access, in words that every report can show."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


class Standing(StrEnum):
    """How a statement stands; worst first."""

    REFUTED = "refuted"
    VACUOUS = "vacuous"
    UNKNOWN = "unknown"
    PROVED = "proved"
    NOT_APPLICABLE = "not applicable"

    @property
    def is_failure(self) -> bool:
        """Whether it must not stay so: it is false, or it says nothing."""
        return self in (Standing.REFUTED, Standing.VACUOUS)


@dataclass(frozen=True, slots=True)
class Proof:
    """A statement and how it stands.

    `witness` are requests that are let through, each in lines: against a statement that forbids, for one that promises.
    `assumptions` are what the verdict takes for granted. `asked` is how many calls were looked at, `decided_by` who
    decided, `query` the SHA-256 over what the solvers were asked, empty where they did not have to be.
    """

    id: str
    text: str
    why: str
    law: tuple[str, ...]
    standing: Standing
    reason: str = ""
    witness: tuple[tuple[str, ...], ...] = ()
    assumptions: tuple[str, ...] = ()
    asked: int = 0
    decided_by: tuple[str, ...] = ()
    query: str = ""


def standings(proofs: Iterable[Proof]) -> Mapping[Standing, int]:
    """How many statements stand each way; all five are there."""
    counted = Counter(proof.standing for proof in proofs)
    return MappingProxyType({standing: counted[standing] for standing in Standing})


def worst_proof_first(proof: Proof) -> tuple[int, str]:
    """Sort key: what must not stay so first, then by id."""
    return (list(Standing).index(proof.standing), proof.id)
