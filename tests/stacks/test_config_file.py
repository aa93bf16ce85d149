"""The settings files: those of this project, and whatever else may be found in their place."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from core.errors import BadInput
from core.settings import Settings, Tier, settings_from
from stacks.config_file import CONFIG_FOLDER, MOST_CHARACTERS, PROJECT, config_values, environments, read_settings

GOOD = (CONFIG_FOLDER / "Pulumi.dev.yaml").read_text(encoding="utf-8")


def folder_with(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        (folder / f"Pulumi.{name}.yaml").write_text(text, encoding="utf-8")
    return folder


def test_four_environments_have_settings_that_are_fine() -> None:
    assert environments() == ("dev", "local", "prod", "staging")
    assert {name: read_settings(name).tier for name in environments()} == {
        "dev": Tier.DEV,
        "local": Tier.LOCAL,
        "prod": Tier.PROD,
        "staging": Tier.STAGING,
    }


def test_production_serves_two_models_of_class_health_and_captures_none_of_it() -> None:
    models = read_settings("prod").models
    assert {name: (model.data_class, model.capture_percent, model.instances) for name, model in models.items()} == {
        "triage": ("health", 0, 2),
        "readmission": ("health", 0, 2),
    }


def test_values_are_what_the_engine_hands_over() -> None:
    text = """
config:
  strongroom:owner: "0123"
  strongroom:account: 123456789012
  strongroom:force_destroy: true
  strongroom:network: {range: 10.0.0.0/16, zones: 2}
  strongroom:residency: [eu-central-1]
  other:key: passed by
  aws:profile: passed by too
