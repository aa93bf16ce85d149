"""Each protection of who may come in and of what they may do, and the guard that must object when it is gone."""

from __future__ import annotations

from collections.abc import Callable

import pulumi_aws as aws

from components.policy_document import Statement
from tests.weakening import Weakening, changed, open_ended, rewritten, without

Edit = Callable[[Statement], Statement | None]
ANY_ROLE = {"Action": ["iam:PassRole", "sagemaker:CreateTrainingJob"], "Resource": ["*"]}
LONG = {"Action": [f"s3:GetObject{number}" for number in range(900)]}


def only(sid: str, **parts: object) -> Edit:
    """A change of the statement of that Sid alone: other parts, or none for those that are None."""

    def edit(statement: Statement) -> Statement:
        changed_parts = {**statement, **parts} if statement["Sid"] == sid else statement
        return {name: part for name, part in changed_parts.items() if part is not None}

    return edit


def everywhere(**parts: object) -> Edit:
    """A change of every statement."""
    return lambda statement: {**statement, **parts}


WEAKENINGS = [
    *(
        Weakening("github_role", what, f"iam.{guard}", change)
        for what, guard, change in (
            ("any job", "shared_issuer_names_its_subjects", rewritten("-ci-deploy-role", open_ended)),
            ("any audience", "federated_trust_names_its_audience", rewritten("-ci-deploy-role", open_ended)),
            ("a day", "pipeline_session_is_an_hour", changed(aws.iam, "Role", max_session_duration=28800)),
            ("no limit", "persona_role_is_bounded", changed(aws.iam, "Role", permissions_boundary=None)),
        )
    ),
    Weakening(
        "oidc_provider",
        "for anybody",
        "iam.provider_names_its_audiences",
        changed(aws.iam, "OpenIdConnectProvider", client_id_lists=[]),
    ),
    *(
        Weakening("account_access", what, f"iam.{guard}", rewritten(policy, edit))
        for what, guard, policy, edit in (
            ("roles for any service", "pass_role_is_pinned", "-deployroles", only("OwnRolesPassed", Condition=None)),
            ("any role", "pass_role_is_pinned", "-deployroles", only("OwnRolesPassed", Resource=["*"])),
            (
                "roles without limit",
                "policy_allows_no_escalation",
                "-deployroles",
                only("RolesUnderTheBoundary", Condition=None, Resource=["*"]),
            ),
            (
                "anybody's keys",
                "policy_allows_no_escalation",
                "-deploykeys",
                only("AdministerOwnKeys", Condition=None),
            ),
            ("everything", "policy_is_no_blank_cheque", "-deployservices", everywhere(Action=["*"], Resource=["*"])),
        )
    ),
    Weakening(
        "role",
        "every key",
        "iam.policy_opens_named_keys_only",
        rewritten("-rescuekeys", only("OpenWhatIsStored", Condition=None)),
    ),
    Weakening("role", "any service", "iam.pass_role_is_pinned", rewritten("tosagemaker", open_ended)),
    Weakening("role", "any role", "iam.policy_allows_no_escalation", rewritten("tosagemaker", everywhere(**ANY_ROLE))),
    Weakening(
        "guardrails",
        "bind nobody",
        "organizations.policy_binds_somebody",
        without(aws.organizations, "PolicyAttachment"),
    ),
    *(
        Weakening("guardrails", what, f"organizations.{guard}", rewritten(policy, edit))
        for what, guard, policy, edit in (
            ("allow", "resource_policy_is_well_formed", "-perimeter", everywhere(Effect="Allow")),
            ("out of reach", "resource_policy_is_well_formed", "-perimeter", everywhere(Action=["sagemaker:*"])),
            ("name principals", "service_policy_is_well_formed", "-conduct", everywhere(Principal="*")),
            ("too long", "policy_fits_its_limit", "-record", only("RecordStays", **LONG)),
        )
    ),
]
