"""The Regions that exist."""

from __future__ import annotations

import json
from pathlib import Path

import botocore
import pytest

from core.regions import REGIONS, partition_of, region_fault


def test_every_listed_region_is_one_that_the_sdk_knows_in_that_partition() -> None:
    data = json.loads((Path(botocore.__file__).parent / "data" / "partitions.json").read_text(encoding="utf-8"))
    known = {(code, part["id"]) for part in data["partitions"] for code in part["regions"]}
    assert {(region.code, region.partition) for region in REGIONS.values()} <= known


@pytest.mark.parametrize(
    ("code", "partition"), [("eu-central-1", "aws"), ("cn-north-1", "aws-cn"), ("us-gov-west-1", "aws-us-gov")]
)
def test_a_region_lies_in_one_partition(code: str, partition: str) -> None:
    assert region_fault(code) is None
    assert partition_of(code) == partition


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("eu-centrl-1", "did you mean 'eu-central-1'?"),
        ("eu-central-1a", "did you mean 'eu-central-1'?"),
        ("Frankfurt", "such as 'eu-central-1'"),
        ("", "such as 'eu-central-1'"),
    ],
)
def test_any_other_text_is_told_what_was_probably_meant(text: str, said: str) -> None:
    assert said in str(region_fault(text))
