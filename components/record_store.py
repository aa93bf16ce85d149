"""The locked bucket of a record, its key being given, and the plain one that takes its access logs."""

from collections.abc import Sequence

from components.bucket import Bucket, BucketArgs
from components.bucket_policy import Writer, access_log_writer
from components.component import Component
from components.key import Key
from components.object_lock import Lock
from core.retention import DataClass


def record_store(above: Component, key: Key, lock: Lock, writers: Sequence[Writer], *, force_destroy: bool) -> Bucket:
    """The store below the component, locked for as long as it is kept.

    Its access logs go to a bucket of their own, for S3 delivers none to a locked one:
    https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-server-access-logging.html
    """
    place, name = key.args.place, above.name
    plain = BucketArgs(
        DataClass.INTERNAL,
        lock.days,
        writers=[access_log_writer(place, f"{name}-")],
        force_destroy=force_destroy,
    )
    locked = BucketArgs(
        DataClass.INTERNAL,
        lock.days,
        key=key,
        access_logs=Bucket(name / "access", plain, above),
        lock=lock,
        writers=writers,
        force_destroy=force_destroy,
    )
    return Bucket(name / "log", locked, above)
