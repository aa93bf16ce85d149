"""Graphs from `pulumi stack export`."""

from __future__ import annotations

from typing import Any

import pytest

from core.errors import BadInput
from core.stack_export import graph_from_export
from core.value import SECRET

KEY = "urn:pulumi:prod::strongroom::aws:kms/key:Key::records"
STORE = "urn:pulumi:prod::strongroom::aws:s3/bucket:Bucket::store"


def export(*resources: dict[str, Any], version: int = 3, **deployment: Any) -> dict[str, Any]:
    return {"version": version, "deployment": {"manifest": {}, "resources": list(resources), **deployment}}


KEY_STATE = {
    "urn": KEY,
    "custom": True,
    "id": "1234",
    "type": "aws:kms/key:Key",
    "inputs": {"enableKeyRotation": True, "deletionWindowInDays": 30.0},
    "outputs": {"arn": "arn:aws:kms:eu-central-1:123456789012:key/1234", "keyId": "1234"},
    "provider": "urn:pulumi:prod::strongroom::pulumi:providers:aws::default::5678",
}


@pytest.mark.parametrize("version", [3, 4])
def test_a_state_becomes_a_graph_that_links_by_what_properties_say(version: int) -> None:
    store = {
        "urn": STORE,
        "custom": True,
        "id": "ward",
        "type": "aws:s3/bucket:Bucket",
        "inputs": {
            "kmsKeyArn": "arn:aws:kms:eu-central-1:123456789012:key/1234",
            "secret": {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "ciphertext": "v1:x"},
        },
    }
    graph = graph_from_export(export(KEY_STATE, store, version=version))
    linked = graph.linked(graph.by_urn[STORE], "kmsKeyArn")
    assert linked == graph.by_urn[KEY]
    assert graph.by_urn[STORE].get("secret") is SECRET
    assert graph.by_urn[KEY].get("deletionWindowInDays") == 30


def test_what_waits_for_its_deletion_is_not_in_the_graph() -> None:
    graph = graph_from_export(export(KEY_STATE, {**KEY_STATE, "delete": True, "id": "old"}))
    assert [resource.get("id") for resource in graph.resources] == ["1234"]


def test_an_empty_stack_is_an_empty_graph() -> None:
    assert graph_from_export({"version": 3, "deployment": {"manifest": {}}}).resources == ()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ({"deployment": {}}, "stack.json: version: expected the version of the state, found nothing"),
        ({"version": 2, "deployment": {}}, "version: expected version 3 or 4"),
        ({"version": 3, "deployment": []}, "deployment: expected a mapping, found a list"),
        ({"version": 3, "deployment": {"resources": {}}}, "deployment.resources: expected a list"),
        ({"version": 3, "deployment": {"resources": [{}]}}, "deployment.resources[0].urn: expected the URN"),
        (export(pending_operations=[{"resource": KEY_STATE, "type": "creating"}]), "1 interrupted operations; run"),
    ],
)
def test_what_is_no_whole_state_is_refused_with_its_place(content: Any, said: str) -> None:
    with pytest.raises(BadInput) as caught:
        graph_from_export(content)
    assert said in str(caught.value)
