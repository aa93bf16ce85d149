from __future__ import annotations

from typing import Any

from core.graph import graph_of
from core.resource import Resource
from core.value import SECRET, Unknown
from core.verdict import State
from policies import tokens
from policies.judge import guards
from policies.reasoning import Read, Reasoning, Sight, reasoning

STEM = "urn:pulumi:prod::ward::"
KEY, GROUP = f"{STEM}{tokens.KEY}::seal", f"{STEM}{tokens.LOG_GROUP}::log"


def of_key(**inputs: Any) -> Reasoning:
    return reasoning(guards()["kms.key_rotates"], KEY, graph_of([Resource(tokens.KEY, KEY, inputs)]))


def test_what_was_read_is_told_with_what_stood_there_and_never_the_value() -> None:
    found = of_key(enableKeyRotation=True, customerMasterKeySpec=Unknown("a setting"), customKeyStoreId=SECRET, tags={})
    assert found.verdict.state is State.PASS
    assert found.reads == (
        Read(KEY, "customKeyStoreId", Sight.WITHHELD),
        Read(KEY, "customerMasterKeySpec", Sight.UNKNOWN, "a setting"),
        Read(KEY, "enableKeyRotation", Sight.KNOWN),
    )


def test_what_was_not_set_is_told_too() -> None:
    assert Read(KEY, "enableKeyRotation", Sight.NOT_SET) in of_key().reads


def test_what_was_read_of_other_resources_follows_that_of_the_judged_one() -> None:
    source = Unknown(f"{KEY}.arn")
    group = Resource(
        tokens.LOG_GROUP, GROUP, {"kmsKeyId": source}, property_dependencies={"kmsKeyId": frozenset({KEY})}
    )
    graph = graph_of([Resource(tokens.KEY, KEY, {}), group])
    found = reasoning(guards()["logs.group_is_encrypted_with_own_key"], GROUP, graph)
    assert found.verdict.state is State.PASS
    assert found.reads == (Read(GROUP, "kmsKeyId", Sight.UNKNOWN, f"{KEY}.arn"),)


def test_watching_changes_no_verdict(every_case: list[Any]) -> None:
    for case in every_case[::7]:
        guard = guards()[case.guard]
        assert reasoning(guard, case.urn, case.graph).verdict == guard.judge(case.resource, case.graph), case.because
