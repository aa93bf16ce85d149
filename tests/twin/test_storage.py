"""Copies, lists and doors of buckets, tables, secrets and parameters: made, changed, taken away and made again."""

from __future__ import annotations

from typing import Any

import pytest

from core.outcome import Status
from twin.calls import RefusedError


@pytest.fixture
def storage(everything: Any) -> Any:
    """All of the area but the table that resists deletion."""
    return type(everything)(dict(everything.parts)).only("copied", "store-list", "store-news", "door", *OTHERS)


OTHERS = ("table", "secret-policy", "secret-rotation", "secret-value", "parameter")


def failed(bench: Any, done: Any) -> list[Any]:
    return [(o.urn, o.reasons) for o in bench.read(done).outcomes if o.status is Status.FAILED]


def test_what_is_stored_can_be_made_taken_away_and_made_again(bench: Any, storage: Any) -> None:
    assert failed(bench, bench.up(storage)) == []
    assert bench.changes(storage) == {}
    assert failed(bench, bench.up(storage.only("door-network"))) == []
    assert failed(bench, bench.up(storage)) == []


@pytest.mark.parametrize(
    ("name", "change"),
    [
        (
            "table",
            {"ttl": None, "pointInTimeRecovery": None, "tags": {"owner": "icu"}, "deletionProtectionEnabled": False},
        ),
        ("secret", {"description": "What opens it", "tags": {"owner": "icu"}}),
        ("secret-policy", {"policy": {"Version": "2012-10-17", "Statement": []}}),
        ("secret-rotation", {"rotationRules": {"automaticallyAfterDays": 7}}),
        ("parameter", {"value": "other words", "tags": {"owner": "icu"}}),
        ("door", {"tags": {"owner": "icu"}}),
        ("store-list", {"optionalFields": ["Size", "ETag"]}),
        ("store-news", {"eventbridge": False}),
    ],
)
def test_a_change_reaches_the_cloud_without_a_replacement(
    bench: Any, storage: Any, name: str, change: dict[str, Any]
) -> None:
    program = storage.only(name)
    bench.up(program)
    program.change(name, **change)
    assert bench.changes(program) == {name: "updated"}
    assert failed(bench, bench.up(program)) == []


def test_a_table_under_protection_resists_deletion_until_it_is_lifted(bench: Any, everything: Any) -> None:
    program = type(everything)(dict(everything.parts)).only("kept-table")
    bench.up(program)
    with pytest.raises(RefusedError, match="DeletionProtectionEnabled"):
        bench.up(program.without("kept-table"))
    program.change("kept-table", deletionProtectionEnabled=None)
    bench.up(program)
    assert failed(bench, bench.up(program.without("kept-table"))) == []


@pytest.mark.parametrize(("name", "held"), [("secret-value", "secretString"), ("parameter", "value")])
def test_a_value_is_compared_and_never_shown(bench: Any, storage: Any, name: str, held: str) -> None:
    done = bench.up(storage.only(name))
    assert failed(bench, done) == []
    seen = next(item for urn, item in bench.read(done).seen.items() if urn.endswith(f"::{name}"))
    assert seen.inputs[held].startswith("sha256:")
    assert "open sesame" not in str(seen)


def test_a_value_that_somebody_else_set_is_noticed(bench: Any, storage: Any) -> None:
    done = bench.up(storage.only("parameter"))
    bench.clients.client("ssm").put_parameter(Name="/sample/database/password", Value="mine", Overwrite=True)
    assert [reasons for _, reasons in failed(bench, done)] == [("value differs from what was declared",)]
