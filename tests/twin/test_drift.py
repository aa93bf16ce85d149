"""Each of these changes, made behind our back, is found at the next reading and named by its property."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from core.outcome import Outcome, Status
from twin.local_cloud import local_cloud

OPEN = json.dumps(
    {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}]}
)
TRUST = OPEN.replace(', "Resource": "*"', "").replace('"Action": "*"', '"Action": "sts:AssumeRole"')
EVERYWHERE = [{"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}]

Drift = Callable[[Any, Callable[[str], str]], Any]
"""What is done, with the client of the service and the ids of the platform by name."""
DRIFTS: dict[str, tuple[str, str, str, Drift]] = {
    "rotation off": ("key", "kms", "enableKeyRotation", lambda c, i: c.disable_key_rotation(KeyId=i("key"))),
    "key disabled": ("key", "kms", "isEnabled", lambda c, i: c.disable_key(KeyId=i("key"))),
    "key policy edited": (
        "key",
        "kms",
        "policy",
        lambda c, i: c.put_key_policy(KeyId=i("key"), PolicyName="default", Policy=OPEN),
    ),
    "tag changed": (
        "key",
        "kms",
        "tags.owner",
        lambda c, i: c.tag_resource(KeyId=i("key"), Tags=[{"TagKey": "owner", "TagValue": "x"}]),
    ),
    "tag added": (
        "topic",
        "sns",
        "tags.more",
        lambda c, i: c.tag_resource(ResourceArn=i("topic"), Tags=[{"Key": "more", "Value": "x"}]),
    ),
    "topic key removed": (
        "topic",
        "sns",
        "kmsMasterKeyId",
        lambda c, i: c.set_topic_attributes(TopicArn=i("topic"), AttributeName="KmsMasterKeyId", AttributeValue=""),
    ),
    "somebody else listens": (
        "topic",
        "sns",
        "subscriptions hold something undeclared",
        lambda c, i: c.subscribe(TopicArn=i("topic"), Protocol="email", Endpoint="x@example.org"),
    ),
    "topic policy edited": (
        "topic-policy",
        "sns",
        "policy",
        lambda c, i: c.set_topic_attributes(TopicArn=i("topic"), AttributeName="Policy", AttributeValue=OPEN),
    ),
    "encryption removed": ("sealed", "s3", "not there", lambda c, _: c.delete_bucket_encryption(Bucket="sample-data")),
    "public access allowed": (
        "closed",
        "s3",
        "blockPublicPolicy",
        lambda c, _: c.put_public_access_block(
            Bucket="sample-data",
            PublicAccessBlockConfiguration={
                "BlockPublicAcls": True,
                "IgnorePublicAcls": True,
                "RestrictPublicBuckets": True,
                "BlockPublicPolicy": False,
            },
        ),
    ),
    "bucket policy edited": (
        "access-policy",
        "s3",
        "policy",
        lambda c, _: c.put_bucket_policy(Bucket="sample-access", Policy=OPEN),
    ),
    "versions suspended": (
        "data-kept",
        "s3",
        "versioningConfiguration.status",
        lambda c, _: c.put_bucket_versioning(Bucket="sample-data", VersioningConfiguration={"Status": "Suspended"}),
    ),
    "lifecycle rule added": (
        "aged",
        "s3",
        "rules",
        lambda c, _: c.put_bucket_lifecycle_configuration(
            Bucket="sample-data",
            LifecycleConfiguration={
                "Rules": [
                    {"ID": str(n), "Status": "Enabled", "Filter": {"Prefix": ""}, "Expiration": {"Days": n}}
                    for n in (1, 2)
                ]
            },
        ),
    ),
    "access no longer logged": (
        "logged",
        "s3",
        "not there",
        lambda c, _: c.put_bucket_logging(Bucket="sample-data", BucketLoggingStatus={}),
    ),
    "lock shortened": (
        "lock",
        "s3",
        "rule.defaultRetention.mode",
        lambda c, i: c.put_object_lock_configuration(
            Bucket=i("logs"),
            ObjectLockConfiguration={
                "ObjectLockEnabled": "Enabled",
                "Rule": {"DefaultRetention": {"Mode": "GOVERNANCE", "Days": 1}},
            },
        ),
    ),
    "retention cut": (
        "group",
        "logs",
        "retentionInDays",
        lambda c, _: c.put_retention_policy(logGroupName="/sample/trail", retentionInDays=1),
    ),
    "alarm silenced": (
        "alarm",
        "cloudwatch",
        "actionsEnabled",
        lambda c, i: c.disable_alarm_actions(AlarmNames=[i("alarm")]),
    ),
    "trail stopped": ("trail", "cloudtrail", "enableLogging", lambda c, i: c.stop_logging(Name=i("trail"))),
    "trail narrowed": (
        "trail",
        "cloudtrail",
        "advancedEventSelectors",
        lambda c, i: c.put_event_selectors(
            TrailName=i("trail"),
            AdvancedEventSelectors=[{"FieldSelectors": [{"Field": "eventCategory", "Equals": ["Data"]}]}],
        ),
    ),
    "trust widened": (
        "role",
        "iam",
        "assumeRolePolicy",
        lambda c, i: c.update_assume_role_policy(RoleName=i("role"), PolicyDocument=TRUST),
    ),
    "boundary removed": (
        "role",
        "iam",
        "permissionsBoundary",
        lambda c, i: c.delete_role_permissions_boundary(RoleName=i("role")),
    ),
    "another policy attached": (
        "role",
        "iam",
        "attached policies hold something undeclared",
        lambda c, i: c.attach_role_policy(RoleName=i("role"), PolicyArn=i("boundary")),
    ),
    "another policy written in": (
        "role",
        "iam",
        "inline policies hold something undeclared",
        lambda c, i: c.put_role_policy(
            RoleName=i("role"), PolicyName="x", PolicyDocument=OPEN.replace('"Principal": "*", ', "")
        ),
    ),
    "policy in force changed": (
        "reads",
        "iam",
        "policy",
        lambda c, i: c.create_policy_version(
            PolicyArn=i("reads"), PolicyDocument=OPEN.replace('"Principal": "*", ', ""), SetAsDefault=True
        ),
    ),
    "group opened": (
        "doors",
        "ec2",
        "rules hold something undeclared",
        lambda c, i: c.authorize_security_group_ingress(GroupId=i("doors"), IpPermissions=EVERYWHERE),
    ),
    "default group opened": (
        "default",
        "ec2",
        "rules hold something undeclared",
        lambda c, i: c.authorize_security_group_ingress(GroupId=i("default"), IpPermissions=EVERYWHERE),
    ),
    "rule removed": (
        "out",
        "ec2",
        "not there",
        lambda c, i: c.revoke_security_group_egress(GroupId=i("work"), SecurityGroupRuleIds=[i("out")]),
    ),
    "a way out": (
        "routes",
        "ec2",
        "routes hold something undeclared",
        lambda c, i: c.create_route(
            RouteTableId=i("routes"),
            DestinationCidrBlock="0.0.0.0/0",
            GatewayId=c.create_internet_gateway()["InternetGateway"]["InternetGatewayId"],
        ),
    ),
    "names no longer served": (
        "vpc",
        "ec2",
        "enableDnsSupport",
        lambda c, i: c.modify_vpc_attribute(VpcId=i("vpc"), EnableDnsSupport={"Value": False}),
    ),
    "addresses given out": (
        "subnet",
        "ec2",
        "mapPublicIpOnLaunch",
        lambda c, i: c.modify_subnet_attribute(SubnetId=i("subnet"), MapPublicIpOnLaunch={"Value": True}),
    ),
    "endpoint policy edited": (
        "s3-door",
        "ec2",
        "policy",
        lambda c, i: c.modify_vpc_endpoint(VpcEndpointId=i("s3-door"), PolicyDocument=OPEN),
    ),
    "flow log gone": ("flows", "ec2", "not there", lambda c, i: c.delete_flow_logs(FlowLogIds=[i("flows")])),
    "endpoint gone": ("endpoint", "sagemaker", "not there", lambda c, i: c.delete_endpoint(EndpointName=i("endpoint"))),
}


Outcomes = Mapping[str, Outcome]


@pytest.fixture(scope="module")
def readings(new_bench: Any) -> tuple[Any, Outcomes, Outcomes]:
    """The platform read before and after all the changes."""
    with local_cloud("111122223333", "eu-central-1") as clients:
        bench, program = new_bench(clients)
        applied = bench.up(program)
        before = {o.urn: o for o in bench.read(applied).outcomes}
        for _, service, _, change in DRIFTS.values():
            change(clients.client(service), bench.id)
        return program, before, {o.urn: o for o in bench.read(applied).outcomes}


@pytest.mark.parametrize("what", DRIFTS)
def test_a_change_out_of_band_fails_naming_the_property(readings: Any, what: str) -> None:
    program, before, after = readings
    name, _, words, _ = DRIFTS[what]
    urn = program.urn(name)
    assert before[urn].status is not Status.FAILED
    assert after[urn].status is Status.FAILED
    assert [reason for reason in after[urn].reasons if words in reason]


def test_what_nobody_touched_is_as_it_was(readings: Any) -> None:
    program, before, after = readings
    touched = {program.urn(name) for name, _, _, _ in DRIFTS.values()} | {program.urn("routes")}
    assert {urn: o for urn, o in after.items() if urn not in touched} == {
        urn: o for urn, o in before.items() if urn not in touched
    }


def test_reasons_quote_no_values(readings: Any) -> None:
    _, _, after = readings
    assert "example.org" not in str([o.reasons for o in after.values()])
