"""The settings of one environment as frozen values: which keys there are, and what each of them takes.

A field's description says what is expected of it; messages quote it, so it stands here once. What one value must be
is checked here and in `core.settings_values`; what several must be together stands in `core.settings_rules`.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Any

from core.retention import LONGEST_DAYS, DataClass
from core.settings_copies import Audit, Inventory, Keys, Stores
from core.settings_data import PEOPLE, FeatureSet, Lake, ParameterOf, SecretOf, TableOf
from core.settings_ground import (
    Accounts,
    Adopt,
    Budget,
    Github,
    Guardrails,
    Network,
    OrganisationId,
    Recovery,
)
from core.settings_values import (
    EACH_ONCE,
    READ_ONLY,
    SERIOUS,
    Account,
    Days,
    Digest,
    Layer,
    Line,
    Mail,
    ObjectKey,
    PrincipalArn,
    RegionCode,
    Section,
    TakenBy,
    Task,
    Tier,
    Where,
    Words,
    checked,
    image_fault,
    says,
    section_under,
    table_under,
    tags_fault,
)

OF_PIPELINES = ("ci-preview", "ci-deploy")
"""The personas that jobs of the repository take, where the section `github` names one."""
LONGEST_COPIES = 35
"""Days that a backup is kept where nobody says for how long; what AWS's own continuous backups hold at most:
https://docs.aws.amazon.com/aws-backup/latest/devguide/point-in-time-recovery.html"""


def _classes_fault(data: Mapping[DataClass, Any]) -> str | None:
    missing = ", ".join(item for item in DataClass if item not in data)
    return f"every class of data with its retention; missing: {missing}" if missing else None


class Retention(Section):
    """How long data of one class is kept before it is deleted."""

    keep_days: Days = says(f"a number of days from 1 to {LONGEST_DAYS}")


class Alarms(Section):
    """Who is told when something is wrong."""

    recipients: Annotated[tuple[Mail, ...], EACH_ONCE] = says("a list of e-mail addresses")


class Persona(Section):
    """A kind of user: who may take it, for how long, and what for."""

    purpose: Line = says("one line saying what this persona is for")
    principals: Annotated[tuple[PrincipalArn, ...], EACH_ONCE] = says(
        "a list of at least one ARN of a role or identity provider", min_length=1
    )
    session_hours: int = says("a session of 1 to 12 hours", default=1, ge=1, le=12)
    require_mfa: bool = says("true or false", default=True)
    taken_by: TakenBy = says(f"one of {', '.join(TakenBy)}", default=TakenBy.PEOPLE)


class Model(Section):
    """A model to serve: which image and which weights exactly, on what, and for which class of data."""

    image: Annotated[str, checked(image_fault)] = says("a repository in ECR, without tag")
    image_digest: Digest = says("the digest of the image, 'sha256:' and 64 digits of 0-9a-f")
    artefact: ObjectKey = says("a key inside the models bucket, such as 'triage/7/model.tar.gz'")
    artefact_digest: Digest = says("the digest of the artefact, 'sha256:' and 64 digits of 0-9a-f")
    instance_type: str = says("a machine type, such as 'ml.m6i.large'")
    instances: int = says("a number of machines from 1 to 100", default=1, ge=1, le=100)
    data_class: DataClass = says(f"one of {', '.join(DataClass)}")
    where: Where = says(f"one of {', '.join(Where)}", default=Where.ENDPOINT)
    capture_percent: int = says("a share of requests from 0 to 100", default=0, ge=0, le=100)


