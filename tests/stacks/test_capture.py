from __future__ import annotations

import asyncio
import os
import runpy
import socket
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pulumi
import pulumi_aws as aws
import pytest

from core.graph import STACK as STACK_TYPE
from core.graph import Graph, GraphError
from core.graph_json import to_json
from core.resource import Location
from core.value import unknowns
from stacks import event_loop
from stacks.blueprint import blueprint
from stacks.capture import Surroundings, capture
from stacks.config_file import config_values, read_settings

ROOT = Path(__file__).resolve().parents[2]
THIS = "tests/stacks/test_capture.py"
STACK = "urn:pulumi:dev::strongroom::pulumi:pulumi:Stack::strongroom-dev"
CONFIG = "stacks/config/Pulumi.dev.yaml"
Planned = Callable[[Callable[[], Any]], Graph]


def platform(around: Surroundings) -> Graph:
    """The real blueprint."""
    read = read_settings("dev")
    return capture(lambda: blueprint(read), replace(around, account=read.account, region=read.region))


@pytest.fixture(scope="module")
def plan() -> Graph:
    return platform(Surroundings("strongroom", "dev", "", "", {}, ROOT))


def line_of(location: Location) -> str:
    return (ROOT / location.file).read_text(encoding="utf-8").splitlines()[location.line - 1].strip()


def test_urns_name_the_types_of_all_parents_but_the_stack(planned: Planned, shelf: Any) -> None:
    """https://www.pulumi.com/docs/iac/concepts/resources/names/#urns."""

    def program() -> None:
        outer = shelf("outer")
        inner = shelf("inner", outer)
        bucket = aws.s3.Bucket("deep", opts=inner.child)
        aws.s3.BucketVersioning(
            "deepest",
            bucket=bucket.id,
            versioning_configuration={"status": "Enabled"},
            opts=pulumi.ResourceOptions(parent=bucket),
        )
        aws.s3.Bucket("top")

    graph = planned(program)
    head, kind = "urn:pulumi:dev::strongroom::", "strongroom:index:Shelf"
    bucket = "aws:s3/bucket:Bucket"
    versioning = "aws:s3/bucketVersioning:BucketVersioning"
    assert {resource.urn: resource.parent for resource in graph.resources} == {
        STACK: "",
        f"{head}{kind}::outer": STACK,
        f"{head}{kind}${kind}::inner": f"{head}{kind}::outer",
        f"{head}{kind}${kind}${bucket}::deep": f"{head}{kind}${kind}::inner",
        f"{head}{kind}${kind}${bucket}${versioning}::deepest": f"{head}{kind}${kind}${bucket}::deep",
        f"{head}{bucket}::top": STACK,
    }


def test_a_provider_is_a_resource_and_those_it_serves_name_it(planned: Planned) -> None:
    def program() -> None:
        home = aws.Provider("home", region="eu-central-1", allowed_account_ids=["123456789012"])
        aws.s3.Bucket("served", opts=pulumi.ResourceOptions(provider=home))
        aws.s3.Bucket("default")

    graph = planned(program)
    (home,) = graph.of_type("pulumi:providers:aws")
    assert home.inputs["region"] == "eu-central-1"
    assert {item.name: item.provider for item in graph.of_type("aws:s3/bucket:Bucket")} == {
        "served": home.urn,
        "default": "",
    }


def test_dependencies_are_recorded_for_each_property_and_as_a_whole(planned: Planned, shelf: Any) -> None:
    def program() -> None:
        box = shelf("box")
        first = aws.s3.Bucket("first", opts=box.child)
        second = aws.s3.Bucket("second", tags={"near": first.id, "far": first.arn})
        aws.s3.Bucket("third", bucket=second.bucket, opts=pulumi.ResourceOptions(depends_on=[box]))

    graph = planned(program)
    by_name = {resource.name: resource for resource in graph.resources}
    assert by_name["second"].property_dependencies == {"tags": {by_name["first"].urn}}
    assert by_name["third"].property_dependencies == {"bucket": {by_name["second"].urn}}
    assert by_name["third"].dependencies == {by_name["first"].urn, by_name["second"].urn}


def test_a_location_runs_from_the_declaring_line_to_the_line_of_the_program(planned: Planned, shelf: Any) -> None:
    def program() -> None:
        aws.s3.Bucket("there", opts=shelf("box").child)

    bucket = planned(program).of_type("aws:s3/bucket:Bucket")[0]
    (place,) = bucket.location
    assert place == Location(THIS, program.__code__.co_firstlineno + 1)


def test_the_location_of_a_platform_resource_names_component_and_blueprint(plan: Graph) -> None:
    bucket = next(item for item in plan.of_type("aws:s3/bucket:Bucket") if item.name.endswith("health-store"))
    assert bucket.location[0].file == "components/bucket.py"
    assert line_of(bucket.location[0]) == "self.store = aws.s3.Bucket("
    layers = {"stacks/stores.py", "stacks/foundation_layer.py", "stacks/blueprint.py", THIS}
    assert {place.file for place in bucket.location[1:]} == layers
    assert [item.urn for item in plan.resources if not item.location] == [plan.of_type(STACK_TYPE)[0].urn]
    assert not [place for item in plan.resources for place in item.location if not (ROOT / place.file).is_file()]


