from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pulumi
import pulumi_aws as aws
import pytest

from core.errors import BadInput
from core.graph import Graph
from core.resource import Resource
from core.value import SECRET, unknowns
from stacks.capture import Surroundings, capture
from stacks.lookups import looked_up

Planned = Callable[[Callable[[], Any]], Graph]
Made = Callable[..., tuple[Graph, list[Resource]]]


def chain() -> None:
    home = aws.Provider("home", region="eu-central-1")
    opts = pulumi.ResourceOptions(provider=home)
    key = aws.kms.Key("seal", deletion_window_in_days=30, opts=opts)
    bucket = aws.s3.Bucket("raw", tags={"key": key.arn}, opts=opts)
    text = pulumi.Output.json_dumps({"Resource": pulumi.Output.concat(bucket.arn, "/*")})
    aws.s3.BucketPolicy("policy", bucket=bucket.id, policy=text, opts=opts)


def test_each_resource_is_made_once_after_all_it_needs_with_its_inputs_known(made: Made) -> None:
    graph, seen = made(chain)
    assert [resource.name for resource in seen] == ["seal", "raw", "policy"]
    assert seen[1].inputs == {"tags": {"key": "arn:aws:::seal"}}
    assert seen[2].inputs == {"bucket": "raw-id", "policy": '{"Resource": "arn:aws:::raw/*"}'}
    assert not [leaf for item in graph.resources for leaf in unknowns(item.inputs)]


def test_the_graph_carries_what_was_asked_for_and_what_came_of_it(made: Made) -> None:
    graph, seen = made(chain)
    bucket = graph.of_type("aws:s3/bucket:Bucket")[0]
    assert bucket.outputs == {"id": "raw-id", "arn": "arn:aws:::raw"}
    assert bucket.property_dependencies == {"tags": {seen[0].urn}}
    assert graph.linked(graph.of_type("aws:s3/bucketPolicy:BucketPolicy")[0], "bucket") == bucket


def test_what_is_made_sees_whole_numbers_places_and_providers(made: Made) -> None:
    graph, seen = made(chain)
    assert repr(seen[0].inputs["deletionWindowInDays"]) == "30"
    assert seen[0].provider == graph.of_type("pulumi:providers:aws")[0].urn
    assert seen[0].location[0].line == chain.__code__.co_firstlineno + 3


def test_components_providers_and_the_stack_are_not_made(made: Made, shelf: Any) -> None:
    graph, seen = made(lambda: [shelf("box"), aws.Provider("home", region="eu-central-1")])
    assert seen == []
    assert len(graph.resources) == 3


def test_apply_runs_on_what_was_made(made: Made) -> None:
    met: list[Any] = []
    made(lambda: aws.s3.Bucket("raw", bucket="given").arn.apply(met.append))
    assert met == ["arn:aws:::raw"]


def test_secrets_are_open_to_whoever_makes_and_to_nobody_else(made: Made) -> None:
    def program() -> None:
        word = pulumi.Output.secret("hunter2")
        first = aws.ssm.Parameter("first", type="SecureString", value=word)
        aws.ssm.Parameter("second", type="String", value=first.value)
        aws.s3.Bucket("raw", tags={"a": word})

    graph, seen = made(program, value="hunter2", tags={"a": "hunter2"})
    by_name = {resource.name: resource for resource in graph.resources}
    assert {resource.name: resource.inputs.get("value") for resource in seen if resource.name != "raw"} == {
        "first": "hunter2",
        "second": "hunter2",
    }
    assert by_name["second"].inputs["value"] is SECRET
    assert by_name["first"].outputs["value"] is SECRET
    assert by_name["raw"].inputs["tags"] == {"a": SECRET}
    assert by_name["raw"].outputs["tags"] is SECRET
    assert "hunter2" not in repr(graph)


def test_outputs_that_do_not_fit_the_declared_types_are_made_to_fit_or_left_out(made: Made) -> None:
    met: dict[str, Any] = {}

    def program() -> None:
        bucket = aws.s3.Bucket("raw")
        for name in ("tags", "versioning", "policy", "region"):
            pulumi.get(bucket, name).apply(lambda value, name=name: met.update({name: value}))

    strange = {"tags": ["a", "b"], "policy": {"Statement": []}, "versioning": [{"enabled": True}], "unheard": [1]}
    graph, _ = made(program, region="eu-central-1", **strange)
    assert met["tags"] is None
    assert met["versioning"].enabled is True
    assert met["policy"] == '{"Statement": []}'
    assert met["region"] == "eu-central-1"
    assert graph.of_type("aws:s3/bucket:Bucket")[0].outputs["unheard"] == (1,)


def test_a_fault_of_the_maker_surfaces_as_itself_and_names_the_resource(around: Surroundings) -> None:
    seen, fault = [], OSError("disk full")

    def realise(resource: Resource) -> Mapping[str, Any]:
        seen.append(resource.name)
        if resource.name == "raw":
            raise fault
        return {"id": resource.name}

    def program() -> None:
        key = aws.kms.Key("seal")
        for name in ("raw", "beside", "below"):
            aws.s3.Bucket(name, tags={"key": key.arn})

    with pytest.raises(OSError, match="disk full") as caught:
        capture(program, around, realise)
    assert caught.value is fault
    assert "aws:s3/bucket:Bucket::raw (tests/stacks/test_monitor.py:" in caught.value.__notes__[0]
    assert len(caught.value.__notes__) == 1
    assert caught.value.__cause__ is None
    assert seen == ["seal", "raw"]


