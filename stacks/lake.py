"""The data lake: what an account has of it once, where answers lie, and tables and questions for those who work."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from components.account_baseline import AccountBaseline
from components.catalogue_encryption import CatalogueEncryption, CatalogueEncryptionArgs
from components.data_lake import DataLake, DataLakeArgs, job_logs
from components.key import Key, KeyArgs
from components.known_key import KnownKey, KnownKeyArgs
from components.lake_settings import LakeSettings, LakeSettingsArgs
from components.query_workgroup import QueryWorkgroup, QueryWorkgroupArgs
from core.retention import DataClass
from core.settings import Layer
from stacks import layer_outputs as told
from stacks.building_site import Site
from stacks.foundation_layer import Foundation
from stacks.perimeters import lake_name

GIGABYTE = 1000**3
GLUE = ("glue",)


@dataclass(frozen=True)
class Catalogue:
    """What the account has once: the key of its catalogue, and its settings where they are made in this stack."""

    key: Key
    settings: LakeSettings | None = None


@dataclass(frozen=True)
class Lakes:
    """Tables by class of data, and where questions are asked, by the circle of those who see each other's answers."""

    tables: Mapping[DataClass, DataLake]
    questions: Mapping[str, QueryWorkgroup]


def catalogue(site: Site, baseline: AccountBaseline) -> Catalogue | None:
    """The account's one catalogue sealed, and its lake closed to all but those who are let in by name."""
    if not site.settings.lake.is_used:
        return None
    name = baseline.name / "catalogue"
    key = Key(name / "key", KeyArgs(site.place, "Seals descriptions of tables", through=GLUE), baseline)
    CatalogueEncryption(name, CatalogueEncryptionArgs(key), baseline)
    administrators = LakeSettingsArgs(site.settings.lake.administrators)
    return Catalogue(key, LakeSettings(baseline.name / "lake", administrators, baseline))


def known_catalogue(site: Site) -> Catalogue | None:
    """The same, made by another stack: the one that owns the account, or the account's layer of this environment."""
    settings = site.settings
    if not (settings.lake.is_used and settings.has(Layer.PLATFORM)):
        return None
    arn = settings.adopt.catalogue_key
    sealed = arn or told.read(Layer.ACCOUNT, settings, told.account_sample(settings)).catalogue["key"]
    return Catalogue(KnownKey(site.name / "catalogue" / "key", KnownKeyArgs(site.place, sealed, GLUE), site.home))


def lakes(site: Site, foundation: Foundation, catalogue: Catalogue) -> Lakes:
    """A database over the store of each class that the settings name, and a workgroup over each bucket of answers."""
    settings = site.settings
    classes = settings.lake.classes
    if not classes:
        return Lakes({}, {})
    sealing = KeyArgs(site.place, "Seals logs of jobs", through=("logs",), services=job_logs(site.place))
    logs = Key(site.name / "lake" / "jobs-key", sealing, site.home)

    def lake(data_class: DataClass) -> DataLake:
        store = foundation.stores.data[data_class]
        told_all = DataLakeArgs(site.place, store, logs, catalogue.key, catalogue.settings, foundation.boundary)
        return DataLake(lake_name(site, data_class), told_all, site.home)

    limit = settings.lake.scan_limit_gb * GIGABYTE
    questions = {
        circle: QueryWorkgroup(
            site.name / "questions" / circle,
            QueryWorkgroupArgs(
                site.place,
                bucket,
                limit,
                settings.force_destroy,
                foundation.network.vpc_id if bucket.args.data_class.identifies_people else None,
            ),
            site.home,
        )
        for circle, bucket in foundation.stores.answers.items()
    }
    return Lakes({data_class: lake(data_class) for data_class in classes}, questions)
