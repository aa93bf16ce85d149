"""What may pass through the network's endpoints: who, to what, and doing what, a service at a time.

An endpoint grants nothing; it is one more gate that calls from the network have to pass. Every statement names the
account twice: as the caller's (nobody brings foreign credentials in to carry data out) and as the owner of what is
called (nobody sends data to a foreign bucket or registry). The principal is `*`, as gateway endpoints take no other,
and is narrowed by condition, which works at both kinds.
https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html

Where an organisation is given, both must belong to it as well: an account that leaves it loses its way in. The owner's
organisation is demanded only where the owner's account is, of calls that name a resource.
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html

Residency needs no condition but for S3: an endpoint answers for its own Region, and every other resource here has the
Region in its ARN.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from components.boundary_statements import OWN_TAG
from components.place import Place
from components.policy_document import Statement, allow
from core.errors import BadInput
from core.settings_values import TakenBy

ANYBODY = "*"
MOST_CHARACTERS = 20480
"""Of one policy, white space included (page above)."""
ORGANISATION = re.compile(r"o-[a-z0-9]{10,32}")
"""https://docs.aws.amazon.com/organizations/latest/APIReference/API_Organization.html"""


@dataclass(frozen=True)
class Perimeter:
    """Where calls may come from and go to: the account in its Region, its organisation, what our names begin with."""

    place: Place
    prefix: str
    organisation: str | None = None

    def arn(self, service: str, resource: str, region: str | None = None) -> str:
        """The ARN of something in this account."""
        return self.place.arn(service, resource, region)

    @property
    def own(self) -> dict[str, Any]:
        """Caller and what is called belong here."""
        account, organisation = self.place.account, self.organisation
        theirs = {"aws:ResourceOrgID": organisation} if organisation else {}
        return {"StringEquals": {**self.ours["StringEquals"], "aws:ResourceAccount": account, **theirs}}

    @property
    def ours(self) -> dict[str, Any]:
        """The caller belongs here; for actions on no resource, where the account called is always the caller's."""
        organisation = {"aws:PrincipalOrgID": self.organisation} if self.organisation else {}
        return {"StringEquals": {"aws:PrincipalAccount": self.place.account, **organisation}}


def endpoint_statements(service: str, place: Place, prefix: str, organisation: str | None = None) -> list[Statement]:
    """The policy of the endpoint for that service; `prefix` is what the names of this environment begin with.

    Raises BadInput for a service without a policy, as AWS would put its own in place, which lets everything through,
    and for what is no organisation: a condition on one that does not exist lets nothing through.
    """
    if service not in POLICIES:
        msg = f"endpoint for {service}: no policy is written for it; add one to components/endpoint_policy.py"
        raise BadInput(msg)
    if organisation is not None and not ORGANISATION.fullmatch(organisation):
        msg = f"endpoint for {service}: organisation {organisation!r}; expected an id such as 'o-a1b2c3d4e5'"
        raise BadInput(msg)
    return POLICIES[service](Perimeter(place, prefix, organisation))


def _s3(here: Perimeter) -> list[Statement]:
    # A request by an access point is asked about twice, for the door and for the bucket behind it:
    # https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-points-vpc.html
    buckets = [f"arn:{here.place.partition}:s3:::{here.prefix}-*", here.arn("s3", f"accesspoint/{here.prefix}-*")]
    # Object ARNs match the bucket's pattern too: a `*` does not stop at a slash.
    reads = ["s3:GetBucketLocation", "s3:ListBucket", "s3:ListBucketVersions", "s3:GetObject", "s3:GetObjectVersion"]
    actions = [*reads, "s3:PutObject", "s3:AbortMultipartUpload"]
    erases = ["s3:DeleteObject", "s3:DeleteObjectVersion"]
    # The ARN of a bucket has no Region; that of the call is always there, whatever is called.
    inside = {"StringEquals": {**here.own["StringEquals"], "aws:RequestedRegion": here.place.region}}
    people = {"StringEquals": {**inside["StringEquals"], f"{OWN_TAG}taken-by": str(TakenBy.PEOPLE)}}
    return [
        allow("OwnBuckets", actions, buckets, ANYBODY, inside),
        # Erasure is a duty of people's, in every version; no workload deletes.
        allow("PeopleErase", erases, buckets, ANYBODY, people),
        _image_layers(here.place),
    ]


def _image_layers(place: Place) -> Statement:
    """ECR hands out links to layers in a bucket of AWS's, signed by AWS: no condition on the caller can hold there.

    https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html#ecr-minimum-s3-perms
    """
    layers = f"arn:{place.partition}:s3:::prod-{place.region}-starport-layer-bucket/*"
    return allow("ImageLayers", ["s3:GetObject"], [layers], ANYBODY)


def _dynamodb(here: Perimeter) -> list[Statement]:
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
    actions, tables = [f"dynamodb:{verb}" for verb in verbs], here.arn("dynamodb", f"table/{here.prefix}-*")
    return [allow("OwnTables", actions, [tables], ANYBODY, here.own)]


def _runtime(here: Perimeter) -> list[Statement]:
    """The account called is never stated: the URL has none, it comes with the caller's signature.

    https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_runtime_InvokeEndpoint.html
    """
    actions = ["sagemaker:InvokeEndpoint", "sagemaker:InvokeEndpointWithResponseStream"]
    endpoints = here.arn("sagemaker", f"endpoint/{here.prefix}-*")
    return [allow("OwnEndpointsAnswer", actions, [endpoints], ANYBODY, here.ours)]


