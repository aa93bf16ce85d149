"""What settings must be together, and how much each tier allows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from core.errors import BadInput
from core.settings import Settings, Tier

TEAM = "arn:aws:iam::444455556666:role/people/model-board"
SAML = "arn:aws:iam::333344445555:saml-provider/hospital"
IMAGE = "333344445555.dkr.ecr.eu-central-1.amazonaws.com/triage"
Reader = Callable[..., Settings]
Refused = Callable[..., list[str]]


def model(**changes: Any) -> dict[str, Any]:
    return {f"models.triage.{key}": value for key, value in changes.items()}


def persona(**changes: Any) -> dict[str, Any]:
    return {f"personas.model-approver.{key}": value for key, value in changes.items()}


def glass(**changes: Any) -> dict[str, Any]:
    return {f"personas.break-glass.{key}": value for key, value in changes.items()}


def itself(name: str) -> Callable[[dict[str, Any]], Any]:
    """What stands beside it under that name."""
    return lambda table: table[name]


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        (
            {"residency": ["eu-west-1"]},
            "residency: given [\"eu-west-1\"]; expected the home Region 'eu-central-1' among",
        ),
        ({"residency": ["eu-central-1", "us-gov-west-1"]}, "expected Regions of the partition aws only"),
        ({"project": "wardlight-clinical-models"}, 'project: given "wardlight-clinical-models"; expected at most 19'),
        ({"models.triage-of-emergency-admissions": itself("triage")}, "expected a name of at most 24 characters"),
        ({"project": "w", "personas.intern": itself("model-approver")}, "personas.intern: given"),
        (model(image=IMAGE.replace("eu-central-1", "eu-west-1")), "expected a repository in the home Region"),
        (model(instance_type="m6i.large"), "expected a SageMaker machine type such as 'ml.m6i.large'"),
        (model(instance_type="ml.m5x.large"), "did you mean 'ml.m5.large'?"),
        (model(where="kubernetes"), "expected an EC2 machine type of a known family"),
        (model(artefact="triage/model.zip"), "expected the key of one '.tar.gz' archive"),
        (model(capture_percent=5), "expected 0 for class health: SageMaker's capture stores raw requests"),
        (model(capture_percent=5, data_class="personal"), "expected 0 for class personal"),
        (persona(principals=[SAML]), "require_mfa: not set; expected false: AWS is not told of a second factor"),
        (
            persona(principals=[SAML.replace("333344445555", "444455556666")], require_mfa=False),
            "expected identity providers of the account 333344445555 itself",
        ),
        (persona(principals=[TEAM.replace("arn:aws:", "arn:aws-cn:")]), "expected ARNs of the partition aws"),
        (
            glass(principals=[SAML], require_mfa=False),
            "expected ARNs of roles: an identity provider may be what is down",
        ),
        (glass(session_hours=2), "expected at most 1 hours for persona break-glass in tier prod"),
        (persona(session_hours=2), "expected at most 1 hours for persona model-approver in tier prod"),
        (persona(taken_by="program"), "expected 'people' for persona model-approver"),
        ({"force_destroy": True}, "force_destroy: given true; expected false in tier prod"),
        (
            {"audit": {"keep_days": 2189}},
            "audit.keep_days: given 2189; expected at least 2190 days in tier prod (45 CFR",
        ),
        ({"alarms": {"recipients": []}}, "alarms.recipients: given []; expected at least one address"),
        ({"network": {"range": "10.0.0.0/16", "zones": 1}}, "network.zones: given 1; expected at least 3 zones"),
        (model(instances=1), "models.triage.instances: given 1; expected at least 2 in tier prod"),
        (
            {"personas": lambda all_: {"model-approver": all_["personas"]["model-approver"]}},
            "expected a persona break-glass among them in tier prod",
        ),
        ({"tier": "dev"}, "tier: given \"dev\"; expected 'prod', for an environment of that name"),
    ],
)
def test_values_that_do_not_go_together_are_refused(refused: Refused, changes: dict[str, Any], line: str) -> None:
    said = refused(changes)
    assert len(said) == 1
    assert line in said[0]


CONVENIENT: dict[str, Any] = {
    "audit": {"keep_days": 7},
    "alarms": {"recipients": []},
    "network": {"range": "10.0.0.0/16", "zones": 1},
    "force_destroy": True,
    "personas": lambda all_: {"model-approver": all_["personas"]["model-approver"]},
    "models.triage.instances": 1,
}


@pytest.mark.parametrize(
    ("tier", "refusals"),
    [
        ("local", []),
        ("dev", []),
        ("staging", ["alarms.recipients", "audit.keep_days", "force_destroy", "network.zones"]),
        (
            "prod",
            [
                *("alarms.recipients", "audit.keep_days", "force_destroy", "models.triage.instances"),
                *("network.zones", "personas"),
            ],
        ),
    ],
)
def test_the_higher_the_tier_the_fewer_conveniences(
    read: Reader, refused: Refused, tier: str, refusals: list[str]
) -> None:
    if refusals:
        assert [line.split(": ")[0] for line in refused({**CONVENIENT, "tier": tier}, tier)] == refusals
    else:
        assert read({**CONVENIENT, "tier": tier}, tier).force_destroy is True


def test_an_environment_may_have_a_name_of_its_own_and_says_how_serious_it_is(read: Reader) -> None:
    assert read({"tier": "dev"}, "ward-seven").tier is Tier.DEV


@pytest.mark.parametrize("environment", ["", "Prod", "../prod", "prod "])
def test_an_environment_with_an_odd_name_is_refused(read: Reader, environment: str) -> None:
    with pytest.raises(BadInput, match="expected lower case words"):
        read(environment=environment)