def test_the_platform_is_captured_whole_and_every_unknown_leads_to_a_resource_of_it(plan: Graph) -> None:
    documents = plan.of_type("strongroom:index:PolicyDocument")
    assert len(plan.resources) > 100
    assert len(documents) > 20
    for policy in plan.of_type("aws:s3/bucketPolicy:BucketPolicy"):
        assert plan.linked(policy, "bucket") in plan.of_type("aws:s3/bucket:Bucket")
        assert isinstance(plan.document(policy), Mapping)
    for item in plan.resources:
        for leaf in unknowns(item.inputs):
            assert all(
                source in plan.by_urn or source.rpartition(".")[0] in plan.by_urn for source in leaf.source.split(", ")
            )


def test_the_engines_entry_point_declares_the_same_as_the_offline_plan(plan: Graph, around: Surroundings) -> None:
    values = config_values((ROOT / CONFIG).read_text(encoding="utf-8"), CONFIG)
    config = {f"strongroom:{key}": text for key, text in values.items()}
    account, region = values["account"], values["region"]
    here = replace(around, config=config, account=account, region=region)
    graph = capture(lambda: runpy.run_path(str(ROOT / "stacks"), run_name="__main__"), here)
    assert [replace(item, location=()) for item in graph.resources] == [
        replace(item, location=()) for item in plan.resources
    ]


def test_bad_settings_under_the_engine_are_an_error_of_pulumi_without_a_traceback(around: Surroundings) -> None:
    here = replace(around, config={"strongroom:tier": "prod", "strongroom:ownr": "x"})
    with pytest.raises(pulumi.RunError, match=r"ownr") as caught:
        capture(lambda: runpy.run_path(str(ROOT / "stacks"), run_name="__main__"), here)
    assert caught.value.__suppress_context__


def test_two_resources_of_one_name_are_refused_with_both_lines(planned: Planned) -> None:
    def program() -> None:
        aws.s3.Bucket("same")
        aws.s3.Bucket("same")

    first = program.__code__.co_firstlineno + 1
    with pytest.raises(GraphError, match=rf"duplicate URN: .*::same, .*{THIS}:{first} .*{THIS}:{first + 1};"):
        planned(program)


def test_the_same_name_below_other_parents_is_another_resource(planned: Planned, shelf: Any) -> None:
    class Other(pulumi.ComponentResource):
        def __init__(self) -> None:
            super().__init__("strongroom:index:Other", "other")

    def program() -> None:
        aws.s3.Bucket("same", opts=shelf("box").child)
        aws.s3.Bucket("same", opts=pulumi.ResourceOptions(parent=Other()))

    assert len(planned(program).of_type("aws:s3/bucket:Bucket")) == 2


def test_a_component_that_depends_on_its_own_part_is_refused_with_both_lines(planned: Planned, shelf: Any) -> None:
    def program() -> None:
        later: asyncio.Future[str] = asyncio.Future()
        box = shelf("box", facts={"arn": pulumi.Output.from_input(later)})
        bucket = aws.s3.Bucket("part", opts=box.child)
        bucket.arn.apply(later.set_result)

    first = program.__code__.co_firstlineno
    with pytest.raises(GraphError, match=rf"dependency cycle: .* box .*{THIS}:{first + 2}\); .* part .*:{first + 3}\)"):
        planned(program)


def test_a_circle_of_explicit_dependencies_is_refused_with_its_line(planned: Planned, shelf: Any) -> None:
    def program() -> None:
        box = shelf("box")
        aws.s3.Bucket("part", opts=pulumi.ResourceOptions(parent=box, depends_on=[box]))

    line = program.__code__.co_firstlineno + 2
    with pytest.raises(GraphError, match=rf"dependency cycle: .* box \(.*Bucket part \({THIS}:{line}\)"):
        planned(program)


def test_no_environment_and_no_network_is_needed(
    plan: Graph, around: Surroundings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: Any, **__: Any) -> None:
        msg = "the network was used"
        raise AssertionError(msg)

    for name in list(os.environ):
        monkeypatch.delenv(name)
    monkeypatch.setattr(socket.socket, "connect", refused)
    monkeypatch.setattr(socket.socket, "bind", refused)
    monkeypatch.setattr(socket, "getaddrinfo", refused)
    assert platform(around) == plan


def test_the_order_in_which_registrations_arrive_does_not_show(
    plan: Graph, around: Surroundings, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Shuffled(ThreadPoolExecutor):
        """Several threads, each call a little late, by no rule."""

        def __init__(self, **_: Any) -> None:
            super().__init__(8)

        def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Any:
            return super().submit(lambda: (time.sleep(hash(str(id(fn))) % 7 / 2000), fn(*args, **kwargs))[1])

    monkeypatch.setattr(event_loop, "Inline", Shuffled)
    assert to_json(platform(around)) == to_json(plan)
