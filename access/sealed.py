"""What S3 needs of KMS to read or write an object that a key seals.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html
"""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType

from access.caller import Value
from access.graph_resources import BUCKETS, KEYS, SEALINGS, Target
from access.request import Request
from core.graph import Graph
from core.resource import Resource
from core.value import Unknown

NEEDS = MappingProxyType(
    {
        "s3:getobject": "kms:Decrypt",
        "s3:getobjectversion": "kms:Decrypt",
        "s3:putobject": "kms:GenerateDataKey",
    }
)
CONTEXT = "kms:encryptioncontext:aws:s3:arn"
VIA = "kms:viaservice"
UNSEEN = ("aws:sourceip", "aws:vpcsourceip")


def key_of(graph: Graph, bucket: Resource) -> tuple[Resource | Unknown | None, bool | Unknown]:
    """The key that seals a bucket's objects, and whether it does so through a bucket key."""
    for token in SEALINGS:
        for sealed in graph.companions(bucket, token, "bucket"):
            named = sealed.get("rules", 0, "applyServerSideEncryptionByDefault", "kmsMasterKeyId")
            wide = sealed.get("rules", 0, "bucketKeyEnabled")
            if named is None:
                return None, False
            return _key(graph, sealed, named), wide if isinstance(wide, Unknown) else wide is True
    return None, False


def _key(graph: Graph, sealed: Resource, named: object) -> Resource | Unknown:
    """The key by its value where that is known: the rules of a bucket may refer to more than the key."""
    found = [key for key in graph.of_type(*KEYS) if named in {key.get("arn"), key.get("id")}]
    if len(found) == 1:
        return found[0]
    linked = graph.linked(sealed, "rules")
    return linked if isinstance(linked, Resource) and linked.type in KEYS else Unknown("a key outside this graph")


def key_request(request: Request, target: Target, key: Resource, *, bucket_key: bool, region: str) -> Request | None:
    """The call of KMS that S3 makes with the caller's credentials (S56, S68); None where it makes none."""
    action = NEEDS.get(request.verb)
    arn = key.get("arn")
    if action is None or not isinstance(arn, str) or target.resource is None or target.resource.type not in BUCKETS:
        return None
    bucket = target.resource.get("arn")
    context: dict[str, Value] = {
        **{name.lower(): value for name, value in request.context.items()},
        CONTEXT: bucket if bucket_key else target.arn,
        VIA: f"s3.{region}.amazonaws.com",
        "aws:viaawsservice": "true",
        "aws:calledvia": None,
    }
    for name in UNSEEN:
        context.pop(name, None)
    return replace(request, action=action, resource=arn, account=None, context=context)
