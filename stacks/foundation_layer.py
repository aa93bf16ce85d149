"""The foundation: keys, stores, record and network that everything else stands on."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi

from components.adopted_network import AdoptedNetwork, AdoptedNetworkArgs
from components.alarm_topic import AlarmTopic, AlarmTopicArgs
from components.audit_trail import AuditTrail, AuditTrailArgs, TrailScope, trail_group
from components.bucket import Bucket, BucketArgs
from components.bucket_policy import access_log_writer
from components.key import Key, KeyArgs
from components.key_policy import for_alarms
from components.known_bucket import KnownBucket, KnownBucketArgs
from components.known_key import KnownKey, KnownKeyArgs
from components.known_topic import KnownTopic, KnownTopicArgs
from components.metric_alarms import MetricAlarms, MetricAlarmsArgs
from components.object_lock import lock_for
from components.permission_boundary import PermissionBoundary, PermissionBoundaryArgs
from components.private_network import PrivateNetwork
from core.naming import Name
from core.retention import DataClass
from core.settings import Layer
from stacks import layer_outputs as told
from stacks.building_site import Site, adopted_trail
from stacks.network import private_network
from stacks.recovery import backed_up, recovery

MODELS = ("s3", "sagemaker")
"""By way of which services models and captured requests are opened."""


@dataclass(frozen=True)
class Stores:
    """The buckets: one for each class of data, one for models, one for what endpoints capture."""

    data: dict[DataClass, Bucket]
    models: Bucket
    captured: Bucket


@dataclass(frozen=True)
class Foundation:
    """What the layers above use, made here or by another stack. Without a store the record is somebody else's.

    `record` is the name of the log group that the trail is delivered to.
    """

    boundary: pulumi.Input[str]
    stores: Stores
    audit: Bucket | None
    network: PrivateNetwork
    alarms: AlarmTopic
    record: pulumi.Input[str] | None


def foundation_layer(site: Site) -> Foundation:
    """Everything that data lies in, is opened with, is recorded by and travels through."""
    boundary = outer_limit(site)
    alarms = alarm_topic(site)
    stores = data_stores(site)
    trail = audit_trail(site, boundary, stores, alarms)
    audit = trail.store if trail else None
    recovery(site, boundary.arn, stores.data)
    network = private_network(site, boundary)
    if site.settings.layer is Layer.FOUNDATION:
        told.export(outputs(boundary, alarms, stores, audit, network))
    return Foundation(boundary.arn, stores, audit, network, alarms, trail.group.name if trail else None)


def outer_limit(site: Site) -> PermissionBoundary:
    """What nobody here may do, whatever is granted later."""
    limits = PermissionBoundaryArgs(site.place, str(site.name), site.settings.residency, audit=str(site.name / "audit"))
    return PermissionBoundary(site.name / "boundary", limits, site.home)


def alarm_topic(site: Site) -> AlarmTopic:
    """Where alarms go, and from there to people."""
    name = site.name / "alarms"
    sealing = KeyArgs(site.place, "Seals alarms on their way", through=("sns",), services=for_alarms(site.place))
    key = Key(name / "key", sealing, site.home)
    return AlarmTopic(name, AlarmTopicArgs(site.place, key, site.settings.alarms.recipients), site.home)


def data_stores(site: Site) -> Stores:
    """A bucket and a key for each class of data, and for models and captured requests."""
    keep = {data_class: retention.keep_days for data_class, retention in site.settings.data.items()}
    access = access_logs(site)

    def store(word: str, data_class: DataClass, through: tuple[str, ...] = ("s3",)) -> Bucket:
        name = site.name / word
        bears = backed_up(site, name, data_class)
        # The permission boundary reads the class off the key: S3 tells nobody the tags of its buckets.
        sealing = KeyArgs(site.place, f"Seals {word}", through=through)
        key = Key((name / "key").tagged(data_class=data_class), sealing, site.home)
        kept = BucketArgs(
            data_class,
            keep[data_class],
            key=key,
            access_logs=access,
            force_destroy=site.settings.force_destroy,
        )
        return Bucket(bears, kept, site.home)

    return Stores(
        data={data_class: store(f"data-{data_class}", data_class) for data_class in DataClass},
        models=store("models", DataClass.INTERNAL, MODELS),
        captured=store("captured", DataClass.INTERNAL, MODELS),
    )


def access_logs(site: Site) -> Bucket:
    """Who read what from the buckets, as S3 itself records it."""
    plain = BucketArgs(
        DataClass.INTERNAL,
        site.settings.audit.keep_days,
        writers=[access_log_writer(site.place, str(site.name))],
        force_destroy=site.settings.force_destroy,
    )
    return Bucket(site.name / "access-logs", plain, site.home)


def audit_trail(site: Site, boundary: PermissionBoundary, stores: Stores, alarms: AlarmTopic) -> AuditTrail | None:
    """Who did what, locked away, with an alarm on whoever reaches for it; or the trail that is there already."""
    settings = site.settings
    if settings.adopt.trail:
        adopted_trail(site)
        return None
    kept = AuditTrailArgs(
        site.place,
        lock_for(settings.tier, settings.audit.keep_days),
        watched=[*stores.data.values(), stores.models, stores.captured],
        alarms=alarms,
        keepers=record_keepers(site),
        boundary=boundary.arn,
        force_destroy=settings.force_destroy,
        scope=TrailScope(str(settings.tier)),
    )
    trail = AuditTrail(site.name / "audit", kept, site.home)
    MetricAlarms(site.name / "watch", MetricAlarmsArgs(trail.group.name, alarms), site.home)
    return trail


def record_keepers(site: Site) -> list[str]:
    """Who may end the key of the record: nobody but the root user, except where everything is meant to be torn down."""
    return [] if site.settings.force_destroy else [site.place.root]


def outputs(
    boundary: PermissionBoundary, alarms: AlarmTopic, stores: Stores, audit: Bucket | None, network: PrivateNetwork
) -> told.FoundationOutputs:
    """What the layers above are told."""
    return told.FoundationOutputs(
        boundary=boundary.arn,
        alarm_topic=alarms.arn,
        data={str(data_class): _told(bucket) for data_class, bucket in stores.data.items()},
        models=_told(stores.models),
        captured=_told(stores.captured),
        audit={"store": _told(audit)} if audit else {},
        network=told.NetworkOutputs(
            network.vpc_id, list(network.subnet_ids), network.workload_group_id, network.runtime_endpoint_id
        ),
    )


def _told(bucket: Bucket) -> told.StoreOutputs:
    assert bucket.args.key is not None
    return told.StoreOutputs(bucket.bucket_name, bucket.args.key.arn)


def known_foundation(site: Site) -> Foundation:
    """The foundation that the stack below this one made: it can be used and granted, and is not made again."""
    settings = site.settings
    read = told.read(Layer.FOUNDATION, settings, told.foundation_sample(settings))
    adopted_trail(site)
    audit = settings.audit.keep_days
    stores = Stores(
        data={
            data_class: known(site, site.name / f"data-{data_class}", read.data[data_class], data_class)
            for data_class in DataClass
        },
        models=known(site, site.name / "models", read.models, DataClass.INTERNAL, MODELS),
        captured=known(site, site.name / "captured", read.captured, DataClass.INTERNAL, MODELS),
    )
    store = read.audit.get("store")
    record = site.name / "audit" / "log"
    ids = read.network
    network = AdoptedNetworkArgs(ids.vpc, ids.subnets, ids.workload_group, ids.runtime_endpoint)
    return Foundation(
        read.boundary,
        stores,
        known(site, record, store, DataClass.INTERNAL, keep_days=audit) if store else None,
        AdoptedNetwork(site.name / "network", network, site.home),
        KnownTopic(site.name / "alarms", KnownTopicArgs(read.alarm_topic), site.home),
        None if settings.adopt.trail else trail_group(site.name / "audit"),
    )


def known(
    site: Site,
    name: Name,
    store: told.StoreOutputs,
    data_class: DataClass,
    through: tuple[str, ...] = ("s3",),
    keep_days: int = 0,
) -> Bucket:
    """A bucket of the foundation with its key."""
    key = KnownKey(name / "key", KnownKeyArgs(site.place, store.key, through), site.home)
    days = keep_days or site.settings.data[data_class].keep_days
    return KnownBucket(name, KnownBucketArgs(site.place, store.bucket, data_class, days, key), site.home)
