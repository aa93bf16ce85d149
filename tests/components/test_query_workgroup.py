from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from components.object_lock import Lock, LockMode
from components.query_workgroup import LEAST_BYTES, LONGEST_DAYS, MOST_BYTES, QueryWorkgroup, QueryWorkgroupArgs
from core.errors import BadInput
from core.graph import Graph
from core.retention import DataClass
from policies import tokens
from tests.data_lake_programs import PLACE, bucket, captured, complaints, home, name, reader, said

NO_TRAIL = "kms.key_ending_raises_an_alarm"
POLICY = "aws:iam/policy:Policy"


def workgroup(given_args: dict[str, Any] | None = None, **answers: Any) -> Graph:
    def program() -> None:
        above = home()
        usual: dict[str, Any] = {"keep_days": 30, "undo_days": 7, **answers}
        results = bucket("answers", above, **usual)
        args = QueryWorkgroupArgs(PLACE, results, **(given_args or {}))
        QueryWorkgroup(name() / "questions", args, above).grant_query(reader(above))

    return captured(program)


def test_nobody_sets_its_settings_aside() -> None:
    (group,) = workgroup().of_type(tokens.WORKGROUP)
    held = group.inputs["configuration"]
    assert held["enforceWorkgroupConfiguration"] is True
    assert held["publishCloudwatchMetricsEnabled"] is True
    assert held["requesterPaysEnabled"] is False
    assert held["bytesScannedCutoffPerQuery"] == 10_000_000_000
    assert held["engineVersion"] == {"selectedEngineVersion": "Athena engine version 3"}


def test_answers_go_to_our_bucket_under_its_key() -> None:
    graph = workgroup()
    (group,) = graph.of_type(tokens.WORKGROUP)
    place = ("configuration", "resultConfiguration")
    assert group.get(*place, "encryptionConfiguration", "encryptionOption") == "SSE_KMS"
    assert group.get(*place, "expectedBucketOwner") == PLACE.account
    sealed = graph.linked(group, *place, "encryptionConfiguration", "kmsKeyArn")
    assert getattr(sealed, "name", "") == "strongroom-staging-answers-key-key"
    assert getattr(graph.linked(group, *place, "outputLocation"), "name", "") == "strongroom-staging-answers-store"


def test_a_role_asks_here_and_reads_answers_of_this_workgroup_alone() -> None:
    graph = workgroup()
    (policy,) = graph.of_type(POLICY)
    asking = said(graph, policy, "QueryStrongroomStagingQuestions")
    assert "athena:StartQueryExecution" in asking["Action"]
    assert not [action for action in asking["Action"] if action.startswith(("athena:Update", "athena:Delete"))]
    assert "s3:DeleteObject" not in said(graph, policy, "QueryStrongroomStagingQuestionsResults")["Action"]


@pytest.mark.parametrize(
    ("given_args", "answers", "message"),
    [
        ({}, {"data_class": DataClass.INTERNAL, "key": None}, "has no key of our own"),
        ({}, {"lock": Lock(7, LockMode.GOVERNANCE)}, "nobody could be erased from an answer"),
        ({}, {"keep_days": LONGEST_DAYS + 1}, "kept for 91 days; expected 90 or fewer"),
        ({"bytes_limit": LEAST_BYTES - 1}, {}, "bytes_limit is 9999999"),
        ({"bytes_limit": MOST_BYTES + 1}, {}, "bytes_limit is 10000000000001"),
    ],
)
def test_a_workgroup_that_limits_or_protects_nothing_is_refused(
    given_args: dict[str, Any], answers: dict[str, Any], message: str
) -> None:
    with pytest.raises(BadInput, match=message):
        workgroup(given_args, **answers)


@settings(max_examples=15, deadline=None)
@given(
    data_class=st.sampled_from(list(DataClass)),
    limit=st.integers(LEAST_BYTES, MOST_BYTES),
    keep=st.integers(1, LONGEST_DAYS),
    force=st.booleans(),
)
def test_no_workgroup_is_ever_objected_to(data_class: DataClass, limit: int, keep: int, *, force: bool) -> None:
    graph = workgroup({"bytes_limit": limit, "force_destroy": force}, data_class=data_class, keep_days=keep)
    assert [found for found in complaints(graph) if found[0] != NO_TRAIL] == []
