from __future__ import annotations

import json
import re
import warnings
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from components.boundary_statements import MOST_CHARACTERS
from components.bucket import Bucket
from components.key import Key, KeyArgs
from components.key_policy import for_log_groups
from components.model_release import Capture, Fleet, Release
from components.place import Place
from components.policy_document import allow
from components.role import Role, RoleArgs
from core.errors import BadInput
from core.graph import Graph
from core.instance_types import ENDPOINT_SIZES, WITH_LOCAL_DISK
from core.naming import LONGEST, Name, root_name
from core.resource import Resource
from core.retention import DataClass
from core.value import Unknown

with warnings.catch_warnings():
    # The provider's EC2 module warns of its own old classes as soon as it is loaded, whoever loads it.
    warnings.simplefilter("ignore", DeprecationWarning)
    from components.model_endpoint import ModelEndpoint, ModelEndpointArgs, endpoint_group
    from components.network import Network, NetworkArgs, flow_group

MODEL, ENDPOINT = "aws:sagemaker/model:Model", "aws:sagemaker/endpoint:Endpoint"
CONFIG = "aws:sagemaker/endpointConfiguration:EndpointConfiguration"
GROUP, ALARM = "aws:cloudwatch/logGroup:LogGroup", "aws:cloudwatch/metricAlarm:MetricAlarm"
ROLE, POLICY, VPCE = "aws:iam/role:Role", "aws:iam/policy:Policy", "aws:ec2/vpcEndpoint:VpcEndpoint"
EDGE = "arn:aws:iam::123456789012:policy/strongroom-staging-boundary"
DIGEST = "sha256:" + "ab" * 32
RELEASE = Release("123456789012.dkr.ecr.eu-central-1.amazonaws.com/triage", DIGEST, "triage/7/model.tar.gz", DIGEST)
CALLER = [allow("Anybody", ["sts:AssumeRole"], [], {"AWS": "arn:aws:iam::123456789012:role/ward"})]
TYPES = [f"ml.{family}.{min(sizes)}" for family, sizes in ENDPOINT_SIZES.items()]
Planned = Callable[[Callable[[], Any]], Graph]
Shelf = Callable[..., Bucket]


@pytest.fixture(scope="session")
def serving(place: Place, shelf: Shelf) -> Callable[..., ModelEndpoint]:
    """An endpoint with everything it needs beside it; keywords override what its ModelEndpointArgs say."""

    def build(root: Name, **given: Any) -> ModelEndpoint:
        name, zones = given.pop("name", root / "triage"), given.pop("zones", "ab")
        through = given.pop("through", ("sagemaker",))
        groups = for_log_groups(place, endpoint_group(f"{root}-*"), flow_group(root / "network"))
        key = Key(root / "serving-key", KeyArgs(place, "seals", through, given.pop("services", groups)))
        flows = Key(root / "flow-key", KeyArgs(place, "seals", services=groups))
        where = [f"{place.region}{zone}" for zone in zones]
        network = Network(root / "network", NetworkArgs(place, str(root), "10.9.0.0/16", where, flows, 90))
        if share := given.pop("percent", 0):
            given["capture"] = Capture(shelf(root / "captured", data_class=DataClass.INTERNAL), share)
        usual: dict[str, Any] = {
            "models": shelf(root / "models", data_class=DataClass.INTERNAL),
            "release": RELEASE,
            "fleet": Fleet("ml.m6i.large", 2),
            "data_class": DataClass.HEALTH,
            "keep_days": 365,
            "boundary": EDGE,
        }
        return ModelEndpoint(name, ModelEndpointArgs(place, network, key=key, **{**usual, **given}))

    return build


def one(graph: Graph, token: str, part: str = "") -> Resource:
    (found,) = [resource for resource in graph.of_type(token) if part in resource.name]
    return found


def policies(graph: Graph, part: str) -> dict[str, Mapping[str, Any]]:
    """Sid -> statement, of all policies whose names hold this."""
    documents = [graph.document(policy) for policy in graph.of_type(POLICY) if part in policy.name]
    return {said["Sid"]: said for found in documents if isinstance(found, Mapping) for said in found["Statement"]}


