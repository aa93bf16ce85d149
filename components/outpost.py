"""What an environment makes in another account of its own: all of it hangs below one component."""

from dataclasses import dataclass

import pulumi

from components.component import Component
from components.place import Place
from core.naming import Name


@dataclass(frozen=True)
class OutpostArgs:
    """The other account, in which Region, and the provider that works there."""

    place: Place
    provider: pulumi.ProviderResource


class Outpost(Component):
    """A part of an environment in another account: whatever hangs below it is made there, with that provider.

    Refuses nothing: the provider refuses every account but its own.
    """

    def __init__(self, name: Name, args: OutpostArgs, parent: pulumi.Resource | None = None) -> None:
        facts = {"account": args.place.account, "region": args.place.region}
        super().__init__("Outpost", name, parent, facts, [args.provider])
        self.args = args
        self.done()
