"""How far a key reaches: copied into further Regions, or kept in a store outside of KMS."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from components.key_policy import ITSELF
from components.place import Place
from components.policy_document import Statement, allow, deny
from core.regions import partition_of, region_fault

STORE = re.compile(r"cks-[0-9a-f]{17}")
EXTERNAL = re.compile(r"[a-zA-Z0-9-_.]{1,128}")
"""https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateKey.html"""


@dataclass(frozen=True)
class Copies:
    """A multi-Region key: `regions` are those that a copy may be made in, `residency` those that data may be in.

    https://docs.aws.amazon.com/kms/latest/developerguide/multi-region-keys-overview.html
    Whether a key is one is decided when it is made: to change that is to replace it, and with it what it opens.
    """

    regions: Sequence[str]
    residency: Sequence[str]

    def faults(self, place: Place) -> list[str]:
        """Why no key here may be copied so, a sentence each."""
        if not self.regions:
            return ["copies name no Region; leave them out for a key of one Region"]
        faults = [f"copies in {code!r}; expected {fault}" for code in self.regions if (fault := region_fault(code))]
        if faults:
            return faults
        if outside := sorted({*self.regions} - {*self.residency}):
            faults.append(f"copies in {', '.join(outside)}, outside the residency set; data must not be opened there")
        if place.region in self.regions:
            faults.append(f"copies in {place.region}, which has the key itself; name other Regions")
        if any(partition_of(code) != place.partition for code in self.regions):
            faults.append(f"a copy outside partition {place.partition}; KMS copies within one")
        if len(set(self.regions)) < len(self.regions):
            faults.append("copies name a Region twice; KMS makes one copy in each")
        return faults

    def statements(self, place: Place, administrators: Sequence[str]) -> list[Statement]:
        """Copies are made in these Regions, by administrators where there are some, and nowhere else.

        https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-replica-region
        Nobody is let move the primary: which key is the primary is a decision of this program.
        """
        copied, here = ["kms:ReplicateKey"], {"kms:ReplicaRegion": sorted(self.regions)}
        by = {"ArnLike": {"aws:PrincipalArn": [place.root, *administrators]}} if administrators else {}
        return [
            allow("AccountCopies", copied, ITSELF, {"AWS": place.root}, {"StringEquals": here, **by}),
            deny("NoCopyElsewhere", copied, ITSELF, {"AWS": "*"}, {"StringNotEquals": here}),
        ]


@dataclass(frozen=True)
class CustomStore:
    """A key store of the customer's own: a CloudHSM cluster, or, with `external_key`, a key manager outside of AWS.

    The store stands and is connected before. Keys in it are symmetric, of one Region, and KMS cannot rotate them by
    itself; ten stores fit in a Region, and while the store is away nothing under its keys can be read.
    https://docs.aws.amazon.com/kms/latest/developerguide/key-store-overview.html
    """

    id: str
    external_key: str | None = None

    def faults(self) -> list[str]:
        """What KMS would refuse about it, a sentence each."""
        faults = []
        if not STORE.fullmatch(self.id):
            faults.append(f"store {self.id!r}; expected an id such as 'cks-1234567890abcdef0'")
        if self.external_key is not None and not EXTERNAL.fullmatch(self.external_key):
            faults.append("external_key must be 1 to 128 letters, digits and '-', '_', '.'")
        return faults
