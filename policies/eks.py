"""Guards over Kubernetes clusters as AWS sees them; what runs inside is in `policies.kubernetes`."""

from __future__ import annotations

import re

from core.finding import Severity
from core.graph import Graph
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
    undecided,
)
from policies import tokens
from policies.address import is_everywhere
from policies.guard import guard
from policies.links import companions, is_dark, is_not_on, listed, strays, unless, uses_own_key
from policies.parts import each_part
from policies.tier import is_trial

NODES, ADDON = "aws:eks/nodeGroup:NodeGroup", "aws:eks/addon:Addon"
LOG_TYPES = ("api", "audit", "authenticator", "controllerManager", "scheduler")
OLDEST_SUPPORTED = (1, 35)
"""In standard support on 2026-12-02: https://docs.aws.amazon.com/eks/latest/userguide/kubernetes-versions.html"""
VERSION = re.compile(r"(\d+)\.(\d+)")
TRIAL = not_applicable("it belongs to a trial environment")
CONFIG = "vpcConfig"


@guard(
    "eks.cluster_secrets_are_encrypted_with_own_key",
    on=tokens.CLUSTER,
    severity=Severity.HIGH,
    fix="Set encryptionConfig with resources [secrets] and a Key component's ARN as provider.keyArn.",
)
def cluster_secrets_are_encrypted_with_own_key(cluster: Resource, graph: Graph) -> Verdict:
    """Tokens and passwords of everything in the cluster lie in its store."""

    def sealed(place: Path) -> Verdict:
        kinds = cluster.get(*place, "resources")
        covers = holds(
            kinds, lambda said: "secrets" in said, f"encryptionConfig.resources of {cluster.name}", "secrets"
        )
        return all_of([covers, uses_own_key(graph, cluster, *place, "provider", "keyArn")])

    missing = failed(f"encryptionConfig of {cluster.name} is not set, so AWS uses a key that is not ours")
    return each_part(cluster, sealed, "encryptionConfig", none=missing)


@guard(
    "eks.cluster_api_is_not_for_everybody",
    on=tokens.CLUSTER,
    severity=Severity.HIGH,
    fix=f"Set {CONFIG}.endpointPublicAccess to false, or name the addresses in publicAccessCidrs.",
)
def cluster_api_is_not_for_everybody(cluster: Resource) -> Verdict:
    """Whoever reaches the API and holds a token runs the cluster; left out it is open to the internet."""
    public = cluster.get(CONFIG, "endpointPublicAccess")
    shut = equals(cluster, False, CONFIG, "endpointPublicAccess")  # noqa: FBT003 - the value looked for
    ranges = cluster.get(CONFIG, "publicAccessCidrs")
    what = f"{CONFIG}.publicAccessCidrs of {cluster.name}"
    named = [holds(one, lambda said: not is_everywhere(said), what, "named addresses") for one in listed(ranges)]
    few = all_of(named) if named else failed(f"{what} are not set, so they are all")
    inside = is_true(cluster, CONFIG, "endpointPrivateAccess")
    way = shut if public is False else any_of([shut, few])
    return all_of([way, inside])


@guard(
    "eks.cluster_records_all_it_decides",
    on=tokens.CLUSTER,
    severity=Severity.HIGH,
    fix=f"Name all of {', '.join(LOG_TYPES)} in enabledClusterLogTypes.",
)
def cluster_records_all_it_decides(cluster: Resource) -> Verdict:
    """Who did what in the cluster stands in these logs, and CloudTrail sees none of it."""
    held, what = cluster.get("enabledClusterLogTypes"), f"enabledClusterLogTypes of {cluster.name}"
    unread = [one for one in listed(held) if is_dark(one)]
    if unread and not set(LOG_TYPES) <= {one for one in listed(held) if isinstance(one, str)}:
        return undecided(f"{what} are not known yet")
    return holds(held, lambda said: set(LOG_TYPES) <= set(said or ()), what, "all five")


@guard(
    "eks.cluster_version_is_supported",
    on=(tokens.CLUSTER, NODES),
    severity=Severity.MEDIUM,
    fix=f"Set version to {'.'.join(map(str, OLDEST_SUPPORTED))} or newer.",
)
def cluster_version_is_supported(thing: Resource) -> Verdict:
    """A version out of support gets no patches, and one day AWS replaces it on a day of its own choosing."""
    said = thing.get("version")
    what = f"version of {thing.name}"
    if said is None and thing.type == NODES:
        return passed(f"{what} is that of its cluster")

    def is_current(text: str) -> bool:
        found = VERSION.fullmatch(str(text))
        return found is not None and (int(found[1]), int(found[2])) >= OLDEST_SUPPORTED

    return holds(said, is_current, what, "in standard support")


@guard(
    "eks.nodes_are_private_and_take_no_ssh",
    on=NODES,
    severity=Severity.HIGH,
    fix="Leave remoteAccess out, or name its sourceSecurityGroupIds; use private subnets of the Network component.",
)
def nodes_are_private_and_take_no_ssh(nodes: Resource, graph: Graph) -> Verdict:
    """With a key and no groups named, AWS opens port 22 of every node to the whole internet."""
    key, groups = nodes.get("remoteAccess", "ec2SshKey"), nodes.get("remoteAccess", "sourceSecurityGroupIds")
    shut = holds(key, lambda said: said is None, f"remoteAccess.ec2SshKey of {nodes.name}", "left out")
    named = holds(groups, bool, f"remoteAccess.sourceSecurityGroupIds of {nodes.name}", "set")
    subnets = [graph.linked(nodes, "subnetIds", number) for number, _ in enumerate(listed(nodes.get("subnetIds")))]
    private = [is_not_on(one, "mapPublicIpOnLaunch") for one in subnets if isinstance(one, Resource)]
    return all_of([any_of([shut, named]), *private])


@guard(
    "eks.cluster_limits_traffic_and_cannot_be_lost",
    on=tokens.CLUSTER,
    severity=Severity.MEDIUM,
    fix="Set deletionProtection, and give the vpc-cni Addon configurationValues with enableNetworkPolicy true.",
)
def cluster_limits_traffic_and_cannot_be_lost(cluster: Resource, graph: Graph) -> Verdict:
    """A NetworkPolicy that nothing enforces stops nothing, and says nowhere that it does not."""
    kept = unless(is_trial(graph, cluster), is_true(cluster, "deletionProtection"), TRIAL)
    modes = holds(
        cluster.get("computeConfig", "enabled"), lambda said: said is True, f"computeConfig of {cluster.name}", "Auto"
    )
    enforced = any_of([modes, *(_enforces(one) for one in companions(graph, cluster, (ADDON,), "clusterName"))])
    if enforced.state is State.FAIL and strays(graph, (ADDON,), "clusterName"):
        enforced = undecided("which cluster an add-on belongs to is not known yet")
    if enforced.state is State.FAIL:
        enforced = failed(f"no add-on of {cluster.name} enforces network policies")
    return all_of([kept, enforced])


def _enforces(addon: Resource) -> Verdict:
    what = f"configurationValues of {addon.name}"
    network = holds(addon.get("addonName"), lambda said: said == "vpc-cni", f"addonName of {addon.name}", "vpc-cni")
    text = addon.get("configurationValues")
    on = re.compile(r'"?enableNetworkPolicy"?\s*:\s*"?true\b')
    return all_of([network, holds(text, lambda said: bool(on.search(said)), what, "with network policies on")])
