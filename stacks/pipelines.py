"""Those who stand outside the usual limit: the jobs of a pipeline, and whoever breaks the glass.

A deployment makes none of their roles and changes none, its own among them: the outer boundary forbids it. Whoever
administers the account deploys them, once, before the pipeline is used, and again when the settings about them change.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi

from components.github_role import GithubRole, GithubRoleArgs
from components.oidc_provider import OidcProvider, OidcProviderArgs
from components.outer_boundary import OuterBoundary, OuterBoundaryArgs
from core.issuers import Repository
from core.personas import GUARDED, PERSONAS
from core.settings_shape import OF_PIPELINES
from stacks.building_site import Site
from stacks.foundation_layer import Foundation


@dataclass(frozen=True)
class Limits:
    """The two permission boundaries, and the ARN of the inner one as a text that policies can name."""

    inner: pulumi.Input[str]
    outer: pulumi.Input[str]
    inner_arn: str


def limits(site: Site, foundation: Foundation) -> Limits:
    """The limit of everybody, and that of those who deploy and rescue, where the settings name any of them."""
    inner = site.place.arn("iam", f"policy/{site.name}-boundary", region="")
    if not set(GUARDED) & set(site.settings.roles):
        return Limits(foundation.boundary, foundation.boundary, inner)
    told = OuterBoundaryArgs(
        site.place,
        str(site.name),
        site.settings.residency,
        inner,
        GUARDED,
        may_destroy=site.settings.force_destroy,
    )
    return Limits(foundation.boundary, OuterBoundary(site.name / "outer-boundary", told, site.home).arn, inner)


def pipeline_roles(site: Site, limit: Limits, issuer: OidcProvider | None) -> Mapping[str, GithubRole]:
    """One role that pull requests take and that changes nothing, one that deploys; none without a repository.

    A role whose workflows have no environment of GitHub's to come from is not made: nobody could take it.
    """
    github = site.settings.github
    roles: dict[str, GithubRole] = {}
    if not github.is_used:
        return roles
    known = issuer or OidcProvider(site.name / "github", OidcProviderArgs(site.place, adopted=True), site.home)
    whose = Repository(
        github.owner,
        github.repository,
        str(github.owner_id),
        str(github.repository_id),
        ids_in_subject=github.ids_in_subject,
    )
    preview, deploy = OF_PIPELINES
    purposes = {word: PERSONAS[word].purpose for word in OF_PIPELINES}
    shows = GithubRoleArgs(known, whose, purposes[preview], limit.outer, [], deploys=False, pull_requests=True)
    roles[preview] = GithubRole(site.name / preview, shows, site.home)
    if github.environments:
        does = GithubRoleArgs(
            known, whose, purposes[deploy], limit.outer, github.environments, workflow=github.workflow
        )
        roles[deploy] = GithubRole(site.name / deploy, does, site.home)
    return roles
