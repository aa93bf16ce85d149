"""An IAM role of the platform: who may take it, its outer limit, and what it may do, one sentence at a time."""

import json
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_aws as aws

from components.component import Component
from components.place import Place
from components.policy_document import VERSION, PolicyDocument, Statement, allow
from core.errors import BadInput
from core.naming import Name

MOST_POLICIES = 10
"""Managed policies per role; newer pages say 20, 10 is safe: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html"""
MOST_CHARACTERS, LONGEST_ARN = 6144, 160
"""Of a managed policy, white space not counted, and of an ARN of ours that is not known yet."""
SHORTEST_SESSION, LONGEST_SESSION = 3600, 43200
"""Seconds: https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html"""


@dataclass(frozen=True)
class RoleArgs:
    """Who may take the role (trust statements), the ARN of its permission boundary, and how long a session lasts."""

    trust: Sequence[Statement]
    description: str
    boundary: pulumi.Input[str] | None = None
    session_seconds: int = SHORTEST_SESSION


class Role(Component):
    """A role that may do nothing until a component grants it something.

    `args` is None for a role that is made elsewhere. Raises BadInput when its session length is outside what AWS takes,
    when it is granted more than fits, and when one without a boundary is to be handed to a service.
    """

    args: RoleArgs | None = None
    _gathered: list[Statement] | None = None

    def __init__(self, name: Name, args: RoleArgs, parent: pulumi.Resource | None = None, kind: str = "Role") -> None:
        if not SHORTEST_SESSION <= args.session_seconds <= LONGEST_SESSION:
            msg = f"role {name}: session of {args.session_seconds} s; AWS takes {SHORTEST_SESSION} to {LONGEST_SESSION}"
            raise BadInput(msg)
        super().__init__(kind, name, parent)
        self.args = args
        trust = PolicyDocument(f"{name}-role", args.trust, self, "assumeRolePolicy")
        self.role = aws.iam.Role(
            f"{name}-role",
            assume_role_policy=trust.json,
            description=args.description,
            max_session_duration=args.session_seconds,
            permissions_boundary=args.boundary,
            tags=dict(name.tags),
            opts=self.child,
        )
        self.arn = self.role.arn
        self.role_name = self.role.name
        self._granted: list[str] = []
        self.done(arn=self.arn)

    def may(self, sid: str, *actions: str, on: Sequence[Any], given: dict[str, Any] | None = None) -> None:
        """Allow the actions on these ARNs; `sid` says what for, in CamelCase, once per role."""
        self.may_all(sid, [allow(sid, actions, on, given=given)])

    def grant_pass(self, role: "Role", service: str) -> None:
        """Let the other role hand this one to that service (its principal, `sagemaker.amazonaws.com`) and to no other.

        Raises BadInput where this role has no boundary, or where the service could not take it.
        """
        if self.args is None or self.args.boundary is None:
            msg = f"role {self.name}: it has no boundary, so nobody may hand it to {service}; pass `boundary` to it"
            raise BadInput(msg)
        if not any(service in _takers(statement) for statement in self.args.trust):
            msg = f"role {self.name}: its trust does not let {service} take it; name the service that takes it"
            raise BadInput(msg)
        sid = "".join(word.capitalize() for word in f"Pass-{self.name}-to-{service.partition('.')[0]}".split("-"))
        role.may(sid, "iam:PassRole", on=[self.arn], given={"StringEquals": {"iam:PassedToService": service}})

    @contextmanager
    def together(self, sid: str) -> Generator[None]:
        """Grants made within share managed policies, as few as they fit into; `sid` says what for.

        What several of them say alike, such as the use of one key, is said once.
        """
        self._gathered = []
        try:
            yield
            gathered = {statement["Sid"]: statement for statement in self._gathered}
        finally:
            self._gathered = None
        for number, statements in enumerate(packed(list(gathered.values()))):
            self.may_all(f"{sid}{number or ''}", statements)

    def may_all(self, sid: str, statements: Sequence[Statement], *, whole_account: bool = False) -> None:
        """Attach one managed policy with these statements, or gather them while grants are made together.

        One that is for whole services of the account, as deploying and rescuing are, stands alone and says so in a tag:
        guards then ask that it keeps to the account, and of every other that it names its actions and resources.
        """
        if self._gathered is not None and not whole_account:
            self._gathered += statements
            return
        if len(self._granted) >= MOST_POLICIES:
            msg = f"role {self.name} is granted more than {MOST_POLICIES} things; split it into two roles"
            raise BadInput(msg)
        self._granted.append(sid)
        label = f"{self.name}-{sid.lower()}"
        document = PolicyDocument(label, statements, self)
        tags = dict((self.name.tagged(reach="account") if whole_account else self.name).tags)
        policy = aws.iam.Policy(label, policy=document.json, tags=tags, opts=self.child)
        aws.iam.RolePolicyAttachment(label, role=self.role_name, policy_arn=policy.arn, opts=self.child)


def arn_of(place: Place, name: Name) -> str:
    """The ARN of the role that bears this name or will bear it, `*` for what Pulumi appends; for `ArnLike`.

    https://www.pulumi.com/docs/iac/concepts/resources/names/#autonaming
    """
    return place.arn("iam", f"role/{name}-role-*", region="")


def packed(statements: Sequence[Statement]) -> list[list[Statement]]:
    """The statements in their order, in as few policies as fit; an ARN that is not known yet counts as a long one.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
    """
    policies: list[list[Statement]] = []
    for statement in statements:
        if policies and _size([*policies[-1], statement]) <= MOST_CHARACTERS:
            policies[-1].append(statement)
        else:
            policies.append([statement])
    return policies


def _size(statements: Sequence[Statement]) -> int:
    document = {"Version": VERSION, "Statement": list(statements)}
    return len(json.dumps(document, separators=(",", ":"), default=lambda _: "x" * LONGEST_ARN))


def _takers(statement: Statement) -> Sequence[str]:
    """The services that a trust statement lets in."""
    to = statement.get("Principal")
    named: Any = to.get("Service", ()) if isinstance(to, dict) and statement.get("Effect") == "Allow" else ()
    return [named] if isinstance(named, str) else [str(one) for one in named]
