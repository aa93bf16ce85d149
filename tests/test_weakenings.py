"""Each protection of each component, taken away in turn: the plan must fail, and say where, why and what to do."""

from __future__ import annotations

import pulumi_aws as aws
import pytest

from cli.judgement import Law, judged, read_law
from cli.program import declared, settings_of
from core.settings import Settings
from core.verdict import State
from tests.weakening import Weakening, changed, open_ended, rewritten, unsaid, without

s3, kms, ec2, sagemaker = aws.s3, aws.kms, aws.ec2, aws.sagemaker
ENCRYPTION, LOCK = "BucketServerSideEncryptionConfiguration", "BucketObjectLockConfiguration"
PLAIN = [{"apply_server_side_encryption_by_default": {"sse_algorithm": "AES256"}}]
SHORT_LOCK = {"default_retention": {"mode": "GOVERNANCE", "days": 1}}
TAGGED = {"image": "123456789012.dkr.ecr.eu-central-1.amazonaws.com/triage:latest"}
ANYBODY = {"Principal": {"AWS": "*"}}

WEAKENINGS = [
    Weakening("key", "does not rotate", "kms.key_rotates", changed(kms, "Key", enable_key_rotation=False)),
    Weakening("key", "is gone in a week", "kms.key_deletion_waits", changed(kms, "Key", deletion_window_in_days=7)),
    Weakening(
        "key",
        "may be used by anybody",
        "kms.key_policy_names_its_users",
        rewritten("-key-key", lambda one: {**open_ended(one), **ANYBODY}),
    ),
    Weakening(
        "key",
        "may be used by the whole account",
        "kms.key_is_used_through_services_only",
        rewritten("-key-key", open_ended),
    ),
    Weakening("bucket", "no policy", "s3.bucket_refuses_plain_http", without(s3, "BucketPolicy")),
    Weakening("bucket", "TLS", "s3.bucket_refuses_plain_http", rewritten("-policy", unsaid("OnlyOverTls"))),
    Weakening("bucket", "own key", "s3.bucket_is_encrypted_with_own_key", changed(s3, ENCRYPTION, rules=PLAIN)),
    Weakening("bucket", "encryption", "s3.bucket_is_encrypted_with_own_key", without(s3, ENCRYPTION)),
    Weakening("bucket", "closed", "s3.bucket_blocks_public_access", without(s3, "BucketPublicAccessBlock")),
    Weakening(
        "bucket",
        "half closed",
        "s3.bucket_blocks_public_access",
        changed(s3, "BucketPublicAccessBlock", restrict_public_buckets=False),
    ),
    Weakening("bucket", "owned", "s3.bucket_ignores_acls", without(s3, "BucketOwnershipControls")),
    Weakening("bucket", "versions", "s3.bucket_keeps_versions", without(s3, "BucketVersioning")),
    Weakening(
        "bucket",
        "versions suspended",
        "s3.bucket_keeps_versions",
        changed(s3, "BucketVersioning", versioning_configuration={"status": "Suspended"}),
    ),
    Weakening("bucket", "logged", "s3.bucket_logs_its_readers", without(s3, "BucketLogging")),
    Weakening("bucket", "expiry", "s3.bucket_lets_objects_expire", without(s3, "BucketLifecycleConfiguration")),
    Weakening(
        "bucket",
        "key without its class",
        "s3.bucket_key_bears_its_class",
        changed(kms, "Key", "data-health-key", tags={}),
    ),
    Weakening(
        "table",
        "key without its class",
        "dynamodb.table_key_bears_its_class",
        changed(kms, "Key", "tables-personal-key", tags={"strongroom:data-class": "internal"}),
    ),
    *(
        Weakening(file, what, guard, change)
        for file, what, guard, change in (
            (
                "data_lake",
                "IAM beside it",
                "lakeformation.location_is_reached_by_own_role",
                changed(aws.lakeformation, "Resource", hybrid_access_enabled=True),
            ),
            (
                "query_workgroup",
                "settings set aside",
                "athena.workgroup_enforces_its_settings",
                changed(aws.athena, "Workgroup", "prepared", configuration={"enforce_workgroup_configuration": False}),
            ),
            (
                "feature_group",
                "latest values for ever",
                "sagemaker.online_features_about_people_expire",
                changed(
                    sagemaker,
                    "FeatureGroup",
                    "arrivals",
                    online_store_config={"enable_online_store": True, "security_config": {"kms_key_id": None}},
                ),
            ),
            (
                "secret",
                "no rotation",
                "secretsmanager.secret_is_rotated",
                without(aws.secretsmanager, "SecretRotation"),
            ),
            (
                "table",
                "no way back",
                "dynamodb.table_can_be_had_back",
                changed(aws.dynamodb, "Table", point_in_time_recovery=None),
            ),
        )
    ),
    Weakening("audit_trail", "lock", "cloudtrail.trail_store_is_locked", without(s3, LOCK)),
    Weakening("audit_trail", "short lock", "cloudtrail.trail_store_is_locked", changed(s3, LOCK, rule=SHORT_LOCK)),
    *(
        Weakening("audit_trail", what, f"cloudtrail.{guard}", changed(aws.cloudtrail, "Trail", **properties))
        for what, guard, properties in (
            ("one Region", "trail_covers_every_region", {"is_multi_region_trail": False}),
            ("not validated", "trail_is_sealed", {"enable_log_file_validation": False}),
            ("no key", "trail_is_encrypted_with_own_key", {"kms_key_id": None}),
            ("stopped", "trail_runs", {"enable_logging": False}),
            ("no group", "trail_reaches_a_log_group", {"cloud_watch_logs_group_arn": None}),
            (
                "no use of keys",
                "trail_records_every_management_event",
                {
                    "advanced_event_selectors": None,
                    "event_selectors": [{"exclude_management_event_sources": ["kms.amazonaws.com"]}],
                },
            ),
        )
    ),
    *(
        Weakening(file, what, guard, changed(aws.cloudtrail, "Trail", advanced_event_selectors=None))
        for file, what, guard in (
            ("bucket", "reads not recorded", "cloudtrail.bucket_access_is_recorded"),
            ("model_endpoint", "calls not recorded", "cloudtrail.model_calls_are_recorded"),
        )
    ),
    Weakening("audit_trail", "no trail", "cloudtrail.trail_exists_and_runs", without(aws.cloudtrail, "Trail")),
    Weakening(
        "audit_trail",
        "group without key",
        "logs.group_is_encrypted_with_own_key",
        changed(aws.cloudwatch, "LogGroup", "audit", kms_key_id=None),
    ),
    Weakening(
        "audit_trail",
        "group for ever",
        "logs.group_keeps_its_events_for_a_set_time",
        changed(aws.cloudwatch, "LogGroup", "audit", retention_in_days=None),
    ),
    Weakening(
        "alarm_topic",
        "no key",
        "sns.topic_is_encrypted_with_own_key",
        changed(aws.sns, "Topic", kms_master_key_id=None),
    ),
    Weakening("network", "no flow log", "ec2.vpc_records_flows", without(ec2, "FlowLog")),
    Weakening("network", "flows refused only", "ec2.vpc_records_flows", changed(ec2, "FlowLog", traffic_type="REJECT")),
    Weakening("network", "default group", "ec2.default_group_is_closed", without(ec2, "DefaultSecurityGroup")),
    Weakening(
        "network",
        "public addresses",
        "ec2.subnet_gives_no_public_address",
        changed(ec2, "Subnet", map_public_ip_on_launch=True),
    ),
    Weakening(
        "network",
        "a way out",
        "ec2.route_stays_inside",
        changed(ec2, "RouteTable", routes=[{"cidr_block": "0.0.0.0/0", "gateway_id": "igw-0a1b2c3d"}]),
    ),
    Weakening(
        "network",
        "open to everybody",
        "ec2.group_admits_nobody_from_everywhere",
        changed(aws.vpc, "SecurityGroupIngressRule", referenced_security_group_id=None, cidr_ipv4="0.0.0.0/0"),
    ),
    Weakening(
        "network",
        "reaches everything",
        "ec2.group_reaches_only_named_places",
        changed(aws.vpc, "SecurityGroupEgressRule", "endpoints", referenced_security_group_id=None, cidr_ipv6="::/0"),
    ),
    Weakening(
        "service_endpoint",
        "AWS's own policy",
        "ec2.endpoint_policy_is_scoped",
        changed(ec2, "VpcEndpoint", policy=None),
    ),
    Weakening(
        "service_endpoint",
        "anybody's calls",
        "ec2.endpoint_policy_is_scoped",
        rewritten("-endpoint", lambda one: {**open_ended(one), "Resource": ["*"]}),
    ),
    Weakening("role", "boundary", "iam.persona_role_is_bounded", changed(aws.iam, "Role", permissions_boundary=None)),
    Weakening(
        "role",
        "long session",
        "iam.persona_session_is_short",
        changed(aws.iam, "Role", max_session_duration=43200),
    ),
    Weakening(
        "persona_role",
        "second factor",
        "iam.persona_role_demands_second_factor",
        rewritten("-approver-role", open_ended),
    ),
    Weakening(
        "persona_role",
        "anybody",
        "iam.role_trust_names_its_takers",
        rewritten("-approver-role", lambda one: {**one, **ANYBODY}),
    ),
    Weakening(
        "persona_role",
        "any audience",
        "iam.federated_trust_names_its_audience",
        rewritten("-scientist-role", open_ended),
    ),
    Weakening(
        "role",
        "everything",
        "iam.policy_is_no_blank_cheque",
        rewritten("-readwardlightprodmodels", lambda one: {**one, "Action": ["*"], "Resource": ["*"]}),
    ),
    *(
        Weakening("model_endpoint", what, f"sagemaker.{guard}", changed(sagemaker, kind, **properties))
        for what, guard, kind, properties in (
            ("not isolated", "model_is_isolated", "Model", {"enable_network_isolation": False}),
            ("outside the network", "model_runs_in_our_network", "Model", {"vpc_config": None}),
            ("image by tag", "model_image_is_pinned", "Model", {"primary_container": TAGGED}),
            (
                "disk",
                "endpoint_disk_is_encrypted_with_own_key",
                "EndpointConfiguration",
                {"kms_key_arn": None},
            ),
            (
                "raw capture",
                "capture_is_off_for_data_about_people",
                "EndpointConfiguration",
                {
                    "data_capture_config": {
                        "enable_capture": True,
                        "initial_sampling_percentage": 10,
                        "destination_s3_uri": "s3://captured/raw",
                        "capture_options": [{"capture_mode": "Input"}],
                    }
                },
            ),
            (
                "a shell",
                "variant_opens_no_back_door",
                "EndpointConfiguration",
                {
                    "production_variants": [
                        {"variant_name": "primary", "model_name": "triage", "enable_ssm_access": True}
                    ]
                },
            ),
        )
    ),
]


