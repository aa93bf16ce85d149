from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from components.guardrails import MOST_CHARACTERS, SETS, Guardrails, GuardrailsArgs
from core.errors import BadInput
from core.graph import STACK, Graph
from core.iam_metadata import IamMetadata, iam_metadata
from core.naming import Name
from core.organization_limits import RCP_SERVICES
from core.regions import REGIONS
from core.verdict import State
from policies.judge import judge

POLICY, ATTACHED = "aws:organizations/policy:Policy", "aws:organizations/policyAttachment:PolicyAttachment"
TEXT = Path(__file__).resolve().parents[2] / "policies" / "data" / "iam.json"
UNIT = "ou-a1b2-c3d4e5f6"
STEWARD = "arn:aws:iam::*:role/wards-*-ci-deploy-*"
Planned = Callable[[Callable[[], Any]], Graph]
Statements = Mapping[str, list[Mapping[str, Any]]]


def bound(root: Name, **given_args: Any) -> Guardrails:
    usual: dict[str, Any] = {
        "organisation": "o-a1b2c3d4e5",
        "targets": [UNIT],
        "residency": ["eu-central-1", "eu-west-1"],
        "stewards": [STEWARD],
        "stores": ["wards-*-audit-log-*"],
        "roles": ["wards-*-break-glass-*", "wards-*-ci-*"],
        "github_owners": ["wards@1234"],
    }
    return Guardrails(root / "guardrails", GuardrailsArgs(**{**usual, **given_args}))


@pytest.fixture(scope="module")
def said(planned: Planned, root: Name) -> Statements:
    graph = planned(lambda: bound(root))
    return {
        policy.name.rpartition("-")[2]: json.loads(policy.inputs["content"])["Statement"]
        for policy in graph.of_type(POLICY)
    }


@pytest.fixture(scope="module")
def reference() -> IamMetadata:
    return iam_metadata(TEXT.read_text(encoding="utf-8"))


def test_each_set_is_a_policy_attached_to_each_target(planned: Planned, root: Name) -> None:
    targets = [UNIT, "111122223333", "r-a1b2"]
    graph = planned(lambda: bound(root, targets=targets))
    assert {(p.name.rpartition("-")[2], p.inputs["type"]) for p in graph.of_type(POLICY)} == {
        (word, kind) for word, (kind, _, _) in SETS.items()
    }
    attached = {
        (next(iter(a.property_dependencies["policyId"])), a.inputs["targetId"]) for a in graph.of_type(ATTACHED)
    }
    assert len(attached) == len(graph.of_type(ATTACHED)) == len(targets) * len(SETS)


def test_beside_what_aws_attaches_they_fit_the_older_limit_of_five() -> None:
    services = [word for word, (kind, _, _) in SETS.items() if kind == "SERVICE_CONTROL_POLICY"]
    assert len(services) + 1 <= 5
    assert len(SETS) - len(services) + 1 <= 5


def test_every_action_and_key_is_known_and_in_force(said: Statements, reference: IamMetadata) -> None:
    for statements in said.values():
        for one in statements:
            faults = [reference.action_fault(action) for action in one.get("Action", one.get("NotAction"))]
            faults += [reference.key_fault(key) for block in one.get("Condition", {}).values() for key in block]
            global_only = {"the service is not known in detail; add it to tests/iam_snapshot.py", None}
            assert set(faults) <= global_only, one["Sid"]


def test_a_condition_key_is_one_that_the_request_carries(said: Statements, reference: IamMetadata) -> None:
    """A Deny under a key that never comes denies nothing, or, under Null, everything."""
    for statements in said.values():
        for one in statements:
            for block in one.get("Condition", {}).values():
                for key in block:
                    actions = [a for pattern in one.get("Action", ()) for a in reference.matching(pattern)]
                    assert all(reference.carries(action, key) for action in actions), (one["Sid"], key)


def test_resource_control_policies_speak_of_services_that_have_them(said: Statements) -> None:
    for one in said["perimeter"]:
        assert (one["Effect"], one["Principal"]) == ("Deny", "*")
        assert {action.partition(":")[0] for action in one["Action"]} <= RCP_SERVICES


def test_service_control_policies_name_nobody_and_only_deny(said: Statements) -> None:
    for word in ("residency", "record", "exposure", "conduct"):
        for one in said[word]:
            assert one["Effect"] == "Deny"
            assert "Principal" not in one
            assert one["Resource"]


def sids(statements: list[Mapping[str, Any]], action: str) -> set[str]:
    return {
        one["Sid"]
        for one in statements
        if any(fnmatchcase(action.lower(), pattern.lower()) for pattern in one.get("Action", ()))
    }


