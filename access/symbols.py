"""Names for what has no name yet: the outputs of a resource, with a symbol where AWS will put something of its own.

A plan knows of most ARNs all but the part that AWS or Pulumi makes up. That part is a symbol tied to the resource, so
that two references to it stay equal, a wildcard over it matches, and a text that might be it stays undecided.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from access.glyphs import symbol
from core.regions import partition_of
from core.resource import Resource
from core.value import Unknown

FORMS: Mapping[str, str] = MappingProxyType(
    {
        "s3/bucket:Bucket": "arn:{partition}:s3:::{name}",
        "s3/bucketV2:BucketV2": "arn:{partition}:s3:::{name}",
        "s3/accessPoint:AccessPoint": "arn:{partition}:s3:{region}:{account}:accesspoint/{name}",
        "iam/role:Role": "arn:{partition}:iam::{account}:role{path}{name}",
        "iam/user:User": "arn:{partition}:iam::{account}:user{path}{name}",
        "iam/policy:Policy": "arn:{partition}:iam::{account}:policy{path}{name}",
        "kms/key:Key": "arn:{partition}:kms:{region}:{account}:key/{own}",
        "kms/replicaKey:ReplicaKey": "arn:{partition}:kms:{region}:{account}:key/{own}",
        "kms/alias:Alias": "arn:{partition}:kms:{region}:{account}:{name}",
        "sns/topic:Topic": "arn:{partition}:sns:{region}:{account}:{name}",
        "sqs/queue:Queue": "arn:{partition}:sqs:{region}:{account}:{name}",
        "ecr/repository:Repository": "arn:{partition}:ecr:{region}:{account}:repository/{name}",
        "secretsmanager/secret:Secret": "arn:{partition}:secretsmanager:{region}:{account}:secret:{name}-{own}",
        "cloudwatch/logGroup:LogGroup": "arn:{partition}:logs:{region}:{account}:log-group:{name}",
        "cloudtrail/trail:Trail": "arn:{partition}:cloudtrail:{region}:{account}:trail/{name}",
        "dynamodb/table:Table": "arn:{partition}:dynamodb:{region}:{account}:table/{name}",
        "athena/workgroup:Workgroup": "arn:{partition}:athena:{region}:{account}:workgroup/{name}",
        "glue/catalogDatabase:CatalogDatabase": "arn:{partition}:glue:{region}:{account}:database/{name}",
        "ssm/parameter:Parameter": "arn:{partition}:ssm:{region}:{account}:parameter{name}",
        "sagemaker/featureGroup:FeatureGroup": "arn:{partition}:sagemaker:{region}:{account}:feature-group/{name}",
        "ec2/vpcEndpoint:VpcEndpoint": "arn:{partition}:ec2:{region}:{account}:vpc-endpoint/{own}",
        "sagemaker/model:Model": "arn:{partition}:sagemaker:{region}:{account}:model/{name}",
        "sagemaker/endpoint:Endpoint": "arn:{partition}:sagemaker:{region}:{account}:endpoint/{name}",
        "sagemaker/endpointConfiguration:EndpointConfiguration": (
            "arn:{partition}:sagemaker:{region}:{account}:endpoint-config/{name}"
        ),
    }
)
"""How ARNs are made, for types that policies speak of by name:
https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html"""
OTHERS = "arn:{partition}:{service}:{region}:{account}:{own}"
TERRAFORM = "urn:terraform::"
"""Terraform makes up a whole name where none is given."""
NAMED_BY = ("name", "bucket", "featureGroupName", "namePrefix", "bucketPrefix")
NAMED_IN = MappingProxyType({"s3/bucket:Bucket": "bucket", "s3/bucketV2:BucketV2": "bucket"})
KEYS = ("kms/key:Key", "kms/replicaKey:ReplicaKey")
IDENTIFIED_BY_NAME = ("iam/role:Role", "iam/user:User", "s3/bucket:Bucket", "s3/bucketV2:BucketV2")
IDENTIFIED_BY_ARN = ("iam/policy:Policy", "sns/topic:Topic", "secretsmanager/secret:Secret", "cloudtrail/trail:Trail")


@dataclass
class Symbols:
    """Makes the outputs of resources, each symbol for one resource alone, in the order in which they are declared."""

    account: str
    region: str
    given: dict[str, int] = field(default_factory=dict)

    def __call__(self, resource: Resource) -> dict[str, Any]:
        """Its inputs, and the identities that AWS would give it."""
        kind = resource.type.removeprefix("aws:")
        own = self._own(resource)
        name = physical_name(resource, own)
        arn = FORMS.get(kind, OTHERS).format(
            partition=partition_of(self.region) or "aws",
            region=self.region,
            account=self.account,
            service=kind.partition("/")[0],
            path=_text(resource.inputs.get("path"), "/"),
            name=name,
            own=own,
        )
        chosen = name if kind in IDENTIFIED_BY_NAME else arn if kind in IDENTIFIED_BY_ARN else own
        keyed = {"keyId": own} if kind in KEYS else {}
        return {**_known(resource), "id": chosen, "arn": arn, NAMED_IN.get(kind, "name"): name, **keyed}

    def _own(self, resource: Resource) -> str:
        """A symbol that no resource before it has: two may share type and name below different parents."""
        count = self.given[resource.name] = self.given.get(resource.name, 0) + 1
        return symbol(resource.name if count == 1 else f"{resource.name}.{count}")


def _known(resource: Resource) -> dict[str, Any]:
    return {key: value for key, value in resource.inputs.items() if not isinstance(value, Unknown)}


def physical_name(resource: Resource, own: str) -> str:
    """The name in AWS: the one that is set, else the logical one and what Pulumi appends.

    https://www.pulumi.com/docs/iac/concepts/resources/names/#autonaming
    """
    for key in NAMED_BY:
        value = resource.inputs.get(key)
        if isinstance(value, str) and value:
            return value + own if key.endswith("Prefix") else value
    return own if resource.urn.startswith(TERRAFORM) else f"{resource.name}-{own}"


def _text(value: Any, otherwise: str) -> str:
    return value if isinstance(value, str) and value else otherwise
