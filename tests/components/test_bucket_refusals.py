from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from components.bucket import Bucket
from components.bucket_policy import access_log_writer
from components.key import Key, KeyArgs
from components.object_lock import Lock, LockMode
from components.place import Place
from core.errors import BadInput
from core.graph import Graph
from core.naming import Name
from core.retention import DataClass
from tests.bucket_parts import EXPIRY, LOCKED, VERSIONS, one, statements

Planned = Callable[[Callable[[], Any]], Graph]
Shelf = Callable[..., Bucket]


def refusal(planned: Planned, program: Callable[[], Any]) -> str:
    with pytest.raises(BadInput) as refused:
        planned(program)
    return str(refused.value)


@pytest.mark.parametrize(
    ("given_args", "message"),
    [
        ({"key": None}, "data class health needs a key"),
        ({"key": None, "data_class": DataClass.PERSONAL}, "data class personal needs a key"),
        ({"access_logs": None}, "nobody logs who reads it"),
        ({"keep_days": 0}, "keep_days is 0"),
        ({"undo_days": 0}, "undo_days is 0"),
        ({"lock": Lock(0, LockMode.GOVERNANCE)}, "lock.days is 0"),
        ({"lock": Lock(31, LockMode.GOVERNANCE), "keep_days": 30}, "locked for 31 days but to be gone after 30"),
        ({"lock": Lock(30, LockMode.COMPLIANCE), "force_destroy": True}, "force_destroy cannot empty"),
    ],
)
def test_a_bucket_that_would_break_a_promise_is_refused(
    planned: Planned, root: Name, shelf: Shelf, given_args: dict[str, Any], message: str
) -> None:
    assert message in refusal(planned, lambda: shelf(root, **given_args))


@pytest.mark.parametrize("given_args", [{"lock": Lock(30, LockMode.GOVERNANCE)}, {}], ids=["lock", "key"])
def test_access_logs_are_not_delivered_to_a_locked_or_sealed_bucket(
    planned: Planned, root: Name, shelf: Shelf, place: Place, given_args: dict[str, Any]
) -> None:
    usual = {"data_class": DataClass.INTERNAL, "access_logs": None, "writers": [access_log_writer(place, "x")]}
    said = refusal(planned, lambda: shelf(root, **{**usual, **given_args}))
    assert re.search("S3 does not deliver with key" + (", lock" if given_args else ""), said)


def test_access_logs_do_not_share_a_bucket_with_patients(
    planned: Planned, root: Name, shelf: Shelf, place: Place
) -> None:
    writers = [access_log_writer(place, "x")]
    said = refusal(planned, lambda: shelf(root, key=None, access_logs=None, writers=writers))
    assert "cannot share a bucket with health data" in said


def test_access_logs_go_only_where_s3_may_deliver_them(planned: Planned, root: Name, shelf: Shelf) -> None:
    said = refusal(planned, lambda: shelf(root, access_logs=shelf(root / "other")))
    assert "does not admit S3's log delivery" in said


def test_a_key_that_s3_cannot_use_is_refused(planned: Planned, root: Name, shelf: Shelf, place: Place) -> None:
    def program() -> None:
        shelf(root, key=Key(root / "topic-key", KeyArgs(place, "seals messages", ("sns",))))

    assert "cannot be used through s3" in refusal(planned, program)


LOCKS = st.none() | st.builds(Lock, st.integers(0, 400), st.sampled_from(LockMode))


@settings(max_examples=60, deadline=None)
@given(
    data_class=st.sampled_from(DataClass),
    keep=st.integers(0, 400),
    undo=st.integers(0, 60),
    lock=LOCKS,
    keyed=st.booleans(),
    logged=st.booleans(),
    destroyed=st.booleans(),
)
def test_whatever_is_asked_for_a_bucket_is_safe_or_refused(
    planned: Planned,
    root: Name,
    shelf: Shelf,
    data_class: DataClass,
    keep: int,
    undo: int,
    lock: Lock | None,
    keyed: bool,
    logged: bool,
    destroyed: bool,
) -> None:
    asked = {"data_class": data_class, "keep_days": keep, "undo_days": undo, "lock": lock, "force_destroy": destroyed}
    left_out = {**({} if keyed else {"key": None}), **({} if logged else {"access_logs": None})}
    try:
        graph = planned(lambda: shelf(root, **asked, **left_out))
    except BadInput:
        wrong = min(keep, undo) < 1 or (lock is not None and (lock.days < 1 or lock.days > keep or lock.is_final))
        assert wrong or not logged or (not keyed and data_class.identifies_people)
        return
    assert keyed or not data_class.identifies_people
    assert not (destroyed and lock and lock.is_final)
    said = statements(graph)
    assert "OnlyOverTls" in said
    assert [s for s in said.values() if s["Principal"] == {"AWS": "*"} and s["Effect"] == "Allow"] == []
    assert ("NoOtherKey" in said) is keyed
    assert bool([r for r in graph.of_type(LOCKED) if "-raw-" in r.name]) is (lock is not None)
    assert one(graph, EXPIRY).get("rules", 0, "expiration", "days") >= (lock.days if lock else 1)
    assert one(graph, VERSIONS).get("versioningConfiguration", "status") == "Enabled"
