"""A settings file with every key in it and what each is for: something to begin with, for each tier."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Any

from core.retention import AUDIT_DAYS, DataClass
from core.settings_faults import NAMESPACE
from core.settings_schema import MEANINGS, keys
from core.settings_shape import Settings
from core.settings_values import SERIOUS, Section, Tier, section_under, table_under

ACCOUNT, ELSEWHERE, REGION = "123456789012", "444455556666", "eu-central-1"
"""AWS's own example numbers: https://docs.aws.amazon.com/organizations/latest/userguide/orgs_introduction.html"""
DIGEST = f"sha256:{'0123456789abcdef' * 4}"
STEP = "  "


def example(tier: Tier) -> str:
    """The file, with a comment on every key; what may be left out shows its usual value."""
    values = _values(tier)
    lines = [
        f"# stacks/config/Pulumi.{tier}.yaml: one environment. Keys that hold their usual value here may be left out.",
        f"# Check it after every change: strongroom settings check --env {tier}",
        "config:",
    ]
    for name in keys():
        lines += ["", f"{STEP}# {MEANINGS[name]}.", *_key(Settings, name, values.get(name), STEP, f"{NAMESPACE}:")]
    return "\n".join(lines).replace("config:\n\n", "config:\n", 1) + "\n"


def _key(kind: type[Section], name: str, given: Any, indent: str, prefix: str = "") -> Iterator[str]:
    field = kind.model_fields[name]
    usual = None if field.is_required() else field.get_default(call_default_factory=True, validated_data={})
    value = usual if given is None else given
    head, comment = f"{indent}{prefix}{name}:", f" # {field.description}"
    if value is None:
        yield f"{indent}# {name}:{comment}"
    elif inner := section_under(kind, name):
        yield head
        for key in inner.model_fields:
            yield from _key(inner, key, value.get(key) if isinstance(value, Mapping) else None, indent + STEP)
    elif (table := table_under(kind, name)) and value:
        yield head
        for key, held in value.items():
            yield f"{indent}{STEP}{key}:"
            for part in table.model_fields:
                yield from _key(table, part, held.get(part), indent + STEP * 2)
    else:
        yield f"{head} {_written(value)}{comment}"


def _written(value: Any) -> str:
    """In JSON, which YAML takes as it is."""
    if isinstance(value, Mapping):
        return json.dumps(dict(value))
    return json.dumps(str(value) if isinstance(value, StrEnum) else value)


def _values(tier: Tier) -> dict[str, Any]:
    """What has to be said; the tier sets the least that its rules take."""
    serious = tier in SERIOUS
    board, oncall = (f"arn:aws:iam::{ELSEWHERE}:role/{who}" for who in ("people/model-board", "emergency/break-glass"))
    return {
        "tier": tier,
        "project": "wardlight",
        "owner": "clinical-ml",
        "account": ACCOUNT,
        "region": REGION,
        "residency": [REGION, "eu-west-1"] if serious else [REGION],
        "network": {"range": "10.20.0.0/16", "zones": 3 if tier is Tier.PROD else 2},
        "data": {str(data_class): {"keep_days": 365 if serious else 30} for data_class in DataClass},
        "audit": {"keep_days": AUDIT_DAYS if serious else 30},
        "recovery": {"copy_region": "eu-west-1"} if serious else {},
        "personas": {
            "model-approver": {"purpose": "Decides which model may meet patients", "principals": [board]},
            "break-glass": {"purpose": "Repairs what nobody else can", "principals": [oncall]},
        },
        "alarms": {"recipients": ["oncall@wardlight.example"]},
        "budget": {"monthly_usd": 10_000 if serious else 500},
        "models": {"triage": _model(2 if tier is Tier.PROD else 1)},
        "lake": {"administrators": [f"arn:aws:iam::{ACCOUNT}:role/deployment"]},
        "features": {"visits": _features()},
        "tables": {"consents": {"data_class": "personal", "partition_key": "person"}},
        "secrets": {"records": _secret()},
        "parameters": {"records-host": {"purpose": "Where the hospital's records are asked for"}},
        "tags": {"cost-centre": "4711"},
        "deletion_protection": serious,
        "force_destroy": not serious,
    }


def _model(instances: int) -> dict[str, Any]:
    return {
        "image": f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/triage",
        "image_digest": DIGEST,
        "artefact": "triage/7/model.tar.gz",
        "artefact_digest": DIGEST,
        "instance_type": "ml.m6i.large",
        "instances": instances,
        "data_class": "health",
    }


def _features() -> dict[str, Any]:
    return {
        "kinds": {"visit": "String", "since": "Fractional", "ward": "Integral"},
        "identifier": "visit",
        "event_time": "since",
        "data_class": "internal",
    }


def _secret() -> dict[str, Any]:
    function = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:rotate-records"
    return {"purpose": "Opens the hospital's records", "rotation_function": function}
