from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import BadInput
from core.graph import graph_of
from core.resource import Resource
from core.value import SECRET, Unknown
from policies.judge import guards
from policies.terraform import Bridge, bridged
from policies.terraform_names import Names, names_from, snake

DATA = Path(__file__).resolve().parents[2] / "policies" / "data" / "terraform.json"
NAMES = names_from(DATA.read_text(encoding="utf-8"), DATA.name)
STEM = "urn:pulumi:prod::ward::"
BUCKET, KEY = "aws:s3/bucket:Bucket", "aws:kms/key:Key"
SEALED = "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration"
BAIT = "hunter2-never-shown"


def urn(token: str, name: str) -> str:
    return f"{STEM}{token}::{name}"


def resource(token: str, name: str, links: Mapping[str, frozenset[str]] | None = None, **inputs: Any) -> Resource:
    return Resource(token, urn(token, name), inputs, property_dependencies=links or {})


def bridge(*resources: Resource) -> Bridge:
    return bridged(graph_of(resources), NAMES)


def values(made: Bridge, address: str) -> Mapping[str, Any]:
    assert made.plan is not None
    return next(r["values"] for r in made.plan["planned_values"]["root_module"]["resources"] if r["address"] == address)


def unknown(made: Bridge, address: str) -> Mapping[str, Any]:
    assert made.plan is not None
    return next(c["change"]["after_unknown"] for c in made.plan["resource_changes"] if c["address"] == address)


def expressions(made: Bridge, address: str) -> Mapping[str, Any]:
    assert made.plan is not None
    found = made.plan["configuration"]["root_module"]["resources"]
    return next(r["expressions"] for r in found if r["address"] == address)


def test_names_are_terraforms_own_down_to_nested_blocks() -> None:
    rules = [{"applyServerSideEncryptionByDefault": {"sseAlgorithm": "aws:kms"}, "bucketKeyEnabled": True}]
    made = bridge(resource(SEALED, "sealed", bucket="records", rules=rules))
    assert values(made, "aws_s3_bucket_server_side_encryption_configuration.sealed") == {
        "bucket": "records",
        "rule": [
            {"apply_server_side_encryption_by_default": [{"sse_algorithm": "aws:kms"}], "bucket_key_enabled": True}
        ],
    }


def test_keys_of_tags_and_environments_are_data_and_stay_as_they_are() -> None:
    held = {"name": "triage", "tags": {"CostCentre": "7"}, "environment": {"variables": {"logLevel": "info"}}}
    function = Resource("aws:lambda/function:Function", urn("aws:lambda/function:Function", "triage"), held)
    assert values(bridge(function), "aws_lambda_function.triage") == {
        "function_name": "triage",
        "tags": {"CostCentre": "7"},
        "environment": [{"variables": {"logLevel": "info"}}],
    }


@pytest.mark.parametrize("token", [BUCKET, "aws:s3/bucketV2:BucketV2"])
def test_both_tokens_of_a_bucket_are_one_type(token: str) -> None:
    assert set(bridge(resource(token, "records")).urns) == {"aws_s3_bucket.records"}


def test_what_is_not_known_yet_is_left_out_named_and_referred_to() -> None:
    key = resource(KEY, "seal", enableKeyRotation=True)
    source = Unknown(f"{key.urn}.arn")
    by_key = {"applyServerSideEncryptionByDefault": {"sseAlgorithm": "aws:kms", "kmsMasterKeyId": source}}
    made = bridge(key, resource(SEALED, "sealed", bucket=Unknown("another stack"), rules=[by_key]))
    address = "aws_s3_bucket_server_side_encryption_configuration.sealed"
    assert "bucket" not in values(made, address)
    assert unknown(made, address) == {
        "bucket": True,
        "rule": [{"apply_server_side_encryption_by_default": [{"kms_master_key_id": True}]}],
    }
    (rule,) = expressions(made, address)["rule"]
    (default,) = rule["apply_server_side_encryption_by_default"]
    assert default["kms_master_key_id"] == {"references": ["aws_kms_key.seal.arn", "aws_kms_key.seal"]}
    assert made.unseen[urn(SEALED, "sealed")] == ("bucket", "rules.applyServerSideEncryptionByDefault.kmsMasterKeyId")


def test_a_known_name_of_another_resource_becomes_a_reference() -> None:
    bucket = Resource(BUCKET, urn(BUCKET, "records"), {}, {"id": "records-7f3a", "arn": "arn:aws:s3:::records-7f3a"})
    links = {"bucket": frozenset({bucket.urn})}
    made = bridge(bucket, resource(SEALED, "sealed", links, bucket="records-7f3a", rules=[]))
    address = "aws_s3_bucket_server_side_encryption_configuration.sealed"
    assert expressions(made, address)["bucket"]["references"] == ["aws_s3_bucket.records.id", "aws_s3_bucket.records"]
    assert "bucket" not in values(made, address)


