"""Good and bad programs, each said twice: in Pulumi's words for our guards, in CloudFormation's for cdk-nag.

Every subject names its rules with the guards that have the same subject, and a list of choices for each of its
properties; its variants are all combinations. `None` leaves a property out, `KEY` refers to a key of the program.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from benchmarks import variants_doors, variants_machines, variants_stores
from benchmarks.said_twice import (
    KEY,
    LOG_GROUP_TOKEN,
    PRODUCTION,
    TOPIC_TOKEN,
    bucket,
    ingress,
    policy,
    simple,
    trail,
)
from benchmarks.subject import Subject
from core.graph import Graph, graph_of


@dataclass(frozen=True)
class Variant:
    """One combination of choices."""

    subject: Subject
    chosen: Mapping[str, Any]
    graph: Graph
    urn: str
    template: Mapping[str, Any]


MORE = (*variants_machines.SUBJECTS, *variants_doors.SUBJECTS, *variants_stores.SUBJECTS)


def variants() -> Iterator[Variant]:
    """Every combination of every subject."""
    for subject in (*SUBJECTS, *MORE):
        for values in itertools.product(*subject.choices.values()):
            chosen = dict(zip(subject.choices, values, strict=True))
            resources, template = subject.said(chosen)
            yield Variant(subject, chosen, graph_of(resources), resources[0].urn, template)


SUBJECTS = (
    Subject(
        {
            "S3BucketVersioningEnabled": ("s3.bucket_keeps_versions",),
            "S3DefaultEncryptionKMS": ("s3.bucket_is_encrypted_with_own_key",),
            "S3BucketLevelPublicAccessProhibited": ("s3.bucket_blocks_public_access",),
            "S3BucketLoggingEnabled": ("s3.bucket_logs_its_readers",),
            "S3BucketSSLRequestsOnly": ("s3.bucket_refuses_plain_http",),
        },
        {
            "versioning": (None, "Enabled", "Suspended"),
            "encryption": (None, "AES256", "aws:kms", KEY),
            "closed": (None, (True,) * 4, (True, True, True, False), (False,) * 4),
            "logging": (False, True),
            "policy": (None, "refuses", "allows", "refuses reading"),
        },
        bucket,
    ),
    Subject(
        {
            "CloudTrailEncryptionEnabled": ("cloudtrail.trail_is_encrypted_with_own_key",),
            "CloudTrailLogFileValidationEnabled": ("cloudtrail.trail_is_sealed",),
            "CloudTrailCloudWatchLogsEnabled": ("cloudtrail.trail_reaches_a_log_group",),
        },
        {"key": (False, True), "sealed": (None, True, False), "group": (False, True)},
        trail,
    ),
    Subject(
        {
            "CloudWatchLogGroupEncrypted": ("logs.group_is_encrypted_with_own_key",),
            "CloudWatchLogGroupRetentionPeriod": ("logs.group_keeps_its_events_for_a_set_time",),
        },
        {"kmsKeyId": (None, KEY), "retentionInDays": (None, 1, 365, 3653)},
        simple(
            LOG_GROUP_TOKEN,
            "AWS::Logs::LogGroup",
            {"kmsKeyId": "KmsKeyId", "retentionInDays": "RetentionInDays"},
            "kmsKeyId",
        ),
    ),
    Subject(
        {"SNSEncryptedKMS": ("sns.topic_is_encrypted_with_own_key",)},
        {"kmsMasterKeyId": (None, KEY, "alias/aws/sns")},
        simple(TOPIC_TOKEN, "AWS::SNS::Topic", {"kmsMasterKeyId": "KmsMasterKeyId"}, "kmsMasterKeyId"),
    ),
    Subject(
        {"SecretsManagerUsingKMSKey": ("secretsmanager.secret_is_encrypted_with_own_key",)},
        {"kmsKeyId": (None, KEY, "aws/secretsmanager", "alias/aws/secretsmanager")},
        simple("aws:secretsmanager/secret:Secret", "AWS::SecretsManager::Secret", {"kmsKeyId": "KmsKeyId"}, "kmsKeyId"),
    ),
    Subject(
        {"SageMakerEndpointConfigurationKMSKeyConfigured": ("sagemaker.endpoint_disk_is_encrypted_with_own_key",)},
        {"kmsKeyArn": (None, KEY)},
        simple(
            "aws:sagemaker/endpointConfiguration:EndpointConfiguration",
            "AWS::SageMaker::EndpointConfig",
            {"kmsKeyArn": "KmsKeyId"},
            "kmsKeyArn",
            productionVariants=("ProductionVariants", [PRODUCTION]),
        ),
    ),
    Subject(
        {"VPCSubnetAutoAssignPublicIpDisabled": ("ec2.subnet_gives_no_public_address",)},
        {
            "mapPublicIpOnLaunch": (None, True, False),
            "assignIpv6AddressOnCreation": (None, True, False),
            "vpcId": ("vpc-0123456789abcdef0",),
        },
        simple(
            "aws:ec2/subnet:Subnet",
            "AWS::EC2::Subnet",
            {
                "mapPublicIpOnLaunch": "MapPublicIpOnLaunch",
                "assignIpv6AddressOnCreation": "AssignIpv6AddressOnCreation",
                "vpcId": "VpcId",
            },
        ),
    ),
    Subject(
        {
            "IAMPolicyNoStatementsWithAdminAccess": ("iam.policy_is_no_blank_cheque",),
            "IAMPolicyNoStatementsWithFullAccess": ("iam.policy_is_no_blank_cheque",),
        },
        {
            "effect": ("Allow", "Deny"),
            "action": ("*", "s3:*", "s3:GetObject", ["s3:GetObject", "s3:*"], ["s3:Get*", "s3:List*"]),
            "resource": ("*", "arn:aws:s3:::records/*"),
            "order": (("Action", "Effect", "Resource"), ("Effect", "Action", "Resource")),
        },
        policy,
    ),
    Subject(
        {
            "EC2RestrictedSSH": ("ec2.group_admits_nobody_from_everywhere",),
            "EC2RestrictedCommonPorts": ("ec2.group_admits_nobody_from_everywhere",),
        },
        {
            "range": ("0.0.0.0/0", "::/0", "10.0.0.0/8", "172.16.0.0/12"),
            "ports": ((22, 22), (20, 25), (443, 443), (3389, 3389), (5432, 5432), (8080, 8090), (0, 65535)),
            "protocol": ("tcp", "-1"),
        },
        ingress,
    ),
)
