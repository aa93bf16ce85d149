"""The identity side of a role or a user, taken out of a Graph: what is attached, its boundary, and who it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

from access.caller import Caller, Who
from access.document import Kind, Policy
from access.faults import RequestError
from access.parse import parse_policy
from core.graph import Graph
from core.resource import Resource
from core.value import Unknown

ROLE, USER, GROUP = "aws:iam/role:Role", "aws:iam/user:User", "aws:iam/group:Group"
POLICY = "aws:iam/policy:Policy"
INLINE = MappingProxyType(
    {
        ROLE: ("aws:iam/rolePolicy:RolePolicy", "role"),
        USER: ("aws:iam/userPolicy:UserPolicy", "user"),
        GROUP: ("aws:iam/groupPolicy:GroupPolicy", "group"),
    }
)
ATTACHED = MappingProxyType(
    {
        ROLE: ("aws:iam/rolePolicyAttachment:RolePolicyAttachment", "role"),
        USER: ("aws:iam/userPolicyAttachment:UserPolicyAttachment", "user"),
        GROUP: ("aws:iam/groupPolicyAttachment:GroupPolicyAttachment", "group"),
    }
)
LISTED = "aws:iam/policyAttachment:PolicyAttachment"
LISTED_BY = MappingProxyType({ROLE: "roles", USER: "users", GROUP: "groups"})
MEMBERSHIPS = (
    ("aws:iam/userGroupMembership:UserGroupMembership", "user", "groups"),
    ("aws:iam/groupMembership:GroupMembership", "users", "group"),
)
"""Type -> the properties that name users and groups, one or a list of them."""


def role_named(graph: Graph, persona: str) -> Resource:
    """The role or user that somebody named: by its logical name, its ARN or its name in AWS, or as a persona.

    A persona is the only role whose logical name ends with it. Raises RequestError with the names there are.
    """
    held = graph.of_type(ROLE, USER)
    roles = graph.of_type(ROLE)
    endings = (f"-{persona}", f"-{persona}-role")
    for found in (
        [one for one in held if one.name == persona],
        [one for one in held if persona in {one.get("arn"), one.get("name")}],
        [one for one in roles if one.name.endswith(endings)],
        [one for one in roles if one.name == f"{persona}-role"],
    ):
        if len(found) == 1:
            return found[0]
        if found:
            held = tuple(found)
            break
    there = ", ".join(sorted(one.name for one in held)) or "none"
    msg = f"persona {persona!r}: expected the name of one role; there are {there}"
    raise RequestError(msg)


def caller_of(role: Resource, session: str = "") -> Caller:
    """A session of the role; of any name, unless one is given. A user is itself.

    Raises RequestError where its ARN is not known.
    """
    arn = role.get("arn")
    if not isinstance(arn, str):
        msg = f"{role.name}: its ARN is not known, so nobody can be asked about; use a graph with names"
        raise RequestError(msg)
    tags = role.get("tags")
    known = {str(key): value for key, value in tags.items() if isinstance(value, str)} if _is_map(tags) else {}
    if role.type == USER:
        return Caller(Who.USER, arn, tags=known)
    return Caller(Who.SESSION, arn, session=session, tags=known)


def identity_of(graph: Graph, role: Resource) -> tuple[Policy, ...]:
    """Every identity policy of a role, or of a user with its groups.

    One that might be attached, and cannot be told, is unknown.
    """
    own = (*_inline(graph, role), *_managed(graph, role), *_by_arn(graph, role))
    return (*own, *_of_groups(graph, role)) if role.type == USER else own


def _inline(graph: Graph, role: Resource) -> Iterator[Policy]:
    token, name = INLINE[role.type]
    for inline in graph.companions(role, token, name):
        yield parse_policy(_text(graph, inline), Kind.IDENTITY, inline.name)
    for inline in graph.unlinked(token, name):
        yield Unknown(f"{inline.name}, which may be part of {role.name}")
    held = role.get("inlinePolicies")
    if isinstance(held, Unknown):
        yield held
    for number, one in enumerate(held if isinstance(held, tuple) else ()):
        label = f"inline policy {number + 1} of {role.name}"
        yield parse_policy(one.get("policy") if _is_map(one) else one, Kind.IDENTITY, label)


def _managed(graph: Graph, role: Resource) -> Iterator[Policy]:
    token, name = ATTACHED[role.type]
    for joined in graph.companions(role, token, name):
        yield _attached(graph, joined, joined.get("policyArn"))
    for joined in graph.unlinked(token, name):
        yield Unknown(f"{joined.name}, which may be attached to {role.name}")
    for joined in graph.of_type(LISTED):
        named = _is_named(graph, joined, LISTED_BY[role.type], role)
        if named is True:
            yield _attached(graph, joined, joined.get("policyArn"))
        elif named is None:
            yield Unknown(f"{joined.name}, which may be attached to {role.name}")


def _is_named(graph: Graph, joined: Resource, name: str, principal: Resource) -> bool | None:
    """Whether the property names the principal, alone or in a list; None where that cannot be told."""
    value = joined.get(name)
    items = value if isinstance(value, tuple) else () if value is None else (value,)
    if any(item in {principal.get("name"), principal.get("id"), principal.get("arn")} for item in items if item):
        return True
    sources = joined.property_dependencies.get(name, frozenset())
    if not any(isinstance(item, Unknown) for item in items):
        return False
    if principal.urn in sources:
        return True
    return False if any(urn in graph.by_urn for urn in sources) else None


def _of_groups(graph: Graph, user: Resource) -> Iterator[Policy]:
    """What the user has through its groups (S07); through a group from elsewhere it may have anything."""
    for token, of_user, of_group in MEMBERSHIPS:
        for joined in graph.of_type(token):
            named = _is_named(graph, joined, of_user, user)
            groups = [one for one in graph.of_type(GROUP) if _is_named(graph, joined, of_group, one) is not False]
            if named is None:
                yield Unknown(f"{joined.name}, which may put {user.name} into a group")
            elif named and groups:
                for group in groups:
                    yield from group_policies(graph, group)
            elif named:
                yield Unknown(f"a group of {user.name} that is outside this program")


def group_policies(graph: Graph, group: Resource) -> tuple[Policy, ...]:
    """What a group gives its members."""
    return (*_inline(graph, group), *_managed(graph, group))


def groups_of(graph: Graph, user: Resource) -> tuple[Resource, ...]:
    """The groups of the Graph that the user is in, or may be in."""
    return tuple(
        group
        for group in graph.of_type(GROUP)
        if any(
            _is_named(graph, joined, of_user, user) is not False
            and _is_named(graph, joined, of_group, group) is not False
            for token, of_user, of_group in MEMBERSHIPS
            for joined in graph.of_type(token)
        )
    )


def attached_policies(graph: Graph, principal: Resource) -> tuple[Resource, ...]:
    """The managed policies of the Graph that are attached to a role, a user or a group."""
    token, name = ATTACHED[principal.type]
    by_one = graph.companions(principal, token, name)
    listed = [one for one in graph.of_type(LISTED) if _is_named(graph, one, LISTED_BY[principal.type], principal)]
    found = (graph.linked(joined, "policyArn") for joined in (*by_one, *listed))
    return tuple(one for one in found if isinstance(one, Resource) and one.type == POLICY)


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
