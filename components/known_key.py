"""A key that another stack of this environment made: used and granted like one's own, and not made again."""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi

from components.component import Component
from components.key import Key, KeyArgs
from components.place import Place
from core.naming import Name


@dataclass(frozen=True)
class KnownKeyArgs:
    """Where it is, its ARN, and the services by way of which roles may use it, as the stack that made it says."""

    place: Place
    arn: pulumi.Input[str]
    through: Sequence[str] = ("s3",)


class KnownKey(Key):
    """A key by its ARN, for components of a layer above the one it is made in.

    Nothing is made. Guards that ask about the key answer `unknown` here: they answered where it is made.
    Refuses nothing: what it stands for was checked where it is made.
    """

    def __init__(self, name: Name, args: KnownKeyArgs, parent: pulumi.Resource | None = None) -> None:
        Component.__init__(self, "KnownKey", name, parent, {"arn": args.arn, "usedThrough": list(args.through)})
        self.args = KeyArgs(args.place, "Made by another stack", through=args.through)
        self.arn = pulumi.Output.from_input(args.arn)
        self.done(arn=self.arn)
