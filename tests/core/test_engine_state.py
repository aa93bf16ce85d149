"""Resources as the engine writes them down."""

from __future__ import annotations

from typing import Any

import pytest

from core.engine_state import (
    BLINDED,
    LATER,
    OUTPUT_SIGNATURE,
    REFERENCE_SIGNATURE,
    SECRET_SIGNATURE,
    SIGNATURE,
    UNKNOWN_TEXTS,
    resource_of,
    value_of,
)
from core.errors import BadInput
from core.json_part import MOST_DEPTH, JsonPart
from core.resource import Location, Resource
from core.value import SECRET, Unknown

STORE = "urn:pulumi:dev::strongroom::aws:s3/bucket:Bucket::store"
KEY = "urn:pulumi:dev::strongroom::aws:kms/key:Key::records"
AWS = "urn:pulumi:dev::strongroom::pulumi:providers:aws::default_7_51_1"
ANY_UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"


def read(**state: Any) -> Resource:
    return resource_of(JsonPart({"urn": STORE, "type": "aws:s3/bucket:Bucket", **state}, "f"))


def value(content: Any) -> Any:
    return value_of(JsonPart(content, "f"), "origin")


@pytest.mark.parametrize("text", sorted(UNKNOWN_TEXTS))
def test_every_text_for_an_unknown_value_is_known(text: str) -> None:
    assert value([text, "plain"]) == [Unknown("origin"), "plain"]


@pytest.mark.parametrize(
    "content",
    [
        BLINDED,
        {SIGNATURE: SECRET_SIGNATURE, "ciphertext": "v1:abc"},
        {SIGNATURE: SECRET_SIGNATURE, "plaintext": '"hunter2"'},
        {SIGNATURE: OUTPUT_SIGNATURE, "secret": True, "value": "hunter2"},
    ],
)
def test_every_form_of_a_secret_is_withheld(content: Any) -> None:
    assert value({"password": content}) == {"password": SECRET}


def test_a_reference_to_a_resource_is_its_identity_or_unknown() -> None:
    reference = {SIGNATURE: REFERENCE_SIGNATURE, "urn": KEY, "packageVersion": ""}
    assert value({**reference, "id": "1234"}) == "1234"
    assert value({**reference, "id": ANY_UNKNOWN}) == Unknown(KEY)
    assert value(reference) == Unknown(KEY)


def test_an_output_is_its_value_or_unknown_from_what_it_depends_on() -> None:
    assert value({SIGNATURE: OUTPUT_SIGNATURE, "value": [1]}) == [1]
    assert value({SIGNATURE: OUTPUT_SIGNATURE, "dependencies": [KEY]}) == Unknown(KEY)
    assert value({SIGNATURE: OUTPUT_SIGNATURE}) == Unknown("origin")


def test_an_archive_keeps_what_describes_it() -> None:
    archive = {SIGNATURE: "0def7320c3a5731c473e5ecbe6d01bc7", "hash": "abc", "path": "model"}
    assert value(archive) == archive


def test_an_unknown_input_comes_from_what_the_property_depends_on() -> None:
    resource = read(
        inputs={"kmsKeyArn": ANY_UNKNOWN, "tags": {"at": ANY_UNKNOWN}, "bucket": "ward"},
        propertyDependencies={"kmsKeyArn": [KEY], "tags": [], "bucket": None},
        dependencies=[KEY],
    )
    assert resource.inputs == {"kmsKeyArn": Unknown(KEY), "tags": {"at": Unknown(LATER)}, "bucket": "ward"}
    assert resource.property_dependencies == {"kmsKeyArn": frozenset({KEY})}
    assert resource.dependencies == {KEY}


def test_an_unknown_output_comes_from_the_resource_itself() -> None:
    assert read(outputs={"arn": ANY_UNKNOWN}).get("arn") == Unknown(f"{STORE}.arn")


def test_the_identity_counts_as_an_output_when_it_is_known() -> None:
    assert read(id="ward-records").get("id") == "ward-records"
    assert read(id=ANY_UNKNOWN).get("id") is None
    assert read(id="a", outputs={"id": "b"}).get("id") == "b"


def test_outputs_that_are_declared_secret_are_withheld() -> None:
    resource = read(
        outputs={"password": "hunter2", "arn": ANY_UNKNOWN}, additionalSecretOutputs=["password", "arn", "x"]
    )
    assert resource.outputs == {"password": SECRET, "arn": Unknown(f"{STORE}.arn")}


def test_the_provider_is_named_without_its_identity() -> None:
    assert read(provider=f"{AWS}::{ANY_UNKNOWN}").provider == AWS
    assert read().provider == ""


def test_what_the_engine_protects_is_protected() -> None:
    assert read(protect=True).protect
    assert not read(protect=False).protect
    assert not read().protect


@pytest.mark.parametrize(
    ("position", "location"),
    [
        ("project:///stacks/blueprint.py#12,5", (Location("stacks/blueprint.py", 12),)),
        ("project:///stacks/blueprint.py#12", (Location("stacks/blueprint.py", 12),)),
        ("elsewhere:///module.py#1", ()),
        ("", ()),
    ],
)
def test_the_line_of_the_program_is_read_where_it_is_recorded(position: str, location: tuple[Location, ...]) -> None:
    assert read(sourcePosition=position).location == location


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ({"urn": ""}, "f: urn: expected the URN of the resource, found a text"),
        ({"urn": 5}, "f: urn: expected a text, found a number"),
        ({"type": None}, "f: type: expected the type of the resource, found nothing"),
        ({"inputs": []}, "f: inputs: expected a mapping, found a list"),
        ({"dependencies": "urn"}, "f: dependencies: expected a list, found a text"),
        ({"inputs": {"a": {SIGNATURE: REFERENCE_SIGNATURE}}}, "f: inputs.a.urn: expected the URN"),
    ],
)
def test_a_state_of_another_shape_is_refused_with_its_place(state: dict[str, Any], said: str) -> None:
    with pytest.raises(BadInput) as caught:
        read(**state)
    assert said in str(caught.value)


def test_deep_nesting_is_refused() -> None:
    deep: Any = "x"
    for _ in range(MOST_DEPTH + 5):
        deep = [deep]
    with pytest.raises(BadInput, match="levels"):
        read(inputs={"a": deep})
