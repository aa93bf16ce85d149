"""Settings described for editors, for Pulumi's project file, for beginners and for reviewers."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import jsonschema
import pytest

from core.regions import REGIONS
from core.settings import Settings, Tier, settings_from
from core.settings_example import example
from core.settings_schema import MEANINGS, file_schema, keys, project_config
from core.settings_summary import summary
from stacks.config_file import CONFIG_FOLDER, config_values, environments
from stacks.config_file import read_settings as read_file

Reader = Callable[..., Settings]


def document(text: str) -> Any:
    from ruamel.yaml import YAML

    return json.loads(json.dumps(YAML(typ="safe", pure=True).load(text)))


def test_every_setting_is_described_once() -> None:
    assert set(keys()) == set(Settings.model_fields) - {"environment"} == set(MEANINGS)


@pytest.mark.parametrize("name", environments())
def test_the_schema_takes_the_files_of_this_project(name: str) -> None:
    text = (CONFIG_FOLDER / f"Pulumi.{name}.yaml").read_text(encoding="utf-8")
    jsonschema.Draft202012Validator(file_schema()).validate(document(text))


@pytest.mark.parametrize(
    "change",
    [
        {"strongroom:tier": "production"},
        {"strongroom:account": "12"},
        {"strongroom:account": 333344445555},
        {"strongroom:regoin": "eu-central-1"},
        {"strongroom:region": "eu-centrl-1"},
        {"strongroom:residency": ["mars"]},
        {"strongroom:residency": []},
        {"strongroom:network": {"range": "10.0.0.0/16", "zone": 2}},
        {"strongroom:network": {"zones": 2}},
        {"strongroom:adopt": {"vpc": {"id": "vpc-0a1b2c3d"}}},
        {"strongroom:recovery": {"rpo_hours": 0}},
        {"owner": "no namespace"},
    ],
)
def test_the_schema_refuses_what_an_editor_can_see(change: dict[str, Any]) -> None:
    schema = jsonschema.Draft202012Validator(file_schema())
    content = document(example(Tier.PROD))
    assert schema.is_valid(content)
    content["config"].update(change)
    assert not schema.is_valid(content)


def test_the_schema_names_every_region_and_passes_other_namespaces_by() -> None:
    schema = file_schema()
    assert schema["properties"]["config"]["properties"]["strongroom:region"]["enum"] == sorted(REGIONS)
    content = document(example(Tier.DEV))
    content["config"]["aws:profile"] = "mine"
    jsonschema.Draft202012Validator(schema).validate(content)
    jsonschema.Draft202012Validator.check_schema(schema)


@pytest.mark.parametrize("tier", list(Tier))
def test_the_example_is_complete_commented_and_right_for_its_tier(tier: Tier) -> None:
    text = example(tier)
    settings = settings_from(config_values(text, "example"), str(tier), "example")
    assert settings.tier is tier
    for name in keys():
        assert f"# {MEANINGS[name]}.\n  strongroom:{name}:" in text
    inner = [name for kind in ("accounts", "adopt", "recovery", "github") for name in _fields(kind)]
    assert [name for name in inner if f" {name}:" not in text] == []


def _fields(name: str) -> list[str]:
    return list(type(getattr(settings_from(config_values(example(Tier.DEV), "f"), "dev", "f"), name)).model_fields)


def test_what_the_example_leaves_at_its_usual_value_says_so_truly() -> None:
    full = config_values(example(Tier.PROD), "f")
    bare = {key: text for key, text in full.items() if key not in {"accounts", "adopt", "github", "organisation"}}
    assert settings_from(full, "prod", "f") == settings_from(bare, "prod", "f")


def test_the_project_file_says_of_each_setting_what_it_is_and_what_it_is_by_default() -> None:
    held = document(project_config())["config"]
    assert list(held) == list(keys())
    assert held["residency"] == {"type": "array", "items": {"type": "string"}, "description": MEANINGS["residency"]}
    assert held["layer"]["default"] == "all"
    assert (held["deletion_protection"]["type"], held["deletion_protection"]["default"]) == ("boolean", True)
    assert held["network"]["description"].endswith("(range, zones, egress, transit, vpn, peers)")
    assert {entry["type"] for entry in held.values()} <= {"string", "boolean", "array", "object", "integer"}


def test_a_summary_says_what_it_all_amounts_to() -> None:
    said = dict(summary(read_file("prod")))
    assert said["environment"] == "prod, tier prod, names begin with wardlight-prod"
    assert said["data lies in"] == "eu-central-1, eu-west-1 (home: eu-central-1)"
    assert "health 3650 days" in said["data is kept"]
    assert said["audit is kept"] == "2557 days, locked for good"
    assert said["destruction"] == "what holds data is protected"
    assert dict(summary(read_file("dev")))["destruction"] == "everything can be destroyed, data included"


def test_a_summary_tells_of_other_accounts_of_what_is_adopted_and_of_the_way_out(read: Reader) -> None:
    vpc = {"id": "vpc-0a1b2c3d", "subnets": ["subnet-0a1b2c3d", "subnet-1a1b2c3d"]}
    vpc |= {"workload_group": "sg-0a1b2c3d", "runtime_endpoint": "vpce-0a1b2c3d"}
    trail = "arn:aws:cloudtrail:eu-central-1:333344445555:trail/all"
    said = dict(summary(read({"adopt": {"vpc": vpc, "trail": trail}, "accounts": {"log_archive": "444455556666"}})))
    assert said["log archive"] == "account 444455556666, by way of its role strongroom-deploy"
    assert said["network"] == "vpc-0a1b2c3d, which is there already (2 subnets)"
    assert said["audit is kept"].endswith("by a trail that is there already")
    network = {"range": "10.40.0.0/16", "zones": 3, "peers": {"clinic": "10.1.0.0/16"}}
    domains = [f"mirror-{letter}.example.org" for letter in "abcdef"]
    out = dict(summary(read({"network": {**network, "egress": {"domains": domains}}})))["network"]
    assert out.endswith("mirror-d.example.org and 2 more, joined with none, keeps free clinic")
    repository = {"owner": "w", "owner_id": 1, "repository": "p", "repository_id": 2, "environments": ["prod"]}
    repository["workflow"] = "w/p/.github/workflows/deploy.yaml@refs/heads/main"
    assert dict(summary(read({"github": repository})))["pipeline"] == "w/p, deploys from prod"
