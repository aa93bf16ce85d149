"""Environments stand beside each other in one account and Region: nothing collides, and each comes and goes alone.

Every made-up name gets the same suffix here, so that no name is told from another by chance alone.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from core.errors import BadInput
from core.graph import Graph
from core.outcome import Status
from core.resource import Resource
from core.settings import Settings, settings_of_stack
from stacks.blueprint import blueprint
from stacks.capture import Surroundings, capture
from stacks.config_file import config_values
from stacks.records import stand_ins
from twin.absent import is_made_up
from twin.apply import Applied, Apply, destroy
from twin.calls import RefusedError
from twin.catalog import CATALOG
from twin.local_cloud import LocalClients, local_cloud
from twin.places import is_provider
from twin.readback import read_back
from twin.state import Record, State

ROOT = Path(__file__).resolve().parents[1]
CONFIG = ROOT / "stacks" / "config"
WITHIN = {"aws:glue/catalogTable:CatalogTable": "databaseName", "aws:s3/inventory:Inventory": "bucket"}
"""Types whose names are those of something they are within, and what says which."""


def settings_like(file: str, environment: str, *, like: str = "dev", owner: bool = False) -> Settings:
    """An environment of that name, as the file of another says, in the account of `like`; one owns the account."""
    values = values_of(file)
    account = values_of(like)["account"]
    moved = {key: text.replace(values["account"], account) for key, text in values.items()}
    adopted = {**json.loads(moved.get("adopt", "{}")), "baseline": not owner}
    if not owner:
        adopted["catalogue_key"] = f"arn:aws:kms:eu-central-1:{account}:key/00000000-0000-4000-8000-000000000000"
    return settings_of_stack({**moved, "adopt": json.dumps(adopted)}, environment, file)


def values_of(file: str) -> dict[str, str]:
    return config_values((CONFIG / f"Pulumi.{file}.yaml").read_text(encoding="utf-8"), file)


@dataclass
class Stack:
    """One environment with a state of its own, in a cloud that others share."""

    clients: LocalClients
    settings: Settings
    state: State = field(default_factory=State)

    def up(self, seen: Callable[[Resource], Resource] = lambda resource: resource) -> tuple[Applied, ...]:
        apply = Apply(self.clients, self.state, lambda _: None, lambda _urn, generation: f"{generation:07x}")
        self.graph(lambda resource: apply(seen(resource)))
        return apply.finish()

    def graph(self, realise: Callable[[Resource], Mapping[str, Any]] | None = None) -> Graph:
        settings = self.settings
        values = stand_ins(settings)
        around = Surroundings("strongroom", settings.stack, settings.account, settings.region, values, ROOT)
        return capture(lambda: blueprint(settings), around, realise)

    def down(self) -> tuple[Applied, ...]:
        self.up(released)
        return destroy(self.clients, self.state, lambda _: None)

    def failed(self, applied: tuple[Applied, ...]) -> list[Any]:
        outcomes = read_back(self.clients, applied).outcomes
        return [(outcome.urn, outcome.reasons) for outcome in outcomes if outcome.status is Status.FAILED]

    @property
    def ids(self) -> set[tuple[str, str]]:
        held = self.state.records.values()
        return {(record.type, record.id) for record in held if not is_made_up(record.id)}


def released(resource: Resource) -> Resource:
    """The same with nothing that keeps it from being destroyed."""
    if is_provider(resource):
        return resource
    return replace(resource, inputs={**resource.inputs, **CATALOG[resource.type].release}, protect=False)


@pytest.fixture(scope="module", params=[("prod", "prod"), ("dev", "devtwo")], ids=["dev and prod", "dev twice"])
def pair(request: pytest.FixtureRequest) -> Iterator[tuple[Stack, Stack]]:
    """Two environments in one local cloud, both up."""
    first, second = settings_like("dev", "dev", owner=True), settings_like(*request.param)
    with local_cloud(first.account, first.region) as clients:
        stacks = Stack(clients, first), Stack(clients, second)
        for stack in stacks:
            stack.up()
        yield stacks


def test_both_stand_as_declared_and_share_nothing(pair: tuple[Stack, Stack]) -> None:
    one, other = pair
    assert (one.settings.account, one.settings.region) == (other.settings.account, other.settings.region)
    assert one.ids & other.ids == set()
    for stack in pair:
        done = stack.up()
        assert {str(item.change) for item in done} == {"unchanged"}
        assert stack.failed(done) == []


def test_no_name_that_the_program_fixes_is_fixed_twice(pair: tuple[Stack, Stack]) -> None:
    one, other = ({found for record in stack.state.records.values() for found in fixed(record)} for stack in pair)
    assert one & other == set()


def fixed(record: Record) -> Iterator[tuple[str, str]]:
    """The name that the program gives, where AWS gives none: it has to be the only one in the account."""
    entry, within = CATALOG[record.type], WITHIN.get(record.type)
    if entry.named and not record.name:
        named = str(record.inputs[entry.named.property])
        yield record.type, f"{record.inputs[within]}/{named}" if within else named


def test_one_goes_and_comes_again_and_the_other_does_not_notice(pair: tuple[Stack, Stack]) -> None:
    other, stack = pair
    before = set(stack.state.records)
    assert stack.failed(stack.down()) == []
    assert stack.state == State()
    assert other.failed(other.up()) == []
    again = stack.up()
    assert stack.failed(again) == []
    assert {str(item.change) for item in again} == {"created"}
    assert set(stack.state.records) == before


def test_what_is_protected_refuses_to_go_and_says_how(pair: tuple[Stack, Stack]) -> None:
    how = "strongroom:deletion_protection: false|apply it with forceDestroy: true first"
    for stack in pair:
        if stack.settings.is_protected:
            with pytest.raises((BadInput, RefusedError), match=how):
                destroy(stack.clients, stack.state, lambda _: None)
            assert stack.failed(stack.up()) == []
