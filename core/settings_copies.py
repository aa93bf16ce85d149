"""The sections about what is made of stores and keys besides themselves: copies, lists, doors, and who administers."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from core.retention import LONGEST_DAYS, DataClass
from core.settings_values import EACH_ONCE, Days, PrincipalArn, RegionCode, Section, formed, says

STORE_ID = "cks-[0-9a-f]{17}"
"""https://docs.aws.amazon.com/kms/latest/APIReference/API_CustomKeyStoresListEntry.html"""
RoleArn = Annotated[
    str,
    formed(
        r"arn:aws[a-z-]*:iam::[0-9]{12}:role/(?=[^*?]*[A-Za-z0-9])[A-Za-z0-9_+=,.@/*?-]{1,512}",
        "the ARN of a role, in which `*` stands for any text, such as 'arn:aws:iam::123456789012:role/key-admin-*'",
    ),
]


class Inventory(StrEnum):
    """How often all that lies in a store is listed."""

    DAILY = "daily"
    WEEKLY = "weekly"
    OFF = "off"


class Stores(Section):
    """What is made for each store of data besides itself."""

    inventory: Inventory | None = says(
        f"one of {', '.join(Inventory)}; left out, weekly in staging and prod and off elsewhere", default=None
    )
    access_points: Annotated[tuple[DataClass, ...], EACH_ONCE] = says(
        f"a list of classes of data ({', '.join(DataClass)}) whose store gets a door for the network alone", default=()
    )


class Keys(Section):
    """Who administers the keys of data without being let use them, and how far those keys reach.

    Whether a key can be copied, and which store it is in, is decided when it is made: a change replaces it.
    """

    administrators: Annotated[tuple[RoleArn, ...], EACH_ONCE] = says(
        "a list of ARNs of roles that alone administer the keys of data, the deploying one among them", default=()
    )
    copies: Annotated[tuple[RegionCode, ...], EACH_ONCE] = says(
        "a list of further Regions of the residency set that the keys of data about people are copied to", default=()
    )
    custom_store: Annotated[str, formed(STORE_ID, "the id of a key store, such as 'cks-1234567890abcdef0'")] | None = (
        says("the id of a connected CloudHSM key store that holds the keys of data", default=None)
    )


class Audit(Section):
    """How long the record of who did what is locked against change, whom it is about, and who else reads it."""

    keep_days: Days = says(f"a number of days from 1 to {LONGEST_DAYS}")
    whole_organisation: bool = says("true where this environment's trail records every account", default=False)
    readers: Annotated[tuple[PrincipalArn, ...], EACH_ONCE] = says(
        "a list of ARNs of roles of other accounts that are there and may read the log archive", default=()
    )
