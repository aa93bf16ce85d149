"""The root of an environment: a provider for each of its places, and protection for what holds data."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pulumi
import pulumi_aws as aws
import pytest

from components.environment import HOLD_DATA, Elsewhere, Environment
from components.place import Place
from core.graph import Graph
from core.naming import Name
from core.verdict import State
from policies.judge import judge
from policies.protection import HOLD_DATA as JUDGED
from stacks.capture import Surroundings, capture
from stacks.config_file import PROJECT
from tests.weakening import changed

OTHER = Place("444455556666", "eu-central-1")
COPIES = Place("123456789012", "eu-west-1")
Captured = Callable[[Callable[[], Any]], Graph]


@pytest.fixture
def captured() -> Captured:
    """What a program declares, with its providers and what is protected."""
    around = Surroundings("strongroom", "staging", "123456789012", "eu-central-1", {}, PROJECT)
    return lambda program: capture(program, around)


def bucket(label: str, home: Environment, provider: pulumi.ProviderResource | None = None) -> None:
    aws.s3.Bucket(label, opts=pulumi.ResourceOptions(parent=home, provider=provider))


def test_everything_goes_to_one_account_and_region_unless_it_is_told_otherwise(
    captured: Captured, root: Name, place: Place
) -> None:
    def program() -> None:
        places = {"log-archive": OTHER, "security": OTHER, "copies": COPIES, "management": place}
        home = Environment(root, place, {"tier": "prod"}, Elsewhere(places, "deployer"))
        assert home.provider_at(place) is None
        with pytest.raises(KeyError):
            home.provider_at(Place("555566667777", "eu-central-1"))
        bucket("raw", home)
        bucket("log", home, home.provider_at(OTHER))
        bucket("copy", home, home.provider_at(COPIES))

    graph = captured(program)
    providers = {found.name: found for found in graph.of_type("pulumi:providers:aws")}
    assert sorted(providers) == [f"{root}-{word}" for word in ("copies", "home", "log-archive")]
    served = {found.name: found.provider for found in graph.of_type("aws:s3/bucket:Bucket")}
    assert served == {
        "raw": providers[f"{root}-home"].urn,
        "log": providers[f"{root}-log-archive"].urn,
        "copy": providers[f"{root}-copies"].urn,
    }
    assert providers[f"{root}-copies"].get("region") == "eu-west-1"
    assert "assumeRoles" not in providers[f"{root}-copies"].inputs


def test_another_account_is_reached_by_a_role_and_no_other_is_accepted(
    captured: Captured, root: Name, place: Place
) -> None:
    graph = captured(lambda: Environment(root, place, {}, Elsewhere({"log-archive": OTHER}, "deployer")))
    (found,) = (item for item in graph.of_type("pulumi:providers:aws") if item.name.endswith("log-archive"))
    told = str(dict(found.inputs))
    assert "arn:aws:iam::444455556666:role/deployer" in told
    assert "444455556666" in str(found.get("allowedAccountIds"))


def test_what_holds_data_is_protected_and_nothing_else(captured: Captured, root: Name, place: Place) -> None:
    def program() -> None:
        home = Environment(root, place, {}, protected=True)
        bucket("raw", home)
        inner = pulumi.ComponentResource("t:i:Inner", "inner", {}, pulumi.ResourceOptions(parent=home))
        aws.kms.Key("key", opts=pulumi.ResourceOptions(parent=inner))
        aws.sns.Topic("topic", opts=pulumi.ResourceOptions(parent=inner))

    graph = captured(program)
    assert {found.name for found in graph.resources if found.protect} == {"raw", "key"}


def test_a_trial_can_be_taken_down(captured: Captured, root: Name, place: Place) -> None:
    graph = captured(lambda: bucket("raw", Environment(root, place, {})))
    assert not [found for found in graph.resources if found.protect]


def test_what_is_protected_is_what_is_judged() -> None:
    assert {token for token in JUDGED if not token.endswith("V2")} == HOLD_DATA


def failing(graph: Graph) -> set[str]:
    found = judge(graph)
    return {f.guard for f in found if f.state is State.FAIL and f.guard.startswith(("protection.", "residency."))}


@pytest.mark.parametrize(
    ("facts", "protected", "guards"),
    [
        ({"tier": "prod", "residency": ["eu-central-1"]}, True, set()),
        ({"tier": "dev", "residency": ["eu-central-1"]}, False, set()),
        ({"tier": "prod", "residency": ["eu-central-1"]}, False, {"protection.store_refuses_to_be_destroyed"}),
        (
            {"tier": "dev", "residency": ["eu-west-1"]},
            False,
            {"residency.everything_lies_inside", "residency.provider_names_a_region_inside"},
        ),
    ],
)
def test_lifted_protection_and_a_region_outside_fail(
    captured: Captured, root: Name, place: Place, facts: dict[str, Any], protected: bool, guards: set[str]
) -> None:
    assert failing(captured(lambda: bucket("raw", Environment(root, place, facts, protected=protected)))) == guards


@pytest.mark.parametrize("region", [None, "us-east-1"])
def test_a_provider_that_names_no_region_or_another_one_fails(
    captured: Captured, root: Name, place: Place, region: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    changed(aws, "Provider", region=region)(monkeypatch)
    facts = {"tier": "dev", "residency": ["eu-central-1"]}
    assert "residency.provider_names_a_region_inside" in failing(
        captured(lambda: bucket("raw", Environment(root, place, facts)))
    )
