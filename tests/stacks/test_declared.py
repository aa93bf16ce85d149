from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import Enum
from typing import Any

import pulumi
import pulumi_aws as aws
import pytest

from core.engine_state import SIGNATURE
from stacks.declared import MisfitError, answer, declared, fitted
from stacks.wire_values import secret

Rule = aws.s3.outputs.BucketLifecycleRule
ASSET = {SIGNATURE: "c44067f5952c0a294b673a41bacd8c17", "text": "x"}


class Colour(Enum):
    RED = "red"


def test_a_class_says_what_it_has_what_it_always_has_and_what_only_the_cloud_sets() -> None:
    key = declared(aws.kms.Key)
    assert {"arn", "enableKeyRotation", "keyId"} <= key.types.keys()
    assert "enableKeyRotation" not in key.always
    assert "description" in key.always
    assert {"arn", "keyId", "id"} <= key.computed
    assert not {"description", "policy", "enableKeyRotation"} & key.computed
    assert key.names["enable_key_rotation"] == "enableKeyRotation"


def test_a_class_with_annotations_only_is_read_as_well() -> None:
    class Written(pulumi.CustomResource):
        size: pulumi.Output[int]

    found = declared(Written)
    assert found.types == {"size": int}
    assert found.computed == {"size", "id"}


@pytest.mark.parametrize(
    ("value", "kind", "expected"),
    [
        pytest.param({"a": 1}, None, {"a": 1}, id="no type"),
        pytest.param({"a": 1}, Any, {"a": 1}, id="any"),
        pytest.param({"a": 1}, str, '{"a": 1}', id="a document as text"),
        pytest.param([1], str, "[1]", id="a list as text"),
        pytest.param({"a": [1]}, Mapping[str, str], {"a": "[1]"}, id="text within a mapping"),
        pytest.param([{"a": 1}], Mapping[str, int], {"a": 1}, id="a block of one as a mapping"),
        pytest.param({"a": 1}, Sequence[Mapping[str, int]], [{"a": 1}], id="a mapping as a list of one"),
        pytest.param([{"id": "x"}], Sequence[Rule], [{"id": "x"}], id="a list of blocks"),
        pytest.param({"tags": [{"a": "b"}]}, Rule, {"tags": {"a": "b"}}, id="within a block"),
        pytest.param({"unheard": [1]}, Rule, {"unheard": [1]}, id="a property that the block does not have"),
        pytest.param(secret([{"a": 1}]), Mapping[str, int], secret({"a": 1}), id="a secret"),
        pytest.param(ASSET, pulumi.Asset, ASSET, id="an asset"),
        pytest.param("red", Colour, "red", id="a value of an enumeration"),
        pytest.param(3.0, int, 3.0, id="a number"),
    ],
)
def test_a_value_takes_the_shape_of_its_type(value: Any, kind: Any, expected: Any) -> None:
    assert fitted(value, kind) == expected


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        pytest.param([1, 2], Mapping[str, int], id="two for a mapping"),
        pytest.param({"a": 1}, int, id="a mapping for a number"),
        pytest.param([], Rule, id="none for a block"),
        pytest.param("blue", Colour, id="a value that the enumeration does not have"),
    ],
)
def test_what_cannot_take_the_shape_is_no_fit(value: Any, kind: Any) -> None:
    with pytest.raises(MisfitError):
        fitted(value, kind)


def test_an_answer_holds_what_is_declared_and_fits() -> None:
    types = {"tags": Mapping[str, str], "name": str, "never": str}
    assert answer({"tags": ["a", "b"], "name": "n", "other": 1}, types) == {"name": "n"}
