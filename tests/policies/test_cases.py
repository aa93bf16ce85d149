"""Every case of every guard, and what must hold of all of them."""

from __future__ import annotations

import inspect
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.graph import POLICY_DOCUMENT, STACK, Graph, graph_of
from core.resource import Resource
from core.value import SECRET, Secret, Unknown, leaves, thawed
from core.verdict import Decidable, State, Verdict
from policies.guard import FAULT
from policies.judge import GUARD_FILES, guards, judge

MAY_NOT_APPLY = re.compile(r"not_applicable\(|TAKES_LOGS|NO_POLICY|for_outsiders")
PRESENCE = {"iam.persona_role_is_bounded"}
"""Guards that ask whether a value is there, which one that is not known yet already answers."""


def verdict_of(guard: str, graph: Graph, urn: str) -> Verdict:
    return guards()[guard].judge(graph.by_urn[urn], graph)


def test_a_case_is_judged_as_it_expects(case: Any) -> None:
    verdict = verdict_of(case.guard, case.graph, case.urn)
    assert (verdict.state, FAULT in verdict.reason) == (case.expect, False), verdict.reason


def test_every_guard_has_a_case_that_passes_one_that_fails_and_one_that_cannot_be_decided(every_case: Any) -> None:
    seen = Counter((case.guard, case.expect) for case in every_case)
    needed = {
        (name, state)
        for name, guard in guards().items()
        for state in (State.PASS, State.FAIL, State.UNKNOWN)
        if state is not State.FAIL or guard.decidable is Decidable.PLAN
    }
    assert needed - set(seen) == set()


def test_every_guard_that_may_not_apply_has_a_case_for_it(every_case: Any) -> None:
    seen = {case.guard for case in every_case if case.expect is State.NOT_APPLICABLE}
    able = {name for name, guard in guards().items() if MAY_NOT_APPLY.search(inspect.getsource(guard.rule))}
    assert able - seen == set()


def test_every_case_is_about_a_guard_in_force(every_case: Any) -> None:
    assert {case.guard for case in every_case} == set(guards())


def test_every_guard_stands_in_a_file_of_its_service() -> None:
    assert {guard.rule.__module__ for guard in guards().values()} == {module.__name__ for module in GUARD_FILES}
    for name, guard in guards().items():
        assert re.fullmatch(rf"policies\.{name.split('.')[0]}(_\w+)?", guard.rule.__module__), name


def test_no_reason_quotes_a_value(every_case: Any) -> None:
    for case in every_case:
        told = " ".join(
            str(leaf) for r in case.graph.resources for _, leaf in leaves(r.inputs) if isinstance(leaf, str)
        )
        reason = verdict_of(case.guard, case.graph, case.urn).reason
        quoted = [word for word in re.findall(r"arn:\S+|\d{12}|igw-\S+|o-\d+", reason) if word in told]
        assert quoted == [], reason


def with_leaf(graph: Graph, urn: str, path: tuple[Any, ...], value: Any) -> Graph:
    """The Graph with one leaf of one resource's inputs replaced, and what its property depended on forgotten."""

    def put(node: Any, rest: tuple[Any, ...]) -> Any:
        if not rest:
            return value
        if isinstance(node, dict):
            return {**node, rest[0]: put(node[rest[0]], rest[1:])}
        return [put(item, rest[1:]) if number == rest[0] else item for number, item in enumerate(node)]

    def changed(resource: Resource) -> Resource:
        if resource.urn != urn:
            return resource
        links = {name: urns for name, urns in resource.property_dependencies.items() if name != path[0]}
        return replace(resource, inputs=put(thawed(resource.inputs), path), property_dependencies=links)

    return graph_of(changed(resource) for resource in graph.resources)


def wrong_values(leaf: Any) -> list[Any]:
    """Other values a leaf might have had."""
    others: list[Any] = [
        "elsewhere",
        True,
        False,
        0,
        -1,
        999,
        "*",
        "0.0.0.0/0",
        "arn:aws:iam::aws:policy/AdministratorAccess",
    ]
    return [value for value in others if value != leaf or type(value) is not type(leaf)]


def places(graph: Graph) -> Iterator[tuple[str, tuple[Any, ...], Any]]:
    for resource in graph.resources:
        if resource.type != STACK:
            for path, leaf in leaves(resource.inputs):
                if path and not (resource.type == POLICY_DOCUMENT and path[0] in {"of", "attribute"}):
                    yield resource.urn, path, leaf


def test_a_value_that_could_decide_is_never_taken_on_trust(passing: Any) -> None:
    """Where another value would end the pass, not knowing the value must end it too."""
    assert verdict_of(passing.guard, passing.graph, passing.urn).state is State.PASS
    for urn, path, leaf in places(passing.graph):
        unread = verdict_of(passing.guard, with_leaf(passing.graph, urn, path, Unknown("elsewhere")), passing.urn)
        assert FAULT not in unread.reason, (path, unread.reason)
        if unread.state is not State.PASS or (isinstance(leaf, Unknown) and passing.guard in PRESENCE):
            continue
        for value in wrong_values(leaf):
            other = verdict_of(passing.guard, with_leaf(passing.graph, urn, path, value), passing.urn)
            assert other.state is not State.FAIL, (urn, path, value, other.reason)


