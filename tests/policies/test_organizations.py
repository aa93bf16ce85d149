from __future__ import annotations

import json
from typing import Any

import pytest

from core.graph import STACK, graph_of
from core.organization_limits import MOST_CHARACTERS, RESOURCE, SERVICE
from core.resource import Resource
from core.value import frozen
from core.verdict import State
from policies import tokens
from policies.organizations import policy_fits_its_limit


@pytest.mark.parametrize("kind", [SERVICE, RESOURCE])
@pytest.mark.parametrize(("over", "state"), [(0, State.PASS), (1, State.FAIL)])
def test_a_policy_fits_to_the_last_character(kind: str, over: int, state: State) -> None:
    frame = json.dumps({"Statement": [{"Sid": ""}]})
    text = frame.replace('""', f'"{"x" * (MOST_CHARACTERS[kind] - len(frame) + over)}"')
    urn = f"urn:pulumi:test::cases::{tokens.ORGANISATION_POLICY}::judge"
    policy = Resource(tokens.ORGANISATION_POLICY, urn, {"type": kind, "content": text})
    graph = graph_of([Resource(STACK, f"urn:pulumi:test::cases::{STACK}::cases-test"), policy])
    assert policy_fits_its_limit(policy, graph).state is state


@pytest.mark.parametrize("odd", [["SERVICE_CONTROL_POLICY"], {"type": SERVICE}, 3, False])
def test_a_type_that_is_no_text_is_unknown(odd: Any) -> None:
    urn = f"urn:pulumi:test::cases::{tokens.ORGANISATION_POLICY}::judge"
    policy = Resource(tokens.ORGANISATION_POLICY, urn, frozen({"type": odd, "content": "{}"}))
    assert policy_fits_its_limit(policy, graph_of([policy])).state is State.UNKNOWN
