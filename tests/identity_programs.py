"""Small programs about who may come in and what they may do, and what the guards say of them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from components.account_access import AccountAccess
from components.github_role import GithubRole, GithubRoleArgs
from components.guardrails import Guardrails, GuardrailsArgs
from components.oidc_provider import OidcProvider, OidcProviderArgs
from components.outer_boundary import OuterBoundary, OuterBoundaryArgs
from components.persona_role import PersonaRole, PersonaRoleArgs
from components.place import Place
from components.policy_document import allow
from components.role import Role, RoleArgs
from core.finding import Finding
from core.graph import STACK, Graph
from core.issuers import Repository
from core.naming import root_name
from core.personas import GUARDED, PERSONAS
from core.verdict import State
from policies.judge import judge
from stacks.capture import Surroundings, capture

ROOT = Path(__file__).resolve().parents[1]
PLACE = Place("123456789012", "eu-central-1")
NAME = root_name("wardlight", "prod", "platform", {})
INNER = PLACE.arn("iam", f"policy/{NAME}-boundary", region="")
WORKFLOW = "wards/triage/.github/workflows/deploy.yaml@refs/heads/main"
PEOPLE = "arn:aws:iam::444455556666:role/people/oncall"


def deployed() -> None:
    """A pipeline, the issuer of its tokens, its limit, and all that it may do."""
    limits = OuterBoundaryArgs(PLACE, str(NAME), ["eu-central-1"], INNER, GUARDED)
    limit = OuterBoundary(NAME / "outer-boundary", limits)
    issuer = OidcProvider(NAME / "github", OidcProviderArgs(PLACE))
    whose = GithubRoleArgs(
        issuer,
        Repository("wards", "triage", "1234", "98765"),
        PERSONAS["ci-deploy"].purpose,
        limit.arn,
        environments=["prod"],
        workflow=WORKFLOW,
    )
    AccountAccess(PLACE, NAME, INNER).grant_deploy(GithubRole(NAME / "ci-deploy", whose))


def rescued() -> None:
    """The role for emergencies, and all that it may do."""
    who = PersonaRoleArgs(PLACE, [PEOPLE], PERSONAS["break-glass"].purpose, INNER)
    AccountAccess(PLACE, NAME, INNER).grant_rescue(PersonaRole(NAME / "break-glass", who))


def handed_on() -> None:
    """A role of a service that an engineer may hand to it."""
    trust = [allow("Run", ["sts:AssumeRole"], [], {"Service": "sagemaker.amazonaws.com"})]
    engineer = PersonaRole(NAME / "ml-engineer", PersonaRoleArgs(PLACE, [PEOPLE], "Ships models", INNER))
    Role(NAME / "runner", RoleArgs(trust, "runs models", INNER)).grant_pass(engineer, "sagemaker.amazonaws.com")


def guarded() -> None:
    """What an organisation forbids."""
    args = GuardrailsArgs("o-a1b2c3d4e5", ["ou-a1b2-c3d4e5f6"], ["eu-central-1"])
    Guardrails(NAME / "guardrails", args)


def captured(program: Callable[[], object]) -> Graph:
    """The Graph of one of these."""
    return capture(program, Surroundings("strongroom", "prod", PLACE.account, PLACE.region, {}, ROOT))


def objections(graph: Graph) -> list[Finding]:
    """What guards object to in it, leaving out what is missing of a whole environment."""
    return [finding for finding in judge(graph) if finding.state is State.FAIL and STACK not in finding.urn]
