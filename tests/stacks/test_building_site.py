"""Where an environment stands: its accounts, its Regions, and what it says of itself."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from components.place import place_of
from core.graph import Graph
from core.settings import Settings, Task, settings_of_stack
from stacks.building_site import Site, site_of
from stacks.capture import Surroundings, capture
from stacks.config_file import CONFIG_FOLDER, PROJECT, config_values, read_settings

OWN, ARCHIVE, MANAGEMENT = "333344445555", "444455556666", "555566667777"
ENVIRONMENT = "strongroom:index:Environment"


def prod_with(**changes: Any) -> Settings:
    text = (CONFIG_FOLDER / "Pulumi.prod.yaml").read_text(encoding="utf-8")
    told = {key: value if isinstance(value, str) else json.dumps(value) for key, value in changes.items()}
    return settings_of_stack({**config_values(text, "f"), **told}, "prod", "f")


@pytest.fixture
def landed() -> Callable[..., tuple[Site, Graph]]:
    """The site of such settings, and what it takes to stand there."""

    def land(settings: Settings) -> tuple[Site, Graph]:
        found: list[Site] = []
        around = Surroundings("strongroom", settings.stack, settings.account, settings.region, {}, PROJECT)
        graph = capture(lambda: found.append(site_of(settings)), around)
        return found[0], graph

    return land


def test_one_account_and_region_need_one_provider(landed: Any) -> None:
    site, graph = landed(read_settings("dev"))
    assert len(graph.of_type("pulumi:providers:aws")) == 1
    assert {site.at(task).provider for task in Task} == {None}
    assert {site.at(task).place for task in Task} == {site.place}
    assert site.copies is None


def test_each_account_that_differs_has_its_own_provider(landed: Any) -> None:
    accounts = {"log_archive": ARCHIVE, "security": ARCHIVE, "management": MANAGEMENT}
    site, graph = landed(prod_with(accounts=accounts, organisation="o-a1b2c3d4e5"))
    names = sorted(found.name.removeprefix("wardlight-prod-") for found in graph.of_type("pulumi:providers:aws"))
    assert names == ["copies", "home", "log-archive", "management"]
    assert site.at(Task.WORKLOAD).provider is None
    assert site.at(Task.LOG_ARCHIVE).provider is site.at(Task.SECURITY).provider is not None
    assert site.at(Task.MANAGEMENT).place == place_of(MANAGEMENT, "eu-central-1")
    for found in graph.of_type("pulumi:providers:aws"):
        assert not any(number in found.urn for number in (OWN, ARCHIVE, MANAGEMENT))


def test_second_copies_go_to_the_region_of_the_settings(landed: Any) -> None:
    site, graph = landed(prod_with(recovery={"copy_region": "eu-west-1"}))
    assert site.copies.place == place_of(OWN, "eu-west-1")
    (provider,) = (found for found in graph.of_type("pulumi:providers:aws") if found.name.endswith("-copies"))
    assert (provider.get("region"), "assumeRoles" in provider.inputs) == ("eu-west-1", False)


def test_an_environment_says_what_guards_need_to_know_of_it(landed: Any) -> None:
    _, graph = landed(read_settings("prod"))
    (found,) = graph.of_type(ENVIRONMENT)
    layers = ("account", "foundation", "platform", "serving")
    assert (found.get("tier"), found.get("layers"), found.get("protected")) == ("prod", layers, True)
    _, serving = landed(read_settings("prod-serving"))
    assert serving.of_type(ENVIRONMENT)[0].get("layers") == ("serving",)
    _, guest = landed(prod_with(adopt={"baseline": True}, lake={}))
    assert guest.of_type(ENVIRONMENT)[0].get("layers") == layers[1:]
    _, dev = landed(read_settings("dev"))
    assert dev.of_type(ENVIRONMENT)[0].get("protected") is False


def test_zones_and_keepers_are_those_of_the_settings(landed: Any) -> None:
    site, _ = landed(read_settings("prod"))
    assert site.zones == ["eu-central-1a", "eu-central-1b", "eu-central-1c"]
    assert site.keepers == ["arn:aws:iam::333344445555:role/wardlight-prod-break-glass-*"]
