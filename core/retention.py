"""Classes of data and how long each is kept: what law sets as a least, and what AWS can hold."""

from __future__ import annotations

from enum import StrEnum

AUDIT_DAYS = 2190
"""Six years: 45 CFR 164.316(b)(2)(i), "retain the documentation ... for 6 years from the date of its creation"."""
LONGEST_DAYS = 36500
"""A hundred years, the most that Object Lock takes:
https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock-managing.html"""
LOG_GROUP_DAYS = (
    *(1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731),
    *(1096, 1827, 2192, 2557, 2922, 3288, 3653),
)
"""https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html"""


class DataClass(StrEnum):
    """How much harm a disclosure would do; least first."""

    PUBLIC = "public"
    INTERNAL = "internal"
    PERSONAL = "personal"
    HEALTH = "health"

    @property
    def identifies_people(self) -> bool:
        """Whether data of this class tells of single persons."""
        return self in (DataClass.PERSONAL, DataClass.HEALTH)


def log_group_days(days: int) -> int:
    """The shortest time a log group can be told to keep events that is not shorter than `days`.

    CloudWatch Logs takes a closed list of periods. Beyond its longest, the longest is answered: what has to be kept
    longer lies in the archive bucket as well.
    """
    return next((period for period in LOG_GROUP_DAYS if period >= days), LOG_GROUP_DAYS[-1])
