"""A bucket that holds one class of data and says who may touch it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_aws as aws

from components import bucket_policy as policy
from components.component import Component
from components.expiry import expiry
from components.key import Key, titled
from components.object_lock import Lock
from components.perimeter import Perimeter
from components.policy_document import PolicyDocument, Statement, allow
from components.role import Role
from core.errors import BadInput
from core.naming import Name
from core.retention import DataClass


@dataclass(frozen=True)
class BucketArgs:
    """All a bucket has to be told; everything else is not a choice.

    Days: `keep_days` until an object expires, `undo_days` until a version that expired, was replaced or was deleted is
    gone for good. `access_logs` is the bucket that gets the access logs; only a bucket that takes them itself (with
    `access_log_writer` among its `writers`) goes without. Without a `key` S3 encrypts with a key of AWS's. Without a
    `perimeter` whoever is let in may call from anywhere.
    """

    data_class: DataClass
    keep_days: int
    key: Key | None = None
    access_logs: "Bucket | None" = None
    lock: Lock | None = None
    writers: Sequence[policy.Writer] = ()
    undo_days: int = 30
    force_destroy: bool = False
    perimeter: Perimeter | None = None

    @property
    def takes_access_logs(self) -> bool:
        """Whether S3 delivers access logs here."""
        return any(writer.service == policy.ACCESS_LOGS for writer in self.writers)


class Bucket(Component):
    """A private, versioned, encrypted bucket with its policy, access log, lifecycle and, where asked for, its lock.

    Raises BadInput for personal or health data without a key, a lock that outlives its objects or stands on a bucket
    for access logs, force_destroy under a lock in compliance mode, a bucket nobody logs, and days below 1.
    """

    def __init__(self, name: Name, args: BucketArgs, parent: pulumi.Resource | None = None) -> None:
        if faults := _faults(args):
            msg = f"bucket {name}: {'; '.join(faults)}"
            raise BadInput(msg)
        super().__init__("Bucket", name, parent, _facts(args))
        self.args = args
        self.store = aws.s3.Bucket(
            f"{name}-store",
            force_destroy=args.force_destroy,
            object_lock_enabled=True if args.lock else None,
            tags=dict(name.tagged(data_class=args.data_class).tags),
            opts=self.child,
        )
        self.arn, self.bucket_name = self.store.arn, self.store.bucket
        self.policy = self._closed()
        self._sealed()
        self._kept()
        if args.access_logs:
            self._logged(args.access_logs)
        self.done(arn=self.arn, bucket=self.bucket_name)

    def _closed(self) -> aws.s3.BucketPolicy:
        """Nobody outside the account, no ACLs, only what the policy lets through.

        One after the other: S3 refuses two changes of a bucket's access at the same time (OperationAborted).
        """
        closed = aws.s3.BucketPublicAccessBlock(
            f"{self.name}-closed",
            bucket=self.store.id,
            block_public_acls=True,
            block_public_policy=True,
            ignore_public_acls=True,
            restrict_public_buckets=True,
            opts=self.child,
        )
        owned = aws.s3.BucketOwnershipControls(
            f"{self.name}-owned",
            bucket=self.store.id,
            rule={"object_ownership": "BucketOwnerEnforced"},
            opts=self.after(closed),
        )
        document = PolicyDocument(f"{self.name}-policy", self._statements(), self)
        return aws.s3.BucketPolicy(
            f"{self.name}-policy", bucket=self.store.id, policy=document.json, opts=self.after(closed, owned)
        )

    def _statements(self) -> list[Statement]:
        args, said = self.args, [policy.only_over_tls(self.arn)]
        if args.key:
            said += policy.only_under_key(self.arn, args.key.arn)
        if args.lock:
            said.append(policy.locked_at_most(self.arn, args.lock.days))
            if args.lock.is_final:
                said.append(policy.never_hidden(self.arn))
        if args.perimeter:
            said += args.perimeter.statements(self.arn)
        return said + [statement for writer in args.writers for statement in writer.statements(self.arn)]

    def _sealed(self) -> None:
        """Encrypted by default, and no key of the caller's own, which nobody else could ever read with."""
        key = self.args.key
        default = {"sse_algorithm": policy.KMS, "kms_master_key_id": key.arn} if key else {"sse_algorithm": "AES256"}
        rule: Any = {
            "apply_server_side_encryption_by_default": default,
            "bucket_key_enabled": True if key else None,
            "blocked_encryption_types": ["SSE-C"],
        }
        aws.s3.BucketServerSideEncryptionConfiguration(
            f"{self.name}-sealed", bucket=self.store.id, rules=[rule], opts=self.child
        )

    def _kept(self) -> None:
        """Versions, their lock, and the day they go; lock and lifecycle of versions need versioning first."""
        self.versions = aws.s3.BucketVersioning(
            f"{self.name}-versions",
            bucket=self.store.id,
            versioning_configuration={"status": "Enabled"},
            opts=self.child,
        )
        after: pulumi.Resource = self.versions
        if lock := self.args.lock:
            after = aws.s3.BucketObjectLockConfiguration(
                f"{self.name}-lock",
                bucket=self.store.id,
                rule={"default_retention": {"mode": str(lock.mode), "days": lock.days}},
                opts=self.after(self.versions),
            )
        aws.s3.BucketLifecycleConfiguration(
            f"{self.name}-expiry",
            bucket=self.store.id,
            rules=expiry(self.args.keep_days, self.args.undo_days, settles=not self.args.data_class.identifies_people),
            opts=self.after(after),
        )

    def _logged(self, target: "Bucket") -> None:
        """S3 refuses to log into a bucket that does not yet admit its log delivery."""
        aws.s3.BucketLogging(
            f"{self.name}-logged",
            bucket=self.store.id,
            target_bucket=target.store.id,
            target_prefix=f"{self.name}/",
            opts=self.after(target.policy),
        )

    def grant_read(self, role: Role, under: str = "") -> None:
        """Let the role fetch and open objects whose keys begin with `under`; not list, not write, not delete."""
        self._grant(role, "Read", under, ["s3:GetObject"], [key.decrypts() for key in self._keys])

    def grant_write(self, role: Role, under: str = "") -> None:
        """Let the role put objects whose keys begin with `under`; not read them back, not list, not delete.

        An upload in parts needs to decrypt as well as to encrypt:
        https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html
        """
        sealed = [statement for key in self._keys for statement in (key.encrypts(), key.decrypts())]
        self._grant(role, "Write", under, ["s3:PutObject", "s3:AbortMultipartUpload"], sealed)

    def grant_list(self, role: Role, under: str = "") -> None:
        """Let the role see the keys that begin with `under`; not the objects themselves."""
        given = {"StringLike": {"s3:prefix": f"{under}*"}} if under else None
        role.may(self._sid("List", under), "s3:ListBucket", on=[self.arn], given=given)

    def grant_erase(self, role: Role) -> None:
        """Let the role find every version of an object and remove it for good; not read, not write.

        Erasure under GDPR Art. 17 has to reach earlier versions too. What a lock holds, S3 does not remove.
        https://docs.aws.amazon.com/AmazonS3/latest/userguide/DeletingObjectVersions.html
        """
        sid = self._sid("Erase", "")
        removed = ["s3:DeleteObject", "s3:DeleteObjectVersion"]
        role.may_all(
            sid,
            [
                allow(sid, removed, [policy.within(self.arn, "")]),
                allow(f"Find{sid}", ["s3:ListBucketVersions"], [self.arn]),
            ],
        )

    @property
    def _keys(self) -> list[Key]:
        return [self.args.key] if self.args.key else []

    def _grant(self, role: Role, verb: str, under: str, actions: list[str], sealed: list[Statement]) -> None:
        sid = self._sid(verb, under)
        role.may_all(sid, [allow(sid, actions, [policy.within(self.arn, under)]), *sealed])

    def _sid(self, verb: str, under: str) -> str:
        return verb + titled(self.name) + titled("".join(c if c.isalnum() else "-" for c in under))


