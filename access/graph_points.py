"""Access points of S3: a request through one is asked about twice, for the point and for the bucket behind it.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-points-policies.html
"""

from __future__ import annotations

from dataclasses import replace

from access.caller import Value
from access.graph_resources import ACCESS_POINT, BEHIND, BUCKETS, Target
from access.request import Request
from core.graph import Graph
from core.resource import Resource
from core.value import Unknown

VPC = "aws:sourcevpc"


def behind(graph: Graph, request: Request, target: Target) -> tuple[Request, Target] | Unknown | None:
    """The same call on the bucket behind the point; Unknown where that is not known, None for what is no point."""
    point = target.resource
    if point is None or point.type != ACCESS_POINT:
        return None
    bucket = _bucket(graph, point)
    arn = bucket.get("arn") if bucket is not None else None
    if bucket is None or not isinstance(arn, str):
        return Unknown(f"the bucket behind {point.name}")
    below = target.arn.partition(BEHIND)[2]
    place = f"{arn}/{below}" if below else arn
    context = {key: value for key, value in request.context.items() if not key.startswith("s3:dataaccesspoint")}
    return replace(request, resource=place, context={**context, **point_keys(point)}), Target(place, bucket)


def _bucket(graph: Graph, point: Resource) -> Resource | None:
    """The bucket that the point names; a point names it as the bucket names itself, so buckets alone are looked at."""
    linked, said = graph.linked(point, "bucket"), point.get("bucket")
    if isinstance(linked, Resource) and linked.type in BUCKETS:
        return linked
    named = [
        one for one in graph.of_type(*BUCKETS) if isinstance(said, str) and said in {one.get("id"), one.get("bucket")}
    ]
    return named[0] if len(named) == 1 else None


def point_keys(point: Resource) -> dict[str, Value]:
    """The condition keys that coming through the point decides.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-points-policies.html#access-points-condition-keys
    """
    arn = str(point.get("arn"))
    network = network_of(point)
    origin: Value = network if isinstance(network, Unknown) else "VPC" if network else "Internet"
    return {
        "s3:dataaccesspointarn": arn,
        "s3:dataaccesspointaccount": arn.split(":")[4],
        "s3:accesspointnetworkorigin": origin,
    }


def network_of(point: Resource) -> str | Unknown | None:
    """The only network that the point answers; None where it answers the internet."""
    said = point.get("vpcConfiguration")
    network = said if isinstance(said, Unknown) else point.get("vpcConfiguration", "vpcId")
    return network if isinstance(network, str | Unknown) else None
