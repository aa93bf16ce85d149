"""The organisation, its policies, and whom they bind.

https://docs.aws.amazon.com/organizations/latest/APIReference/
"""

from __future__ import annotations

from typing import Any

from twin.entry import Call, Entry
from twin.forms import TAGS
from twin.policy_form import POLICY
from twin.terms import ID, ITEM, Built, dropped, every, first, prop, reply

BY_DEFAULT = "SERVICE_CONTROL_POLICY"
ENABLED: dict[str, Any] = {"Status": "ENABLED"}

ORGANISATION = Entry(
    "aws:organizations/organization:Organization",
    # An account has one at most, so one that is there already is the one that was asked for.
    create=Call(
        "organizations",
        "create_organization",
        tolerates=("AlreadyInOrganizationException",),
        FeatureSet=prop("featureSet", default="ALL"),
    ),
    identity=Built("organization"),
    then=(
        Call("organizations", "list_roots", on=("enabledPolicyTypes",)),
        Call(
            "organizations",
            "enable_policy_type",
            each=prop("enabledPolicyTypes"),
            tolerates=("PolicyTypeAlreadyEnabledException",),
            RootId=reply("Roots[0].Id"),
            PolicyType=ITEM,
        ),
        Call(
            "organizations",
            "disable_policy_type",
            each=dropped("enabledPolicyTypes"),
            RootId=reply("Roots[0].Id"),
            PolicyType=ITEM,
        ),
    ),
    fixed=("featureSet",),
    delete=(Call("organizations", "delete_organization"),),
    read=(Call("organizations", "describe_organization"), Call("organizations", "list_roots")),
    gone=("AWSOrganizationsNotInUseException",),
    shows={
        "featureSet": reply("Organization.FeatureSet"),
        "enabledPolicyTypes": every("Roots[0].PolicyTypes", "Type", **ENABLED),
    },
    outputs={
        "arn": reply("Organization.Arn"),
        "masterAccountId": reply("Organization.MasterAccountId"),
        "masterAccountArn": reply("Organization.MasterAccountArn"),
    },
    defaults={"featureSet": "ALL"},
)

POLICY_ENTRY = Entry(
    "aws:organizations/policy:Policy",
    create=Call(
        "organizations",
        "create_policy",
        Name=prop("name"),
        Type=prop("type", default=BY_DEFAULT),
        Description=prop("description", default=""),
        Content=prop("content", POLICY),
        Tags=prop("tags", TAGS),
    ),
    identity=reply("Policy.PolicySummary.Id"),
    update=(
        Call(
            "organizations",
            "update_policy",
            PolicyId=ID,
            Name=prop("name"),
            Description=prop("description", default=""),
            Content=prop("content", POLICY),
        ),
        Call("organizations", "untag_resource", when=dropped("tags"), ResourceId=ID, TagKeys=dropped("tags")),
        Call("organizations", "tag_resource", when=prop("tags"), ResourceId=ID, Tags=prop("tags", TAGS)),
    ),
    fixed=("type",),
    delete=(Call("organizations", "delete_policy", PolicyId=ID),),
    read=(
        Call("organizations", "describe_policy", PolicyId=ID),
        Call("organizations", "list_tags_for_resource", ResourceId=ID),
    ),
    gone=("PolicyNotFoundException", "TargetNotFoundException"),
    find=(
        Call(
            "organizations",
            "list_policies",
            tolerates=("AWSOrganizationsNotInUseException",),
            Filter=prop("type", default=BY_DEFAULT),
        ),
        every("Policies", "Id", AwsManaged=False),
    ),
    shows={
        "name": reply("Policy.PolicySummary.Name"),
        "type": reply("Policy.PolicySummary.Type"),
        "description": reply("Policy.PolicySummary.Description"),
        "content": reply("Policy.Content", POLICY),
        "tags": reply("Tags", TAGS),
    },
    outputs={"arn": reply("Policy.PolicySummary.Arn")},
    defaults={"type": BY_DEFAULT},
    client=("skipDestroy",),
)

BOUND: dict[str, Any] = {"TargetId": prop("targetId")}
ATTACHMENT = Entry(
    "aws:organizations/policyAttachment:PolicyAttachment",
    create=Call("organizations", "attach_policy", PolicyId=prop("policyId"), TargetId=prop("targetId")),
    identity=Built("{targetId}:{policyId}"),
    delete=(Call("organizations", "detach_policy", PolicyId=prop("policyId"), TargetId=prop("targetId")),),
    read=(Call("organizations", "list_targets_for_policy", PolicyId=prop("policyId")),),
    gone=("PolicyNotFoundException",),
    exists=first("Targets", "TargetId", **BOUND),
    shows={"policyId": prop("policyId"), "targetId": first("Targets", "TargetId", **BOUND)},
    client=("skipDestroy",),
)

ENTRIES = (ORGANISATION, POLICY_ENTRY, ATTACHMENT)
