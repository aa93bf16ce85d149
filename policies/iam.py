"""Guards over roles and policies: who may take a role, how far it reaches, and for how long."""

from __future__ import annotations

import re

from core.finding import Severity
from core.graph import Graph
from core.principals import IDENTITY_CENTER
from core.resource import Resource
from core.value import at
from core.verdict import State, Verdict, all_of, any_of, failed, holds, is_set, not_applicable, passed, undecided
from policies import tokens
from policies.guard import guard
from policies.links import companions, dark, is_dark, listed, unless
from policies.statement import EQUAL, TRUTH, Statement, allowing_only, every_statement, read_policy
from policies.tier import is_trial

TRUST = "assumeRolePolicy"
FOR_SERVICES = not_applicable("only AWS services take this role")
LONGEST_SESSION, LONGEST_TRIAL_SESSION = 8 * 3600, 12 * 3600
"""Seconds: a working day, and the most AWS takes.
https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html"""
FOR_PROGRAMS = not_applicable("it is tagged as taken by a program, and programs have no second factor")
MFA = "aws:MultiFactorAuthPresent"
WHOLE_SERVICE = re.compile(r"\*|\*:\*|[a-z0-9-]+:\*")
ADMIN_POLICIES = ("AdministratorAccess", "IAMFullAccess", "PowerUserAccess")
AUDIENCE = "*:aud"


def kinds_of_takers(role: Resource, graph: Graph) -> frozenset[str] | None:
    """The kinds of principal that the trust policy lets in; None when one of them cannot be told."""
    found = read_policy(graph, role, TRUST)
    if isinstance(found, Verdict):
        return None
    kinds = {kind for statement in found for kind, _ in statement.principals() if statement.get("Effect") != "Deny"}
    unread = "" in kinds or any(is_dark(statement.body) for statement in found)
    return None if unread else frozenset(kinds)


def for_outsiders(role: Resource, graph: Graph, verdict: Verdict) -> Verdict:
    """The verdict where people, or other accounts, may take the role; services have no sessions to bound."""
    kinds = kinds_of_takers(role, graph)
    if kinds is None:
        return verdict if verdict.state is State.PASS else undecided(f"who may take {role.name} is not known yet")
    return FOR_SERVICES if kinds <= {"Service"} else verdict


@guard(
    "iam.persona_role_is_bounded",
    on=tokens.ROLE,
    severity=Severity.HIGH,
    fix="Set permissionsBoundary; the PersonaRole component demands one.",
)
def persona_role_is_bounded(role: Resource, graph: Graph) -> Verdict:
    """Policies are added to roles for years; the boundary is the limit that no later policy can lift."""
    return for_outsiders(role, graph, is_set(role, "permissionsBoundary"))


@guard(
    "iam.persona_session_is_short",
    on=tokens.ROLE,
    severity=Severity.MEDIUM,
    fix="Set maxSessionDuration to a working day (28800) or less, or leave it at AWS's hour.",
)
def persona_session_is_short(role: Resource, graph: Graph) -> Verdict:
    """Who was let go this morning must not still be signed in tonight: a session outlives the person's account.

    In a trial environment (tier local or dev) AWS's own limit is enough.
    """
    seconds, what, trial = role.get("maxSessionDuration"), f"maxSessionDuration of {role.name}", is_trial(graph, role)
    most = LONGEST_TRIAL_SESSION if trial else LONGEST_SESSION
    short = holds(seconds, lambda said: said is None or said <= most, what, f"at most {most} seconds")
    if trial is None and short.state is State.FAIL:
        short = undecided(f"{short.reason}, unless this is a trial, which is not known yet")
    return for_outsiders(role, graph, short)


@guard(
    "iam.persona_role_demands_second_factor",
    on=tokens.ROLE,
    severity=Severity.HIGH,
    fix="Demand Bool aws:MultiFactorAuthPresent true in the trust, or tag the role as taken by a program.",
)
def persona_role_demands_second_factor(role: Resource, graph: Graph) -> Verdict:
    """A stolen access key alone must not open a persona.

    Sessions from an identity provider or IAM Identity Center never carry the key, so a condition would lock them out:
    there the second factor is the provider's affair. `BoolIfExists` lets through keys that never saw one.
    """

    def asks(statement: Statement) -> Verdict:
        takers = [principal for kind, principal in statement.principals() if kind in {"AWS", ""}]
        asked = statement.demands(MFA, TRUTH, lambda said: str(said).lower() == "true", "true")
        exempt = [
            holds(
                taker,
                lambda said: f":{IDENTITY_CENTER}" in said,
                f"Principal of {statement.place}",
                "from Identity Center",
            )
            for taker in takers
        ]
        return (
            any_of([all_of(exempt), asked])
            if takers
            else not_applicable(f"{statement.place} is not about IAM principals")
        )

    verdict = every_statement(graph, role, allowing_only(asks), TRUST)
    if verdict.state is State.NOT_APPLICABLE:
        return not_applicable(
            "no IAM principal takes this role; identity providers ask for the second factor themselves"
        )
    held = role.get("tags", tokens.TAKEN_BY)
    return unless(None if is_dark(held) else held == tokens.PROGRAM, verdict, FOR_PROGRAMS)


