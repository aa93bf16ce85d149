"""What one value of the settings may be: the types that sections are made of, each with its words for a fault."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, GetCoreSchemaHandler, GetJsonSchemaHandler

from core.naming import WORDS, tag_faults
from core.principals import principal_fault
from core.regions import region_fault
from core.retention import LONGEST_DAYS

_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
_ECR = re.compile(r"[0-9]{12}\.dkr\.ecr\.[a-z0-9-]+\.amazonaws\.com(\.cn)?/[a-z0-9]+([._/-]+[a-z0-9]+)*")
_OBJECT_KEY = re.compile(r"(?!/)(?!.*//)[A-Za-z0-9_!.*'()/-]{1,1024}")
_MAIL = re.compile(r"[A-Za-z0-9_.!#$%&'*+/=?^`{|}~-]+@[a-zA-Z0-9-]+(\.[a-zA-Z0-9-]+)+")
_ONE_LINE = re.compile(r"[ -~¡-ÿ]{1,256}")
LONGEST_IMAGE = 255 - len("@sha256:") - 64
"""https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ContainerDefinition.html; the digest is appended."""


class Tier(StrEnum):
    """How seriously an environment is meant; least first."""

    LOCAL = "local"
    DEV = "dev"
    STAGING = "staging"
    PROD = "prod"


SERIOUS = (Tier.STAGING, Tier.PROD)
"""Tiers in which everything is as if people's data were at stake, because it is or will be."""


class Layer(StrEnum):
    """The parts that an environment can be deployed in, each a stack of its own, lowest first; or all in one stack."""

    ACCOUNT = "account"
    FOUNDATION = "foundation"
    PLATFORM = "platform"
    SERVING = "serving"
    ALL = "all"


class Task(StrEnum):
    """What an account is for; one account may be for several of these."""

    WORKLOAD = "workload"
    LOG_ARCHIVE = "log_archive"
    SECURITY = "security"
    MANAGEMENT = "management"


class Where(StrEnum):
    """What runs a model."""

    ENDPOINT = "endpoint"
    KUBERNETES = "kubernetes"


class TakenBy(StrEnum):
    """Who takes a persona."""

    PEOPLE = "people"
    PROGRAM = "program"


def checked(fault: Callable[[Any], str | None]) -> AfterValidator:
    """A validator of a function that says what is expected instead, or None when all is well."""

    def check(value: Any) -> Any:
        if (expected := fault(value)) is not None:
            raise ValueError(expected)
        return value

    return AfterValidator(check)


@dataclass(frozen=True, slots=True)
class Formed:
    """A validator of texts that have one form as a whole; the form also stands in the JSON schema."""

    pattern: re.Pattern[str]
    expected: str

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> Any:
        return AfterValidator(self._check).__get_pydantic_core_schema__(source, handler)

    def __get_pydantic_json_schema__(self, schema: Any, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {**handler(schema), "pattern": f"^(?:{self.pattern.pattern})$"}

    def _check(self, text: str) -> str:
        if not self.pattern.fullmatch(text):
            raise ValueError(self.expected)
        return text


def formed(pattern: str, expected: str) -> Formed:
    """A text of this form from its first to its last character."""
    return Formed(re.compile(pattern), expected)


def image_fault(text: str) -> str | None:
    """Which image is expected instead of this text."""
    if "@" in text or ":" in text:
        return "an image repository without tag or digest; which image it is, image_digest says"
    if not _ECR.fullmatch(text):
        return "a repository in ECR, such as '123456789012.dkr.ecr.eu-central-1.amazonaws.com/triage'"
    return (
        f"at most {LONGEST_IMAGE} characters, as AWS takes 255 with the digest" if len(text) > LONGEST_IMAGE else None
    )


def tags_fault(tags: Mapping[str, str]) -> str | None:
    """Which tags are expected instead of these."""
    return "tags that AWS takes: " + "; ".join(faults) if (faults := tag_faults(tags)) else None


def _repeated_fault(items: tuple[str, ...]) -> str | None:
    twice = sorted({item for item in items if items.count(item) > 1})
    return f"each entry once; repeated: {', '.join(twice)}" if twice else None


READ_ONLY = AfterValidator(lambda table: MappingProxyType(dict(table)))
EACH_ONCE = checked(_repeated_fault)
Account = Annotated[str, formed("[0-9]{12}", "an AWS account number: 12 digits, in quotes")]
Days = Annotated[int, Field(ge=1, le=LONGEST_DAYS)]
Digest = Annotated[str, Formed(_DIGEST, "'sha256:' and 64 digits of 0-9a-f, as `sha256sum` or the registry shows it")]
Line = Annotated[str, Formed(_ONE_LINE, "one line of 1 to 256 characters")]
Mail = Annotated[str, Formed(_MAIL, "an e-mail address")]
ObjectKey = Annotated[str, Formed(_OBJECT_KEY, "a key inside the models bucket, such as 'triage/7/model.tar.gz'")]
PrincipalArn = Annotated[str, checked(principal_fault)]
RegionCode = Annotated[str, checked(region_fault)]
Words = Annotated[str, Formed(WORDS, "lower case words joined by single hyphens, such as 'ward-records'")]


def says(expected: str, **more: Any) -> Any:
    """A field; its description says what is expected of it."""
    return Field(description=expected, **more)


class Section(BaseModel):
    """A part of the settings: read-only, no conversions, no unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


def section_under(kind: type[Section], name: str) -> type[Section] | None:
    """The section that a key of this section holds, also where it may be left out; None for every other value."""
    found = _sections_in(kind.model_fields[name].annotation)
    return found[0] if found and not is_table(kind, name) else None


def table_under(kind: type[Section], name: str) -> type[Section] | None:
    """The section that a key of this section holds for each of several names; None for every other value."""
    return _sections_in(kind.model_fields[name].annotation)[0] if is_table(kind, name) else None


def is_table(kind: type[Section], name: str) -> bool:
    """Whether a key of this section holds a section for each of several names."""
    annotation = kind.model_fields[name].annotation
    return getattr(annotation, "__origin__", None) is Mapping and bool(_sections_in(annotation))


def _sections_in(annotation: Any) -> list[type[Section]]:
    parts = getattr(annotation, "__args__", (annotation,))
    return [part for part in parts if isinstance(part, type) and issubclass(part, Section)]