"""
    assert config_values(text, "f") == {
        "owner": "0123",
        "account": "123456789012",
        "force_destroy": "true",
        "network": '{"range": "10.0.0.0/16", "zones": 2}',
        "residency": '["eu-central-1"]',
    }


def test_both_spellings_of_a_key_mean_the_same_but_not_at_once() -> None:
    assert config_values("config: {strongroom:config:owner: a}", "f") == {"owner": "a"}
    with pytest.raises(BadInput, match="set twice, under two spellings"):
        config_values("config: {strongroom:owner: a, strongroom:config:owner: b}", "f")


def test_aliases_stand_for_what_they_name() -> None:
    text = "config:\n  strongroom:data:\n    public: &short {keep_days: 7}\n    internal: *short\n"
    assert json.loads(config_values(text, "f")["data"]) == {"public": {"keep_days": 7}, "internal": {"keep_days": 7}}


BOMB = "config:\n  strongroom:tags:\n" + "".join(
    f"    a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9) if n else '1'}]\n" for n in range(10)
)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "f: expected a mapping with the key config:, found nothing"),
        ("- a\n", "found a list"),
        ("just words", "found a text"),
        ("confg: {}", "f: no mapping under the key config:"),
        ("config:", "f: no mapping under the key config:"),
        ("config: [a]", "f: no mapping under the key config:"),
        ("config: {a: [}", "f: not readable as YAML: "),
        ("config:\n  strongroom:owner: 'a\n", "(line "),
        ("config:\n  strongroom:owner: a\n  strongroom:owner: b\n", '"strongroom:owner"'),
        ("config:\n  strongroom:models:\n    triage: {}\n    triage: {}\n", '"triage"'),
        ("config:\n\tstrongroom:owner: a", "cannot start any token"),
        ("config: {strongroom:owner: a\x00}", "not readable as YAML"),
        ("config: {a: 1}\n---\nconfig: {}", "not readable as YAML"),
        ("config: {strongroom:owner: !!python/object:os.system x}", "not readable as YAML"),
        ("config: {strongroom:owner: *nobody}", "undefined alias"),
        ("config: {owner: a}", "config.owner: expected a key with a namespace, such as strongroom:owner"),
        ("config: {strongroom:owner: }", "strongroom:owner: found nothing"),
        ("config: {strongroom:tags: {since: 2026-11-24}}", "strongroom:tags.since: found a value of the kind date"),
        ("config: {strongroom:tags: !!binary aGk=}", "found a value of the kind bytes"),
        ("config: {strongroom:owner: {secure: v1:abc}}", "an encrypted value cannot be read offline"),
        ("config: {strongroom:tags: {a: [{secure: v1:abc}]}}", "strongroom:tags.a[0]: an encrypted value"),
        ("environment: [org/env]\nconfig: {}", "imports from Pulumi ESC cannot be read offline"),
        ("config: {aws:region: us-east-1, strongroom:region: eu-west-1}", "aws:region: given 'us-east-1', but"),
        ("config: {strongroom:tags: &a [*a]}", "an alias inside what it stands for"),
        ("config: {strongroom:tags: {a: &x 1, b: &x 2}}", "found duplicate anchor 'x'"),
        (BOMB, "stands for more than 20000 values"),
        ("config: {strongroom:tags: " + "[" * 5000 + "]" * 5000 + "}", "f: "),
        ("#" * (MOST_CHARACTERS + 1), "a settings file has at most"),
    ],
)
def test_what_is_no_settings_file_is_refused_with_its_place(text: str, said: str) -> None:
    with pytest.raises(BadInput) as caught:
        config_values(text, "f")
    assert str(caught.value).startswith("f: ")
    assert said in str(caught.value)


def test_a_fault_in_yaml_is_told_with_line_and_column() -> None:
    with pytest.raises(BadInput, match=r"line 3, column 3"):
        config_values("config:\n  strongroom:owner: a\n  strongroom:owner: b\n", "f")


def test_the_same_region_may_be_said_twice() -> None:
    text = "config: {aws:region: eu-west-1, strongroom:region: eu-west-1}"
    assert config_values(text, "f") == {"region": "eu-west-1"}


def test_the_value_of_an_encrypted_setting_is_not_shown() -> None:
    with pytest.raises(BadInput) as caught:
        config_values("config: {strongroom:owner: {secure: v1:hunter2}}", "f")
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize("name", ["prodd", "production", "../dev", "dev/../dev", ""])
def test_a_missing_environment_is_told_which_there_are(name: str) -> None:
    with pytest.raises(BadInput, match="in stacks/config; there are: dev, local, prod, staging"):
        read_settings(name)


def test_a_missing_environment_is_told_which_was_probably_meant(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="did you mean 'staging'"):
        read_settings("stagign")
    with pytest.raises(BadInput, match="there are: none"):
        read_settings("dev", tmp_path)


def test_a_missing_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="folder of the settings files cannot be read"):
        environments(tmp_path / "nowhere")


def test_other_files_are_no_environments(tmp_path: Path) -> None:
    folder_with(tmp_path, dev=GOOD, Dev=GOOD)
    (tmp_path / "Pulumi.yaml").write_text("name: x", encoding="utf-8")
    (tmp_path / "Pulumi.dev.yaml.orig").write_text("x", encoding="utf-8")
    assert environments(tmp_path) == ("dev",)


def test_a_file_that_cannot_be_read_as_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "Pulumi.dev.yaml").write_bytes(b"config: \xff\xfe")
    with pytest.raises(BadInput, match="not a text in UTF-8"):
        read_settings("dev", tmp_path)


def test_a_file_that_is_none_is_refused(tmp_path: Path) -> None:
    (tmp_path / "Pulumi.dev.yaml").mkdir()
    with pytest.raises(BadInput, match="cannot be read"):
        read_settings("dev", tmp_path)


def test_a_fault_in_a_value_names_file_and_key(tmp_path: Path) -> None:
    folder = folder_with(tmp_path, dev=GOOD.replace("eu-central-1", "eu-centrl-1"))
    with pytest.raises(BadInput, match=r"Pulumi.dev.yaml: strongroom:region: given .* did you mean 'eu-central-1'"):
        read_settings("dev", folder)


def test_environments_must_not_share_addresses(tmp_path: Path) -> None:
    folder = folder_with(tmp_path, dev=GOOD, other=GOOD.replace("10.20.0.0/16", "10.20.128.0/20"))
    with pytest.raises(BadInput, match=r"given '10.20.0.0/16', which overlaps '10.20.128.0/20' of environment other"):
        read_settings("dev", folder)


@pytest.mark.parametrize(
    "other", ["not: a settings file", "config: {strongroom:network: 5}", "config: {strongroom:network: x}", "{"]
)
def test_a_broken_neighbour_does_not_matter(tmp_path: Path, other: str) -> None:
    assert read_settings("dev", folder_with(tmp_path, dev=GOOD, other=other)).environment == "dev"


def project() -> dict[str, Any]:
    return YAML(typ="safe", pure=True).load((PROJECT / "Pulumi.yaml").read_text(encoding="utf-8"))


def test_the_project_file_declares_every_setting_and_no_other() -> None:
    declared = project()["config"]
    assert set(declared) == set(Settings.model_fields) - {"environment"}
    assert all(entry["description"] for entry in declared.values())
    required = {name for name, entry in declared.items() if "default" not in entry}
    assert required == {name for name, field in Settings.model_fields.items() if field.is_required()} - {"environment"}


def test_what_the_engine_adds_by_default_changes_nothing() -> None:
    defaults = {name: entry["default"] for name, entry in project()["config"].items() if "default" in entry}
    values = config_values(GOOD, "f")
    bare = {key: text for key, text in values.items() if key not in defaults}
    added = {key: value if isinstance(value, str) else json.dumps(value) for key, value in defaults.items()}
    assert settings_from(bare, "dev", "f") == settings_from({**bare, **added}, "dev", "f")


def test_the_project_file_leads_the_engine_to_these_files() -> None:
    content = project()
    assert PROJECT / content["stackConfigDir"] == CONFIG_FOLDER
    assert content["name"] == "strongroom"
    assert content["main"] == "stacks"
    assert content["runtime"] == {"name": "python", "options": {"toolchain": "uv"}}


def adopting(text: str, network: str) -> str:
    """The settings of a second environment in the same account, whose baseline is the first one's."""
    key = "arn:aws:kms:eu-central-1:111122223333:key/0a1b2c3d-0000-4000-8000-0a1b2c3d4e5f"
    adopted = f"  strongroom:adopt: {{baseline: true, catalogue_key: '{key}'}}\n"
    return text.replace("10.20.0.0/16", network) + adopted


