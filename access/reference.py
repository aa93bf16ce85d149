"""What has to be known of AWS's services beside the policies: data with its pages, and the rules that are not settled.

The lists stand for a dated snapshot and can be replaced by a fuller one; what they lack is not thereby untrue.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from access.truth import Truth, unsure

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

RCP_SERVICES = frozenset(
    {
        *("aoss", "cognito-idp", "cognito-identity", "dynamodb", "ecr", "kms", "logs", "s3", "secretsmanager", "sqs"),
        *("sts",),
    }
)
"""https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html (S40)"""
WITHOUT_RESOURCE = frozenset(
    {
        *("ec2:describeinstances", "ec2:describeregions", "ec2:describevpcs", "ecr:getauthorizationtoken"),
        *("iam:generatecredentialreport", "iam:listroles", "iam:listusers", "kms:createkey", "kms:listaliases"),
        *("kms:listkeys", "s3:listallmybuckets", "sagemaker:listmodels", "sts:getcalleridentity"),
    }
)
"""https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html"""
REQUIRED_TYPES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "ec2:runinstances": ("image", "instance", "network-interface", "security-group", "subnet", "volume"),
        "kms:createalias": ("alias", "key"),
        "kms:updatealias": ("alias", "key"),
        "kms:deletealias": ("alias", "key"),
        "sagemaker:createendpoint": ("endpoint", "endpoint-config"),
    }
)
"""Types of resource each of which must be authorised (S18); same source."""
NO_ENDPOINT_POLICY = frozenset({"apprunner", "freertos", "iotdata", "memorydb", "rolesanywhere"})
"""Services whose endpoints take no policy (S71):
https://docs.aws.amazon.com/vpc/latest/privatelink/aws-services-privatelink-support.html"""


@dataclass(frozen=True, slots=True)
class Reference:
    """The data to decide by, and the rules of low confidence that the asker takes as they stand in `LOW`."""

    rcp_services: frozenset[str] = RCP_SERVICES
    without_resource: frozenset[str] = WITHOUT_RESOURCE
    required_types: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: REQUIRED_TYPES)
    no_endpoint_policy: frozenset[str] = NO_ENDPOINT_POLICY
    trusting: frozenset[str] = frozenset()

    def low(self, rule: str, answer: bool) -> Truth:  # noqa: FBT001 - the answer that the rule gives, not a switch
        """What a rule of low confidence says, where it is trusted; else that it cannot be told."""
        if rule in self.trusting:
            return answer
        return unsure(f"{rule} is not settled: {LOW[rule]}")


DEFAULT = Reference()
