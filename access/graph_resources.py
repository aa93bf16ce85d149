"""The resource side of a request, taken out of a Graph: the resource that is meant, its policy, what stands by it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from access.caller import Value
from access.document import Kind, Policy
from access.faults import RequestError
from access.glyphs import ANYTHING, OPEN, has_symbol
from access.grant import Grant, parse_grant
from access.graph_buckets import bucket_layers, point_block
from access.graph_identity import ROLE, USER
from access.layers import Layers
from access.parse import parse_policy
from access.wildcard import pattern
from core.graph import Graph
from core.resource import Resource
from core.value import Unknown

BUCKETS = ("aws:s3/bucket:Bucket", "aws:s3/bucketV2:BucketV2")
KEYS = ("aws:kms/key:Key", "aws:kms/replicaKey:ReplicaKey")
GRANT = "aws:kms/grant:Grant"
ENDPOINT_POLICY = "aws:ec2/vpcEndpointPolicy:VpcEndpointPolicy"
ACCESS_POINT = "aws:s3/accessPoint:AccessPoint"
BEHIND = "/object/"
ENDPOINT = "aws:ec2/vpcEndpoint:VpcEndpoint"
SEALINGS = (
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
    "aws:s3/bucketServerSideEncryptionConfigurationV2:BucketServerSideEncryptionConfigurationV2",
)
KEPT_APART: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        **dict.fromkeys(BUCKETS, ("aws:s3/bucketPolicy:BucketPolicy", "bucket")),
        **dict.fromkeys(KEYS, ("aws:kms/keyPolicy:KeyPolicy", "keyId")),
        "aws:sns/topic:Topic": ("aws:sns/topicPolicy:TopicPolicy", "arn"),
        "aws:sqs/queue:Queue": ("aws:sqs/queuePolicy:QueuePolicy", "queueUrl"),
        "aws:ecr/repository:Repository": ("aws:ecr/repositoryPolicy:RepositoryPolicy", "repository"),
        "aws:secretsmanager/secret:Secret": ("aws:secretsmanager/secretPolicy:SecretPolicy", "secretArn"),
        ACCESS_POINT: ("aws:s3control/accessPointPolicy:AccessPointPolicy", "accessPointArn"),
        "aws:backup/vault:Vault": ("aws:backup/vaultPolicy:VaultPolicy", "backupVaultName"),
        "aws:dynamodb/table:Table": ("aws:dynamodb/resourcePolicy:ResourcePolicy", "resourceArn"),
    }
)
"""Type -> the type of resource that holds its policy, and the property by which that one names it."""
NO_RESOURCE_POLICY = frozenset(
    {
        *("access-analyzer", "account", "application-autoscaling", "athena", "autoscaling", "budgets", "ce"),
        *("cloudformation", "cloudwatch", "config", "ecs", "eks", "elasticloadbalancing", "guardduty", "iam"),
        *("securityhub", "servicequotas", "states", "tag"),
    }
)
"""Services whose calls no policy of a resource decides on; a role's trust policy is about calls of STS:
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_aws-services-that-work-with-iam.html"""
SAYS_OF_OTHERS = (
    *("aws:iam/", "aws:organizations/", "aws:ec2/vpcEndpoint", "aws:ecr/lifecyclePolicy:"),
    *(token for token, _ in KEPT_APART.values()),
)
"""Beginnings of types whose `policy` is what they say of others, and not of those who reach for them."""
BARE_TYPES = frozenset(
    f"sagemaker:{kind}"
    for kind in (
        *("algorithm", "app", "app-image-config", "automl-job", "code-repository", "compilation-job", "domain"),
        *("edge-deployment", "endpoint", "endpoint-config", "experiment", "experiment-trial", "human-loop"),
        *("hyper-parameter-tuning-job", "inference-component", "labeling-job", "model", "monitoring-schedule"),
        *("notebook-instance", "notebook-instance-lifecycle-config", "processing-job", "space", "training-job"),
        *("transform-job", "user-profile", "workforce", "workteam"),
    )
)
"""Types of SageMaker that take no policy; groups of models and features, pipelines and hubs do:
https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsagemakerai.html"""
ENDPOINTS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"sagemaker": (".sagemaker.api", ".sagemaker.runtime"), "ecr": (".ecr.api",), "cloudwatch": (".monitoring",)}
)
SETS_BOUNDARY = frozenset(
    {"iam:createrole", "iam:createuser", "iam:putrolepermissionsboundary", "iam:putuserpermissionsboundary"}
)
TAG = "aws:resourcetag/"
RUNTIME = "sagemaker:invokeendpoint"
RECORDS = tuple(f"sagemaker:{verb}record" for verb in ("batchget", "delete", "get", "put"))
"""Calls to the feature store's own endpoint: https://docs.aws.amazon.com/sagemaker/latest/dg/interface-vpc-endpoint.html"""


