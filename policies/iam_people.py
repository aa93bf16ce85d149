"""Guards over users and groups, for programs that have them, and over what a policy opens at large."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from core.finding import Severity
from core.graph import Graph
from core.resource import Resource
from core.value import Unknown
from core.verdict import State, Verdict, all_of, any_of, failed, holds, passed, undecided
from policies import tokens
from policies.guard import guard
from policies.iam import is_narrow
from policies.iam_more import (
    NARROWING,
    ONLY_A_LIMIT,
    POLICIES,
    grants,
    has_no_wildcard,
    is_limit,
    may_name,
    named_resources,
)
from policies.links import companions, dark, is_dark, listed, strays, unless
from policies.parts import is_empty
from policies.statement import EQUAL, Statement, allowing_only, every_statement

MEMBERSHIPS = (
    ("aws:iam/userGroupMembership:UserGroupMembership", "user", "groups"),
    ("aws:iam/groupMembership:GroupMembership", "users", "group"),
)
SHOWS_CREDENTIALS = (
    *("ecr:GetAuthorizationToken", "iam:CreateAccessKey", "iam:CreateLoginProfile", "iam:UpdateLoginProfile"),
    *("secretsmanager:GetSecretValue", "sts:AssumeRole", "sts:GetFederationToken", "lambda:GetFunction"),
)
CARRIES_AWAY = (
    *("s3:GetObject", "ssm:GetParameter", "dynamodb:Scan", "dynamodb:Query", "rds:CopyDBSnapshot", "ec2:CopySnapshot"),
    *("athena:GetQueryResults", "sagemaker:InvokeEndpoint", "sqs:ReceiveMessage"),
)
MANAGES_PERMISSIONS = (
    *("s3:PutBucketPolicy", "s3:DeleteBucketPolicy", "kms:PutKeyPolicy", "sns:AddPermission", "sqs:AddPermission"),
    *("lambda:AddPermission", "ecr:SetRepositoryPolicy", "secretsmanager:PutResourcePolicy"),
    *("ec2:ModifySnapshotAttribute", "rds:ModifyDBSnapshotAttribute", "iam:UpdateAssumeRolePolicy"),
)
WRITES = (
    *("s3:PutObject", "s3:DeleteObject", "dynamodb:PutItem", "dynamodb:DeleteItem", "dynamodb:DeleteTable"),
    *("sagemaker:CreateModel", "sagemaker:DeleteEndpoint", "sns:Publish", "sqs:SendMessage", "logs:DeleteLogGroup"),
    *("cloudtrail:StopLogging", "lambda:UpdateFunctionCode", "ecr:PutImage", "kms:ScheduleKeyDeletion"),
)
OF_ONE_ACCOUNT = re.compile(r"arn:[^:]*:[a-z0-9-]+:[^:]*:\d{12}:.+|arn:[^:]*:s3:::[a-z0-9.-]{3,}.*")
"""Resources of one account; buckets bear no account, and have a prefix instead."""
FOR_ALL_ONLY = frozenset({"ecr:GetAuthorizationToken"})
"""Actions that AWS knows no resource for: https://docs.aws.amazon.com/service-authorization/latest/reference/"""
SCOPED = tuple(
    dict.fromkeys(
        name
        for group in (SHOWS_CREDENTIALS, CARRIES_AWAY, MANAGES_PERMISSIONS, WRITES)
        for name in group
        if name not in FOR_ALL_ONLY
    )
)


@guard(
    "iam.policy_is_held_by_roles_only",
    on=(*tokens.INLINE_POLICIES, tokens.USER_POLICY_ATTACHMENT, tokens.POLICY_ATTACHMENT),
    severity=Severity.MEDIUM,
    fix="Attach a Policy to a Role with RolePolicyAttachment; a grant on a component does.",
)
def policy_is_held_by_roles_only(held: Resource) -> Verdict:
    """A right that hangs on one person or is written inside a role is found by no review of policies."""
    if held.type in tokens.INLINE_POLICIES:
        return failed(f"{held.name} is a policy inside its holder")
    if held.type == tokens.USER_POLICY_ATTACHMENT:
        return failed(f"{held.name} gives a user rights of their own")
    return is_empty(held, "users")


@guard(
    "iam.user_belongs_to_a_group",
    on=tokens.USER,
    severity=Severity.MEDIUM,
    fix="Better have no users; else declare a UserGroupMembership.",
)
def user_belongs_to_a_group(user: Resource, graph: Graph) -> Verdict:
    """Rights of a group are reviewed once; rights of single people are forgotten one by one."""
    return _joined(user, graph, "no group")


