"""When objects go: the lifecycle of a bucket."""

from typing import Any

UPLOAD_DAYS = 7
"""How long parts of an upload that never finished are kept."""


def expiry(keep_days: int, undo_days: int) -> list[Any]:
    """Lifecycle rules: an object expires after `keep_days`, its versions are gone `undo_days` after that.

    A rule that removes stray delete markers cannot also expire by days:
    https://docs.aws.amazon.com/AmazonS3/latest/API/API_LifecycleExpiration.html
    """
    everything = {"prefix": ""}
    keep = {
        "id": "keep",
        "status": "Enabled",
        "filter": everything,
        "expiration": {"days": keep_days},
        "noncurrent_version_expiration": {"noncurrent_days": undo_days},
    }
    tidy = {
        "id": "tidy",
        "status": "Enabled",
        "filter": everything,
        "expiration": {"expired_object_delete_marker": True},
        "abort_incomplete_multipart_upload": {"days_after_initiation": UPLOAD_DAYS},
    }
    return [keep, tidy]
