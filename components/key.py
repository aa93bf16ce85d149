"""A key of our own: it rotates, cannot vanish overnight, and administering it is not using it."""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.component import Component
from components.key_policy import DECRYPT, ENCRYPT, administered, kept_by, through, used_through
from components.place import Place
from components.policy_document import PolicyDocument, Statement, allow
from components.role import Role
from core.errors import BadInput
from core.naming import Name

SHORTEST_WINDOW, LONGEST_WINDOW = 7, 30
SHORTEST_PERIOD, LONGEST_PERIOD = 90, 2560
"""Days: https://docs.aws.amazon.com/kms/latest/APIReference/API_ScheduleKeyDeletion.html and
https://docs.aws.amazon.com/kms/latest/APIReference/API_EnableKeyRotation.html"""


@dataclass(frozen=True)
class KeyArgs:
    """All a key has to be told.

    `through` names the services by way of which roles may use it (`s3`, `logs`, `sagemaker`, `sns`); `services` are
    the statements for service principals, made by `components.key_policy`; `keepers` are the ARNs of the only
    principals that may disable it or schedule its deletion.
    """

    place: Place
    purpose: str
    through: Sequence[str] = ("s3",)
    services: Sequence[Statement] = ()
    keepers: Sequence[pulumi.Input[str]] = ()
    rotation_days: int = 365
    deletion_days: int = LONGEST_WINDOW


class Key(Component):
    """A KMS key with yearly rotation, an explicit policy and an alias that carries the environment.

    Raises BadInput for a rotation or deletion window that KMS does not take, for no service to be used through, and
    for a purpose that is not plain ASCII: KMS takes no other characters.
    """

    def __init__(self, name: Name, args: KeyArgs, parent: pulumi.Resource | None = None) -> None:
        if faults := _faults(args):
            msg = f"key {name}: {'; '.join(faults)}"
            raise BadInput(msg)
        facts = {"purpose": args.purpose, "usedThrough": list(args.through), "keepers": list(args.keepers)}
        super().__init__("Key", name, parent, facts)
        self.args = args
        policy = PolicyDocument(f"{name}-key", _statements(args), self)
        self.key = aws.kms.Key(
            f"{name}-key",
            description=args.purpose,
            enable_key_rotation=True,
            rotation_period_in_days=args.rotation_days,
            deletion_window_in_days=args.deletion_days,
            policy=policy.json,
            tags=dict(name.tags),
            opts=self.child,
        )
        self.arn = self.key.arn
        aws.kms.Alias(f"{name}-alias", name=f"alias/{name}", target_key_id=self.key.key_id, opts=self.child)
        self.done(arn=self.arn)

    def admits(self, service: str) -> bool:
        """Whether the key's own policy has a statement for this service principal."""
        principals = [statement.get("Principal") for statement in self.args.services]
        return {"Service": service} in principals

    def encrypts(self) -> Statement:
        """The IAM statement that lets a role put data under this key."""
        given = through(self.args.place, self.args.through)
        return allow(f"Encrypt{titled(self.name)}", ENCRYPT, [self.arn], given=given)

    def decrypts(self) -> Statement:
        """The IAM statement that lets a role read data under this key."""
        given = through(self.args.place, self.args.through)
        return allow(f"Decrypt{titled(self.name)}", DECRYPT, [self.arn], given=given)

    def grant_encrypt(self, role: Role) -> None:
        """Let the role put data under this key, by way of the key's services only; reading it back is not included."""
        role.may_all(f"Encrypt{titled(self.name)}", [self.encrypts()])

    def grant_decrypt(self, role: Role) -> None:
        """Let the role read data under this key, by way of the key's services only."""
        role.may_all(f"Decrypt{titled(self.name)}", [self.decrypts()])


def titled(name: Name | str) -> str:
    """The words of a name in CamelCase, as a Sid takes them (letters and digits only)."""
    return "".join(word.capitalize() for word in str(name).split("-"))


def _statements(args: KeyArgs) -> list[Statement]:
    used = used_through(args.place, args.through)
    return [administered(args.place), *used, *args.services, *kept_by(args.keepers)]


def _faults(args: KeyArgs) -> list[str]:
    """What KMS would refuse, or what would lock everybody out, a sentence each."""
    faults = []
    if not SHORTEST_WINDOW <= args.deletion_days <= LONGEST_WINDOW:
        faults.append(f"deletion_days is {args.deletion_days}; KMS takes {SHORTEST_WINDOW} to {LONGEST_WINDOW}")
    if not SHORTEST_PERIOD <= args.rotation_days <= LONGEST_PERIOD:
        faults.append(f"rotation_days is {args.rotation_days}; KMS takes {SHORTEST_PERIOD} to {LONGEST_PERIOD}")
    if not args.through:
        faults.append("through is empty; name a service, such as 's3', or no role can ever use the key")
    if not (args.purpose and args.purpose.isascii()):
        faults.append("purpose must say in plain ASCII what the key is for")
    return faults
