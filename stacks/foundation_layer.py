"""The foundation: keys, stores, record and network that everything else stands on."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi

from components.adopted_network import AdoptedNetwork, AdoptedNetworkArgs
from components.alarm_topic import AlarmTopic
from components.bucket import Bucket
from components.known_bucket import KnownBucket, KnownBucketArgs
from components.known_key import KnownKey, KnownKeyArgs
from components.known_topic import KnownTopic, KnownTopicArgs
from components.permission_boundary import PermissionBoundary
from components.private_network import PrivateNetwork
from core.naming import Name
from core.retention import DataClass
from core.settings import Layer
from stacks import layer_outputs as told
from stacks.building_site import Site, adopted_trail
from stacks.copies import key_copies, replicas
from stacks.network import private_network
from stacks.record import Listening, Post, Record, alarm_topic, audit_record, known_listening, outer_limit
from stacks.recovery import recovery
from stacks.stores import MODELS, Stores, data_stores, doors


@dataclass(frozen=True)
class Foundation:
    """What the layers above use, made here or by another stack.

    Without a store the record is somebody else's, or lies in an account of its own. `record` is where what the trail
    records can be listened to.
    """

    boundary: pulumi.Input[str]
    stores: Stores
    audit: Bucket | None
    network: PrivateNetwork
    alarms: AlarmTopic
    record: Listening | None


def foundation_layer(site: Site) -> Foundation:
    """Everything that data lies in, is opened with, is recorded by and travels through."""
    boundary = outer_limit(site, site.name / "boundary", site.place, site.home)
    alarms = alarm_topic(site, site.name / "alarms", site.place, site.home)
    stores = data_stores(site)
    copied = replicas(site, stores.about_people, boundary.arn)
    key_copies(site, stores.about_people)
    record = audit_record(site, Post(site.place, site.home, boundary.arn, alarms), [*stores.all, *copied])
    audit = record.store if record else None
    recovery(site, boundary.arn, stores.data)
    network = private_network(site, boundary)
    doors(site, stores, network.vpc_id)
    if site.settings.layer is Layer.FOUNDATION:
        told.export(outputs(boundary, alarms, record, stores, network))
    return Foundation(boundary.arn, stores, audit, network, alarms, record.listening if record else None)


def outputs(
    boundary: PermissionBoundary, alarms: AlarmTopic, record: Record | None, stores: Stores, network: PrivateNetwork
) -> told.FoundationOutputs:
    """What the layers above are told."""
    audit = record.store if record else None
    return told.FoundationOutputs(
        boundary=boundary.arn,
        alarm_topic=alarms.arn,
        record_topic=(record.post.alarms if record else alarms).arn,
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
        None if settings.adopt.trail else known_listening(site, read.record_topic),
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