@guard(
    "iam.group_has_members",
    on=tokens.IAM_GROUP,
    severity=Severity.LOW,
    fix="Remove the group, or declare who is in it.",
)
def group_has_members(group: Resource, graph: Graph) -> Verdict:
    """An empty group with rights waits for whoever is added to it unnoticed."""
    return _joined(group, graph, "no member")


def _joined(one: Resource, graph: Graph, missing: str) -> Verdict:
    for token, *ends in MEMBERSHIPS:
        for end in ends:
            named = [m for m in graph.of_type(token) if one.get("name") in [x for x in listed(m.get(end)) if x]]
            if companions(graph, one, (token,), end) or (named and isinstance(one.get("name"), str)):
                return passed(f"a membership of this program names {one.name}")
            if astray := strays(graph, (token,), end):
                return undecided(f"whom {astray[0].name} joins is not known yet")
            unread = [m for m in graph.of_type(token) if any(map(is_dark, listed(m.get(end))))]
            if [m for m in unread if not m.property_dependencies.get(end)]:
                return dark(f"{end} of {unread[0].name}", unread[0].get(end))
    return failed(f"{one.name} has {missing}")


def _named(statement: Statement, graph: Graph) -> Verdict:
    """Its resources are named; an ARN that is not known yet, but is that of a resource here, is a name."""
    found = named_resources(statement)
    items = listed(statement.get("Resource"))
    others = [item for item in items if not (isinstance(item, Unknown) and _is_one_here(item, graph))]
    if found.state is not State.UNKNOWN or len(others) == len(items):
        return found
    rest = Statement({**statement.body, "Resource": tuple(others)}, statement.place)
    return named_resources(rest) if others else passed(f"Resource of {statement.place} is of this program")


def _is_one_here(item: Unknown, graph: Graph) -> bool:
    """Whether the unknown value is made of outputs of resources here."""
    held = graph.by_urn
    return all(part in held or part.rpartition(".")[0] in held for part in item.source.split(", "))


def _within_account(statement: Statement) -> Verdict:
    """Its resources are those of one account, or bear a prefix."""
    what = f"Resource of {statement.place}"
    said = [
        holds(one, lambda arn: bool(OF_ONE_ACCOUNT.fullmatch(arn)), what, "of one account") for one in _on(statement)
    ]
    return all_of(said) if said else failed(f"{what} is not set")


def _on(statement: Statement) -> tuple[Any, ...]:
    return listed(statement.get("Resource"))


def unless_it_says_so(policy: Resource, graph: Graph, rule: Callable[[Statement], Verdict]) -> Verdict:
    """What the rule says of each statement; a policy that says it is for the whole account must keep to that."""
    said = policy.get("tags", tokens.REACH)
    found = every_statement(graph, policy, allowing_only(rule))
    if said != tokens.ACCOUNT and not is_dark(said):
        return found
    return unless(
        None if is_dark(said) else True, found, every_statement(graph, policy, allowing_only(_within_account))
    )


def _scoped(statement: Statement, graph: Graph) -> Verdict:
    """The statement allows none of the actions, or names its resources, or is bound by what they are tagged with."""
    asked = [action for action in SCOPED if may_name(statement, action)]
    if not asked:
        return passed(f"{statement.place} allows nothing that can be kept to one resource")
    doors = [statement.demands(key, EQUAL, has_no_wildcard, "named") for key in NARROWING]
    named = any_of([_named(statement, graph), *doors])
    if named.state is State.PASS:
        return named
    allows = any_of(grants(statement, action) for action in asked)
    if allows.state is State.FAIL:
        return passed(f"{statement.place} allows nothing that can be kept to one resource")
    return named if allows.state is State.PASS else any_of([undecided(allows.reason), named])


@guard(
    "iam.policy_names_its_resources",
    on=POLICIES,
    severity=Severity.HIGH,
    fix="Name the bucket, table, queue or role in Resource; a grant on a component does.",
)
def policy_names_its_resources(policy: Resource, graph: Graph) -> Verdict:
    """An action that can be kept to one thing and is allowed on everything reaches what is made next year too.

    What shows credentials, carries data off, opens things to others or writes; the groups follow
    https://github.com/salesforce/cloudsplaining.
    """
    if is_limit(policy, graph):
        return ONLY_A_LIMIT
    return unless_it_says_so(policy, graph, lambda one: _scoped(one, graph))


@guard(
    "iam.policy_names_its_actions",
    on=POLICIES,
    severity=Severity.HIGH,
    fix="Name the actions, or a group of them such as s3:Get*; a grant on a component does.",
)
def policy_names_its_actions(policy: Resource, graph: Graph) -> Verdict:
    """A whole service takes in what it learns to do next year, and the right to change who else may."""
    if is_limit(policy, graph):
        return ONLY_A_LIMIT
    return unless_it_says_so(policy, graph, is_narrow)
