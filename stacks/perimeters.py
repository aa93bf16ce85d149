"""From where the stores of data about people are reached, and which services' roles reach them besides.

Those roles are made after the stores, some of them by a stack above, so they are named by what their names will be.
"""

from __future__ import annotations

import pulumi

from components.backup_plan import maker_of
from components.data_lake import vendor_of
from components.feature_group import writer_of
from components.perimeter import Perimeter
from components.replica import copier_of
from components.role import arn_of
from core.naming import Name
from core.retention import DataClass
from core.settings_values import SERIOUS
from stacks.building_site import Site


def of_data(site: Site, data_class: DataClass, network: pulumi.Input[str]) -> Perimeter | None:
    """Of the store of a class: backups, the live copy, Lake Formation and histories of features reach it besides."""
    if not data_class.identifies_people:
        return None
    settings = site.settings
    copied = [copy_name(site, data_class)] if settings.is_replicated and site.copies else []
    in_lake = [lake_name(site, data_class)] if data_class in settings.lake.classes else []
    groups = [group_name(site, word) for word, said in settings.features.items() if said.data_class is data_class]
    roles = [
        *_makers(site),
        *(copier_of(name) for name in copied),
        *(vendor_of(name) for name in in_lake),
        *(writer_of(name) for name in groups),
    ]
    return Perimeter([network], [arn_of(site.place, role) for role in roles])


def of_answers(site: Site, data_class: DataClass, network: pulumi.Input[str]) -> Perimeter | None:
    """Of a bucket of answers: Athena writes them with the rights of whoever asks."""
    if not data_class.identifies_people:
        return None
    return Perimeter([network], [arn_of(site.place, role) for role in _makers(site)], asked_by_athena=True)


def _makers(site: Site) -> list[Name]:
    """Who makes backups, where there are any."""
    return [maker_of(plan_name(site))] if site.settings.tier in SERIOUS else []


def plan_name(site: Site) -> Name:
    """What the plan of backups is called; the stores that it takes in bear it as a tag."""
    return site.name / "backups"


def copy_name(site: Site, data_class: DataClass) -> Name:
    """What the live copy of a store is called."""
    return site.name / f"far-{data_class}"


def lake_name(site: Site, data_class: DataClass) -> Name:
    """What the tables of a class are called."""
    return site.name / "lake" / data_class


def group_name(site: Site, word: str) -> Name:
    """What a group of features is called."""
    return site.name / "features" / word
