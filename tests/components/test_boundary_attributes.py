"""Class and project: what the permission boundary decides by tags, wherever AWS shows it the tags."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from components.place import Place
from core.graph import Graph
from core.naming import Name
from tests.components.test_permission_boundary import PERSON, POLICY, Statements, bounded, effects, is_possible

Planned = Callable[[Callable[[], Any]], Graph]


@pytest.fixture(scope="module")
def said(planned: Planned, root: Name, place: Place) -> Statements:
    (policy,) = planned(lambda: bounded(root, place)).of_type(POLICY)
    return json.loads(policy.inputs["policy"])["Statement"]


KEY = "arn:aws:kms:eu-central-1:123456789012:key/1"
HEALTH = {"aws:ResourceTag/strongroom:project": "wards", "aws:ResourceTag/strongroom:data-class": "health"}
CLEARED = {"aws:PrincipalTag/strongroom:clears": "health personal"}


@pytest.mark.parametrize(
    ("context", "possible"),
    [
        ({**PERSON, **CLEARED, **HEALTH}, True),
        ({**PERSON, **HEALTH}, False),
        ({**PERSON, "aws:PrincipalTag/strongroom:clears": "personal", **HEALTH}, False),
        ({**PERSON, **HEALTH, "aws:ResourceTag/strongroom:data-class": "internal"}, True),
        ({**PERSON, **CLEARED, **HEALTH, "aws:ResourceTag/strongroom:project": "billing"}, False),
        ({**PERSON}, True),
        (HEALTH, True),
    ],
    ids=["cleared", "not cleared", "cleared for less", "about nobody", "another project", "no tags", "a service"],
)
def test_who_may_open_what_is_decided_by_tags(said: Statements, context: dict[str, str], possible: bool) -> None:
    assert is_possible(said, "kms:Decrypt", KEY, **context) is possible
    assert is_possible(said, "kms:ReEncryptFrom", KEY, **context) is possible


@pytest.mark.parametrize(
    ("action", "on"),
    [
        ("kms:Decrypt", KEY),
        ("kms:ReEncryptFrom", KEY),
        *(
            (f"dynamodb:{verb}", "arn:aws:dynamodb:eu-central-1:123456789012:table/consents")
            for verb in ("BatchGetItem", "GetItem", "PartiQLSelect", "PutItem", "Query", "Scan")
        ),
        *(
            (f"sagemaker:{verb}", "arn:aws:sagemaker:eu-central-1:123456789012:feature-group/visits")
            for verb in ("BatchGetRecord", "GetRecord", "PutRecord")
        ),
    ],
)
def test_class_and_project_decide_wherever_aws_shows_the_tags(said: Statements, action: str, on: str) -> None:
    assert is_possible(said, action, on, **PERSON, **CLEARED, **HEALTH)
    assert "Deny" in effects(said, action, on, **PERSON, **HEALTH)
    elsewhere = {**HEALTH, "aws:ResourceTag/strongroom:project": "billing"}
    assert "Deny" in effects(said, action, on, **PERSON, **CLEARED, **elsewhere)


def test_who_is_not_cleared_still_sees_that_a_table_is_there(said: Statements) -> None:
    table = "arn:aws:dynamodb:eu-central-1:123456789012:table/consents"
    for action in ("dynamodb:DescribeTable", "dynamodb:ListTagsOfResource", "dynamodb:DescribeContinuousBackups"):
        assert is_possible(said, action, table, **PERSON, **HEALTH)


def test_a_rotation_replaces_a_secret_and_changes_nothing_else_about_it(said: Statements) -> None:
    secret = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:wards-login"
    for verb in ("DescribeSecret", "GetSecretValue", "PutSecretValue", "UpdateSecretVersionStage", "GetRandomPassword"):
        assert is_possible(said, f"secretsmanager:{verb}", secret)
    for verb in ("DeleteSecret", "PutResourcePolicy", "ReplicateSecretToRegions", "UpdateSecret", "RotateSecret"):
        assert not is_possible(said, f"secretsmanager:{verb}", secret)


def test_nobody_from_outside_changes_the_tags_that_decide(said: Statements) -> None:
    mark, other = {"aws:TagKeys": "strongroom:data-class"}, {"aws:TagKeys": "cost-centre"}
    for action in ("dynamodb:UntagResource", "kms:TagResource", "sagemaker:DeleteTags", "sagemaker:AddTags"):
        assert not is_possible(said, action, KEY, **PERSON, **mark)
        assert is_possible(said, action, KEY, **PERSON, **other)
    at_creation = {**PERSON, **mark, "sagemaker:TaggingAction": "CreateTrainingJob"}
    assert is_possible(said, "sagemaker:AddTags", KEY, **at_creation)
