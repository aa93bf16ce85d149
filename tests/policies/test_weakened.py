"""The platform as declared for production, weakened in one place at a time: a guard must notice, and say where."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from core.finding import Finding
from core.graph import POLICY_DOCUMENT, Graph, graph_of
from core.resource import Resource
from core.value import thawed
from core.verdict import State
from policies import tokens
from policies.judge import guards, judge
from stacks.blueprint import blueprint
from stacks.capture import Surroundings, capture
from stacks.config_file import read_settings

ROOT = Path(__file__).resolve().parents[2]
Change = Callable[[dict[str, Any]], object]


@pytest.fixture(scope="module")
def platform() -> Graph:
    """What the blueprint declares for production."""
    settings = read_settings("prod")
    around = Surroundings("strongroom", "prod", settings.account, settings.region, {}, ROOT)
    return capture(lambda: blueprint(settings), around)


def of(token: str, word: str) -> Callable[[Resource], bool]:
    return lambda resource: resource.type == token and resource.name.endswith(word)


def without(platform: Graph, chosen: Callable[[Resource], bool]) -> Graph:
    kept = [resource for resource in platform.resources if not chosen(resource)]
    assert len(kept) < len(platform.resources)
    return graph_of(kept)


def changed(platform: Graph, chosen: Callable[[Resource], bool], change: Change) -> Graph:
    """The platform with some resources changed; the text made of a changed policy, where it is known, changes too."""
    made, told = {resource.urn: resource for resource in platform.resources}, 0
    for resource in filter(chosen, platform.resources):
        inputs = dict(thawed(resource.inputs))
        change(inputs)
        made[resource.urn] = altered(resource, inputs)
        told += 1
        for text in platform.resources:
            if resource.type == POLICY_DOCUMENT and (text.parent, text.name) == (resource.parent, inputs["of"]):
                attribute = inputs["attribute"]
                if isinstance(text.get(attribute), str):
                    made[text.urn] = altered(text, {**text.inputs, attribute: json.dumps(inputs["document"])})
    assert told
    return graph_of(made.values())


def altered(resource: Resource, inputs: dict[str, Any]) -> Resource:
    links = {name: urns for name, urns in resource.property_dependencies.items() if name in inputs}
    return replace(resource, inputs=inputs, property_dependencies=links)


def sets(**values: Any) -> Change:
    return lambda inputs: inputs.update(values)


def drops(name: str) -> Change:
    return lambda inputs: inputs.pop(name)


def unsaid(sid: str) -> Change:
    """A policy without the statement of that Sid."""

    def change(inputs: dict[str, Any]) -> None:
        body = inputs["document"]["Statement"]
        kept = [statement for statement in body if statement["Sid"] != sid]
        assert len(kept) < len(body)
        inputs["document"]["Statement"] = kept

    return change


def said(**values: Any) -> Change:
    """A policy with one statement more."""
    more = {"Effect": "Allow", "Action": ["s3:*"], "Resource": ["*"], **values}
    return lambda inputs: inputs["document"]["Statement"].append(more)


def unasked(inputs: dict[str, Any]) -> None:
    for statement in inputs["document"]["Statement"]:
        statement.pop("Condition", None)


def deeper(*path: str | int, value: Any) -> Change:
    """A value deep inside replaced, or removed when it is None."""

    def change(inputs: dict[str, Any]) -> None:
        node: Any = inputs
        for step in path[:-1]:
            node = node[step]
        if value is None:
            del node[path[-1]]
        else:
            node[path[-1]] = value

    return change


def without_selector(name: str) -> Change:
    """A trail without its selector of that name."""

    def change(inputs: dict[str, Any]) -> None:
        kept = [one for one in inputs["advancedEventSelectors"] if one["name"] != name]
        assert len(kept) < len(inputs["advancedEventSelectors"])
        inputs["advancedEventSelectors"] = kept

    return change


def bucket(token: tuple[str, ...]) -> Callable[[Resource], bool]:
    return lambda resource: resource.type in token and "-data-health-" in resource.name


def trail(resource: Resource) -> bool:
    return resource.type == tokens.TRAIL


def model(resource: Resource) -> bool:
    return resource.type == tokens.MODEL


def config(resource: Resource) -> bool:
    return resource.type == tokens.ENDPOINT_CONFIG


def vpc_child(token: str) -> Callable[[Resource], bool]:
    return lambda resource: resource.type == token


DOCUMENT = POLICY_DOCUMENT
SEALED, BLOCK = bucket(tokens.BUCKET_ENCRYPTION), bucket(tokens.BUCKET_PUBLIC_ACCESS)
LOCK = of(tokens.BUCKET_LOCK[0], "-audit-log-lock")
KEY, KEY_POLICY = of(tokens.KEY, "-data-health-key-key"), of(DOCUMENT, "-data-health-key-key-policy")
BUCKET_POLICY = of(DOCUMENT, "-data-health-policy-policy")
PERSONA, TRUST = of(tokens.ROLE, "-model-approver-role"), of(DOCUMENT, "-model-approver-role-assumeRolePolicy")
ENDPOINT = of(DOCUMENT, "-network-kms-endpoint-policy")
DEFAULT = ("rules", 0, "applyServerSideEncryptionByDefault")
RETENTION = ("rule", "defaultRetention")
ANYBODY = {"Principal": "*"}

CHANGED: list[tuple[str, Callable[[Resource], bool], Change]] = [
    ("s3.bucket_is_encrypted_with_own_key", SEALED, deeper(*DEFAULT, "sseAlgorithm", value="AES256")),
    ("s3.bucket_is_encrypted_with_own_key", SEALED, deeper(*DEFAULT, "kmsMasterKeyId", value=None)),
    ("s3.bucket_refuses_other_encryption", SEALED, deeper("rules", 0, "blockedEncryptionTypes", value=None)),
    ("s3.bucket_refuses_other_encryption", BUCKET_POLICY, unsaid("NoOtherKey")),
    ("s3.bucket_blocks_public_access", BLOCK, sets(restrictPublicBuckets=False)),
    ("s3.bucket_ignores_acls", bucket(tokens.BUCKET_OWNERSHIP), sets(rule={"objectOwnership": "ObjectWriter"})),
    (
        "s3.bucket_keeps_versions",
        bucket(tokens.BUCKET_VERSIONING),
        sets(versioningConfiguration={"status": "Suspended"}),
    ),
    ("s3.bucket_refuses_plain_http", BUCKET_POLICY, unsaid("OnlyOverTls")),
    ("s3.bucket_names_whom_it_admits", BUCKET_POLICY, said(**ANYBODY)),
    ("s3.store_about_people_is_reached_from_inside", BUCKET_POLICY, unsaid("OnlyFromInside")),
    ("s3.store_about_people_is_reached_from_inside", BUCKET_POLICY, unasked),
    ("s3.bucket_lets_objects_expire", bucket(tokens.BUCKET_LIFECYCLE), sets(rules=[])),
    ("s3.bucket_outlives_its_stack", bucket(tokens.BUCKET), sets(forceDestroy=True)),
    ("kms.key_rotates", KEY, sets(enableKeyRotation=False)),
    ("kms.key_deletion_waits", KEY, sets(deletionWindowInDays=7)),
    ("kms.key_policy_names_its_users", KEY, drops("policy")),
    ("kms.key_policy_names_its_users", KEY_POLICY, said(Action="kms:Decrypt", Principal={"AWS": "*"})),
    ("kms.key_is_used_through_services_only", KEY_POLICY, unasked),
    ("cloudtrail.trail_covers_every_region", trail, sets(isMultiRegionTrail=False)),
    ("cloudtrail.trail_runs", trail, sets(enableLogging=False)),
    ("cloudtrail.trail_is_sealed", trail, sets(enableLogFileValidation=False)),
    ("cloudtrail.trail_is_encrypted_with_own_key", trail, drops("kmsKeyId")),
    ("cloudtrail.trail_reaches_a_log_group", trail, drops("cloudWatchLogsGroupArn")),
    ("cloudtrail.trail_records_every_management_event", trail, lambda inputs: inputs["advancedEventSelectors"].pop(0)),
    ("cloudtrail.bucket_access_is_recorded", trail, drops("advancedEventSelectors")),
    ("cloudtrail.model_calls_are_recorded", trail, without_selector("SageMaker Endpoint")),
    ("cloudtrail.trail_store_is_locked", LOCK, deeper(*RETENTION, "mode", value="GOVERNANCE")),
    ("cloudtrail.trail_store_is_locked", LOCK, drops("rule")),
    ("logs.group_is_encrypted_with_own_key", of(tokens.LOG_GROUP, "-audit-group"), drops("kmsKeyId")),
    ("logs.group_keeps_its_events_for_a_set_time", of(tokens.LOG_GROUP, "-audit-group"), drops("retentionInDays")),
    ("ec2.vpc_records_flows", vpc_child(tokens.FLOW_LOG[0]), sets(trafficType="REJECT")),
    ("ec2.default_group_is_closed", vpc_child(tokens.DEFAULT_GROUP), sets(ingress=[{"protocol": "-1", "self": True}])),
    ("ec2.subnet_gives_no_public_address", vpc_child(tokens.SUBNET), sets(mapPublicIpOnLaunch=True)),
    ("ec2.group_admits_nobody_from_everywhere", vpc_child(tokens.INGRESS_RULE), sets(cidrIpv4="0.0.0.0/0")),
    ("ec2.group_admits_nobody_from_everywhere", vpc_child(tokens.INGRESS_RULE), sets(cidrIpv6="::/0")),
    ("ec2.group_reaches_only_named_places", vpc_child(tokens.EGRESS_RULE), sets(cidrIpv4="0.0.0.0/0")),
    ("ec2.route_stays_inside", vpc_child(tokens.ROUTE_TABLES[0]), sets(routes=[{"cidrBlock": "0.0.0.0/0"}])),
    ("ec2.endpoint_policy_is_scoped", ENDPOINT, said(**ANYBODY, Action="*")),
    ("ec2.endpoint_policy_is_scoped", of(tokens.ENDPOINT, "-network-kms-endpoint"), drops("policy")),
    ("iam.persona_role_is_bounded", PERSONA, drops("permissionsBoundary")),
    ("iam.persona_session_is_short", PERSONA, sets(maxSessionDuration=43200)),
    ("iam.persona_role_demands_second_factor", TRUST, unasked),
    ("iam.role_trust_names_its_takers", TRUST, said(Principal={"AWS": "*"}, Action="sts:AssumeRole")),
    (
        "iam.federated_trust_names_its_audience",
        of(DOCUMENT, "-data-scientist-role-assumeRolePolicy"),
        unasked,
    ),
    ("iam.role_has_no_admin_policy", PERSONA, sets(managedPolicyArns=["arn:aws:iam::aws:policy/AdministratorAccess"])),
    ("iam.role_holds_no_hidden_policy", PERSONA, sets(inlinePolicies=[{"name": "more", "policy": "{}"}])),
    ("iam.policy_is_no_blank_cheque", of(DOCUMENT, "-model-approver-readwardlightprodmodels-policy"), said(Action="*")),
    ("sagemaker.model_is_isolated", model, drops("enableNetworkIsolation")),
    ("sagemaker.model_runs_in_our_network", model, drops("vpcConfig")),
    ("sagemaker.model_image_is_pinned", model, deeper("primaryContainer", "image", value="triage:latest")),
    ("sagemaker.endpoint_disk_is_encrypted_with_own_key", config, drops("kmsKeyArn")),
    ("sagemaker.capture_is_off_for_data_about_people", config, sets(dataCaptureConfig={"enableCapture": True})),
    ("sagemaker.variant_opens_no_back_door", config, deeper("productionVariants", 0, "enableSsmAccess", value=True)),
    ("sagemaker.variant_runs_a_declared_model", config, deeper("productionVariants", 0, "modelName", value=None)),
    ("sns.topic_is_encrypted_with_own_key", vpc_child(tokens.TOPIC), sets(kmsMasterKeyId="alias/aws/sns")),
]
GONE: list[tuple[str, Callable[[Resource], bool]]] = [
    ("s3.bucket_is_encrypted_with_own_key", SEALED),
    ("s3.bucket_blocks_public_access", BLOCK),
    ("s3.bucket_ignores_acls", bucket(tokens.BUCKET_OWNERSHIP)),
    ("s3.bucket_keeps_versions", bucket(tokens.BUCKET_VERSIONING)),
    ("s3.bucket_refuses_plain_http", bucket(tokens.BUCKET_POLICY)),
    ("s3.bucket_logs_its_readers", bucket(tokens.BUCKET_LOGGING)),
    ("s3.bucket_lets_objects_expire", bucket(tokens.BUCKET_LIFECYCLE)),
    ("cloudtrail.trail_store_is_locked", LOCK),
    ("cloudtrail.trail_exists_and_runs", trail),
    ("ec2.vpc_records_flows", vpc_child(tokens.FLOW_LOG[0])),
    ("ec2.default_group_is_closed", vpc_child(tokens.DEFAULT_GROUP)),
]


def failures(graph: Graph, guard: str | None = None) -> list[Finding]:
    by = None if guard is None else [guards()[guard]]
    return [finding for finding in judge(graph, by) if finding.state is State.FAIL]


def test_as_it_is_declared_nothing_fails(platform: Graph) -> None:
    assert [(finding.guard, finding.urn, finding.message) for finding in failures(platform)] == []


@pytest.mark.parametrize(("guard", "chosen", "change"), CHANGED, ids=[f"{n}-{row[0]}" for n, row in enumerate(CHANGED)])
def test_a_weakened_property_fails_by_name_and_place(
    platform: Graph, guard: str, chosen: Callable[[Resource], bool], change: Change
) -> None:
    found = failures(changed(platform, chosen, change), guard)
    assert found
    for finding in found:
        assert finding.urn in platform.by_urn
        assert finding.fix
        assert any(place.file.startswith("components/") for place in finding.location)


@pytest.mark.parametrize(("guard", "chosen"), GONE, ids=[row[0] for row in GONE])
def test_a_missing_part_fails_on_what_it_should_complete(
    platform: Graph, guard: str, chosen: Callable[[Resource], bool]
) -> None:
    assert failures(without(platform, chosen), guard)


def test_an_internet_gateway_is_noticed(platform: Graph) -> None:
    (vpc,) = platform.of_type(tokens.VPC)
    token = tokens.INTERNET_GATEWAYS[0]
    gate = Resource(
        token,
        vpc.urn.replace(tokens.VPC, token),
        {"vpcId": "vpc-1"},
        property_dependencies={"vpcId": frozenset({vpc.urn})},
        provider=vpc.provider,
    )
    found = failures(graph_of([*platform.resources, gate]))
    assert [(finding.guard, finding.urn) for finding in found] == [("ec2.vpc_has_no_internet_gateway", vpc.urn)]
