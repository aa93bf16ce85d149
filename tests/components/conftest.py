"""What the tests of components share: the Graph of a few components, before or after they are made."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from components.bucket import Bucket, BucketArgs
from components.bucket_policy import access_log_writer
from components.key import Key, KeyArgs
from components.place import Place
from core.graph import Graph
from core.naming import Name, root_name
from core.resource import Resource
from core.retention import DataClass
from stacks.capture import Surroundings, capture

ROOT = Path(__file__).resolve().parents[2]
Planned = Callable[[Callable[[], Any]], Graph]
AROUND = Surroundings("strongroom", "test", "123456789012", "eu-central-1", {}, ROOT)


def _invented(resource: Resource) -> Mapping[str, Any]:
    """What AWS would answer, as far as others refer to it; an identity that was asked for stays."""
    identity = f"{resource.name}-1a2b3c4"
    service = resource.type.split(":")[1].split("/")[0]
    answered = {"arn": f"arn:aws:{service}:::{identity}", "bucket": identity, "keyId": identity, "id": identity}
    return {**answered, **{name: resource.inputs[name] for name in answered.keys() & resource.inputs.keys()}}


@pytest.fixture(scope="session")
def planned() -> Planned:
    """Run a callable that builds components; the Graph of what it declares before anything exists."""
    return lambda program: capture(program, AROUND)


@pytest.fixture(scope="session")
def made() -> Planned:
    """The same as if everything had been created: every identity is known, so policies are whole texts."""
    return lambda program: capture(program, AROUND, _invented)


@pytest.fixture(scope="session")
def root() -> Name:
    """The name everything in these tests grows from."""
    return root_name("strongroom", "staging", "platform", {"cost-centre": "ml"})


@pytest.fixture(scope="session")
def place() -> Place:
    """Where everything in these tests stands."""
    return Place("123456789012", "eu-central-1")


@pytest.fixture(scope="session")
def shelf(place: Place) -> Callable[..., Bucket]:
    """A bucket for health records with all it needs beside it; keywords override what its BucketArgs say."""

    def build(root: Name, **given: Any) -> Bucket:
        where = given.pop("place", place)
        logs = BucketArgs(DataClass.INTERNAL, 365, writers=[access_log_writer(where, str(root))])
        usual: dict[str, Any] = {
            "data_class": DataClass.HEALTH,
            "keep_days": 365,
            "key": Key(root / "key", KeyArgs(where, "seals records")),
            "access_logs": Bucket(root / "access", logs),
        }
        return Bucket(root / "raw", BucketArgs(**{**usual, **given}))

    return build
