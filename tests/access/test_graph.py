from __future__ import annotations

import json
from typing import Any

import pytest

from access.acl import Acl
from access.decide import Outcome, decide
from access.document import Document
from access.faults import RequestError
from access.graph_identity import boundary_of, caller_of, identity_of, role_named
from access.graph_resources import endpoint_for, endpoint_policy, resource_layers, tags_of, target_of
from access.layers import Layers
from access.request import Request
from access.sealed import key_of, key_request
from access.symbols import Symbols
from core.graph import Graph, graph_of
from core.resource import Resource
from core.value import Unknown

HOME, REGION = "111122223333", "eu-central-1"
STORE = "arn:aws:s3:::ward-⟨ward⟩"
KEY = f"arn:aws:kms:{REGION}:{HOME}:key/⟨ward-key⟩"


def urn(token: str, name: str) -> str:
    return f"urn:pulumi:prod::wards::{token}::{name}"


def allow(action: str, resource: Any = "*", **more: Any) -> str:
    return json.dumps(
        {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": action, "Resource": resource, **more}]}
    )


PROGRAM: list[tuple[str, str, dict[str, Any]]] = [
    (
        "iam/role:Role",
        "ward-reader-role",
        {
            "assumeRolePolicy": "{}",
            "tags": {"team": "ward"},
            "permissionsBoundary": f"arn:aws:iam::{HOME}:policy/limit",
        },
    ),
    ("iam/policy:Policy", "limit", {"name": "limit", "policy": allow("s3:*")}),
    ("iam/policy:Policy", "reads", {"policy": allow("s3:GetObject", f"{STORE}/*")}),
    (
        "iam/rolePolicyAttachment:RolePolicyAttachment",
        "reads",
        {"role": "ward-reader-role-⟨ward-reader-role⟩", "policyArn": f"arn:aws:iam::{HOME}:policy/reads-⟨reads⟩"},
    ),
    (
        "iam/rolePolicy:RolePolicy",
        "lists",
        {"role": "ward-reader-role-⟨ward-reader-role⟩", "policy": allow("s3:ListBucket", STORE)},
    ),
    ("s3/bucket:Bucket", "ward", {"tags": {"team": "ward"}}),
    (
        "s3/bucketPolicy:BucketPolicy",
        "ward",
        {"bucket": "ward-⟨ward⟩", "policy": allow("s3:PutObject", f"{STORE}/*", Principal="*")},
    ),
    (
        "s3/bucketOwnershipControls:BucketOwnershipControls",
        "ward",
        {"bucket": "ward-⟨ward⟩", "rule": {"objectOwnership": "ObjectWriter"}},
    ),
    (
        "s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
        "ward",
        {"bucket": "ward-⟨ward⟩", "restrictPublicBuckets": True},
    ),
    (
        "s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
        "ward",
        {
            "bucket": "ward-⟨ward⟩",
            "rules": [{"applyServerSideEncryptionByDefault": {"kmsMasterKeyId": KEY}, "bucketKeyEnabled": True}],
        },
    ),
    ("kms/key:Key", "ward-key", {"policy": allow("kms:*", Principal={"AWS": HOME}), "tags": {"team": "ward"}}),
    (
        "kms/grant:Grant",
        "lent",
        {"keyId": "⟨ward-key⟩", "granteePrincipal": f"arn:aws:iam::{HOME}:role/x", "operations": ["Decrypt"]},
    ),
    (
        "ec2/vpcEndpoint:VpcEndpoint",
        "door",
        {"serviceName": f"com.amazonaws.{REGION}.s3", "policy": allow("s3:*", Principal="*")},
    ),
]
"""Type without its provider, logical name, inputs: names in AWS are told as symbols."""


@pytest.fixture
def graph() -> Graph:
    symbols = Symbols(HOME, REGION)
    made = [Resource(f"aws:{kind}", urn(f"aws:{kind}", name), inputs) for kind, name, inputs in PROGRAM]
    return graph_of([Resource(one.type, one.urn, one.inputs, symbols(one)) for one in made])


def labels(policies: Any) -> list[str]:
    return [one.label if isinstance(one, Document) else f"? {one.source}" for one in policies]


def test_all_that_is_attached_to_a_role_is_found(graph: Graph) -> None:
    role = role_named(graph, "reader")
    assert labels(identity_of(graph, role)) == ["lists", "reads"]
    assert labels([boundary_of(graph, role)]) == ["limit"]
    caller = caller_of(role)
    assert caller.arn == f"arn:aws:iam::{HOME}:role/ward-reader-role-⟨ward-reader-role⟩"
    assert caller.tags == {"team": "ward"}


def test_a_policy_that_is_not_in_the_graph_is_unknown_and_not_empty() -> None:
    arn = f"arn:aws:iam::{HOME}:role/r"
    inputs = {
        "managedPolicyArns": ["arn:aws:iam::aws:policy/ReadOnlyAccess"],
        "permissionsBoundary": "arn:aws:iam::aws:policy/X",
    }
    role = Resource("aws:iam/role:Role", urn("aws:iam/role:Role", "r"), inputs, {"arn": arn})
    stray = Resource(
        "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
        urn("a", "stray"),
        {"role": Unknown("x"), "policyArn": Unknown("y")},
    )
    graph = graph_of([role, stray])
    (role,) = graph.of_type(role.type)
    assert labels(identity_of(graph, role)) == [
        "? stray, which may be attached to r",
        "? arn:aws:iam::aws:policy/ReadOnlyAccess",
    ]
    assert isinstance(boundary_of(graph, role), Unknown)


def test_a_persona_that_is_no_role_is_told_with_those_there_are(graph: Graph) -> None:
    with pytest.raises(RequestError, match="there are ward-reader-role"):
        role_named(graph, "writer")


@pytest.mark.parametrize(
    ("said", "arn", "name"),
    [
        ("ward", STORE, "ward"),
        ("ward-key", KEY, "ward-key"),
        (f"{STORE}/a", f"{STORE}/a", "ward"),
        ("arn:aws:s3:::ward-1a2b3c4/a", f"{STORE}/a", "ward"),
        ("arn:aws:s3:::elsewhere/*", "arn:aws:s3:::elsewhere/⟨any⟩", None),
        ("*", "*", None),
    ],
)
def test_a_resource_is_named_by_its_arn_or_by_its_logical_name(
    graph: Graph, said: str, arn: str, name: str | None
) -> None:
    if said == "ward":
        with pytest.raises(RequestError, match="the name of one resource"):
            target_of(
                graph_of([*graph.resources, Resource("aws:s3/bucket:Bucket", urn("b", "ward"), {}, {"arn": "arn:x"})]),
                said,
            )
    named = target_of(
        Graph(tuple(one for one in graph.resources if "Bucket::" in one.urn or "bucket" not in one.type)), said
    )
    assert (named.arn, named.resource.name if named.resource else None) == (arn, name)


def test_what_stands_by_a_bucket_is_found(graph: Graph) -> None:
    bucket = next(one for one in graph.resources if one.type == "aws:s3/bucket:Bucket")
    layers = resource_layers(graph, target_of(graph, f"{bucket.get('arn')}/a"), "s3:GetObject")
    assert isinstance(layers.resource, Document)
    assert layers.acls_enabled is True
    assert layers.acl == Acl(())
    assert layers.block.restricts is True
    key, bucket_key = key_of(graph, bucket)
    assert isinstance(key, Resource)
    assert (key.name, bucket_key) == ("ward-key", True)


def test_what_stands_by_a_key_is_found(graph: Graph) -> None:
    layers = resource_layers(graph, target_of(graph, "ward-key"), "kms:Decrypt")
    assert isinstance(layers.resource, Document)
    assert [grant.operations for grant in layers.grants] == [frozenset({"Decrypt"})]
    assert tags_of(target_of(graph, "ward-key")) == {"aws:resourcetag/team": "ward"}


def test_the_endpoint_of_a_service_is_found_with_its_policy(graph: Graph) -> None:
    endpoint = endpoint_for(graph, "s3:GetObject")
    assert endpoint is not None
    policy, at_gateway = endpoint_policy(graph, endpoint)
    assert isinstance(policy, Document)
    assert at_gateway
    assert endpoint_for(graph, "sagemaker:InvokeEndpoint") is None


def test_reading_a_sealed_object_asks_the_key_in_the_name_of_the_bucket(graph: Graph) -> None:
    role, target = role_named(graph, "reader"), target_of(graph, f"{STORE}/a")
    key, _ = key_of(graph, next(one for one in graph.resources if one.type == "aws:s3/bucket:Bucket"))
    assert isinstance(key, Resource)
    request = Request(caller_of(role), "s3:GetObject", target.arn, HOME)
    further = key_request(request, target, key, bucket_key=True, region=REGION)
    assert further is not None
    assert (further.action, further.resource) == ("kms:Decrypt", KEY)
    assert further.value("kms:encryptioncontext:aws:s3:arn") == STORE
    alone = key_request(request, target, key, bucket_key=False, region=REGION)
    assert alone is not None
    assert alone.value("kms:encryptioncontext:aws:s3:arn") == f"{STORE}/a"
    layers = Layers(identity=identity_of(graph, role))
    assert decide(request, layers).outcome is Outcome.ALLOWED


def test_two_resources_of_one_name_never_share_a_symbol() -> None:
    symbols = Symbols(HOME, REGION)
    first, second = (symbols(Resource("aws:kms/key:Key", f"{n}::key")) for n in "ab")
    assert first["arn"] != second["arn"]
