"""Where audit trails are delivered to: a locked store with its key, in an account of its own where there is one."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pulumi

from components.bucket import Bucket
from components.bucket_policy import TRAIL, Writer, within
from components.component import Component
from components.key import LONGEST_WINDOW, Key, KeyArgs, titled
from components.key_policy import DECRYPT, ITSELF, for_trail
from components.object_lock import REAL_DATA, Lock
from components.place import Place
from components.policy_document import Statement, allow
from components.record_store import record_store
from components.role import Role
from core.errors import BadInput
from core.naming import Name
from core.retention import AUDIT_DAYS

ORGANISATION = re.compile(r"o-[a-z0-9]{10,32}")
"""https://docs.aws.amazon.com/organizations/latest/APIReference/API_Organization.html"""


@dataclass(frozen=True)
class Organisation:
    """An organisation of accounts, and the account that manages it: the only one a trail over all of them is made in.

    https://docs.aws.amazon.com/awscloudtrail/latest/userguide/creating-trail-organization.html
    """

    id: str
    management_account: str


@dataclass(frozen=True)
class Sender:
    """A trail that may deliver: its name, the place it is made in, and its organisation if it speaks for one."""

    place: Place
    trail: str
    organisation: Organisation | None = None

    @property
    def trail_arn(self) -> str:
        """Made of the name: as an output of the trail it would close a circle."""
        return self.place.arn("cloudtrail", f"trail/{self.trail}")

    @property
    def folders(self) -> list[str]:
        """Where its files lie. An organisation's trail writes under both, should it become a plain one again."""
        own = [f"AWSLogs/{self.place.account}/"]
        return [*own, f"AWSLogs/{self.organisation.id}/"] if self.organisation else own


@dataclass(frozen=True)
class LogArchiveArgs:
    """All the archive has to be told.

    `senders` are the trails that may deliver. `readers` are ARNs of roles of other accounts that may look into it.
    `keepers` are the only principals that may end its key. `provider` makes everything in the archive's own account:
    needed where `place` is not the account that the senders are in. `tier` says how seriously it is meant.
    """

    place: Place
    lock: Lock
    senders: Sequence[Sender]
    tier: str = ""
    readers: Sequence[str] = ()
    keepers: Sequence[pulumi.Input[str]] = ()
    provider: pulumi.ProviderResource | None = None
    key_deletion_days: int = LONGEST_WINDOW
    force_destroy: bool = False


class LogArchive(Component):
    """A locked store for trails, its key and the record of its own readers, in an account of its own if one is given.

    Whoever rules the account that is watched does not rule the record of it. Raises BadInput for no sender, for an
    organisation's trail outside its management account, for another account without a provider, for a lock shorter
    than the law's in a tier that holds real data, and for what Bucket and Key refuse.
    """

    def __init__(self, name: Name, args: LogArchiveArgs, parent: pulumi.Resource | None = None) -> None:
        if faults := _faults(args):
            msg = f"log archive {name}: {'; '.join(faults)}"
            raise BadInput(msg)
        facts = {"account": args.place.account, "keepDays": args.lock.days, "lockMode": str(args.lock.mode)}
        super().__init__("LogArchive", name, parent, facts, [args.provider] if args.provider else None)
        self.args = args
        self.key = self._key()
        self.store = self._store()
        self.done(arn=self.store.arn, bucket=self.store.bucket_name)

    def admits(self, sender: Sender) -> bool:
        """Whether this trail may deliver here."""
        return sender in self.args.senders

    def grant_read(self, role: Role) -> None:
        """Let the role find log files and open them, from whichever account; one of another is among the `readers`.

        The key's own grant is for callers of its account alone.
        """
        place = self.args.place
        role.may_all(
            f"Read{titled(self.name)}",
            [
                allow("FindLogFiles", ["s3:ListBucket"], [self.store.arn]),
                allow("FetchLogFiles", ["s3:GetObject"], [within(self.store.arn)]),
                allow("OpenLogFiles", DECRYPT, [self.key.arn], given=by_way_of_s3(place)),
            ],
        )

    def _key(self) -> Key:
        args = self.args
        # Two trails of one account share one statement for opening, which AWS's own form ties to no trail.
        services = [one for number, sender in enumerate(args.senders) for one in _numbered(number, _sealing(sender))]
        sealing = KeyArgs(
            args.place,
            purpose="Seals the archive of audit trails",
            services=[*services, *_opened_by(args.place, args.readers)],
            keepers=args.keepers,
            deletion_days=args.key_deletion_days,
        )
        return Key(self.name / "key", sealing, self)

    def _store(self) -> Bucket:
        args = self.args
        writers = [*(delivery_of(sender, n) for n, sender in enumerate(args.senders)), *_looked_into(args.readers)]
        return record_store(self, self.key, args.lock, writers, force_destroy=args.force_destroy)