class Settings(Section):
    """Everything that differs between one environment and the next; made by `core.settings.settings_from`."""

    environment: Words = says("the name of the environment")
    tier: Tier = says(f"one of {', '.join(Tier)}")
    layer: Layer = says(f"one of {', '.join(Layer)}", default=Layer.ALL)
    project: Words = says("the name all resources begin with, in lower case words")
    owner: Line = says("the team that answers for this environment")
    account: Account = says("an AWS account number: 12 digits, in quotes")
    accounts: Accounts = says("a mapping of account numbers", default=Accounts())
    organisation: OrganisationId = says("the id of the AWS organisation, or nothing", default="")
    region: RegionCode = says("the code of the home Region, such as 'eu-central-1'")
    residency: Annotated[tuple[RegionCode, ...], EACH_ONCE] = says(
        "a list of the Regions where data may lie, the home Region among them", min_length=1
    )
    network: Network = says("a mapping with the keys range and zones")
    adopt: Adopt = says("a mapping of what is there already", default=Adopt())
    data: Annotated[Mapping[DataClass, Retention], READ_ONLY, checked(_classes_fault)] = says(
        f"a mapping with a retention for each of {', '.join(DataClass)}"
    )
    stores: Stores = says("a mapping of what each store of data gets besides itself", default=Stores())
    keys: Keys = says("a mapping of who administers keys and how far they reach", default=Keys())
    audit: Audit = says("a mapping with the key keep_days")
    recovery: Recovery = says("a mapping of how soon all must be back", default=Recovery())
    personas: Annotated[Mapping[Words, Persona], READ_ONLY] = says("a mapping of persona names", min_length=1)
    guardrails: Guardrails = says("a mapping with the keys targets and stewards", default=Guardrails())
    github: Github = says("a mapping that names the repository that deploys", default=Github())
    alarms: Alarms = says("a mapping with the key recipients")
    budget: Budget = says("a mapping with the key monthly_usd", default=Budget())
    models: Annotated[Mapping[Words, Model], READ_ONLY] = says(
        "a mapping of model names", default_factory=dict, validate_default=True
    )
    lake: Lake = says("a mapping of who administers the data lake and what is in it", default=Lake())
    features: Annotated[Mapping[Words, FeatureSet], READ_ONLY] = says(
        "a mapping of names of feature groups", default_factory=dict, validate_default=True
    )
    tables: Annotated[Mapping[Words, TableOf], READ_ONLY] = says(
        "a mapping of table names", default_factory=dict, validate_default=True
    )
    secrets: Annotated[Mapping[Words, SecretOf], READ_ONLY] = says(
        "a mapping of names of secrets", default_factory=dict, validate_default=True
    )
    parameters: Annotated[Mapping[Words, ParameterOf], READ_ONLY] = says(
        "a mapping of names of parameters", default_factory=dict, validate_default=True
    )
    tags: Annotated[Mapping[str, str], READ_ONLY, checked(tags_fault)] = says(
        "a mapping of texts", default_factory=dict, validate_default=True
    )
    deletion_protection: bool = says("true or false", default=True)
    force_destroy: bool = says("true or false", default=False)

    @property
    def roles(self) -> tuple[str, ...]:
        """The personas that there are roles for: those that are named, and those that the repository's jobs take."""
        preview, deploy = OF_PIPELINES
        jobs = [preview, *([deploy] if self.github.environments else [])] if self.github.is_used else []
        return (*self.personas, *jobs)

    @property
    def is_protected(self) -> bool:
        """Whether what holds data refuses to be destroyed; an environment that is meant to be taken down does not."""
        return self.deletion_protection and not self.force_destroy

    def account_for(self, task: Task) -> str:
        """The number of the account for this task; the workload's own where no other is named."""
        return str(getattr(self.accounts, task) or self.account)

    @property
    def copied_days(self) -> int:
        """How long a backup is kept: never longer than what it holds, where that is about people."""
        about_people = [self.data[one].keep_days for one in DataClass if one.identifies_people]
        if PEOPLE in self.lake.circles:
            about_people.append(self.lake.results_days)
        return self.recovery.keep_days or min(LONGEST_COPIES, *about_people)

    @property
    def is_replicated(self) -> bool:
        """Whether data about people is copied as it comes: by default in the serious tiers with a second Region."""
        asked = self.recovery.replicate
        return bool(self.recovery.copy_region) and (self.tier in SERIOUS if asked is None else asked)

    @property
    def inventory(self) -> Inventory:
        """How often stores are listed."""
        return self.stores.inventory or (Inventory.WEEKLY if self.tier in SERIOUS else Inventory.OFF)

    @property
    def has_own_archive(self) -> bool:
        """Whether the record of who did what lies in another account than the workload's."""
        return not self.adopt.trail and self.account_for(Task.LOG_ARCHIVE) != self.account

    @property
    def stack(self) -> str:
        """What the stack is called that this layer of the environment is deployed as."""
        return self.environment if self.layer is Layer.ALL else stack_of(self.environment, self.layer)

    def has(self, layer: Layer) -> bool:
        """Whether this stack declares that layer."""
        return self.layer in {layer, Layer.ALL}

    @property
    def owns_the_account(self) -> bool:
        """Whether this stack declares what exists once per account."""
        return self.has(Layer.ACCOUNT) and not self.adopt.baseline


def stack_of(environment: str, layer: Layer) -> str:
    """What the stack of one layer is called."""
    return f"{environment}-{layer}"


def environment_of(stack: str) -> tuple[str, Layer | None]:
    """The environment that a stack of that name is of, and the layer, where the name says one.

    >>> environment_of("prod-foundation")
    ('prod', <Layer.FOUNDATION: 'foundation'>)
    """
    environment, _, layer = stack.rpartition("-")
    single = [one for one in Layer if one is not Layer.ALL and one == layer and environment]
    return (environment, single[0]) if single else (stack, None)


SECTIONS: Mapping[str, type[Section]] = MappingProxyType(
    {name: found for name in Settings.model_fields if (found := section_under(Settings, name))}
)
"""Keys that hold one section."""
TABLES: Mapping[str, type[Section]] = MappingProxyType(
    {name: found for name in Settings.model_fields if (found := table_under(Settings, name))}
)
"""Keys that hold a section for each of several names."""
