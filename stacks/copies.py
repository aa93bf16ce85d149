"""Copies in other Regions: of data about people as it comes, and of the keys that it is sealed with."""

from __future__ import annotations

from collections.abc import Mapping

import pulumi

from components.annex import Annex, AnnexArgs
from components.bucket import Bucket
from components.place import place_of
from components.replica import Replica, ReplicaArgs
from components.replica_key import ReplicaKey, ReplicaKeyArgs
from core.retention import DataClass
from stacks.building_site import Site


def replicas(site: Site, stores: Mapping[DataClass, Bucket], boundary: pulumi.Input[str]) -> list[Bucket]:
    """The buckets in the further Region that S3 copies these to, minutes behind; backups are hours behind."""
    settings, there = site.settings, site.copies
    if not (settings.is_replicated and there):
        return []
    further = AnnexArgs(
        site.place,
        there.place,
        settings.residency,
        str(site.name),
        settings.audit.keep_days,
        force_destroy=settings.force_destroy,
        provider=there.provider,
    )
    annex = Annex(site.name / "annex", further, site.home)

    def copy_of(data_class: DataClass, store: Bucket) -> Bucket:
        copied = ReplicaArgs(
            store,
            site.place,
            there.place,
            settings.residency,
            annex.access_logs,
            boundary,
            annex.provider,
            force_destroy=settings.force_destroy,
            administrators=settings.keys.administrators,
        )
        return Replica(site.name / f"far-{data_class}", copied, site.home).bucket

    return [copy_of(data_class, store) for data_class, store in stores.items()]


def key_copies(site: Site, stores: Mapping[DataClass, Bucket]) -> list[ReplicaKey]:
    """The same keys in further Regions, for what clients seal themselves.

    S3 gains nothing by them: it takes a multi-Region key for one of a single Region, so its copies have their own.
    https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-config-for-kms-objects.html
    """
    copied = []
    for data_class, store in stores.items():
        for region in site.settings.keys.copies if store.args.key else ():
            assert store.args.key
            there = ReplicaKeyArgs(
                place_of(site.place.account, region),
                store.args.key,
                f"Opens data-{data_class} in {region}",
                administrators=site.settings.keys.administrators,
            )
            name = (site.name / f"key-{data_class}-{region}").tagged(data_class=data_class)
            copied.append(ReplicaKey(name, there, site.home))
    return copied
