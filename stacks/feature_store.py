"""The feature store: groups of features over the stores of their classes, some of them online."""

from __future__ import annotations

from collections.abc import Mapping

from components.feature_group import FeatureGroup, FeatureGroupArgs, Online
from components.key_policy import for_feature_store
from core.features import Features
from core.naming import Name
from core.settings import FeatureSet
from stacks.building_site import Site
from stacks.foundation_layer import Foundation
from stacks.perimeters import group_name
from stacks.stores import data_key

SAGEMAKER = ("sagemaker",)


def feature_groups(site: Site, foundation: Foundation) -> Mapping[str, FeatureGroup]:
    """The groups of the settings; all values lie in the store of their class, the latest under a key of their own."""

    def group(word: str, said: FeatureSet) -> FeatureGroup:
        name = group_name(site, word)
        told_all = FeatureGroupArgs(
            site.place,
            Features(said.kinds, said.identifier, said.event_time),
            foundation.stores.data[said.data_class],
            online(site, name, said) if said.online else None,
            foundation.boundary,
            protected=site.settings.is_protected,
        )
        return FeatureGroup(name, told_all, site.home)

    return {word: group(word, said) for word, said in site.settings.features.items()}


def online(site: Site, name: Name, said: FeatureSet) -> Online:
    """The latest values, for as long as the settings say, and no longer than their class is kept."""
    purpose, services = "Seals the latest values of features", for_feature_store(site.place)
    key = data_key(site, name, said.data_class, purpose, SAGEMAKER, services)
    return Online(key, said.ttl_days or site.settings.data[said.data_class].keep_days)
