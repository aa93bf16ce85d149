"""What is protected stays, and who tries to let it go reads how."""

from __future__ import annotations

import re
from typing import Any

import pytest

from core.errors import BadInput
from core.outcome import Change
from twin.apply import destroy
from twin.calls import RefusedError


@pytest.fixture
def protected(platform: Any) -> Any:
    program = platform.only("closed", "key")
    program.parts["data"] = {**program.parts["data"], "protect": True}
    return program


def test_what_the_program_protects_is_not_deleted_nor_anything_beside_it(bench: Any, protected: Any) -> None:
    bench.up(protected)
    bench.calls.clear()
    with pytest.raises(BadInput, match=r"would have to be deleted.*::data; .*strongroom:deletion_protection: false"):
        destroy(bench.clients, bench.state, lambda _: None)
    with pytest.raises(BadInput, match="::data; to let go"):
        bench.up(protected.only("key"))
    assert bench.calls == []


def test_what_the_program_protects_is_not_replaced_even_where_the_change_lifts_it(bench: Any, protected: Any) -> None:
    bench.up(protected)
    protected.change("data", bucket="sample-other", protect=None)
    with pytest.raises(BadInput, match="replaced: urn:pulumi:local::sample::aws:s3/bucket:Bucket::data"):
        bench.up(protected)
    assert [b["Name"] for b in bench.clients.client("s3").list_buckets()["Buckets"]] == ["sample-data"]


def test_what_hangs_on_something_replaced_is_protected_too(bench: Any, platform: Any) -> None:
    program = platform.only("closed")
    program.parts["closed"] = {**program.parts["closed"], "protect": True}
    bench.up(program)
    program.change("data", objectLockEnabled=True)
    with pytest.raises(BadInput, match="::closed;"):
        bench.up(program)


def test_protection_is_lifted_by_a_run_without_it(bench: Any, protected: Any) -> None:
    bench.up(protected)
    protected.change("data", protect=None)
    assert bench.changes(protected) == {}
    assert {item.change for item in destroy(bench.clients, bench.state, lambda _: None)} == {Change.DELETED}


def test_a_bucket_that_holds_something_stays_and_the_message_says_how_to_let_it_go(bench: Any, platform: Any) -> None:
    program = platform.only("data")
    bench.up(program)
    bench.clients.client("s3").put_object(Bucket="sample-data", Key="k", Body=b"x")
    words = (
        "BucketNotEmpty: The bucket you tried to delete is not empty; to let it go, apply it with forceDestroy: true"
    )
    with pytest.raises(RefusedError, match=re.escape(words)):
        destroy(bench.clients, bench.state, lambda _: None)
    program.change("data", forceDestroy=True)
    bench.up(program)
    destroy(bench.clients, bench.state, lambda _: None)
    assert bench.clients.client("s3").list_buckets()["Buckets"] == []
