"""A second copy of a bucket's objects, in another Region where data may be, or in the same one."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import pulumi
import pulumi_aws as aws

from components.bucket import Bucket, BucketArgs
from components.bucket_policy import within
from components.component import Component
from components.key import Key, KeyArgs
from components.perimeter import Perimeter, shut_out
from components.place import Place
from components.policy_document import Statement, allow
from components.role import Role, RoleArgs, arn_of
from core.errors import BadInput
from core.naming import Name

COPIER = "s3.amazonaws.com"
FROM_BUCKET = ("s3:GetReplicationConfiguration", "s3:ListBucket")
FROM_OBJECTS = ("s3:GetObjectVersionAcl", "s3:GetObjectVersionForReplication", "s3:GetObjectVersionTagging")
FROM_LOCKED = ("s3:GetObjectLegalHold", "s3:GetObjectRetention")
"""https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock-managing.html"""
TO_OBJECTS = ("s3:ReplicateObject", "s3:ReplicateTags")
"""Not ReplicateDelete: what is deleted in the source, by mistake or malice, stays in the copy until its own time is up.
https://docs.aws.amazon.com/AmazonS3/latest/userguide/setting-repl-config-perm-overview.html"""


@dataclass(frozen=True)
class ReplicaArgs:
    """All a copy has to be told: what is copied and where that stands, where the copy goes, and where data may be.

    `provider` is the AWS provider of the copy's Region, without which all is made where the parent's provider is, the
    Region of the source. `access_logs` is a bucket of the copy's own Region that takes access logs. `boundary` is the
    ARN of the permission boundary of the role that copies. `administrators` are as KeyArgs has them, of the copy's key.
    """

    source: Bucket
    home: Place
    place: Place
    residency: Sequence[str]
    access_logs: Bucket
    boundary: pulumi.Input[str]
    provider: pulumi.ProviderResource | None = None
    force_destroy: bool = False
    administrators: Sequence[str] = ()


class Replica(Component):
    """A bucket with its own key that S3 copies another bucket's new objects to, and the role by which it does.

    The copy keeps class, days and lock of its source. Deletions are not copied, and neither are lifecycles nor what was
    there before: an erasure has to be made in the copy as well, and can be, from anywhere; nothing is opened or written
    there from outside of the source's perimeter. Raises BadInput for a Region outside the residency set,
    a provider missing for another Region or given for the same, a source without a key of ours, another account or
    partition, and access logs of another Region.

    The Region is a provider's and not each resource's `region` argument: with a provider, every component below, Bucket
    and Key as they are, is made there, none of their resources can be forgotten, IAM has no such argument, and the
    provider refuses other accounts. A guard finds the Region in the plan through the provider of each resource.
    """

    def __init__(self, name: Name, args: ReplicaArgs, parent: pulumi.Resource | None = None) -> None:
        copier = arn_of(args.home, copier_of(name))
        if faults := [*_faults(args), *shut_out(args.source.args.perimeter, copier)]:
            msg = f"replica {name}: {'; '.join(faults)}"
            raise BadInput(msg)
        facts = {"dataClass": str(args.source.args.data_class), "region": args.place.region}
        super().__init__("Replica", name, parent, facts, [args.provider] if args.provider else None)
        self.args, kept = args, args.source.args
        sealing = KeyArgs(args.place, f"Seals the copy of {args.source.name}", administrators=args.administrators)
        # As of its source: the permission boundary reads the class off the key.
        self.key = Key((name / "key").tagged(data_class=kept.data_class), sealing, self)
        copied = BucketArgs(
            kept.data_class,
            kept.keep_days,
            key=self.key,
            access_logs=args.access_logs,
            lock=kept.lock,
            undo_days=kept.undo_days,
            force_destroy=args.force_destroy,
            perimeter=_perimeter(kept.perimeter, copier),
        )
        self.bucket = Bucket(name / "copy", copied, self)
        self.arn = self.bucket.arn
        self._copied(self._copier())
        self.done(arn=self.arn)

    def _copier(self) -> Role:
        """The role of S3 that reads versions here and writes them there, and nothing else.

        https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-config-for-kms-objects.html
        With bucket keys, which both buckets have, the target's key has to let it decrypt as well.
        """
        args, source = self.args, self.args.source
        trust = [allow("CopierTakesIt", ["sts:AssumeRole"], [], {"Service": COPIER})]
        role = Role(copier_of(self.name), RoleArgs(trust, f"Copies {source.name}", args.boundary), self)
        objects = [*FROM_OBJECTS, *(FROM_LOCKED if source.args.lock else ())]
        opens = [_within_bucket(source.args.key.decrypts(), source)] if source.args.key else []
        role.may_all(
            "Copy",
            [
                allow("AsksWhatToCopy", FROM_BUCKET, [source.arn]),
                allow("ReadsVersions", objects, [within(source.arn)]),
                allow("WritesCopies", TO_OBJECTS, [within(self.arn)]),
                *opens,
                _within_bucket(self.key.encrypts(), self.bucket),
                _within_bucket(self.key.decrypts(), self.bucket),
            ],
        )
        return role

    def _copied(self, role: Role) -> None:
        """The one replication of the source; it stands with the source, whose Region it belongs to.

        Both buckets keep versions before, or S3 refuses it. Objects under KMS are copied only because it says so.
        """
        rule: Any = {
            "id": "everything",
            "priority": 1,
            "status": "Enabled",
            "filter": {"prefix": ""},
            "delete_marker_replication": {"status": "Disabled"},
            "source_selection_criteria": {"sse_kms_encrypted_objects": {"status": "Enabled"}},
            "destination": {
                "bucket": self.arn,
                "encryption_configuration": {"replica_kms_key_id": self.key.arn},
            },
        }
        aws.s3.BucketReplicationConfig(
            f"{self.args.source.name}-copied",
            bucket=self.args.source.store.id,
            role=role.arn,
            rules=[rule],
            opts=pulumi.ResourceOptions(
                parent=self.args.source, depends_on=[self.args.source.versions, self.bucket, role]
            ),
        )


