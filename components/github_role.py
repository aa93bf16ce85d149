"""The role of a pipeline on GitHub: which repository, which environment, which workflow, and for an hour."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pulumi

from components.oidc_provider import OidcProvider
from components.policy_document import Statement, allow
from components.role import Role, RoleArgs
from core.errors import BadInput
from core.issuers import GITHUB, PULL_REQUEST, STS_AUDIENCE, Repository, environment_fault, workflow_fault
from core.naming import Name
from core.settings import TakenBy


@dataclass(frozen=True)
class GithubRoleArgs:
    """Whose pipeline may come in, and the limit of it.

    Jobs of the repository in one of the `environments` come in; with `pull_requests` those of pull requests too, which
    is for roles that look and change nothing (`deploys` false). `workflow` is the one file, on its branch, by which
    jobs must be run: GitHub protects an environment by reviewers, and a branch by rules, so name both.
    """

    provider: OidcProvider
    repository: Repository
    purpose: str
    boundary: pulumi.Input[str]
    environments: Sequence[str]
    deploys: bool = True
    pull_requests: bool = False
    workflow: str | None = None


class GithubRole(Role):
    """A role that a pipeline takes for an hour, with a token for exactly one repository and environment.

    Subject, repository and owner must all match, by GitHub's own numbers, which nobody inherits with a name. Raises
    BadInput for a wildcard anywhere, no environment, a deployment from a pull request or without its workflow, and a
    provider that is not GitHub's.
    """

    def __init__(self, name: Name, args: GithubRoleArgs, parent: pulumi.Resource | None = None) -> None:
        if faults := _faults(args):
            msg = f"GitHub role {name}: {'; '.join(faults)}"
            raise BadInput(msg)
        role = RoleArgs([_trust(args)], args.purpose, args.boundary)
        super().__init__(name.tagged(taken_by=TakenBy.PROGRAM), role, parent, kind="GithubRole")


def subjects(args: GithubRoleArgs) -> list[str]:
    """The subjects of the tokens that come in."""
    contexts = [f"environment:{environment}" for environment in args.environments]
    return [
        args.repository.subject(context) for context in [*contexts, *([PULL_REQUEST] if args.pull_requests else [])]
    ]


def _trust(args: GithubRoleArgs) -> Statement:
    """Every claim is demanded with StringEquals: a claim that is missing lets nobody in.

    AWS takes GitHub's own claims into conditions since January 2026:
    https://aws.amazon.com/about-aws/whats-new/2026/01/aws-sts-supports-validation-identity-provider-claims/
    """
    claims: dict[str, Any] = {
        f"{GITHUB}:aud": STS_AUDIENCE,
        f"{GITHUB}:sub": subjects(args),
        f"{GITHUB}:repository_id": args.repository.repository_id,
        f"{GITHUB}:repository_owner_id": args.repository.owner_id,
    }
    if args.workflow:
        claims[f"{GITHUB}:job_workflow_ref"] = args.workflow
    to = {"Federated": args.provider.arn}
    # Without sts:TagSession a pipeline can bring no tags, so none that would pass for the role's own.
    return allow("PipelineComesIn", ["sts:AssumeRoleWithWebIdentity"], [], to, {"StringEquals": claims})


def _faults(args: GithubRoleArgs) -> list[str]:
    faults = args.repository.faults()
    faults += [fault for environment in args.environments if (fault := environment_fault(environment))]
    if args.workflow and (fault := workflow_fault(args.workflow)):
        faults.append(fault)
    if args.provider.args.issuer != GITHUB or STS_AUDIENCE not in args.provider.args.audiences:
        faults.append(f"its provider must be GitHub's, with the audience {STS_AUDIENCE}")
    if not (args.environments or args.pull_requests):
        faults.append("no environment; name the ones whose jobs come in, and protect them by reviewers")
    if args.deploys and not args.environments:
        faults.append("a deployment comes from an environment; name it")
    if args.deploys and args.pull_requests:
        faults.append("a pull request must not deploy; its code is not reviewed yet: set deploys=False or leave it out")
    if args.deploys and not args.workflow:
        faults.append("a deployment is run by one workflow; name it as `workflow`")
    return faults
