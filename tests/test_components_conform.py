"""Every component keeps the rules of the house, and so does everything that it declares.

What a component declares is looked at in the Graphs of all environments.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
from collections.abc import Iterator
from dataclasses import fields
from functools import cache
from pathlib import Path
from typing import Any

import pulumi_aws
import pytest

import components
from cli.program import declared, settings_of
from components.component import PACKAGE, Component
from core.graph import POLICY_DOCUMENT, Graph
from core.resource import Resource
from core.value import Secret, Unknown
from stacks.config_file import environments

MOST_ARGUMENTS = 10
ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENT = f"{PACKAGE}Environment"
TAGS = ("strongroom:project", "strongroom:environment", "strongroom:owner")
WITHIN = {
    "aws:cloudwatch/logMetricFilter:LogMetricFilter": "its log group",
    "aws:glue/catalogTable:CatalogTable": "its database",
    "aws:iam/rolePolicy:RolePolicy": "its role",
    "aws:s3/inventory:Inventory": "its bucket",
    "aws:sagemaker/featureGroup:FeatureGroup": "",
}
"""Types whose names need be the only ones within something that carries the environment's name itself."""


def classes() -> dict[str, type[Component]]:
    """The component classes by name."""
    modules = [
        importlib.import_module(f"components.{found.name}") for found in pkgutil.iter_modules(components.__path__)
    ]
    return {
        name: kind
        for module in modules
        for name, kind in vars(module).items()
        if inspect.isclass(kind) and issubclass(kind, Component) and kind.__module__ == module.__name__
    }


CLASSES = {name: kind for name, kind in sorted(classes().items()) if kind is not Component}


@cache
def graph(environment: str) -> Graph:
    return declared(settings_of(environment))


@pytest.fixture(params=environments())
def environment(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def arguments(name: str) -> Any:
    """The arguments' class, where the component has one."""
    return getattr(importlib.import_module(CLASSES[name].__module__), f"{name}Args", None)


def said_of(name: str) -> str:
    """All that the docstrings say of a component and its arguments, in one line."""
    texts = (CLASSES[name].__doc__, CLASSES[name].__init__.__doc__, arguments(name) and arguments(name).__doc__)
    return " ".join(" ".join(text.split()) for text in texts if text)


@pytest.mark.parametrize("name", CLASSES)
def test_it_is_told_ten_things_at_most(name: str) -> None:
    asked = arguments(name)
    given = inspect.signature(CLASSES[name].__init__).parameters.keys() - {"self", "name", "args", "parent"}
    assert len(fields(asked) if asked else given) <= MOST_ARGUMENTS


@pytest.mark.parametrize("name", CLASSES)
def test_it_says_what_it_refuses_or_why_it_refuses_nothing(name: str) -> None:
    assert re.search(r"[Rr]aises BadInput|[Rr]efuses nothing: ", said_of(name)), said_of(name)


@pytest.mark.parametrize("name", CLASSES)
def test_file_class_and_arguments_bear_one_name(name: str) -> None:
    file = CLASSES[name].__module__.rpartition(".")[2]
    assert re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower() == file


def test_every_part_hangs_below_a_component_and_bears_its_name(environment: str) -> None:
    found = graph(environment)
    for resource in found.resources:
        parent = found.by_urn.get(resource.parent)
        if is_ours(resource) and resource.type != ENVIRONMENT:
            assert parent is not None, resource.urn
            assert parent.type.startswith(PACKAGE), resource.urn
            assert resource.name.startswith(own_name(parent)), resource.urn


def is_ours(resource: Resource) -> bool:
    return resource.type.startswith((PACKAGE, "aws:")) and resource.type != POLICY_DOCUMENT


def own_name(component: Resource) -> str:
    """What the names of its parts begin with; the environment's own is that of all its parts."""
    return component.name


def is_taggable(token: str) -> bool:
    """Whether the provider's class takes tags."""
    _, module, name = token.split(":")
    kind = getattr(getattr(pulumi_aws, module.split("/")[0]), name)
    return "tags" in inspect.signature(kind._internal_init).parameters


def test_whatever_can_be_tagged_carries_the_tags_of_the_house(environment: str) -> None:
    settings = settings_of(environment)
    wanted = dict(zip(TAGS, (settings.project, settings.environment, settings.owner), strict=True))
    bare = [
        resource.urn
        for resource in graph(environment).resources
        if resource.type.startswith("aws:") and is_taggable(resource.type)
        if not wanted.items() <= (resource.get("tags") or {}).items()
    ]
    assert bare == []


def names(resource: Resource) -> Iterator[str]:
    """The physical names that the program itself gives."""
    from twin.catalog import CATALOG

    named = CATALOG[resource.type].named if resource.type in CATALOG else None
    for key in {"name", "bucket", *([named.property] if named else [])}:
        value = resource.inputs.get(key)
        if not isinstance(value, Unknown | Secret | None):
            yield str(value)


def test_every_name_that_the_program_fixes_carries_the_environment(environment: str) -> None:
    settings = settings_of(environment)
    root = f"{settings.project}-{settings.environment}"
    loose = [
        (resource.urn, name)
        for resource in graph(environment).resources
        if resource.type.startswith("aws:") and resource.type not in WITHIN
        for name in names(resource)
        if root not in name.replace("_", "-")  # a plan for restore tests takes no hyphens
    ]
    assert loose == []


def test_every_component_is_part_of_some_environment_or_made_by_tests_of_its_own() -> None:
    """What no settings of ours ask for is looked at by nothing above."""
    seen = {resource.type for environment in environments() for resource in graph(environment).resources}
    tried = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests").glob("**/*.py"))
    unseen = {name for name in CLASSES if f"{PACKAGE}{name}" not in seen}
    parts = {"EgressFirewall"}  # made by Egress and by nothing else
    assert {name for name in unseen if f"{name}(" not in tried} == parts - seen
