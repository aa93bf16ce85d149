"""Perimeters as the settings draw them: whom they spare is somebody, and an adopted network is named too."""

from __future__ import annotations

import json
from typing import Any

import pytest

from core.graph import Graph
from core.settings import settings_from
from core.value import Unknown
from stacks.blueprint import blueprint
from stacks.capture import Surroundings, capture
from stacks.config_file import PROJECT, config_values

ACCOUNT = "333344445555"
BUCKET, POLICY, ROLE = "aws:s3/bucket:Bucket", "aws:s3/bucketPolicy:BucketPolicy", "aws:iam/role:Role"
CLASS = "strongroom:data-class"
VPC = {
    "id": "vpc-0a1b2c3d",
    "subnets": ["subnet-0a1b2c3d", "subnet-1a2b3c4d"],
    "workload_group": "sg-0a1b2c3d",
    "runtime_endpoint": "vpce-0a1b2c3d",
}


def planned(**sections: Any) -> Graph:
    values = config_values((PROJECT / "stacks/config/Pulumi.prod.yaml").read_text(encoding="utf-8"), "prod")
    settings = settings_from({**values, **{key: json.dumps(held) for key, held in sections.items()}}, "prod", "prod")
    return capture(lambda: blueprint(settings), Surroundings("strongroom", "prod", ACCOUNT, "", {}, PROJECT))


def refusals(graph: Graph) -> dict[str, Any]:
    """What each store refuses to whoever calls from elsewhere, by the store's name."""
    found: dict[str, Any] = {}
    for policy in graph.of_type(POLICY):
        document: Any = graph.document(policy)
        for statement in document["Statement"]:
            if statement["Sid"] == "OnlyFromInside":
                found[policy.name.removesuffix("-policy")] = statement["Condition"]
    return found


@pytest.fixture(scope="module")
def prod() -> Graph:
    return planned()


def test_every_store_about_people_has_a_perimeter_and_no_other(prod: Graph) -> None:
    about = {one.name for one in prod.of_type(BUCKET) if one.get("tags", CLASS) in {"personal", "health"}}
    assert {f"{name}-store" for name in refusals(prod)} == about
    assert len(about) == 5


def test_whoever_is_spared_is_one_role_of_a_service(prod: Graph) -> None:
    roles = {one.name: one.get("tags", "strongroom:taken-by") for one in prod.of_type(ROLE)}
    for store, condition in refusals(prod).items():
        for arn in condition["ArnNotLike"]["aws:PrincipalArn"]:
            stem = arn.rpartition("/")[2].removesuffix("*")
            assert [taken for name, taken in roles.items() if f"{name}-".startswith(stem)] == [None], (store, arn)


def test_the_store_of_health_data_spares_all_services_that_work_on_it(prod: Graph) -> None:
    spared = refusals(prod)["wardlight-prod-data-health"]["ArnNotLike"]["aws:PrincipalArn"]
    assert {arn.rpartition("/")[2] for arn in spared} == {
        "wardlight-prod-backups-maker-role-*",
        "wardlight-prod-far-health-copier-role-*",
        "wardlight-prod-features-arrivals-writer-role-*",
        "wardlight-prod-lake-health-vendor-role-*",
    }


def test_the_network_is_that_of_the_environment(prod: Graph) -> None:
    for condition in refusals(prod).values():
        (network,) = condition["StringNotEquals"]["aws:SourceVpc"]
        assert isinstance(network, Unknown)
        assert "aws:ec2/vpc:Vpc::wardlight-prod-network-vpc" in network.source


def test_an_adopted_network_is_named_by_its_id() -> None:
    networks = {
        condition["StringNotEquals"]["aws:SourceVpc"] for condition in refusals(planned(adopt={"vpc": VPC})).values()
    }
    assert networks == {(VPC["id"],)}