def delivery_of(sender: Sender, number: int = 0) -> Writer:
    """CloudTrail delivers this trail's files into its folders, and nothing of anybody else's.

    https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-s3-bucket-policy-for-cloudtrail.html
    """
    to, source = {"Service": TRAIL}, {"aws:SourceArn": sender.trail_arn}
    owned = {"StringEquals": {**source, "s3:x-amz-acl": "bucket-owner-full-control"}}

    def statements(arn: pulumi.Output[str]) -> list[Statement]:
        files = [within(arn, folder) for folder in sender.folders]
        return _numbered(
            number,
            [
                allow("TrailChecksOwner", ["s3:GetBucketAcl"], [arn], to, {"StringEquals": source}),
                allow("TrailWrites", ["s3:PutObject"], files, to, owned),
            ],
        )

    return Writer(TRAIL, statements)


def lock_faults(lock: Lock, tier: str) -> list[str]:
    """Why this lock will not do for the record of who did what, a sentence each."""
    if tier not in REAL_DATA:
        return []
    faults = []
    if lock.days < AUDIT_DAYS:
        faults.append(
            f"locked for {lock.days} days; in tier {tier} the record is kept for {AUDIT_DAYS} at least "
            "(45 CFR 164.316(b)(2)(i)); raise `audit.keep_days` in the settings"
        )
    if not lock.is_final:
        faults.append(f"a lock that somebody can lift; in tier {tier} make it with `lock_for(tier, days)`")
    return faults


def organisation_faults(sender: Sender) -> list[str]:
    """Why this trail cannot speak for its organisation, a sentence each."""
    if (organisation := sender.organisation) is None:
        return []
    faults = []
    if not ORGANISATION.fullmatch(organisation.id):
        faults.append("the organisation's id is 'o-' and 10 to 32 letters and digits; `aws organizations` shows it")
    if organisation.management_account != sender.place.account:
        faults.append(
            f"trail {sender.trail} is not in the organisation's management account; declare it there, or without it"
        )
    return faults


def _faults(args: LogArchiveArgs) -> list[str]:
    """Why this archive must not be made, a sentence each."""
    faults = lock_faults(args.lock, args.tier)
    if not args.senders:
        faults.append("no trail may deliver to it; name one in `senders`")
    for sender in args.senders:
        faults += organisation_faults(sender)
        if sender.place.account != args.place.account and not args.provider:
            faults.append(f"account {args.place.account} is not the one of trail {sender.trail}; pass its `provider`")
        if sender.place.region != args.place.region:
            faults.append(
                f"trail {sender.trail} is in another Region; its key must be in the store's: put the archive there"
            )
    return faults


def _sealing(sender: Sender) -> list[Statement]:
    return for_trail(sender.place, sender.trail_arn)


def _numbered(number: int, said: list[Statement]) -> list[Statement]:
    """The statements with Sids that differ from those for the senders before."""
    return [{**one, "Sid": f"{one['Sid']}{number + 1}"} for one in said] if number else said


def _opened_by(place: Place, readers: Sequence[str]) -> list[Statement]:
    """Roles of other accounts open what they fetch, by way of S3 only; their own account has to allow it as well."""
    to = {"AWS": list(readers)}
    return [allow("ReadersOpen", DECRYPT, ITSELF, to, by_way_of_s3(place))] if readers else []


def by_way_of_s3(place: Place) -> dict[str, Any]:
    """The condition that a key is used for objects in S3 and for nothing else, by whichever account."""
    return {"StringEquals": {"kms:ViaService": place.endpoint("s3")}}


def _looked_into(readers: Sequence[str]) -> list[Writer]:
    """The same roles find files and fetch them. They write nothing: a Writer is who the policy speaks of besides."""
    if not readers:
        return []
    to = {"AWS": list(readers)}

    def statements(arn: pulumi.Output[str]) -> list[Statement]:
        return [
            allow("ReadersFind", ["s3:ListBucket"], [arn], to),
            allow("ReadersFetch", ["s3:GetObject"], [within(arn)], to),
        ]

    return [Writer("readers of other accounts", statements)]
