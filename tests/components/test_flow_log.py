from __future__ import annotations

import json
import warnings
from collections.abc import Callable
from typing import Any

import pytest

from components.flow_log import FlowLog, FlowLogArgs, flow_group_name
from components.key import Key, KeyArgs
from components.key_policy import for_log_groups
from components.place import Place
from core.errors import BadInput
from core.graph import Graph
from core.naming import Name
from core.resource import Resource

with warnings.catch_warnings():
    # The provider's EC2 module warns of its own old classes as soon as it is loaded, whoever loads it.
    warnings.simplefilter("ignore", DeprecationWarning)
    from components.network import flow_group

FLOWS, GROUP, ROLE, KEY, POLICY = (
    "aws:ec2/flowLog:FlowLog",
    "aws:cloudwatch/logGroup:LogGroup",
    "aws:iam/role:Role",
    "aws:kms/key:Key",
    "aws:iam/policy:Policy",
)
Planned = Callable[[Callable[[], Any]], Graph]


@pytest.fixture
def graph(planned: Planned, root: Name, place: Place) -> Graph:
    def program() -> None:
        name = root / "flow"
        key = Key(root / "key", KeyArgs(place, "seals", services=for_log_groups(place, flow_group_name(name))))
        FlowLog(name, FlowLogArgs(place, "vpc-1", key, 100, "arn:aws:iam::123456789012:policy/edge"))

    return planned(program)


def one(graph: Graph, token: str) -> Resource:
    (found,) = graph.of_type(token)
    return found


def test_all_traffic_is_recorded_minute_by_minute(graph: Graph) -> None:
    flows = one(graph, FLOWS)
    assert (flows.inputs["trafficType"], flows.inputs["maxAggregationInterval"]) == ("ALL", 60)
    assert graph.linked(flows, "logDestination") == one(graph, GROUP)
    assert graph.linked(flows, "iamRoleArn") == one(graph, ROLE)


def test_the_record_is_sealed_and_kept_no_shorter_than_asked(graph: Graph) -> None:
    group = one(graph, GROUP)
    assert graph.linked(group, "kmsKeyId") == one(graph, KEY)
    assert group.inputs["retentionInDays"] == 120
    assert group.inputs["name"] == "/vpc/strongroom-staging-flow"


def test_a_network_says_which_group_its_key_must_admit(root: Name) -> None:
    assert (
        flow_group(root / "network")
        == flow_group_name(root / "network" / "flow")
        == "/vpc/strongroom-staging-network-flow"
    )


def test_the_writer_is_taken_for_flow_logs_of_this_account_only(graph: Graph) -> None:
    role = one(graph, ROLE)
    (trust,) = json.loads(role.inputs["assumeRolePolicy"])["Statement"]
    assert trust["Principal"] == {"Service": "vpc-flow-logs.amazonaws.com"}
    assert trust["Condition"] == {
        "StringEquals": {"aws:SourceAccount": "123456789012"},
        "ArnLike": {"aws:SourceArn": "arn:aws:ec2:eu-central-1:123456789012:vpc-flow-log/*"},
    }
    assert role.inputs["permissionsBoundary"].endswith("policy/edge")


def test_the_writer_cannot_make_a_group_without_a_key(graph: Graph) -> None:
    document = graph.document(one(graph, POLICY))
    actions = [action for statement in document["Statement"] for action in statement["Action"]]  # ty: ignore[not-subscriptable] - a policy is there
    assert "logs:PutLogEvents" in actions
    assert "logs:CreateLogGroup" not in actions


def test_a_key_that_does_not_admit_the_log_is_refused(planned: Planned, root: Name, place: Place) -> None:
    def program() -> None:
        FlowLog(root / "flow", FlowLogArgs(place, "vpc-1", Key(root / "key", KeyArgs(place, "seals")), 100))

    with pytest.raises(BadInput, match="for_log_groups"):
        planned(program)
