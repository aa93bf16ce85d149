"""Guards over notebooks and Studio domains: whom they let in, what they reach, and under whose rights they run."""

from __future__ import annotations

from core.finding import Severity
from core.graph import Graph
from core.resource import Resource
from core.verdict import Verdict, all_of, any_of, equals, failed, holds, is_one_of, passed, undecided
from policies import tokens
from policies.guard import guard
from policies.iam import policy_is_no_blank_cheque
from policies.links import companions, strays, uses_own_key
from policies.parts import holds_no_secret, is_given

CURRENT_PLATFORMS = ("notebook-al2023-v1", "notebook-al2-v3")
"""Platforms that get security patches as of 2026-11-24:
https://docs.aws.amazon.com/sagemaker/latest/dg/nbi-al2.html"""
WORKSPACES = (tokens.NOTEBOOK, tokens.DOMAIN, tokens.USER_PROFILE)
WIDE_POLICIES = ("AdministratorAccess", "IAMFullAccess", "PowerUserAccess", "AmazonSageMakerFullAccess")
ROLE_AT = {
    tokens.NOTEBOOK: ("roleArn",),
    tokens.DOMAIN: ("defaultUserSettings", "executionRole"),
    tokens.USER_PROFILE: ("userSettings", "executionRole"),
}


@guard(
    "sagemaker.notebook_has_no_way_to_the_internet",
    on=tokens.NOTEBOOK,
    severity=Severity.HIGH,
    fix="Set directInternetAccess to Disabled; left out, it is Enabled.",
)
def notebook_has_no_way_to_the_internet(notebook: Resource) -> Verdict:
    """Whoever sits at the notebook can otherwise carry the training data anywhere."""
    return equals(notebook, "Disabled", "directInternetAccess")


@guard(
    "sagemaker.notebook_stands_in_our_network",
    on=tokens.NOTEBOOK,
    severity=Severity.HIGH,
    fix="Set subnetId and securityGroups to the Network component's.",
)
def notebook_stands_in_our_network(notebook: Resource, graph: Graph) -> Verdict:
    """Only in a network of ours are the notebook's connections limited and recorded."""
    groups = notebook.get("securityGroups")
    named = holds(groups, bool, f"securityGroups of {notebook.name}", "set")
    return all_of([is_given(graph, notebook, "subnetId"), named])


@guard(
    "sagemaker.notebook_gives_no_root_access",
    on=tokens.NOTEBOOK,
    severity=Severity.MEDIUM,
    fix="Set rootAccess to Disabled; lifecycle scripts run as root all the same.",
)
def notebook_gives_no_root_access(notebook: Resource) -> Verdict:
    """As root a user takes away the agents and limits that were set up for the notebook."""
    return equals(notebook, "Disabled", "rootAccess")


@guard(
    "sagemaker.notebook_disk_is_encrypted_with_own_key",
    on=tokens.NOTEBOOK,
    severity=Severity.HIGH,
    fix="Set kmsKeyId to a Key component's ARN.",
)
def notebook_disk_is_encrypted_with_own_key(notebook: Resource, graph: Graph) -> Verdict:
    """Extracts of the data lie on a notebook's disk for months; our key is what ends access to them."""
    return uses_own_key(graph, notebook, "kmsKeyId")


@guard(
    "sagemaker.notebook_platform_is_current",
    on=tokens.NOTEBOOK,
    severity=Severity.MEDIUM,
    fix=f"Set platformIdentifier to {CURRENT_PLATFORMS[0]}, and minimumInstanceMetadataServiceVersion to 2.",
)
def notebook_platform_is_current(notebook: Resource) -> Verdict:
    """An old platform gets no patches, and version 1 of the metadata service gives its role to any forged request."""
    service = ("instanceMetadataServiceConfiguration", "minimumInstanceMetadataServiceVersion")
    return all_of([is_one_of(notebook, CURRENT_PLATFORMS, "platformIdentifier"), equals(notebook, "2", *service)])


