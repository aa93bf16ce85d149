"""The settings of one environment as frozen values: which keys there are, and what each of them takes.

A field's description says what is expected of it; messages quote it, so it stands here once. What one value must be
is checked here; what several values must be together stands in `core.settings_rules`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from core.naming import WORDS, tag_faults
from core.principals import principal_fault
from core.regions import region_fault
from core.retention import LONGEST_DAYS, DataClass
from core.subnets import MOST_ZONES, network_fault

_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
_ECR = re.compile(r"[0-9]{12}\.dkr\.ecr\.[a-z0-9-]+\.amazonaws\.com(\.cn)?/[a-z0-9]+([._/-]+[a-z0-9]+)*")
_OBJECT_KEY = re.compile(r"(?!/)(?!.*//)[\w!.*'()/-]{1,1024}", re.ASCII)
_MAIL = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]+@[a-zA-Z0-9-]+(\.[a-zA-Z0-9-]+)+", re.ASCII)
_ONE_LINE = re.compile(r"[ -~¡-ÿ]{1,256}")
LONGEST_IMAGE = 255 - len("@sha256:") - 64
"""https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ContainerDefinition.html; the digest is appended."""


class Tier(StrEnum):
    """How seriously an environment is meant; least first."""

    LOCAL = "local"
    DEV = "dev"
    STAGING = "staging"
    PROD = "prod"


class Where(StrEnum):
    """What runs a model."""

    ENDPOINT = "endpoint"
    KUBERNETES = "kubernetes"


class TakenBy(StrEnum):
    """Who takes a persona."""

    PEOPLE = "people"
    PROGRAM = "program"


def _checked(fault: Callable[[Any], str | None]) -> AfterValidator:
    """A validator of a function that says what is expected instead, or None when all is well."""

    def check(value: Any) -> Any:
        if (expected := fault(value)) is not None:
            raise ValueError(expected)
        return value

    return AfterValidator(check)


def _formed(pattern: re.Pattern[str], expected: str) -> AfterValidator:
    return _checked(lambda text: None if pattern.fullmatch(text) else expected)


def _image_fault(text: str) -> str | None:
    if "@" in text or ":" in text:
        return "an image repository without tag or digest; which image it is, image_digest says"
    if not _ECR.fullmatch(text):
        return "a repository in ECR, such as '123456789012.dkr.ecr.eu-central-1.amazonaws.com/triage'"
    return (
        f"at most {LONGEST_IMAGE} characters, as AWS takes 255 with the digest" if len(text) > LONGEST_IMAGE else None
    )


def _tags_fault(tags: Mapping[str, str]) -> str | None:
    return "tags that AWS takes: " + "; ".join(faults) if (faults := tag_faults(tags)) else None


def _classes_fault(data: Mapping[DataClass, Any]) -> str | None:
    missing = ", ".join(item for item in DataClass if item not in data)
    return f"every class of data with its retention; missing: {missing}" if missing else None


def _repeated_fault(items: tuple[str, ...]) -> str | None:
    twice = sorted({item for item in items if items.count(item) > 1})
    return f"each entry once; repeated: {', '.join(twice)}" if twice else None


_READ_ONLY = AfterValidator(lambda table: MappingProxyType(dict(table)))
_EACH_ONCE = _checked(_repeated_fault)
Account = Annotated[str, _formed(re.compile("[0-9]{12}"), "an AWS account number: 12 digits, in quotes")]
Days = Annotated[int, Field(ge=1, le=LONGEST_DAYS)]
Digest = Annotated[str, _formed(_DIGEST, "'sha256:' and 64 digits of 0-9a-f, as `sha256sum` or the registry shows it")]
Line = Annotated[str, _formed(_ONE_LINE, "one line of 1 to 256 characters")]
Mail = Annotated[str, _formed(_MAIL, "an e-mail address")]
ObjectKey = Annotated[str, _formed(_OBJECT_KEY, "a key inside the models bucket, such as 'triage/7/model.tar.gz'")]
PrincipalArn = Annotated[str, _checked(principal_fault)]
RegionCode = Annotated[str, _checked(region_fault)]
Words = Annotated[str, _formed(WORDS, "lower case words joined by single hyphens, such as 'ward-records'")]


def _says(expected: str, **more: Any) -> Any:
    return Field(description=expected, **more)


class Section(BaseModel):
    """A part of the settings: read-only, no conversions, no unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Network(Section):
    """The private network: its address range, and over how many availability zones it is spread."""

    range: Annotated[str, _checked(network_fault)] = _says("a private IPv4 range, such as '10.20.0.0/16'")
    zones: int = _says(f"a number of zones from 1 to {MOST_ZONES}", default=2, ge=1, le=MOST_ZONES)


