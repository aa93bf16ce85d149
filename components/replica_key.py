"""A copy of a multi-Region key in another Region: the same key material under a policy of its own."""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.component import Component
from components.key import LONGEST_WINDOW, Key, key_statements, policy_faults, window_faults
from components.key_policy import kept_by
from components.place import Place
from components.policy_document import PolicyDocument, Statement
from core.errors import BadInput
from core.naming import Name


@dataclass(frozen=True)
class ReplicaKeyArgs:
    """All a copy has to be told. `place` is where the copy stands; the rest is as KeyArgs says it.

    KMS keeps in step what the key material is and when it rotates, and nothing else: policy, alias, tags and whether it
    is on are the copy's own. https://docs.aws.amazon.com/kms/latest/developerguide/multi-region-keys-overview.html
    """

    place: Place
    primary: Key
    purpose: str
    through: Sequence[str] = ("s3",)
    services: Sequence[Statement] = ()
    keepers: Sequence[pulumi.Input[str]] = ()
    deletion_days: int = LONGEST_WINDOW
    administrators: Sequence[str] = ()


class ReplicaKey(Component):
    """A replica of a multi-Region key, with its own policy and alias, in a Region that the key may be copied to.

    It rotates with its primary, and the primary waits with its end until all copies are gone. Raises BadInput for a
    primary that is not to be copied, or not to this Region, for another account, and for what Key refuses of
    `purpose`, `through`, `administrators` and `deletion_days`.
    """

    def __init__(self, name: Name, args: ReplicaKeyArgs, parent: pulumi.Resource | None = None) -> None:
        if faults := _faults(args):
            msg = f"replica key {name}: {'; '.join(faults)}"
            raise BadInput(msg)
        facts = {"purpose": args.purpose, "region": args.place.region, "usedThrough": list(args.through)}
        super().__init__("ReplicaKey", name, parent, facts)
        self.args = args
        policy, region = PolicyDocument(f"{name}-copy", _statements(args), self), args.place.region
        self.key = aws.kms.ReplicaKey(
            f"{name}-copy",
            region=region,
            primary_key_arn=args.primary.arn,
            description=args.purpose,
            deletion_window_in_days=args.deletion_days,
            policy=policy.json,
            tags=dict(name.tags),
            opts=self.child,
        )
        self.arn = self.key.arn
        aws.kms.Alias(
            f"{name}-alias", region=region, name=f"alias/{name}", target_key_id=self.key.key_id, opts=self.child
        )
        self.done(arn=self.arn)


def _statements(args: ReplicaKeyArgs) -> list[Statement]:
    return [*key_statements(args.place, args.through, args.administrators), *args.services, *kept_by(args.keepers)]


def _faults(args: ReplicaKeyArgs) -> list[str]:
    primary, place = args.primary.args, args.place
    faults = window_faults(args.deletion_days)
    faults += policy_faults(place, args.purpose, args.through, args.administrators)
    if primary.copies is None:
        faults.append("its primary is a key of one Region; give that key `copies`, which replaces it if it stands")
    elif place.region not in primary.copies.regions:
        faults.append(f"its primary is not to be copied to {place.region}; add the Region to the key's `copies`")
    if place.account != primary.place.account:
        faults.append("it stands in another account than its primary; KMS copies within one")
    return faults
