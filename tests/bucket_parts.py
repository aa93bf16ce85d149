"""The parts that a bucket is made of, by their types, and how tests find those of one bucket in a plan."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.graph import Graph
from core.resource import Resource

BUCKET = "aws:s3/bucket:Bucket"
POLICY = "aws:iam/policy:Policy"
CLOSED, OWNED = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", "aws:s3/bucketOwnershipControls"
SEALED = "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration"
OPENED = "aws:s3/bucketPolicy:BucketPolicy"
VERSIONS, LOGGED = "aws:s3/bucketVersioning:BucketVersioning", "aws:s3/bucketLogging:BucketLogging"
EXPIRY = "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration"
LOCKED = "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration"


def one(graph: Graph, token: str, of: str = "raw") -> Resource:
    """The only resource of the type that belongs to the bucket under test."""
    (found,) = [r for r in graph.of_type(token) if f"-{of}-" in r.name]
    return found


def statements(graph: Graph, of: str = "raw") -> dict[str, Mapping[str, Any]]:
    document = graph.document(one(graph, OPENED, of))
    assert isinstance(document, Mapping)
    return {statement["Sid"]: statement for statement in document["Statement"]}
