"""A key of our own: it rotates, cannot vanish overnight, and administering it is not using it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_aws as aws

from components.component import Component
from components.key_policy import DECRYPT, ENCRYPT, administered, administered_by, kept_by, through, used_through
from components.key_reach import Copies, CustomStore
from components.place import Place
from components.policy_document import PolicyDocument, Statement, allow
from components.role import Role
from core.errors import BadInput
from core.naming import Name

SHORTEST_WINDOW, LONGEST_WINDOW = 7, 30
SHORTEST_PERIOD, LONGEST_PERIOD = 90, 2560
"""Days: https://docs.aws.amazon.com/kms/latest/APIReference/API_ScheduleKeyDeletion.html and
https://docs.aws.amazon.com/kms/latest/APIReference/API_EnableKeyRotation.html"""


ROLE = re.compile(r"(?=.*[\w+=,.@-])[\w+=,.@/*?-]+")
"""What may follow `role/`: a path, a name, and the wildcards of a pattern, but not those alone."""


@dataclass(frozen=True)
class KeyArgs:
    """All a key has to be told.

    `through` names the services by way of which roles may use it (`s3`, `logs`, `sagemaker`, `sns`); `services` are
    the statements for service principals, made by `components.key_policy`; `keepers` are the ARNs of the only
    principals that may disable it or schedule its deletion. `administrators` are the ARNs, with `*` where a pattern
    is meant, of the only roles that may administer it, the deploying one among them; without any IAM of the account
    decides. `copies` makes it a multi-Region key, `store` puts it into a key store of the customer's own.
    """

    place: Place
    purpose: str
    through: Sequence[str] = ("s3",)
    services: Sequence[Statement] = ()
    keepers: Sequence[pulumi.Input[str]] = ()
    rotation_days: int = 365
    deletion_days: int = LONGEST_WINDOW
    administrators: Sequence[str] = ()
    copies: Copies | None = None
    store: CustomStore | None = None


class Key(Component):
    """A KMS key with yearly rotation, an explicit policy and an alias that carries the environment.

    In a key store of the customer's own it does not rotate: KMS cannot. Raises BadInput for a rotation or deletion
    window that KMS does not take, for no service to be used through, for a purpose that is not plain ASCII, for
    administrators that are no roles of this account, for copies outside the residency set, and for a store together
    with copies.
    """

    def __init__(self, name: Name, args: KeyArgs, parent: pulumi.Resource | None = None) -> None:
        if faults := _faults(args):
            msg = f"key {name}: {'; '.join(faults)}"
            raise BadInput(msg)
        super().__init__("Key", name, parent, _facts(args))
        self.args = args
        policy, rotates = PolicyDocument(f"{name}-key", _statements(args), self), not args.store
        self.key = aws.kms.Key(
            f"{name}-key",
            description=args.purpose,
            enable_key_rotation=True if rotates else None,
            rotation_period_in_days=args.rotation_days if rotates else None,
            multi_region=True if args.copies else None,
            custom_key_store_id=args.store.id if args.store else None,
            xks_key_id=args.store.external_key if args.store else None,
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


def key_statements(place: Place, through: Sequence[str], administrators: Sequence[str]) -> list[Statement]:
    """What the policy of every key says: who administers it, and how roles use it."""
    administration = administered_by(place, administrators) if administrators else [administered(place)]
    return [*administration, *used_through(place, through)]


def policy_faults(place: Place, purpose: str, through: Sequence[str], administrators: Sequence[str]) -> list[str]:
    """What is wrong with what the policy of every key is made of, a sentence each."""
    faults = []
    if not through:
        faults.append("through is empty; name a service, such as 's3', or no role can ever use the key")
    if not (purpose and purpose.isascii()):
        faults.append("purpose must say in plain ASCII what the key is for")
    own = place.arn("iam", "role/", region="")
    for number, arn in enumerate(administrators):
        if not (arn.startswith(own) and ROLE.fullmatch(arn.removeprefix(own))):
            faults.append(f"administrators[{number}] is no role of this account; expected an ARN such as {own}admin-*")
    return faults


def window_faults(days: int) -> list[str]:
    """What is wrong with the days between the order to delete a key and its end, a sentence at most."""
    right = SHORTEST_WINDOW <= days <= LONGEST_WINDOW
    return [] if right else [f"deletion_days is {days}; KMS takes {SHORTEST_WINDOW} to {LONGEST_WINDOW}"]


def _statements(args: KeyArgs) -> list[Statement]:
    copied = args.copies.statements(args.place, args.administrators) if args.copies else []
    used = key_statements(args.place, args.through, args.administrators)
    return [*used, *args.services, *copied, *kept_by(args.keepers)]


def _facts(args: KeyArgs) -> dict[str, Any]:
    """What a reviewer wants to read of the key as a whole."""
    told = {"purpose": args.purpose, "usedThrough": list(args.through), "keepers": list(args.keepers)}
    more = {"administrators": list(args.administrators), "copies": list(args.copies.regions) if args.copies else []}
    return {**told, **more, "store": args.store.id if args.store else None}


def _faults(args: KeyArgs) -> list[str]:
    """What KMS would refuse, or what would lock everybody out, a sentence each."""
    faults = window_faults(args.deletion_days)
    if not SHORTEST_PERIOD <= args.rotation_days <= LONGEST_PERIOD:
        faults.append(f"rotation_days is {args.rotation_days}; KMS takes {SHORTEST_PERIOD} to {LONGEST_PERIOD}")
    faults += policy_faults(args.place, args.purpose, args.through, args.administrators)
    if args.copies:
        faults += args.copies.faults(args.place)
    if args.store:
        faults += args.store.faults()
    if args.copies and args.store:
        faults.append("a key in a store of your own cannot be copied into other Regions; leave out one of the two")
    return faults