@dataclass(frozen=True, slots=True)
class Target:
    """What a request is about: an ARN, and the resource of the Graph that bears it, where there is one."""

    arn: str
    resource: Resource | None


def target_of(graph: Graph, text: str) -> Target:
    """The target that somebody named: an ARN, `*`, or a resource's logical name with what lies below it.

    A `*` stands for any thing there. Raises RequestError for what is none of these.
    """
    if text == "*":
        return Target(text, None)
    spoken = text.replace("*", ANYTHING)
    if text.startswith("arn:"):
        return _bearing(graph, spoken)
    name, slash, below = text.partition("/")
    found = [one for one in graph.resources if one.name == name and isinstance(one.get("arn"), str)]
    if len(found) != 1:
        there = f"{len(found)} have this name"
        msg = f"resource {text!r}: expected an ARN, *, or the name of one resource with an ARN; {there}"
        raise RequestError(msg)
    return Target(f"{found[0].get('arn')}{slash}{below.replace('*', ANYTHING)}", found[0])


def _bearing(graph: Graph, arn: str) -> Target:
    """The only resource whose ARN this is, or begins with; a symbol in its ARN is taken to be what is written here.

    Some are given the ARN of another, as a location of Lake Formation is that of its bucket: they name it and do not
    bear it.
    """
    found = [one for one in graph.resources if one.type.startswith("aws:") and _bears(one, arn)]
    if len(found) > 1:
        found = [one for one in found if "arn" not in one.inputs]
    if len(found) != 1:
        return Target(arn, None)
    own, bearer = str(found[0].get("arn")), found[0]
    if bearer.type == ACCESS_POINT:
        return Target(own + "".join(arn.partition(BEHIND)[1:]), bearer)
    return Target(own + (arn.removeprefix(arn.split("/", 1)[0]) if bearer.type in BUCKETS else ""), bearer)


def _bears(resource: Resource, arn: str) -> bool:
    own = resource.get("arn")
    if not isinstance(own, str) or not own.startswith("arn:"):
        return False
    begins = arn.split("/", maxsplit=1)[0] if resource.type in BUCKETS else arn
    begins = arn.partition(BEHIND)[0] if resource.type == ACCESS_POINT else begins
    if begins == own:
        return True
    ours, theirs = own.partition(OPEN)[0], begins.partition(OPEN)[0]
    if not ours.startswith(theirs) and not theirs.startswith(ours):
        return False
    return has_symbol(own) and pattern(own, variables=False, wild=False).matches(begins, lambda _key: None) is not False


def tags_of(target: Target) -> dict[str, str]:
    """The tags of the resource as condition keys. S3 tells none of its objects' or, by default, of its buckets'.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-resourcetag
    """
    if target.resource is None or target.resource.type in {*BUCKETS, ACCESS_POINT}:
        return {}
    held = target.resource.get("tags")
    known = held.items() if isinstance(held, Mapping) else ()
    return {f"{TAG}{key.lower()}": value for key, value in known if isinstance(value, str)}


def keys_of(graph: Graph, target: Target, action: str) -> dict[str, Value]:
    """The condition keys that the resource itself decides: its tags, a principal's boundary, a key's aliases and kind.

    Where a call sets a boundary, the key is about the one that is asked for, and so it is free:
    https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsidentityandaccessmanagementiam.html
    https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html
    """
    tags, resource, service = tags_of(target), target.resource, action.partition(":")[0].lower()
    found: dict[str, Value] = dict(tags)
    found |= {f"{service}:resourcetag/{key.removeprefix(TAG)}": value for key, value in tags.items()}
    if resource is None:
        return found
    if service == "iam" and resource.type in {ROLE, USER} and action.lower() not in SETS_BOUNDARY:
        boundary = resource.get("permissionsBoundary")
        found["iam:permissionsboundary"] = boundary if isinstance(boundary, str | Unknown) and boundary else None
    if service == "kms" and resource.type in KEYS:
        found["kms:resourcealiases"] = _aliases(graph, resource)
        several = resource.get("multiRegion")
        found["kms:multiregion"] = several if isinstance(several, Unknown) else str(several is True).lower()
    return found


