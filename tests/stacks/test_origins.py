from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pulumi
import pulumi_aws as aws
import pytest

from components.policy_document import PolicyDocument, allow
from core.engine_state import LATER
from core.graph import Graph
from core.resource import Resource
from core.value import SECRET, Unknown, at

Planned = Callable[[Callable[[], Any]], Graph]
BUCKET = "urn:pulumi:dev::strongroom::aws:s3/bucket:Bucket::"
KEY = "urn:pulumi:dev::strongroom::aws:kms/key:Key::"


def named(graph: Graph, name: str) -> Resource:
    return next(resource for resource in graph.resources if resource.name == name)


def test_an_unknown_input_names_the_property_of_the_resource_it_comes_from(planned: Planned) -> None:
    def program() -> None:
        bucket = aws.s3.Bucket("raw")
        aws.s3.BucketVersioning("versions", bucket=bucket.id, versioning_configuration={"status": "Enabled"})
        aws.s3.BucketPolicy("policy", bucket=bucket.bucket, policy=bucket.arn)

    graph = planned(program)
    assert named(graph, "versions").inputs["bucket"] == Unknown(f"{BUCKET}raw.id")
    assert named(graph, "policy").inputs == {
        "bucket": Unknown(f"{BUCKET}raw.bucket"),
        "policy": Unknown(f"{BUCKET}raw.arn"),
    }


@pytest.mark.parametrize(
    "made",
    [
        pytest.param(lambda arn: arn.apply(lambda value: value + "/*"), id="apply"),
        pytest.param(lambda arn: pulumi.Output.concat(arn, "/*"), id="concat"),
        pytest.param(lambda arn: pulumi.Output.format("{0}/*", arn), id="format"),
        pytest.param(lambda arn: pulumi.Output.all(arn, "x").apply(lambda both: both[0]), id="all"),
        pytest.param(lambda arn: pulumi.Output.json_dumps({"Resource": [arn]}), id="json_dumps"),
        pytest.param(lambda arn: pulumi.Output.from_input("x").apply(lambda _: arn), id="nested"),
    ],
)
def test_a_value_made_of_an_output_names_the_same_property(planned: Planned, made: Callable[[Any], Any]) -> None:
    graph = planned(lambda: aws.s3.BucketPolicy("policy", bucket="b", policy=made(aws.s3.Bucket("raw").arn)))
    assert named(graph, "policy").inputs["policy"] == Unknown(f"{BUCKET}raw.arn")


def test_a_value_made_of_an_id_names_the_resource(planned: Planned) -> None:
    graph = planned(lambda: aws.s3.BucketPolicy("policy", bucket=aws.s3.Bucket("raw").id.apply(str.upper), policy="{}"))
    assert named(graph, "policy").inputs["bucket"] == Unknown(f"{BUCKET}raw")


def test_a_value_made_of_several_outputs_names_them_all(planned: Planned) -> None:
    def program() -> None:
        both = {"key": aws.kms.Key("seal").arn, "bucket": aws.s3.Bucket("raw").arn}
        aws.s3.BucketPolicy("policy", bucket="b", policy=pulumi.Output.json_dumps(both))

    assert named(planned(program), "policy").inputs["policy"] == Unknown(f"{KEY}seal.arn, {BUCKET}raw.arn")


def test_unknown_leaves_of_nested_inputs_stand_each_for_itself_beside_known_ones(planned: Planned) -> None:
    def program() -> None:
        key = aws.kms.Key("seal")
        default = {"sse_algorithm": "aws:kms", "kms_master_key_id": key.arn}
        rule: Any = {"apply_server_side_encryption_by_default": default, "bucket_key_enabled": True}
        aws.s3.BucketServerSideEncryptionConfiguration(
            "sealed",
            bucket=aws.s3.Bucket("raw").id,
            rules=[rule],
        )

    sealed = named(planned(program), "sealed")
    default = {"sseAlgorithm": "aws:kms", "kmsMasterKeyId": Unknown(f"{KEY}seal.arn")}
    assert sealed.inputs["rules"] == ({"applyServerSideEncryptionByDefault": default, "bucketKeyEnabled": True},)
    assert sealed.property_dependencies == {"bucket": {f"{BUCKET}raw"}, "rules": {f"{KEY}seal"}}


