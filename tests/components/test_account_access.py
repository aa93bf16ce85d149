from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from components.account_access import LOOKS, NAMED, ON_NOTHING, REGIONAL, ROLE_MAKING, AccountAccess
from components.boundary_statements import MOST_CHARACTERS
from components.place import Place
from components.policy_document import allow
from components.role import MOST_POLICIES, Role, RoleArgs
from core.graph import Graph
from core.iam_metadata import IamMetadata, iam_metadata
from core.naming import Name
from core.verdict import State
from policies.judge import judge

POLICY, EDGE = "aws:iam/policy:Policy", "arn:aws:iam::123456789012:policy/strongroom-staging-boundary"
TEXT = Path(__file__).resolve().parents[2] / "policies" / "data" / "iam.json"
CONTENT = re.compile(
    r"s3:GetObject|secretsmanager:GetSecret|ssm:GetParam|lambda:GetFunction$|logs:(Get|Filter|Start)|kms:Decrypt"
    r"|dynamodb:(BatchGet|Get|Query|Scan)|sqs:Receive|ecr:(GetAuth|GetDownload|BatchGetImage)|ec2:GetPassword"
    r"|sts:(Get.*Token|Assume)|glue:GetConnection|sagemaker:(GetRecord|Invoke)|athena:GetQueryResults|s3:GetDataAccess"
    r"|lakeformation:Get(Temp|DataAcc)|cloudwatch:GetSpaceCred|iam:Generate|cognito"
)
"""Actions that answer with what is stored, or with the means to get at it."""
Planned = Callable[[Callable[[], Any]], Graph]


@pytest.fixture(scope="module")
def reference() -> IamMetadata:
    return iam_metadata(TEXT.read_text(encoding="utf-8"))


def granted(planned: Planned, root: Name, place: Place, verb: str) -> Graph:
    def program() -> None:
        trust = [allow("Run", ["sts:AssumeRole"], [], {"Service": "ec2.amazonaws.com"})]
        role = Role(root / "taker", RoleArgs(trust, "does its work", EDGE))
        getattr(AccountAccess(place, root, EDGE), f"grant_{verb}")(role)

    return planned(program)


def statements(graph: Graph) -> Iterator[Mapping[str, Any]]:
    for policy in graph.of_type(POLICY):
        yield from json.loads(policy.inputs["policy"])["Statement"]


VERBS = ["look", "operate", "deploy", "rescue"]


@pytest.mark.parametrize("verb", VERBS)
def test_a_grant_on_the_account_fits_is_known_and_offends_no_guard(
    planned: Planned, root: Name, place: Place, reference: IamMetadata, verb: str
) -> None:
    graph = granted(planned, root, place, verb)
    own = graph.of_type(POLICY)
    assert 0 < len(own) <= MOST_POLICIES
    assert all(len(re.sub(r"\s", "", policy.inputs["policy"])) <= MOST_CHARACTERS for policy in own)
    faults = {action: reference.action_fault(action) for one in statements(graph) for action in one["Action"]}
    assert {action: fault for action, fault in faults.items() if fault} == {}
    failed = [f for f in judge(graph) if f.state is State.FAIL and "aws:iam/" in f.urn]
    assert [(finding.guard, finding.message) for finding in failed] == []


def test_looking_changes_nothing_and_opens_nothing(reference: IamMetadata) -> None:
    found = [action for pattern in LOOKS for action in reference.matching(pattern)]
    assert [action.name for action in found if not set(action.level.split(", ")) <= {"Read", "List"}] == []
    assert [action.name for action in found if CONTENT.match(action.name)] == []


def test_only_what_knows_no_resource_is_granted_without_one(reference: IamMetadata) -> None:
    for name in ON_NOTHING:
        (action,) = reference.matching(name)
        assert not [kind for kind in action.resources if kind.endswith("*")], name


def test_services_are_deployed_in_this_account_and_region_alone(planned: Planned, root: Name, place: Place) -> None:
    said = list(statements(granted(planned, root, place, "deploy")))
    whole = [one for one in said if any(action.endswith(":*") for action in one["Action"])]
    assert {action.partition(":")[0] for one in whole for action in one["Action"]} == {
        *(*REGIONAL, *NAMED),
        *("s3", "budgets", "ce"),
    }
    for one in whole:
        for arn in one["Resource"]:
            assert "123456789012" in arn or arn == "arn:aws:s3:::strongroom-staging-*"


def test_a_deployment_makes_roles_under_the_boundary_and_hands_them_to_services_only(
    planned: Planned, root: Name, place: Place
) -> None:
    said = {one["Sid"]: one for one in statements(granted(planned, root, place, "deploy"))}
    made = said["RolesUnderTheBoundary"]
    assert made["Condition"] == {"StringEquals": {"iam:PermissionsBoundary": EDGE}}
    assert set(made["Action"]) == {action for action in ROLE_MAKING if "Tag" not in action and "tag" not in action}
    assert said["OwnRolesPassed"]["Resource"] == ["arn:aws:iam::123456789012:role/strongroom-staging-*"]
    kept = said["PersonasPassedToNobody"]
    assert kept["Effect"] == "Deny"
    assert "arn:aws:iam::123456789012:role/strongroom-staging-data-engineer-*" in kept["Resource"]
    assert not [
        action for one in said.values() for action in one["Action"] if action in {"iam:*", "kms:*", "kms:Decrypt"}
    ]


def test_an_emergency_makes_no_role(planned: Planned, root: Name, place: Place) -> None:
    actions = {action for one in statements(granted(planned, root, place, "rescue")) for action in one["Action"]}
    assert {action for action in actions if action.startswith("iam:")} == {"iam:Get*", "iam:List*"}
