"""A table that another stack of this environment made: granted like one's own, and not made again."""

from dataclasses import dataclass

import pulumi

from components.component import Component
from components.key import Key
from components.place import Place
from components.table import Table, TableArgs
from core.naming import Name
from core.retention import DataClass


@dataclass(frozen=True)
class KnownTableArgs:
    """Where it is, what it is called, which class of data it holds for how long, and the key that seals it."""

    place: Place
    table: pulumi.Input[str]
    data_class: DataClass
    keep_days: int
    key: Key


class KnownTable(Table):
    """A table by its name, for components of a layer above the one it is made in.

    Nothing is made. Guards that ask about the table answer `unknown` here: they answered where it is made.
    Refuses nothing: what it stands for was checked where it is made.
    """

    def __init__(self, name: Name, args: KnownTableArgs, parent: pulumi.Resource | None = None) -> None:
        facts = {"table": args.table, "dataClass": str(args.data_class)}
        Component.__init__(self, "KnownTable", name, parent, facts)
        self.args = TableArgs(args.data_class, args.keep_days, args.key)
        self.table_name = pulumi.Output.from_input(args.table)
        self.arn = pulumi.Output.concat(args.place.arn("dynamodb", "table/"), self.table_name)
        self.done(arn=self.arn, name=self.table_name)
