"""Accounts, networks, what is there already, copies and layers: what is refused together, and what follows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import BadInput
from core.settings import Layer, Settings, Task, environment_of, settings_of_stack, stack_of

OWN, OTHER, THIRD = "333344445555", "444455556666", "555566667777"
PROVIDER = f"arn:aws:iam::{OWN}:saml-provider/hospital"
VPC = {
    "id": "vpc-0a1b2c3d",
    "subnets": ["subnet-0a1b2c3d", "subnet-1a1b2c3d"],
    "workload_group": "sg-0a1b2c3d",
    "runtime_endpoint": "vpce-0a1b2c3d",
}
NETWORK = {"range": "10.40.0.0/16", "zones": 3}
GITHUB = {"owner": "wardlight", "owner_id": 7, "repository": "platform", "repository_id": 9, "environments": ["prod"]}
LOCAL = {"tier": "local", "models": {}, "network": {"range": "10.40.0.0/16"}}
HUB = {"gateway": "tgw-0a1b2c3d", "ranges": ["10.60.0.0/16"]}
STEWARD = f"arn:aws:iam::{OTHER}:role/network-team"
MANAGED = {"accounts": {"management": OTHER}, "organisation": "o-a1b2c3d4e5"}
Reader = Callable[..., Settings]
Refused = Callable[..., list[str]]


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        ({"accounts": {"workload": OTHER}}, f'accounts.workload: given "{OTHER}"; expected {OWN}, as `account` is'),
        ({"accounts": {"log_archive": "1"}}, 'accounts.log_archive: given "1"; expected an AWS account number'),
        ({"accounts": {"audit": OTHER}}, "accounts.audit: no such setting; there are deploy_role"),
        ({"accounts": {"management": OTHER}}, 'accounts.management: given "444455556666"; expected nothing, or'),
        ({"accounts": {"management": OWN}, "organisation": "o-a1b2c3d4e5"}, "guardrails do not bind this one"),
        (
            {"accounts": {"management": OTHER, "log_archive": OTHER}, "organisation": "o-a1b2c3d4e5"},
            'accounts.management: given "444455556666"; expected another account than the management account',
        ),
        ({"organisation": "wardlight"}, 'organisation: given "wardlight"; expected the id of an AWS organisation'),
        ({"network.peers": {"clinic": "10.40.8.0/24"}}, "clinic (10.40.8.0/24) overlaps network.range (10.40.0.0/16)"),
        ({"network.transit": {**HUB, "ranges": ["10.40.9.0/24"]}}, "10.40.9.0/24 overlaps 10.40.0.0/16"),
        ({"network.transit": HUB, "network.peers": {"clinic": "10.60.1.0/24"}}, "10.60.0.0/16 overlaps 10.60.1.0/24"),
        (
            {"network.transit": HUB, "network.vpn": {"peer": "8.8.4.4", "ranges": ["10.60.1.0/24"]}},
            "10.60.1.0/24 overlaps",
        ),
        ({"network.transit": {**HUB, "ranges": ["10.1.0.0/16", "10.1.2.0/24"]}}, "10.1.2.0/24 overlaps 10.1.0.0/16"),
        ({"network.transit": {**HUB, "ranges": ["10.1.0.1/16"]}}, "expected IPv4 ranges in CIDR form"),
        ({"network.transit": {**HUB, "ranges": ["0.0.0.0/0"]}}, "expected named ranges, or `inspected: true`"),
        ({"network.transit": {**HUB, "gateway": "hub"}}, "expected the id of a transit gateway"),
        ({"network.transit": {**HUB, "callers": ["10.61.0.0/24"]}}, "not so: 10.61.0.0/24"),
        ({"network.vpn": {"peer": "10.0.0.1", "ranges": ["10.1.0.0/16"]}}, "expected the public IPv4 address"),
        ({"network.vpn": {"peer": "8.8.4.4", "ranges": ["0.0.0.0/0"]}}, "expected the ranges of the other site"),
        ({"adopt": {"vpc": VPC}, "network.transit": HUB}, "no attachment beside adopt.vpc"),
        ({"guardrails": {"targets": ["ou-a1b2-c3d4e5f6"], "stewards": [STEWARD]}}, "`accounts.management` beside it"),
        ({**MANAGED, "guardrails": {"targets": ["ou-a1b2-c3d4e5f6"]}}, "or `guardrails.stewards` beside it"),
        ({**MANAGED, "guardrails": {"targets": ["everybody"], "stewards": [STEWARD]}}, "expected the id of a root"),
        ({**MANAGED, "guardrails": {"targets": [OTHER], "stewards": ["arn:aws:iam::*:role/*"]}}, "the ARN of a role"),
        ({"github": GITHUB}, "github.workflow: not set; expected the workflow that deploys"),
        ({"github": {**GITHUB, "workflow": "deploy.yaml"}}, "expected the one workflow that deploys"),
        (
            {
                "github": {**GITHUB, "workflow": "w/p/.github/workflows/d.yaml@refs/heads/main"},
                "personas.ci-preview": {"purpose": "Shows", "principals": [STEWARD], "taken_by": "program"},
            },
            "no persona ci-preview, as jobs of the repository under `github` take it",
        ),
        ({"network.peers": {"one": "10.1.0.0/16", "two": "10.1.2.0/24"}}, "two (10.1.2.0/24) overlaps one"),
        ({"network.peers": {"clinic": "10.1.0.1/16"}}, "expected an IPv4 range in CIDR form for each"),
        ({"network.peers": {"The Clinic": "10.1.0.0/16"}}, "network.peers.The Clinic: given"),
        ({"network.egress": {"domains": ["https://pypi.org"]}}, "network.egress.domains[0]: given"),
        (
            {"network.egress": {"domain": ["pypi.org"]}},
            "network.egress.domain: no such setting; did you mean 'domains'?",
        ),
        ({"network.egress": ["pypi.org"]}, 'network.egress: given ["pypi.org"]; expected a mapping with the key'),
        ({"adopt": {"vpc": VPC}, "network": {**NETWORK, "egress": {"domains": ["pypi.org"]}}}, "none beside adopt.vpc"),
        ({"adopt": {"vpc": {**VPC, "id": "vpc"}}}, 'adopt.vpc.id: given "vpc"; expected the id of a VPC'),
        ({"adopt": {"vpc": {**VPC, "subnets": VPC["subnets"][:1]}}}, "adopt.vpc.subnets: given"),
        ({"adopt": {"vpc": {"id": "vpc-0a1b2c3d", **{k: v for k, v in VPC.items() if k != "subnets"}}}}, "not set"),
        ({"adopt": {"trail": "audit"}}, 'adopt.trail: given "audit"; expected the ARN of a trail'),
        ({"adopt": {"trail": f"arn:aws:cloudtrail:eu-west-1:{OTHER}:trail/all"}}, f"a trail of the account {OWN}"),
        ({"adopt": {"identity_providers": [f"arn:aws:iam::{OWN}:role/x"]}}, "of SAML or OIDC providers, not of roles"),
        ({"adopt": {"identity_providers": [PROVIDER.replace(OWN, OTHER)]}}, f"identity providers of the account {OWN}"),
        ({"recovery": {"copy_region": "us-east-1"}}, "another Region of the residency set (one of eu-west-1)"),
        ({"recovery": {"copy_region": "eu-central-1"}}, "another Region of the residency set"),
        (
            {"residency": ["eu-central-1"], "recovery": {"copy_region": "eu-west-1"}},
            "(none while residency names the home Region alone)",
        ),
        ({"recovery": {"keep_days": 31}}, "recovery.keep_days: given 31; expected at most 30 days, as data."),
        ({"recovery": {"rto_hours": 0}}, "recovery.rto_hours: given 0; expected hours until service is back"),
        ({"budget": {"monthly_usd": 0}}, "budget.monthly_usd: given 0; expected US dollars a month"),
        ({"github": {"owner": "wardlight"}}, "missing: owner_id, repository, repository_id"),
        ({"github": {**GITHUB, "environments": []}}, "at least one GitHub environment in tier prod"),
        ({"layer": "account", "adopt": {"baseline": True}}, "this stack would declare nothing"),
        ({"layer": "network"}, 'layer: given "network"; expected one of account, foundation, platform, serving, all'),
        ({"network": {"range": "10.40.0.0/16", "zones": 2}}, "network.zones: given 2; expected at least 3 zones"),
    ],
)
def test_what_contradicts_itself_is_refused_with_the_way_out(
    refused: Refused, changes: dict[str, Any], line: str
) -> None:
    said = refused(changes)
    assert any(line in one for one in said), said


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        ({"accounts": {"security": OTHER}}, 'accounts.security: given "444455556666"; expected nothing in tier local'),
        ({"adopt": {"vpc": VPC}}, 'adopt.vpc.id: given "vpc-0a1b2c3d"; expected nothing in tier local'),
        ({"adopt": {"baseline": True}}, "adopt.baseline: given true; expected nothing in tier local"),
        ({"network": {**NETWORK, "egress": {"domains": ["pypi.org"]}}}, "expected none in tier local"),
    ],
)
def test_the_local_cloud_begins_empty_and_alone(refused: Refused, changes: dict[str, Any], line: str) -> None:
    said = refused({**LOCAL, **changes}, "local")
    assert len(said) == 1
    assert line in said[0]


def test_what_is_left_out_is_safe(read: Reader) -> None:
    settings = read()
    assert (settings.layer, settings.stack, settings.organisation) == (Layer.ALL, "prod", "")
    assert {settings.account_for(task) for task in Task} == {OWN}
    assert (settings.network.egress.domains, dict(settings.network.peers)) == ((), {})
    assert (settings.adopt.vpc, settings.adopt.trail, settings.adopt.identity_providers) == (None, None, ())
    assert (settings.recovery.rto_hours, settings.recovery.rpo_hours, settings.recovery.copy_region) == (24, 24, None)
    assert (settings.is_protected, settings.owns_the_account, settings.github.is_used) == (True, True, False)


def test_a_copy_is_kept_no_longer_than_what_it_copies(read: Reader) -> None:
    assert read().copied_days == 30  # as long as data about people here
    assert read({"data.personal.keep_days": 400, "data.health.keep_days": 400}).copied_days == 35
    assert read({"recovery": {"keep_days": 7}}).copied_days == 7


def test_accounts_are_whose_they_are_said_to_be(read: Reader) -> None:
    accounts = {"log_archive": OTHER, "management": THIRD, "security": OTHER}
    settings = read({"accounts": accounts, "organisation": "o-a1b2c3d4e5"})
    assert {task: settings.account_for(task) for task in Task} == {
        Task.WORKLOAD: OWN,
        Task.LOG_ARCHIVE: OTHER,
        Task.SECURITY: OTHER,
        Task.MANAGEMENT: THIRD,
    }


def test_what_is_meant_to_be_taken_down_is_not_protected(read: Reader) -> None:
    assert not read({"tier": "dev", "force_destroy": True}, "ward").is_protected
    assert not read({"deletion_protection": False}).is_protected


@pytest.mark.parametrize(
    ("stack", "said"),
    [
        ("prod", ("prod", None)),
        ("prod-serving", ("prod", Layer.SERVING)),
        ("ward-seven-account", ("ward-seven", Layer.ACCOUNT)),
        ("prod-all", ("prod-all", None)),
        ("serving", ("serving", None)),
    ],
)
def test_the_name_of_a_stack_says_environment_and_layer(stack: str, said: tuple[str, Layer | None]) -> None:
    assert environment_of(stack) == said
    if said[1]:
        assert stack_of(said[0], said[1]) == stack


def test_one_file_serves_every_layer_of_its_environment(prod: dict[str, str]) -> None:
    serving = settings_of_stack(prod, "prod-serving", "f")
    assert (serving.environment, serving.layer, serving.stack) == ("prod", Layer.SERVING, "prod-serving")
    assert not serving.owns_the_account
    assert serving.has(Layer.SERVING)
    assert not serving.has(Layer.PLATFORM)
    assert settings_of_stack({**prod, "layer": "serving"}, "prod-serving", "f") == serving


@pytest.mark.parametrize("stack", ["prod", "prod-platform"])
def test_a_layer_in_a_stack_of_another_name_is_refused(prod: dict[str, str], stack: str) -> None:
    with pytest.raises(BadInput, match=r"layer: given 'serving' in stack .*; expected a stack called 'prod-serving'"):
        settings_of_stack({**prod, "layer": "serving"}, stack, "f")


ranges = st.builds(lambda a, b: f"10.{a}.{b}.0/24", st.integers(40, 42), st.integers(0, 3))


@given(st.dictionaries(st.sampled_from(["clinic", "lab", "research"]), ranges, max_size=3))
def test_joined_networks_never_share_an_address(read: Reader, peers: dict[str, str]) -> None:
    held = [*peers.values(), *(["10.40.0.0/24"] if peers else [])]
    clash = any(text.startswith("10.40.") for text in peers.values()) or len(set(held)) < len(held)
    if clash:
        with pytest.raises(BadInput, match="overlaps"):
            read({"network.peers": peers})
    else:
        assert dict(read({"network.peers": peers}).network.peers) == peers
