"""Guards over what surrounds a served model: where it comes from, how many run it, who watches it, what it is for."""

from __future__ import annotations

from core.finding import Severity
from core.graph import Graph
from core.resource import Resource
from core.value import at
from core.verdict import State, Verdict, all_of, at_least, failed, holds, not_applicable, passed, undecided
from policies import tokens
from policies.guard import Decidable, guard
from policies.links import dark, is_dark, unless, uses_own_key
from policies.parts import each_part
from policies.statement import Statement, allowing_only, every_statement
from policies.tier import BEFORE_PRODUCTION, is_trial

ASYNC = ("asyncInferenceConfig", "outputConfig")
LEAST_INSTANCES = 2
"""https://docs.aws.amazon.com/securityhub/latest/userguide/sagemaker-controls.html#sagemaker-4"""
NONE = not_applicable("it has no container of this kind")
TRIAL = not_applicable("it serves nobody yet: its environment is not production")
ML_TYPES = (
    *(tokens.MODEL, tokens.MODEL_ENDPOINT, tokens.ENDPOINT_CONFIG, tokens.FEATURE_GROUP, tokens.NOTEBOOK),
    *(tokens.DOMAIN, tokens.TRAINING_JOB, tokens.TUNING_JOB, tokens.DATA_QUALITY_JOB, tokens.MODEL_PACKAGE),
    *("aws:sagemaker/image:Image", "aws:sagemaker/appImageConfig:AppImageConfig"),
)
MARKS = ("strongroom:owner", "strongroom:project", tokens.DATA_CLASS)
"""Who answers for it, what it is for, and what it holds."""


@guard(
    "sagemaker.async_answers_are_encrypted_with_own_key",
    on=tokens.ENDPOINT_CONFIG,
    severity=Severity.HIGH,
    fix="Set asyncInferenceConfig.outputConfig.kmsKeyId to a Key component's ARN.",
)
def async_answers_are_encrypted_with_own_key(config: Resource, graph: Graph) -> Verdict:
    """Answers that wait in a bucket say what the model thinks of each person it was asked about."""
    held = config.get(ASYNC[0])
    if held is None:
        return not_applicable("it answers at once and writes no answers down")
    return uses_own_key(graph, config, *ASYNC, "kmsKeyId")


@guard(
    "sagemaker.variant_runs_on_two_machines",
    on=tokens.ENDPOINT_CONFIG,
    severity=Severity.MEDIUM,
    fix="Set initialInstanceCount to 2 or more: SageMaker spreads them over zones.",
)
def variant_runs_on_two_machines(config: Resource, graph: Graph) -> Verdict:
    """With one machine the model is gone while that machine is replaced."""
    found = each_part(
        config,
        lambda place: at_least(config, LEAST_INSTANCES, *place, "initialInstanceCount"),
        "productionVariants",
        none=failed(f"{config.name} has no variant"),
    )
    return unless(is_trial(graph, config, BEFORE_PRODUCTION), found, TRIAL)


@guard(
    "sagemaker.model_comes_from_the_registry",
    on=tokens.MODEL,
    severity=Severity.MEDIUM,
    fix="Register the model's package, have it approved, and name it in modelPackageName of its container.",
    decidable=Decidable.LIVE,
)
def model_comes_from_the_registry(model: Resource) -> Verdict:
    """Only the registry says who approved which artefact, and on what evidence.

    A model made of an image and an artefact may stand in the registry too; that its account has to say.
    """

    def registered(place: tuple[str | int, ...]) -> Verdict:
        package, what = model.get(*place, "modelPackageName"), f"modelPackageName of {model.name}"
        if package is None:
            return undecided(f"{model.name} names no package; whether its artefact is registered only the account says")
        return holds(package, bool, what, "set")

    found = all_of(each_part(model, registered, name, none=NONE) for name in ("primaryContainer", "containers"))
    return failed(f"{model.name} has no container") if found.state is State.NOT_APPLICABLE else found


@guard(
    "sagemaker.model_group_names_whom_it_admits",
    on=tokens.MODEL_GROUP_POLICY,
    severity=Severity.HIGH,
    fix="Name each account or role in the policy of the model package group.",
)
def model_group_names_whom_it_admits(policy: Resource, graph: Graph) -> Verdict:
    """Who may put a package into the group decides what the wards will be told."""
    return every_statement(graph, policy, allowing_only(Statement.names_whom_it_allows), "resourcePolicy")


@guard(
    "sagemaker.endpoint_is_monitored",
    on=tokens.MODEL_ENDPOINT,
    severity=Severity.MEDIUM,
    fix="Declare a MonitoringSchedule for the endpoint, or have the drift job report on it.",
    decidable=Decidable.LIVE,
)
def endpoint_is_monitored(endpoint: Resource, graph: Graph) -> Verdict:
    """A model grows wrong without failing: the people it is asked about change, and it does not.

    A schedule is often made by the pipeline that trains; that no schedule stands here proves nothing.
    """
    watched = (*graph.of_type(tokens.SCHEDULE), *graph.of_type(tokens.DATA_QUALITY_JOB))
    if any(_watches(job, endpoint) for job in watched):
        return passed(f"{endpoint.name} is looked at by a schedule or a job definition of this program")
    return undecided(f"nothing in this program monitors {endpoint.name}; whether anything else does the account says")


def _watches(job: Resource, endpoint: Resource) -> bool:
    """Whether a job's endpoint input is this one, by its name or by what its unknown name is made of."""
    inputs = (
        ("dataQualityJobInput", "endpointInput", "endpointName"),
        ("monitoringScheduleConfig", "monitoringJobDefinition", "monitoringInputs", "endpointInput", "endpointName"),
    )
    names = [name for path in inputs if (name := job.get(*path)) is not None]
    own = endpoint.get("name")
    by_link = any(endpoint.urn in urns for urns in job.property_dependencies.values())
    return any(by_link if is_dark(name) else isinstance(own, str) and name == own for name in names)


@guard(
    "sagemaker.resource_says_what_it_is_for",
    on=ML_TYPES,
    severity=Severity.LOW,
    fix=f"Tag it with {', '.join(MARKS)}; components do.",
)
def resource_says_what_it_is_for(thing: Resource) -> Verdict:
    """Purpose and class decide what a thing may be used for; without an owner nobody decides."""
    tags = thing.get("tags")
    if is_dark(tags):
        return dark(f"tags of {thing.name}", tags)
    return all_of(holds(at(tags, mark), bool, f"tag {mark} of {thing.name}", "set") for mark in MARKS)
