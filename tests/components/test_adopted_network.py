from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from components.adopted_network import AdoptedNetwork, AdoptedNetworkArgs
from components.bucket import Bucket, BucketArgs
from components.bucket_policy import access_log_writer
from components.flow_log import FlowLog, FlowLogArgs, flow_group_name
from components.key import Key, KeyArgs
from components.key_policy import for_log_groups
from components.model_endpoint import ModelEndpoint, ModelEndpointArgs, endpoint_group
from components.model_release import Fleet, Release
from components.policy_document import allow
from components.role import Role, RoleArgs
from core.errors import BadInput
from core.graph import POLICY_DOCUMENT
from core.retention import DataClass
from core.verdict import State
from policies import tokens
from policies.judge import guards
from tests.network_programs import PLACE, captured, findings, ground, home, names, one, sealing

IDS: dict[str, Any] = {
    "vpc_id": "vpc-0a1b2c3d",
    "subnet_ids": ["subnet-0a1b2c3d", "subnet-0a1b2c3e"],
    "workload_group_id": "sg-0a1b2c3d",
    "runtime_endpoint_id": "vpce-0a1b2c3d",
}
ABOUT_NETWORKS = {name for name, guard in guards().items() if tokens.ADOPTED_NETWORK in guard.on}
DIGEST = "sha256:" + "ab" * 32
RELEASE = Release("123456789012.dkr.ecr.eu-central-1.amazonaws.com/triage", DIGEST, "triage/7/model.tar.gz", DIGEST)


def adopted(above: Any, **given_args: Any) -> AdoptedNetwork:
    return AdoptedNetwork(above.name / "net", AdoptedNetworkArgs(**{**IDS, **given_args}), above)


def serving(network: Any, above: Any) -> None:
    """A model in that network, and somebody who may ask it."""
    name = above.name / "triage"
    key = Key(
        name / "key", KeyArgs(PLACE, "Seals", ("sagemaker", "logs"), for_log_groups(PLACE, endpoint_group(name))), above
    )
    plain = BucketArgs(DataClass.INTERNAL, 365, writers=[access_log_writer(PLACE, str(above.name))])
    stored = BucketArgs(
        DataClass.INTERNAL,
        365,
        key=Key(name / "data", KeyArgs(PLACE, "Seals"), above),
        access_logs=Bucket(name / "logs", plain, above),
    )
    args = ModelEndpointArgs(
        PLACE,
        network,
        Bucket(name / "models", stored, above),
        key,
        RELEASE,
        Fleet("ml.m6i.large", 2),
        DataClass.HEALTH,
        365,
    )
    trust = [allow("Ward", ["sts:AssumeRole"], [], {"AWS": "arn:aws:iam::123456789012:role/ward"})]
    ModelEndpoint(name, args, above).grant_invoke(Role(above.name / "ward", RoleArgs(trust, "Asks"), above))


def in_adopted() -> None:
    above = home()
    serving(adopted(above), above)


def test_a_model_runs_in_an_adopted_network_as_in_one_of_ours() -> None:
    def in_ours() -> None:
        above, _, net = ground()
        serving(net, above)

    for program in (in_adopted, in_ours):
        model = one(captured(program), tokens.MODEL)
        assert len(model.inputs["vpcConfig"]["subnets"]) == 2
    assert one(captured(in_adopted), tokens.MODEL).inputs["vpcConfig"] == {
        "subnets": tuple(IDS["subnet_ids"]),
        "securityGroupIds": (IDS["workload_group_id"],),
    }


def test_models_are_asked_through_the_endpoint_of_the_adopted_network() -> None:
    documents = captured(in_adopted).of_type(POLICY_DOCUMENT)
    allowed = [found.name for found in documents if IDS["runtime_endpoint_id"] in str(found.inputs["document"])]
    assert len(allowed) == 1
    assert "ward" in allowed[0]


def test_what_cannot_be_seen_of_an_adopted_network_is_unknown_to_every_guard_over_networks() -> None:
    said = {f.guard: f.state for f in findings(captured(lambda: adopted(home()))) if f.urn.endswith("-net")}
    assert said == dict.fromkeys(ABOUT_NETWORKS, State.UNKNOWN)
    assert len(said) >= 9


def test_what_is_declared_beside_an_adopted_network_is_seen() -> None:
    def program() -> None:
        above = home()
        net = adopted(above)
        groups = for_log_groups(PLACE, flow_group_name(above.name / "flow"))
        key = Key(above.name / "flow-key", KeyArgs(PLACE, "Seals", ("logs",), groups), above)
        FlowLog(above.name / "flow", FlowLogArgs(PLACE, net.vpc_id, key, 365), above)
        names(above, sealing(above), net.vpc_id)

    said = findings(captured(program))
    assert [f.state for f in said if f.guard == "ec2.vpc_records_flows"] == [State.PASS]
    assert [f.state for f in said if f.guard == "route53resolver.queries_are_recorded"] == [State.PASS]
    assert [f.guard for f in said if f.state is State.FAIL] == []


def test_a_model_in_an_adopted_network_fails_nothing() -> None:
    failed = {f.guard for f in findings(captured(in_adopted)) if f.state is State.FAIL}
    assert [guard for guard in failed if guard.startswith(("ec2.", "sagemaker."))] == []


@settings(max_examples=15, deadline=None)
@given(st.lists(st.integers(16**7, 16**8 - 1), min_size=1, max_size=5, unique=True), st.sampled_from(["dev", "prod"]))
def test_no_ids_that_are_taken_are_passed_or_failed(numbers: list[int], tier: str) -> None:
    subnets = [f"subnet-{number:08x}" for number in numbers]
    said = findings(captured(lambda: adopted(home(tier), subnet_ids=subnets)))
    assert {f.state for f in said if f.urn.endswith("-net")} == {State.UNKNOWN}


@pytest.mark.parametrize(
    ("given_args", "expected"),
    [
        ({"vpc_id": "subnet-0a1b2c3d"}, "vpc_id 'subnet-0a1b2c3d'; expected an id such as 'vpc-0a1b2c3d'"),
        ({"subnet_ids": ["10.0.0.0/24"]}, "subnet_ids '10.0.0.0/24'"),
        ({"subnet_ids": []}, "no subnet is named"),
        ({"subnet_ids": ["subnet-0a1b2c3d"] * 2}, "a subnet is named twice"),
        ({"workload_group_id": "default"}, "workload_group_id 'default'"),
        ({"runtime_endpoint_id": "runtime"}, "runtime_endpoint_id 'runtime'"),
    ],
)
def test_ids_of_another_kind_are_refused(given_args: dict[str, Any], expected: str) -> None:
    with pytest.raises(BadInput, match=re.escape(expected)):
        captured(lambda: adopted(home(), **given_args))
