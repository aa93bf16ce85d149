"""Guards over the policies of an organisation: that AWS takes them, that they bind somebody, and that they say it."""

from __future__ import annotations

import json
from typing import Any

from core.finding import Severity
from core.graph import Graph
from core.organization_limits import MOST_CHARACTERS, RCP_SERVICES, RESOURCE, SERVICE
from core.resource import Resource
from core.value import leaves, thawed
from core.verdict import State, Verdict, all_of, failed, holds, not_applicable, passed, undecided
from policies import tokens
from policies.guard import guard
from policies.links import Kind, dark, each_companion, is_dark, listed, unless
from policies.statement import Statement, every_statement

CONTENT = "content"
ATTACHMENT = Kind(tokens.ORGANISATION_ATTACHMENT, "policyId", "an attachment")
OTHER_KIND = not_applicable("it is a policy of another type")


def is_of_kind(policy: Resource, kind: str) -> bool | None:
    """Whether the policy is of this type; None when that is not known. Left out, it is a service control policy."""
    said = _type(policy)
    return said == kind if isinstance(said, str) else None


def _type(policy: Resource) -> Any:
    """The type that is said, or the default; what is no text is as unknown as what cannot be read."""
    said = policy.get("type")
    return SERVICE if said in (None, "") else said


def of_kind(policy: Resource, kind: str, verdict: Verdict) -> Verdict:
    """The verdict where the policy is of this type."""
    right = is_of_kind(policy, kind)
    if right is None:
        return _unread_type(policy)
    return unless(not right, verdict, OTHER_KIND)


def _unread_type(policy: Resource) -> Verdict:
    what, said = f"type of {policy.name}", policy.get("type")
    return dark(what, said) if is_dark(said) else undecided(f"{what} is no text")


@guard(
    "organizations.policy_fits_its_limit",
    on=tokens.ORGANISATION_POLICY,
    severity=Severity.MEDIUM,
    fix="Shorten the policy, or split it; the Guardrails component measures before it declares.",
)
def policy_fits_its_limit(policy: Resource, graph: Graph) -> Verdict:
    """A policy that is too long is refused when everything around it already stands, and protects nothing till then."""
    kind = _type(policy)
    if not isinstance(kind, str):
        return _unread_type(policy)
    if kind not in MOST_CHARACTERS:
        return OTHER_KIND
    most, text = MOST_CHARACTERS[kind], _text(policy, graph)
    if text is None:
        return undecided(f"{CONTENT} of {policy.name} cannot be measured yet")
    what = f"{CONTENT} of {policy.name}"
    return holds(len(text), lambda size: 0 < size <= most, what, f"at most {most} characters")


def _text(policy: Resource, graph: Graph) -> str | None:
    """The policy as it is sent, as far as every part of it is known."""
    content = policy.get(CONTENT)
    if not is_dark(content):
        return content if isinstance(content, str) else None
    document = graph.document(policy, CONTENT)
    if is_dark(document) or any(is_dark(leaf) for _, leaf in leaves(document)):
        return None
    return json.dumps(thawed(document))


@guard(
    "organizations.policy_binds_somebody",
    on=tokens.ORGANISATION_POLICY,
    severity=Severity.HIGH,
    fix="Attach it to a root, a unit or an account; the Guardrails component attaches to its targets.",
)
def policy_binds_somebody(policy: Resource, graph: Graph) -> Verdict:
    """A policy that is attached nowhere stands in every list, and in nobody's way."""

    def attached(attachment: Resource) -> Verdict:
        return holds(attachment.get("targetId"), bool, f"targetId of {attachment.name}", "set")

    return each_companion(graph, policy, ATTACHMENT, attached)


@guard(
    "organizations.service_policy_is_well_formed",
    on=tokens.ORGANISATION_POLICY,
    severity=Severity.MEDIUM,
    fix="Leave Principal out and name Action or NotAction, and Resource or NotResource.",
)
def service_policy_is_well_formed(policy: Resource, graph: Graph) -> Verdict:
    """AWS refuses a service control policy that names principals: it binds whoever is in the account."""

    def formed(statement: Statement) -> Verdict:
        if is_dark(statement.body):
            return dark(statement.place, statement.body)
        unwanted = [name for name in ("Principal", "NotPrincipal") if statement.get(name) is not None]
        if unwanted:
            return failed(f"{statement.place} has {' and '.join(unwanted)}")
        return all_of([_has(statement, "Action"), _has(statement, "Resource"), _has_known_effect(statement)])

    return of_kind(policy, SERVICE, every_statement(graph, policy, formed, CONTENT))


@guard(
    "organizations.resource_policy_is_well_formed",
    on=tokens.ORGANISATION_POLICY,
    severity=Severity.HIGH,
    fix='Deny, with Principal "*", actions of services that resource control policies reach.',
)
def resource_policy_is_well_formed(policy: Resource, graph: Graph) -> Verdict:
    """AWS takes a resource control policy only when it denies to everybody, and in the services that have these.

    A rule over SageMaker or SNS in one of them looks like protection and is none.
    """

    def formed(statement: Statement) -> Verdict:
        if is_dark(statement.body):
            return dark(statement.place, statement.body)
        unwanted = [name for name in ("NotAction", "NotPrincipal") if statement.get(name) is not None]
        if unwanted:
            return failed(f"{statement.place} has {' and '.join(unwanted)}")
        what = f"Action of {statement.place}"
        actions = [
            holds(item, lambda said: said.partition(":")[0].lower() in RCP_SERVICES, what, "of a service it reaches")
            for item in listed(statement.get("Action"))
        ]
        known = all_of(actions) if actions else failed(f"{what} is not set")
        return all_of([statement.has_effect("Deny"), _for_all(statement), known, _has(statement, "Resource")])

    return of_kind(policy, RESOURCE, every_statement(graph, policy, formed, CONTENT))


def _for_all(statement: Statement) -> Verdict:
    return holds(statement.get("Principal"), lambda said: said == "*", f"Principal of {statement.place}", '"*"')


def _has(statement: Statement, element: str) -> Verdict:
    """The element is there, or its opposite."""
    held: list[Any] = [statement.get(element), statement.get(f"Not{element}")]
    if any(is_dark(value) for value in held):
        return next(dark(f"{element} of {statement.place}", value) for value in held if is_dark(value))
    there = any(value is not None for value in held)
    return passed(f"{statement.place} has {element}") if there else failed(f"{statement.place} has no {element}")


def _has_known_effect(statement: Statement) -> Verdict:
    allows = statement.has_effect("Allow")
    return statement.has_effect("Deny") if allows.state is State.FAIL else allows
