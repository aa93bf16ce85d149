"""Work with data: the lake, features and access to others, and which persona does what with them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from components.feature_group import FeatureGroup
from components.role import Role
from components.table import Table
from core.settings_data import PEOPLE, PREPARED
from stacks.building_site import Site
from stacks.feature_store import feature_groups
from stacks.foundation_layer import Foundation
from stacks.lake import Catalogue, Lakes, lakes
from stacks.records import Access, access

Grant = Callable[[Role], None]


@dataclass(frozen=True)
class DataWork:
    """All that people work with data by."""

    lakes: Lakes
    features: Mapping[str, FeatureGroup]
    tables: Mapping[str, Table]
    access: Access


def data_work(site: Site, foundation: Foundation, catalogue: Catalogue | None) -> DataWork:
    """The lake, features, secrets and parameters of the settings, over the stores and tables of the foundation."""
    over = lakes(site, foundation, catalogue) if catalogue else Lakes({}, {})
    return DataWork(over, feature_groups(site, foundation), foundation.tables, access(site))


def grant_data_work(personas: Mapping[str, Role], work: DataWork) -> None:
    """What each persona does with it, in as few policies as hold it: a role takes ten in all."""
    grants: Mapping[str, Callable[[Role, DataWork], None]] = {
        "data-engineer": prepares,
        "data-scientist": learns,
        "inference-client": asks,
    }
    for word, grant in grants.items():
        if role := personas.get(word):
            with role.together("WorkWithData"):
                grant(role, work)


def prepares(role: Role, work: DataWork) -> None:
    """Write the lake, features and tables, read them back, and log in where data comes from.

    Who meets people's data asks where those do who meet it too, and nowhere else.
    """
    for lake in work.lakes.tables.values():
        lake.grant_write(role)
    questions = work.lakes.questions
    if asked := questions.get(PEOPLE, questions.get(PREPARED)):
        asked.grant_query(role)
    for group in work.features.values():
        group.grant_put(role)
    for table in work.tables.values():
        table.grant_read(role)
        table.grant_write(role)
    for opened in (*work.access.secrets.values(), *work.access.parameters.values()):
        opened.grant_read(role)


def learns(role: Role, work: DataWork) -> None:
    """Read what tells of nobody: tables of the lake, and all values of features."""
    for data_class, lake in work.lakes.tables.items():
        if not data_class.identifies_people:
            lake.grant_select(role)
    if asked := work.lakes.questions.get(PREPARED):
        asked.grant_query(role)
    for group in work.features.values():
        if not group.args.data_class.identifies_people:
            group.grant_read_history(role)


def asks(role: Role, work: DataWork) -> None:
    """Fetch the latest values of the features that a model is asked with."""
    for group in work.features.values():
        if group.args.online:
            group.grant_get(role)
