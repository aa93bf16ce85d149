"""What each layer tells the layers above it, as types: the lower one exports them, the upper one reads them back.

A later layer can be planned before the earlier exists: a sample says which names there are, and what stands under them
until the real value is known. https://www.pulumi.com/docs/iac/concepts/stacks/#stackreferences
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any, TypeVar

import pulumi

from core.errors import BadInput
from core.naming import root_name
from core.retention import DataClass
from core.settings import Layer, Settings, Task, stack_of
from core.value import Path, at, dotted, leaves

Text = pulumi.Input[str]
MOST_NAMED = 3
SAMPLE_ID = "0123456789abcdef0"
SAMPLE_KEY = "00000000-0000-4000-8000-000000000000"


@dataclass(frozen=True)
class StoreOutputs:
    """A bucket by its name, and the ARN of the key that seals it."""

    bucket: Text
    key: Text


@dataclass(frozen=True)
class TableOutputs:
    """A table by its name, and the ARN of the key that seals it."""

    table: Text
    key: Text


@dataclass(frozen=True)
class NetworkOutputs:
    """The ids of the parts of a network that models run in."""

    vpc: Text
    subnets: Sequence[Text]
    workload_group: Text
    runtime_endpoint: Text


@dataclass(frozen=True)
class AccountOutputs:
    """What the account has once: under `key` the ARN of the key that seals Glue's catalogue, where there is a lake."""

    catalogue: Mapping[str, Text]


@dataclass(frozen=True)
class FoundationOutputs:
    """What stands below everything: the outer limit of roles, where alarms go, stores and network.

    `record_topic` is where alarms on the record go, which may be in another account.
    `audit` is empty where the trail is somebody else's, and where its files lie in an account of their own; `copies`
    where no live copies are kept.
    """

    boundary: Text
    alarm_topic: Text
    record_topic: Text
    data: Mapping[str, StoreOutputs]
    models: StoreOutputs
    captured: StoreOutputs
    answers: Mapping[str, StoreOutputs]
    tables: Mapping[str, TableOutputs]
    audit: Mapping[str, StoreOutputs]
    copies: Mapping[str, StoreOutputs]
    network: NetworkOutputs


@dataclass(frozen=True)
class PlatformOutputs:
    """Who works on it: the names of the roles, by persona."""

    roles: Mapping[str, Text]


@dataclass(frozen=True)
class ServingOutputs:
    """What answers: the ARNs of the endpoints, by model."""

    endpoints: Mapping[str, Text]


Outputs = TypeVar("Outputs", AccountOutputs, FoundationOutputs, PlatformOutputs)


def account_sample(settings: Settings) -> AccountOutputs:
    """The outputs of an account's own layer as they will look."""
    return AccountOutputs({"key": _sample_key(settings)} if settings.lake.is_used else {})


def foundation_sample(settings: Settings) -> FoundationOutputs:
    """The outputs of a foundation as they will look, with ids that nobody has."""
    region, account, name = settings.region, settings.account, f"{settings.project}-{settings.environment}"
    key = _sample_key(settings)

    def store(word: str) -> StoreOutputs:
        return StoreOutputs(f"{name}-{word}-store-sample", key)

    speaker = settings.account_for(Task.MANAGEMENT if settings.audit.whole_organisation else Task.WORKLOAD)
    audit = {} if settings.adopt.trail or settings.has_own_archive else {"store": store("audit-log")}
    copied = settings.is_replicated and settings.recovery.copy_region
    zones = len(settings.adopt.vpc.subnets) if settings.adopt.vpc else settings.network.zones
    return FoundationOutputs(
        boundary=f"arn:aws:iam::{account}:policy/{name}-boundary",
        alarm_topic=f"arn:aws:sns:{region}:{account}:{name}-alarms-topic-sample",
        record_topic=f"arn:aws:sns:{region}:{speaker}:{name}-record-alarms-topic-sample",
        data={str(data_class): store(f"data-{data_class}") for data_class in DataClass},
        models=store("models"),
        captured=store("captured"),
        answers={circle: store(f"answers-{circle}") for circle in settings.lake.circles},
        tables={word: TableOutputs(f"{name}-table-{word}-table-sample", key) for word in settings.tables},
        audit=audit,
        copies={str(one): store(f"far-{one}-copy") for one in DataClass if one.identifies_people and copied},
        network=NetworkOutputs(
            f"vpc-{SAMPLE_ID}",
            [f"subnet-{SAMPLE_ID[:-1]}{number}" for number in range(zones)],
            f"sg-{SAMPLE_ID}",
            f"vpce-{SAMPLE_ID}",
        ),
    )