def _sagemaker(here: Perimeter) -> list[Statement]:
    """Workloads look; nothing is made or changed from inside the network."""
    everything = [here.arn("sagemaker", "*")]
    listed = allow("OwnModelsListed", ["sagemaker:List*"], ["*"], ANYBODY, here.ours)
    return [allow("OwnModelsDescribed", ["sagemaker:Describe*"], everything, ANYBODY, here.ours), listed]


def _kms(here: Perimeter) -> list[Statement]:
    actions = ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey*"]
    return [allow("OwnKeysUsed", actions, [here.arn("kms", "key/*")], ANYBODY, here.own)]


def _logs(here: Perimeter) -> list[Statement]:
    """Writing only, and into groups that exist: one made on the way would have neither key nor retention."""
    actions = ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"]
    return [allow("OwnGroupsWritten", actions, [here.arn("logs", "log-group:*")], ANYBODY, here.own)]


def _monitoring(here: Perimeter) -> list[Statement]:
    return [allow("OwnMetricsWritten", ["cloudwatch:PutMetricData"], ["*"], ANYBODY, here.ours)]


def _sts(here: Perimeter) -> list[Statement]:
    roles, take = here.arn("iam", f"role/{here.prefix}-*", region=""), ["sts:AssumeRole", "sts:SetSourceIdentity"]
    return [
        allow("OwnRolesTaken", [*take, "sts:TagSession"], [roles], ANYBODY, here.own),
        allow("WhoAmI", ["sts:GetCallerIdentity"], ["*"], ANYBODY, here.ours),
    ]


def _ecr(here: Perimeter) -> list[Statement]:
    """Pulling, not pushing.

    https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html#ecr-vpc-endpoint-policy
    """
    pull = ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:DescribeImages", "ecr:GetDownloadUrlForLayer"]
    return [
        allow("OwnImagesPulled", pull, [here.arn("ecr", "repository/*")], ANYBODY, here.own),
        allow("RegistrySignIn", ["ecr:GetAuthorizationToken"], ["*"], ANYBODY, here.ours),
    ]


def _secrets(here: Perimeter) -> list[Statement]:
    actions = ["secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"]
    secrets = here.arn("secretsmanager", f"secret:{here.prefix}-*")
    return [allow("OwnSecretsRead", actions, [secrets], ANYBODY, here.own)]


def _features(here: Perimeter) -> list[Statement]:
    """Records of feature groups; as for endpoints, the account called comes with the caller's signature."""
    actions = [f"sagemaker:{verb}" for verb in ("BatchGetRecord", "DeleteRecord", "GetRecord", "PutRecord")]
    groups = here.arn("sagemaker", f"feature-group/{here.prefix}-*")
    return [allow("OwnFeaturesUsed", actions, [groups], ANYBODY, here.ours)]


def _athena(here: Perimeter) -> list[Statement]:
    """Questions in our workgroups; to the tables themselves Lake Formation lets, by the gates below."""
    actions = ["athena:*QueryExecution*", "athena:GetQueryResults*", "athena:GetWorkGroup"]
    return [allow("OwnQuestionsAsked", actions, [here.arn("athena", f"workgroup/{here.prefix}-*")], ANYBODY, here.own)]


def _glue(here: Perimeter) -> list[Statement]:
    """Descriptions of tables; a database of ours has underscores where the names of others have hyphens."""
    own = f"{here.prefix}-".replace("-", "_")
    described = ["catalog", f"database/{own}*", f"table/{own}*", "database/sagemaker_featurestore"]
    tables = [here.arn("glue", what) for what in (*described, "table/sagemaker_featurestore/*")]
    actions = ["glue:*Partition*", "glue:*Table*", "glue:GetDatabase*"]
    return [allow("OwnTablesDescribed", actions, tables, ANYBODY, here.own)]


def _lakeformation(here: Perimeter) -> list[Statement]:
    """What Athena asks on a caller's behalf; the action knows no resource."""
    return [allow("OwnLakeReached", ["lakeformation:GetDataAccess"], ["*"], ANYBODY, here.ours)]


def _parameters(here: Perimeter) -> list[Statement]:
    named = here.arn("ssm", f"parameter/{here.prefix}-*")
    return [allow("OwnParametersRead", ["ssm:GetParameter", "ssm:GetParameters"], [named], ANYBODY, here.own)]


def _api(here: Perimeter) -> list[Statement]:
    """Callers with a bearer token are anonymous to this policy: any condition on whose they are would refuse them all.

    https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-vpc-endpoint-policies.html
    """
    return [allow("OwnApisCalled", ["execute-api:Invoke"], [here.arn("execute-api", "*")], ANYBODY)]


POLICIES: Mapping[str, Callable[[Perimeter], list[Statement]]] = MappingProxyType(
    {
        "athena": _athena,
        "dynamodb": _dynamodb,
        "ecr.api": _ecr,
        "ecr.dkr": _ecr,
        "execute-api": _api,
        "glue": _glue,
        "kms": _kms,
        "lakeformation": _lakeformation,
        "logs": _logs,
        "monitoring": _monitoring,
        "s3": _s3,
        "sagemaker.api": _sagemaker,
        "sagemaker.featurestore-runtime": _features,
        "sagemaker.runtime": _runtime,
        "secretsmanager": _secrets,
        "ssm": _parameters,
        "sts": _sts,
    }
)
"""Short name of a service -> what writes the policy of its endpoint."""
