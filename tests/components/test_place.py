from __future__ import annotations

import pytest

from components.place import Place, place_of
from core.errors import BadInput

ACCOUNT = "123456789012"


def test_an_arn_names_the_account_and_the_region_of_the_place() -> None:
    assert Place(ACCOUNT, "eu-central-1").arn("kms", "key/1") == f"arn:aws:kms:eu-central-1:{ACCOUNT}:key/1"


def test_services_without_regions_have_none_in_their_arns() -> None:
    assert Place(ACCOUNT, "eu-central-1").root == f"arn:aws:iam::{ACCOUNT}:root"


@pytest.mark.parametrize(
    ("region", "partition", "name"),
    [
        ("eu-west-1", "aws", "logs.eu-west-1.amazonaws.com"),
        ("us-gov-west-1", "aws-us-gov", "logs.us-gov-west-1.amazonaws.com"),
        ("cn-north-1", "aws-cn", "logs.cn-north-1.amazonaws.com.cn"),
    ],
)
def test_a_partition_has_its_own_arns_and_service_names(region: str, partition: str, name: str) -> None:
    place = place_of(ACCOUNT, region)
    assert place.root.split(":")[1] == partition
    assert place.endpoint("logs") == name


@pytest.mark.parametrize(
    ("account", "region", "partition", "said"),
    [
        ("12345", "eu-west-1", "aws", "12 digits"),
        ("12345678901O", "eu-west-1", "aws", "12 digits"),
        (ACCOUNT, "eu-west", "aws", "Region"),
        (ACCOUNT, "eu-west-1a", "aws", "Region"),
        (ACCOUNT, "cn-north-1", "aws", "aws-cn"),
    ],
)
def test_what_would_make_an_arn_that_names_nothing_is_refused(
    account: str, region: str, partition: str, said: str
) -> None:
    with pytest.raises(BadInput, match=said):
        Place(account, region, partition)
