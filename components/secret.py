"""A secret: what others log in with, sealed, replaced by itself, and read by whom a grant names."""

import re
from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_aws as aws

from components.bucket_policy import ANYONE
from components.component import Component
from components.key import Key, titled
from components.place import Place
from components.policy_document import PolicyDocument, Statement, allow, deny
from components.role import Role
from components.withheld import withheld
from core.errors import BadInput
from core.naming import Name

SERVICE = "secretsmanager"
SHORTEST_WINDOW, LONGEST_WINDOW = 7, 30
"""Days: https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_DeleteSecret.html"""
LONGEST_ROTATION = 90
"""Days, ours: https://docs.aws.amazon.com/config/latest/developerguide/secretsmanager-secret-periodic-rotation.html"""
FUNCTION = re.compile(r"arn:[\w-]+:lambda:[\w-]+:(\d{12}):function:[\w-]+(:[\w$-]+)?")
EVERYTHING = ["*"]
"""In the policy of a secret the Resource is the secret it stands on:
https://docs.aws.amazon.com/secretsmanager/latest/userguide/auth-and-access_resource-policies.html"""


@dataclass(frozen=True)
class Rotation:
    """Which function replaces the value, by its ARN, and after how many days at most."""

    function: pulumi.Input[str]
    days: int = 30


@dataclass(frozen=True)
class SecretArgs:
    """All a secret has to be told; the key is used through `secretsmanager`.

    The value is never in the program: a rotation function makes it, an operator puts it in, or it comes in as a secret
    output. Once it rotates, a value that the program brings along would undo the rotation, so then there is none.
    """

    place: Place
    key: Key
    purpose: str
    rotation: Rotation | None = None
    value: pulumi.Output[str] | None = None
    recovery_days: int = LONGEST_WINDOW


class Secret(Component):
    """A secret in Secrets Manager with its key, its policy, its rotation and time to think better of its deletion.

    Its physical name is made up at each creation: one that was deleted keeps its name until the window ends. Raises
    BadInput for a value that stands in the program or is no secret, a value beside a rotation, a purpose that is not
    said, a rotation less often than every 90 days or by what is no function of this account, a window that Secrets
    Manager does not take, and a key that is not used through it.
    """

    def __init__(self, name: Name, args: SecretArgs, parent: pulumi.Resource | None = None) -> None:
        if faults := _faults(args):
            msg = f"secret {name}: {'; '.join(faults)}"
            raise BadInput(msg)
        value = None if args.value is None else withheld(f"secret {name}", args.value)
        super().__init__("Secret", name, parent, _facts(args))
        self.args = args
        self.secret = aws.secretsmanager.Secret(
            f"{name}-secret",
            description=args.purpose,
            kms_key_id=args.key.arn,
            recovery_window_in_days=args.recovery_days,
            tags=dict(name.tags),
            opts=self.child,
        )
        self.arn = self.secret.arn
        document = PolicyDocument(f"{name}-policy", closed(args.place), self)
        policy = aws.secretsmanager.SecretPolicy(
            f"{name}-policy", secret_arn=self.arn, policy=document.json, block_public_policy=True, opts=self.child
        )
        if value is not None:
            aws.secretsmanager.SecretVersion(
                f"{name}-value", secret_id=self.secret.id, secret_string=value, opts=self.after(policy)
            )
        if args.rotation:
            aws.secretsmanager.SecretRotation(
                f"{name}-rotation",
                secret_id=self.secret.id,
                rotation_lambda_arn=args.rotation.function,
                rotation_rules={"automatically_after_days": args.rotation.days},
                opts=self.after(policy),
            )
        self.done(arn=self.arn)

    def grant_read(self, role: Role) -> None:
        """Let the role get the value; not change it, not list or delete secrets."""
        actions = ["secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"]
        self._grant(role, "Read", actions, [self.args.key.decrypts()])

    def grant_write(self, role: Role) -> None:
        """Let the role put a new value, as an operator does at first; not read the old one."""
        self._grant(
            role, "Write", ["secretsmanager:PutSecretValue"], [self.args.key.encrypts(), self.args.key.decrypts()]
        )

    def _grant(self, role: Role, verb: str, actions: list[str], sealed: list[Statement]) -> None:
        sid = verb + titled(self.name)
        role.may_all(sid, [allow(sid, actions, [self.arn]), *sealed])


def closed(place: Place) -> list[Statement]:
    """Nobody of another account, and nobody in the clear, whatever IAM says.

    AWS services that act for this account on a secret, its rotation above all, come with the credentials of a role of
    this account, so they bear its number.
    """
    every = ["secretsmanager:*"]
    strangers = {"StringNotEquals": {"aws:PrincipalAccount": place.account}}
    return [
        deny("OnlyOverTls", every, EVERYTHING, ANYONE, {"Bool": {"aws:SecureTransport": "false"}}),
        deny("OnlyThisAccount", every, EVERYTHING, ANYONE, strangers),
    ]


def _facts(args: SecretArgs) -> dict[str, Any]:
    """What a reviewer wants to read of the secret; of its value, whether the program brings it along."""
    days = args.rotation.days if args.rotation else None
    return {"purpose": args.purpose, "rotationDays": days, "broughtAlong": args.value is not None}


def _faults(args: SecretArgs) -> list[str]:
    """Why this secret must not be made, a sentence each."""
    window, rotation = args.recovery_days, args.rotation
    checks = [
        (
            not SHORTEST_WINDOW <= window <= LONGEST_WINDOW,
            f"recovery_days is {window}; Secrets Manager takes {SHORTEST_WINDOW} to {LONGEST_WINDOW}",
        ),
        (not args.purpose, "purpose is empty; say what it opens"),
        (SERVICE not in args.key.args.through, "its key cannot be used through secretsmanager; add that to the key"),
        (
            rotation and args.value is not None,
            "its value is brought along and would undo each rotation; leave out the value or the rotation",
        ),
    ]
    if rotation:
        wanted = f"an ARN such as {args.place.arn('lambda', 'function:rotate')}"
        checks += [
            (
                not 1 <= rotation.days <= LONGEST_ROTATION,
                f"rotation.days is {rotation.days}; expected 1 to {LONGEST_ROTATION}",
            ),
            (not _is_own(rotation.function, args.place), f"rotation.function is no function here; expected {wanted}"),
        ]
    return [said for wrong, said in checks if wrong]


def _is_own(function: pulumi.Input[str], place: Place) -> bool:
    """Whether it is, or may turn out to be, a function in this account: it gets to see the value."""
    found = FUNCTION.fullmatch(function) if isinstance(function, str) else None
    return not isinstance(function, str) or bool(found and found[1] == place.account)
