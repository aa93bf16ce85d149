"""What settings may ask for beyond the shipped files: attachments to other sites, and guardrails of an organisation."""

from __future__ import annotations

import json
from typing import Any

import pytest

from core.errors import BadInput
from core.graph import Graph
from core.outcome import Status
from core.settings import Settings, settings_of_stack
from core.verdict import State
from policies.judge import judge
from stacks.blueprint import blueprint
from stacks.capture import Surroundings, capture
from stacks.config_file import CONFIG_FOLDER, PROJECT, config_values, read_settings
from twin.apply import Apply, suffix_from
from twin.local_cloud import local_cloud
from twin.readback import read_back
from twin.state import State as Remembered

MANAGEMENT = "555566667777"
RAILS: dict[str, Any] = {
    "organisation": "o-a1b2c3d4e5",
    "accounts": {"management": MANAGEMENT},
    "guardrails": {"targets": ["ou-a1b2-c3d4e5f6"], "stewards": ["arn:aws:iam::444455556666:role/network-team"]},
}
VPN = {"peer": "8.8.4.4", "ranges": ["10.70.0.0/16"]}


def settings_with(environment: str, **changes: Any) -> Settings:
    """The settings of a file, with whole keys of it replaced."""
    values = config_values((CONFIG_FOLDER / f"Pulumi.{environment}.yaml").read_text(encoding="utf-8"), environment)
    told = {key: value if isinstance(value, str) else json.dumps(value) for key, value in changes.items()}
    stack = f"{environment}-{changes['layer']}" if "layer" in changes else environment
    return settings_of_stack({**values, **told}, stack, environment)


def around(settings: Settings) -> Surroundings:
    return Surroundings("strongroom", settings.stack, settings.account, settings.region, {}, PROJECT)


def planned(settings: Settings) -> Graph:
    return capture(lambda: blueprint(settings), around(settings))


def network(settings: Settings, **more: Any) -> dict[str, Any]:
    return {"range": settings.network.range, "zones": settings.network.zones, **more}


def test_guardrails_are_made_by_the_management_account_and_no_guard_objects() -> None:
    graph = planned(settings_with("prod", **RAILS))
    (provider,) = [one for one in graph.of_type("pulumi:providers:aws") if one.name.endswith("-management")]
    assert json.loads(str(provider.get("allowedAccountIds"))) == [MANAGEMENT]
    made = graph.of_type("aws:organizations/policy:Policy")
    assert len(made) == 5
    assert {str(one.provider).split("::")[-1] for one in made} == {provider.name}
    assert {one.get("targetId") for one in graph.of_type("aws:organizations/policyAttachment:PolicyAttachment")} == {
        "ou-a1b2-c3d4e5f6"
    }
    said = " ".join(str(one.get("content")) for one in made)
    assert "role/wardlight-prod-ci-deploy-*" in said
    assert "444455556666:role/network-team" in said
    assert "wardlight@1234567" in said
    assert [(f.guard, f.message) for f in judge(graph) if f.state is State.FAIL] == []


def test_without_targets_nothing_is_made_for_an_organisation() -> None:
    assert planned(read_settings("prod")).of_type("aws:organizations/policy:Policy") == ()


def test_one_environment_makes_the_guardrails_of_an_organisation(tmp_path: Any) -> None:
    for environment in ("prod", "staging"):
        text = (CONFIG_FOLDER / f"Pulumi.{environment}.yaml").read_text(encoding="utf-8")
        more = "".join(f"  strongroom:{key}: {json.dumps(value)}\n" for key, value in RAILS.items())
        (tmp_path / f"Pulumi.{environment}.yaml").write_text(text + more, encoding="utf-8")
    with pytest.raises(BadInput, match=r"guardrails\.targets: not empty, and environment prod makes"):
        read_settings("staging", tmp_path)


def test_attachments_stand_in_the_local_cloud_as_declared() -> None:
    plain = read_settings("local")
    with local_cloud(plain.account, plain.region) as clients:
        gateway = clients.client("ec2").create_transit_gateway()["TransitGateway"]["TransitGatewayId"]
        hub = {"gateway": gateway, "ranges": ["10.60.0.0/16"], "callers": ["10.60.1.0/24"]}
        settings = settings_with("local", network=network(plain, transit=hub, vpn=VPN), models={})
        apply = Apply(clients, Remembered(), lambda _: None, suffix_from("seed"))
        graph = capture(lambda: blueprint(settings), around(settings), apply)
        found = read_back(clients, apply.finish()).outcomes
    assert [(one.urn, one.reasons) for one in found if one.status is Status.FAILED] == []
    targets = {str(one.get("transitGatewayId") or one.get("gatewayId")) for one in graph.of_type("aws:ec2/route:Route")}
    assert gateway in targets
    assert len(targets) == 2
    assert [(f.guard, f.message) for f in judge(graph) if f.state is State.FAIL] == []


def test_guardrails_stand_in_the_local_cloud_of_the_management_account_as_declared() -> None:
    plain = read_settings("dev")
    with local_cloud(plain.account, plain.region) as clients:
        organisation = clients.at(MANAGEMENT, plain.region).client("organizations")
        organisation.create_organization(FeatureSet="ALL")
        (found,) = organisation.list_roots()["Roots"]
        for kind in ("SERVICE_CONTROL_POLICY", "RESOURCE_CONTROL_POLICY"):
            organisation.enable_policy_type(RootId=found["Id"], PolicyType=kind)
        unit = organisation.create_organizational_unit(ParentId=found["Id"], Name="Wards")["OrganizationalUnit"]["Id"]
        bound = {**RAILS, "guardrails": {**RAILS["guardrails"], "targets": [unit]}}
        settings = settings_with("dev", **bound, layer="account")
        apply = Apply(clients, Remembered(), lambda _: None, suffix_from("seed"))
        graph = capture(lambda: blueprint(settings), around(settings), apply)
        outcomes = read_back(clients, apply.finish()).outcomes
        attached = organisation.list_policies_for_target(TargetId=unit, Filter="SERVICE_CONTROL_POLICY")["Policies"]
    assert [(one.urn, one.reasons) for one in outcomes if one.status is Status.FAILED] == []
    made = {str(one.get("name")) for one in graph.of_type("aws:organizations/policy:Policy")}
    assert {one["Name"] for one in attached} <= made | {"FullAWSAccess"}
    assert len(attached) > 1
    seen = {one.status for one in outcomes if "organizations/" in one.urn}
    assert seen == {Status.VERIFIED}
