"""The stores of data: a bucket and a key for each, lists of what is in them, news of it, and doors for the network."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi

from components.access_point import AccessPoint, AccessPointArgs
from components.bucket import Bucket, BucketArgs
from components.bucket_events import BucketEvents, BucketEventsArgs
from components.bucket_inventory import BucketInventory, BucketInventoryArgs, for_inventories, inventory_writer
from components.bucket_policy import access_log_writer
from components.key import Key, KeyArgs
from components.key_reach import Copies, CustomStore
from components.perimeter import Perimeter
from components.policy_document import Statement
from core.naming import Name
from core.retention import DataClass
from core.settings import Inventory
from stacks.building_site import Site
from stacks.copies import key_copies
from stacks.perimeters import of_answers, of_data
from stacks.recovery import backed_up

MODELS = ("s3", "sagemaker")
"""By way of which services models and captured requests are opened."""


@dataclass(frozen=True)
class Stores:
    """The buckets: for each class of data, for models, for what endpoints capture, and for each circle's answers."""

    data: dict[DataClass, Bucket]
    models: Bucket
    captured: Bucket
    answers: Mapping[str, Bucket]

    @property
    def all(self) -> list[Bucket]:
        """Every one of them."""
        return [*self.data.values(), self.models, self.captured, *self.answers.values()]

    @property
    def about_people(self) -> dict[DataClass, Bucket]:
        """Those whose data tells of people."""
        return {data_class: bucket for data_class, bucket in self.data.items() if data_class.identifies_people}


@dataclass(frozen=True)
class Wanted:
    """One store: its word, what it holds, who opens it by way of what, for how many days, and from where.

    Without `days` it keeps what it holds for as long as its class is kept.
    """

    word: str
    data_class: DataClass
    through: tuple[str, ...] = ("s3",)
    days: int = 0
    perimeter: Perimeter | None = None


def data_stores(site: Site, network: pulumi.Input[str]) -> Stores:
    """A bucket and a key for each class of data, for models, captured requests and answers from the lake.

    Those about people are reached from this network.
    """
    lake, access = site.settings.lake, access_logs(site)
    data = [Wanted(f"data-{held}", held, perimeter=of_data(site, held, network)) for held in DataClass]
    answers = {
        circle: Wanted(f"answers-{circle}", held, days=lake.results_days, perimeter=of_answers(site, held, network))
        for circle, held in lake.circles.items()
    }
    stores = Stores(
        data={wanted.data_class: store(site, access, wanted) for wanted in data},
        models=store(site, access, Wanted("models", DataClass.INTERNAL, MODELS)),
        captured=store(site, access, Wanted("captured", DataClass.INTERNAL, MODELS)),
        answers={circle: store(site, access, wanted) for circle, wanted in answers.items()},
    )
    listed(site, stores.all, access)
    return stores


def store(site: Site, access: Bucket, wanted: Wanted) -> Bucket:
    """A bucket with its key and news of it; `access` takes its access logs."""
    settings, name, held = site.settings, site.name / wanted.word, wanted.data_class
    kept = BucketArgs(
        held,
        wanted.days or settings.data[held].keep_days,
        key=data_key(site, name, held, f"Seals {wanted.word}", wanted.through),
        access_logs=access,
        force_destroy=settings.force_destroy,
        perimeter=wanted.perimeter,
    )
    bucket = Bucket(backed_up(site, name, held), kept, site.home)
    BucketEvents(name / "news", BucketEventsArgs(bucket), site.home)
    return bucket


def data_key(
    site: Site,
    of: Name,
    data_class: DataClass,
    purpose: str,
    through: tuple[str, ...] = ("s3",),
    services: Sequence[Statement] = (),
) -> Key:
    """A key of data: administered by whom the settings name, in the store and the Regions that they name."""
    keys = site.settings.keys
    sealing = KeyArgs(
        site.place,
        purpose,
        through=through,
        services=services,
        administrators=keys.administrators,
        copies=Copies(keys.copies, site.settings.residency) if keys.copies and data_class.identifies_people else None,
        store=CustomStore(keys.custom_store) if keys.custom_store else None,
    )
    # The permission boundary reads the class off the key: S3 tells nobody the tags of its buckets.
    key = Key((of / "key").tagged(data_class=data_class), sealing, site.home)
    key_copies(site, key)
    return key


def access_logs(site: Site) -> Bucket:
    """Who read what from the buckets, as S3 itself records it."""
    plain = BucketArgs(
        DataClass.INTERNAL,
        site.settings.audit.keep_days,
        writers=[access_log_writer(site.place, str(site.name))],
        force_destroy=site.settings.force_destroy,
    )
    return Bucket(site.name / "access-logs", plain, site.home)


def listed(site: Site, stores: Sequence[Bucket], access: Bucket) -> Bucket | None:
    """Lists of what is in the stores. Names of objects may tell of people, so lists go when data about people does."""
    settings, sources, name = site.settings, str(site.name), site.name / "lists"
    if settings.inventory is Inventory.OFF:
        return None
    sealing = for_inventories(site.place, sources)
    kept = BucketArgs(
        DataClass.INTERNAL,
        min(settings.data[one].keep_days for one in DataClass if one.identifies_people),
        key=data_key(site, name, DataClass.INTERNAL, "Seals lists of what is stored", services=sealing),
        access_logs=access,
        writers=[inventory_writer(site.place, sources)],
        force_destroy=settings.force_destroy,
    )
    lists = Bucket(name, kept, site.home)
    for store in stores:
        about = BucketInventoryArgs(site.place, store, lists, settings.inventory.title())
        BucketInventory(store.name / "inventory", about, site.home)
    return lists


def doors(site: Site, stores: Stores, network: pulumi.Input[str]) -> dict[DataClass, AccessPoint]:
    """A door to a store that only the network reaches, for each class of data that the settings name."""
    return {
        data_class: AccessPoint(
            site.name / f"door-{data_class}", AccessPointArgs(site.place, stores.data[data_class], network), site.home
        )
        for data_class in site.settings.stores.access_points
    }
