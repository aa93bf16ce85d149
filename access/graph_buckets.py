"""What stands by a bucket besides its policy, taken out of a Graph: who owns objects, its list, the blocks on it.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/about-object-ownership.html
https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from access.acl import AUTHENTICATED, EVERYBODY, Acl, AclGrant, PublicAccessBlock, acls_enabled
from access.document import Policy
from access.layers import Layers
from core.graph import Graph
from core.resource import Resource
from core.value import Unknown

OWNERSHIP = "aws:s3/bucketOwnershipControls:BucketOwnershipControls"
LISTS = ("aws:s3/bucketAcl:BucketAcl", "aws:s3/bucketAclV2:BucketAclV2")
BLOCK = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock"
ACCOUNT_BLOCK = "aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock"
CONFIGURED = "publicAccessBlockConfiguration"
SWITCHES = ("ignorePublicAcls", "restrictPublicBuckets")
LOG_DELIVERY = "http://acs.amazonaws.com/groups/s3/LogDelivery"
CANNED: Mapping[str, tuple[AclGrant, ...]] = MappingProxyType(
    {
        "private": (),
        "public-read": (AclGrant(EVERYBODY, "READ"),),
        "public-read-write": (AclGrant(EVERYBODY, "READ"), AclGrant(EVERYBODY, "WRITE")),
        "authenticated-read": (AclGrant(AUTHENTICATED, "READ"),),
        "log-delivery-write": (AclGrant(LOG_DELIVERY, "WRITE"), AclGrant(LOG_DELIVERY, "READ_ACP")),
    }
)
"""Lists by their short names, the owner's full control left out: the owner's account has it by policy.
https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html#canned-acl"""


def bucket_layers(graph: Graph, bucket: Resource, policy: Policy | None) -> Layers:
    """The policy of the bucket with all that stands beside it."""
    owned = graph.companions(bucket, OWNERSHIP, "bucket")
    said = owned[0].get("rule", "objectOwnership") if owned else _perhaps(graph, OWNERSHIP, bucket)
    return Layers(
        resource=policy,
        acls_enabled=acls_enabled(said, bucket.name),
        acl=_list(graph, bucket),
        block=block_of(graph, bucket),
    )


def _perhaps(graph: Graph, token: str, bucket: Resource) -> Unknown | None:
    """That there may be such a thing: one of the Graph does not tell whose it is."""
    loose = graph.unlinked(token, "bucket")
    return Unknown(f"{loose[0].name}, which may be {bucket.name}'s") if loose else None


def _list(graph: Graph, bucket: Resource) -> Acl | Unknown:
    """The bucket's list: by a short name, of its own or beside it; any other is not read, and unknown."""
    beside = [found for token in LISTS for found in graph.companions(bucket, token, "bucket")]
    said = beside[0].get("acl") if beside else bucket.get("acl")
    if any(_perhaps(graph, token, bucket) for token in LISTS) or isinstance(said, Unknown):
        return Unknown(f"the access control list of {bucket.name}")
    if isinstance(said, str) and said in CANNED:
        return Acl(CANNED[said])
    return Unknown(f"the access control list of {bucket.name}") if beside or said or bucket.get("grants") else Acl(())


def block_of(graph: Graph, bucket: Resource) -> PublicAccessBlock:
    """The strictest of what blocks the bucket and of what blocks its account."""
    found = graph.companions(bucket, BLOCK, "bucket")
    perhaps = None if found else _perhaps(graph, BLOCK, bucket)
    account = graph.of_type(ACCOUNT_BLOCK)
    held = [*found[:1], *account]
    return PublicAccessBlock(*(_strictest([*(one.get(name) for one in held), perhaps]) for name in SWITCHES))


def point_block(graph: Graph, point: Resource) -> PublicAccessBlock:
    """Likewise of an access point, which is shut unless it was made otherwise, for good.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-points-bpa-settings.html
    """
    own = point.get(CONFIGURED)
    said = [own if own is None or isinstance(own, Unknown) else point.get(CONFIGURED, name) for name in SWITCHES]
    account = [[one.get(name) for one in graph.of_type(ACCOUNT_BLOCK)] for name in SWITCHES]
    pairs = zip(said, account, strict=True)
    return PublicAccessBlock(*(_strictest([True if mine is None else mine, *theirs]) for mine, theirs in pairs))


def _strictest(values: list[Any]) -> bool | Unknown:
    if any(value is True for value in values):
        return True
    return next((value for value in values if isinstance(value, Unknown)), False)
