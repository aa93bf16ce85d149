"""Guards over what runs in a cluster, by the Pulumi Kubernetes provider's types."""

from __future__ import annotations

from collections.abc import Callable

from core.finding import Severity
from core.resource import Resource
from core.value import Path
from core.verdict import (
    State,
    Verdict,
    all_of,
    any_of,
    equals,
    failed,
    holds,
    is_true,
    not_applicable,
    passed,
)
from policies.guard import guard
from policies.links import is_not_on, listed
from policies.parts import each_part

TEMPLATE: Path = ("spec", "template", "spec")
CRON: Path = ("spec", "jobTemplate", *TEMPLATE)
OF_APPS = ("DaemonSet", "Deployment", "ReplicaSet", "StatefulSet")
SPEC: dict[str, Path] = {
    "kubernetes:core/v1:Pod": ("spec",),
    "kubernetes:core/v1:PodTemplate": ("template", "spec"),
    "kubernetes:core/v1:ReplicationController": TEMPLATE,
    **{f"kubernetes:apps/{version}:{kind}": TEMPLATE for version in ("v1", "v1beta2") for kind in OF_APPS},
    **{f"kubernetes:apps/v1beta1:{kind}": TEMPLATE for kind in ("Deployment", "StatefulSet")},
    **{f"kubernetes:extensions/v1beta1:{kind}": TEMPLATE for kind in OF_APPS[:3]},
    "kubernetes:batch/v1:Job": TEMPLATE,
    **{f"kubernetes:batch/{version}:CronJob": CRON for version in ("v1", "v1beta1", "v2alpha1")},
}
"""Where each type holds its pod, those of old that the provider still knows included.

Held to pulumi_kubernetes by `tests/policies/test_kubernetes.py`.
"""
SERVING = tuple(token for token in SPEC if token.endswith((":Deployment", ":StatefulSet")))
WORKLOADS = tuple(SPEC)
HOST = ("hostNetwork", "hostPID", "hostIPC")
PROFILES = ("RuntimeDefault", "Localhost")
RULES = (*("kubernetes:rbac.authorization.k8s.io/v1:Role", "kubernetes:rbac.authorization.k8s.io/v1:ClusterRole"),)
PINNED = "@sha256:"


def each_container(pod: Resource, rule: Callable[[Path], Verdict]) -> Verdict:
    """What the rule says of each container, those that run first included; a pod without any fails."""
    spec, nothing = SPEC[pod.type], not_applicable("")
    found = all_of(each_part(pod, rule, *spec, kind, none=nothing) for kind in ("containers", "initContainers"))
    return failed(f"{pod.name} has no container") if found.state is State.NOT_APPLICABLE else found


def of_pod_or_container(pod: Resource, place: Path, *names: str | int) -> Path:
    """Where a security setting is said: at the container when it says anything of it, else at its pod."""
    own = (*place, "securityContext", *names)
    return own if pod.get(*own) is not None else (*SPEC[pod.type], "securityContext", *names)


@guard(
    "kubernetes.container_gains_no_rights",
    on=WORKLOADS,
    severity=Severity.CRITICAL,
    fix="Set allowPrivilegeEscalation to false, leave privileged and hostNetwork, hostPID and hostIPC off.",
)
def container_gains_no_rights(pod: Resource) -> Verdict:
    """A privileged container is the machine it runs on, with all the other pods there."""

    def bound(place: Path) -> Verdict:
        context = (*place, "securityContext")
        return all_of(
            [
                is_not_on(pod, *context, "privileged"),
                equals(pod, False, *context, "allowPrivilegeEscalation"),  # noqa: FBT003 - the value looked for
            ]
        )

    host = [is_not_on(pod, *SPEC[pod.type], name) for name in HOST]
    return all_of([*host, each_container(pod, bound)])


@guard(
    "kubernetes.container_is_confined",
    on=WORKLOADS,
    severity=Severity.HIGH,
    fix="Set runAsNonRoot, readOnlyRootFilesystem, capabilities.drop [ALL] and seccompProfile.type RuntimeDefault.",
)
def container_is_confined(pod: Resource) -> Verdict:
    """Whoever breaks into the program should find nothing to write to and nothing to climb on."""

    def confined(place: Path) -> Verdict:
        own = (*place, "securityContext")
        dropped = pod.get(*own, "capabilities", "drop")
        profile = of_pod_or_container(pod, place, "seccompProfile", "type")
        return all_of(
            [
                is_true(pod, *of_pod_or_container(pod, place, "runAsNonRoot")),
                is_true(pod, *own, "readOnlyRootFilesystem"),
                holds(dropped, lambda said: "ALL" in (said or ()), f"capabilities.drop of {pod.name}", "all"),
                holds(pod.get(*profile), lambda said: said in PROFILES, f"seccompProfile of {pod.name}", "set"),
            ]
        )

    return each_container(pod, confined)


