"""Which AWS services a private network can reach through an endpoint of its own, as dated data.

The list is closed: an endpoint's name cannot be built from a service's name alone. Some services have another prefix,
two have gateways instead of interfaces, and a name that does not exist fails when everything around it already stands.
Sources: https://docs.aws.amazon.com/vpc/latest/privatelink/aws-services-privatelink-support.html,
https://docs.aws.amazon.com/vpc/latest/privatelink/gateway-endpoints.html,
https://docs.aws.amazon.com/sagemaker/latest/dg/interface-vpc-endpoint.html.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum
from types import MappingProxyType

from core.errors import BadInput

AS_OF = "2026-11-24"


class Reach(StrEnum):
    """How a network reaches a service, in the words of EC2's API."""

    GATEWAY = "Gateway"
    INTERFACE = "Interface"


@dataclass(frozen=True, slots=True)
class Service:
    """A service with an endpoint: its short name, how it is reached, and what its endpoint is called in a Region."""

    name: str
    reach: Reach
    pattern: str

    def endpoint_name(self, region: str) -> str:
        """What EC2 calls the endpoint in this Region.

        Raises BadInput for Regions in China: there the prefix differs from service to service, and is not listed here.
        """
        if region.startswith("cn-"):
            msg = f"endpoint for {self.name}: its name in Region {region} is not known (names as of {AS_OF})"
            raise BadInput(msg)
        return self.pattern.format(region=region)


_INTERFACES = (
    *("athena", "autoscaling", "bedrock-runtime", "cognito-idp", "ec2", "ec2messages", "ecr.api", "ecr.dkr", "eks"),
    *("eks-auth", "elasticloadbalancing", "events", "execute-api", "glue", "kms", "lakeformation", "lambda", "logs"),
    *("monitoring", "sagemaker.api", "sagemaker.featurestore-runtime", "sagemaker.metrics", "sagemaker.runtime"),
    *("secretsmanager", "sns", "sqs", "ssm", "ssmmessages", "states", "sts", "xray"),
)
_GATEWAYS = ("dynamodb", "s3")
_OTHER_PREFIX = {
    "sagemaker.notebook": "aws.sagemaker.{region}.notebook",
    "sagemaker.studio": "aws.sagemaker.{region}.studio",
}


def _services() -> dict[str, Service]:
    usual = "com.amazonaws.{{region}}.{name}"
    return {
        **{name: Service(name, Reach.GATEWAY, usual.format(name=name)) for name in _GATEWAYS},
        **{name: Service(name, Reach.INTERFACE, usual.format(name=name)) for name in _INTERFACES},
        **{name: Service(name, Reach.INTERFACE, pattern) for name, pattern in _OTHER_PREFIX.items()},
    }


SERVICES: Mapping[str, Service] = MappingProxyType(_services())
"""Every service under its short name."""


def service(name: str) -> Service:
    """The service of that short name. Raises BadInput with the nearest name when there is none."""
    if name in SERVICES:
        return SERVICES[name]
    near = get_close_matches(name, SERVICES, n=1)
    hint = f"did you mean {near[0]!r}?" if near else "such as 'sagemaker.runtime'"
    msg = f"endpoint for {name!r}: expected a service that has one, {hint} (services as of {AS_OF})"
    raise BadInput(msg)
