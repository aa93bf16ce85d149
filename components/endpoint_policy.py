"""What may pass through the network's endpoints: who, to what, and doing what, a service at a time.

An endpoint grants nothing; it is one more gate that calls from the network have to pass. Every statement names the
account twice: as the caller's (nobody brings foreign credentials in to carry data out) and as the owner of what is
called (nobody sends data to a foreign bucket or registry). The principal is `*`, as gateway endpoints take no other,
and is narrowed by condition, which works at both kinds.
https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from components.place import Place
from components.policy_document import Statement, allow
from core.errors import BadInput

ANYBODY = "*"
MOST_CHARACTERS = 20480
"""Of one policy, white space included (page above)."""


def endpoint_statements(service: str, place: Place, prefix: str) -> list[Statement]:
    """The policy of the endpoint for that service; `prefix` is what the names of this environment begin with.

    Raises BadInput for a service without a policy: AWS would put its own in place, which lets everything through.
    """
    if service not in POLICIES:
        msg = f"endpoint for {service}: no policy is written for it; add one to components/endpoint_policy.py"
        raise BadInput(msg)
    return POLICIES[service](place, prefix)


def _own(place: Place) -> dict[str, Any]:
    return {"StringEquals": {"aws:PrincipalAccount": place.account, "aws:ResourceAccount": place.account}}


def _ours(place: Place) -> dict[str, Any]:
    """For actions on no resource, where the account called is always the caller's."""
    return {"StringEquals": {"aws:PrincipalAccount": place.account}}


def _s3(place: Place, prefix: str) -> list[Statement]:
    buckets = f"arn:{place.partition}:s3:::{prefix}-*"
    # Object ARNs match the bucket's pattern too: a `*` does not stop at a slash.
    actions = ["s3:GetBucketLocation", "s3:ListBucket", "s3:GetObject", "s3:PutObject", "s3:AbortMultipartUpload"]
    return [
        allow("OwnBuckets", actions, [buckets], ANYBODY, _own(place)),
        _image_layers(place),
    ]


def _image_layers(place: Place) -> Statement:
    """ECR hands out links to layers in a bucket of AWS's, signed by AWS: no condition on the caller can hold there.

    https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html#ecr-minimum-s3-perms
    """
    layers = f"arn:{place.partition}:s3:::prod-{place.region}-starport-layer-bucket/*"
    return allow("ImageLayers", ["s3:GetObject"], [layers], ANYBODY)


def _dynamodb(place: Place, prefix: str) -> list[Statement]:
    verbs = (
        "BatchGetItem",
        "BatchWriteItem",
        "DeleteItem",
        "DescribeTable",
        "GetItem",
        "PutItem",
        "Query",
        "UpdateItem",
    )
    actions, tables = [f"dynamodb:{verb}" for verb in verbs], place.arn("dynamodb", f"table/{prefix}-*")
    return [allow("OwnTables", actions, [tables], ANYBODY, _own(place))]


def _runtime(place: Place, prefix: str) -> list[Statement]:
    """The account called is never stated: the URL has none, it comes with the caller's signature.

    https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_runtime_InvokeEndpoint.html
    """
    actions = ["sagemaker:InvokeEndpoint", "sagemaker:InvokeEndpointWithResponseStream"]
    endpoints = place.arn("sagemaker", f"endpoint/{prefix}-*")
    return [allow("OwnEndpointsAnswer", actions, [endpoints], ANYBODY, _ours(place))]


def _sagemaker(place: Place, _: str) -> list[Statement]:
    """Workloads look; nothing is made or changed from inside the network."""
    everything = [place.arn("sagemaker", "*")]
    listed = allow("OwnModelsListed", ["sagemaker:List*"], ["*"], ANYBODY, _ours(place))
    return [allow("OwnModelsDescribed", ["sagemaker:Describe*"], everything, ANYBODY, _ours(place)), listed]


def _kms(place: Place, _: str) -> list[Statement]:
    actions = ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey*"]
    return [allow("OwnKeysUsed", actions, [place.arn("kms", "key/*")], ANYBODY, _own(place))]


def _logs(place: Place, _: str) -> list[Statement]:
    """Writing only, and into groups that exist: one made on the way would have neither key nor retention."""
    actions = ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"]
    return [allow("OwnGroupsWritten", actions, [place.arn("logs", "log-group:*")], ANYBODY, _own(place))]


def _monitoring(place: Place, _: str) -> list[Statement]:
    return [allow("OwnMetricsWritten", ["cloudwatch:PutMetricData"], ["*"], ANYBODY, _ours(place))]


def _sts(place: Place, prefix: str) -> list[Statement]:
    roles, take = place.arn("iam", f"role/{prefix}-*", region=""), ["sts:AssumeRole", "sts:SetSourceIdentity"]
    return [
        allow("OwnRolesTaken", [*take, "sts:TagSession"], [roles], ANYBODY, _own(place)),
        allow("WhoAmI", ["sts:GetCallerIdentity"], ["*"], ANYBODY, _ours(place)),
    ]


def _ecr(place: Place, _: str) -> list[Statement]:
    """Pulling, not pushing.

    https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html#ecr-vpc-endpoint-policy
    """
    pull = ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:DescribeImages", "ecr:GetDownloadUrlForLayer"]
    return [
        allow("OwnImagesPulled", pull, [place.arn("ecr", "repository/*")], ANYBODY, _own(place)),
        allow("RegistrySignIn", ["ecr:GetAuthorizationToken"], ["*"], ANYBODY, _ours(place)),
    ]


POLICIES: Mapping[str, Callable[[Place, str], list[Statement]]] = MappingProxyType(
    {
        "dynamodb": _dynamodb,
        "ecr.api": _ecr,
        "ecr.dkr": _ecr,
        "kms": _kms,
        "logs": _logs,
        "monitoring": _monitoring,
        "s3": _s3,
        "sagemaker.api": _sagemaker,
        "sagemaker.runtime": _runtime,
        "sts": _sts,
    }
)
"""Short name of a service -> what writes the policy of its endpoint."""
