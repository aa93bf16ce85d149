"""One environment: everything hangs below it, and each part goes to the account and Region that is meant."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pulumi
import pulumi_aws as aws

from components.component import Component
from components.place import Place
from core.naming import Name

HOLD_DATA = frozenset(
    {
        "aws:backup/vault:Vault",
        "aws:cloudtrail/trail:Trail",
        "aws:dynamodb/table:Table",
        "aws:kms/key:Key",
        "aws:kms/replicaKey:ReplicaKey",
        "aws:s3/bucket:Bucket",
        "aws:sagemaker/featureGroup:FeatureGroup",
        "aws:secretsmanager/secret:Secret",
    }
)
"""What is gone for good when it is destroyed: what holds data, opens it, or records who touched it.

`policies.protection` judges the same types.
"""


@dataclass(frozen=True)
class Elsewhere:
    """Further places that the environment reaches into, by what they are for, and the role it takes in other accounts.

    A place is another account, or another Region of its own.
    """

    places: Mapping[str, Place] = field(default_factory=dict)
    role: str = ""


NOWHERE = Elsewhere()


class Environment(Component):
    """The root of an environment, with a provider for each of its places that refuses every other account.

    The Region stands in the plan, so that a guard can read it: with a default provider it would come from the shell of
    whoever deploys. https://www.pulumi.com/docs/iac/concepts/resources/providers/ Where it is `protected`, the engine
    refuses to destroy or replace what holds data. Refuses nothing: its places are checked where they are made.
    """

    def __init__(
        self,
        name: Name,
        place: Place,
        facts: Mapping[str, Any],
        elsewhere: Elsewhere = NOWHERE,
        *,
        protected: bool = False,
    ) -> None:
        home = aws.Provider(f"{name}-home", region=place.region, allowed_account_ids=[place.account])
        guarded: list[pulumi.ResourceTransformation] = [_kept] if protected else []
        super().__init__("Environment", name, None, {**facts, "protected": protected}, [home], guarded)
        self.place = place
        self.abroad: dict[Place, pulumi.ProviderResource] = {}
        for purpose, there in elsewhere.places.items():
            if there not in {place, *self.abroad}:
                self.abroad[there] = self._reaching(name / purpose, there, elsewhere.role)
        self.done()

    def provider_at(self, place: Place) -> pulumi.ProviderResource | None:
        """The provider of another place; None for the environment's own, whose provider all its parts have anyway.

        Raises KeyError for a place that the environment was not told of.
        """
        return None if place == self.place else self.abroad[place]

    def _reaching(self, name: Name, there: Place, role: str) -> aws.Provider:
        """In another account by way of a role; if it ends up anywhere else, it refuses to work."""
        taken: Any = {"role_arn": there.arn("iam", f"role/{role}", region=""), "session_name": str(self.name)}
        roles = [taken] if there.account != self.place.account else None
        return aws.Provider(str(name), region=there.region, allowed_account_ids=[there.account], assume_roles=roles)


def _kept(args: pulumi.ResourceTransformationArgs) -> pulumi.ResourceTransformationResult | None:
    """The resource under protection, where it is of a type that holds data."""
    if args.type_ not in HOLD_DATA:
        return None
    options = pulumi.ResourceOptions.merge(args.opts, pulumi.ResourceOptions(protect=True))
    return pulumi.ResourceTransformationResult(args.props, options)
