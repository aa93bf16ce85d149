"""Copies, lists, keys and the record: what is refused together, and what follows where nothing is said."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from core.settings import Inventory, Settings
from core.settings_copies_rules import organisation_trail_stands_where_all_are

OWN, OTHER, THIRD = "333344445555", "444455556666", "555566667777"
ADMIN, READER = f"arn:aws:iam::{OWN}:role/key-admin-*", f"arn:aws:iam::{THIRD}:role/audit"
KEPT = {"keep_days": 2190}
AWAY = {"copy_region": "eu-west-1"}
Reader = Callable[..., Settings]
Refused = Callable[..., list[str]]


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        ({"recovery": {"replicate": True}}, "recovery.replicate: given true; expected false, or `copy_region` beside"),
        ({"recovery": {"rto_hours": 1}}, "recovery.rto_hours: given 1; expected hours until service is back, 2 to 720"),
        ({"recovery": {"rpo_hours": 1}}, "recovery.rpo_hours: given 1; expected hours of work that may be lost, 2 to"),
        ({"stores": {"inventory": "hourly"}}, 'stores.inventory: given "hourly"; expected one of daily, weekly, off'),
        ({"stores": {"access_points": ["secret"]}}, 'stores.access_points[0]: given "secret"; expected'),
        ({"keys": {"copies": ["us-east-1"]}}, "other Regions of the residency set (of eu-west-1); not so: us-east-1"),
        ({"keys": {"copies": ["eu-central-1"]}}, "not so: eu-central-1"),
        (
            {"keys": {"copies": ["eu-west-1"], "custom_store": "cks-0123456789abcdef0"}},
            "a key in a store of your own has one Region",
        ),
        ({"keys": {"custom_store": "hsm"}}, 'keys.custom_store: given "hsm"; expected the id of a key store'),
        ({"keys": {"administrators": [ADMIN.replace(OWN, OTHER)]}}, f"expected roles of the account {OWN}"),
        ({"keys": {"administrators": [f"arn:aws:iam::{OWN}:role/*"]}}, "keys.administrators[0]: given"),
        ({"keys": {"administrators": [f"arn:aws:iam::{OWN}:user/eve"]}}, "expected the ARN of a role"),
        (
            {"audit": {**KEPT, "whole_organisation": True}},
            "expected false, or beside it: organisation, accounts.management, accounts.log_archive",
        ),
        ({"audit": {**KEPT, "readers": [READER]}}, "expected none while no log archive is made in an account of its"),
        (
            {
                "audit": {**KEPT, "readers": [f"arn:aws:iam::{THIRD}:saml-provider/x"]},
                "accounts": {"log_archive": OTHER},
            },
            "expected ARNs of roles",
        ),
    ],
)
def test_what_contradicts_itself_is_refused_with_the_way_out(
    refused: Refused, changes: dict[str, Any], line: str
) -> None:
    said = refused(changes)
    assert any(line in one for one in said), said


def test_what_is_left_out_is_safe(read: Reader) -> None:
    settings = read({"recovery": AWAY})
    assert (settings.is_replicated, settings.inventory, settings.has_own_archive) == (True, Inventory.WEEKLY, False)
    assert (settings.keys.administrators, settings.keys.copies, settings.keys.custom_store) == ((), (), None)
    assert not settings.audit.whole_organisation
    assert not read().is_replicated


def test_what_is_said_counts(read: Reader) -> None:
    settings = read({"recovery": {**AWAY, "replicate": False}, "stores": {"inventory": "off"}})
    assert (settings.is_replicated, settings.inventory) == (False, Inventory.OFF)
    assert read({"accounts": {"log_archive": OTHER}}).has_own_archive
    assert not read({"accounts": {"log_archive": OWN}}).has_own_archive


def test_an_organisations_trail_stands_in_a_region_that_every_account_has() -> None:
    assert organisation_trail_stands_where_all_are("eu-central-1", whole=True) is None
    assert organisation_trail_stands_where_all_are("us-gov-west-1", whole=True) is None
    assert organisation_trail_stands_where_all_are("eu-south-1", whole=False) is None
    assert "opt in" in str(organisation_trail_stands_where_all_are("eu-south-1", whole=True))
