"""How the two providers call the same thing: Terraform's type and attribute, and the Pulumi provider's.

Pulumi's provider is made of Terraform's, so most names follow from a rule; what does not is a row below:
https://github.com/pulumi/pulumi-aws/blob/master/provider/resources.go
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

SERVICES = (
    *("backup", "cloudwatch", "dynamodb", "ecr", "iam", "kms", "lambda", "organizations", "s3", "s3control"),
    *("sagemaker", "secretsmanager", "sns", "sqs"),
)
"""Services whose name is the first word of their types on both sides."""
APART: Mapping[str, str] = MappingProxyType(
    {
        "aws_cloudtrail": "aws:cloudtrail/trail:Trail",
        "aws_instance": "aws:ec2/instance:Instance",
        "aws_vpc": "aws:ec2/vpc:Vpc",
        "aws_vpc_endpoint": "aws:ec2/vpcEndpoint:VpcEndpoint",
        "aws_vpc_endpoint_policy": "aws:ec2/vpcEndpointPolicy:VpcEndpointPolicy",
        "aws_s3control_access_point_policy": "aws:s3control/accessPointPolicy:AccessPointPolicy",
        "aws_sfn_state_machine": "aws:sfn/stateMachine:StateMachine",
    }
)
PLURAL: Mapping[tuple[str, str], str] = MappingProxyType(
    {
        ("aws_iam_role", "inline_policy"): "inlinePolicies",
        ("aws_s3_bucket_server_side_encryption_configuration", "rule"): "rules",
        ("aws_s3_bucket_acl", "access_control_policy"): "accessControlPolicies",
    }
)
"""(type, block) that Pulumi calls by its plural."""
ONLY_ONE = frozenset(
    {
        *("apply_server_side_encryption_by_default", "vpc_configuration", "public_access_block_configuration"),
        *("rule", "owner", "grantee", "access_control_policy"),
    }
)
"""Blocks of which there is one at most: Pulumi has no list there, but for those of `PLURAL` in their type."""


def token_of(kind: str) -> str:
    """Pulumi's type token for a type of Terraform's; `terraform:` and the type where none is known here."""
    if kind in APART:
        return APART[kind]
    service, _, rest = kind.removeprefix("aws_").partition("_")
    if not kind.startswith("aws_") or service not in SERVICES or not rest:
        return f"terraform:{kind}"
    name = camel(rest)
    return f"aws:{service}/{name}:{name[0].upper()}{name[1:]}"


def camel(name: str) -> str:
    """An attribute's name in Pulumi's spelling.

    >>> camel("assume_role_policy")
    'assumeRolePolicy'
    """
    first, *rest = name.split("_")
    return first + "".join(word[:1].upper() + word[1:] for word in rest)


def property_of(kind: str, attribute: str) -> str:
    """Pulumi's name for an attribute or a block of a type."""
    return PLURAL.get((kind, attribute), camel(attribute))


def is_single(kind: str, block: str) -> bool:
    """Whether Pulumi holds the only one of these blocks itself instead of a list of it."""
    return block in ONLY_ONE and (kind, block) not in PLURAL