@pytest.fixture(scope="module")
def graph(planned: Planned, root: Name, serving: Callable[..., ModelEndpoint]) -> Graph:
    def program() -> None:
        serving(root).grant_invoke(Role(root / "ward", RoleArgs(CALLER, "asks")))

    return planned(program)


def test_the_model_is_isolated_inside_the_network(graph: Graph) -> None:
    model = one(graph, MODEL)
    assert model.inputs["enableNetworkIsolation"] is True
    assert len(model.inputs["vpcConfig"]["subnets"]) == 2
    sources = model.property_dependencies["vpcConfig"]
    assert {urn.rpartition("::")[2] for urn in sources} >= {
        "strongroom-staging-network-workloads-a",
        "strongroom-staging-network-workloads-b",
        "strongroom-staging-network-workloads",
    }


def test_the_image_is_named_by_its_digest_and_the_container_told_that_of_the_weights(graph: Graph) -> None:
    container = one(graph, MODEL).inputs["primaryContainer"]
    assert container["image"] == f"{RELEASE.image}@{DIGEST}"
    assert container["environment"] == {"STRONGROOM_ARTEFACT_DIGEST": DIGEST}
    assert isinstance(container["modelDataUrl"], Unknown)


def test_what_is_replaced_has_no_fixed_name_and_what_stays_has_one(graph: Graph) -> None:
    assert "name" not in one(graph, MODEL).inputs
    assert "name" not in one(graph, CONFIG).inputs
    assert one(graph, ENDPOINT).inputs["name"] == "strongroom-staging-triage"
    assert one(graph, CONFIG).inputs["productionVariants"][0]["variantName"] == "primary"


def test_nobody_gets_a_shell_or_a_memory_image(graph: Graph) -> None:
    (variant,) = one(graph, CONFIG).inputs["productionVariants"]
    assert variant["enableSsmAccess"] is False
    assert "coreDumpConfig" not in variant
    assert "serverlessConfig" not in variant
    assert "dataCaptureConfig" not in one(graph, CONFIG).inputs


def test_the_log_stands_before_the_endpoint_with_key_and_retention(graph: Graph) -> None:
    group, endpoint = one(graph, GROUP, "triage"), one(graph, ENDPOINT)
    assert group.inputs["name"] == f"/aws/sagemaker/Endpoints/{endpoint.inputs['name']}"
    assert graph.linked(group, "kmsKeyId") == one(graph, "aws:kms/key:Key", "serving")
    assert group.inputs["retentionInDays"] == 365
    assert group.urn in endpoint.dependencies


def test_the_model_is_made_after_the_grants_it_is_tried_with(graph: Graph) -> None:
    attached = {
        r.urn for r in graph.of_type("aws:iam/rolePolicyAttachment:RolePolicyAttachment") if "triage-role" in r.name
    }
    assert attached
    assert attached <= one(graph, MODEL).dependencies
    assert attached <= one(graph, ENDPOINT).dependencies


def test_an_update_goes_one_machine_first_and_back_at_the_first_alarm(graph: Graph) -> None:
    endpoint = one(graph, ENDPOINT)
    rollout = endpoint.inputs["deploymentConfig"]
    shift = rollout["blueGreenUpdatePolicy"]["trafficRoutingConfiguration"]
    assert (shift["type"], shift["canarySize"]["value"]) == ("CANARY", 1)
    waits = shift["waitIntervalInSeconds"] + rollout["blueGreenUpdatePolicy"]["terminationWaitInSeconds"]
    assert rollout["blueGreenUpdatePolicy"]["maximumExecutionTimeoutInSeconds"] > waits
    assert endpoint.property_dependencies["deploymentConfig"] == {one(graph, ALARM, "triage").urn}
    dimensions = one(graph, ALARM, "triage").inputs["dimensions"]
    assert dimensions == {"EndpointName": endpoint.inputs["name"], "VariantName": "primary"}