@pytest.mark.parametrize(
    ("word", "action", "sid"),
    [
        ("record", "cloudtrail:StopLogging", "RecordGoesOn"),
        ("record", "cloudtrail:DeleteTrail", "RecordGoesOn"),
        ("record", "guardduty:DeleteDetector", "RecordGoesOn"),
        ("record", "securityhub:DisableSecurityHub", "RecordGoesOn"),
        ("record", "access-analyzer:DeleteAnalyzer", "RecordGoesOn"),
        ("record", "kms:ScheduleKeyDeletion", "RecordStays"),
        ("record", "s3:PutLifecycleConfiguration", "LogStoresStay"),
        ("record", "iam:UpdateAssumeRolePolicy", "GuardedRolesStay"),
        ("record", "organizations:LeaveOrganization", "OrganisationStays"),
        ("exposure", "s3:PutAccountPublicAccessBlock", "NothingOpened"),
        ("exposure", "ec2:ModifySnapshotAttribute", "NothingOpened"),
        ("exposure", "ec2:CreateInternetGateway", "NoWayOut"),
        ("exposure", "ec2:CreateVolume", "VolumesEncrypted"),
        ("conduct", "iam:CreateAccessKey", "NoLastingCredentials"),
        ("conduct", "sagemaker:CreateInferenceRouter", "NothingLoose"),
        ("conduct", "sagemaker:PutEndpointPolicy", "NothingLoose"),
        ("conduct", "sagemaker:StartSession", "NothingLoose"),
        ("conduct", "sagemaker:CreateModel", "ModelsAreIsolated"),
        ("conduct", "sagemaker:CreateTrainingJob", "NoShell"),
        ("perimeter", "s3:GetObject", "OwnPrincipalsOnly"),
        ("perimeter", "sts:AssumeRoleWithWebIdentity", "OwnPipelinesOnly"),
    ],
)
def test_this_is_guarded_in_that_set(said: Statements, word: str, action: str, sid: str) -> None:
    assert sid in sids(said[word], action)


def test_stewards_stand_above_changes_and_never_above_the_end(said: Statements) -> None:
    above = {one["Sid"] for statements in said.values() for one in statements if STEWARD in json.dumps(one)}
    assert above == {"RecordStays", "LogStoresStay", "GuardedRolesStay", "NothingOpened", "NoWayOut"}


def test_keys_do_not_leave_the_residency_set(said: Statements) -> None:
    spared = said["residency"][0]["NotAction"]
    assert not {"kms:*", "s3:*", "sagemaker:*", "bedrock:*", "cloudwatch:*"} & set(spared)
    assert {"iam:*", "sts:*", "organizations:*", "support:*"} <= set(spared)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    residency=st.sets(st.sampled_from(sorted(REGIONS)), min_size=1, max_size=12),
    stewards=st.sets(st.from_regex(r"\Aarn:aws:iam::\*:role/[a-z]{3,12}-\*\Z"), max_size=4),
    stores=st.sets(st.from_regex(r"\A[a-z]{3,12}-\*\Z"), max_size=3),
)
def test_whatever_it_is_told_it_fits_and_no_guard_objects(
    planned: Planned, root: Name, residency: set[str], stewards: set[str], stores: set[str]
) -> None:
    args = {"residency": sorted(residency), "stewards": sorted(stewards), "stores": sorted(stores)}
    graph = planned(lambda: bound(root, **args, roles=[], github_owners=[]))
    assert all(len(policy.inputs["content"]) <= MOST_CHARACTERS for policy in graph.of_type(POLICY))
    assert [f.guard for f in judge(graph) if f.state is State.FAIL and STACK not in f.urn] == []
    for policy in graph.of_type(POLICY):
        found = [one["Sid"] for one in json.loads(policy.inputs["content"])["Statement"]]
        assert len(set(found)) == len(found)
        assert all(re.fullmatch(r"[A-Za-z]+", sid) for sid in found)


@pytest.mark.parametrize(
    ("given_args", "expected"),
    [
        ({"organisation": "wards"}, "organisation is an id"),
        ({"targets": []}, "binds nobody"),
        ({"targets": ["everything"]}, r"targets\[0\] must be the id"),
        ({"targets": [UNIT, UNIT]}, "targets names one twice"),
        ({"residency": []}, "residency must be codes"),
        ({"residency": ["eu-nowhere-1"]}, "residency must be codes"),
        ({"stewards": ["arn:aws:iam::*:role/*"]}, r"stewards\[0\] must be"),
        ({"stewards": ["*"]}, r"stewards\[0\] must be"),
        ({"stores": ["*"]}, r"stores\[0\] must be"),
        ({"roles": ["**"]}, r"roles\[0\] must be"),
        ({"github_owners": ["*"]}, r"github_owners\[0\] must be"),
        ({"stewards": [f"arn:aws:iam::*:role/ward-{n}-*" for n in range(60)]}, "name fewer patterns"),
    ],
)
def test_a_guardrail_that_would_not_hold_is_refused(
    planned: Planned, root: Name, given_args: dict[str, Any], expected: str
) -> None:
    with pytest.raises(BadInput, match=expected):
        planned(lambda: bound(root, **given_args))