def _aliases(graph: Graph, key: Resource) -> Value:
    """The names of the key's aliases; unknown where one of them is, or may be another's."""
    token, name = "aws:kms/alias:Alias", "targetKeyId"
    names = [one.get("name") for one in graph.companions(key, token, name)]
    loose = any(one.get(name) is None for one in graph.of_type(token)) or graph.unlinked(token, name)
    if loose or not all(isinstance(one, str) for one in names):
        return Unknown(f"the aliases of {key.name}")
    return tuple(str(one) for one in names) or None


def resource_layers(graph: Graph, target: Target, action: str) -> Layers:
    """What stands by the resource, for this action: its policy, grants, ownership and blocks."""
    resource = target.resource
    if resource is None:
        return Layers(resource=_unseen(target, action))
    policy = _policy(graph, resource)
    if resource.type in BUCKETS:
        return bucket_layers(graph, resource, policy)
    if resource.type == ACCESS_POINT:
        return Layers(resource=policy, block=point_block(graph, resource))
    grants = tuple(_grants(graph, resource)) if resource.type in KEYS else ()
    return Layers(resource=policy, grants=grants)


def _unseen(target: Target, action: str) -> Policy | None:
    """A resource that is not in the Graph may have a policy that nobody here has seen, where its service has any."""
    kind = target.arn.rpartition(":")[2].partition("/")[0]
    bare = action.partition(":")[0].lower() in NO_RESOURCE_POLICY or f"{action.partition(':')[0]}:{kind}" in BARE_TYPES
    return None if target.arn == "*" or bare else Unknown("a resource outside this graph")


def _policy(graph: Graph, resource: Resource) -> Policy | None:
    if resource.type.startswith(SAYS_OF_OTHERS) and resource.type != ROLE:
        return None
    kind = Kind.TRUST if resource.type == ROLE else Kind.KEY if resource.type in KEYS else Kind.RESOURCE
    own = "assumeRolePolicy" if kind is Kind.TRUST else "policy"
    if resource.get(own) is not None and (kind is not Kind.RESOURCE or isinstance(resource.get(own), str)):
        return parse_policy(_said(graph, resource, own), kind, f"{kind} of {resource.name}")
    token, name = KEPT_APART.get(resource.type, ("", ""))
    found = graph.companions(resource, token, name) if token else ()
    if found:
        return parse_policy(_said(graph, found[0], "policy"), kind, found[0].name)
    if token and graph.unlinked(token, name):
        return Unknown(f"a policy that may belong to {resource.name}")
    return Unknown(f"the default key policy of {resource.name}") if kind is Kind.KEY else None


def _said(graph: Graph, resource: Resource, attribute: str) -> Any:
    value = resource.get(attribute)
    return value if isinstance(value, str) else graph.document(resource, attribute)


def _grants(graph: Graph, key: Resource) -> Iterator[Grant]:
    """The grants on the key, those that may be on it among them: their key is not known."""
    sure = graph.companions(key, GRANT, "keyId")
    for grant in (*sure, *graph.unlinked(GRANT, "keyId")):
        constraint = grant.get("constraints", 0) or {}
        body = {
            "KeyId": key.get("arn") if grant in sure else Unknown(f"the key of {grant.name}"),
            "GranteePrincipal": grant.get("granteePrincipal"),
            "Operations": grant.get("operations"),
            "Constraints": {
                theirs: constraint[ours]
                for ours, theirs in (
                    ("encryptionContextEquals", "EncryptionContextEquals"),
                    ("encryptionContextSubset", "EncryptionContextSubset"),
                )
                if isinstance(constraint, Mapping) and constraint.get(ours)
            },
        }
        yield parse_grant(body, grant.name)


def endpoint_for(graph: Graph, action: str) -> Resource | None:
    """The VPC endpoint of the action's service, where the Graph has just one; a gateway before an interface."""
    service = action.partition(":")[0].lower()
    endings = ENDPOINTS.get(service, (f".{service}",))
    if action.lower() in RECORDS:
        endings = (".sagemaker.featurestore-runtime",)
    elif service == "sagemaker":
        endings = endings[1:] if action.lower().startswith(RUNTIME) else endings[:1]
    found = [one for one in graph.of_type(ENDPOINT) if str(one.get("serviceName")).endswith(endings)]
    return found[0] if len(found) == 1 else None


def endpoint_policy(graph: Graph, endpoint: Resource) -> tuple[Policy | None, bool]:
    """The policy of the endpoint (None: all is let through) and whether it is a gateway."""
    beside = graph.companions(endpoint, ENDPOINT_POLICY, "vpcEndpointId")
    said = _said(graph, beside[0] if beside else endpoint, "policy")
    policy = None if said is None else parse_policy(said, Kind.ENDPOINT, endpoint.name)
    return policy, endpoint.get("vpcEndpointType") in {None, "Gateway"}