@pytest.fixture(scope="module")
def prod() -> Settings:
    return settings_of("prod")


@pytest.fixture(scope="module")
def law() -> Law:
    return read_law()


@pytest.mark.parametrize("weakening", WEAKENINGS, ids=str)
def test_a_weakened_component_fails_the_plan_and_is_named(
    weakening: Weakening, prod: Settings, law: Law, monkeypatch: pytest.MonkeyPatch
) -> None:
    weakening.change(monkeypatch)
    failed = [finding for finding in judged(declared(prod), law) if finding.state is State.FAIL]
    objections = [finding for finding in failed if finding.guard == weakening.guard]
    assert objections, f"only {sorted({finding.guard for finding in failed})} objected"
    for found in objections:
        assert found.urn.startswith("urn:pulumi:prod::strongroom::")
        assert found.fix
        assert found.message
    named = {location.file for found in objections for location in found.location}
    if weakening.guard != "cloudtrail.trail_exists_and_runs":
        assert named >= {f"components/{weakening.component}.py", "stacks/blueprint.py"}
    assert any(found.controls for found in objections), "no section of law is served"


def test_nothing_fails_while_nothing_is_weakened(prod: Settings, law: Law) -> None:
    undecided = {State.FAIL, State.UNKNOWN}
    assert [f for f in judged(declared(prod), law) if f.state in undecided and not f.awaits_account] == []