def _facts(args: BucketArgs) -> dict[str, Any]:
    """What a reviewer wants to read of the bucket as a whole."""
    lock = {"days": args.lock.days, "mode": str(args.lock.mode)} if args.lock else None
    days = {"keepDays": args.keep_days, "goneAfterDays": args.keep_days + args.undo_days}
    return {"dataClass": str(args.data_class), **days, "lock": lock, "writers": [w.service for w in args.writers]}


def _faults(args: BucketArgs) -> list[str]:
    """Why this bucket must not be made, a sentence each."""
    lock = args.lock
    if args.takes_access_logs:
        return [*_days(args), *_plain(args)]
    checks = (
        (
            args.data_class.identifies_people and not args.key,
            f"data class {args.data_class} needs a key of our own; pass `key`",
        ),
        (args.key and "s3" not in args.key.args.through, "its key cannot be used through s3; add that to the key"),
        (not args.access_logs, "nobody logs who reads it; pass the bucket that takes access logs as `access_logs`"),
        (
            args.access_logs and not args.access_logs.args.takes_access_logs,
            "`access_logs` does not admit S3's log delivery; give that bucket the writer `access_log_writer`",
        ),
        (
            args.force_destroy and lock and lock.is_final,
            "force_destroy cannot empty a bucket locked in compliance mode; leave it false",
        ),
    )
    return [*_days(args), *(said for wrong, said in checks if wrong)]


def _days(args: BucketArgs) -> list[str]:
    given = {"keep_days": args.keep_days, "undo_days": args.undo_days}
    if lock := args.lock:
        given["lock.days"] = lock.days
    faults = [f"{field} is {days}; expected 1 or more" for field, days in given.items() if days < 1]
    if args.lock and args.lock.days > args.keep_days:
        faults.append(
            f"locked for {args.lock.days} days but to be gone after {args.keep_days}; lock for no longer than that"
        )
    return faults


def _plain(args: BucketArgs) -> list[str]:
    """S3 delivers access logs only under its own key and without a lock, and a bucket must not log into itself.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-server-access-logging.html
    """
    given = {"key": args.key, "lock": args.lock, "access_logs": args.access_logs}
    named = ", ".join(field for field, value in given.items() if value)
    faults = [f"it takes access logs, which S3 does not deliver with {named}; leave that out"] if named else []
    if args.data_class.identifies_people:
        faults.append(f"access logs cannot share a bucket with {args.data_class} data")
    return faults