def copier_of(name: Name) -> Name:
    """What the role is called that fills the copy of that name; the perimeter of the source has to spare it."""
    return name / "copier"


def _perimeter(source: Perimeter | None, copier: str) -> Perimeter | None:
    """That of the source, for its networks alone: gateways to S3 lead nowhere but to their own Region.

    https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-s3.html
    So nobody can erase there from inside, and whoever answers for an erasure may do so from elsewhere.
    """
    if source is None:
        return None
    return replace(source, spared=[copier], asked_by_athena=False, erased_from_anywhere=True)


def _within_bucket(said: Statement, bucket: Bucket) -> Statement:
    """The same use of a key, for this bucket's objects only: they are sealed under the bucket's ARN, or their own."""
    given = {"kms:EncryptionContext:aws:s3:arn": [bucket.arn, within(bucket.arn)]}
    return {**said, "Condition": {**said["Condition"], "StringLike": given}}


def _faults(args: ReplicaArgs) -> list[str]:
    """Why this copy must not be made, a sentence each."""
    home, place, logs = args.home, args.place, args.access_logs.args
    near = home.region == place.region
    checks = (
        (
            place.region not in args.residency,
            f"{place.region} is outside the residency set ({', '.join(args.residency)}); data must not be copied there",
        ),
        (
            (home.account, home.partition) != (place.account, place.partition),
            "it is in another account or partition than its source; copies there are not made here",
        ),
        (
            not args.source.args.key,
            "its source has no key of ours, so the copy would have none; give that bucket a key",
        ),
        (not near and not args.provider, f"pass the provider of {place.region}, or it is made in {home.region}"),
        (near and args.provider, f"its Region is that of its source, {home.region}; leave out the provider"),
        (
            not logs.takes_access_logs,
            "`access_logs` does not admit S3's log delivery; pass the bucket that does, there",
        ),
        (
            not near and args.access_logs is args.source.args.access_logs,
            f"`access_logs` is in {home.region}; S3 delivers them within one Region, so pass one of {place.region}",
        ),
    )
    return [said for wrong, said in checks if wrong]