def test_argument_classes_are_read_like_mappings(planned: Planned) -> None:
    def program() -> None:
        by_default = aws.s3.BucketServerSideEncryptionConfigurationRuleApplyServerSideEncryptionByDefaultArgs(
            sse_algorithm="aws:kms", kms_master_key_id=aws.kms.Key("seal").arn
        )
        rule = aws.s3.BucketServerSideEncryptionConfigurationRuleArgs(
            apply_server_side_encryption_by_default=by_default
        )
        aws.s3.BucketServerSideEncryptionConfiguration("sealed", bucket="b", rules=[rule])

    rule = named(planned(program), "sealed").inputs["rules"][0]
    assert rule["applyServerSideEncryptionByDefault"]["kmsMasterKeyId"] == Unknown(f"{KEY}seal.arn")


def test_a_policy_document_is_known_but_for_its_unknown_leaves(planned: Planned, shelf: Any) -> None:
    def program() -> None:
        box = shelf("box")
        bucket, key = aws.s3.Bucket("raw"), aws.kms.Key("seal")
        inside = pulumi.Output.concat(bucket.arn, "/*")
        said = [allow("Read", ["s3:GetObject"], [inside, "arn:aws:s3:::other/*"], given={"ArnEquals": {"k": key.arn}})]
        document = PolicyDocument("policy", said, box)
        aws.s3.BucketPolicy("policy", bucket=bucket.id, policy=document.json, opts=box.child)

    graph = planned(program)
    policy = named(graph, "policy")
    statement = at(graph.document(policy), "Statement", 0)
    assert statement["Action"] == ("s3:GetObject",)
    assert statement["Resource"] == (Unknown(f"{BUCKET}raw.arn"), "arn:aws:s3:::other/*")
    assert statement["Condition"] == {"ArnEquals": {"k": Unknown(f"{KEY}seal.arn")}}
    assert policy.property_dependencies["policy"] == {f"{BUCKET}raw", f"{KEY}seal"}


def test_secrets_are_withheld_wherever_they_stand(planned: Planned, shelf: Any) -> None:
    def program() -> None:
        secret = pulumi.Output.secret("hunter2")
        shelf("box", facts={"plain": "seen", "deep": [{"word": secret}]})
        aws.ssm.Parameter("parameter", type="SecureString", value=secret)
        aws.s3.Bucket("raw", tags={"of": pulumi.Output.secret(aws.kms.Key("seal").arn)})
        pulumi.export("word", secret)

    graph = planned(program)
    assert named(graph, "box").inputs == {"plain": "seen", "deep": ({"word": SECRET},)}
    assert named(graph, "parameter").inputs["value"] is SECRET
    assert named(graph, "raw").inputs["tags"] == {"of": SECRET}
    assert graph.of_type("pulumi:pulumi:Stack")[0].outputs == {"word": SECRET}
    assert "hunter2" not in repr(graph)


def test_a_secret_input_stays_secret_on_its_way_through_an_output(planned: Planned) -> None:
    def program() -> None:
        first = aws.ssm.Parameter("first", type="SecureString", value=pulumi.Output.secret("hunter2"))
        aws.ssm.Parameter("second", type="String", value=first.value)

    assert named(planned(program), "second").inputs["value"] is SECRET


