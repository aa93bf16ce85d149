"""Guards over jobs: what trains, tunes, labels, processes and monitors, whatever type declares it.

Some of these types exist in the Cloud Control provider (`aws-native`) only. A schedule that names a job definition is
judged by that definition, wherever it is declared.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from core.finding import Severity
from core.graph import Graph
from core.resource import Resource
from core.value import Path
from core.verdict import State, Verdict, all_of, failed, holds, is_true, not_applicable
from policies import tokens
from policies.guard import guard
from policies.links import uses_own_key
from policies.parts import each_part

INLINE_JOB = ("monitoringScheduleConfig", "monitoringJobDefinition")
NAMED_JOB = ("monitoringScheduleConfig", "monitoringJobDefinitionName")
NETWORK = "networkConfig"
CLUSTER_DISK = ("clusterConfig", "volumeKmsKeyId")
MONITORS = (tokens.DATA_QUALITY_JOB, *tokens.NATIVE_MONITORS)
FLAGS: Mapping[str, Path] = {
    tokens.TRAINING_JOB: (),
    tokens.PROCESSING_JOB: (NETWORK,),
    tokens.SCHEDULE: (*INLINE_JOB, NETWORK),
    **dict.fromkeys(MONITORS, (NETWORK,)),
}
"""Where a type holds enableNetworkIsolation, enableInterContainerTrafficEncryption and vpcConfig."""
KEYS: Mapping[str, tuple[Path, ...]] = {
    tokens.TRAINING_JOB: (("outputDataConfig", "kmsKeyId"), ("resourceConfig", "volumeKmsKeyId")),
    tokens.PROCESSING_JOB: (("processingOutputConfig", "kmsKeyId"), ("processingResources", *CLUSTER_DISK)),
    tokens.DATA_QUALITY_JOB: (("dataQualityJobOutputConfig", "kmsKeyId"), ("jobResources", *CLUSTER_DISK)),
    tokens.NATIVE_MONITORS[0]: (("modelBiasJobOutputConfig", "kmsKeyId"), ("jobResources", *CLUSTER_DISK)),
    tokens.NATIVE_MONITORS[1]: (("modelExplainabilityJobOutputConfig", "kmsKeyId"), ("jobResources", *CLUSTER_DISK)),
    tokens.NATIVE_MONITORS[2]: (("modelQualityJobOutputConfig", "kmsKeyId"), ("jobResources", *CLUSTER_DISK)),
    tokens.SCHEDULE: (
        (*INLINE_JOB, "monitoringOutputConfig", "kmsKeyId"),
        (*INLINE_JOB, "monitoringResources", *CLUSTER_DISK),
    ),
    tokens.LABELING_JOB: (("outputConfig", "kmsKeyId"),),
}
"""Where a type names the keys of what it writes and of its machines' disks."""
TUNED = ("trainingJobDefinition", "trainingJobDefinitions")
ISOLATED_TYPES = (tokens.TRAINING_JOB, tokens.TUNING_JOB, tokens.PROCESSING_JOB, *MONITORS, tokens.SCHEDULE)
SAMPLED_BY_NAME = not_applicable("it runs a job definition that it names, which is judged where it is declared")
CONTAINERS = "enableInterContainerTrafficEncryption"


def each_definition(job: Resource, rule: Callable[[Path], Verdict]) -> Verdict:
    """What the rule says of each training definition of a tuning job; one without any fails."""
    nothing = not_applicable("")
    found = [each_part(job, rule, name, none=nothing) for name in TUNED]
    said = all_of(found)
    return failed(f"{job.name} defines no training") if said.state is State.NOT_APPLICABLE else said


def each_place(job: Resource, rule: Callable[[Path], Verdict]) -> Verdict:
    """What the rule says of where the job holds its switches."""
    if job.type == tokens.TUNING_JOB:
        return each_definition(job, rule)
    if job.type == tokens.SCHEDULE and job.get(*INLINE_JOB) is None and job.get(*NAMED_JOB) is not None:
        return SAMPLED_BY_NAME
    return rule(FLAGS[job.type])


@guard(
    "sagemaker.job_encrypts_between_its_machines",
    on=ISOLATED_TYPES,
    severity=Severity.MEDIUM,
    fix=f"Set {CONTAINERS}, of the job or of its networkConfig.",
)
def job_encrypts_between_its_machines(job: Resource) -> Verdict:
    """Machines of one job send each other rows and gradients; left out, that traffic is in the clear."""
    return each_place(job, lambda place: is_true(job, *place, CONTAINERS))


