from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.aws_services import SERVICES, Reach, service
from core.errors import BadInput
from core.regions import REGIONS


@given(st.sampled_from(sorted(SERVICES)), st.sampled_from([code for code in REGIONS if not code.startswith("cn-")]))
def test_every_endpoint_is_named_for_its_region(name: str, region: str) -> None:
    found = service(name).endpoint_name(region)
    assert re.fullmatch(rf"(com\.amazonaws|aws\.sagemaker)\.{region}\.[a-z0-9.-]+", found)


def test_studio_and_notebooks_have_another_prefix() -> None:
    assert service("sagemaker.studio").endpoint_name("eu-central-1") == "aws.sagemaker.eu-central-1.studio"
    assert service("sagemaker.runtime").endpoint_name("eu-central-1") == "com.amazonaws.eu-central-1.sagemaker.runtime"


def test_only_storage_and_tables_are_reached_by_a_gateway() -> None:
    assert {name for name, found in SERVICES.items() if found.reach is Reach.GATEWAY} == {"s3", "dynamodb"}


def test_no_two_services_share_an_endpoint() -> None:
    named = [found.endpoint_name("eu-central-1") for found in SERVICES.values()]
    assert len(set(named)) == len(named)


@pytest.mark.parametrize(
    ("given_name", "hint"), [("sagemaker-runtime", "sagemaker.runtime"), ("acm", "services as of")]
)
def test_a_service_without_an_endpoint_is_refused_with_the_nearest(given_name: str, hint: str) -> None:
    with pytest.raises(BadInput, match=re.escape(hint)):
        service(given_name)


def test_a_name_that_is_not_known_in_china_is_refused() -> None:
    with pytest.raises(BadInput, match="not known"):
        service("sts").endpoint_name("cn-north-1")