def test_two_environments_of_one_account_do_not_both_own_what_it_has_once(tmp_path: Path) -> None:
    folder = folder_with(tmp_path, dev=GOOD, second=GOOD.replace("10.20.0.0/16", "10.21.0.0/16"))
    for name, other in (("dev", "second"), ("second", "dev")):
        with pytest.raises(BadInput, match=rf"adopt.baseline: not true, and environment {other} owns the baseline"):
            read_settings(name, folder)
    folder_with(tmp_path, second=adopting(GOOD, "10.21.0.0/16"))
    assert [read_settings(name, folder).owns_the_account for name in ("dev", "second")] == [True, False]


def test_only_the_stack_of_the_account_layer_owns_it(tmp_path: Path) -> None:
    second = GOOD.replace("10.20.0.0/16", "10.21.0.0/16") + "  strongroom:layer: serving\n"
    folder = folder_with(tmp_path, dev=GOOD, **{"second-serving": second})
    assert read_settings("dev", folder).owns_the_account
    assert read_settings("second-serving", folder).stack == "second-serving"


def test_one_file_serves_every_layer_unless_a_layer_has_its_own(tmp_path: Path) -> None:
    folder = folder_with(tmp_path, dev=GOOD, **{"dev-serving": GOOD.replace("clinical-ml", "serving-team")})
    assert read_settings("dev-platform", folder).owner == "clinical-ml"
    assert read_settings("dev-serving", folder).owner == "serving-team"
    with pytest.raises(BadInput, match="there is no settings file for environment 'qa-serving'"):
        read_settings("qa-serving", folder)
