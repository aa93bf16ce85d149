"""When objects go: the lifecycle of a bucket."""

from typing import Any

UPLOAD_DAYS = 7
"""How long parts of an upload that never finished are kept."""

SETTLING_DAYS = 90
"""Kept for less, an object hardly gets to a cheaper tier before it goes: it takes 30 days there, and 90 to the next.
https://docs.aws.amazon.com/AmazonS3/latest/userguide/intelligent-tiering-overview.html"""


def expiry(keep_days: int, undo_days: int, *, settles: bool = False) -> list[Any]:
    """Lifecycle rules: an object expires after `keep_days`, its versions are gone `undo_days` after that.

    With `settles` an object that is kept long enough is put where S3 moves it by use between tiers, all of which are
    read at once: the tiers that have to be restored first, where an erasure would not find it, are not asked for.

    A rule that removes stray delete markers cannot also expire by days:
    https://docs.aws.amazon.com/AmazonS3/latest/API/API_LifecycleExpiration.html
    """
    everything = {"prefix": ""}
    keep: dict[str, Any] = {
        "id": "keep",
        "status": "Enabled",
        "filter": everything,
        "expiration": {"days": keep_days},
        "noncurrent_version_expiration": {"noncurrent_days": undo_days},
    }
    if settles and keep_days >= SETTLING_DAYS:
        keep["transitions"] = [{"days": 0, "storage_class": "INTELLIGENT_TIERING"}]
    tidy = {
        "id": "tidy",
        "status": "Enabled",
        "filter": everything,
        "expiration": {"expired_object_delete_marker": True},
        "abort_incomplete_multipart_upload": {"days_after_initiation": UPLOAD_DAYS},
    }
    return [keep, tidy]
