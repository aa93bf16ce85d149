"""The lake, its questions and its features stand up in the local cloud, read back, go, and stand up again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from core.graph import Graph
from core.outcome import Status
from core.resource import Resource
from stacks.capture import Surroundings, capture
from tests.data_lake_programs import PLACE, ROOT, complaints, features, keys, questions, tables
from twin.apply import Apply, destroy, suffix_from
from twin.local_cloud import local_cloud
from twin.readback import read_back
from twin.state import State

NOT_SHOWN = {"kms.key_ending_raises_an_alarm", "lakeformation.location_is_reached_by_own_role"}
"""Guards that read what the double leaves out (hybrid access), or what needs a trail."""
GROUPS = "sagemaker."
"""All of their guards are undecided: the double cannot hold a group of features."""


def made(program: Callable[[], Any], apply: Callable[[Resource], Any]) -> Graph:
    around = Surroundings("strongroom", "staging", PLACE.account, PLACE.region, {}, ROOT)
    return capture(program, around, apply)


@pytest.mark.parametrize("program", [tables, questions, features, keys], ids=lambda program: program.__name__)
def test_a_lake_stands_up_reads_back_goes_and_stands_up_again(program: Callable[[], Any]) -> None:
    state = State()
    with local_cloud(PLACE.account, PLACE.region) as clients:
        for _ in range(2):
            apply = Apply(clients, state, lambda _state: None, suffix_from("lake"))
            graph = made(program, apply)
            reading = read_back(clients, apply.finish())
            assert [(o.urn, o.reasons) for o in reading.outcomes if o.status is Status.FAILED] == []
            unclear = {found for found, _, _ in complaints(reading.graph(graph)) if not found.startswith(GROUPS)}
            assert unclear <= NOT_SHOWN
            gone = read_back(clients, destroy(clients, state, lambda _state: None))
            assert [(o.urn, o.reasons) for o in gone.outcomes if o.status is Status.FAILED] == []
            assert state.records == {}
