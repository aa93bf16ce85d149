"""What a resource answers when it is asked for a property."""

from __future__ import annotations

from core.resource import Location, Resource
from core.value import SECRET, Unknown

BUCKET = "aws:s3/bucket:Bucket"
URN = "urn:pulumi:dev::strongroom::strongroom:index:Bucket$aws:s3/bucket:Bucket::records-store"


def test_name_and_stack_are_parts_of_the_urn() -> None:
    resource = Resource(BUCKET, URN)
    assert resource.name == "records-store"
    assert resource.stack == "dev"


def test_an_identity_that_is_no_urn_of_the_engine_has_no_stack() -> None:
    resource = Resource(BUCKET, "arn:aws:s3:::records")
    assert resource.stack == ""
    assert resource.name == "arn:aws:s3:::records".rpartition("::")[2]


def test_inputs_come_before_outputs() -> None:
    resource = Resource(BUCKET, URN, {"bucket": "asked"}, {"bucket": "given", "arn": "arn:aws:s3:::given"})
    assert resource.get("bucket") == "asked"
    assert resource.get("arn") == "arn:aws:s3:::given"
    assert resource.get("tags", "owner") is None


def test_a_property_that_only_has_a_dependency_is_there_and_unknown() -> None:
    resource = Resource(BUCKET, URN, property_dependencies={"kmsKeyArn": frozenset({"urn-b", "urn-a"})})
    assert resource.get("kmsKeyArn") == Unknown("urn-a, urn-b")
    assert resource.get("kmsKeyArn", "deeper") == Unknown("urn-a, urn-b")
    assert resource.get("other") is None


def test_an_empty_dependency_does_not_make_a_property() -> None:
    assert Resource(BUCKET, URN, property_dependencies={"acl": frozenset()}).get("acl") is None


def test_secrets_are_answered_as_withheld() -> None:
    assert Resource(BUCKET, URN, {"password": SECRET}).get("password", "anything") is SECRET


def test_a_location_reads_as_editors_take_it() -> None:
    assert str(Location("stacks/blueprint.py", 12)) == "stacks/blueprint.py:12"