@guard(
    "sagemaker.job_is_isolated",
    on=ISOLATED_TYPES,
    severity=Severity.HIGH,
    fix="Set enableNetworkIsolation, and vpcConfig with subnets and groups of the Network component.",
)
def job_is_isolated(job: Resource) -> Verdict:
    """A training script is somebody else's code with all the data at hand: it must be able to call nobody."""

    def closed(place: Path) -> Verdict:
        what = f"vpcConfig of {job.name}"
        inside = [
            holds(job.get(*place, "vpcConfig", name), bool, f"{name} in {what}", "set")
            for name in ("subnets", "securityGroupIds")
        ]
        return all_of([is_true(job, *place, "enableNetworkIsolation"), *inside])

    return each_place(job, closed)


@guard(
    "sagemaker.job_data_is_encrypted_with_own_key",
    on=(*KEYS, tokens.TUNING_JOB),
    severity=Severity.HIGH,
    fix="Name a Key component's ARN for the job's output and for the disks of its machines.",
)
def job_data_is_encrypted_with_own_key(job: Resource, graph: Graph) -> Verdict:
    """What a job writes is made of what it read, and its disks hold both while it runs."""
    if job.type == tokens.TUNING_JOB:
        return each_definition(job, lambda place: _tuned_keys(job, place, graph))
    if job.type == tokens.SCHEDULE and job.get(*INLINE_JOB) is None and job.get(*NAMED_JOB) is not None:
        return SAMPLED_BY_NAME
    paths = KEYS[job.type]
    resources = ("labelingJobAlgorithmsConfig", "labelingJobResourceConfig")
    if job.type == tokens.LABELING_JOB and job.get(resources[0]) is not None:
        paths = (*paths, (*resources, "volumeKmsKeyId"))
    return all_of(uses_own_key(graph, job, *path) for path in paths)


def _tuned_keys(job: Resource, place: Path, graph: Graph) -> Verdict:
    """The output, and the disks under whichever of the two names they are asked for."""
    chosen = [
        name for name in ("resourceConfig", "hyperParameterTuningResourceConfig") if job.get(*place, name) is not None
    ]
    disks = [uses_own_key(graph, job, *place, name, "volumeKmsKeyId") for name in chosen]
    output = uses_own_key(graph, job, *place, "outputDataConfig", "kmsKeyId")
    return all_of([output, *(disks or [failed(f"{job.name} names no machines, so no key of their disks")])])


@guard(
    "sagemaker.experiment_is_encrypted_with_own_key",
    on=tokens.EXPERIMENT,
    severity=Severity.HIGH,
    fix="Set kmsKey, and dataStorageConfig.kmsKey, to a Key component's ARN.",
)
def experiment_is_encrypted_with_own_key(experiment: Resource, graph: Graph) -> Verdict:
    """A shadow test copies live requests to a second model, and keeps what both of them said."""
    paths = [("kmsKey",)] + ([("dataStorageConfig", "kmsKey")] if experiment.get("dataStorageConfig") else [])
    return all_of(uses_own_key(graph, experiment, *path) for path in paths)


@guard(
    "sagemaker.review_is_encrypted_with_own_key",
    on=tokens.REVIEW,
    severity=Severity.HIGH,
    fix="Set outputConfig.kmsKeyId to a Key component's ARN.",
)
def review_is_encrypted_with_own_key(review: Resource, graph: Graph) -> Verdict:
    """What a person is shown and decides about a case is written out in full."""
    return uses_own_key(graph, review, "outputConfig", "kmsKeyId")


@guard(
    "sagemaker.labelling_stays_inside",
    on=tokens.LABELING_JOB,
    severity=Severity.HIGH,
    fix="Give humanTaskConfig.workteamArn a private team, and automated labelling a vpcConfig.",
)
def labelling_stays_inside(job: Resource) -> Verdict:
    """A public workforce is anybody on the internet: whoever labels the data sees the data."""
    team = holds(
        job.get("humanTaskConfig", "workteamArn"),
        lambda arn: ":workteam/private-crowd/" in arn,
        f"humanTaskConfig.workteamArn of {job.name}",
        "a private team",
    )
    machines = ("labelingJobAlgorithmsConfig", "labelingJobResourceConfig", "vpcConfig", "subnets")
    if job.get(machines[0]) is None:
        return team
    return all_of([team, holds(job.get(*machines), bool, f"subnets of {job.name}", "set")])
