from __future__ import annotations

import json
import warnings
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.endpoint_policy import MOST_CHARACTERS, POLICIES, endpoint_statements
from components.place import Place, place_of
from components.service_endpoint import ServiceEndpoint, ServiceEndpointArgs
from core.errors import BadInput
from core.graph import Graph
from core.naming import Name

with warnings.catch_warnings():
    # The provider's EC2 module warns of its own old classes as soon as it is loaded, whoever loads it.
    warnings.simplefilter("ignore", DeprecationWarning)
    from components.network import SERVICES

ENDPOINT = "aws:ec2/vpcEndpoint:VpcEndpoint"
PLACES = st.sampled_from(["eu-central-1", "us-gov-west-1", "ap-southeast-3"]).map(lambda r: place_of("123456789012", r))
Planned = Callable[[Callable[[], Any]], Graph]


ORGANISATION = "o-a1b2c3d4e5"
FOR_OTHERS = {"ImageLayers", "OwnApisCalled"}
"""Statements about callers that belong to no account: links that AWS signed, and bearers of a token."""


def said(service: str, place: Place, organisation: str | None = None) -> list[Mapping[str, Any]]:
    return list(endpoint_statements(service, place, "strongroom-staging", organisation))


@given(st.sampled_from(sorted(POLICIES)), PLACES)
def test_whoever_passes_belongs_to_the_account(service: str, place: Place) -> None:
    for statement in said(service, place):
        if statement["Sid"] not in FOR_OTHERS:
            assert statement["Condition"]["StringEquals"]["aws:PrincipalAccount"] == place.account
        assert statement["Effect"] == "Allow"


@given(st.sampled_from(sorted(POLICIES)), PLACES)
def test_what_is_called_belongs_to_the_account(service: str, place: Place) -> None:
    for statement in said(service, place):
        owned = statement.get("Condition", {}).get("StringEquals", {}).get("aws:ResourceAccount") == place.account
        named = all(place.account in resource for resource in statement["Resource"])
        nothing = statement["Resource"] == ["*"]
        assert owned or named or nothing or statement["Sid"] == "ImageLayers"
        assert all(
            resource == "*" or resource.startswith(f"arn:{place.partition}:") for resource in statement["Resource"]
        )


@given(st.sampled_from(sorted(POLICIES)), PLACES)
def test_an_organisation_narrows_every_statement_about_its_members(service: str, place: Place) -> None:
    for plain, narrowed in zip(said(service, place), said(service, place, ORGANISATION), strict=True):
        if plain["Sid"] in FOR_OTHERS:
            assert narrowed == plain
            continue
        before, after = plain["Condition"]["StringEquals"], narrowed["Condition"]["StringEquals"]
        owner = {"aws:ResourceOrgID": ORGANISATION} if "aws:ResourceAccount" in before else {}
        assert after == {**before, **owner, "aws:PrincipalOrgID": ORGANISATION}


def test_callers_with_a_token_are_not_asked_whose_they_are(place: Place) -> None:
    (called,) = said("execute-api", place, ORGANISATION)
    assert "Condition" not in called
    assert called["Resource"] == ["arn:aws:execute-api:eu-central-1:123456789012:*"]


def test_buckets_are_reached_in_their_own_region_only(place: Place) -> None:
    own = next(statement for statement in said("s3", place) if statement["Sid"] == "OwnBuckets")
    assert own["Condition"]["StringEquals"]["aws:RequestedRegion"] == place.region


@pytest.mark.parametrize("organisation", ["", "123456789012", "o-short", "r-a1b2c3d4e5", "*"])
def test_what_is_no_organisation_is_refused(place: Place, organisation: str) -> None:
    with pytest.raises(BadInput, match="expected an id such as 'o-a1b2c3d4e5'"):
        said("kms", place, organisation)


@given(st.sampled_from(sorted(POLICIES)), PLACES)
def test_no_policy_lets_every_action_through(service: str, place: Place) -> None:
    actions = [action for statement in said(service, place) for action in statement["Action"]]
    assert "*" not in actions
    assert not [action for action in actions if action.endswith(":*")]
    assert len(json.dumps(said(service, place), indent=4)) < MOST_CHARACTERS


def test_image_layers_come_from_the_bucket_of_the_region_and_are_only_read(place: Place) -> None:
    layers = next(statement for statement in said("s3", place) if statement["Sid"] == "ImageLayers")
    assert layers["Resource"] == ["arn:aws:s3:::prod-eu-central-1-starport-layer-bucket/*"]
    assert layers["Action"] == ["s3:GetObject"]


def test_storage_is_reached_in_this_environment_only(place: Place) -> None:
    own = next(statement for statement in said("s3", place) if statement["Sid"] == "OwnBuckets")
    doors = "arn:aws:s3:eu-central-1:123456789012:accesspoint/strongroom-staging-*"
    assert own["Resource"] == ["arn:aws:s3:::strongroom-staging-*", doors]
    assert not [action for action in own["Action"] if "Delete" in action or "Acl" in action]


def test_what_is_stored_is_erased_by_people_and_by_no_workload(place: Place) -> None:
    erasing = [one for one in said("s3", place) if any("Delete" in action for action in one["Action"])]
    assert [one["Sid"] for one in erasing] == ["PeopleErase"]
    assert erasing[0]["Condition"]["StringEquals"]["aws:PrincipalTag/strongroom:taken-by"] == "people"


def test_logs_are_written_into_groups_that_exist(place: Place) -> None:
    actions = [action for statement in said("logs", place) for action in statement["Action"]]
    assert "logs:CreateLogGroup" not in actions


def test_images_are_pulled_and_never_pushed(place: Place) -> None:
    actions = [action for statement in said("ecr.dkr", place) for action in statement["Action"]]
    assert not [action for action in actions if "Upload" in action or "Put" in action]


def test_every_service_of_the_network_has_a_policy() -> None:
    assert set(SERVICES) <= set(POLICIES)


def test_a_service_without_a_policy_is_refused(planned: Planned, root: Name, place: Place) -> None:
    with pytest.raises(BadInput, match="no policy is written"):
        planned(lambda: ServiceEndpoint(root / "xray", ServiceEndpointArgs(place, "xray", str(root), "vpc-1")))


def test_an_interface_takes_over_the_usual_host_name(planned: Planned, root: Name, place: Place) -> None:
    args = ServiceEndpointArgs(place, "kms", str(root), "vpc-1", ["rtb-1"], ["subnet-1"], ["sg-1"])
    (endpoint,) = planned(lambda: ServiceEndpoint(root / "kms", args)).of_type(ENDPOINT)
    assert endpoint.inputs["privateDnsEnabled"] is True
    assert endpoint.inputs["securityGroupIds"] == ("sg-1",)
    assert "routeTableIds" not in endpoint.inputs


def test_a_gateway_stands_in_the_route_table(planned: Planned, root: Name, place: Place) -> None:
    args = ServiceEndpointArgs(place, "s3", str(root), "vpc-1", ["rtb-1"], ["subnet-1"], ["sg-1"])
    (endpoint,) = planned(lambda: ServiceEndpoint(root / "s3", args)).of_type(ENDPOINT)
    assert endpoint.inputs["routeTableIds"] == ("rtb-1",)
    assert not {"privateDnsEnabled", "subnetIds", "securityGroupIds"} & set(endpoint.inputs)
