"""Every policy document of the platform, in all four environments, against AWS's own list of actions and keys."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from cli.program import declared, settings_of
from core.graph import POLICY_DOCUMENT, Graph
from core.iam_metadata import IamMetadata, iam_metadata
from core.resource import Resource
from core.value import Unknown, thawed

TEXT = Path(__file__).resolve().parents[2] / "policies" / "data" / "iam.json"
ENVIRONMENTS = ("local", "dev", "staging", "prod")
ROLE, BOUNDARY = "aws:iam/role:Role", "permissionsBoundary"
UNKNOWN = "unknown-value-of-the-usual-length-0123456789abcdef"
MOST_CHARACTERS: Mapping[tuple[str, str], int] = {
    ("aws:kms/key:Key", "policy"): 32 * 1024,
    ("aws:iam/policy:Policy", "policy"): 6144,
    ("aws:iam/role:Role", "assumeRolePolicy"): 2048,
    ("aws:s3/bucketPolicy:BucketPolicy", "policy"): 20 * 1024,
    ("aws:sns/topicPolicy:TopicPolicy", "policy"): 30 * 1024,
    ("aws:ec2/vpcEndpoint:VpcEndpoint", "policy"): 20 * 1024,
    ("aws:organizations/policy:Policy", "content"): 5120,
}
MOST_OF_OTHERS = 20 * 1024
"""White space not counted where IAM does not: the quota pages of each service, the older limit where two are named."""
NEWER_OR_UNLISTED = {
    "sagemaker:SourceInferenceRouterArn": "named in AWS's page on the security of inference routers",
}
"""Condition keys that the reference lacks -> where AWS names them."""
NOT_CARRIED = {
    ("kms:DescribeKey", "kms:EncryptionContext:aws:logs:arn"): "AWS's own statement for log groups has it so",
    ("kms:DescribeCustomKeyStores", "kms:EncryptionContext:aws:logs:arn"): "taken in by kms:Describe*, likewise",
    ("sts:SetSourceIdentity", "SAML:aud"): "it comes with AssumeRoleWithSAML, in AWS's own example as well",
    ("sts:TagSession", "SAML:aud"): "likewise",
}
"""(action, key) that the reference does not join -> why the statement is right all the same."""

CLAIMS = "https://aws.amazon.com/about-aws/whats-new/2026/01/aws-sts-supports-validation-identity-provider-claims/"
DISPUTED = {
    "sagemaker:CreateJob": "newer than the older of the two sources; botocore has it",
    "token.actions.githubusercontent.com:repository_id": f"newer than the older of the two sources: {CLAIMS}",
    "token.actions.githubusercontent.com:repository_owner_id": f"likewise: {CLAIMS}",
    "token.actions.githubusercontent.com:job_workflow_ref": f"likewise: {CLAIMS}",
}
"""Words that a policy uses and one of the two sources lacks -> why they are right."""


@dataclass(frozen=True)
class Document:
    """One policy of one environment."""

    environment: str
    of: str
    attribute: str
    body: Mapping[str, Any]
    type: str

    @property
    def statements(self) -> list[Mapping[str, Any]]:
        return list(self.body["Statement"])

    def __str__(self) -> str:
        return f"{self.environment}: {self.of}.{self.attribute}"


def known(value: Any) -> Any:
    """The same with a text in the place of what is not known yet."""
    if isinstance(value, Unknown):
        return UNKNOWN
    if isinstance(value, Mapping):
        return {key: known(item) for key, item in value.items()}
    return [known(item) for item in value] if isinstance(value, tuple | list) else value


def documents(environment: str) -> Iterator[Document]:
    graph = declared(settings_of(environment))
    owners = {(r.parent, r.name): r.type for r in graph.resources if r.type.startswith("aws:")}
    for one in graph.of_type(POLICY_DOCUMENT):
        body = known(one.get("document"))
        kind = owners.get((one.parent, one.get("of")), "")
        yield Document(environment, one.get("of"), one.get("attribute"), body, kind)


@pytest.fixture(scope="module")
def every_document() -> list[Document]:
    return [document for environment in ENVIRONMENTS for document in documents(environment)]


@pytest.fixture(scope="module")
def reference() -> IamMetadata:
    return iam_metadata(TEXT.read_text(encoding="utf-8"))


def listed(value: Any) -> list[Any]:
    return [] if value is None else [*value] if isinstance(value, list) else [value]


def actions(statement: Mapping[str, Any]) -> list[str]:
    return [str(item) for key in ("Action", "NotAction") for item in listed(statement.get(key))]


def conditions(statement: Mapping[str, Any]) -> Iterator[str]:
    for block in (statement.get("Condition") or {}).values():
        yield from map(str, block)


def test_there_are_documents_to_look_at_in_each_environment(every_document: list[Document]) -> None:
    assert {document.environment for document in every_document} == set(ENVIRONMENTS)
    assert len(every_document) > 200
    assert [str(document) for document in every_document if not document.type] == []


def test_every_document_fits(every_document: list[Document]) -> None:
    for document in every_document:
        size = len(re.sub(r"\s", "", json.dumps(document.body)))
        most = MOST_CHARACTERS.get((document.type, document.attribute), MOST_OF_OTHERS)
        assert size <= most, f"{document}: {size} of {most}"


def test_every_statement_is_named_once_in_plain_letters(every_document: list[Document]) -> None:
    for document in every_document:
        sids = [statement["Sid"] for statement in document.statements]
        assert len(set(sids)) == len(sids), document
        assert all(re.fullmatch(r"[A-Za-z0-9]+", sid) for sid in sids), document
        assert document.body["Version"] == "2012-10-17", document


def test_every_action_matches_one_that_exists(every_document: list[Document], reference: IamMetadata) -> None:
    faults = {
        (action, fault)
        for document in every_document
        for statement in document.statements
        for action in actions(statement)
        if (fault := reference.action_fault(action))
    }
    assert faults == set()


def test_every_condition_key_exists_and_is_in_force(every_document: list[Document], reference: IamMetadata) -> None:
    used = {key for document in every_document for one in document.statements for key in conditions(one)}
    faults = {key: fault for key in used if (fault := reference.key_fault(key))}
    assert faults == dict.fromkeys(NEWER_OR_UNLISTED, "no such key is known")


def test_every_condition_key_comes_with_the_actions_it_stands_beside(
    every_document: list[Document], reference: IamMetadata
) -> None:
    """A key that no request carries makes an Allow empty, and a Deny either empty or complete."""
    odd = {
        (action.name, key)
        for document in every_document
        for statement in document.statements
        for key in conditions(statement)
        if key not in NEWER_OR_UNLISTED
        for pattern in listed(statement.get("Action"))
        for action in reference.matching(pattern)
        if not pattern.endswith(":*") and not reference.carries(action, key)
    }
    assert odd - set(NOT_CARRIED) == set()


def test_what_only_one_source_knows_is_used_for_a_stated_reason(
    every_document: list[Document], reference: IamMetadata
) -> None:
    words = {w for d in every_document for one in d.statements for w in (*actions(one), *conditions(one))}
    assert {word for word in words if word in reference.disputed} <= set(DISPUTED)


def roles_under(graph: Graph, name: str) -> list[Resource]:
    found = [graph.linked(role, BOUNDARY) for role in graph.of_type(ROLE)]
    pairs = zip(graph.of_type(ROLE), found, strict=True)
    return [role for role, limit in pairs if isinstance(limit, Resource) and limit.name.endswith(name)]


def test_no_role_is_granted_what_its_boundary_shuts(reference: IamMetadata) -> None:
    """A grant that the boundary cuts looks like access in review, and fails on the day it is needed."""
    graph = declared(settings_of("prod"))
    (limit,) = [p for p in graph.of_type("aws:iam/policy:Policy") if p.name.endswith("-prod-boundary-boundary")]
    said = thawed(graph.document(limit))["Statement"]
    open_to = [pattern for one in said if one["Effect"] == "Allow" for pattern in one["Action"]]
    always = [one for one in said if one["Effect"] == "Deny" and one["Resource"] == ["*"] and "Condition" not in one]
    shut = [pattern for one in always for pattern in one["Action"]]
    opened = {action.name for pattern in open_to for action in reference.matching(pattern)}
    opened -= {action.name for pattern in shut for action in reference.matching(pattern)}
    under = {role.urn for role in roles_under(graph, "-prod-boundary-boundary")}
    assert under
    cut = set()
    for attachment in graph.of_type("aws:iam/rolePolicyAttachment:RolePolicyAttachment"):
        role, policy = graph.linked(attachment, "role"), graph.linked(attachment, "policyArn")
        if not (isinstance(role, Resource) and isinstance(policy, Resource)) or role.urn not in under:
            continue
        for one in thawed(graph.document(policy))["Statement"]:
            granted = {action.name for pattern in actions(one) for action in reference.matching(pattern)}
            cut |= {(policy.name, name) for name in granted - opened if one["Effect"] == "Allow"}
    assert cut == set()
