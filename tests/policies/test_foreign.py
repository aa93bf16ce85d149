"""A program that is not ours, told about by the configuration of the pack."""

from __future__ import annotations

from typing import Any

from pulumi.runtime import proto

from core.graph import STACK, graph_of
from core.resource import Resource
from core.value import Unknown
from policies import tokens
from policies.foreign import SETTINGS, Told, told
from policies.tier import ENVIRONMENT

STEM = "urn:pulumi:live::shop::"
INSIDE = "residency.provider_names_a_region_inside"


def configured(engine: Any, **settings: Any) -> Any:
    request = proto.ConfigureAnalyzerRequest()
    entry = proto.PolicyConfig(enforcementLevel=proto.ADVISORY)
    entry.properties.update(settings)
    request.policyConfig[SETTINGS].CopyFrom(entry)
    engine.servicer.Configure(request, None)
    return engine


def test_the_regions_of_the_configuration_bind_a_program_that_names_none(pack: Any) -> None:
    for residency, count in ((["eu-central-1"], 1), (["us-east-1"], 0)):
        engine = configured(pack(), residency=residency)
        engine.before(tokens.PROVIDER, "aws", region="us-east-1")
        engine.outputs(STACK, "shop-live")
        engine.outputs(tokens.PROVIDER, "aws", region="us-east-1")
        assert len(pack.said(engine.after(), INSIDE)) == count


def test_without_configuration_nothing_is_made_up(pack: Any) -> None:
    engine = pack()
    engine.before(tokens.PROVIDER, "aws", region="us-east-1")
    engine.outputs(tokens.PROVIDER, "aws", region="us-east-1")
    assert pack.said(engine.after(), INSIDE) == []


def test_an_environment_of_the_program_itself_is_not_overruled() -> None:
    own = Resource(ENVIRONMENT, f"{STEM}{ENVIRONMENT}::own", {"residency": ("eu-west-1",)})
    graph = graph_of([own])
    assert told({"residency": ["us-east-1"]}).completed(graph) == graph


def test_a_tag_of_the_program_tells_the_class_of_its_data() -> None:
    said = Told(data_class_tag="sensitivity")
    assert said.tagged({"tags": {"sensitivity": "health"}}) == {
        "tags": {"sensitivity": "health", tokens.DATA_CLASS: "health"}
    }
    unknown = Unknown("a setting")
    assert said.tagged({"tags": {"sensitivity": unknown}})["tags"][tokens.DATA_CLASS] == unknown
    for other in ({}, {"tags": {"a": "b"}}, {"tags": unknown}, {"tags": {"sensitivity": "x", tokens.DATA_CLASS: "y"}}):
        assert said.tagged(other) == other