@guard(
    "iam.role_trust_names_its_takers",
    on=tokens.ROLE,
    severity=Severity.CRITICAL,
    fix="Name each role, provider or service in the trust policy.",
)
def role_trust_names_its_takers(role: Resource, graph: Graph) -> Verdict:
    """A role that anybody may take gives anybody all it may do, whatever account they come from."""
    return every_statement(graph, role, allowing_only(Statement.names_whom_it_allows), TRUST)


@guard(
    "iam.federated_trust_names_its_audience",
    on=tokens.ROLE,
    severity=Severity.HIGH,
    fix="Demand the provider's audience (SAML:aud, <issuer>:aud) with StringEquals in the trust of a provider.",
)
def federated_trust_names_its_audience(role: Resource, graph: Graph) -> Verdict:
    """A provider vouches for many applications; without the audience a token made for another one opens this role."""

    def audience(statement: Statement) -> Verdict:
        if not any(kind in {"Federated", ""} for kind, _ in statement.principals()):
            return not_applicable(f"{statement.place} is not about an identity provider")
        return statement.demands(AUDIENCE, EQUAL, lambda said: "*" not in said, "a fixed value")

    verdict = every_statement(graph, role, allowing_only(audience), TRUST)
    return (
        not_applicable("no identity provider's users take this role")
        if verdict.state is State.NOT_APPLICABLE
        else verdict
    )


@guard(
    "iam.policy_is_no_blank_cheque",
    on=(tokens.POLICY, *tokens.INLINE_POLICIES),
    severity=Severity.CRITICAL,
    fix="Name the actions and the resources; a grant on a component writes both.",
)
def policy_is_no_blank_cheque(policy: Resource, graph: Graph) -> Verdict:
    """Who may do everything a service offers, to everything there is, is bound by nothing else that is built here."""

    def narrow(statement: Statement) -> Verdict:
        return any_of([is_narrow(statement), statement.avoids("Resource", ["*"])])

    bounds = companions(graph, policy, (tokens.ROLE,), "permissionsBoundary")
    if bounds and not companions(graph, policy, tokens.ATTACHMENTS, "policyArn"):
        return not_applicable("it is a permission boundary, which limits and grants nothing")
    return every_statement(graph, policy, allowing_only(narrow))


def is_narrow(statement: Statement) -> Verdict:
    """No action is a whole service, or everything."""
    what = f"Action of {statement.place}"
    if statement.get("NotAction") is not None:
        return failed(f"{statement.place} is for all but a few (NotAction)")
    return all_of(
        holds(item, lambda said: not WHOLE_SERVICE.fullmatch(said.lower()), what, "narrower than a service")
        for item in listed(statement.get("Action"))
    )


@guard(
    "iam.role_has_no_admin_policy",
    on=(*tokens.ATTACHMENTS, tokens.ROLE),
    severity=Severity.CRITICAL,
    fix="Detach AWS's administrator policies; grant what is needed on the components.",
)
def role_has_no_admin_policy(holder: Resource, graph: Graph) -> Verdict:
    """AWS's own administrator policies undo every boundary between personas at once."""
    name = "managedPolicyArns" if holder.type == tokens.ROLE else "policyArn"
    held, what = holder.get(name), f"{name} of {holder.name}"
    if held is None:
        return passed(f"{what} is not set")
    if name == "policyArn" and isinstance(graph.linked(holder, name), Resource):
        return passed(f"{what} is a policy of this program")
    return all_of(
        [
            holds(item, lambda said: not said.endswith(ADMIN_POLICIES), what, "no administrator policy")
            for item in listed(held)
        ]
        or [passed(f"{what} is empty")]
    )


@guard(
    "iam.role_holds_no_hidden_policy",
    on=tokens.ROLE,
    severity=Severity.MEDIUM,
    fix="Declare each policy as a Policy of its own and attach it; a grant on a component does.",
)
def role_holds_no_hidden_policy(role: Resource) -> Verdict:
    """A policy written inside a role is seen by no list of policies, and by none of the guards that read them."""
    held, what = role.get("inlinePolicies"), f"inlinePolicies of {role.name}"
    if is_dark(held):
        return dark(what, held)
    names = [at(item, "policy") for item in listed(held)]
    return failed(f"{what} must be empty") if any(names) else passed(f"{what} is empty")
