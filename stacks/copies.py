"""Copies in other Regions: of data about people as it comes, and of the keys that it is sealed with."""

from __future__ import annotations

from collections.abc import Mapping

import pulumi

from components.annex import Annex, AnnexArgs
from components.bucket import Bucket
from components.key import Key
from components.place import place_of
from components.replica import Replica, ReplicaArgs
from components.replica_key import ReplicaKey, ReplicaKeyArgs
from core.retention import DataClass
from stacks.building_site import Site
from stacks.perimeters import copy_name


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
        return Replica(copy_name(site, data_class), copied, site.home).bucket

    return [copy_of(data_class, store) for data_class, store in stores.items()]


def key_copies(site: Site, key: Key) -> list[ReplicaKey]:
    """The same key in the further Regions that it may be copied to, for what clients seal themselves.

    S3 gains nothing by them: it takes a multi-Region key for one of a single Region, so its copies have their own.
    https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-config-for-kms-objects.html
    """
    said, regions = key.args, key.args.copies.regions if key.args.copies else ()

    def copy_in(region: str) -> ReplicaKey:
        there = ReplicaKeyArgs(
            place_of(site.place.account, region),
            key,
            f"{said.purpose}, in {region}",
            through=said.through,
            administrators=said.administrators,
        )
        return ReplicaKey(key.name / region, there, site.home)

    return [copy_in(region) for region in regions]
