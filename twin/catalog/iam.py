"""Roles, policies, and what joins them.

https://docs.aws.amazon.com/IAM/latest/APIReference/
"""

from __future__ import annotations

from typing import Any

from twin.entry import Call, Entry, Members, Named
from twin.forms import TAGS
from twin.policy_form import POLICY
from twin.terms import ID, ITEM, Built, dropped, every, first, prop, reply

ATTACHMENT = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"
INLINE = "aws:iam/rolePolicy:RolePolicy"
LONGEST_SESSION_BY_DEFAULT = 3600
"""Seconds: https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html"""

ROLE = Entry(
    "aws:iam/role:Role",
    create=Call(
        "iam",
        "create_role",
        RoleName=prop("name"),
        AssumeRolePolicyDocument=prop("assumeRolePolicy", POLICY),
        Path=prop("path"),
        Description=prop("description"),
        MaxSessionDuration=prop("maxSessionDuration"),
        PermissionsBoundary=prop("permissionsBoundary"),
        Tags=prop("tags", TAGS),
    ),
    identity=prop("name"),
    named=Named("name", 64),
    update=(
        Call("iam", "update_assume_role_policy", RoleName=ID, PolicyDocument=prop("assumeRolePolicy", POLICY)),
        Call(
            "iam",
            "update_role",
            RoleName=ID,
            Description=prop("description", default=""),
            MaxSessionDuration=prop("maxSessionDuration", default=LONGEST_SESSION_BY_DEFAULT),
        ),
        Call(
            "iam",
            "put_role_permissions_boundary",
            when=prop("permissionsBoundary"),
            RoleName=ID,
            PermissionsBoundary=prop("permissionsBoundary"),
        ),
        Call("iam", "delete_role_permissions_boundary", unless=prop("permissionsBoundary"), RoleName=ID),
        Call("iam", "untag_role", when=dropped("tags"), RoleName=ID, TagKeys=dropped("tags")),
        Call("iam", "tag_role", when=prop("tags"), RoleName=ID, Tags=prop("tags", TAGS)),
    ),
    delete=(
        Call("iam", "list_attached_role_policies", when=prop("forceDetachPolicies"), RoleName=ID),
        Call("iam", "detach_role_policy", each=reply("AttachedPolicies[].PolicyArn"), RoleName=ID, PolicyArn=ITEM),
        Call("iam", "delete_role", RoleName=ID),
    ),
    read=(Call("iam", "get_role", RoleName=ID),),
    gone=("NoSuchEntity",),
    shows={
        "name": reply("Role.RoleName"),
        "assumeRolePolicy": reply("Role.AssumeRolePolicyDocument", POLICY),
        "path": reply("Role.Path"),
        "description": reply("Role.Description"),
        "maxSessionDuration": reply("Role.MaxSessionDuration"),
        "permissionsBoundary": reply("Role.PermissionsBoundary.PermissionsBoundaryArn"),
        "tags": reply("Role.Tags", TAGS),
    },
    outputs={"arn": reply("Role.Arn"), "uniqueId": reply("Role.RoleId")},
    defaults={"path": "/", "maxSessionDuration": LONGEST_SESSION_BY_DEFAULT},
    client=("forceDetachPolicies",),
    members=(
        Members(
            "attached policies",
            Call("iam", "list_attached_role_policies", RoleName=ID),
            reply("AttachedPolicies[].PolicyArn"),
            (ATTACHMENT,),
            "{id}/{found}",
        ),
        Members(
            "inline policies",
            Call("iam", "list_role_policies", RoleName=ID),
            reply("PolicyNames"),
            (INLINE,),
            "{id}:{found}",
        ),
    ),
)

OLD_VERSIONS = every("Versions", "VersionId", IsDefaultVersion=False)

POLICY_ENTRY = Entry(
    "aws:iam/policy:Policy",
    create=Call(
        "iam",
        "create_policy",
        PolicyName=prop("name"),
        PolicyDocument=prop("policy", POLICY),
        Path=prop("path"),
        Description=prop("description"),
        Tags=prop("tags", TAGS),
    ),
    identity=reply("Policy.Arn"),
    named=Named("name", 128),
    # Five versions fit: the ones that are not in force make room first.
    update=(
        Call("iam", "list_policy_versions", on=("policy",), PolicyArn=ID),
        Call("iam", "delete_policy_version", on=("policy",), each=OLD_VERSIONS, PolicyArn=ID, VersionId=ITEM),
        Call("iam", "create_policy_version", PolicyArn=ID, PolicyDocument=prop("policy", POLICY), SetAsDefault=True),
        Call("iam", "untag_policy", when=dropped("tags"), PolicyArn=ID, TagKeys=dropped("tags")),
        Call("iam", "tag_policy", when=prop("tags"), PolicyArn=ID, Tags=prop("tags", TAGS)),
    ),
    delete=(
        Call("iam", "list_policy_versions", PolicyArn=ID),
        Call("iam", "delete_policy_version", each=OLD_VERSIONS, PolicyArn=ID, VersionId=ITEM),
        Call("iam", "delete_policy", PolicyArn=ID),
    ),
    read=(
        Call("iam", "get_policy", PolicyArn=ID),
        Call("iam", "get_policy_version", PolicyArn=ID, VersionId=reply("Policy.DefaultVersionId")),
    ),
    gone=("NoSuchEntity",),
    find=(Call("iam", "list_policies", Scope="Local", MaxItems=1000), reply("Policies[].Arn")),
    shows={
        "name": reply("Policy.PolicyName"),
        "policy": reply("PolicyVersion.Document", POLICY),
        "path": reply("Policy.Path"),
        "description": reply("Policy.Description"),
        "tags": reply("Policy.Tags", TAGS),
    },
    outputs={"arn": reply("Policy.Arn"), "policyId": reply("Policy.PolicyId")},
    defaults={"path": "/"},
)

ATTACHED: dict[str, Any] = {"PolicyArn": prop("policyArn")}
ATTACHMENT_ENTRY = Entry(
    ATTACHMENT,
    create=Call("iam", "attach_role_policy", RoleName=prop("role"), PolicyArn=prop("policyArn")),
    identity=Built("{role}/{policyArn}"),
    delete=(Call("iam", "detach_role_policy", RoleName=prop("role"), PolicyArn=prop("policyArn")),),
    read=(Call("iam", "list_attached_role_policies", RoleName=prop("role")),),
    gone=("NoSuchEntity",),
    exists=first("AttachedPolicies", "PolicyArn", **ATTACHED),
    shows={"role": prop("role"), "policyArn": first("AttachedPolicies", "PolicyArn", **ATTACHED)},
)

WRITE_IN = Call(
    "iam", "put_role_policy", RoleName=prop("role"), PolicyName=prop("name"), PolicyDocument=prop("policy", POLICY)
)
INLINE_ENTRY = Entry(
    INLINE,
    create=WRITE_IN,
    identity=Built("{role}:{name}"),
    named=Named("name", 128),
    update=(WRITE_IN,),
    fixed=("role", "name"),
    delete=(Call("iam", "delete_role_policy", RoleName=prop("role"), PolicyName=prop("name")),),
    read=(Call("iam", "get_role_policy", RoleName=prop("role"), PolicyName=prop("name")),),
    gone=("NoSuchEntity",),
    shows={"role": reply("RoleName"), "name": reply("PolicyName"), "policy": reply("PolicyDocument", POLICY)},
)

ENTRIES = (ROLE, POLICY_ENTRY, ATTACHMENT_ENTRY, INLINE_ENTRY)
