"""Programs small enough to see through, and what surrounds them."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pulumi
import pytest

from core.graph import PROVIDER_PREFIX, Graph
from core.resource import Resource
from stacks.capture import Surroundings, capture

with warnings.catch_warnings():
    # The provider's S3 module warns of its own old classes as soon as it is loaded, whoever loads it.
    warnings.simplefilter("ignore", DeprecationWarning)
    import pulumi_aws.s3

    assert pulumi_aws.s3.Bucket

ROOT = Path(__file__).resolve().parents[2]


class Shelf(pulumi.ComponentResource):
    """A component with facts of its own."""

    def __init__(self, name: str, parent: pulumi.Resource | None = None, facts: dict[str, Any] | None = None) -> None:
        super().__init__("strongroom:index:Shelf", name, facts, pulumi.ResourceOptions(parent=parent))

    @property
    def child(self) -> pulumi.ResourceOptions:
        return pulumi.ResourceOptions(parent=self)


@pytest.fixture
def shelf() -> type[Shelf]:
    return Shelf


@pytest.fixture
def around() -> Surroundings:
    """Where every program in these tests believes to be."""
    return Surroundings("strongroom", "dev", "123456789012", "eu-central-1", {}, ROOT)


@pytest.fixture
def planned(around: Surroundings) -> Callable[[Callable[[], Any]], Graph]:
    """What a program declares before anything exists."""
    return lambda program: capture(program, around)


@pytest.fixture
def made(around: Surroundings) -> Callable[..., tuple[Graph, list[Resource]]]:
    """What a program declares as each resource is made, by a provider that makes up ids, and what that provider saw."""

    def run(program: Callable[[], Any], **further: Any) -> tuple[Graph, list[Resource]]:
        seen: list[Resource] = []

        def realise(resource: Resource) -> Mapping[str, Any]:
            if resource.type.startswith(PROVIDER_PREFIX):
                return {}
            seen.append(resource)
            return {"id": f"{resource.name}-id", "arn": f"arn:aws:::{resource.name}", **further}

        return capture(program, around, realise), seen

    return run