@guard(
    "sagemaker.lifecycle_script_holds_no_secret",
    on=(tokens.NOTEBOOK_SCRIPT, tokens.STUDIO_SCRIPT),
    severity=Severity.HIGH,
    fix="Let the script fetch the secret from Secrets Manager with the workspace's own role.",
)
def lifecycle_script_holds_no_secret(script: Resource) -> Verdict:
    """Everybody who may describe the configuration reads its script, base64 or not."""
    names = ("onCreate", "onStart") if script.type == tokens.NOTEBOOK_SCRIPT else ("studioLifecycleConfigContent",)
    return all_of([holds_no_secret(script, name) for name in names])


@guard(
    "sagemaker.workspace_role_is_narrow",
    on=WORKSPACES,
    severity=Severity.HIGH,
    fix="Run it under a Role component of this program with grants on what it needs, and without AWS's wide policies.",
)
def workspace_role_is_narrow(workspace: Resource, graph: Graph) -> Verdict:
    """Whoever opens the workspace acts with its role: what the role may, each of its users may."""
    path = ROLE_AT[workspace.type]
    role = graph.linked(workspace, *path)
    if role is None and workspace.type == tokens.USER_PROFILE:
        return passed(f"{workspace.name} names no role of its own; the domain's is judged with the domain")
    if role is None:
        return failed(f"{'.'.join(path)} of {workspace.name} is not set")
    if not isinstance(role, Resource) or role.type != tokens.ROLE:
        return undecided(f"the role of {workspace.name} cannot be seen here")
    held = companions(graph, role, tokens.ATTACHMENTS, "role")
    if astray := strays(graph, tokens.ATTACHMENTS, "role"):
        return undecided(f"whether {astray[0].name} is attached to {role.name} is not known yet")
    own = holds(
        role.get("managedPolicyArns"),
        lambda said: not any(arn.endswith(WIDE_POLICIES) for arn in said or ()),
        f"managedPolicyArns of {role.name}",
        "without AWS's wide policies",
    )
    return all_of([own, *(_narrow(one, graph) for one in held)])


def _narrow(attachment: Resource, graph: Graph) -> Verdict:
    policy = graph.linked(attachment, "policyArn")
    if isinstance(policy, Resource):
        return policy_is_no_blank_cheque(policy, graph)
    arn, what = attachment.get("policyArn"), f"policyArn of {attachment.name}"
    return holds(arn, lambda said: not said.endswith(WIDE_POLICIES), what, "none of AWS's wide policies")


@guard(
    "sagemaker.domain_uses_our_network_only",
    on=tokens.DOMAIN,
    severity=Severity.HIGH,
    fix="Set appNetworkAccessType to VpcOnly; left out, apps have SageMaker's own way to the internet.",
)
def domain_uses_our_network_only(domain: Resource) -> Verdict:
    """All that people do in Studio then runs through a network whose ways out are ours."""
    return equals(domain, "VpcOnly", "appNetworkAccessType")


@guard(
    "sagemaker.domain_home_is_encrypted_with_own_key",
    on=tokens.DOMAIN,
    severity=Severity.HIGH,
    fix="Set kmsKeyId to a Key component's ARN; it cannot be changed later.",
)
def domain_home_is_encrypted_with_own_key(domain: Resource, graph: Graph) -> Verdict:
    """The home folders of all users hold extracts of the data they work on."""
    return uses_own_key(graph, domain, "kmsKeyId")


@guard(
    "sagemaker.domain_knows_its_users_apart",
    on=tokens.DOMAIN,
    severity=Severity.MEDIUM,
    fix="Set authMode to SSO, or domainSettings.executionRoleIdentityConfig to USER_PROFILE_NAME.",
)
def domain_knows_its_users_apart(domain: Resource) -> Verdict:
    """With one role for all, the trail says who acted only where each user signs in, or is named as source identity.

    https://docs.aws.amazon.com/sagemaker/latest/dg/monitor-user-access.html
    """
    named = equals(domain, "USER_PROFILE_NAME", "domainSettings", "executionRoleIdentityConfig")
    return any_of([equals(domain, "SSO", "authMode"), named])
