"""What every component is: a Pulumi component with a house name, whose children hang below it."""

from collections.abc import Mapping
from typing import Any

import pulumi

from core.naming import Name

PACKAGE = "strongroom:index:"


class Component(pulumi.ComponentResource):
    """A thing the platform has.

    `facts` become the component's inputs in the plan and the state: what a reviewer, or a guard, may want to read of
    it. They must not depend on the component's own children: Pulumi would wait for ever.
    """

    def __init__(
        self,
        kind: str,
        name: Name,
        parent: pulumi.Resource | None = None,
        facts: Mapping[str, Any] | None = None,
        providers: list[pulumi.ProviderResource] | None = None,
        transformations: list[pulumi.ResourceTransformation] | None = None,
    ) -> None:
        opts = pulumi.ResourceOptions(parent=parent, providers=providers, transformations=transformations)
        super().__init__(PACKAGE + kind, str(name), dict(facts or {}), opts)
        self.name = name

    @property
    def child(self) -> pulumi.ResourceOptions:
        """Options for a resource that is a part of this component."""
        return pulumi.ResourceOptions(parent=self)

    def after(self, *needed: pulumi.Resource) -> pulumi.ResourceOptions:
        """Options for a part that AWS refuses until the others exist."""
        return pulumi.ResourceOptions(parent=self, depends_on=list(needed))

    def done(self, **outputs: Any) -> None:
        """Close the component: nothing is created below it afterwards but grants."""
        self.register_outputs(outputs)
