from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pulumi_aws as aws

from components.component import Component
from core.graph import Graph
from core.naming import Name

Planned = Callable[[Callable[[], Any]], Graph]


class Shelf(Component):
    """Two topics, the second after the first."""

    def __init__(self, name: Name, parent: Component | None = None) -> None:
        super().__init__("Shelf", name, parent, {"purpose": "holds books"})
        first = aws.sns.Topic(f"{name}-first", opts=self.child)
        aws.sns.Topic(f"{name}-second", opts=self.after(first))
        self.done(arn=first.arn)


def test_a_component_stands_in_the_plan_under_its_kind_and_name(planned: Planned, root: Name) -> None:
    (shelf,) = planned(lambda: Shelf(root / "shelf")).of_type("strongroom:index:Shelf")
    assert shelf.name == "strongroom-staging-shelf"


def test_a_component_says_what_it_is_for(planned: Planned, root: Name) -> None:
    (shelf,) = planned(lambda: Shelf(root / "shelf")).of_type("strongroom:index:Shelf")
    assert shelf.inputs["purpose"] == "holds books"


def test_the_parts_of_a_component_hang_below_it(planned: Planned, root: Name) -> None:
    graph = planned(lambda: Shelf(root / "shelf"))
    (shelf,) = graph.of_type("strongroom:index:Shelf")
    assert [part.name for part in graph.children(shelf)] == [f"{root}-shelf-first", f"{root}-shelf-second"]


def test_a_part_that_needs_another_comes_after_it(planned: Planned, root: Name) -> None:
    graph = planned(lambda: Shelf(root / "shelf"))
    first, second = sorted(graph.of_type("aws:sns/topic:Topic"), key=lambda topic: topic.name)
    assert first.urn in second.dependencies


def test_a_component_hangs_below_its_parent(planned: Planned, root: Name) -> None:
    graph = planned(lambda: Shelf(root / "lower", Shelf(root / "upper")))
    lower = next(shelf for shelf in graph.of_type("strongroom:index:Shelf") if shelf.name.endswith("lower"))
    assert [above.name for above in graph.ancestors(lower)] == [f"{root}-upper", "strongroom-test"]
