"""An environment in layers: each is a stack of its own, told by those below it what it stands on."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pulumi
import pytest

from core.errors import BadInput
from core.graph import STACK, Graph
from core.graph_json import to_json
from core.outcome import Status
from core.resource import Resource
from core.settings import Layer, Settings, settings_from
from core.value import Unknown
from core.verdict import State
from policies.judge import judge
from stacks import layer_outputs as told
from stacks.blueprint import blueprint
from stacks.capture import Surroundings, capture
from stacks.config_file import PROJECT, config_values, read_settings
from twin.apply import Applied, Apply, suffix_from
from twin.local_cloud import local_cloud
from twin.readback import read_back
from twin.state import State as Remembered

LAYERS = [layer for layer in Layer if layer is not Layer.ALL]
CATALOGUE_KEY = "arn:aws:kms:eu-central-1:{}:key/0a1b2c3d-0000-4000-8000-0a1b2c3d4e5f"
BASELINE, ADOPTED = "strongroom:index:AccountBaseline", "strongroom:index:AdoptedTrail"
Realise = Callable[[Resource], Mapping[str, Any]]


def settings_like(environment: str, **changes: Any) -> Settings:
    return read_settings(environment).model_copy(update=changes)


def run(settings: Settings, realise: Realise | None = None, stacks: Mapping[str, Any] | None = None) -> Graph:
    below = told.samples(settings, "strongroom") if stacks is None else stacks
    around = Surroundings("strongroom", settings.stack, settings.account, settings.region, {}, PROJECT, below)
    return capture(lambda: blueprint(settings), around, realise)


def declared(graph: Graph) -> set[tuple[str, str]]:
    """What a provider would make, by type and name."""
    return {(found.type, found.name) for found in graph.resources if found.type.startswith("aws:")}


def failures(graph: Graph) -> list[tuple[str, str]]:
    return [(found.guard, found.message) for found in judge(graph) if found.state is State.FAIL]


@pytest.fixture(scope="module")
def plans() -> dict[Layer, Graph]:
    """One environment, planned whole and layer by layer, before anything exists."""
    whole = read_settings("prod")
    return {layer: run(whole.model_copy(update={"layer": layer})) for layer in Layer}


def test_the_layers_together_are_the_whole_and_no_two_share_anything(plans: dict[Layer, Graph]) -> None:
    parts = [declared(plans[layer]) for layer in LAYERS]
    assert set.union(*parts) == declared(plans[Layer.ALL])
    assert sum(map(len, parts)) == len(declared(plans[Layer.ALL]))
    assert all(parts)


def test_no_guard_fails_in_a_layer_that_is_planned_before_the_one_below_it_exists(plans: dict[Layer, Graph]) -> None:
    assert {layer: failures(graph) for layer, graph in plans.items()} == {layer: [] for layer in Layer}


def test_what_another_stack_declares_is_unknown_here_and_not_passed(plans: dict[Layer, Graph]) -> None:
    for layer in LAYERS:
        found = {f.guard: f.state for f in judge(plans[layer])}
        expected = State.PASS if layer is Layer.FOUNDATION else State.UNKNOWN
        assert found["cloudtrail.trail_exists_and_runs"] is expected, layer
        assert bool(plans[layer].of_type(ADOPTED)) is (layer is not Layer.FOUNDATION)
    serving = {(f.guard, f.state) for f in judge(plans[Layer.SERVING])}
    assert ("cloudtrail.model_calls_are_recorded", State.UNKNOWN) in serving


def test_only_the_account_layer_declares_what_an_account_has_once(plans: dict[Layer, Graph]) -> None:
    assert {layer for layer, graph in plans.items() if graph.of_type(BASELINE)} == {Layer.ACCOUNT, Layer.ALL}


def test_what_a_layer_exports_has_the_shape_of_its_sample(plans: dict[Layer, Graph]) -> None:
    kinds = {
        Layer.ACCOUNT: told.AccountOutputs,
        Layer.FOUNDATION: told.FoundationOutputs,
        Layer.PLATFORM: told.PlatformOutputs,
    }
    for layer, kind in kinds.items():
        (stack,) = plans[layer].of_type(STACK)
        assert set(stack.outputs) == set(kind.__dataclass_fields__)
    assert dict(plans[Layer.ALL].of_type(STACK)[0].outputs) == {}


def test_an_unread_output_is_unknown_with_its_source(plans: dict[Layer, Graph]) -> None:
    """What the foundation itself exports before it is made: nothing of it is made up."""
    (stack,) = plans[Layer.FOUNDATION].of_type(STACK)
    assert isinstance(stack.outputs["models"]["bucket"], Unknown)
    assert stack.outputs["models"]["bucket"].source.endswith("-models-store.bucket")


def test_layers_apply_one_after_the_other_and_hand_on_what_was_made() -> None:
    whole = read_settings("local")
    stacks: dict[str, Any] = {}
    states = {layer: Remembered() for layer in LAYERS}
    with local_cloud(whole.account, whole.region) as clients:

        def apply(layer: Layer) -> tuple[Graph, tuple[Applied, ...]]:
            settings = whole.model_copy(update={"layer": layer})
            maker = Apply(clients, states[layer], lambda _: None, suffix_from("seed"))
            graph = run(settings, maker, stacks)
            stacks[told.full_name(layer, settings)] = dict(graph.of_type(STACK)[0].outputs)
            return graph, maker.finish()

        for layer in LAYERS:
            graph, done = apply(layer)
            assert failures(graph) == []
            assert [o.urn for o in read_back(clients, done).outcomes if o.status is Status.FAILED] == []
            assert {str(item.change) for item in done} == {"created"}
        assert {str(item.change) for layer in LAYERS for item in apply(layer)[1]} == {"unchanged"}
    foundation = stacks["organization/strongroom/local-foundation"]
    assert foundation["network"]["vpc"].startswith("vpc-")
    assert foundation["models"]["bucket"].startswith("wardlight-local-models-store-")
    sample = told.foundation_sample(whole)
    assert len(foundation["network"]["subnets"]) == len(sample.network.subnets)
    assert stacks["organization/strongroom/local-platform"]["roles"].keys() == whole.personas.keys()
    assert stacks["organization/strongroom/local-serving"]["endpoints"].keys() == whole.models.keys()


NAMED = "boundary, alarm_topic, record_topic and 23 more"


@pytest.mark.parametrize(
    ("outputs", "said"),
    [({}, NAMED), ({"boundary": 5}, NAMED), ({"boundary": "", "data": []}, NAMED), ({"network": "vpc-1"}, NAMED)],
)
def test_a_deployment_over_a_layer_that_is_not_there_ends_with_what_is_missing(
    outputs: dict[str, Any], said: str
) -> None:
    settings = settings_like("local", layer=Layer.PLATFORM)
    name = told.full_name(Layer.FOUNDATION, settings)
    with pytest.raises(BadInput) as caught:
        run(settings, lambda resource: {"id": resource.name}, {**told.samples(settings, "strongroom"), name: outputs})
    assert str(caught.value) == (
        f"stack {name} does not say its outputs {said}; deploy that layer, with these settings, before this one"
    )


def test_a_plan_takes_what_is_said_and_the_sample_for_the_rest() -> None:
    settings = settings_like("dev", layer=Layer.SERVING)
    below = told.samples(settings, "strongroom")
    below[told.full_name(Layer.FOUNDATION, settings)] = {"network": {"vpc": "vpc-0fedcba9"}}
    (network,) = run(settings, stacks=below).of_type("strongroom:index:AdoptedNetwork")
    assert network.get("vpcId") == "vpc-0fedcba9"
    assert network.get("workloadGroupId") == told.foundation_sample(settings).network.workload_group


def test_a_stack_that_nobody_says_anything_of_is_not_read() -> None:
    for layer, below in ((Layer.PLATFORM, "account"), (Layer.SERVING, "foundation")):
        with pytest.raises(BadInput, match=rf"outputs of stack organization/strongroom/dev-{below}, and nobody says"):
            run(settings_like("dev", layer=layer), stacks={})


def test_a_stack_reference_stands_in_the_graph_as_the_engine_records_it() -> None:
    def program() -> None:
        other = pulumi.StackReference("net", stack_name="organization/net/dev")
        pulumi.export("vpc", other.get_output("vpc"))
        pulumi.export("none", other.get_output("none"))

    around = Surroundings("strongroom", "dev", "", "", {}, PROJECT, {"organization/net/dev": {"vpc": "vpc-1"}})
    graph = capture(program, around)
    (reference,) = graph.of_type("pulumi:pulumi:StackReference")
    assert dict(reference.inputs) == {"name": "organization/net/dev"}
    assert reference.outputs["outputs"] == {"vpc": "vpc-1"}
    assert graph.of_type(STACK)[0].outputs["vpc"] == "vpc-1"
    assert to_json(graph) == to_json(capture(program, around))


def test_a_network_and_a_trail_that_are_there_already_are_used_and_not_made() -> None:
    vpc = {"id": "vpc-0a1b2c3d", "subnets": ["subnet-0a1b2c3d", "subnet-1a1b2c3d"]}
    vpc |= {"workload_group": "sg-0a1b2c3d", "runtime_endpoint": "vpce-0a1b2c3d"}
    values = config_values((PROJECT / "stacks/config/Pulumi.prod.yaml").read_text(encoding="utf-8"), "f")
    trail = f"arn:aws:cloudtrail:eu-central-1:{values['account']}:trail/everything"
    said = {"vpc": vpc, "trail": trail, "baseline": True, "catalogue_key": CATALOGUE_KEY.format(values["account"])}
    adopted = {**values, "adopt": json.dumps(said)}
    graph = run(settings_from(adopted, "prod", "f"))
    assert not graph.of_type("aws:ec2/vpc:Vpc", "aws:cloudtrail/trail:Trail", BASELINE)
    (network,) = graph.of_type("strongroom:index:AdoptedNetwork")
    assert network.get("vpcId") == "vpc-0a1b2c3d"
    assert graph.of_type(ADOPTED)[0].get("arn") == trail
    states = {f.guard: f.state for f in judge(graph)}
    assert failures(graph) == []
    assert states["cloudtrail.trail_exists_and_runs"] is State.UNKNOWN
    assert states["cloudtrail.bucket_access_is_recorded"] in {State.UNKNOWN, State.NOT_APPLICABLE}
    layered = run(settings_from({**adopted, "layer": "serving"}, "prod", "f"))
    assert failures(layered) == []


def test_the_offline_plan_of_a_layer_needs_no_file_of_its_own() -> None:
    whole, layer = read_settings("prod"), read_settings("prod-serving")
    assert layer == whole.model_copy(update={"layer": Layer.SERVING})
    assert replace(run(layer).of_type(STACK)[0], location=()).name == "strongroom-prod-serving"
