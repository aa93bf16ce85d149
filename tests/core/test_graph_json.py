"""`graph.json`: what is written is read back, by us and by the published schema; what is broken is refused in place."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from jsonschema.protocols import Validator

from core.errors import BadInput
from core.graph import Graph, graph_of
from core.graph_json import from_json, to_json
from core.resource import Location, Resource
from core.value import SECRET, Unknown

SCHEMA = Path(__file__).resolve().parents[2] / "docs" / "schemas" / "graph.schema.json"

TEXT = st.text(st.characters(exclude_categories=("Cs",)), max_size=12)
KEYS = st.sampled_from(["$unknown", "$secret", "$mapping", "tags", "kmsKeyArn"]) | TEXT
NUMBERS = st.integers(-(10**18), 10**18) | st.floats(allow_nan=False, allow_infinity=False)
LEAVES = st.none() | st.booleans() | NUMBERS | TEXT | st.builds(Unknown, TEXT) | st.just(SECRET)
VALUES = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3), max_leaves=8
)
PROPERTIES = st.dictionaries(KEYS, VALUES, max_size=3)
LOCATIONS = st.lists(st.builds(Location, TEXT, st.integers(0, 10_000)), max_size=2).map(tuple)


def _urn(number: int) -> str:
    return f"urn:pulumi:dev::strongroom::aws:s3/bucket:Bucket::b{number}"


@st.composite
def graphs(draw: st.DrawFn) -> Graph:
    """Up to four resources; each may need those before it."""
    resources = []
    for number in range(draw(st.integers(0, 4))):
        earlier = st.sets(st.integers(0, number - 1).map(_urn), max_size=2) if number else st.just(set[str]())
        resources.append(
            Resource(
                "aws:s3/bucket:Bucket",
                _urn(number),
                draw(PROPERTIES),
                draw(PROPERTIES),
                draw(st.just("") | (st.just(_urn(number - 1)) if number else st.just("urn:elsewhere"))),
                frozenset(draw(earlier)),
                {key: frozenset(draw(earlier)) for key in draw(st.sets(KEYS, max_size=2))},
                draw(st.sampled_from(["", "urn:pulumi:dev::strongroom::pulumi:providers:aws::default"])),
                draw(LOCATIONS),
            )
        )
    return graph_of(resources)


@cache
def schema() -> Validator:
    content = json.loads(SCHEMA.read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(content)
    return Draft202012Validator(content)


@given(graphs())
def test_a_graph_comes_back_as_it_was(graph: Graph) -> None:
    assert from_json(to_json(graph)) == graph


@given(graphs())
def test_a_graph_that_was_read_is_written_with_the_same_bytes(graph: Graph) -> None:
    text = to_json(graph)
    assert to_json(from_json(text)) == text
    assert text.isascii()


@given(graphs())
def test_the_schema_agrees_with_what_is_written(graph: Graph) -> None:
    schema().validate(json.loads(to_json(graph)))


STORE = "urn:pulumi:dev::strongroom::aws:s3/bucket:Bucket::store"


def document(**changes: Any) -> dict[str, Any]:
    resource = {"urn": STORE, "type": "aws:s3/bucket:Bucket", "inputs": {}, **changes}
    return {"strongroom_graph": 1, "resources": [resource]}


def test_marks_are_written_as_the_format_says() -> None:
    inputs = {"kmsKeyArn": Unknown("urn:key.arn"), "password": SECRET, "tags": {"$unknown": "a text"}}
    resource = Resource("aws:s3/bucket:Bucket", STORE, inputs, location=(Location("stacks/blueprint.py", 3),))
    written = json.loads(to_json(graph_of([resource])))
    assert written == document(
        name="store",
        parent="",
        inputs={
            "kmsKeyArn": {"$unknown": "urn:key.arn"},
            "password": {"$secret": True},
            "tags": {"$mapping": {"$unknown": "a text"}},
        },
        dependencies=[],
        property_dependencies={},
        provider="",
        location=[{"file": "stacks/blueprint.py", "line": 3}],
    )


def test_protection_is_written_where_it_stands_and_nowhere_else() -> None:
    kept = graph_of([Resource("aws:s3/bucket:Bucket", STORE, protect=True)])
    assert '"protect": true' in to_json(kept)
    assert from_json(to_json(kept)) == kept
    assert "protect" not in to_json(graph_of([Resource("aws:s3/bucket:Bucket", STORE)]))
    with pytest.raises(BadInput, match=r"resources\[0\].protect: expected true or false, found a text"):
        from_json(json.dumps(document(protect="yes")))


def test_what_is_left_out_reads_as_empty() -> None:
    resource = from_json(json.dumps(document())).resources[0]
    assert resource == graph_of([Resource("aws:s3/bucket:Bucket", STORE)]).resources[0]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ([], "graph.json: expected a mapping, found a list"),
        ({"resources": []}, "strongroom_graph: expected the version of the format, 1, found nothing"),
        ({"strongroom_graph": 2, "resources": []}, "strongroom_graph: expected version 1"),
        ({"strongroom_graph": True, "resources": []}, "strongroom_graph: expected a whole number"),
        ({"strongroom_graph": 1}, "resources: expected the list of resources, found nothing"),
        ({"strongroom_graph": 1, "resources": {}}, "resources: expected a list, found a mapping"),
        ({"strongroom_graph": 1, "resources": [], "more": 1}, "more: expected no other keys"),
        ({"strongroom_graph": 1, "resources": ["x"]}, "resources[0]: expected a mapping, found a text"),
        (document(urn=None), "resources[0].urn: expected the URN of the resource, found nothing"),
        (document(urn=""), "resources[0].urn: expected the URN of the resource, found a text"),
        (document(type=5), "resources[0].type: expected a text, found a number"),
        (document(inputs=[]), "resources[0].inputs: expected a mapping, found a list"),
        (document(name="other"), "resources[0].name: expected the last part of the URN"),
        (document(dependency=[]), "resources[0].dependency: expected one of the keys"),
        (document(dependencies=[5]), "resources[0].dependencies[0]: expected a text, found a number"),
        (document(property_dependencies={"a": "urn"}), "property_dependencies.a: expected a list, found a text"),
        (document(location=[{"file": "a"}]), "location[0].line: expected a line number, found nothing"),
        (document(location=[{"file": "a", "line": "3"}]), "location[0].line: expected a whole number, found a text"),
        (document(inputs={"a": {"$unknown": 5}}), "inputs.a.$unknown: expected a text, found a number"),
        (document(inputs={"a": {"$secret": False}}), "inputs.a.$secret: expected true"),
        (document(inputs={"a": {"$mapping": []}}), "inputs.a.$mapping: expected a mapping, found a list"),
        (document(inputs={"a": [0, "\ud800"]}), "inputs.a[1]: expected whole Unicode characters"),
    ],
)
def test_what_is_not_as_the_format_has_it_is_refused_with_its_place(content: Any, said: str) -> None:
    with pytest.raises(BadInput) as caught:
        from_json(json.dumps(content))
    assert said in str(caught.value)
    if "surrogate" not in str(caught.value) and "last part" not in str(caught.value):
        assert not schema().is_valid(content)


def test_a_refusal_does_not_quote_what_was_found() -> None:
    with pytest.raises(BadInput) as caught:
        from_json(json.dumps(document(inputs="hunter2")))
    assert "hunter2" not in str(caught.value)


def test_a_key_of_a_resource_may_look_like_a_mark() -> None:
    graph = graph_of([Resource("t", STORE, {"$unknown": "just a property"})])
    assert from_json(to_json(graph)).resources[0].get("$unknown") == "just a property"