class Retention(Section):
    """How long data of one class is kept before it is deleted."""

    keep_days: Days = _says(f"a number of days from 1 to {LONGEST_DAYS}")


class Audit(Section):
    """How long the record of who did what is locked against change."""

    keep_days: Days = _says(f"a number of days from 1 to {LONGEST_DAYS}")


class Alarms(Section):
    """Who is told when something is wrong."""

    recipients: Annotated[tuple[Mail, ...], _EACH_ONCE] = _says("a list of e-mail addresses")


class Persona(Section):
    """A kind of user: who may take it, for how long, and what for."""

    purpose: Line = _says("one line saying what this persona is for")
    principals: Annotated[tuple[PrincipalArn, ...], _EACH_ONCE] = _says(
        "a list of at least one ARN of a role or identity provider", min_length=1
    )
    session_hours: int = _says("a session of 1 to 12 hours", default=1, ge=1, le=12)
    require_mfa: bool = _says("true or false", default=True)
    taken_by: TakenBy = _says(f"one of {', '.join(TakenBy)}", default=TakenBy.PEOPLE)


class Model(Section):
    """A model to serve: which image and which weights exactly, on what, and for which class of data."""

    image: Annotated[str, _checked(_image_fault)] = _says("a repository in ECR, without tag")
    image_digest: Digest = _says("the digest of the image, 'sha256:' and 64 digits of 0-9a-f")
    artefact: ObjectKey = _says("a key inside the models bucket, such as 'triage/7/model.tar.gz'")
    artefact_digest: Digest = _says("the digest of the artefact, 'sha256:' and 64 digits of 0-9a-f")
    instance_type: str = _says("a machine type, such as 'ml.m6i.large'")
    instances: int = _says("a number of machines from 1 to 100", default=1, ge=1, le=100)
    data_class: DataClass = _says(f"one of {', '.join(DataClass)}")
    where: Where = _says(f"one of {', '.join(Where)}", default=Where.ENDPOINT)
    capture_percent: int = _says("a share of requests from 0 to 100", default=0, ge=0, le=100)


class Settings(Section):
    """Everything that differs between one environment and the next; made by `core.settings.settings_from`."""

    environment: Words = _says("the name of the environment")
    tier: Tier = _says(f"one of {', '.join(Tier)}")
    project: Words = _says("the name all resources begin with, in lower case words")
    owner: Line = _says("the team that answers for this environment")
    account: Account = _says("an AWS account number: 12 digits, in quotes")
    region: RegionCode = _says("the code of the home Region, such as 'eu-central-1'")
    residency: Annotated[tuple[RegionCode, ...], _EACH_ONCE] = _says(
        "a list of the Regions where data may lie, the home Region among them", min_length=1
    )
    network: Network = _says("a mapping with the keys range and zones")
    data: Annotated[Mapping[DataClass, Retention], _READ_ONLY, _checked(_classes_fault)] = _says(
        f"a mapping with a retention for each of {', '.join(DataClass)}"
    )
    audit: Audit = _says("a mapping with the key keep_days")
    personas: Annotated[Mapping[Words, Persona], _READ_ONLY] = _says("a mapping of persona names", min_length=1)
    alarms: Alarms = _says("a mapping with the key recipients")
    models: Annotated[Mapping[Words, Model], _READ_ONLY] = _says(
        "a mapping of model names", default_factory=dict, validate_default=True
    )
    break_glass: Annotated[tuple[PrincipalArn, ...], _EACH_ONCE] = _says("a list of role ARNs", default=())
    tags: Annotated[Mapping[str, str], _READ_ONLY, _checked(_tags_fault)] = _says(
        "a mapping of texts", default_factory=dict, validate_default=True
    )
    force_destroy: bool = _says("true or false", default=False)


SECTIONS: Mapping[str, type[Section]] = MappingProxyType({"network": Network, "audit": Audit, "alarms": Alarms})
"""Keys that hold one section."""
TABLES: Mapping[str, type[Section]] = MappingProxyType({"data": Retention, "personas": Persona, "models": Model})
"""Keys that hold a section for each of several names."""
