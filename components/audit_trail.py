"""Who did what, kept where nobody can take it away again."""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components import trail_selectors as select
from components.alarm_topic import AlarmTopic
from components.bucket import Bucket
from components.bucket_policy import TRAIL
from components.component import Component
from components.key import LONGEST_WINDOW, Key, KeyArgs
from components.key_policy import for_log_groups, for_trail
from components.log_archive import LogArchive, Organisation, Sender, delivery_of, lock_faults, organisation_faults
from components.object_lock import Lock
from components.place import Place
from components.policy_document import allow
from components.record_store import record_store
from components.role import Role, RoleArgs
from components.tamper_alarm import TamperAlarm, TamperAlarmArgs
from core.errors import BadInput
from core.naming import Name
from core.retention import DataClass, log_group_days

GROUP_DAYS = 365
"""How long the log group keeps events at most: alarms look at the last minutes, the store keeps everything."""


@dataclass(frozen=True)
class TrailScope:
    """How seriously the trail is meant (its tier decides how long it must be kept), and whom it speaks for.

    With an `organisation` it records every account of it, and is declared in its management account.
    """

    tier: str = ""
    organisation: Organisation | None = None


@dataclass(frozen=True)
class AuditTrailArgs:
    """All the trail has to be told.

    `lock` says for how many days the log is kept, and who may end that early. `watched` are the buckets whose objects'
    every read and write is recorded. `keepers` are the ARNs of the only principals that may end the log's key.
    `boundary` is the permission boundary of the role that delivers to the log group. With an `archive`, which may be
    in another account, the log files go there, and no store is made here.
    """

    place: Place
    lock: Lock
    watched: Sequence[Bucket] = ()
    alarms: AlarmTopic | None = None
    keepers: Sequence[pulumi.Input[str]] = ()
    boundary: pulumi.Input[str] | None = None
    key_deletion_days: int = LONGEST_WINDOW
    force_destroy: bool = False
    archive: LogArchive | None = None
    scope: TrailScope = TrailScope()


