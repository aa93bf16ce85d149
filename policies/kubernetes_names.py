"""Guards over namespaces: that each thing has one of its own, and that each denies what nobody allowed."""

from __future__ import annotations

from core.finding import Severity
from core.graph import Graph
from core.resource import Resource
from core.value import Unknown
from core.verdict import State, Verdict, all_of, any_of, failed, holds, not_applicable, passed
from policies.guard import guard
from policies.kubernetes import WORKLOADS
from policies.links import comes_from, dark, is_dark, listed

NAMESPACE = "kubernetes:core/v1:Namespace"
NETWORK_POLICY = "kubernetes:networking.k8s.io/v1:NetworkPolicy"
DEFAULTS = (None, "default", "kube-system", "kube-public")
DIRECTIONS = ("Ingress", "Egress")
OF_THE_CLUSTER = ("default", "kube-system", "kube-public", "kube-node-lease")


@guard(
    "kubernetes.workload_has_a_namespace_of_its_own",
    on=WORKLOADS,
    severity=Severity.MEDIUM,
    fix="Set metadata.namespace to a Namespace of this program.",
)
def workload_has_a_namespace_of_its_own(workload: Resource, graph: Graph) -> Verdict:
    """Limits and policies are set by namespace; in the default one nobody set any."""
    held, what = workload.get("metadata", "namespace"), f"metadata.namespace of {workload.name}"
    if any(_is_of(workload, space) for space in graph.of_type(NAMESPACE)):
        return passed(f"{what} is one of this program")
    return holds(held, lambda said: said not in DEFAULTS, what, "one of its own")


def _is_of(thing: Resource, space: Resource) -> bool:
    """Whether the thing lies in this namespace, by name or by what its unknown name is made of."""
    held, name = thing.get("metadata", "namespace"), space.get("metadata", "name")
    if isinstance(held, Unknown):
        return comes_from(held, space) or space.urn in thing.property_dependencies.get("metadata", ())
    return isinstance(held, str) and held == name


@guard(
    "kubernetes.namespace_denies_by_default",
    on=NAMESPACE,
    severity=Severity.HIGH,
    fix="Declare a NetworkPolicy in it with an empty podSelector, both policyTypes, and no rule.",
)
def namespace_denies_by_default(space: Resource, graph: Graph) -> Verdict:
    """Without one any pod of the cluster may call any other, and any place outside."""
    if space.get("metadata", "name") in OF_THE_CLUSTER:
        return not_applicable("it belongs to the cluster itself")
    policies = graph.of_type(NETWORK_POLICY)
    found = any_of(_denies(policy) for policy in policies if _is_of(policy, space))
    if found.state is State.PASS:
        return found
    loose = [one for one in policies if is_dark(one.get("metadata", "namespace")) and not _belongs(one, graph)]
    if loose:
        return dark(f"metadata.namespace of {loose[0].name}", loose[0].get("metadata", "namespace"))
    missing = failed(f"no NetworkPolicy of {space.name} denies what is not allowed")
    return found if found.state is State.UNKNOWN else missing


def _belongs(policy: Resource, graph: Graph) -> bool:
    return any(_is_of(policy, space) for space in graph.of_type(NAMESPACE))


def _denies(policy: Resource) -> Verdict:
    """It is for every pod and both directions, and lets nothing through."""
    kinds, what = policy.get("spec", "policyTypes"), f"spec of {policy.name}"
    selector = policy.get("spec", "podSelector")
    sides = [
        holds(policy.get("spec", side), lambda rules: not rules, f"spec.{side} of {policy.name}", "without rules")
        for side in ("ingress", "egress")
    ]
    return all_of(
        [
            holds(selector, lambda said: said is not None and not said, f"{what}.podSelector", "empty"),
            holds(kinds, lambda said: set(DIRECTIONS) <= set(listed(said)), f"{what}.policyTypes", "both"),
            *sides,
        ]
    )
