"""Guards over served models: where they run, what they run, and where what they see ends up."""

from __future__ import annotations

import re
from typing import Any

from core.finding import Severity
from core.graph import Graph
from core.instance_types import has_local_disk
from core.resource import Resource
from core.value import Unknown, at
from core.verdict import (
    State,
    Verdict,
    all_of,
    failed,
    holds,
    is_true,
    not_applicable,
    passed,
    undecided,
)
from policies import tokens
from policies.guard import guard
from policies.links import dark, is_dark, listed, uses_own_key

OWN_REGISTRY = re.compile(r"\d{12}\.dkr\.ecr\.[a-z0-9-]+\.amazonaws\.com(\.cn)?/[^@]+@sha256:[0-9a-f]{64}")
"""An image in a private registry of an account, by its digest."""
CAPTURE = "dataCaptureConfig"
VARIANTS = ("productionVariants", "shadowProductionVariants")


@guard(
    "sagemaker.model_is_isolated",
    on=tokens.MODEL,
    severity=Severity.CRITICAL,
    fix="Set enableNetworkIsolation; the ModelEndpoint component does.",
)
def model_is_isolated(model: Resource) -> Verdict:
    """A container that can open no connection and holds no credentials cannot send away what it is shown."""
    return is_true(model, "enableNetworkIsolation")


@guard(
    "sagemaker.model_runs_in_our_network",
    on=tokens.MODEL,
    severity=Severity.HIGH,
    fix="Set vpcConfig to the Network component's subnets and workload group.",
)
def model_runs_in_our_network(model: Resource) -> Verdict:
    """Without a network of ours the model's data comes and goes by ways whose flows we do not record."""
    return all_of(
        holds(model.get("vpcConfig", name), lambda ids: bool(listed(ids)), f"vpcConfig.{name} of {model.name}", "set")
        for name in ("subnets", "securityGroupIds")
    )


@guard(
    "sagemaker.model_image_is_pinned",
    on=tokens.MODEL,
    severity=Severity.HIGH,
    fix="Name the image by its digest (@sha256:...) in a private ECR registry.",
)
def model_image_is_pinned(model: Resource) -> Verdict:
    """A tag can be moved to another image overnight; a digest is the image that was reviewed."""
    containers = model.get("containers")
    if is_dark(containers):
        return dark(f"containers of {model.name}", containers)
    primary = [("primaryContainer",)] if model.get("primaryContainer") is not None else []
    paths = [*primary, *(("containers", number) for number, _ in enumerate(listed(containers)))]
    return all_of([_pinned(model, *path) for path in paths]) if paths else failed(f"{model.name} has no container")


def _is_pinned(image: Any) -> bool:
    return image is not None and bool(OWN_REGISTRY.fullmatch(image))


def _pinned(model: Resource, *path: str | int) -> Verdict:
    image, package = model.get(*path, "image"), model.get(*path, "modelPackageName")
    if image is None and package is not None:
        return undecided(f"modelPackageName of {model.name}: what image the package holds is not seen here")
    return holds(image, _is_pinned, f"image of {model.name}", "one in ECR by digest")


@guard(
    "sagemaker.variant_runs_a_declared_model",
    on=tokens.ENDPOINT_CONFIG,
    severity=Severity.HIGH,
    fix="Name a Model of this program in each variant, and run it on instances, not serverless.",
)
def variant_runs_a_declared_model(config: Resource, graph: Graph) -> Verdict:
    """Isolation and network belong to the Model; a serverless variant, or one with its own container, has neither."""

    def declared(variant: Any, path: tuple[str, int]) -> Verdict:
        what = f"{path[0]}[{path[1]}] of {config.name}"
        serverless = at(variant, "serverlessConfig")
        if serverless is not None and not is_dark(serverless):
            return failed(f"serverlessConfig in {what}: serverless models have neither isolation nor our network")
        model = graph.linked(config, *path, "modelName")
        if model is None:
            return failed(f"modelName in {what} is not set")
        if isinstance(model, Unknown) or is_dark(serverless):
            return undecided(f"the model in {what} cannot be seen here")
        return passed(f"{what} runs {model.name}") if model.type == tokens.MODEL else failed(f"{what} runs no Model")

    return _each_variant(config, declared)


