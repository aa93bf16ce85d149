"""Guards over how a table bears its load."""

from __future__ import annotations

from core.finding import Severity
from core.graph import Graph
from core.resource import Resource
from core.verdict import Verdict, all_of, any_of, equals, failed, holds, passed
from policies import tokens
from policies.guard import guard
from policies.links import comes_from, dark, is_dark

SCALED = "aws:appautoscaling/target:Target"
WAYS = ("dynamodb:table:ReadCapacityUnits", "dynamodb:table:WriteCapacityUnits")
"""https://docs.aws.amazon.com/autoscaling/application/APIReference/API_RegisterScalableTarget.html"""


@guard(
    "dynamodb.table_grows_with_its_load",
    on=tokens.TABLE,
    severity=Severity.LOW,
    fix="Set billingMode to PAY_PER_REQUEST, or declare appautoscaling Targets for its reads and its writes.",
)
def table_grows_with_its_load(table: Resource, graph: Graph) -> Verdict:
    """A table of a fixed size refuses whoever comes after the first."""
    return any_of([equals(table, "PAY_PER_REQUEST", "billingMode"), all_of(_scales(way, table, graph) for way in WAYS)])


def _scales(way: str, table: Resource, graph: Graph) -> Verdict:
    """Some target is for the table and for this of its dimensions."""
    missing = failed(f"no Target scales {way} of {table.name}")
    found = [
        all_of([equals(target, way, "scalableDimension"), _is_for(target, table)]) for target in graph.of_type(SCALED)
    ]
    return any_of([missing, *found])


def _is_for(target: Resource, table: Resource) -> Verdict:
    held, what = target.get("resourceId"), f"resourceId of {target.name}"
    if is_dark(held) and hasattr(held, "source"):
        linked = table.urn in target.property_dependencies.get("resourceId", ()) or comes_from(held, table)
        return passed(f"{what} is {table.name}") if linked else dark(what, held)
    name = table.get("name")
    if held is None:
        return failed(f"{what} is not set")
    if is_dark(name):
        return dark(f"name of {table.name}", name)
    return holds(held, lambda said: said == f"table/{name}", what, "this table")
