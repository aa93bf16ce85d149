"""The lake, features, tables, secrets and parameters: what is refused, and what follows when little is said."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from core.retention import DataClass
from core.settings import Settings

OWN, OTHER, REGION = "333344445555", "444455556666", "eu-central-1"
ADMIN = f"arn:aws:iam::{OWN}:role/deployment"
KEY = f"arn:aws:kms:{REGION}:{OWN}:key/0a1b2c3d-0000-4000-8000-0a1b2c3d4e5f"
FUNCTION = f"arn:aws:lambda:{REGION}:{OWN}:function:rotate"
VISITS: dict[str, Any] = {
    "kinds": {"visit": "String", "since": "Fractional"},
    "identifier": "visit",
    "event_time": "since",
    "data_class": "health",
}
SECRET: dict[str, Any] = {"purpose": "Opens the records", "rotation_function": FUNCTION}
LONG = "a-name-that-does-not-fit-into-aws"
Reader = Callable[..., Settings]
Refused = Callable[..., list[str]]


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        ({"lake": {"admins": [ADMIN]}}, "lake.admins: no such setting; did you mean 'administrators'?"),
        ({"lake": {"administrators": ["deployment"]}}, 'lake.administrators[0]: given "deployment"; expected the ARN'),
        (
            {"lake": {"administrators": [f"arn:aws:iam::{OWN}:saml-provider/x"]}},
            "expected ARNs of roles, not of identity providers",
        ),
        ({"lake": {"administrators": [ADMIN, ADMIN]}}, "expected each entry once"),
        (
            {"lake": {"administrators": [ADMIN.replace(OWN, OTHER)]}},
            f"expected roles of the account {OWN}, whose lake it is",
        ),
        ({"lake": {"classes": ["secret"]}}, 'lake.classes[0]: given "secret"; expected a list of the classes'),
        ({"lake": {"results_days": 91}}, "lake.results_days: given 91; expected days that answers"),
        ({"lake": {"scan_limit_gb": 0}}, "lake.scan_limit_gb: given 0; expected gigabytes"),
        (
            {"lake": {"administrators": [ADMIN]}, "adopt": {"baseline": True}},
            "adopt.catalogue_key: not set; expected the ARN of the key that seals Glue's catalogue",
        ),
        ({"adopt": {"catalogue_key": KEY}}, "expected nothing without adopt.baseline"),
        ({"adopt": {"baseline": True, "catalogue_key": "alias/glue"}}, 'given "alias/glue"; expected the ARN of a key'),
        (
            {"adopt": {"baseline": True, "catalogue_key": KEY.replace(REGION, "eu-west-1")}},
            f"expected an ARN of the account {OWN} in {REGION}",
        ),
        (
            {
                "lake": {"administrators": [ADMIN], "classes": ["health"], "results_days": 7},
                "recovery": {"keep_days": 8},
            },
            "recovery.keep_days: given 8; expected at most 7 days, as answers about people",
        ),
        ({"features": {"visits": {**VISITS, "event_time": "day"}}}, "event_time is 'day', which is no feature"),
        ({"features": {"visits": {**VISITS, "identifier": "since"}}}, "identifier and event_time are the same feature"),
        (
            {"features": {"visits": {**VISITS, "kinds": {"visit": "String", "since": "Integral"}}}},
            "event_time is Integral; expected Fractional",
        ),
        (
            {"features": {"visits": {**VISITS, "kinds": {**VISITS["kinds"], "ward": "Text"}}}},
            "features.visits.kinds: given",
        ),
        ({"features": {"visits": {**VISITS, "kinds": {}}}}, "expected a mapping of the names of features"),
        ({"features": {"visits": {**VISITS, "ttl_days": 7}}}, "given 7; expected nothing beside online: false"),
        (
            {"features": {"visits": {**VISITS, "online": True, "ttl_days": 31}}},
            "features.visits.ttl_days: given 31; expected at most 30 days, as data.health is kept no longer",
        ),
        ({"features": {LONG: VISITS}}, f"features.{LONG}: given"),
        ({"tables": {"consents": {"data_class": "personal", "keep_days": 31}}}, "as data.personal is kept no longer"),
        ({"tables": {"consents": {}}}, "tables.consents.data_class: not set; expected one of public, internal"),
        (
            {"tables": {"consents": {"data_class": "personal", "sort_key": "id"}}},
            "expected another attribute than the partition_key 'id'",
        ),
        (
            {"tables": {"consents": {"data_class": "personal", "partition_key": "expires_at"}}},
            "tables.consents.partition_key: given \"expires_at\"; expected another attribute: by 'expires_at' items",
        ),
        ({"tables": {"consents": {"data_class": "personal", "undo_days": 36}}}, "expected days that the table can be"),
        ({"tables": {LONG: {"data_class": "personal"}}}, f"tables.{LONG}: given"),
        (
            {"secrets": {"records": {"purpose": "Opens"}}},
            "rotation_function: not set; expected the ARN of the function",
        ),
        (
            {"secrets": {"records": {**SECRET, "rotation_function": FUNCTION.replace(OWN, OTHER)}}},
            f"expected an ARN of the account {OWN} in {REGION}",
        ),
        ({"secrets": {"records": {**SECRET, "rotation_function": "rotate"}}}, 'given "rotate"; expected the ARN'),
        ({"secrets": {"records": {**SECRET, "every_days": 91}}}, "given 91; expected days between two rotations"),
        ({"secrets": {"records": {**SECRET, "value": "x"}}}, "secrets.records.value: no such setting"),
        ({"parameters": {"host": {"purpose": ""}}}, 'parameters.host.purpose: given ""; expected one line'),
        ({"parameters": {LONG: {"purpose": "Where"}}}, f"parameters.{LONG}: given"),
    ],
)
def test_what_cannot_be_made_is_refused_with_the_way_out(refused: Refused, changes: dict[str, Any], line: str) -> None:
    said = refused(changes)
    assert len(said) == 1
    assert line in said[0]


def test_what_is_left_out_makes_nothing(read: Reader) -> None:
    settings = read()
    assert not settings.lake.is_used
    assert (dict(settings.features), dict(settings.tables)) == ({}, {})
    assert (dict(settings.secrets), dict(settings.parameters)) == ({}, {})
    assert settings.adopt.catalogue_key is None


def test_little_has_to_be_said_and_the_rest_is_safe(read: Reader) -> None:
    settings = read(
        {
            "lake": {"administrators": [ADMIN]},
            "features": {"visits": VISITS},
            "tables": {"consents": {"data_class": "personal"}},
            "secrets": {"records": SECRET},
        }
    )
    assert settings.lake.is_used
    assert (settings.lake.classes, settings.lake.results_days, settings.lake.scan_limit_gb) == (
        (DataClass.INTERNAL,),
        30,
        10,
    )
    assert (settings.features["visits"].online, settings.features["visits"].ttl_days) == (False, None)
    table = settings.tables["consents"]
    assert (table.keep_days, table.partition_key, table.sort_key, table.undo_days) == (None, "id", None, 35)
    assert settings.secrets["records"].every_days == 30


def test_somebody_elses_baseline_brings_its_key(read: Reader) -> None:
    changes = {"lake": {"administrators": [ADMIN]}, "adopt": {"baseline": True, "catalogue_key": KEY}}
    assert read(changes).adopt.catalogue_key == KEY


def test_copies_of_answers_about_people_end_with_them(read: Reader) -> None:
    lake = {"administrators": [ADMIN], "results_days": 7}
    assert read({"lake": {**lake, "classes": ["internal", "personal"]}}).copied_days == 7
    assert read({"lake": lake}).copied_days == 30


def test_each_circle_asks_for_its_own_classes(read: Reader) -> None:
    lake = {"administrators": [ADMIN], "classes": ["public", "health", "internal", "personal"]}
    assert dict(read({"lake": lake}).lake.circles) == {"prepared": DataClass.INTERNAL, "people": DataClass.HEALTH}
    assert dict(read({"lake": {**lake, "classes": ["personal"]}}).lake.circles) == {"people": DataClass.PERSONAL}
    assert dict(read({"lake": {"classes": ["health"]}}).lake.circles) == {}
