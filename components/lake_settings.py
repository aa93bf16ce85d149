"""Who administers the data lake of an account, and what a new database or table lets everybody do: nothing."""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.component import Component
from core.errors import BadInput
from core.naming import Name

MOST_ADMINISTRATORS = 30
"""https://docs.aws.amazon.com/lake-formation/latest/dg/lf-limits.html"""


@dataclass(frozen=True)
class LakeSettingsArgs:
    """ARNs of the roles that administer the lake, the deploying one among them, and of those that may look at it all.

    Who administers grants anything to anybody, and so does the deployment: it makes the grants of each DataLake.
    """

    administrators: Sequence[pulumi.Input[str]]
    auditors: Sequence[pulumi.Input[str]] = ()


class LakeSettings(Component):
    """Lake Formation decides over new databases and tables, and IAM alone does not.

    By default it lets everybody in whom IAM lets (IAMAllowedPrincipals): these defaults are taken away. There is one
    such setting in an account and Region: it belongs to the account's own layer, once, before the first DataLake, and
    two environments of one account share it. A database that stood before keeps what it had; revoke that by hand.
    Raises BadInput for no administrator, and for more than Lake Formation takes.
    """

    def __init__(self, name: Name, args: LakeSettingsArgs, parent: pulumi.Resource | None = None) -> None:
        count = len(args.administrators)
        if not 1 <= count <= MOST_ADMINISTRATORS:
            msg = f"lake settings {name}: {count} administrators; expected 1 to {MOST_ADMINISTRATORS}"
            raise BadInput(msg)
        super().__init__("LakeSettings", name, parent, {"administratorCount": count})
        # Said though they are empty: what is left out stays as it was.
        # https://docs.aws.amazon.com/lake-formation/latest/dg/change-settings.html
        self.settings = aws.lakeformation.DataLakeSettings(
            f"{name}-settings",
            admins=list(args.administrators),
            read_only_admins=list(args.auditors),
            create_database_default_permissions=[],
            create_table_default_permissions=[],
            allow_external_data_filtering=False,
            allow_full_table_external_data_access=False,
            opts=self.child,
        )
        self.done()
