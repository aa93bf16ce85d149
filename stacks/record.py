"""The record of who did what: the trail, where its files lie, what raises an alarm on it, and how it is asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi

from components.alarm_topic import AlarmTopic, AlarmTopicArgs
from components.archive_table import ArchiveTable, ArchiveTableArgs
from components.audit_trail import AuditTrail, AuditTrailArgs, TrailScope, trail_group
from components.bucket import Bucket
from components.component import Component
from components.key import Key, KeyArgs
from components.key_alarm import KeyAlarm, KeyAlarmArgs
from components.key_policy import for_alarms
from components.known_topic import KnownTopic, KnownTopicArgs
from components.log_archive import LogArchive, LogArchiveArgs, Organisation, Sender
from components.metric_alarms import MetricAlarms, MetricAlarmsArgs
from components.object_lock import lock_for
from components.outpost import Outpost, OutpostArgs
from components.permission_boundary import PermissionBoundary, PermissionBoundaryArgs
from components.place import Place
from core.naming import Name
from core.settings import Task
from stacks.building_site import Site, Spot, adopted_trail

SINCE = "2026-01-01"
"""Before the first environment of this program: the table looks no further back."""


@dataclass(frozen=True)
class Post:
    """An account in which there is a trail: what is made below what there, the limit of roles, where alarms go."""

    place: Place
    above: Component
    boundary: pulumi.Input[str]
    alarms: AlarmTopic


@dataclass(frozen=True)
class Listening:
    """The log group that the trail is delivered to, and where alarms on it are made and go: in the trail's account."""

    group: pulumi.Input[str]
    alarms: AlarmTopic
    above: Component


@dataclass(frozen=True)
class Record:
    """The trail, in whichever account it is made, with what else stands there."""

    trail: AuditTrail
    post: Post

    @property
    def store(self) -> Bucket | None:
        """The trail's own store; None where an archive of its own takes the files."""
        return None if self.trail.args.archive else self.trail.store

    @property
    def listening(self) -> Listening:
        """How further alarms are made."""
        return Listening(self.trail.group.name, self.post.alarms, self.post.above)


def known_listening(site: Site, topic: pulumi.Input[str]) -> Listening:
    """The same, of the record that the stack below this one made."""
    name = site.name / "record"
    above = below(site, name, site.record)
    return Listening(trail_group(site.name / "audit"), KnownTopic(name / "alarms", KnownTopicArgs(topic), above), above)


def outer_limit(site: Site, name: Name, place: Place, above: Component) -> PermissionBoundary:
    """What nobody of this environment may do in that account, whatever is granted later."""
    limits = PermissionBoundaryArgs(place, str(site.name), site.settings.residency, audit=str(site.name / "audit"))
    return PermissionBoundary(name, limits, above)


def alarm_topic(site: Site, name: Name, place: Place, above: Component) -> AlarmTopic:
    """Where alarms of that account go, and from there to people."""
    sealing = KeyArgs(place, "Seals alarms on their way", through=("sns",), services=for_alarms(place))
    key = Key(name / "key", sealing, above)
    return AlarmTopic(name, AlarmTopicArgs(place, key, site.settings.alarms.recipients), above)


def audit_record(site: Site, here: Post, watched: Sequence[Bucket]) -> Record | None:
    """Who did what, locked away, with alarms on whoever reaches for it; or the trail that is there already."""
    settings, name = site.settings, site.name / "audit"
    if settings.adopt.trail:
        adopted_trail(site)
        return None
    post = post_of(site, site.record, here)
    whole = settings.audit.whole_organisation
    scope = TrailScope(str(settings.tier), Organisation(settings.organisation, post.place.account) if whole else None)
    sender = Sender(post.place, str(name), scope.organisation)
    files = site.at(Task.LOG_ARCHIVE) if settings.has_own_archive else Spot(post.place, None)
    beside = below(site, site.name / "archivist", files) if settings.has_own_archive else post.above
    kept = AuditTrailArgs(
        post.place,
        lock_for(settings.tier, settings.audit.keep_days),
        watched=watched,
        alarms=post.alarms,
        keepers=record_keepers(site, post.place),
        boundary=post.boundary,
        force_destroy=settings.force_destroy,
        archive=log_archive(site, sender, files, beside) if settings.has_own_archive else None,
        scope=scope,
    )
    trail = AuditTrail(name, kept, post.above)
    MetricAlarms(site.name / "watch", MetricAlarmsArgs(trail.group.name, post.alarms), post.above)
    KeyAlarm(site.name / "keys", KeyAlarmArgs(trail.group.name, post.alarms), post.above)
    archive_table(site, trail, files, beside)
    return Record(trail, post)


def record_keepers(site: Site, place: Place) -> list[str]:
    """Who may end the key of the record: nobody but the root user, except where everything is meant to be torn down."""
    return [] if site.settings.force_destroy else [place.root]


def post_of(site: Site, spot: Spot, here: Post) -> Post:
    """What stands in the account of the trail; in another than the workload's it has a limit and a topic of its own."""
    name, above = site.name / "record", below(site, site.name / "record", spot)
    if above is site.home:
        return here
    boundary = outer_limit(site, name / "boundary", spot.place, above)
    return Post(spot.place, above, boundary.arn, alarm_topic(site, name / "alarms", spot.place, above))


def below(site: Site, name: Name, spot: Spot) -> Component:
    """What hangs below this is made in that account."""
    return Outpost(name, OutpostArgs(spot.place, spot.provider), site.home) if spot.provider else site.home


def log_archive(site: Site, sender: Sender, spot: Spot, above: Component) -> LogArchive:
    """The store of the record in an account of its own.

    What is done in that account, a trail of its own records, or the organisation's.
    """
    settings = site.settings
    kept = LogArchiveArgs(
        spot.place,
        lock_for(settings.tier, settings.audit.keep_days),
        [sender],
        tier=str(settings.tier),
        readers=settings.audit.readers,
        keepers=record_keepers(site, spot.place),
        provider=spot.provider,
        force_destroy=settings.force_destroy,
    )
    return LogArchive(site.name / "archive", kept, above)


def archive_table(site: Site, trail: AuditTrail, spot: Spot, above: Component) -> ArchiveTable:
    """The table over the files, in the account where they lie."""
    settings = site.settings
    accounts = sorted({settings.account_for(task) for task in Task}) if settings.audit.whole_organisation else ()
    return ArchiveTable(site.name / "events", ArchiveTableArgs(spot.place, trail, SINCE, accounts), above)
