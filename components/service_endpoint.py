"""The private way to one AWS service, with its own policy."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_aws as aws

from components.component import Component
from components.endpoint_policy import endpoint_statements
from components.place import Place
from components.policy_document import PolicyDocument
from core.aws_services import Reach, service
from core.naming import Name


@dataclass(frozen=True)
class ServiceEndpointArgs:
    """The service's short name (`kms`), the network it is reached from, and what this environment's names begin with.

    A gateway stands in the route tables; an interface stands in the subnets, behind the security groups. Callers and
    what they call must belong to `organisation` (`o-...`) where one is given.
    """

    place: Place
    service: str
    prefix: str
    vpc_id: pulumi.Input[str]
    route_table_ids: Sequence[pulumi.Input[str]] = ()
    subnet_ids: Sequence[pulumi.Input[str]] = ()
    group_ids: Sequence[pulumi.Input[str]] = ()
    organisation: str | None = None


class ServiceEndpoint(Component):
    """An endpoint that lets this account's own calls through and no others.

    Raises BadInput for a service without an endpoint, one that no policy is written for, and what is no organisation.
    """

    def __init__(self, name: Name, args: ServiceEndpointArgs, parent: pulumi.Resource | None = None) -> None:
        known = service(args.service)
        endpoint_name = known.endpoint_name(args.place.region)
        statements = endpoint_statements(args.service, args.place, args.prefix, args.organisation)
        super().__init__("ServiceEndpoint", name, parent, {"service": args.service, "reach": str(known.reach)})
        policy = PolicyDocument(f"{name}-endpoint", statements, self)
        self.endpoint = aws.ec2.VpcEndpoint(
            f"{name}-endpoint",
            vpc_id=args.vpc_id,
            service_name=endpoint_name,
            vpc_endpoint_type=str(known.reach),
            policy=policy.json,
            tags={"Name": str(name), **name.tags},
            opts=self.child,
            **_standing(args, known.reach),
        )
        self.endpoint_id = self.endpoint.id
        self.done(id=self.endpoint_id)


def _standing(args: ServiceEndpointArgs, reach: Reach) -> dict[str, Any]:
    """Private DNS makes the service's usual host name lead here, so that no caller has to know of the endpoint."""
    if reach is Reach.GATEWAY:
        return {"route_table_ids": list(args.route_table_ids)}
    where = {"subnet_ids": list(args.subnet_ids), "security_group_ids": list(args.group_ids)}
    return {**where, "private_dns_enabled": True}
