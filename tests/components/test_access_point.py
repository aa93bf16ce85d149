from __future__ import annotations

from typing import Any

import pulumi
import pulumi_aws as aws
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from components.access_point import AccessPoint, AccessPointArgs
from core.errors import BadInput
from core.retention import DataClass
from core.verdict import State
from tests.storage_ground import HERE, Ground, objections, one, planned, statements

POINT, ARN = "aws:s3/accessPoint:AccessPoint", "arn:aws:s3:eu-central-1:123456789012:accesspoint/strongroom-prod-door"


def door(ground: Ground, network: Any = "vpc-0a1b2c3d4e5f60718", word: str = "door", **given_args: Any) -> AccessPoint:
    bucket = ground.bucket("raw", ground.logs(), **given_args)
    return AccessPoint(ground.name / word, AccessPointArgs(HERE, bucket, network), ground.home)


def test_a_door_is_for_one_network_and_never_public() -> None:
    def program(ground: Ground) -> None:
        network = aws.ec2.Vpc("network", cidr_block="10.0.0.0/16", opts=pulumi.ResourceOptions(parent=ground.home))
        door(ground, network.id)

    graph = planned(program)
    made = one(graph, POINT)
    assert graph.linked(made, "vpcConfiguration", "vpcId") == one(graph, "aws:ec2/vpc:Vpc")
    assert set(made.get("publicAccessBlockConfiguration").values()) == {True}
    assert len(made.get("publicAccessBlockConfiguration")) == 4
    assert graph.linked(made, "bucket") == one(graph, "aws:s3/bucket:Bucket", "raw")


def test_a_door_is_named_after_its_environment() -> None:
    assert one(planned(door), POINT).get("name") == "strongroom-prod-door"


def test_nobody_comes_in_the_clear_or_from_another_account() -> None:
    graph = planned(door)
    said = statements(graph, one(graph, POINT))
    assert said["OnlyOverTls"]["Resource"] == (ARN, f"{ARN}/object/*")
    assert said["OnlyThisAccount"]["Condition"] == {"StringNotEquals": {"aws:PrincipalAccount": HERE.account}}
    assert {statement["Effect"] for statement in said.values()} == {"Deny"}


def test_a_grant_opens_this_door_and_the_bucket_behind_it_by_this_door_only() -> None:
    graph = planned(lambda ground: door(ground).grant_read(ground.role(), "cases/"))
    by_door, behind, key = statements(graph, one(graph, "aws:iam/policy:Policy")).values()
    assert (by_door["Action"], by_door["Resource"]) == (("s3:GetObject",), (f"{ARN}/object/cases/*",))
    assert behind["Condition"] == {"StringEquals": {"s3:DataAccessPointArn": ARN}}
    assert key["Action"] == ("kms:Decrypt",)


@pytest.mark.parametrize(
    ("given_args", "message"),
    [({"network": "subnet-0a1b2c3d"}, "network is no id of a VPC"), ({"word": "x-s3alias"}, "S3's own aliases")],
)
def test_what_s3_would_refuse_is_refused_here(given_args: dict[str, Any], message: str) -> None:
    with pytest.raises(BadInput, match=f"access point strongroom-prod-[a-z0-9-]+: .*{message}"):
        planned(lambda ground: door(ground, **given_args))


@settings(max_examples=15, deadline=None)
@given(data_class=st.sampled_from(DataClass), keep_days=st.integers(1, 3650), under=st.sampled_from(["", "cases/"]))
def test_no_door_fails_a_guard(data_class: DataClass, keep_days: int, under: str) -> None:
    graph = planned(
        lambda ground: door(ground, data_class=data_class, keep_days=keep_days).grant_read(ground.role(), under)
    )
    assert objections(graph, State.FAIL, State.UNKNOWN) == []
