"""Where backups lie: under a key of their own, and out of reach of whoever could delete them."""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.bucket_policy import ANYONE
from components.component import Component
from components.key import LONGEST_WINDOW, Key, KeyArgs
from components.key_policy import ITSELF, through
from components.object_lock import REAL_DATA
from components.place import Place
from components.policy_document import PolicyDocument, Statement, allow, deny
from core.errors import BadInput
from core.naming import Name
from core.retention import LONGEST_DAYS

SHORTEST_GRACE, LONGEST_GRACE = 3, LONGEST_DAYS
"""Days: https://docs.aws.amazon.com/aws-backup/latest/devguide/vault-lock.html"""
REMOVALS = ("backup:DeleteRecoveryPoint", "backup:DisassociateRecoveryPoint", "backup:UpdateRecoveryPointLifecycle")
"""Spelt out: a vault's policy takes no wildcard in an action.
https://docs.aws.amazon.com/aws-backup/latest/devguide/create-a-vault-access-policy.html"""


@dataclass(frozen=True)
class Forever:
    """The lock becomes final after so many days of grace: nobody, AWS included, ends it before the backups expire.

    `vault` repeats the vault's name, so that nobody does this by a copied line. Closing the account is the only way
    out, and then the vault goes too, after 90 days.
    """

    vault: str
    grace_days: int


@dataclass(frozen=True)
class BackupVaultArgs:
    """All a vault has to be told.

    Days: no backup is kept for less than `min_days` or more than `max_days`; jobs that ask for anything else fail.
    `tier` says how seriously it is meant. `final` makes the lock one that nobody can lift. `keepers` are the only
    principals that may end its key. `provider` makes it in another Region or account than its parent's.
    """

    place: Place
    tier: str
    min_days: int
    max_days: int
    final: Forever | None = None
    keepers: Sequence[pulumi.Input[str]] = ()
    provider: pulumi.ProviderResource | None = None
    key_deletion_days: int = LONGEST_WINDOW
    force_destroy: bool = False


class BackupVault(Component):
    """A vault with its own key, a lock on its backups' age, and a policy by which nobody removes one by hand.

    The lock can be lifted by who may do so in IAM, unless it is made final by an explicit acknowledgement. Raises
    BadInput for bounds that contradict each other or AWS, a final lock in a tier without real data or without the
    vault's name, force_destroy under a final lock or in a tier that holds real data, and for what Key refuses.
    """

    def __init__(self, name: Name, args: BackupVaultArgs, parent: pulumi.Resource | None = None) -> None:
        if faults := _faults(name, args):
            msg = f"backup vault {name}: {'; '.join(faults)}"
            raise BadInput(msg)
        facts = {"minDays": args.min_days, "maxDays": args.max_days, "final": args.final is not None}
        super().__init__("BackupVault", name, parent, facts, [args.provider] if args.provider else None)
        self.args = args
        self.key = self._key()
        # A fixed name, so that a plan in another Region can name it, and a guard can read where a copy goes.
        self.vault_name = str(name)
        self.arn = args.place.arn("backup", f"backup-vault:{name}")
        self.vault = aws.backup.Vault(
            f"{name}-vault",
            name=self.vault_name,
            kms_key_arn=self.key.arn,
            force_destroy=args.force_destroy,
            tags=dict(name.tags),
            opts=self.child,
        )
        aws.backup.VaultLockConfiguration(
            f"{name}-lock",
            backup_vault_name=self.vault.name,
            min_retention_days=args.min_days,
            max_retention_days=args.max_days,
            changeable_for_days=args.final.grace_days if args.final else None,
            opts=self.child,
        )
        document = PolicyDocument(f"{name}-policy", [nobody_removes()], self)
        aws.backup.VaultPolicy(
            f"{name}-policy", backup_vault_name=self.vault.name, policy=document.json, opts=self.child
        )
        self.done(arn=self.vault.arn)

    def keeps(self, days: int) -> bool:
        """Whether a backup may be kept here for so long."""
        return self.args.min_days <= days <= self.args.max_days

    def _key(self) -> Key:
        args = self.args
        sealing = KeyArgs(
            args.place,
            purpose="Seals backups",
            through=("backup",),
            services=for_backups(args.place),
            keepers=args.keepers,
            deletion_days=args.key_deletion_days,
        )
        return Key(self.name / "key", sealing, self)


def for_backups(place: Place) -> list[Statement]:
    """Who makes a vault lends its key to AWS's own services, by way of AWS Backup only.

    https://docs.aws.amazon.com/aws-backup/latest/devguide/create-a-vault.html#creating-a-vault-permissions
    """
    to, given = {"AWS": place.root}, through(place, ["backup"])
    lent = {**given, "Bool": {"kms:GrantIsForAWSResource": "true"}}
    return [
        allow("BackupPassesOn", ["kms:CreateGrant"], ITSELF, to, lent),
        allow("BackupTakesBack", ["kms:DescribeKey", "kms:RetireGrant"], ITSELF, to, given),
    ]


def nobody_removes() -> Statement:
    """Nobody removes a backup by hand, or shortens its life; those that are due expire all the same.

    The same statement as in CDK's `blockRecoveryPointDeletion`. Changing the policy itself is not denied: nobody could
    ever change it again, and the lock holds whatever the policy says.
    """
    return deny("NobodyRemoves", REMOVALS, ["*"], ANYONE)


def _faults(name: Name, args: BackupVaultArgs) -> list[str]:
    """Why this vault must not be made, a sentence each."""
    serious = args.tier in REAL_DATA
    checks = (
        (args.min_days < 1, f"min_days is {args.min_days}; expected 1 or more"),
        (args.max_days > LONGEST_DAYS, f"max_days is {args.max_days}; AWS takes {LONGEST_DAYS} at most"),
        (args.min_days > args.max_days, f"min_days {args.min_days} is more than max_days {args.max_days}; swap them"),
        (args.force_destroy and serious, f"force_destroy must be false in tier {args.tier}, where backups outlive us"),
    )
    return [*(said for wrong, said in checks if wrong), *_final(name, args)]


def _final(name: Name, args: BackupVaultArgs) -> list[str]:
    if (final := args.final) is None:
        return []
    checks = (
        (args.tier not in REAL_DATA, f"a final lock in tier {args.tier} could never be taken down; leave `final` out"),
        (final.vault != str(name), f"`final` must repeat the vault's name: Forever({str(name)!r}, grace_days=...)"),
        (
            not SHORTEST_GRACE <= final.grace_days <= LONGEST_GRACE,
            f"grace_days is {final.grace_days}; AWS takes {SHORTEST_GRACE} to {LONGEST_GRACE}",
        ),
        (args.force_destroy, "force_destroy cannot empty a vault under a final lock; leave it false"),
    )
    return [said for wrong, said in checks if wrong]