def test_a_secret_is_never_taken_on_trust(passing: Any) -> None:
    for urn, path, leaf in places(passing.graph):
        if isinstance(leaf, str | bool | int):
            unread = verdict_of(passing.guard, with_leaf(passing.graph, urn, path, Unknown("elsewhere")), passing.urn)
            secret = verdict_of(passing.guard, with_leaf(passing.graph, urn, path, SECRET), passing.urn)
            assert FAULT not in secret.reason, (path, secret.reason)
            assert (secret.state is State.PASS) <= (unread.state is State.PASS), (path, secret.reason)


def test_with_every_leaf_unknown_nothing_passes_but_what_is_known_to_be_there(passing: Any) -> None:
    """Zero silent passes: what is unset may pass by its default, what is set and unknown may not."""
    dark = graph_of(
        resource
        if resource.type == STACK
        else replace(resource, inputs={k: Unknown("elsewhere") for k in resource.inputs}, property_dependencies={})
        for resource in passing.graph.resources
    )
    blank = graph_of(
        replace(resource, inputs={}, outputs={}, property_dependencies={}) for resource in passing.graph.resources
    )
    verdict = verdict_of(passing.guard, dark, passing.urn)
    if verdict.state is State.PASS and passing.guard not in PRESENCE:
        assert verdict_of(passing.guard, blank, passing.urn).state is State.PASS, verdict.reason


scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=6)
    | st.sampled_from(
        [
            Unknown("u"),
            SECRET,
            "*",
            "Allow",
            "Deny",
            "Enabled",
            "0.0.0.0/0",
            "arn:aws:iam::1:root",
            "Management",
            "Data",
        ]
    )
)
WORDS = (
    *(
        "spec",
        "template",
        "jobTemplate",
        "initContainers",
        "securityContext",
        "env",
        "envFrom",
        "metadata",
        "namespace",
    ),
    *(
        "trainingJobDefinitions",
        "monitoringScheduleConfig",
        "networkConfig",
        "endpointConfiguration",
        "settings",
        "cors",
    ),
    *("encryptionConfig", "parameters", "defaultActions", "accessLogs", "blockDeviceMappings", "networkInterfaces"),
    *("environment", "userData", "configurationValues", "publicAccessCidrs", "version", "principal", "resourceId"),
    *("rules", "rule", "policy", "Statement", "Effect", "Principal", "Action", "Resource", "Condition", "tags", "AWS"),
    *(
        "advancedEventSelectors",
        "fieldSelectors",
        "field",
        "equals",
        "eventSelectors",
        "dataResources",
        "values",
        "type",
    ),
    *("productionVariants", "dataCaptureConfig", "containers", "image", "vpcConfig", "ingress", "egress", "cidrBlocks"),
    *(
        "routes",
        "cidrBlock",
        "gatewayId",
        "assumeRolePolicy",
        "filter",
        "expiration",
        "bucket",
        "vpcId",
        "document",
        "of",
    ),
)
garbage = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(WORDS) | st.text(max_size=4), inner, max_size=4)
    ),
    max_leaves=12,
)
EVERY_TYPE = sorted({token for guard in guards().values() for token in guard.on} | {POLICY_DOCUMENT})


@st.composite
def programs(draw: Any) -> Graph:
    """A few resources of types that guards concern, holding anything, referring to each other at random."""
    chosen = draw(st.lists(st.sampled_from(EVERY_TYPE), min_size=1, max_size=4))
    urns = [f"urn:pulumi:test::any::{token}::r{number}" for number, token in enumerate(chosen)]
    made = []
    for number, (token, urn) in enumerate(zip(chosen, urns, strict=True)):
        inputs = draw(st.dictionaries(st.sampled_from(WORDS), garbage, max_size=5))
        links = {
            name: draw(st.sets(st.sampled_from(urns[: number or 1]))) - {urn} for name in inputs if draw(st.booleans())
        }
        made.append(Resource(token, urn, inputs, {}, "", frozenset(), {k: frozenset(v) for k, v in links.items()}))
    return graph_of(made)


@settings(max_examples=150, deadline=None)
@given(programs())
def test_whatever_a_program_holds_no_guard_breaks_and_each_resource_gets_its_answer(graph: Graph) -> None:
    findings = judge(graph)
    assert [finding.message for finding in findings if FAULT in finding.message] == []
    for guard in guards().values():
        concerned = {resource.urn for resource in graph.of_type(*guard.on)}
        answered = {finding.urn for finding in findings if finding.guard == guard.id}
        assert concerned <= answered, guard.id


def _types_of(value: Any) -> set[type]:
    return {type(leaf) for _, leaf in leaves(value)}


@pytest.mark.parametrize("mark", [Unknown("u"), SECRET])
def test_case_files_can_say_what_is_dark(mark: Unknown | Secret, every_case: Any) -> None:
    assert any(type(mark) in _types_of(resource.inputs) for case in every_case for resource in case.graph.resources)


def test_cases_are_read_from_plain_mappings(every_case: Any) -> None:
    assert all(isinstance(resource.inputs, Mapping) for case in every_case for resource in case.graph.resources)