class AuditTrail(Component):
    """A trail over all Regions with its key, its locked store, its log group and the alarm on tampering.

    Records every management event, every SageMaker data event there is, calls of functions, the objects of the watched
    buckets, calls that our endpoints refuse, unusual rates of calls and errors, and attempts to remove the log. Raises
    BadInput when the watched buckets are more than a trail takes, for a lock shorter than the law's in a tier that
    holds real data, for an archive that does not admit this trail, for an organisation's trail outside its management
    account, and for what Bucket and Key refuse: force_destroy under a lock in compliance mode, a lock below a day.
    """

    def __init__(self, name: Name, args: AuditTrailArgs, parent: pulumi.Resource | None = None) -> None:
        # The trail's own ARN as an output would make a circle: trail needs bucket needs policy needs trail.
        self.sender = Sender(args.place, str(name), args.scope.organisation)
        if faults := _faults(args, self.sender):
            msg = f"audit trail {name}: {'; '.join(faults)}"
            raise BadInput(msg)
        super().__init__("AuditTrail", name, parent, {"keepDays": args.lock.days, "lockMode": str(args.lock.mode)})
        self.args = args
        self.trail_name, self.trail_arn = self.sender.trail, self.sender.trail_arn
        self.group_name = trail_group(name)
        self.key = self._key()
        self.store = args.archive.store if args.archive else self._store()
        self.group = self._group()
        self.trail = self._trail(self._deliverer())
        if args.alarms:
            tamper = TamperAlarmArgs(self.group.name, self.store.bucket_name, args.alarms)
            TamperAlarm(name / "tamper", tamper, self)
        self.done(arn=self.trail.arn, bucket=self.store.bucket_name)

    def _key(self) -> Key:
        args = self.args
        files = [] if args.archive else for_trail(args.place, self.trail_arn)
        services = [*files, *for_log_groups(args.place, self.group_name)]
        sealing = KeyArgs(
            args.place,
            purpose="Seals the audit trail: log files, digests and the log group",
            through=("s3", "logs"),
            services=services,
            keepers=args.keepers,
            deletion_days=args.key_deletion_days,
        )
        return Key(self.name / "key", sealing, self)

    def _store(self) -> Bucket:
        lock, writers = self.args.lock, [delivery_of(self.sender)]
        return record_store(self, self.key, lock, writers, force_destroy=self.args.force_destroy)

    def _group(self) -> aws.cloudwatch.LogGroup:
        """The window through which alarms look; the group's key admits it by name, so the name is fixed.

        https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
        """
        return aws.cloudwatch.LogGroup(
            f"{self.name}-group",
            name=self.group_name,
            kms_key_id=self.key.arn,
            retention_in_days=log_group_days(min(self.args.lock.days, GROUP_DAYS)),
            deletion_protection_enabled=not self.args.force_destroy,
            tags=dict(self.name.tagged(data_class=DataClass.INTERNAL).tags),
            opts=self.child,
        )

    def _deliverer(self) -> Role:
        """The role by which CloudTrail, for this trail alone, writes this account's stream of the group.

        https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-required-policy-for-cloudwatch-logs.html
        """
        place = self.args.place
        source = {"StringEquals": {"aws:SourceAccount": place.account}, "ArnEquals": {"aws:SourceArn": self.trail_arn}}
        trust = [allow("TrailDelivers", ["sts:AssumeRole"], [], {"Service": TRAIL}, source)]
        role = Role(
            self.name / "deliverer",
            RoleArgs(trust, "CloudTrail delivers events to the log group", self.args.boundary),
            self,
        )
        owners = [f"{place.account}_CloudTrail_{place.region}*"]
        if organisation := self.sender.organisation:
            owners.append(f"{organisation.id}_*")
        streams = [pulumi.Output.concat(self.group.arn, ":log-stream:", owner) for owner in owners]
        role.may("DeliverEvents", "logs:CreateLogStream", "logs:PutLogEvents", on=streams)
        return role

    def _trail(self, deliverer: Role) -> aws.cloudtrail.Trail:
        """CloudTrail tries store, group and role when the trail is made: their policies must stand by then."""
        return aws.cloudtrail.Trail(
            f"{self.name}-trail",
            name=self.trail_name,
            s3_bucket_name=self.store.store.id,
            kms_key_id=self.args.archive.key.arn if self.args.archive else self.key.arn,
            is_multi_region_trail=True,
            is_organization_trail=True if self.sender.organisation else None,
            include_global_service_events=True,
            enable_logging=True,
            enable_log_file_validation=True,
            cloud_watch_logs_group_arn=pulumi.Output.concat(self.group.arn, ":*"),
            cloud_watch_logs_role_arn=deliverer.arn,
            advanced_event_selectors=self._selectors(),
            insight_selectors=select.insights(),
            tags=dict(self.name.tags),
            opts=self.after(self.store.policy, deliverer),
        )

    def _selectors(self) -> list[select.Selector]:
        watched: dict[str, list[select.Arn]] = {}
        for bucket in self.args.watched:
            watched.setdefault(bucket.args.data_class, []).append(bucket.arn)
        data = [select.removals_from(self.store.arn), *select.sagemaker_events(), select.function_calls()]
        return [select.management(), *select.object_events(watched), *data, *select.refused_at_endpoints()]


def trail_group(name: Name) -> str:
    """What the log group of a trail of that name is called, by which the layers above find it."""
    return f"/cloudtrail/{name}"


def _faults(args: AuditTrailArgs, sender: Sender) -> list[str]:
    """Why this trail must not be made, a sentence each."""
    faults = [*lock_faults(args.lock, args.scope.tier), *organisation_faults(sender)]
    if len(args.watched) > select.MOST_BUCKETS:
        faults.append(f"{len(args.watched)} watched buckets; one trail takes {select.MOST_BUCKETS}")
    if args.archive and not args.archive.admits(sender):
        faults.append(f"its archive does not admit it; name Sender(place, {sender.trail!r}) among the `senders` there")
    if args.archive and args.archive.args.lock != args.lock:
        faults.append("`lock` is not the archive's; one of the two would be wrong about how long the record is kept")
    return faults