def test_inputs_come_back_as_known_outputs_and_everything_else_is_unknown(planned: Planned) -> None:
    seen = []

    def program() -> None:
        bucket = aws.s3.Bucket("raw", bucket="ward-records", tags={"a": "b"})
        pulumi.Output.all(bucket.bucket, bucket.tags).apply(seen.append)
        bucket.arn.apply(seen.append)
        bucket.force_destroy.apply(seen.append)
        aws.s3.BucketVersioning("versions", bucket=bucket.bucket, versioning_configuration={"status": "Enabled"})

    graph = planned(program)
    assert seen == [["ward-records", {"a": "b"}]]
    assert named(graph, "versions").inputs["bucket"] == "ward-records"
    assert named(graph, "versions").property_dependencies == {"bucket": {f"{BUCKET}raw"}}


def test_what_only_the_cloud_can_set_is_an_unknown_output_and_what_was_not_asked_for_is_absent(
    planned: Planned,
) -> None:
    key = named(planned(lambda: aws.kms.Key("seal", description="of records")), "seal")
    assert key.get("arn") == Unknown(f"{KEY}seal.arn")
    assert key.get("id") == Unknown(f"{KEY}seal.id")
    assert key.get("enableKeyRotation") is None
    assert "description" not in key.outputs


def test_an_unknown_input_comes_back_as_the_resources_own_unknown_output(planned: Planned) -> None:
    def program() -> None:
        policy = aws.s3.BucketPolicy("policy", bucket=aws.s3.Bucket("raw").id, policy="{}")
        aws.s3.BucketVersioning("versions", bucket=policy.bucket, versioning_configuration={"status": "Enabled"})

    urn = "urn:pulumi:dev::strongroom::aws:s3/bucketPolicy:BucketPolicy::policy"
    assert named(planned(program), "versions").inputs["bucket"] == Unknown(f"{urn}.bucket")


def test_a_resource_given_as_a_value_stands_for_its_id(planned: Planned, shelf: Any) -> None:
    def program() -> None:
        shelf("box", facts={"bucket": aws.s3.Bucket("raw"), "inner": shelf("inner")})

    graph = planned(program)
    inner = "urn:pulumi:dev::strongroom::strongroom:index:Shelf::inner"
    assert named(graph, "box").inputs == {"bucket": Unknown(f"{BUCKET}raw.id"), "inner": inner}


def test_a_value_without_any_source_is_known_only_after_deployment(planned: Planned, shelf: Any) -> None:
    def program() -> None:
        nowhere: pulumi.Output[str] = pulumi.Output(set(), asyncio.sleep(0, ""), asyncio.sleep(0, result=False))
        shelf("box", facts={"mystery": nowhere})

    assert named(planned(program), "box").inputs == {"mystery": Unknown(LATER)}


def test_names_with_dots_are_not_taken_for_properties(planned: Planned) -> None:
    def program() -> None:
        aws.s3.Bucket("raw.arn")
        aws.s3.BucketPolicy("policy", bucket=aws.s3.Bucket("raw").arn, policy="{}")

    policy = named(planned(program), "policy")
    assert policy.property_dependencies == {"bucket": {f"{BUCKET}raw"}}
    assert policy.dependencies == {f"{BUCKET}raw"}


def test_transformations_of_the_program_run_first_and_never_meet_our_texts(planned: Planned) -> None:
    met: list[Any] = []

    def tagged(args: pulumi.ResourceTransformationArgs) -> pulumi.ResourceTransformationResult | None:
        if not args.type_.startswith("aws:s3/bucketPolicy"):
            return None
        pulumi.Output.from_input(args.props["policy"]).apply(met.append)
        return pulumi.ResourceTransformationResult({**args.props, "bucket": aws.s3.Bucket("other").id}, args.opts)

    def program() -> None:
        pulumi.runtime.register_stack_transformation(tagged)
        aws.s3.BucketPolicy("policy", bucket="b", policy=aws.s3.Bucket("raw").arn)

    policy = named(planned(program), "policy")
    assert policy.inputs == {"bucket": Unknown(f"{BUCKET}other.id"), "policy": Unknown(f"{BUCKET}raw.arn")}
    assert met == []
