"""What an account has once: the floor below everything that is made in it, whoever makes it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_aws as aws

from components.component import Component
from components.place import Place
from core.errors import BadInput
from core.naming import Name
from core.regions import partition_of, region_fault

SHORTEST_PASSWORD, REMEMBERED, OLDEST_DAYS = 14, 24, 90
"""What the CIS AWS Foundations Benchmark, and AWS Config's rule IAM_PASSWORD_POLICY with it, ask of passwords:
https://docs.aws.amazon.com/config/latest/developerguide/iam-password-policy.html"""
ONE_HOP = 1
"""An answer with credentials reaches the machine itself, and no container or proxy on it:
https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-IMDS-new-instances.html"""


@dataclass(frozen=True)
class AccountBaselineArgs:
    """The account with its home Region, and the Regions where data may lie: each of them gets its own floor."""

    place: Place
    regions: Sequence[str]


class AccountBaseline(Component):
    """Nothing public, nothing unencrypted, no weak password: for the account, and for each Region where data may lie.

    No bucket of the account can be opened to the public, disks are encrypted from their start, snapshots and images
    are shared with nobody at large, machines give credentials to sessions only. All of this exists once per account or
    Region: one stack owns it, parts that belong to the account as a whole hang below it, and a second owner would take
    it away from the first when it is destroyed. Raises BadInput for no Region, one that is none or named twice, one of
    another partition, and when the home Region is missing.
    """

    def __init__(self, name: Name, args: AccountBaselineArgs, parent: pulumi.Resource | None = None) -> None:
        if faults := _faults(args):
            msg = f"account baseline {name}: {'; '.join(faults)}"
            raise BadInput(msg)
        super().__init__("AccountBaseline", name, parent, {"regions": list(args.regions)})
        self.args = args
        self._closed()
        self._strict()
        for region in args.regions:
            self._floor(region)
        self.done()

    def _closed(self) -> None:
        """Whatever a bucket says of itself."""
        aws.s3.AccountPublicAccessBlock(
            f"{self.name}-closed",
            account_id=self.args.place.account,
            block_public_acls=True,
            block_public_policy=True,
            ignore_public_acls=True,
            restrict_public_buckets=True,
            opts=self.child,
        )

    def _strict(self) -> None:
        """There should be no users with passwords; where there are, these hold. An expired one can be changed."""
        aws.iam.AccountPasswordPolicy(
            f"{self.name}-passwords",
            minimum_password_length=SHORTEST_PASSWORD,
            password_reuse_prevention=REMEMBERED,
            max_password_age=OLDEST_DAYS,
            require_lowercase_characters=True,
            require_uppercase_characters=True,
            require_numbers=True,
            require_symbols=True,
            allow_users_to_change_password=True,
            hard_expiry=False,
            opts=self.child,
        )

    def _floor(self, region: str) -> None:
        """The Region stands on each resource: the provider's own is the home Region."""
        there: Any = {"region": region, "opts": self.child}
        label = f"{self.name}-{region}"
        aws.ebs.EncryptionByDefault(f"{label}-disks", enabled=True, **there)
        aws.ebs.SnapshotBlockPublicAccess(f"{label}-snapshots", state="block-all-sharing", **there)
        aws.ec2.ImageBlockPublicAccess(f"{label}-images", state="block-new-sharing", **there)
        aws.ec2.InstanceMetadataDefaults(
            f"{label}-machines", http_tokens="required", http_put_response_hop_limit=ONE_HOP, **there
        )


def _faults(args: AccountBaselineArgs) -> list[str]:
    faults = [f"Region {code!r}; expected {fault}" for code in args.regions if (fault := region_fault(code))]
    if faults:
        return faults
    if args.place.region not in args.regions:
        given = ", ".join(args.regions) or "none"
        faults.append(f"the Regions are {given}; they must hold the home Region {args.place.region}")
    if len(set(args.regions)) < len(args.regions):
        faults.append("a Region is named twice; each has one floor")
    if any(partition_of(code) != args.place.partition for code in args.regions):
        faults.append(f"a Region outside partition {args.place.partition}; an account is in one partition")
    return faults
