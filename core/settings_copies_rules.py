"""What settings about copies, keys and the record must be together; see `settings_rules`."""

from __future__ import annotations

from core.principals import PrincipalKind, principal_of
from core.regions import partition_of

ARN_ACCOUNT = 4
ALWAYS_ON = frozenset(
    {
        *("us-east-1", "us-east-2", "us-west-1", "us-west-2", "ca-central-1", "sa-east-1"),
        *("eu-central-1", "eu-north-1", "eu-west-1", "eu-west-2", "eu-west-3"),
        *("ap-northeast-1", "ap-northeast-2", "ap-northeast-3", "ap-south-1", "ap-southeast-1", "ap-southeast-2"),
    }
)
"""Regions that no account has to opt in to:
https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-regions.html"""


def replicas_have_a_region(copy_region: str | None, replicate: bool | None) -> str | None:  # noqa: FBT001 - a value of the file
    """A live copy lies somewhere."""
    return "false, or `copy_region` beside it: where the copies lie" if replicate and not copy_region else None


def keys_are_copied_inside(region: str, residency: tuple[str, ...], copies: tuple[str, ...]) -> str | None:
    """Where a copy of a key is, all that was sealed with it can be read."""
    others = [code for code in residency if code != region]
    wrong = [code for code in copies if code not in others]
    hint = f"of {', '.join(others)}" if others else "none while residency names the home Region alone"
    return f"other Regions of the residency set ({hint}); not so: {', '.join(wrong)}" if wrong else None


def stored_keys_are_not_copied(copies: tuple[str, ...], custom_store: str | None) -> str | None:
    """KMS copies no key of a custom store.

    https://docs.aws.amazon.com/kms/latest/developerguide/key-store-overview.html
    """
    return (
        "nothing beside keys.copies: a key in a store of your own has one Region" if copies and custom_store else None
    )


def administrators_are_at_home(account: str, administrators: tuple[str, ...]) -> str | None:
    """Who administers a key is of its own account; the account's own IAM has to allow it besides."""
    strange = [arn for arn in administrators if arn.split(":")[ARN_ACCOUNT] != account]
    return f"roles of the account {account}" if strange else None


def whole_organisation_has_its_accounts(
    organisation: str,
    management: str | None,
    log_archive: str | None,
    whole: bool,  # noqa: FBT001 - a value of the file
) -> str | None:
    """Such a trail is made in the management account, and delivers to an account that it does not rule.

    https://docs.aws.amazon.com/awscloudtrail/latest/userguide/creating-trail-organization.html
    """
    needed = {"organisation": organisation, "accounts.management": management, "accounts.log_archive": log_archive}
    missing = [name for name, value in needed.items() if not value]
    return f"false, or beside it: {', '.join(missing)}" if whole and missing else None


def organisation_trail_stands_where_all_are(region: str, whole: bool) -> str | None:  # noqa: FBT001 - a value of the file
    """From accounts that have not opted in to its home Region, an organisation's trail gets nothing.

    https://docs.aws.amazon.com/awscloudtrail/latest/userguide/creating-trail-organization.html
    """
    if whole and partition_of(region) == "aws" and region not in ALWAYS_ON:
        return f"false in {region}: accounts have to opt in to that Region, and those that have not would send nothing"
    return None


def adopted_trail_is_its_owners(trail: str | None, whole: bool) -> str | None:  # noqa: FBT001 - a value of the file
    """What another trail records is decided where it is declared."""
    return "false beside adopt.trail: that trail records what its owner says" if trail and whole else None


def readers_are_roles(account: str, log_archive: str | None, trail: str | None, readers: tuple[str, ...]) -> str | None:
    """The archive's own policy names them, so they are roles, and there is an archive to read.

    In the workload's own account the persona `security-auditor` reads the record.
    """
    if not readers:
        return None
    if trail or log_archive in {None, account}:
        return "none while no log archive is made in an account of its own; name one as accounts.log_archive"
    wrong = [arn for arn in readers if principal_of(arn).kind is not PrincipalKind.ROLE]
    return f"ARNs of roles; not so: {', '.join(wrong)}" if wrong else None
