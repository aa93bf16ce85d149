"""Issuers of identity tokens that serve everybody, and what a token of GitHub's says of who asks.

https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_oidc_secure-by-default.html
"""

from __future__ import annotations

import re
from dataclasses import dataclass

GITHUB = "token.actions.githubusercontent.com"
STS_AUDIENCE = "sts.amazonaws.com"
SHARED_ISSUERS = frozenset(
    {
        "accounts.google.com",
        "agent.buildkite.com",
        "api.pulumi.com/oidc",
        "app.terraform.io",
        "cognito-identity.amazonaws.com",
        "gitlab.com",
        "oidc.codefresh.io",
        "oidc.vercel.com",
        GITHUB,
    }
)
"""Issuers that serve everybody, and some of them with an audience of the caller's choice."""
SHARED_HOSTS = frozenset(issuer.partition("/")[0] for issuer in SHARED_ISSUERS)
PULL_REQUEST = "pull_request"
_OWNER = re.compile(r"[A-Za-z0-9](?:-?[A-Za-z0-9])*")
_WORD = re.compile(r"[\w.-]+", re.ASCII)
_ID = re.compile(r"[1-9]\d*")
_WORKFLOW = re.compile(r"[\w.-]+/[\w.-]+/\.github/workflows/[\w.-]+\.ya?ml@refs/(heads|tags)/[\w./-]+", re.ASCII)


@dataclass(frozen=True, slots=True)
class Repository:
    """A repository on GitHub: its names, and the numbers that stay when names change hands.

    `gh api repos/OWNER/NAME --jq '.owner.id, .id'` tells both. `ids_in_subject` is true for those created or renamed
    since 15 July 2026 and those that opted in; GitHub then puts the numbers into the subject of each token:
    https://github.blog/changelog/2026-04-23-immutable-subject-claims-for-github-actions-oidc-tokens/
    """

    owner: str
    name: str
    owner_id: str
    repository_id: str
    ids_in_subject: bool = True

    def subject(self, context: str) -> str:
        """The subject of tokens for this context: `environment:prod`, or `pull_request`."""
        marks = (f"@{self.owner_id}", f"@{self.repository_id}") if self.ids_in_subject else ("", "")
        return f"repo:{self.owner}{marks[0]}/{self.name}{marks[1]}:{context}"

    def faults(self) -> list[str]:
        """What cannot be a repository's, a sentence each."""
        named = _OWNER.fullmatch(self.owner) and _WORD.fullmatch(self.name)
        numbered = all(_ID.fullmatch(number) for number in (self.owner_id, self.repository_id))
        faults = [] if named else ["the repository is named in full, owner and name, without '*'"]
        return faults if numbered else [*faults, "owner_id and repository_id are GitHub's numbers, as text"]


def environment_fault(name: str) -> str | None:
    """Why GitHub has no environment of this name, or why it would match others; None when all is well.

    GitHub takes more characters and percent-encodes some of them in the subject; plain ones are never in doubt.
    """
    return None if _WORD.fullmatch(name) else "an environment is named in full, in letters, digits and . _ -"


def workflow_fault(reference: str) -> str | None:
    """Why this is no workflow on a branch or tag; None when all is well."""
    right = _WORKFLOW.fullmatch(reference) and ".." not in reference
    return None if right else "a workflow reads OWNER/NAME/.github/workflows/FILE.yaml@refs/heads/BRANCH"