def platform_sample(settings: Settings) -> PlatformOutputs:
    """The outputs of a platform as they will look."""
    name = root_name(settings.project, settings.environment, settings.owner, settings.tags)
    return PlatformOutputs({word: f"{name / word}-role-sample" for word in settings.roles})


def _sample_key(settings: Settings) -> str:
    return f"arn:aws:kms:{settings.region}:{settings.account}:key/{SAMPLE_KEY}"


def export(outputs: Any) -> None:
    """Tell the layers above."""
    for field in fields(outputs):
        pulumi.export(field.name, _plain(getattr(outputs, field.name)))


def read(layer: Layer, settings: Settings, sample: Outputs) -> Outputs:
    """What that layer of the same environment told, in the shape of the sample.

    In a preview the sample stands for what is not told yet; in a deployment whatever is missing ends it, by BadInput.
    """
    stack = full_name(layer, settings, pulumi.get_organization(), pulumi.get_project())
    reference = pulumi.StackReference(f"{settings.project}-{stack.rpartition('/')[2]}", stack_name=stack)
    texts = reference.outputs.apply(lambda outputs: _texts(outputs, sample, stack))
    found = _typed(sample, texts, ())
    assert isinstance(found, type(sample))
    return found


def full_name(layer: Layer, settings: Settings, organisation: str = "organization", project: str = "strongroom") -> str:
    """What the stack of that layer is called where all stacks are; `organization` is what backends without any say."""
    return f"{organisation}/{project}/{stack_of(settings.environment, layer)}"


def samples(settings: Settings, project: str) -> dict[str, dict[str, Any]]:
    """What a plan says of the stacks that are below this one, by their full names."""
    below: dict[Layer, Any] = {
        Layer.ACCOUNT: account_sample(settings),
        Layer.FOUNDATION: foundation_sample(settings),
        Layer.PLATFORM: platform_sample(settings),
    }
    return {full_name(layer, settings, project=project): _plain(sample) for layer, sample in below.items()}


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, list | tuple) else value


def _typed(sample: Any, texts: pulumi.Output[Mapping[Path, str]], path: Path) -> Any:
    """The sample with each text in it replaced by what the other stack says at its path."""
    if is_dataclass(sample) and not isinstance(sample, type):
        names = [field.name for field in fields(sample)]
        return replace(sample, **{name: _typed(getattr(sample, name), texts, (*path, name)) for name in names})
    if isinstance(sample, Mapping):
        return {key: _typed(item, texts, (*path, key)) for key, item in sample.items()}
    if isinstance(sample, list):
        return [_typed(item, texts, (*path, number)) for number, item in enumerate(sample)]
    return texts.apply(lambda known: known[path])


def _texts(outputs: Mapping[str, Any], sample: Any, stack: str) -> dict[Path, str]:
    """What the stack says at each path of the sample; in a preview the sample's own text where it says nothing yet."""
    found: dict[Path, str] = {path: str(text) for path, text in leaves(_plain(sample)) if isinstance(text, str)}
    wrong = []
    for path in found:
        value = at(outputs, *path)
        if isinstance(value, str) and value:
            found[path] = value
        elif value is not None or not pulumi.runtime.is_dry_run():
            wrong.append(dotted(path))
    if wrong:
        more = f" and {len(wrong) - MOST_NAMED} more" if len(wrong) > MOST_NAMED else ""
        named = ", ".join(wrong[:MOST_NAMED]) + more
        msg = f"stack {stack} does not say its outputs {named}; deploy that layer, with these settings, before this one"
        raise BadInput(msg)
    return found