@guard(
    "sagemaker.variant_opens_no_back_door",
    on=tokens.ENDPOINT_CONFIG,
    severity=Severity.HIGH,
    fix="Leave enableSsmAccess off and coreDumpConfig out.",
)
def variant_opens_no_back_door(config: Resource) -> Verdict:
    """A shell on the machine, or its memory written to a bucket, shows every record the model has seen."""

    def shut(variant: Any, path: tuple[str, int]) -> Verdict:
        what = f"{path[0]}[{path[1]}] of {config.name}"
        shell = holds(
            at(variant, "enableSsmAccess"), lambda said: said in {None, False}, f"enableSsmAccess in {what}", "off"
        )
        dump = holds(at(variant, "coreDumpConfig"), lambda said: said is None, f"coreDumpConfig in {what}", "left out")
        return all_of([shell, dump])

    return _each_variant(config, shut)


@guard(
    "sagemaker.endpoint_disk_is_encrypted_with_own_key",
    on=tokens.ENDPOINT_CONFIG,
    severity=Severity.HIGH,
    fix="Set kmsKeyArn to a Key component's ARN; on machines with disks of their own the key does not reach those.",
)
def endpoint_disk_is_encrypted_with_own_key(config: Resource, graph: Graph) -> Verdict:
    """A disk under our key is worthless without it. Disks built into a machine are sealed by its hardware instead."""
    sealed = uses_own_key(graph, config, "kmsKeyArn")

    def reached(variant: Any, path: tuple[str, int]) -> Verdict:
        what, kind = f"instanceType in {path[0]}[{path[1]}] of {config.name}", at(variant, "instanceType")
        local = has_local_disk(kind) if isinstance(kind, str) else None
        if local is None:
            return undecided(f"{what}: whether such machines have disks that no key of ours reaches is not known")
        hardware = f"{what}: such machines seal their own disks, and a key of ours does not reach them"
        return not_applicable(hardware) if local else sealed

    return _each_variant(config, reached)


@guard(
    "sagemaker.capture_is_encrypted_with_own_key",
    on=tokens.ENDPOINT_CONFIG,
    severity=Severity.HIGH,
    fix="Set dataCaptureConfig.kmsKeyId to a Key component's ARN, or leave capture out.",
)
def capture_is_encrypted_with_own_key(config: Resource, graph: Graph) -> Verdict:
    """Captured requests are copies of what people sent; their key is a setting of its own, apart from the disk's."""
    capture = _captures(config)
    if capture.state is State.FAIL:
        return not_applicable(capture.reason)
    sealed = uses_own_key(graph, config, CAPTURE, "kmsKeyId")
    return sealed if capture.state is State.PASS or sealed.state is State.PASS else capture


@guard(
    "sagemaker.capture_is_off_for_data_about_people",
    on=tokens.ENDPOINT_CONFIG,
    severity=Severity.HIGH,
    fix="Leave dataCaptureConfig out where the data class is personal or health; watch such models by their metrics.",
)
def capture_is_off_for_data_about_people(config: Resource) -> Verdict:
    """A capture is one more copy of what people told the model, outside the reach of erasure and of its purpose."""
    capture, held = _captures(config), config.get("tags", tokens.DATA_CLASS)
    if capture.state is State.FAIL:
        return passed(capture.reason)
    if is_dark(held) or held is None:
        return undecided(f"the data class of {config.name} is not known, and it captures, or may capture, requests")
    if held not in tokens.ABOUT_PEOPLE:
        return not_applicable("it is tagged as serving no data about people")
    return capture if capture.state is State.UNKNOWN else failed(f"{CAPTURE} of {config.name} must be left out")


def _captures(config: Resource) -> Verdict:
    """PASS when the endpoint captures requests, FAIL when it does not; AWS's default is on when the block is there."""
    block, enabled = config.get(CAPTURE), config.get(CAPTURE, "enableCapture")
    if block is None:
        return failed(f"{config.name} captures nothing")
    what = f"enableCapture of {config.name}"
    return (
        dark(what, enabled)
        if is_dark(enabled)
        else failed(f"{what} is off")
        if enabled is False
        else passed(f"{what} is on")
    )


def _each_variant(config: Resource, rule: Any) -> Verdict:
    """What the rule says of each variant, the shadow ones too; a configuration without any fails."""
    verdicts = []
    for name in VARIANTS:
        held = config.get(name)
        if is_dark(held):
            verdicts.append(dark(f"{name} of {config.name}", held))
        else:
            verdicts += [rule(variant, (name, number)) for number, variant in enumerate(listed(held))]
    return all_of(verdicts) if verdicts else failed(f"{config.name} has no variant")
