"""Each protection of a network's edge, taken away in turn: a guard must say so, and where."""

from __future__ import annotations

import pytest

from core.verdict import State
from tests.network_programs import captured, complaints, everything, findings, way_out, ways_over
from tests.weakening import Weakening
from tests.weakenings_network import WEAKENINGS

PROGRAMS = {"default_acl": way_out, "egress": way_out, "egress_firewall": way_out, "network": way_out}
"""File -> a program that declares what is in it, where that is not the other one."""
MISSED_BY = {"flow_log": ("network",)}
"""File -> those where its lack is objected to: at the network whose traffic nobody records."""


@pytest.mark.parametrize("weakening", WEAKENINGS, ids=str)
def test_a_weakened_edge_is_failed_by_its_guard_and_named(
    weakening: Weakening, monkeypatch: pytest.MonkeyPatch
) -> None:
    weakening.change(monkeypatch)
    graph = captured(PROGRAMS.get(weakening.component, ways_over))
    objections = [finding for finding in findings(graph, weakening.guard) if finding.state is State.FAIL]
    assert objections
    named = {place.file for finding in objections for place in finding.location}
    files = {f"components/{file}.py" for file in (weakening.component, *MISSED_BY.get(weakening.component, ()))}
    assert files & named
    assert all(finding.fix and finding.message for finding in objections)


def test_nothing_is_objected_to_while_nothing_is_weakened() -> None:
    assert complaints(captured(everything)) == []
