"""What has to be known of AWS's services beside the policies: data with its pages, and the rules that are not settled.

Which actions take which resources comes from the dated snapshot of `core.iam_metadata`; what that lacks is not known,
and not thereby untrue.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from access.truth import Truth, unsure
from core.iam_metadata import IamMetadata
from core.organization_limits import RCP_SERVICES

LOW = MappingProxyType(
    {
        "S16": "how far an ARN with fewer than six parts reaches",
        "S17": "whether an ARN counts for an action that takes none",
        "S23": "whether naming a session covers a role with a path",
        "S33": "whether a session policy cuts a grant to the session itself",
        "S47": "how a key with several values meets an operator without ForAllValues or ForAnyValue",
        "A2": "whether its boundary cuts a user that a trust policy names",
        "A4": "whether boundary and session policy cut a grant to everybody",
        "S63": "whether boundary and session policy cut a KMS grant",
        "S72": "how a gateway endpoint reads a principal named by ARN",
    }
)
"""Rules of low confidence: an answer that hangs on one alone is unknown unless the asker trusts it."""

NO_ENDPOINT_POLICY = frozenset({"apprunner", "freertos", "iotdata", "memorydb", "rolesanywhere"})
"""Services whose endpoints take no policy (S71):
https://docs.aws.amazon.com/vpc/latest/privatelink/aws-services-privatelink-support.html"""
ALWAYS_PRESENT = frozenset(
    {
        *("aws:currenttime", "aws:epochtime", "aws:principaltype", "aws:requestedregion", "aws:securetransport"),
        *("aws:useragent", "aws:userid", "aws:viaawsservice"),
    }
)
"""Keys that every request carries:
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html"""
NEVER_EMPTY = ALWAYS_PRESENT | {"aws:sourceip", "aws:sourcevpc", "aws:sourcevpce", "aws:vpcsourceip"}
"""Keys whose values AWS makes, so that they are not empty where they are present; same page."""
MULTIVALUED = frozenset(
    {
        *("aws:calledvia", "aws:principalorgpaths", "aws:principalservicenameslist", "aws:sourceorgpaths"),
        *("aws:resourceorgpaths", "aws:tagkeys", "dynamodb:attributes", "dynamodb:leadingkeys"),
        *("kms:encryptioncontextkeys", "kms:resourcealiases"),
    }
)
"""Keys that may hold several values at once (S47):
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html and services' own"""


NOTHING_REQUIRED: Mapping[str, tuple[str, ...]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Reference:
    """The data to decide by, and the rules of low confidence that the asker takes as they stand in `LOW`.

    Actions stand in lower case: `without_resource` are granted by `*` alone (S17), `required_types` need several types
    of resource at once (S18).
    """

    rcp_services: frozenset[str] = RCP_SERVICES
    without_resource: frozenset[str] = frozenset()
    required_types: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: NOTHING_REQUIRED)
    no_endpoint_policy: frozenset[str] = NO_ENDPOINT_POLICY
    multivalued: frozenset[str] = MULTIVALUED
    trusting: frozenset[str] = frozenset()

    def low(self, rule: str, answer: bool) -> Truth:  # noqa: FBT001 - the answer that the rule gives, not a switch
        """What a rule of low confidence says, where it is trusted; else that it cannot be told."""
        if rule in self.trusting:
            return answer
        return unsure(f"{rule} is not settled: {LOW[rule]}")


DEFAULT = Reference()


def reference_from(metadata: IamMetadata) -> Reference:
    """The reference that the snapshot of AWS's own lists makes."""
    every = {one.name.lower(): one for about in metadata.of.values() for one in about.actions.values()}
    return Reference(
        metadata.rcp_services,
        frozenset(name for name, one in every.items() if not one.resources),
        MappingProxyType({name: one.required for name, one in every.items() if len(one.required) > 1}),
    )
