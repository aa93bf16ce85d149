"""The program of this project, run in this process: what it declares for an environment."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from cli.surroundings import PROJECT
from core.graph import Graph
from core.resource import Resource

if TYPE_CHECKING:
    from core.settings import Settings

PULUMI_PROJECT = "strongroom"
"""The name in Pulumi.yaml: it stands in every URN, so that an offline plan and a real stack agree."""


def settings_of(environment: str) -> Settings:
    """The settings of an environment. Raises BadInput for all that is wrong with them."""
    from stacks.config_file import read_settings

    return read_settings(environment)


def declared(settings: Settings, realise: Callable[[Resource], Mapping[str, Any]] | None = None) -> Graph:
    """The Graph that the program declares; with `realise`, each resource is made as it is declared."""
    from stacks.blueprint import blueprint
    from stacks.capture import Surroundings, capture
    from stacks.layer_outputs import samples
    from stacks.records import stand_ins

    around = Surroundings(
        project=PULUMI_PROJECT,
        stack=settings.stack,
        account=settings.account,
        region=settings.region,
        config=stand_ins(settings),
        root=PROJECT,
        stacks=samples(settings, PULUMI_PROJECT),
    )
    return capture(lambda: blueprint(settings), around, realise)
