"""Guards over registries of images."""

from __future__ import annotations

from core.finding import Severity
from core.graph import Graph
from core.resource import Resource
from core.value import Path
from core.verdict import Verdict, all_of, equals, failed, holds, is_one_of, is_true, passed
from policies import tokens
from policies.doors import admits_named_only
from policies.guard import guard
from policies.links import Kind, each_companion, uses_own_key
from policies.parts import each_part

REPOSITORY_POLICY = "aws:ecr/repositoryPolicy:RepositoryPolicy"
LIFECYCLE = Kind(("aws:ecr/lifecyclePolicy:LifecyclePolicy",), "repository", "lifecycle policy")
SCANNING = "aws:ecr/registryScanningConfiguration:RegistryScanningConfiguration"
KMS = ("KMS", "KMS_DSSE")


@guard(
    "ecr.repository_is_encrypted_with_own_key",
    on=tokens.REPOSITORY,
    severity=Severity.MEDIUM,
    fix="Set encryptionConfigurations with encryptionType KMS and a Key component's ARN as kmsKey.",
)
def repository_is_encrypted_with_own_key(repository: Resource, graph: Graph) -> Verdict:
    """An image may hold a trained model, and a model remembers what it was trained on."""

    def sealed(place: Path) -> Verdict:
        kind = is_one_of(repository, KMS, *place, "encryptionType")
        return all_of([kind, uses_own_key(graph, repository, *place, "kmsKey")])

    return each_part(
        repository,
        sealed,
        "encryptionConfigurations",
        none=failed(f"encryptionConfigurations of {repository.name} are not set, so AWS uses a key that is not ours"),
    )


@guard(
    "ecr.repository_tags_stay",
    on=tokens.REPOSITORY,
    severity=Severity.HIGH,
    fix="Set imageTagMutability to IMMUTABLE, without exclusions.",
)
def repository_tags_stay(repository: Resource) -> Verdict:
    """A tag that can be moved puts another image behind a name that was reviewed."""
    excluded = repository.get("imageTagMutabilityExclusionFilters")
    return all_of(
        [
            equals(repository, "IMMUTABLE", "imageTagMutability"),
            holds(excluded, lambda said: not said, f"exclusions of {repository.name}", "left out"),
        ]
    )


@guard(
    "ecr.repository_scans_what_is_pushed",
    on=tokens.REPOSITORY,
    severity=Severity.MEDIUM,
    fix="Set imageScanningConfiguration.scanOnPush, or declare a RegistryScanningConfiguration of type ENHANCED.",
)
def repository_scans_what_is_pushed(repository: Resource, graph: Graph) -> Verdict:
    """Known holes in an image are found on the day they are pushed, or by whoever uses them."""
    for scanning in graph.of_type(SCANNING):
        if scanning.get("scanType") == "ENHANCED":
            return passed(f"{scanning.name} scans the whole registry")
    return is_true(repository, "imageScanningConfiguration", "scanOnPush")


@guard(
    "ecr.repository_policy_names_whom_it_admits",
    on=REPOSITORY_POLICY,
    severity=Severity.CRITICAL,
    fix="Name each account or role as Principal.",
)
def repository_policy_names_whom_it_admits(policy: Resource, graph: Graph) -> Verdict:
    """Who may push decides what runs; who may pull has the model."""
    return admits_named_only(graph, policy)


@guard(
    "ecr.repository_lets_images_expire",
    on=tokens.REPOSITORY,
    severity=Severity.LOW,
    fix="Declare a LifecyclePolicy for the repository.",
)
def repository_lets_images_expire(repository: Resource, graph: Graph) -> Verdict:
    """Old images have old holes, and models in them hold data whose time is over."""

    def bounded(policy: Resource) -> Verdict:
        return holds(policy.get("policy"), bool, f"policy of {policy.name}", "set")

    return each_companion(graph, repository, LIFECYCLE, bounded)