def test_a_value_that_names_nothing_is_no_reference_whatever_else_the_property_depends_on() -> None:
    bucket = resource(BUCKET, "models")
    model = resource(
        "aws:sagemaker/model:Model",
        "triage",
        {"primaryContainer": frozenset({bucket.urn})},
        primaryContainer={"image": "image@sha256:0", "modelDataUrl": Unknown(f"{bucket.urn}.bucket")},
    )
    (container,) = values(bridge(bucket, model), "aws_sagemaker_model.triage")["primary_container"]
    assert container["image"] == "image@sha256:0"


def test_a_policy_that_is_dark_as_a_text_is_read_from_its_statements() -> None:
    key, parent = resource(KEY, "seal"), f"{STEM}strongroom:index:Role::role"
    policy = Resource(
        "aws:iam/policy:Policy", urn("aws:iam/policy:Policy", "use"), {"policy": Unknown("text")}, parent=parent
    )
    statement = {"Effect": "Allow", "Action": "kms:Decrypt", "Resource": Unknown(f"{key.urn}.arn")}
    document = Resource(
        "strongroom:index:PolicyDocument",
        urn("strongroom:index:PolicyDocument", "document"),
        {"of": "use", "attribute": "policy", "document": {"Statement": [statement]}},
        parent=parent,
    )
    text = values(bridge(key, policy, document), "aws_iam_policy.use")["policy"]
    assert json.loads(text)["Statement"][0]["Resource"] == "${aws_kms_key.seal.arn}"


def test_a_secret_leaves_under_no_name() -> None:
    store = resource("aws:ssm/parameter:Parameter", "token", value=SECRET, type="SecureString")
    pod = resource(
        "kubernetes:core/v1:Secret", "seed", apiVersion="v1", kind="Secret", metadata={}, stringData={"a": BAIT}
    )
    made = bridge(store, pod)
    assert "value" not in values(made, "aws_ssm_parameter.token")
    assert unknown(made, "aws_ssm_parameter.token")["value"] is True
    assert BAIT not in json.dumps(made.plan) + json.dumps(dict(made.manifests))


def test_kubernetes_resources_are_manifests_and_lead_back_to_their_urn() -> None:
    token = "kubernetes:apps/v1:Deployment"
    spec = {"template": {"spec": {"containers": [{"name": "a", "image": Unknown("registry"), "tty": False}]}}}
    made = bridge(resource(token, "door", apiVersion="apps/v1", kind="Deployment", spec=spec))
    ((name, body),) = made.manifests.items()
    assert made.urns == {name: urn(token, "door")}
    assert body["spec"]["template"]["spec"]["containers"] == [{"name": "a", "tty": False}]
    assert body["metadata"]["name"] == "door"
    assert made.unseen[urn(token, "door")]


def test_resources_without_a_name_in_terraform_are_counted_out_loud() -> None:
    made = bridge(resource("random:index/randomId:RandomId", "suffix"), resource(BUCKET, "records"))
    assert made.left_out == (urn("random:index/randomId:RandomId", "suffix"),)


def test_alike_names_get_addresses_of_their_own() -> None:
    parents = [f"{STEM}strongroom:index:Bucket${BUCKET}::records", f"{STEM}strongroom:index:Copy${BUCKET}::records"]
    made = bridge(*(Resource(BUCKET, urn) for urn in parents))
    assert made.urns == {"aws_s3_bucket.records": parents[0], "aws_s3_bucket.records_2": parents[1]}


def test_every_type_that_guards_speak_of_has_a_name() -> None:
    tokens = {t for g in guards().values() for t in g.on if t.startswith("aws:") and "/" in t}
    assert sorted(tokens - set(NAMES)) == []


@pytest.mark.parametrize("text", ["", "{", '{"types": {"aws:a/b:C": {}}}', '{"types": {"aws:a/b:C": [7]}}'])
def test_a_broken_table_is_refused_with_its_place(text: str) -> None:
    with pytest.raises(BadInput, match=r"table\.json"):
        names_from(text, "table.json")


@pytest.mark.parametrize(
    ("camel", "plain"),
    [("kmsMasterKeyId", "kms_master_key_id"), ("arn", "arn"), ("cidrIpv4", "cidr_ipv4"), ("isIPv6", "is_i_pv6")],
)
def test_names_are_parted_at_their_humps(camel: str, plain: str) -> None:
    assert snake(camel) == plain


LEAVES = st.sampled_from([None, True, 7, "text", "arn:aws:s3:::records", SECRET, Unknown("later"), (), {}])
GARBAGE = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("ab"), inner), max_leaves=6
)
TOKENS = sorted(NAMES)


@given(st.dictionaries(st.sampled_from(["bucket", "rules", "tags", "policy"]), GARBAGE), st.sampled_from(TOKENS))
def test_whatever_a_program_holds_becomes_json(held: dict[str, Any], token: str) -> None:
    made = bridge(Resource(token, urn(token, "one"), held))
    assert json.dumps(made.plan, allow_nan=False)


def test_names_fit_the_type_they_stand_for() -> None:
    names: Names = NAMES
    assert names[BUCKET].of("lifecycleRules.transitions") == "transition"
    assert names["aws:sns/topicSubscription:TopicSubscription"].of("topic") == "topic_arn"
    assert names["aws:lb/loadBalancer:LoadBalancer"].name == "aws_lb"
