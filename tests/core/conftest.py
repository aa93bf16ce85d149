"""Good settings to start from, and how generated tests run."""

from __future__ import annotations

import json
from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import HealthCheck
from hypothesis import settings as profile

from core.errors import BadInput
from core.settings import Settings, settings_from

profile.register_profile("shared", deadline=None, suppress_health_check=[HealthCheck.too_slow])
profile.load_profile("shared")  # machines are shared, so the time that one example takes says nothing

DIGEST = "sha256:" + "0123456789abcdef" * 4
TEAM = "arn:aws:iam::444455556666:role/people/model-board"
PROD: dict[str, Any] = {
    "tier": "prod",
    "project": "wardlight",
    "owner": "clinical-ml",
    "account": "333344445555",
    "region": "eu-central-1",
    "residency": ["eu-central-1", "eu-west-1"],
    "network": {"range": "10.40.0.0/16", "zones": 3},
    "data": {name: {"keep_days": 30} for name in ("public", "internal", "personal", "health")},
    "audit": {"keep_days": 2190},
    "personas": {
        "model-approver": {"purpose": "Decides", "principals": [TEAM]},
        "break-glass": {"purpose": "Repairs", "principals": [TEAM]},
    },
    "alarms": {"recipients": ["oncall@wardlight.example"]},
    "models": {
        "triage": {
            "image": "333344445555.dkr.ecr.eu-central-1.amazonaws.com/triage",
            "image_digest": DIGEST,
            "artefact": "triage/7/model.tar.gz",
            "artefact_digest": DIGEST,
            "instance_type": "ml.m6i.large",
            "instances": 2,
            "data_class": "health",
            "where": "endpoint",
        }
    },
}

Changes = dict[str, Any]
Reader = Callable[..., Settings]
Refused = Callable[..., list[str]]


@pytest.fixture(scope="session")
def prod() -> dict[str, str]:
    """Settings of a production environment as the engine hands them over."""
    return changed({})


@pytest.fixture(scope="session")
def read() -> Reader:
    """Reads those settings with changes: a dotted key -> another value, or a function of the old one's parent."""

    def reader(changes: Changes | None = None, environment: str = "prod") -> Settings:
        return settings_from(changed(changes or {}), environment, "Pulumi.prod.yaml")

    return reader


@pytest.fixture(scope="session")
def refused(read: Reader) -> Refused:
    """What is said of such changes, a line each, without the file's name."""

    def refusal(changes: Changes, environment: str = "prod") -> list[str]:
        with pytest.raises(BadInput) as caught:
            read(changes, environment)
        head, *lines = str(caught.value).split("\n")
        assert head.startswith("Pulumi.prod.yaml: ")
        assert all(line.startswith("Pulumi.prod.yaml: strongroom:") for line in lines)
        return [line.removeprefix("Pulumi.prod.yaml: strongroom:") for line in lines]

    return refusal


def changed(changes: Changes) -> dict[str, str]:
    content = deepcopy(PROD)
    for key, value in changes.items():
        *way, last = key.split(".")
        inner = content
        for step in way:
            inner = inner[step]
        inner[last] = value(inner) if callable(value) else value
    return {key: value if isinstance(value, str) else json.dumps(value) for key, value in content.items()}
