"""The platform itself, as each environment declares it, stands up in the local cloud and reads back as declared."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from core.outcome import Status
from policies.judge import judge
from stacks.blueprint import blueprint
from stacks.capture import Surroundings, capture
from stacks.config_file import read_settings
from twin.apply import Apply, destroy, suffix_from
from twin.catalog import CATALOG
from twin.local_cloud import local_cloud
from twin.readback import read_back
from twin.state import State

ROOT = Path(__file__).resolve().parents[2]


def run(environment: str, realise: Any = None) -> Any:
    settings = read_settings(environment)
    around = Surroundings(settings.project, environment, settings.account, settings.region, {}, ROOT)
    return capture(lambda: blueprint(settings), around, realise)


@pytest.mark.parametrize("environment", ["local", "prod"])
def test_every_type_and_property_of_the_platform_is_in_the_catalog(environment: str) -> None:
    declared = [r for r in run(environment).resources if r.type.startswith("aws:")]
    assert {r.type for r in declared} <= CATALOG.keys()
    assert [(r.urn, lost) for r in declared if (lost := CATALOG[r.type].uncovered(r.inputs))] == []


def test_the_platform_stands_up_reads_back_stays_and_goes() -> None:
    settings = read_settings("local")
    with local_cloud(settings.account, settings.region) as clients:
        state = State()

        def apply() -> Apply:
            return Apply(clients, state, lambda _: None, suffix_from("seed"))

        first, second = apply(), apply()
        graph = run("local", first)
        reading = read_back(clients, first.finish())
        assert [(o.urn, o.reasons) for o in reading.outcomes if o.status is Status.FAILED] == []
        assert len(reading.outcomes) == sum(r.type.startswith("aws:") for r in graph.resources)
        assert {f.state for f in judge(reading.graph(graph))} <= {"pass", "not_applicable", "unknown"}
        run("local", second)
        assert {str(item.change) for item in second.finish()} == {"unchanged"}
        gone = read_back(clients, destroy(clients, state, lambda _: None))
        held = [o for o in gone.outcomes if not (CATALOG[o.type].absent or CATALOG[o.type].lasting)]
        assert {outcome.status for outcome in held} == {Status.VERIFIED}
