"""The state survives being written down, and knows in which order things may go."""

from __future__ import annotations

import json

import pytest

from core.errors import BadInput
from core.value import frozen
from twin.state import Record, Stage, State, dependants_first, state_from


def record(name: str, *needs: str, **links: str) -> Record:
    return Record(
        name,
        "aws:x/y:Y",
        frozen({"a": [1, 2.5, {"b": True}]}),
        Stage.DONE,
        id=f"id-{name}",
        needs=frozenset(needs),
        links={key: frozenset({urn}) for key, urn in links.items()},
    )


def test_a_state_is_the_same_after_writing_and_reading() -> None:
    state = State()
    state.put(record("one"))
    state.put(record("two", "one", bucket="one"))
    state.doomed.append(record("old"))
    assert state_from(state.text(), "test") == state
    assert state_from(state.text(), "test").text() == state.text()
    assert json.loads(state.text())["version"] == 2


def test_an_empty_state_can_be_written_and_read() -> None:
    assert state_from(State().text(), "test") == State()


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", "nonsense", '{"version": 2}', '{"version": 2, "records": [{}], "doomed": []}']
)
def test_what_is_no_state_is_refused_naming_the_file(text: str) -> None:
    with pytest.raises(BadInput, match=r"state\.json: not a state"):
        state_from(text, "state.json")


def test_a_state_of_another_version_is_refused() -> None:
    with pytest.raises(BadInput, match="version 1, expected 2"):
        state_from('{"version": 1}', "state.json")


def test_what_depends_goes_first() -> None:
    held = [record("vpc"), record("subnet", "vpc"), record("model", "subnet"), record("key")]
    order = [item.urn for item in dependants_first(held)]
    assert order.index("model") < order.index("subnet") < order.index("vpc")


def test_without_known_dependencies_the_latest_goes_first() -> None:
    assert [item.urn for item in dependants_first([record("a"), record("b"), record("c")])] == ["c", "b", "a"]


def test_only_what_is_bound_goes_along() -> None:
    state = State()
    for item in (record("a"), record("b", hard="a"), record("c", soft="a"), record("d", hard="b"), record("e", "a")):
        state.put(item)
    assert [item.urn for item in state.bound_to("a", lambda _, through: "hard" in through)] == ["d", "b", "a"]


def test_what_a_value_names_is_a_dependency() -> None:
    state = State()
    state.put(Record("key", "t", {}, Stage.DONE, id="abc", outputs={"arn": "arn:aws:kms:::key/abc"}))
    state.put(Record("other", "t", {}, Stage.DONE, id="xyz"))
    inputs = frozen({"kmsKeyId": "arn:aws:kms:::key/abc:*", "list": ["abc"], "plain": "abcd"})
    expected = {"kmsKeyId": {"key"}, "list": {"key"}}
    assert state.named_in(inputs, ["key", "other"]) == expected
