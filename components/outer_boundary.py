"""The limit of those who stand outside the other one: the deployment, and whoever breaks the glass."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.boundary_statements import EVERYTHING, MOST_CHARACTERS, OWN_TAG
from components.component import Component
from components.place import Place
from components.policy_document import VERSION, PolicyDocument, Statement, allow, deny
from core.errors import BadInput
from core.naming import Name
from core.settings import TakenBy

GLOBAL = (
    *("account:*", "budgets:*", "ce:*", "ec2:DescribeRegions", "health:*", "iam:*", "organizations:*", "pricing:*"),
    *("s3:GetAccountPublic*", "s3:ListAllMyBuckets", "sts:*", "support:*"),
)
"""Services that answer from one Region for all. Those that show things to the internet are not among them."""
ROLE_WRITES = (
    *("iam:AttachRolePolicy", "iam:CreateRole", "iam:DeleteRole", "iam:DeleteRolePolicy", "iam:DetachRolePolicy"),
    *("iam:PutRolePermissionsBoundary", "iam:PutRolePolicy", "iam:UpdateAssumeRolePolicy", "iam:UpdateRole*"),
)
"""Every way to change what a role may do, or who may take it. Detaching counts: what is taken away may be a Deny."""
LASTING = (
    *("iam:AddUserToGroup", "iam:AttachGroupPolicy", "iam:AttachUserPolicy", "iam:CreateAccessKey", "iam:CreateGroup"),
    *("iam:CreateLoginProfile", "iam:CreateServiceSpecificCredential", "iam:CreateUser", "iam:Deactivate*"),
    *("iam:Enable*", "iam:PutGroupPolicy", "iam:PutUserPolicy", "iam:ResetService*", "iam:UpdateAccessKey"),
    *("iam:UpdateLoginProfile", "iam:Upload*", "sts:AssumeRoot", "sts:GetFederationToken", "sts:GetWebIdentityToken"),
)
PROVIDERS = (
    *("iam:AddClient*", "iam:CreateOpenID*", "iam:CreateSAML*", "iam:DeleteOpenID*", "iam:DeleteSAML*"),
    *("iam:TagOpenID*", "iam:TagSAML*", "iam:UpdateOpenID*", "iam:UpdateSAML*"),
)
ENDS = (
    *("access-analyzer:DeleteAnalyzer", "cloudtrail:DeleteTrail", "cloudtrail:StopLogging", "config:Stop*"),
    *("guardduty:DeleteDetector", "macie2:DisableMacie", "securityhub:DisableSecurityHub"),
    "config:DeleteConfigurationRecorder",
)
CONTENT = (
    *("athena:GetQueryResults*", "dynamodb:BatchGetItem", "dynamodb:GetItem", "dynamodb:PartiQL*", "dynamodb:Query"),
    *("dynamodb:Scan", "logs:FilterLogEvents", "logs:GetLogEvents", "logs:StartQuery"),
    *("sagemaker:BatchGetRecord", "sagemaker:GetRecord", "sagemaker:InvokeEndpoint*"),
)
"""What answers with what was stored, and not with how it is stored."""


@dataclass(frozen=True)
class OuterBoundaryArgs:
    """The account, what this environment's names begin with, where data may be, and the ARN of the inner boundary.

    `guarded` are the words by which the roles under this boundary are named. `may_destroy` is for environments that
    are torn down: there the trail and the detectors may be ended.
    """

    place: Place
    prefix: str
    residency: Sequence[str]
    inner: str
    guarded: Sequence[str]
    may_destroy: bool = False


class OuterBoundary(Component):
    """What even a deployment or an emergency may not do: touch its own limits, make keys that last, end the record.

    It makes roles under the inner boundary only, and changes none that stands under this one, nor their policies and
    their boundary: those belong to whoever sets up the account. Programs under it deploy stores and never read them.
    Raises BadInput for a residency set without the home Region, an inner boundary of another account, no guarded roles,
    and more Regions than fit.
    """

    def __init__(self, name: Name, args: OuterBoundaryArgs, parent: pulumi.Resource | None = None) -> None:
        statements = _statements(args, args.place.arn("iam", f"policy/{name}", region=""))
        if faults := _faults(args, statements):
            msg = f"outer boundary {name}: {'; '.join(faults)}"
            raise BadInput(msg)
        super().__init__("OuterBoundary", name, parent, {"residency": sorted(args.residency)})
        document = PolicyDocument(f"{name}-boundary", statements, self)
        self.policy = aws.iam.Policy(
            f"{name}-boundary",
            name=str(name),
            description="The outer limit of deployments and emergencies",
            policy=document.json,
            tags=dict(name.tags),
            opts=self.child,
        )
        self.arn = self.policy.arn
        self.done(arn=self.arn)


def _statements(args: OuterBoundaryArgs, own: str) -> list[Statement]:
    place = args.place
    other = {"StringNotEquals": {"iam:PermissionsBoundary": args.inner}}
    away = deny("StayInResidency", GLOBAL, EVERYTHING, given=_elsewhere(args.residency))
    roles, own_policies = (
        [place.arn("iam", f"{kind}/{args.prefix}-{word}-*", region="") for word in args.guarded]
        for kind in ("role", "policy")
    )
    policies = ["iam:CreatePolicyVersion", "iam:DeletePolicy*", "iam:SetDefaultPolicyVersion"]
    programs = {"StringEquals": {f"{OWN_TAG}taken-by": str(TakenBy.PROGRAM)}}
    objects = f"arn:{place.partition}:s3:::{args.prefix}-*/*"
    record_of = f"arn:{place.partition}:s3:::{args.prefix}-audit-*"
    record = [] if args.may_destroy else [deny("RecordGoesOn", ENDS, EVERYTHING)]
    return [
        allow("WhateverIsGranted", EVERYTHING, EVERYTHING),
        {"NotAction" if key == "Action" else key: value for key, value in away.items()},
        deny("RolesOnlyUnderTheInnerBoundary", ROLE_WRITES, EVERYTHING, given=other),
        deny("GuardedMarksStay", ["iam:PutRolePermissionsBoundary", "iam:TagRole", "iam:UntagRole"], roles),
        deny("NoBoundaryLifted", ["iam:DeleteRolePermissionsBoundary"], EVERYTHING),
        deny("BoundariesStay", policies, [args.inner, own, *own_policies]),
        deny("NoLastingCredentials", LASTING, EVERYTHING),
        deny("ProvidersStay", PROVIDERS, EVERYTHING),
        deny("AccountStays", ["account:Close*", "account:Put*", "organizations:LeaveOrganization"], EVERYTHING),
        deny("LocksStay", ["s3:BypassGovernanceRetention"], EVERYTHING),
        *record,
        deny("RecordIsNotWritten", ["s3:PutObject*", "s3:Replicate*", "s3:RestoreObject"], [f"{record_of}/*"]),
        deny("PeopleApprove", ["sagemaker:CreateModelPackage", "sagemaker:UpdateModelPackage"], EVERYTHING),
        deny("ProgramsReadNothing", CONTENT, EVERYTHING, given=programs),
        deny("ProgramsOpenNothing", ["s3:GetObject*"], [objects], given=programs),
    ]


def _elsewhere(residency: Sequence[str]) -> dict[str, dict[str, list[str]]]:
    return {"StringNotEquals": {"aws:RequestedRegion": sorted(residency)}}


def _faults(args: OuterBoundaryArgs, statements: list[Statement]) -> list[str]:
    faults = []
    if args.place.region not in args.residency:
        given = ", ".join(args.residency) or "none"
        faults.append(f"residency is {given}; it must hold the home Region {args.place.region}")
    if not args.inner.startswith(args.place.arn("iam", f"policy/{args.prefix}-", region="")):
        faults.append("inner must be the ARN of the boundary of this environment")
    if not args.guarded:
        faults.append("guarded is empty; name the roles that stand under it, such as 'ci-deploy'")
    size = len(json.dumps({"Version": VERSION, "Statement": statements}, separators=(",", ":")))
    if size > MOST_CHARACTERS:
        faults.append(f"{size} characters, IAM takes {MOST_CHARACTERS}; name fewer Regions in `residency`")
    return faults