def test_a_single_machine_has_no_canary(planned: Planned, root: Name, serving: Callable[..., ModelEndpoint]) -> None:
    graph = planned(lambda: serving(root, fleet=Fleet("ml.m6i.large", 1)))
    policy = one(graph, ENDPOINT).inputs["deploymentConfig"]["blueGreenUpdatePolicy"]
    assert policy["trafficRoutingConfiguration"]["type"] == "ALL_AT_ONCE"
    assert "canarySize" not in policy["trafficRoutingConfiguration"]


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(instance_type=st.sampled_from(TYPES), instances=st.integers(1, 9))
def test_disks_are_sealed_with_our_key_exactly_where_they_take_one(
    planned: Planned, root: Name, serving: Callable[..., ModelEndpoint], instance_type: str, instances: int
) -> None:
    graph = planned(lambda: serving(root, fleet=Fleet(instance_type, instances)))
    config, local = one(graph, CONFIG), instance_type.split(".")[1] in WITH_LOCAL_DISK
    linked = graph.linked(config, "kmsKeyArn")
    assert linked is None if local else linked == one(graph, "aws:kms/key:Key", "serving")
    assert ("SealDisks" in policies(graph, "triage-role")) is not local
    assert config.inputs["productionVariants"][0]["initialInstanceCount"] == instances


def test_the_role_is_taken_by_sagemaker_for_this_account_only(graph: Graph) -> None:
    role = one(graph, ROLE, "triage")
    (trust,) = json.loads(role.inputs["assumeRolePolicy"])["Statement"]
    assert trust["Principal"] == {"Service": "sagemaker.amazonaws.com"}
    assert trust["Condition"] == {"StringEquals": {"aws:SourceAccount": "123456789012"}}
    assert role.inputs["permissionsBoundary"] == EDGE


def test_the_role_may_do_what_this_model_needs_and_no_more(graph: Graph) -> None:
    said = policies(graph, "triage-role")
    assert set(said) == {
        *("FindNetwork", "JoinNetwork", "LendInterfaces", "PullImage", "ReadArtefact", "ReportMetrics", "SealDisks"),
        *("SignInToRegistry", "WatchRollOut", "WriteLog", "DecryptStrongroomStagingModelsKey"),
    }
    assert said["PullImage"]["Resource"] == ("arn:aws:ecr:eu-central-1:123456789012:repository/triage",)
    assert said["ReadArtefact"]["Action"] == ("s3:GetObject",)
    actions = {action for statement in said.values() for action in statement["Action"]}
    assert not {"logs:CreateLogGroup", "s3:PutObject", "s3:ListBucket", "kms:Encrypt"} & actions
    assert not [action for action in actions if "*" in action]


def test_only_actions_without_resources_are_allowed_on_everything(graph: Graph) -> None:
    open_to_all = {sid for sid, said in policies(graph, "triage-role").items() if "*" in said["Resource"]}
    assert open_to_all == {"FindNetwork", "ReportMetrics", "SignInToRegistry"}


def test_the_key_is_lent_to_services_of_aws_only(graph: Graph) -> None:
    given_only = policies(graph, "triage-role")["SealDisks"]["Condition"]
    assert given_only["Bool"] == {"kms:GrantIsForAWSResource": "true"}
    assert given_only["StringEquals"]["kms:ViaService"] == ("sagemaker.eu-central-1.amazonaws.com",)


def test_a_caller_asks_this_endpoint_through_the_network_only(graph: Graph) -> None:
    said = policies(graph, "staging-ward-")
    asked, inside, routed = (said[f"InvokeStrongroomStagingTriage{end}"] for end in ("", "OnlyInside", "NotRouted"))
    assert asked["Action"] == ("sagemaker:InvokeEndpoint",)
    assert (inside["Effect"], inside["Action"]) == ("Deny", ("sagemaker:InvokeEndpoint*",))
    assert set(asked["Condition"]["StringEquals"]) == set(inside["Condition"]["StringNotEquals"]) == {"aws:SourceVpce"}
    assert routed["Condition"] == {"Null": {"sagemaker:SourceInferenceRouterArn": "false"}}
    runtime, endpoint = one(graph, VPCE, "ml-runtime"), one(graph, ENDPOINT)
    for statement in (asked, inside, routed):
        assert endpoint.urn in statement["Resource"][0].source
    assert runtime.urn in asked["Condition"]["StringEquals"]["aws:SourceVpce"].source