@guard(
    "kubernetes.image_is_pinned",
    on=WORKLOADS,
    severity=Severity.HIGH,
    fix="Name each image by its digest (@sha256:...).",
)
def image_is_pinned(pod: Resource) -> Verdict:
    """A tag can be moved to another image overnight; a digest is the image that was reviewed."""
    return each_container(
        pod,
        lambda place: holds(
            pod.get(*place, "image"), lambda said: PINNED in said, f"image of {pod.name}", "pinned by digest"
        ),
    )


@guard(
    "kubernetes.serving_is_bounded_and_probed",
    on=SERVING,
    severity=Severity.MEDIUM,
    fix="Set resources.limits and requests for cpu and memory, livenessProbe and readinessProbe.",
)
def serving_is_bounded_and_probed(workload: Resource) -> Verdict:
    """One container without limits starves its neighbours; one without probes is sent patients while it is down."""
    wants = [("resources", kind, what) for kind in ("limits", "requests") for what in ("cpu", "memory")]
    return each_part(
        workload,
        lambda place: all_of(
            [
                *(_said(workload, *place, *want) for want in wants),
                *(_said(workload, *place, probe) for probe in ("livenessProbe", "readinessProbe")),
            ]
        ),
        *SPEC[workload.type],
        "containers",
        none=failed(f"{workload.name} has no container"),
    )


def _said(workload: Resource, *path: str | int) -> Verdict:
    return holds(workload.get(*path), bool, f"{path[-1]} of {workload.name}", "set")


@guard(
    "kubernetes.secret_is_no_environment_variable",
    on=WORKLOADS,
    severity=Severity.MEDIUM,
    fix="Mount the secret as a file, and set automountServiceAccountToken to false where no token is needed.",
)
def secret_is_no_environment_variable(pod: Resource) -> Verdict:
    """The environment is printed by crash reports, and inherited by whatever the program starts.

    A service account's token is mounted only where the pod names an account of its own.
    """

    def clear(place: Path) -> Verdict:
        one = each_part(
            pod,
            lambda at_: holds(
                pod.get(*at_, "valueFrom", "secretKeyRef"), lambda said: said is None, f"env of {pod.name}", "no secret"
            ),
            *place,
            "env",
            none=passed(f"{pod.name} sets no variables"),
        )
        many = each_part(
            pod,
            lambda at_: holds(pod.get(*at_, "secretRef"), lambda said: said is None, f"envFrom of {pod.name}", "clear"),
            *place,
            "envFrom",
            none=passed(f"{pod.name} takes no variables over"),
        )
        return all_of([one, many])

    spec = SPEC[pod.type]
    mounted = holds(
        pod.get(*spec, "automountServiceAccountToken"),
        lambda said: said is False,
        f"automountServiceAccountToken of {pod.name}",
        "false",
    )
    account = holds(
        pod.get(*spec, "serviceAccountName"),
        lambda said: said not in {None, "", "default"},
        f"serviceAccountName of {pod.name}",
        "an account of its own",
    )
    return all_of([any_of([mounted, account]), each_container(pod, clear)])


@guard(
    "kubernetes.role_names_what_it_allows",
    on=RULES,
    severity=Severity.HIGH,
    fix="Name verbs, resources and apiGroups in each rule.",
)
def role_names_what_it_allows(role: Resource) -> Verdict:
    """A wildcard takes in what is installed next year, secrets of all others included."""

    def named(place: Path) -> Verdict:
        lists = [(name, role.get(*place, name)) for name in ("verbs", "resources", "apiGroups")]
        return all_of(
            holds(item, lambda said: said != "*", f"{name} in a rule of {role.name}", "named")
            for name, held in lists
            for item in listed(held)
        )

    return each_part(role, named, "rules", none=passed(f"{role.name} allows nothing"))
