from __future__ import annotations

from typing import Any

import pytest

from access.acl import Acl
from access.document import Document
from access.graph_buckets import bucket_layers, point_block
from access.graph_points import behind, network_of
from access.graph_resources import endpoint_policy, keys_of, resource_layers, target_of
from access.request import Request
from access.symbols import Symbols
from core.graph import Graph, graph_of
from core.resource import Resource
from core.value import Unknown
from tests.access.conftest import CALLERS
from tests.access.test_graph import HOME, REGION, allow, urn

POINT = f"arn:aws:s3:{REGION}:{HOME}:accesspoint/door"
BUCKET = "arn:aws:s3:::ward"


def program(*parts: tuple[str, str, dict[str, Any]]) -> Graph:
    symbols = Symbols(HOME, REGION)
    held = [("s3/bucket:Bucket", "ward", {"bucket": "ward"}), *parts]
    made = [Resource(f"aws:{kind}", urn(f"aws:{kind}", name), inputs) for kind, name, inputs in held]
    return graph_of([Resource(one.type, one.urn, one.inputs, symbols(one)) for one in made])


def layers(*parts: tuple[str, str, dict[str, Any]]) -> Any:
    graph = program(*parts)
    return bucket_layers(graph, next(one for one in graph.resources if one.name == "ward"), None)


def test_the_strictest_of_bucket_and_account_counts() -> None:
    account = ("s3/accountPublicAccessBlock:AccountPublicAccessBlock", "all", {"restrictPublicBuckets": True})
    block = ("s3/bucketPublicAccessBlock:BucketPublicAccessBlock", "own", {"bucket": "ward", "ignorePublicAcls": True})
    assert (layers(account).block.restricts, layers(account).block.ignores_acls) == (True, False)
    assert (layers(account, block).block.restricts, layers(account, block).block.ignores_acls) == (True, True)
    assert layers().block.restricts is False


def test_a_block_that_does_not_tell_its_bucket_is_a_doubt() -> None:
    loose = ("s3/bucketPublicAccessBlock:BucketPublicAccessBlock", "own", {"bucket": Unknown("x")})
    assert isinstance(layers(loose).block.restricts, Unknown)


@pytest.mark.parametrize(("said", "many"), [("private", 0), ("public-read", 1), ("public-read-write", 2)])
def test_a_list_by_its_short_name_is_read(said: str, many: int) -> None:
    found = layers(("s3/bucketAcl:BucketAcl", "list", {"bucket": "ward", "acl": said})).acl
    assert isinstance(found, Acl)
    assert len(found.grants) == many


@pytest.mark.parametrize("inputs", [{"accessControlPolicy": {"grants": ()}}, {"acl": "no-such"}, {"acl": Unknown("x")}])
def test_any_other_list_is_unknown(inputs: dict[str, Any]) -> None:
    found = layers(("s3/bucketAcl:BucketAcl", "list", {"bucket": "ward", **inputs})).acl
    assert isinstance(found, Unknown)


def door(**more: Any) -> Graph:
    return program(("s3/accessPoint:AccessPoint", "door", {"name": "door", "bucket": "ward", **more}))


def test_a_request_through_an_access_point_meets_the_point_and_the_bucket_behind_it() -> None:
    graph = door(policy=allow("s3:GetObject", f"{POINT}/object/*", Principal="*"), vpcConfiguration={"vpcId": "vpc-1"})
    target = target_of(graph, f"{POINT}/object/a/b")
    assert target.resource is not None
    assert isinstance(resource_layers(graph, target, "s3:GetObject").resource, Document)
    found = behind(graph, Request(CALLERS["alice"], "s3:GetObject", target.arn, HOME), target)
    assert isinstance(found, tuple)
    request, bucket = found
    assert (request.resource, bucket.arn) == (f"{BUCKET}/a/b", f"{BUCKET}/a/b")
    assert request.value("s3:dataaccesspointarn") == POINT
    assert request.value("s3:accesspointnetworkorigin") == "VPC"
    assert network_of(target.resource) == "vpc-1"


def test_what_is_no_access_point_has_nothing_behind_it() -> None:
    graph = door()
    target = target_of(graph, f"{BUCKET}/a")
    assert behind(graph, Request(CALLERS["alice"], "s3:GetObject", target.arn, HOME), target) is None


def test_a_point_before_a_bucket_from_elsewhere_is_not_guessed() -> None:
    graph = program(("s3/accessPoint:AccessPoint", "door", {"name": "door", "bucket": "elsewhere"}))
    target = target_of(graph, f"{POINT}/object/a")
    assert isinstance(behind(graph, Request(CALLERS["alice"], "s3:GetObject", target.arn, HOME), target), Unknown)


def test_an_access_point_is_shut_unless_it_was_made_otherwise() -> None:
    graph = door()
    (point,) = graph.of_type("aws:s3/accessPoint:AccessPoint")
    assert point_block(graph, point).restricts is True
    opened = door(publicAccessBlockConfiguration={"restrictPublicBuckets": False})
    (point,) = opened.of_type("aws:s3/accessPoint:AccessPoint")
    assert point_block(opened, point).restricts is False


def test_an_endpoint_policy_may_stand_beside_its_endpoint() -> None:
    kind = "ec2/vpcEndpoint:VpcEndpoint"
    beside = {"vpcEndpointId": "⟨way⟩", "policy": allow("s3:GetObject", Principal="*")}
    graph = program(
        (kind, "way", {"serviceName": f"com.amazonaws.{REGION}.s3"}),
        ("ec2/vpcEndpointPolicy:VpcEndpointPolicy", "way", beside),
    )
    policy, _ = endpoint_policy(graph, graph.of_type(f"aws:{kind}")[0])
    assert isinstance(policy, Document)


def test_a_grant_that_does_not_tell_its_key_may_be_on_any() -> None:
    key = ("kms/key:Key", "k", {"policy": allow("kms:*", Principal={"AWS": HOME})})
    lent = {"keyId": Unknown("x"), "granteePrincipal": f"arn:aws:iam::{HOME}:user/alice", "operations": ["Decrypt"]}
    graph = program(key, ("kms/grant:Grant", "lent", lent))
    target = target_of(graph, "k")
    (grant,) = resource_layers(graph, target, "kms:Decrypt").grants
    truth = grant.covers(Request(CALLERS["alice"], "kms:Decrypt", target.arn))
    assert not isinstance(truth, bool)


def test_what_a_resource_is_decides_keys_of_the_request() -> None:
    limit = f"arn:aws:iam::{HOME}:policy/limit"
    graph = program(
        ("iam/role:Role", "r", {"permissionsBoundary": limit, "tags": {"team": "ward"}}),
        ("kms/key:Key", "k", {"multiRegion": True}),
        ("kms/alias:Alias", "a", {"name": "alias/a", "targetKeyId": "⟨k⟩"}),
    )
    role, key = target_of(graph, "r"), target_of(graph, "k")
    assert keys_of(graph, role, "iam:AttachRolePolicy")["iam:permissionsboundary"] == limit
    assert keys_of(graph, role, "iam:AttachRolePolicy")["iam:resourcetag/team"] == "ward"
    assert "iam:permissionsboundary" not in keys_of(graph, role, "iam:PutRolePermissionsBoundary")
    assert keys_of(graph, key, "kms:Decrypt")["kms:resourcealiases"] == ("alias/a",)
    assert keys_of(graph, key, "kms:Decrypt")["kms:multiregion"] == "true"