def test_captured_answers_are_sealed_with_the_key_of_their_bucket(
    planned: Planned, root: Name, serving: Callable[..., ModelEndpoint]
) -> None:
    graph = planned(lambda: serving(root, data_class=DataClass.INTERNAL, percent=20))
    config = one(graph, CONFIG)
    captured = config.inputs["dataCaptureConfig"]
    assert (captured["enableCapture"], captured["initialSamplingPercentage"]) == (True, 20)
    assert [option["captureMode"] for option in captured["captureOptions"]] == ["Input", "Output"]
    assert captured["captureContentTypeHeader"]["jsonContentTypes"] == ("application/json",)
    assert isinstance(captured["kmsKeyId"], Unknown)
    assert one(graph, "aws:kms/key:Key", "captured").urn in config.property_dependencies["dataCaptureConfig"]
    written = [said for said in policies(graph, "triage-role").values() if "s3:PutObject" in said["Action"]]
    assert len(written) == 1


@pytest.mark.parametrize(
    ("given_args", "expected"),
    [
        ({"release": replace(RELEASE, image_digest="latest")}, "image_digest"),
        ({"release": replace(RELEASE, artefact_digest="")}, "artefact_digest"),
        ({"fleet": Fleet("ml.z9.large")}, "instance_type"),
        ({"fleet": Fleet("ml.m6i.large", 0)}, "instances is 0"),
        ({"data_class": DataClass.HEALTH, "percent": 5}, "capture of health data"),
        ({"data_class": DataClass.PERSONAL, "percent": 5}, "capture of personal data"),
        ({"data_class": DataClass.INTERNAL, "percent": 101}, "capture of 101 percent"),
        ({"zones": "a"}, "SageMaker wants two"),
        ({"through": ("s3",)}, "not used through SageMaker"),
        ({"services": []}, "does not admit the log"),
    ],
)
def test_what_would_serve_the_wrong_thing_or_leak_is_refused(
    planned: Planned, root: Name, serving: Callable[..., ModelEndpoint], given_args: dict[str, Any], expected: str
) -> None:
    with pytest.raises(BadInput, match=re.escape(expected)):
        planned(lambda: serving(root, **given_args))


def test_every_policy_fits_and_no_principal_is_everybody(
    made: Planned, root: Name, serving: Callable[..., ModelEndpoint]
) -> None:
    graph = made(lambda: serving(root, data_class=DataClass.INTERNAL, percent=1).grant_invoke(_ward(root)))
    for policy in graph.of_type(POLICY):
        assert len(re.sub(r"\s", "", policy.inputs["policy"])) <= MOST_CHARACTERS
    for role in graph.of_type(ROLE):
        assert '"*"' not in role.inputs["assumeRolePolicy"]
        assert len(re.sub(r"\s", "", role.inputs["assumeRolePolicy"])) <= 2048


def test_two_environments_collide_nowhere(
    planned: Planned, place: Place, serving: Callable[..., ModelEndpoint]
) -> None:
    roots = [root_name("strongroom", environment, "platform", {}) for environment in ("dev", "prod")]
    graph = planned(lambda: [serving(root) for root in roots])
    named = [(resource.type, resource.get("name")) for resource in graph.resources if resource.get("name")]
    assert len(named) == len(set(named))
    assert place.account not in "".join(str(name) for _, name in named)


def test_the_longest_name_fits_sagemaker(planned: Planned, root: Name, serving: Callable[..., ModelEndpoint]) -> None:
    longest = root / ("t" * (LONGEST - len(str(root)) - len("--role")))
    graph = planned(lambda: serving(root, name=longest))
    for found in graph.of_type(MODEL, CONFIG, ENDPOINT):
        assert len(found.inputs.get("name") or f"{found.name}-1a2b3c4") <= 63


def test_everything_carries_its_class_of_data(graph: Graph) -> None:
    for found in graph.of_type(MODEL, CONFIG, ENDPOINT):
        assert found.inputs["tags"]["strongroom:data-class"] == "health"


def _ward(root: Name) -> Role:
    return Role(root / "ward", RoleArgs(CALLER, "asks"))
