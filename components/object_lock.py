"""Object Lock: for how long a version of an object cannot be removed, and by whom not."""

from dataclasses import dataclass
from enum import StrEnum

REAL_DATA = frozenset({"staging", "prod"})
"""Tiers whose logs and records must outlive any administrator."""


class LockMode(StrEnum):
    """Who may end a lock early: in compliance mode nobody, in governance mode who holds a special permission."""

    COMPLIANCE = "COMPLIANCE"
    GOVERNANCE = "GOVERNANCE"


@dataclass(frozen=True)
class Lock:
    """Every version is kept for so many days from its arrival, whatever anybody does."""

    days: int
    mode: LockMode

    @property
    def is_final(self) -> bool:
        """Whether nobody at all can end it early, short of closing the account."""
        return self.mode is LockMode.COMPLIANCE


def lock_for(tier: str, days: int) -> Lock:
    """The lock of an environment's tier: final in `staging` and `prod`, in governance mode elsewhere.

    A final lock cannot be undone, so a laptop or a test account must not use it:
    https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html
    """
    return Lock(days, LockMode.COMPLIANCE if tier in REAL_DATA else LockMode.GOVERNANCE)
