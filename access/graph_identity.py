"""The identity side of a role, taken out of a Graph: what is attached to it, its boundary, and who it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from access.caller import Caller, Who
from access.document import Kind, Policy
from access.faults import RequestError
from access.parse import parse_policy
from core.graph import Graph
from core.resource import Resource
from core.value import Unknown

ROLE = "aws:iam/role:Role"
POLICY = "aws:iam/policy:Policy"
INLINE = "aws:iam/rolePolicy:RolePolicy"
ATTACHED = (
    ("aws:iam/rolePolicyAttachment:RolePolicyAttachment", "role"),
    ("aws:iam/policyAttachment:PolicyAttachment", "roles"),
)


def role_named(graph: Graph, persona: str) -> Resource:
    """The role of a persona: the one of this logical name, or the only one whose name ends with it.

    Raises RequestError with the names there are.
    """
    roles = {role.name: role for role in graph.of_type(ROLE)}
    endings = (f"-{persona}", f"-{persona}-role")
    found = [roles[persona]] if persona in roles else [r for name, r in roles.items() if name.endswith(endings)]
    found = found or [role for name, role in roles.items() if name == f"{persona}-role"]
    if len(found) == 1:
        return found[0]
    there = ", ".join(sorted(role.name for role in found) if found else sorted(roles)) or "none"
    msg = f"persona {persona!r}: expected the name of one role; there are {there}"
    raise RequestError(msg)


def caller_of(role: Resource, session: str = "") -> Caller:
    """A session of the role; of any name, unless one is given. Raises RequestError where its ARN is not known."""
    arn = role.get("arn")
    if not isinstance(arn, str):
        msg = f"role {role.name}: its ARN is not known, so nobody can be asked about; use a graph with names"
        raise RequestError(msg)
    tags = role.get("tags")
    known = {str(key): value for key, value in tags.items() if isinstance(value, str)} if _is_map(tags) else {}
    return Caller(Who.SESSION, arn, session=session, tags=known)


def identity_of(graph: Graph, role: Resource) -> tuple[Policy, ...]:
    """Every identity policy of the role; one that might be attached, and cannot be told, is unknown."""
    return (*_inline(graph, role), *_managed(graph, role), *_by_arn(graph, role))


def _inline(graph: Graph, role: Resource) -> Iterator[Policy]:
    for inline in graph.companions(role, INLINE, "role"):
        yield parse_policy(_text(graph, inline), Kind.IDENTITY, inline.name)
    held = role.get("inlinePolicies")
    if isinstance(held, Unknown):
        yield held
    for number, one in enumerate(held if isinstance(held, tuple) else ()):
        label = f"inline policy {number + 1} of {role.name}"
        yield parse_policy(one.get("policy") if _is_map(one) else one, Kind.IDENTITY, label)


def _managed(graph: Graph, role: Resource) -> Iterator[Policy]:
    for token, name in ATTACHED:
        for joined in graph.companions(role, token, name):
            yield _attached(graph, joined, joined.get("policyArn"))
        for joined in graph.unlinked(token, name):
            yield Unknown(f"{joined.name}, which may be attached to {role.name}")


def _by_arn(graph: Graph, role: Resource) -> Iterator[Policy]:
    arns = role.get("managedPolicyArns")
    if isinstance(arns, Unknown):
        yield arns
    for number, arn in enumerate(arns if isinstance(arns, tuple) else ()):
        yield _policy(graph, graph.linked(role, "managedPolicyArns", number), arn)


def _attached(graph: Graph, joined: Resource, arn: Any) -> Policy:
    return _policy(graph, graph.linked(joined, "policyArn"), arn)


def _policy(graph: Graph, found: Resource | Unknown | None, arn: Any) -> Policy:
    """The policy that an attachment means; AWS's own are not in the Graph, so they cannot be read."""
    if isinstance(found, Resource) and found.type == POLICY:
        return parse_policy(_text(graph, found), Kind.IDENTITY, found.name)
    return Unknown(arn if isinstance(arn, str) else "a policy from outside this program")


def _text(graph: Graph, resource: Resource, attribute: str = "policy") -> Any:
    """The policy as text where it is one, so that a repeated element is seen; else its structured form."""
    value = resource.get(attribute)
    return value if isinstance(value, str) else graph.document(resource, attribute)


def boundary_of(graph: Graph, role: Resource) -> Policy | None:
    """The permission boundary of the role; None where it has none."""
    arn = role.get("permissionsBoundary")
    if arn is None or arn == "":
        return None
    found = graph.linked(role, "permissionsBoundary")
    if isinstance(found, Resource) and found.type == POLICY:
        return parse_policy(_text(graph, found), Kind.BOUNDARY, found.name)
    return Unknown(arn if isinstance(arn, str) else "a boundary from outside this program")


def _is_map(value: Any) -> bool:
    return isinstance(value, Mapping)
