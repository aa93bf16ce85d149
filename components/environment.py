"""One environment: everything hangs below it, and all of it goes to one account and one Region."""

from collections.abc import Mapping
from typing import Any

import pulumi_aws as aws

from components.component import Component
from components.place import Place
from core.naming import Name


class Environment(Component):
    """The root of an environment, with a provider that refuses every other account.

    The Region stands in the plan, so that a guard can read it: with a default provider it would come from the shell of
    whoever deploys. https://www.pulumi.com/docs/iac/concepts/resources/providers/
    """

    def __init__(self, name: Name, place: Place, facts: Mapping[str, Any]) -> None:
        home = aws.Provider(f"{name}-home", region=place.region, allowed_account_ids=[place.account])
        super().__init__("Environment", name, None, facts, [home])
        self.done()
