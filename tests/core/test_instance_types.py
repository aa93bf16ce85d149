"""Machine types: which there are, and which have a disk of their own."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import botocore
import pytest

from core.instance_types import (
    ENDPOINT_SIZES,
    WITH_LOCAL_DISK,
    WITHOUT_LOCAL_DISK,
    endpoint_type_fault,
    family_of,
    has_local_disk,
    node_type_fault,
)


def sdk_types(enum: str) -> set[str]:
    packed = Path(botocore.__file__).parent / "data" / "sagemaker" / "2017-07-24" / "service-2.json.gz"
    return set(json.loads(gzip.decompress(packed.read_bytes()))["shapes"][enum]["enum"])


def test_every_listed_type_is_one_that_the_sdk_knows_for_endpoints() -> None:
    listed = {f"ml.{family}.{size}" for family, sizes in ENDPOINT_SIZES.items() for size in sizes}
    assert listed <= sdk_types("ProductionVariantInstanceType")


def test_every_machine_the_sdk_names_is_known_to_have_a_disk_or_not() -> None:
    named = sdk_types("ProductionVariantInstanceType") | sdk_types("TrainingInstanceType")
    assert {family_of(item) for item in named} <= WITH_LOCAL_DISK | WITHOUT_LOCAL_DISK
    assert not WITH_LOCAL_DISK & WITHOUT_LOCAL_DISK


@pytest.mark.parametrize(
    ("instance_type", "local"),
    [
        ("ml.m6i.large", False),
        ("m6i.large", False),
        ("ml.g5.xlarge", True),
        ("ml.p4d.24xlarge", True),
        ("ml.p6-b200.48xlarge", True),
        ("ml.m7i-flex.large", False),
        ("ml.m99.large", None),
        ("large", None),
        ("", None),
    ],
)
def test_a_disk_of_its_own_is_known_or_unknown_but_never_guessed(instance_type: str, local: bool | None) -> None:
    assert has_local_disk(instance_type) is local


@pytest.mark.parametrize(
    ("instance_type", "said"),
    [
        ("ml.m6i.large", None),
        ("m6i.large", "such as 'ml.m6i.large'"),
        ("large", "such as 'ml.m6i.large'"),
        ("ml.m6i.17xlarge", "did you mean 'ml.m6i.1"),
        ("ml.t3.medium", "a machine type that SageMaker endpoints take"),
    ],
)
def test_an_endpoint_takes_only_types_that_exist_for_it(instance_type: str, said: str | None) -> None:
    fault = endpoint_type_fault(instance_type)
    assert fault is None if said is None else said in str(fault)


@pytest.mark.parametrize(("instance_type", "fine"), [("m6i.large", True), ("ml.m6i.large", False), ("x.large", False)])
def test_a_node_is_named_as_ec2_does(instance_type: str, fine: bool) -> None:
    assert (node_type_fault(instance_type) is None) is fine
