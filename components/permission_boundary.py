"""The outer limit of every role that people and pipelines take: whatever is granted, this much and no more."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.boundary_statements import MOST_CHARACTERS, allowed, denied
from components.component import Component
from components.place import Place
from components.policy_document import VERSION, PolicyDocument, Statement
from core.errors import BadInput
from core.naming import Name


@dataclass(frozen=True)
class PermissionBoundaryArgs:
    """The account, what this environment's names begin with, where data may be, and what the audit trail is called.

    `residency` are Region codes. `audit` is the name of the audit trail component: its buckets' names begin with it.
    """

    place: Place
    prefix: str
    residency: Sequence[str]
    audit: str


class PermissionBoundary(Component):
    """A policy that allows nothing by itself and cuts what all others allow.

    Nobody under it changes roles or policies. Its name is fixed, because the outer boundary names it: a deployment
    makes roles under this one only. Raises BadInput for a residency set without the home Region, an audit trail outside
    the prefix, and more Regions than fit the policy.
    """

    def __init__(self, name: Name, args: PermissionBoundaryArgs, parent: pulumi.Resource | None = None) -> None:
        statements = [
            *allowed(args.place, args.prefix),
            *denied(args.place, sorted(args.residency), args.audit),
        ]
        if faults := _faults(args, statements):
            msg = f"permission boundary {name}: {'; '.join(faults)}"
            raise BadInput(msg)
        super().__init__("PermissionBoundary", name, parent, {"residency": sorted(args.residency)})
        document = PolicyDocument(f"{name}-boundary", statements, self)
        self.policy = aws.iam.Policy(
            f"{name}-boundary",
            name=str(name),
            description="The outer limit of what people and pipelines may do",
            policy=document.json,
            tags=dict(name.tags),
            opts=self.child,
        )
        self.arn = self.policy.arn
        self.done(arn=self.arn)


def _faults(args: PermissionBoundaryArgs, statements: list[Statement]) -> list[str]:
    faults = []
    if args.place.region not in args.residency:
        given = ", ".join(args.residency) or "none"
        faults.append(f"residency is {given}; it must hold the home Region {args.place.region}")
    if not (args.prefix and args.audit.startswith(args.prefix)):
        faults.append(f"audit {args.audit!r} must begin with the prefix {args.prefix!r}")
    size = len(json.dumps({"Version": VERSION, "Statement": statements}, separators=(",", ":")))
    if size > MOST_CHARACTERS:
        faults.append(f"{size} characters, IAM takes {MOST_CHARACTERS}; name fewer Regions in `residency`")
    return faults
