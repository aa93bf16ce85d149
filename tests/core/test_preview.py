"""Graphs from `pulumi preview --json`."""

from __future__ import annotations

from typing import Any

import pytest

from core.errors import BadInput
from core.graph import GraphError
from core.preview import graph_from_preview
from core.value import Unknown

ROOT = "urn:pulumi:dev::strongroom::"
STACK = ROOT + "pulumi:pulumi:Stack::strongroom-dev"
KEY = ROOT + "aws:kms/key:Key::records"
STORE = ROOT + "aws:s3/bucket:Bucket::store"
ANY_UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"


def state(urn: str, **more: Any) -> dict[str, Any]:
    return {"urn": urn, "custom": True, "type": urn.split("::")[2], "parent": STACK, **more}


def step(op: str, urn: str, **more: Any) -> dict[str, Any]:
    return {"op": op, "urn": urn, "newState": state(urn, **more)}


def digest(*steps: dict[str, Any], **more: Any) -> dict[str, Any]:
    root = {"op": "create", "urn": STACK, "newState": state(STACK, parent="")}
    return {"config": {"strongroom:tier": "dev"}, "steps": [root, *steps], "duration": 5, **more}


def test_a_first_preview_becomes_a_graph_with_links_that_outlive_unknown_values() -> None:
    bucket = step(
        "create",
        STORE,
        inputs={"kmsKeyArn": ANY_UNKNOWN},
        dependencies=[KEY],
        propertyDependencies={"kmsKeyArn": [KEY]},
    )
    graph = graph_from_preview(digest(step("create", KEY, inputs={"enableKeyRotation": True}), bucket))
    store = graph.by_urn[STORE]
    assert store.get("kmsKeyArn") == Unknown(KEY)
    assert graph.linked(store, "kmsKeyArn") == graph.by_urn[KEY]
    assert store.parent == STACK


@pytest.mark.parametrize("op", ["delete", "delete-replaced", "discard", "remove-pending-replace"])
def test_what_goes_is_not_in_the_graph(op: str) -> None:
    gone = {"op": op, "urn": KEY, "oldState": state(KEY)}
    assert KEY not in graph_from_preview(digest(gone)).by_urn


def test_a_replacement_counts_once_although_it_takes_three_steps() -> None:
    steps = [
        step("create-replacement", KEY, inputs={"description": "after"}),
        step("replace", KEY, inputs={"description": "after"}),
        {"op": "delete-replaced", "urn": KEY, "oldState": state(KEY, inputs={"description": "before"})},
    ]
    graph = graph_from_preview(digest(*steps))
    assert graph.by_urn[KEY].get("description") == "after"
    assert len(graph.resources) == 2


def test_a_refreshed_resource_is_taken_as_the_later_step_has_it() -> None:
    refreshed = step("refresh", KEY, inputs={"description": "seen"})
    updated = step("update", KEY, inputs={"description": "asked"})
    assert graph_from_preview(digest(refreshed, updated)).by_urn[KEY].get("description") == "asked"
    assert KEY not in graph_from_preview(digest({"op": "refresh", "urn": KEY, "oldState": state(KEY)})).by_urn


def test_what_does_not_change_keeps_its_outputs() -> None:
    same = {**step("same", KEY), "oldState": state(KEY, outputs={"arn": "arn:aws:kms:::1"})}
    assert graph_from_preview(digest(same)).by_urn[KEY].get("arn") == "arn:aws:kms:::1"


def test_what_is_updated_does_not_keep_outputs_that_may_change() -> None:
    update = {**step("update", KEY), "oldState": state(KEY, outputs={"arn": "arn:aws:kms:::1"})}
    assert graph_from_preview(digest(update)).by_urn[KEY].get("arn") is None


def test_the_same_resource_created_twice_is_refused() -> None:
    with pytest.raises(GraphError, match="duplicate URN"):
        graph_from_preview(digest(step("create", KEY), step("create", KEY)))


@pytest.mark.parametrize(("op", "option"), [("same", "--show-sames"), ("read", "--show-reads")])
def test_a_preview_that_leaves_resources_out_is_refused_with_the_option_to_use(op: str, option: str) -> None:
    with pytest.raises(BadInput, match=rf"3 resources \('{op}'\) are left out; run pulumi preview --json {option}"):
        graph_from_preview(digest(step(op, KEY), changeSummary={"create": 1, op: 4}))
    whole = graph_from_preview(digest(step(op, KEY), changeSummary={"create": 1, op: 1}))
    assert KEY in whole.by_urn


def test_a_preview_that_failed_is_refused() -> None:
    diagnostics = [{"severity": "warning", "message": "old"}, {"severity": "error", "message": "the key is hunter2"}]
    with pytest.raises(BadInput, match="ended in 1 errors") as caught:
        graph_from_preview(digest(diagnostics=diagnostics))
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ({"steps": {}}, "preview.json: steps: expected a list, found a mapping"),
        ({"steps": [{"urn": KEY}]}, "steps[0].op: expected the operation of the step, found nothing"),
        ({"steps": [{"op": "create"}]}, "steps[0].newState: expected the state after the operation 'create'"),
        ({"steps": [], "changeSummary": {"same": "two"}}, "changeSummary.same: expected a whole number"),
        ({"steps": [], "diagnostics": [5]}, "diagnostics[0]: expected a mapping"),
    ],
)
def test_a_digest_of_another_shape_is_refused_with_its_place(content: Any, said: str) -> None:
    with pytest.raises(BadInput) as caught:
        graph_from_preview(content)
    assert said in str(caught.value)