def test_a_made_resource_without_an_id_is_a_fault_of_the_maker(around: Surroundings) -> None:
    with pytest.raises(TypeError, match="::raw: what was made has no id"):
        capture(lambda: aws.s3.Bucket("raw"), around, lambda _: {"arn": "x"})


def test_an_error_in_the_program_makes_nothing(around: Surroundings) -> None:
    seen: list[Resource] = []

    def program() -> None:
        aws.s3.Bucket("raw")
        raise LookupError

    with pytest.raises(LookupError):
        capture(program, around, lambda resource: seen.append(resource) or {"id": "x"})
    assert seen == []


def test_an_import_cannot_be_made_anew_but_can_be_planned(planned: Planned, made: Made) -> None:
    def program() -> None:
        aws.s3.Bucket("raw", opts=pulumi.ResourceOptions(import_="raw-1234"))

    assert planned(program).of_type("aws:s3/bucket:Bucket")
    with pytest.raises(BadInput, match=r"::raw .*imported"):
        made(program)


def test_options_that_only_an_engine_needs_are_accepted(planned: Planned, shelf: Any) -> None:
    def program() -> None:
        box = shelf("box")
        options = pulumi.ResourceOptions(
            aliases=[pulumi.Alias(name="old"), "urn:pulumi:dev::strongroom::aws:s3/bucket:Bucket::older"],
            protect=True,
            ignore_changes=["tags"],
            replace_on_changes=["bucket"],
            retain_on_delete=True,
            deleted_with=box,
            delete_before_replace=True,
            additional_secret_outputs=["arn"],
            custom_timeouts=pulumi.CustomTimeouts(create="5m"),
            version="7.51.1",
        )
        aws.s3.Bucket("raw", opts=options)

    assert [item.name for item in planned(program).of_type("aws:s3/bucket:Bucket")] == ["raw"]


@pytest.mark.parametrize(
    ("program", "message"),
    [
        pytest.param(aws.s3.get_canonical_user_id, "calls aws:.*getCanonicalUserId.*settings", id="invoke"),
        pytest.param(
            lambda: aws.iam.get_policy_document_output(statements=[]), "calls aws:.*getPolicyDocument", id="output"
        ),
        pytest.param(lambda: aws.s3.Bucket.get("old", "old-id"), "reads aws:s3/bucket:Bucket 'old-id'", id="get"),
        pytest.param(
            lambda: pulumi.StackReference("organization/net/dev"), "outputs of stack organization", id="stack"
        ),
        pytest.param(
            lambda: pulumi.runtime.register_resource_transform(lambda _: None),
            "registers a stack transform",
            id="every",
        ),
        pytest.param(
            lambda: pulumi.runtime.register_invoke_transform(lambda _: None), "registers a invoke transform", id="calls"
        ),
        pytest.param(
            lambda: aws.s3.Bucket("b", opts=pulumi.ResourceOptions(transforms=[lambda _: None])),
            "registers a transform",
            id="one",
        ),
        pytest.param(
            lambda: aws.s3.Bucket(
                "b", opts=pulumi.ResourceOptions(hooks=pulumi.ResourceHookBinding(after_create=[lambda _: None]))
            ),
            "registers a resource hook",
            id="hook",
        ),
        pytest.param(
            lambda: pulumi.ComponentResource("pkg:index:Remote", "far", {}, None, remote=True), "plugin", id="remote"
        ),
    ],
)
def test_what_only_an_engine_or_the_cloud_can_do_is_refused(
    planned: Planned, program: Callable[[], Any], message: str
) -> None:
    with pytest.raises(BadInput, match=message):
        planned(program)


def test_a_refused_call_fails_the_plan_even_where_the_program_hides_it(planned: Planned) -> None:
    def program() -> None:
        try:
            aws.s3.get_canonical_user_id()
        except BadInput:
            aws.s3.Bucket("instead")

    with pytest.raises(BadInput, match="getCanonicalUserId"):
        planned(program)


def test_look_ups_are_answered_from_the_settings(planned: Planned) -> None:
    met: dict[str, Any] = {}

    def program() -> None:
        met["account"] = aws.get_caller_identity().account_id
        met["region"] = aws.get_region().region
        met["partition"] = aws.get_partition().dns_suffix
        met["zones"] = aws.get_availability_zones(state="available").names
        aws.get_region_output(region="us-east-1").apply(lambda found: met.update(other=found.endpoint))

    planned(program)
    assert met == {
        "account": "123456789012",
        "region": "eu-central-1",
        "partition": "amazonaws.com",
        "zones": ["eu-central-1a", "eu-central-1b", "eu-central-1c"],
        "other": "ec2.us-east-1.amazonaws.com",
    }


def test_zones_by_a_filter_are_not_guessed() -> None:
    token = "aws:index/getAvailabilityZones:getAvailabilityZones"
    with pytest.raises(BadInput, match="filters"):
        looked_up(token, {"filters": []}, "123456789012", "eu-central-1")
