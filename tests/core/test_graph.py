"""A Graph: what it refuses, how it finds its way, and in which order things come."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.graph import POLICY_DOCUMENT, Graph, GraphError, graph_of
from core.resource import Resource
from core.value import Unknown, thawed

BUCKET, POLICY, KEY = "aws:s3/bucket:Bucket", "aws:s3/bucketPolicy:BucketPolicy", "aws:kms/key:Key"


def urn(token: str, name: str) -> str:
    return f"urn:pulumi:dev::strongroom::{token}::{name}"


def made(token: str, name: str, inputs: dict[str, Any] | None = None, **more: Any) -> Resource:
    return Resource(token, urn(token, name), inputs or {}, **more)


def depends(**urns: str) -> dict[str, frozenset[str]]:
    return {name: frozenset({found}) for name, found in urns.items()}


KEY_ONE, KEY_TWO = made(KEY, "one"), made(KEY, "two")


def test_a_urn_that_stands_twice_is_refused_by_name() -> None:
    with pytest.raises(GraphError, match=f"duplicate URN: {KEY_ONE.urn}; give each"):
        graph_of([KEY_ONE, KEY_ONE])


def test_a_circle_of_dependencies_is_refused_with_its_way() -> None:
    one = made(KEY, "one", dependencies=frozenset({urn(KEY, "two")}))
    two = made(KEY, "two", property_dependencies=depends(policy=urn(KEY, "one")))
    with pytest.raises(GraphError, match=r"dependency cycle: .*::one -> .*::two -> .*::one"):
        graph_of([one, two])


@pytest.mark.parametrize("how", ["parent", "dependencies"])
def test_a_resource_that_needs_itself_is_a_circle(how: str) -> None:
    itself = urn(KEY, "one")
    more: dict[str, Any] = {"parent": itself} if how == "parent" else {"dependencies": frozenset({itself})}
    with pytest.raises(GraphError, match="dependency cycle"):
        graph_of([made(KEY, "one", **more)])


def test_a_long_chain_is_walked_without_recursion() -> None:
    chain = [made(KEY, f"k{n:05}", dependencies=frozenset({urn(KEY, f"k{n + 1:05}")})) for n in range(5000)]
    ordered = graph_of([*chain, made(KEY, "k05000")]).in_order()
    assert [item.name for item in ordered] == [f"k{n:05}" for n in range(5000, -1, -1)]


@given(st.permutations(range(6)), st.sets(st.tuples(st.integers(0, 5), st.integers(0, 5)), max_size=12))
def test_order_puts_needs_first_and_does_not_depend_on_how_resources_came(
    arrival: list[int], edges: set[tuple[int, int]]
) -> None:
    needs = {n: frozenset(urn(KEY, str(low)) for low, high in edges if high == n and low < high) for n in range(6)}
    resources = [made(KEY, str(n), dependencies=needs[n]) for n in range(6)]
    graph = graph_of(resources[n] for n in arrival)
    assert graph == graph_of(resources)
    ordered = [item.urn for item in graph.in_order()]
    assert len(ordered) == 6
    assert all(ordered.index(need) < ordered.index(item.urn) for item in resources for need in item.dependencies)


def test_equal_content_is_an_equal_graph_and_cannot_be_changed() -> None:
    graph = graph_of([made(BUCKET, "a", {"rules": [{"days": 1.0}]})])
    assert graph == graph_of([made(BUCKET, "a", {"rules": [{"days": 1}]})])
    with pytest.raises(TypeError):
        graph.resources[0].inputs["rules"] = ()  # ty: ignore[invalid-assignment] - the point of the test


def test_children_and_ancestors_follow_the_parent() -> None:
    top = made("strongroom:index:Bucket", "records")
    store = made(BUCKET, "store", parent=top.urn)
    policy = made(POLICY, "closed", parent=store.urn)
    graph = graph_of([top, store, policy])
    assert graph.children(graph.by_urn[top.urn]) == (graph.by_urn[store.urn],)
    assert [item.name for item in graph.ancestors(graph.by_urn[policy.urn])] == ["store", "records"]


@pytest.mark.parametrize(
    ("bucket", "found"),
    [
        (made(BUCKET, "b"), None),
        (
            made(BUCKET, "b", {"key": Unknown(f"{KEY_ONE.urn}.arn")}, property_dependencies=depends(key=KEY_ONE.urn)),
            "one",
        ),
        (made(BUCKET, "b", {"key": Unknown(KEY_ONE.urn)}, property_dependencies=depends(key=KEY_ONE.urn)), "one"),
        (made(BUCKET, "b", property_dependencies=depends(key=KEY_ONE.urn)), "one"),
        (made(BUCKET, "b", {"key": "arn:aws:kms:::one"}), "one"),
        (made(BUCKET, "b", {"key": "arn:aws:kms:::elsewhere"}), Unknown("a resource outside this program")),
        (made(BUCKET, "b", {"key": Unknown("stack output")}), Unknown("stack output")),
        (
            made(
                BUCKET,
                "b",
                {"key": Unknown(f"{KEY_TWO.urn}.state.arn")},
                property_dependencies={"key": frozenset({KEY_ONE.urn, KEY_TWO.urn})},
            ),
            "two",
        ),
        (
            made(
                BUCKET,
                "b",
                {"key": Unknown(f"{KEY_ONE.urn}.arn, {KEY_TWO.urn}.arn")},
                property_dependencies={"key": frozenset({KEY_ONE.urn, KEY_TWO.urn})},
            ),
            Unknown(f"{KEY_ONE.urn}.arn, {KEY_TWO.urn}.arn"),
        ),
    ],
)
def test_a_link_is_a_resource_nothing_or_unknown(bucket: Resource, found: str | Unknown | None) -> None:
    graph = graph_of([made(KEY, "one", {}, outputs={"arn": "arn:aws:kms:::one"}), KEY_TWO, bucket])
    linked = graph.linked(bucket, "key")
    assert (linked.name if isinstance(linked, Resource) else linked) == found


def test_companions_are_found_by_dependency_and_by_name() -> None:
    bucket = made(BUCKET, "b", {"bucket": "ward-records"})
    by_link = made(
        POLICY, "linked", {"bucket": Unknown(f"{bucket.urn}.id")}, property_dependencies=depends(bucket=bucket.urn)
    )
    by_name = made(POLICY, "named", {"bucket": "ward-records"})
    graph = graph_of([bucket, by_link, by_name, made(POLICY, "other", {"bucket": "else"})])
    assert [item.name for item in graph.companions(bucket, POLICY, "bucket")] == ["linked", "named"]


def test_what_might_refer_to_anything_is_told_apart() -> None:
    lost = made(POLICY, "lost", {"bucket": Unknown("a value that is known only after deployment")})
    graph = graph_of([lost, made(POLICY, "plain", {"bucket": "else"})])
    assert [item.name for item in graph.unlinked(POLICY, "bucket")] == ["lost"]


STATEMENT = {"Version": "2012-10-17", "Statement": [{"Effect": "Deny"}]}


def with_document(policy: Any, **document: Any) -> tuple[Graph, Resource]:
    store = made(BUCKET, "store", {"policy": policy} if policy is not None else {}, parent=urn("t", "top"))
    facts = {"of": "store", "attribute": "policy", "document": STATEMENT, **document}
    beside = made(POLICY_DOCUMENT, "store-policy", facts, parent=urn("t", "top"))
    graph = graph_of([store, beside])
    return graph, graph.by_urn[store.urn]


@pytest.mark.parametrize("policy", [json.dumps(STATEMENT), STATEMENT, Unknown("json")])
def test_a_policy_is_read_as_text_as_structure_and_from_its_document(policy: Any) -> None:
    graph, store = with_document(policy)
    assert thawed(graph.document(store)) == STATEMENT


def test_a_policy_that_is_not_set_is_none_even_beside_a_document() -> None:
    graph, store = with_document(None)
    assert graph.document(store) is None


@pytest.mark.parametrize("policy", ["not json", "[" * 100_000, "[1]", "5"])
def test_a_policy_that_is_no_policy_is_unknown(policy: str) -> None:
    graph, store = with_document(policy)
    assert isinstance(graph.document(store), Unknown)


@pytest.mark.parametrize("of", [Unknown("x"), {"a": 1}, 5])
def test_a_document_of_nothing_named_is_passed_by(of: Any) -> None:
    graph, store = with_document(Unknown("json"), of=of)
    assert graph.document(store) == Unknown("json")
