from __future__ import annotations

from cli.idle_page import idle_page
from core.graph import graph_of
from core.idle_cost import AS_OF
from core.resource import Resource

KEY, OURS = "aws:kms/key:Key", "strongroom:index:Key"
COMPONENT = f"urn:pulumi:prod::ward::{OURS}::ward-key"


def part(token: str, name: str, parent: str = "", **inputs: object) -> Resource:
    below = f"{OURS}$" if parent else ""
    return Resource(token, f"urn:pulumi:prod::ward::{below}{token}::{name}", inputs, parent=parent)


def test_each_part_that_costs_stands_under_its_component_and_the_sum_is_an_estimate_with_its_day() -> None:
    parts = [Resource(OURS, COMPONENT), part(KEY, "one", COMPONENT), part(KEY, "two", COMPONENT), part(KEY, "alone")]
    page = idle_page(graph_of([*parts, part("aws:kms/alias:Alias", "alias", COMPONENT)]), "prod")
    assert f"**estimate**, with prices as of {AS_OF}" in page
    assert "**3 USD a month** for the environment `prod`." in page
    assert "| [Key](components.md#key) | `aws:kms/key:Key` | 2 | 2.00 |" in page
    assert "| none | `aws:kms/key:Key` | 1 | 1.00 |" in page
    assert "Alias" not in page


def test_what_nobody_priced_is_said_and_not_taken_for_nothing() -> None:
    page = idle_page(graph_of([part("aws:rds/cluster:Cluster", "one")]), "prod")
    assert "and 1 kinds of part whose cost is not known" in page
    assert "| none | `aws:rds/cluster:Cluster` | 1 | not known |" in page
