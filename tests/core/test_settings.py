"""Settings: what is read, and what is refused with which words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import BadInput
from core.settings import DataClass, Settings, Tier, Where, settings_digest, settings_from
from core.settings_shape import SECTIONS, TABLES

DIGEST = "sha256:" + "0123456789abcdef" * 4
TEAM = "arn:aws:iam::444455556666:role/people/model-board"
IMAGE = "333344445555.dkr.ecr.eu-central-1.amazonaws.com/triage"
Reader = Callable[..., Settings]
Refused = Callable[..., list[str]]


def model(**changes: Any) -> dict[str, Any]:
    return {f"models.triage.{key}": value for key, value in changes.items()}


def persona(**changes: Any) -> dict[str, Any]:
    return {f"personas.model-approver.{key}": value for key, value in changes.items()}


def itself(name: str) -> Callable[[dict[str, Any]], Any]:
    """What stands beside it under that name."""
    return lambda table: table[name]


def test_good_settings_are_read_as_they_are_written(read: Reader) -> None:
    settings = read()
    assert (settings.environment, settings.tier, settings.account) == ("prod", Tier.PROD, "333344445555")
    assert settings.network.range == "10.40.0.0/16"
    assert settings.data[DataClass.HEALTH].keep_days == 30
    triage = settings.models["triage"]
    assert (triage.data_class, triage.where, triage.capture_percent) == (DataClass.HEALTH, Where.ENDPOINT, 0)
    assert settings.personas["model-approver"].principals == (TEAM,)


def test_what_may_be_left_out_has_its_usual_value(prod: dict[str, str]) -> None:
    kept = {key: text for key, text in prod.items() if key != "models"}
    settings = settings_from({**kept, "tier": "dev", "network": '{"range": "10.0.0.0/16"}'}, "dev", "f")
    assert (dict(settings.models), dict(settings.tags)) == ({}, {})
    assert (settings.force_destroy, settings.network.zones) == (False, 2)
    approver = settings.personas["model-approver"]
    assert (approver.session_hours, approver.require_mfa) == (1, True)


def test_settings_cannot_be_changed(read: Reader) -> None:
    settings = read()
    with pytest.raises(ValueError, match="frozen"):
        settings.region = "us-east-1"  # ty: ignore[invalid-assignment] - the point of the test
    with pytest.raises(TypeError):
        settings.models["other"] = settings.models["triage"]  # ty: ignore[invalid-assignment] - the point of the test
    with pytest.raises(TypeError):
        settings.tags["owner"] = "nobody"  # ty: ignore[invalid-assignment] - the point of the test


def test_equal_settings_have_one_digest_and_others_another(read: Reader, prod: dict[str, str]) -> None:
    reordered = {key: prod[key] for key in reversed(prod)}
    assert settings_digest(read()) == settings_digest(settings_from(reordered, "prod", "elsewhere"))
    assert settings_digest(read()) != settings_digest(read({"audit": {"keep_days": 2191}}))
    assert len(bytes.fromhex(settings_digest(read()))) == 32


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        ({"project": "Ward Light"}, 'project: given "Ward Light"; expected lower case words'),
        ({"account": "12345"}, 'account: given "12345"; expected an AWS account number: 12 digits, in quotes'),
        ({"account": "١٢٣٤٥٦٧٨٩٠١٢"}, "account: given"),
        ({"owner": "a\nb"}, 'owner: given "a\\nb"; expected one line'),
        ({"tier": "production"}, 'tier: given "production"; expected one of local, dev, staging, prod'),
        ({"network": [1]}, "network: given [1]; expected a mapping with the keys range, zones"),
        (
            {"network": {"range": "10.0.0.0/8", "zones": 3}},
            'network.range: given "10.0.0.0/8"; expected a range between /16 and /25',
        ),
        (
            {"network": {"range": "10.0.0.0/16", "zones": 5}},
            "network.zones: given 5; expected a number of zones from 1 to 4",
        ),
        ({"network": {"range": "10.0.0.0/16", "zones": "2"}}, 'network.zones: given "2"; expected a number of zones'),
        ({"network": {"range": "10.0.0.0/16", "zones": True}}, "network.zones: given true; expected a number of zones"),
        ({"residency": "eu-central-1"}, 'residency: given "eu-central-1"; expected a list of the Regions'),
        ({"residency": []}, "residency: given []; expected a list of the Regions"),
        (
            {"residency": ["eu-central-1", "eu-west-9"]},
            'residency[1]: given "eu-west-9"; expected the code of an AWS Region',
        ),
        ({"residency": ["eu-central-1", "eu-central-1"]}, "expected each entry once; repeated: eu-central-1"),
        (
            {"data": {"health": {"keep_days": 1}}},
            "expected every class of data with its retention; missing: public, internal",
        ),
        ({"data.helth": {"keep_days": 1}}, 'data.helth: given {"keep_days": 1}; expected one of'),
        (
            {"data.health": {"keep_days": 0}},
            "data.health.keep_days: given 0; expected a number of days",
        ),
        (
            {"data.health": {"keep_days": 1.5}},
            "data.health.keep_days: given 1.5; expected a number",
        ),
        ({"audit": {}}, "audit.keep_days: not set; expected a number of days from 1 to 36500"),
        ({"audit": "{"}, 'audit: given "{"; expected a mapping with the key keep_days'),
        ({"audit": '{"keep_days": NaN}'}, "audit: given"),
        ({"audit": "[" * 9999}, "audit: given"),
        ({"audit": '"\\ud800"'}, "audit: given"),
        ({"alarms": {"recipients": ["nobody"]}}, 'alarms.recipients[0]: given "nobody"; expected an e-mail address'),
        ({"tags": {"aws:x": "y"}}, 'tags: given {"aws:x": "y"}; expected tags that AWS takes: tag \'aws:x\''),
        ({"tags": {"cost": 5}}, "tags.cost: given 5; expected a mapping of texts"),
        ({"force_destroy": "yes"}, 'force_destroy: given "yes"; expected true or false'),
        ({"personas": {}}, "personas: given {}; expected a mapping of persona names"),
        ({"personas.Model Approver": itself("model-approver")}, "personas.Model Approver: given {"),
        (persona(principals=[]), "personas.model-approver.principals: given []; expected a list of at least one ARN"),
        (persona(principals=["*"]), 'principals[0]: given "*"; expected principals named one by one'),
        (persona(principals=["arn:aws:iam::444455556666:root"]), "expected a role or an identity provider"),
        (persona(session_hours=13), "session_hours: given 13; expected a session of 1 to 12 hours"),
        (persona(purpose=""), 'purpose: given ""; expected one line'),
        (model(image="docker.io/library/nginx"), "expected a repository in ECR"),
        (model(image=IMAGE + ":latest"), "expected an image repository without tag or digest"),
        (model(image=IMAGE + "a" * 200), "expected at most 183 characters"),
        (model(image_digest="latest"), "image_digest: given \"latest\"; expected 'sha256:' and 64 digits"),
        (model(artefact_digest=DIGEST.upper()), "artefact_digest: given"),
        (model(artefact="/triage/model.tar.gz"), "expected a key inside the models bucket"),
        (model(artefact="s3://bucket/model.tar.gz"), "expected a key inside the models bucket"),
        (model(instances=0), "instances: given 0; expected a number of machines"),
        (model(where="lambda"), 'where: given "lambda"; expected one of endpoint, kubernetes'),
        (model(data_class="secret"), 'data_class: given "secret"; expected one of public, internal, personal, health'),
        (model(capture_percent=101), "capture_percent: given 101; expected a share of requests from 0 to 100"),
        ({"models.Triage": itself("triage")}, "models.Triage: given {"),
        ({"models.triage": None}, "models.triage: not set; expected a mapping with the keys image"),
    ],
)
def test_a_value_that_is_wrong_by_itself_is_refused_in_one_line(
    refused: Refused, changes: dict[str, Any], line: str
) -> None:
    said = refused(changes)
    assert len(said) == 1
    assert line in said[0]


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        ({"regoin": "eu-central-1"}, "regoin: no such setting; did you mean 'region'?"),
        ({"environment": "prod"}, "environment: no such setting; there are account, accounts"),
        (
            {"network": {"range": "10.0.0.0/16", "zones": 3, "zone": 2}},
            "network.zone: no such setting; did you mean 'zones'?",
        ),
        (
            {"network": {"range": "10.0.0.0/16", "zones": 3, "x": 2}},
            "network.x: no such setting; there are egress, peers",
        ),
        (model(image_digst=DIGEST), "models.triage.image_digst: no such setting; did you mean 'image_digest'?"),
        (persona(mfa=True), "personas.model-approver.mfa: no such setting; "),
        (
            {"data.health": {"keep_days": 1, "keep": 2}},
            "data.health.keep: no such setting; did you",
        ),
    ],
)
def test_an_unknown_key_is_told_what_was_probably_meant(refused: Refused, changes: dict[str, Any], line: str) -> None:
    said = refused(changes)
    assert len(said) == 1
    assert said[0].startswith(line)


def test_everything_wrong_is_said_at_once_also_what_only_shows_between_values(refused: Refused) -> None:
    wrong = model(image_digest="x", capture_percent=5, instance_type="ml.nope.large", instances=1)
    lines = refused({**wrong, "audit": {"keep_days": 1}, "owner": "", "extra": "x", "residency": ["eu-west-1"]})
    assert [line.split(": ")[0] for line in lines] == [
        "audit.keep_days",
        "extra",
        "models.triage.capture_percent",
        "models.triage.image_digest",
        "models.triage.instance_type",
        "models.triage.instances",
        "owner",
        "residency",
    ]


def test_nothing_at_all_names_every_setting_that_is_needed() -> None:
    with pytest.raises(BadInput) as caught:
        settings_from({}, "dev", "f")
    needed = [name for name, field in Settings.model_fields.items() if field.is_required() and name != "environment"]
    assert str(caught.value).count(": not set; expected ") == len(needed) == 11


def test_a_long_value_is_shortened_and_a_secret_one_withheld(refused: Refused, prod: dict[str, str]) -> None:
    line = refused({"project": "x" * 500})[0]
    assert len(line) < 250
    values = {**prod, "owner": "hunter2\n", "alarms": '{"recipients": ["hunter2"]}'}
    with pytest.raises(BadInput) as caught:
        settings_from(values, "prod", "f", secret=["owner", "alarms"])
    assert "hunter2" not in str(caught.value)
    assert str(caught.value).count("given a secret") == 2


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)


def complaint(read: Reader, changes: dict[str, Any]) -> str:
    """What is said of these changes; nothing when they are fine."""
    try:
        read(changes)
    except BadInput as error:
        return str(error)
    return ""


@given(st.sampled_from(sorted(Settings.model_fields)), anything)
def test_whatever_stands_in_the_file_is_read_or_refused(read: Reader, key: str, value: Any) -> None:
    said = complaint(read, {key: value})
    assert not said or f"strongroom:{key}" in said


@given(st.sampled_from(sorted({*SECTIONS, *TABLES})), st.dictionaries(st.sampled_from(["triage", "range"]), anything))
def test_whatever_stands_in_a_section_is_read_or_refused(read: Reader, key: str, value: Any) -> None:
    said = complaint(read, {key: value})
    assert not said or f"strongroom:{key}" in said
