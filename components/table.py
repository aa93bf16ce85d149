"""A table that holds one class of data, sealed with our key, kept for as long as its items are and no longer."""

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.component import Component
from components.key import Key, titled
from components.key_policy import ITSELF, through
from components.place import Place
from components.policy_document import Statement, allow
from components.role import Role
from core.errors import BadInput
from core.naming import Name
from core.retention import DataClass

SERVICE = "dynamodb"
EXPIRES = "expires_at"
"""The attribute by which an item says when it lapses, in seconds since 1970, as a number:
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/time-to-live-ttl-before-you-start.html"""
SHORTEST_UNDO, LONGEST_UNDO = 1, 35
"""Days: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_PointInTimeRecoverySpecification.html"""
READ = ("dynamodb:BatchGetItem", "dynamodb:GetItem", "dynamodb:Query")
WRITE = ("dynamodb:ConditionCheckItem", "dynamodb:PutItem", "dynamodb:UpdateItem")
"""Not BatchWriteItem: it deletes as well as it puts, and asks for no other permission to do so.
https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchWriteItem.html"""


def for_tables(place: Place) -> list[Statement]:
    """DynamoDB keeps tables under this key, by grants that it makes for whoever creates a table.

    https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html
    """
    given = through(place, [SERVICE])
    return [allow("TablesKeptSealed", ["kms:CreateGrant"], ITSELF, {"AWS": place.root}, given)]


@dataclass(frozen=True)
class TableArgs:
    """All a table has to be told.

    The key is used through `dynamodb` and has `for_tables` among its `services`. `keep_days` is how long an item may be
    kept: a writer puts the end of it into the attribute `expires_at`. For `undo_days` the table can be had back as it
    was at any second; so long an erased item, too, can be brought back.
    """

    data_class: DataClass
    keep_days: int
    key: Key
    partition_key: str = "id"
    sort_key: str = ""
    undo_days: int = LONGEST_UNDO
    force_destroy: bool = False


class Table(Component):
    """A DynamoDB table with its key, point-in-time recovery, expiry of items and protection from deletion.

    It is paid by request, and has no resource policy: nobody outside the account comes near it. Raises BadInput for a
    key that is not used through DynamoDB or does not let it make grants, days that DynamoDB does not take, and keys of
    items that are alike or not named.
    """

    def __init__(self, name: Name, args: TableArgs, parent: pulumi.Resource | None = None) -> None:
        if faults := _faults(args):
            msg = f"table {name}: {'; '.join(faults)}"
            raise BadInput(msg)
        facts = {"dataClass": str(args.data_class), "keepDays": args.keep_days, "undoDays": args.undo_days}
        super().__init__("Table", name, parent, facts)
        self.args = args
        columns = [column for column in (args.partition_key, args.sort_key) if column]
        self.table = aws.dynamodb.Table(
            f"{name}-table",
            hash_key=args.partition_key,
            range_key=args.sort_key or None,
            attributes=[{"name": column, "type": "S"} for column in columns],
            billing_mode="PAY_PER_REQUEST",
            server_side_encryption={"enabled": True, "kms_key_arn": args.key.arn},
            point_in_time_recovery={"enabled": True, "recovery_period_in_days": args.undo_days},
            deletion_protection_enabled=not args.force_destroy,
            ttl={"enabled": True, "attribute_name": EXPIRES},
            tags=dict(name.tagged(data_class=args.data_class).tags),
            opts=self.child,
        )
        self.arn, self.table_name = self.table.arn, self.table.name
        self.done(arn=self.arn, name=self.table_name)

    def grant_read(self, role: Role) -> None:
        """Let the role get items by their keys, one or several; not search all of the table, not write."""
        self._grant(role, "Read", READ)

    def grant_scan(self, role: Role) -> None:
        """Let the role read through all of the table."""
        self._grant(role, "Scan", ("dynamodb:Scan",))

    def grant_write(self, role: Role) -> None:
        """Let the role put and change items, one at a time; not read, not delete."""
        self._grant(role, "Write", WRITE)

    def grant_delete(self, role: Role) -> None:
        """Let the role delete items: for the erasure of what is kept about a person."""
        self._grant(role, "Delete", ("dynamodb:DeleteItem",))

    def _grant(self, role: Role, verb: str, actions: tuple[str, ...]) -> None:
        """Whatever is done with a table, DynamoDB decrypts the table's own key on behalf of who does it."""
        sid = verb + titled(self.name)
        role.may_all(sid, [allow(sid, actions, [self.arn]), self.args.key.decrypts()])


def _faults(args: TableArgs) -> list[str]:
    """Why this table must not be made, a sentence each."""
    undo, key = args.undo_days, args.key.args
    granting = [said for said in key.services if "kms:CreateGrant" in said["Action"]]
    names = [args.partition_key, args.sort_key]
    checks = (
        (args.keep_days < 1, f"keep_days is {args.keep_days}; expected 1 or more"),
        (
            not SHORTEST_UNDO <= undo <= LONGEST_UNDO,
            f"undo_days is {undo}; DynamoDB takes {SHORTEST_UNDO} to {LONGEST_UNDO}",
        ),
        (SERVICE not in key.through, "its key cannot be used through dynamodb; add that to the key"),
        (not granting, "its key lets DynamoDB make no grants; give the key `for_tables` among its `services`"),
        (not args.partition_key, "partition_key is empty; name the attribute that tells items apart"),
        (EXPIRES in names, f"the key of an item must not be {EXPIRES!r}, by which items lapse"),
        (args.partition_key and args.partition_key == args.sort_key, "partition_key and sort_key are the same"),
    )
    return [said for wrong, said in checks if wrong]
