"""What became of one resource in a cloud: a call that returned is not evidence, only what was read back is."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Status(StrEnum):
    """How an applied resource ended; worst first."""

    FAILED = "failed"
    UNVERIFIED = "unverified"
    VERIFIED = "verified"


class Change(StrEnum):
    """What an apply did to one resource."""

    CREATED = "created"
    UPDATED = "updated"
    REPLACED = "replaced"
    DELETED = "deleted"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class Outcome:
    """One resource after an apply and its read-back.

    `reasons` name the properties that differ (failed) or cannot be seen (unverified), never their values.
    """

    urn: str
    type: str
    change: Change
    status: Status
    reasons: tuple[str, ...] = ()
