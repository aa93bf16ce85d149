"""The page of what costs money while idle: an estimate, component by component, for one environment."""

from __future__ import annotations

from collections.abc import Iterator

from core.graph import Graph, graph_of
from core.idle_cost import AS_OF, Row, idle_costs

OURS = "strongroom:index:"
NOT_KNOWN = "not known"


def idle_page(graph: Graph, environment: str) -> str:
    """A table of the parts that cost, by the component they are a part of, and their sum for the environment."""
    rows = list(_rows(graph))
    known = sum(row.usd for _, row in rows if row.usd is not None)
    unknown = sum(row.usd is None for _, row in rows)
    more = f", and {unknown} kinds of part whose cost is {NOT_KNOWN}" if unknown else ""
    head = f"""# What costs money while idle

An **estimate**, with prices as of {AS_OF} in US dollars for 730 hours in a month, without tax, free tiers and whatever
is paid by use: about **{known:,.0f} USD a month** for the environment `{environment}`{more}.

Prices differ between Regions and change. A page that was read for this is marked *read*; the other prices are widely
quoted, and the page is where to look them up. Components and parts that are not in the table cost nothing while idle,
or by use only.
"""
    table = ["| Component | Part | Number | USD a month | For | Price |", "|---|---|---|---|---|---|"]
    return "\n".join([head, *table, *(_line(component, row) for component, row in rows), ""])


def _rows(graph: Graph) -> Iterator[tuple[str, Row]]:
    """The parts of each kind of component, by its name; what hangs below no component is said to do so."""
    kinds: dict[str, list[str]] = {}
    for resource in graph.resources:
        if not resource.type.startswith(OURS):
            kinds.setdefault(_component(graph, resource.parent), []).append(resource.urn)
    for component, urns in sorted(kinds.items()):
        parts = graph_of([graph.by_urn[urn] for urn in urns])
        yield from ((component, row) for row in idle_costs(parts))


def _component(graph: Graph, parent: str) -> str:
    found = graph.by_urn.get(parent)
    return found.type.removeprefix(OURS) if found and found.type.startswith(OURS) else "none"


def _line(component: str, row: Row) -> str:
    sum_ = NOT_KNOWN if row.usd is None else f"{row.usd:,.2f}"
    page = f"[page]({row.source}){', *read*' if row.read else ''}" if row.source else ""
    link = f"[{component}](components.md#{component.lower()})" if component != "none" else component
    return f"| {link} | `{row.type}` | {row.count} | {sum_} | {row.basis} | {page} |"
