"""What stores and keys get besides themselves, as the settings say it, in the plan of a whole environment."""

from __future__ import annotations

import json
from typing import Any

import pytest

from core.graph import Graph
from core.resource import Resource
from core.settings import settings_from
from core.verdict import State
from policies.judge import judge
from stacks.blueprint import blueprint
from stacks.capture import Surroundings, capture
from stacks.config_file import PROJECT, config_values

ACCOUNT = "333344445555"
ADMIN = f"arn:aws:iam::{ACCOUNT}:role/key-admin-*"
KEY, COPY, ALIAS = "aws:kms/key:Key", "aws:kms/replicaKey:ReplicaKey", "aws:kms/alias:Alias"
BUCKET, REPLICATION = "aws:s3/bucket:Bucket", "aws:s3/bucketReplicationConfig:BucketReplicationConfig"
INVENTORY, NEWS = "aws:s3/inventory:Inventory", "aws:s3/bucketNotification:BucketNotification"
DOOR, TRAIL = "aws:s3/accessPoint:AccessPoint", "aws:cloudtrail/trail:Trail"
STORES = ("-data-", "-models-", "-captured-", "-answers-")


def planned(**sections: Any) -> Graph:
    values = config_values((PROJECT / "stacks/config/Pulumi.prod.yaml").read_text(encoding="utf-8"), "prod")
    settings = settings_from({**values, **{key: json.dumps(held) for key, held in sections.items()}}, "prod", "prod")
    return capture(lambda: blueprint(settings), Surroundings("strongroom", "prod", ACCOUNT, "", {}, PROJECT))


def objections(graph: Graph) -> list[tuple[str, str]]:
    """What fails, and what is unknown without being a live account's to tell."""
    told = (f for f in judge(graph) if f.state in {State.FAIL, State.UNKNOWN} and not f.awaits_account)
    return [(f.guard, f.message) for f in told]


def of_buckets(graph: Graph, token: str) -> set[str]:
    """The names of the buckets that resources of this type belong to."""
    found = [graph.linked(one, "bucket") for one in graph.of_type(token)]
    return {bucket.name for bucket in found if isinstance(bucket, Resource)}


@pytest.fixture(scope="module")
def usual() -> Graph:
    return planned()


def test_data_about_people_is_copied_to_the_other_region_and_recorded_there_too(usual: Graph) -> None:
    copies = [config for config in usual.of_type(REPLICATION) if config.name.startswith("wardlight-prod-data-")]
    assert {config.name for config in copies} == {
        "wardlight-prod-data-health-copied",
        "wardlight-prod-data-personal-copied",
    }
    far = [bucket for bucket in usual.of_type(BUCKET) if "-far-" in bucket.name]
    assert {usual.by_urn[bucket.provider].get("region") for bucket in far} == {"eu-west-1"}
    (trail,) = usual.of_type(TRAIL)
    assert {bucket.urn for bucket in far} <= trail.property_dependencies["advancedEventSelectors"]


def test_every_store_is_listed_and_tells_of_its_objects(usual: Graph) -> None:
    stores = {bucket.name for bucket in usual.of_type(BUCKET) if any(word in bucket.name for word in STORES)}
    assert of_buckets(usual, INVENTORY) == of_buckets(usual, NEWS) == stores
    assert {inventory.get("schedule", "frequency") for inventory in usual.of_type(INVENTORY)} == {"Daily"}
    assert all(news.get("eventbridge") is True for news in usual.of_type(NEWS))


def test_doors_open_to_the_network_of_the_environment(usual: Graph) -> None:
    doors = usual.of_type(DOOR)
    assert {door.get("name") for door in doors} == {"wardlight-prod-door-health", "wardlight-prod-door-personal"}
    for door in doors:
        network = usual.linked(door, "vpcConfiguration", "vpcId")
        assert isinstance(network, Resource)
        assert network.type == "aws:ec2/vpc:Vpc"


def test_keys_of_data_are_administered_by_name_and_copied_where_the_settings_say() -> None:
    graph = planned(keys={"administrators": [ADMIN], "copies": ["eu-west-1"]})
    assert objections(graph) == []
    many = {key.name for key in graph.of_type(KEY) if key.get("multiRegion")}
    assert many > {f"wardlight-prod-data-{word}-key-key" for word in ("health", "personal")}
    assert not [name for name in many if "public" in name or "internal" in name]
    copied = {copy.name: copy.get("region") for copy in graph.of_type(COPY)}
    assert copied == {f"{name.removesuffix('-key')}-eu-west-1-copy": "eu-west-1" for name in many}
    for part in ("data-public-key", "models-key", "far-health-key", "lists-key"):
        (key,) = [key for key in graph.of_type(KEY) if f"-{part}-" in key.name]
        document: Any = graph.document(key)
        said = {statement["Sid"]: statement for statement in document["Statement"]}
        assert ADMIN in said["AdministratorsAdminister"]["Condition"]["ArnLike"]["aws:PrincipalArn"], part


def test_without_any_of_it_there_is_none_of_it() -> None:
    graph = planned(
        keys={"custom_store": "cks-0123456789abcdef0"},
        stores={"inventory": "off"},
        recovery={"copy_region": "eu-west-1", "replicate": False},
    )
    assert objections(graph) == []
    assert not graph.of_type(INVENTORY, REPLICATION, DOOR, COPY)
    stored = [key for key in graph.of_type(KEY) if key.get("customKeyStoreId")]
    assert all(any(word in key.name for key in stored) for word in STORES)
    assert not [key.name for key in stored if key.get("enableKeyRotation")]
