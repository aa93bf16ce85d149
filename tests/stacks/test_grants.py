"""Each persona can do its job, and not what it must not: asked of the program through every layer of IAM."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from types import SimpleNamespace
from typing import Any, cast

import pytest

from access.decide import Outcome
from access.layers import Layer
from cli.access import Answer, answers
from cli.access_source import AccessSource, access_source
from cli.program import declared
from components.account_access import AccountAccess
from components.policy_document import allow
from components.role import MOST_POLICIES, Role
from core.personas import GUARDED, PERSONAS, WATCHED, Grant, Limit
from core.resource import Resource
from core.retention import DataClass
from core.settings import Settings
from stacks import grants
from stacks.config_file import read_settings
from stacks.grants import Ground

ACCOUNT, REGION = "333344445555", "eu-central-1"
ORDINARY = {
    "s3:x-amz-server-side-encryption": "",
    "s3:x-amz-server-side-encryption-aws-kms-key-id": "",
    "sagemaker:SourceInferenceRouterArn": "",
    "kms:GrantIsForAWSResource": "",
}
"""What a well-behaved request says, or, where nothing stands, lacks."""
INSIDE = ("data-engineer", "data-scientist", "ml-engineer", "model-approver", "inference-client")
"""Those who work inside the network; the others come from where people and pipelines sit, unless it is for data about
people, which is reached from inside only."""
HERE = f"{REGION}:{ACCOUNT}"
ROLE = "wardlight-prod-data-engineer-role"
KEY = "wardlight-prod-models-key-key"
VPC = "wardlight-prod-network-vpc"
INNER = {"iam:PermissionsBoundary": f"arn:aws:iam::{ACCOUNT}:policy/wardlight-prod-boundary"}
TRAIL = "wardlight-prod-audit-trail"
GROUP = "wardlight-prod-audit-group"
ENDPOINT = "wardlight-prod-triage-endpoint"
PACKAGE = f"arn:aws:sagemaker:{HERE}:model-package/wardlight-prod-triage/1"
JOB = "*"
RAW, HEALTH, PREPARED, MODELS, RECORD = (
    f"wardlight-prod-{word}-store/x"
    for word in ("data-personal", "data-health", "data-internal", "models", "audit-log")
)
EVERY_STORE = (RAW, HEALTH, PREPARED, MODELS, RECORD)
CONSENTS, LOGIN = "wardlight-prod-table-consents-table", "wardlight-prod-secret-records-secret"
ARRIVALS, WARDS = "wardlight-prod-features-arrivals-features", "wardlight-prod-features-wards-features"
AMONG_PEOPLE, PREPARED_ONLY = "wardlight-prod-questions-people-workgroup", "wardlight-prod-questions-prepared-workgroup"
ASK = "athena:StartQueryExecution"
READ, WRITE, ERASE = "s3:GetObject", "s3:PutObject", "s3:DeleteObjectVersion"

CAN = [
    ("platform-admin", "sagemaker:UpdateEndpointWeightsAndCapacities", ENDPOINT),
    ("platform-admin", "ec2:DescribeVpcs", "*"),
    ("platform-admin", "cloudwatch:GetMetricData", "*"),
    ("security-auditor", READ, RECORD),
    ("security-auditor", "cloudtrail:GetTrailStatus", TRAIL),
    *(("data-engineer", verb, store) for verb in (READ, WRITE) for store in (RAW, HEALTH)),
    ("data-engineer", WRITE, PREPARED),
    ("data-scientist", READ, PREPARED),
    *(("ml-engineer", verb, MODELS) for verb in (READ, WRITE)),
    ("model-approver", READ, MODELS),
    *(("privacy-officer", verb, store) for verb in (READ, ERASE) for store in (RAW, HEALTH)),
    *(("privacy-officer", ERASE, f"wardlight-prod-far-{word}-copy-store/x") for word in ("personal", "health")),
    ("inference-client", "sagemaker:InvokeEndpoint", ENDPOINT),
    ("break-glass", READ, HEALTH),
    ("break-glass", "ec2:ModifyVpcAttribute", VPC),
    ("ci-preview", "ec2:DescribeVpcs", "*"),
    ("ci-preview", "kms:DescribeKey", KEY),
    ("ci-deploy", "ec2:CreateVpc", VPC),
    ("ci-deploy", "iam:CreateRole", ROLE),
    *(("data-engineer", f"dynamodb:{verb}", CONSENTS) for verb in ("GetItem", "PutItem")),
    *(("data-engineer", "sagemaker:PutRecord", group) for group in (ARRIVALS, WARDS)),
    ("data-engineer", ASK, AMONG_PEOPLE),
    ("data-engineer", "secretsmanager:GetSecretValue", LOGIN),
    ("data-scientist", ASK, PREPARED_ONLY),
    ("inference-client", "sagemaker:GetRecord", ARRIVALS),
]
CANNOT = [
    *(("platform-admin", verb, store) for verb in (READ, WRITE, ERASE) for store in EVERY_STORE),
    *(("platform-admin", f"iam:{verb}", ROLE) for verb in ("CreateRole", "PutRolePolicy", "UpdateAssumeRolePolicy")),
    *(("security-auditor", READ, store) for store in (RAW, HEALTH, PREPARED, MODELS)),
    *(("security-auditor", verb, RECORD) for verb in (WRITE, ERASE)),
    ("data-engineer", "sagemaker:InvokeEndpoint", ENDPOINT),
    ("data-engineer", "s3:PutBucketPolicy", HEALTH.removesuffix("/x")),
    *(("data-scientist", verb, store) for verb in (READ, WRITE) for store in (RAW, HEALTH, MODELS)),
    ("data-scientist", WRITE, PREPARED),
    *((author, "sagemaker:UpdateModelPackage", PACKAGE) for author in ("data-scientist", "ml-engineer")),
    ("ml-engineer", "sagemaker:UpdateEndpoint", ENDPOINT),
    *(("ml-engineer", READ, store) for store in (RAW, HEALTH, PREPARED)),
    *(("model-approver", verb, MODELS) for verb in (WRITE, ERASE)),
    *(("privacy-officer", WRITE, store) for store in EVERY_STORE),
    *(("privacy-officer", verb, store) for verb in (READ, ERASE) for store in (PREPARED, MODELS, RECORD)),
    ("privacy-officer", "sagemaker:CreateTrainingJob", JOB),
    ("privacy-officer", "s3:PutLifecycleConfiguration", HEALTH.removesuffix("/x")),
    *(("inference-client", READ, store) for store in EVERY_STORE),
    *(("break-glass", f"cloudtrail:{verb}", TRAIL) for verb in ("StopLogging", "UpdateTrail", "PutEventSelectors")),
    *(("break-glass", verb, RECORD) for verb in (WRITE, ERASE)),
    *(("break-glass", f"logs:{verb}", GROUP) for verb in ("DeleteLogGroup", "PutRetentionPolicy")),
    ("break-glass", "cloudwatch:DeleteAlarms", "wardlight-prod-use-alarm"),
    *(("break-glass", f"iam:{verb}", ROLE) for verb in ("CreateRole", "AttachRolePolicy", "PassRole")),
    *(("ci-preview", verb, store) for verb in (READ, WRITE, ERASE) for store in EVERY_STORE),
    *(("ci-preview", verb, "*") for verb in ("ec2:CreateVpc", "iam:CreateRole", "kms:CreateKey")),
    ("ci-preview", "kms:Decrypt", KEY),
    *(("ci-deploy", READ, store) for store in EVERY_STORE),
    ("ci-deploy", "iam:CreateUser", f"arn:aws:iam::{ACCOUNT}:user/x"),
    ("ci-deploy", "iam:DeleteRolePermissionsBoundary", ROLE),
    ("ci-deploy", "sagemaker:InvokeEndpoint", ENDPOINT),
    *(("data-engineer", f"dynamodb:{verb}", CONSENTS) for verb in ("DeleteItem", "DeleteTable", "Scan")),
    ("data-engineer", ASK, PREPARED_ONLY),
    ("data-engineer", "secretsmanager:PutSecretValue", LOGIN),
    *(("data-scientist", action, on) for action, on in (("dynamodb:GetItem", CONSENTS), (ASK, AMONG_PEOPLE))),
    *(("data-scientist", "sagemaker:PutRecord", group) for group in (ARRIVALS, WARDS)),
    *((who, "secretsmanager:GetSecretValue", LOGIN) for who in ("data-scientist", "ml-engineer", "platform-admin")),
    *(("inference-client", action, on) for action, on in (("sagemaker:PutRecord", ARRIVALS), (ASK, PREPARED_ONLY))),
    ("inference-client", "sagemaker:GetRecord", WARDS),
    *((who, "sagemaker:GetRecord", ARRIVALS) for who in ("data-scientist", "ml-engineer", "platform-admin")),
]


@pytest.fixture(scope="module")
def settings() -> Settings:
    return read_settings("prod")


@pytest.fixture(scope="module")
def source() -> AccessSource:
    return access_source("prod", None)


def asked(source: AccessSource, persona: str, action: str, on: str) -> list[Answer]:
    """The answers where everything else about the request is as it should be."""
    usual = {"aws:securetransport": "true", "aws:requestedregion": REGION, "aws:viaawsservice": "false"}
    bounded = INNER if action == "iam:CreateRole" else {}
    given = {key.lower(): value or None for key, value in {**usual, **ORDINARY, **bounded}.items()}
    outside = persona not in INSIDE and on not in {RAW, HEALTH}
    return list(answers(source, persona, (action, on), given, no_endpoint=outside))


def outcomes(found: list[Answer]) -> set[Outcome]:
    return {one.decision.outcome for one in found}


@pytest.mark.parametrize(("persona", "action", "on"), CAN)
def test_it_can_do_its_job(source: AccessSource, persona: str, action: str, on: str) -> None:
    assert outcomes(asked(source, persona, action, on)) == {Outcome.ALLOWED}


@pytest.mark.parametrize(("persona", "action", "on"), CANNOT)
def test_it_cannot_do_what_it_must_not(source: AccessSource, persona: str, action: str, on: str) -> None:
    assert Outcome.DENIED in outcomes(asked(source, persona, action, on))


@pytest.mark.parametrize(("persona", "action"), [(who, verb) for who, verb, on in CAN if on == HEALTH])
def test_from_elsewhere_it_cannot_reach_data_about_people(source: AccessSource, persona: str, action: str) -> None:
    usual = {"aws:securetransport": "true", "aws:requestedregion": REGION, "aws:calledviafirst": None}
    given = {**usual, **{key.lower(): value or None for key, value in ORDINARY.items()}}
    found = next(answers(source, persona, (action, HEALTH), given, no_endpoint=True))
    assert found.decision.outcome is Outcome.DENIED


class Noted:
    """Stands for something that can be granted, and notes by which verbs it was."""

    def __init__(self, component: str, which: str, notes: set[Grant]) -> None:
        self.component, self.which, self.notes = component, which, notes

    def __getattr__(self, name: str) -> Callable[..., None]:
        grant = Grant(self.component, name.removeprefix("grant_"), self.which)
        return lambda *_: self.notes.add(grant)


def granted(persona: str) -> set[Grant]:
    notes: set[Grant] = set()
    people = Noted("Bucket", "personal and health data", notes)
    data = dict.fromkeys(DataClass, people) | {DataClass.INTERNAL: Noted("Bucket", "internal data", notes)}
    ground: Any = grants.Ground(
        cast("Any", Noted("AccountAccess", "the account", notes)),
        cast("Any", data),
        cast("Any", Noted("Bucket", "models", notes)),
        cast("Any", Noted("Bucket", "the audit trail's store", notes)),
    )
    grants.GRANTS[persona](cast("Any", SimpleNamespace(together=lambda _: nullcontext())), ground)
    return notes


@pytest.mark.parametrize("persona", PERSONAS)
def test_it_is_granted_what_the_table_says_and_nothing_else(persona: str) -> None:
    elsewhere = {"ModelEndpoint", "DataLake", "QueryWorkgroup", "FeatureGroup", "Table", "Secret", "Parameter"}
    wanted = {grant for grant in PERSONAS[persona].grants if grant.component not in elsewhere}
    assert granted(persona) == wanted


def test_each_persona_has_room_for_grants_to_come() -> None:
    graph = declared(read_settings("prod"))
    held = [graph.linked(one, "role") for one in graph.of_type("aws:iam/rolePolicyAttachment:RolePolicyAttachment")]
    roles = Counter(role.name for role in held if isinstance(role, Resource))
    assert len(roles) > len(PERSONAS)
    full = {name: count for name, count in roles.items() if count > MOST_POLICIES // 2}
    assert full == {}


def test_whoever_deploys_takes_the_role_for_it_in_the_other_accounts(settings: Settings) -> None:
    accounts = settings.accounts.model_copy(update={"log_archive": "555566667777"})
    graph = declared(settings.model_copy(update={"accounts": accounts, "models": {}}))
    policies = [one for one in graph.of_type("aws:iam/policy:Policy") if one.name.endswith("reachotheraccounts")]
    assert [one.name for one in policies] == ["wardlight-prod-ci-deploy-reachotheraccounts"]
    (statement,) = json.loads(str(policies[0].get("policy")))["Statement"]
    assert statement["Resource"] == ["arn:aws:iam::555566667777:role/strongroom-deploy"]


def test_every_use_of_those_who_rescue_or_deploy_raises_an_alarm(source: AccessSource) -> None:
    (alarm,) = source.graph.of_type("strongroom:index:UseAlarm")
    assert set(alarm.inputs["watches"]) == {f"wardlight-prod-{word}" for word in WATCHED}


def test_those_outside_the_usual_limit_stand_under_the_outer_one(source: AccessSource) -> None:
    limits = {role.name: str(role.get("permissionsBoundary")) for role in source.graph.of_type("aws:iam/role:Role")}
    for word, persona in PERSONAS.items():
        ending = "outer-boundary" if persona.limit is Limit.OUTER else "prod-boundary"
        assert limits[f"wardlight-prod-{word}-role"].endswith(ending)
    assert sum(limit.endswith("outer-boundary") for limit in limits.values()) == len(GUARDED)


TOO_MUCH: dict[str, Callable[[Role, Ground], None]] = {
    "ci-preview": lambda role, ground: ground.models.grant_read(role),
    "model-approver": lambda role, ground: ground.models.grant_write(role),
    "data-scientist": lambda role, ground: ground.data[DataClass.PERSONAL].grant_read(role),
    "privacy-officer": lambda role, ground: ground.data[DataClass.HEALTH].grant_write(role),
}


@pytest.fixture(scope="module")
def weakened() -> Iterator[AccessSource]:
    """The program with a grant too much for some, and without what keeps an emergency from the record."""

    def both(persona: str) -> Callable[[Role, Ground], None]:
        return lambda role, ground: (grants.GRANTS[persona](role, ground), TOO_MUCH[persona](role, ground))[0]

    more = {**grants.GRANTS, **{persona: both(persona) for persona in TOO_MUCH}}
    with pytest.MonkeyPatch.context() as changed:
        changed.setattr("stacks.platform_layer.GRANTS", more)
        changed.setattr(AccountAccess, "_record", lambda _: [allow("Nothing", ["ec2:DescribeRegions"], ["*"])])
        yield access_source("prod", None)


def possible(source: AccessSource, persona: str) -> set[tuple[str, str]]:
    """What the persona must not do, and nothing stops any more."""
    lines = [(action, on) for who, action, on in CANNOT if who == persona]
    return {line for line in lines if Outcome.DENIED not in outcomes(asked(source, persona, *line))}


def test_a_grant_too_much_is_found(weakened: AccessSource) -> None:
    assert possible(weakened, "ci-preview") == {("kms:Decrypt", KEY)}  # the outer boundary stops the reading
    assert possible(weakened, "model-approver") == {(WRITE, MODELS)}
    assert possible(weakened, "privacy-officer") == {(WRITE, HEALTH)}


def test_who_is_not_cleared_opens_nothing_about_people_even_where_it_is_granted(weakened: AccessSource) -> None:
    first, key = asked(weakened, "data-scientist", READ, RAW)
    assert (first.decision.outcome, key.decision.layer) == (Outcome.ALLOWED, Layer.BOUNDARY)
    assert "OpenedByTheCleared" in key.decision.statement


def test_without_the_denial_the_record_would_be_within_reach_of_an_emergency(weakened: AccessSource) -> None:
    reached = {action for action, _ in possible(weakened, "break-glass")}
    assert {"cloudtrail:UpdateTrail", "cloudtrail:PutEventSelectors", "logs:PutRetentionPolicy"} <= reached
