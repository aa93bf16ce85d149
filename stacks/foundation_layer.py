"""The foundation: keys, stores, record and network that everything else stands on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi

from components.adopted_network import AdoptedNetwork, AdoptedNetworkArgs
from components.alarm_topic import AlarmTopic
from components.bucket import Bucket
from components.known_bucket import KnownBucket, KnownBucketArgs
from components.known_key import KnownKey, KnownKeyArgs
from components.known_topic import KnownTopic, KnownTopicArgs
from components.private_network import PrivateNetwork
from components.table import Table
from core.naming import Name
from core.retention import DataClass
from core.settings import Layer
from stacks import layer_outputs as told
from stacks.building_site import Site, adopted_trail
from stacks.copies import replicas
from stacks.network import private_network
from stacks.record import Listening, Post, alarm_topic, audit_record, known_listening, outer_limit
from stacks.records import data_tables, known_tables
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
    tables: Mapping[str, Table]
    audit: Bucket | None
    network: PrivateNetwork
    alarms: AlarmTopic
    record: Listening | None
    copies: Sequence[Bucket] = ()


def foundation_layer(site: Site) -> Foundation:
    """Everything that data lies in, is opened with, is recorded by and travels through."""
    boundary = outer_limit(site, site.name / "boundary", site.place, site.home)
    alarms = alarm_topic(site, site.name / "alarms", site.place, site.home)
    network = private_network(site, boundary)
    stores, tables = data_stores(site, network.vpc_id), data_tables(site)
    copied = replicas(site, stores.about_people, boundary.arn)
    record = audit_record(site, Post(site.place, site.home, boundary.arn, alarms), [*stores.all, *copied])
    audit = record.store if record else None
    recovery(site, boundary.arn, stores.all, tables.values())
    doors(site, stores, network.vpc_id)
    listening = record.listening if record else None
    foundation = Foundation(boundary.arn, stores, tables, audit, network, alarms, listening, copied)
    if site.settings.layer is Layer.FOUNDATION:
        told.export(outputs(foundation, record.post.alarms if record else alarms))
    return foundation


def outputs(made: Foundation, on_the_record: AlarmTopic) -> told.FoundationOutputs:
    """What the layers above are told."""
    stores, network = made.stores, made.network
    return told.FoundationOutputs(
        boundary=made.boundary,
        alarm_topic=made.alarms.arn,
        record_topic=on_the_record.arn,
        data={str(data_class): _told(bucket) for data_class, bucket in stores.data.items()},
        models=_told(stores.models),
        captured=_told(stores.captured),
        answers={circle: _told(bucket) for circle, bucket in stores.answers.items()},
        tables={word: told.TableOutputs(table.table_name, table.args.key.arn) for word, table in made.tables.items()},
        audit={"store": _told(made.audit)} if made.audit else {},
        copies={str(bucket.args.data_class): _told(bucket) for bucket in made.copies},
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
    audit, answers = settings.audit.keep_days, settings.lake.results_days
    stores = Stores(
        data={
            data_class: known(site, site.name / f"data-{data_class}", read.data[data_class], data_class)
            for data_class in DataClass
        },
        models=known(site, site.name / "models", read.models, DataClass.INTERNAL, MODELS),
        captured=known(site, site.name / "captured", read.captured, DataClass.INTERNAL, MODELS),
        answers={
            circle: known(site, site.name / f"answers-{circle}", read.answers[circle], held, keep_days=answers)
            for circle, held in settings.lake.circles.items()
        },
    )
    store = read.audit.get("store")
    record = site.name / "audit" / "log"
    ids = read.network
    network = AdoptedNetworkArgs(ids.vpc, ids.subnets, ids.workload_group, ids.runtime_endpoint)
    return Foundation(
        read.boundary,
        stores,
        known_tables(site, read.tables),
        known(site, record, store, DataClass.INTERNAL, keep_days=audit) if store else None,
        AdoptedNetwork(site.name / "network", network, site.home),
        KnownTopic(site.name / "alarms", KnownTopicArgs(read.alarm_topic), site.home),
        None if settings.adopt.trail else known_listening(site, read.record_topic),
        [known(site, site.name / f"far-{word}-copy", held, DataClass(word)) for word, held in read.copies.items()],
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
