"""A ward of two roles and one store of health data, as a Graph: what the matrix and its differences are tried on."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from core.graph import STACK, Graph, graph_of
from core.graph_json import from_json, to_json
from core.resource import Location, Resource

URN = "urn:pulumi:prod::ward::"
HOME = "111122223333"
BUCKET, POLICY = "aws:s3/bucket:Bucket", "aws:s3/bucketPolicy:BucketPolicy"
ENCRYPTION = "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration"
ROLE, INLINE = "aws:iam/role:Role", "aws:iam/rolePolicy:RolePolicy"
TRUST = {"Effect": "Allow", "Principal": {"AWS": HOME}, "Action": "sts:AssumeRole"}
READ = {"Sid": "Read", "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::ward-records/*"}
WITH_MFA = {"Bool": {"aws:MultiFactorAuthPresent": "true"}}
FENCE = {
    "Sid": "Fence",
    "Effect": "Deny",
    "Principal": "*",
    "Action": "s3:Put*",
    "Resource": "arn:aws:s3:::ward-records/*",
}
EVERYBODY = {**READ, "Sid": "Anybody", "Principal": "*"}
ACCOUNT = {**READ, "Sid": "Account", "Principal": {"AWS": f"arn:aws:iam::{HOME}:role/nurse"}}
Statements = Mapping[str, list[dict[str, Any]]]
SOUND: Statements = {"doctor": [READ], "nurse": [], "records": [FENCE]}


def made(token: str, name: str, line: int, /, **inputs: Any) -> Resource:
    return Resource(token, f"{URN}{token}::{name}", inputs, location=(Location("ward.py", line),))


def document(statements: list[dict[str, Any]]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": statements})


def ward(said: Statements) -> Graph:
    """Roles with one inline policy each, and a store of health data with a policy."""
    roles = [
        part
        for line, word in enumerate((name for name in said if name != "records"), 10)
        for part in (
            made(
                ROLE, word, line, name=word, arn=f"arn:aws:iam::{HOME}:role/{word}", assumeRolePolicy=document([TRUST])
            ),
            *([made(INLINE, f"{word}-may", line, role=word, policy=document(said[word]))] if said[word] else []),
        )
    ]
    store = made(
        BUCKET,
        "records",
        1,
        bucket="ward-records",
        arn="arn:aws:s3:::ward-records",
        region="eu-central-1",
        tags={"strongroom:data-class": "health"},
    )
    policy = made(POLICY, "records-policy", 2, bucket="ward-records", policy=document(said["records"]))
    topic = made("aws:sns/topic:Topic", "told", 3, arn=f"arn:aws:sns:eu-central-1:{HOME}:told")
    return graph_of([Resource(STACK, f"{URN}{STACK}::ward-prod"), store, policy, topic, *roles])


Saved = Callable[[str, Statements], Path]
"""Writes such a ward under a name, as a saved graph."""


def sealed_by_a_key(path: Path) -> Path:
    """The same ward with a key of its own over the store, which only doctors may use."""
    graph = from_json(path.read_text(encoding="utf-8"))
    arn = f"arn:aws:kms:eu-central-1:{HOME}:key/1"
    use = {
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:aws:iam::{HOME}:role/doctor"},
        "Action": "kms:*",
        "Resource": "*",
    }
    key = made("aws:kms/key:Key", "key", 4, arn=arn, policy=document([use]))
    sealing = {"applyServerSideEncryptionByDefault": {"kmsMasterKeyId": arn, "sseAlgorithm": "aws:kms"}}
    sealed = made(ENCRYPTION, "sealed", 5, bucket="ward-records", rules=[sealing])
    path.write_text(to_json(graph_of([*graph.resources, key, sealed])), encoding="utf-8")
    return path
