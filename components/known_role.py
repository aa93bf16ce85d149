"""A role that another stack of this environment made: it can be granted more here, and is not made again."""

from dataclasses import dataclass

import pulumi

from components.component import Component
from components.place import Place
from components.role import Role
from core.naming import Name


@dataclass(frozen=True)
class KnownRoleArgs:
    """Where it is, and what it is called there."""

    place: Place
    role: pulumi.Input[str]


class KnownRole(Role):
    """A role by its name, for components of a layer above the one it is made in.

    Of the role nothing is made but what is granted to it here. AWS counts the policies of both stacks together.
    Refuses nothing: what it stands for was checked where it is made.
    """

    def __init__(self, name: Name, args: KnownRoleArgs, parent: pulumi.Resource | None = None) -> None:
        Component.__init__(self, "KnownRole", name, parent, {"role": args.role})
        self.role_name = pulumi.Output.from_input(args.role)
        self.arn = pulumi.Output.concat(args.place.arn("iam", "role/", region=""), self.role_name)
        self._granted = []
        self.done(arn=self.arn)
