"""Variants of databases, tables, secrets, alarms, public buckets, and users with their groups."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from benchmarks.said_twice import BUCKET_TOKEN, Both, made, resource
from benchmarks.said_twice_more import backed_up
from benchmarks.subject import BESIDE, LEFT_OUT, REF, SEALED, YES_OR_NO, Companion, Option, Subject, good, merged, same
from core.value import Unknown

DATABASE, TABLE, VOLUME = "aws:rds/instance:Instance", "aws:dynamodb/table:Table", "aws:ebs/volume:Volume"
PARAMETERS = "aws:rds/parameterGroup:ParameterGroup"
TOPIC, ROTATOR = "arn:aws:sns:eu-central-1:111122223333:alarms", "arn:aws:lambda:eu-central-1:111122223333:function:r"
KEYED = {"KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}]}
KEYED["AttributeDefinitions"] = [{"AttributeName": "id", "AttributeType": "S"}]
HELD: Option = ({"name": "records", "hashKey": "id"}, {"TableName": "records", **KEYED})
GOOD: dict[str, Option] = {
    "sealed": ({"storageEncrypted": True, **SEALED[0]}, {"StorageEncrypted": True, **SEALED[1]}),
    "shut": ({"publiclyAccessible": False}, {"PubliclyAccessible": False}),
    "where": ({"dbSubnetGroupName": "inside"}, {"DBSubnetGroupName": "inside"}),
    "zones": ({"multiAz": True}, {"MultiAZ": True}),
    "kept": ({"deletionProtection": True}, {"DeletionProtection": True}),
    "watched": ({"monitoringInterval": 60}, {"MonitoringInterval": 60}),
    "kind": ({"instanceClass": "db.m6g.large"}, {"DBInstanceClass": "db.m6g.large"}),
}
"""A database that nothing is wrong with, part by part."""
THE_DATABASE = (DATABASE, "AWS::RDS::DBInstance", GOOD)
POSTGRES: Option = ({"engine": "postgres"}, {"Engine": "postgres"})
MYSQL: Option = ({"engine": "mysql"}, {"Engine": "mysql"})


def _logging(chosen: Mapping[str, Any]) -> Both:
    """A database whose parameter group writes every query into its log; which logs are exported was chosen."""
    (found, template) = good(*THE_DATABASE)({name: chosen[name] for name in ("engine", "logs")})
    group = resource(PARAMETERS, "group", {"parameters": [{"name": "log_statement", "value": "all"}]})
    judged = found[0]
    linked = resource(judged.type, "judged", {**judged.inputs}, parameterGroupName=group)
    sources = {**judged.property_dependencies, **linked.property_dependencies}
    return [
        type(judged)(linked.type, linked.urn, linked.inputs, property_dependencies=sources),
        *found[1:],
        group,
    ], template


def _exports(*names: str) -> Option:
    return {"enabledCloudwatchLogsExports": list(names)}, {"EnableCloudwatchLogsExports": list(names)}


def _scaled(chosen: Mapping[str, Any]) -> Both:
    """A table with a target of auto scaling for each named dimension."""
    found, template = merged(TABLE, "AWS::DynamoDB::Table", HELD)({"billing": chosen["billing"]})
    for dimension in chosen["scaled"]:
        name = f"dynamodb:table:{dimension}CapacityUnits"
        held = {"scalableDimension": name, "serviceNamespace": "dynamodb", "minCapacity": 1, "maxCapacity": 9}
        target = "aws:appautoscaling/target:Target"
        linked = {**held, "resourceId": Unknown(f"{found[0].urn}.name")}
        found.append(resource(target, dimension, linked, resourceId=found[0]))
        theirs: dict[str, Any] = {n[0].upper() + n[1:]: value for n, value in held.items()}
        theirs["ResourceId"] = {"Fn::Join": ["", ["table/", REF]]}
        template[dimension] = made("AWS::ApplicationAutoScaling::ScalableTarget", theirs)
    return found, template


def _public(chosen: Mapping[str, Any]) -> Both:
    """A bucket with a canned ACL, and a block of public access."""
    acl, flags = chosen["acl"], chosen["closed"]
    ours = resource(BUCKET_TOKEN, "judged", {"acl": acl})
    found, theirs = [ours], {"AccessControl": "".join(part.title() for part in acl.split("-")) if acl else None}
    if flags:
        names = ("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets")
        values = dict(zip(names, flags, strict=True))
        found.append(resource("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", "closed", values, bucket=ours))
        theirs["PublicAccessBlockConfiguration"] = {name[0].upper() + name[1:]: flag for name, flag in values.items()}
    return found, {"Judged": made("AWS::S3::Bucket", theirs)}


def _held_by(kind: str, name: str) -> list[Option]:
    return [LEFT_OUT, ({kind: [name]}, {kind.title(): [name]})]


DOCUMENT = {"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "s3:*", "Resource": "*"}]}
TRUST = {"Version": "2012-10-17", "Statement": []}
INLINE: Option = (
    {"inlinePolicies": [{"name": "a", "policy": "{}"}]},
    {"Policies": [{"PolicyName": "a", "PolicyDocument": DOCUMENT}]},
)
JOINS = Companion(
    "aws:iam/groupMembership:GroupMembership", "AWS::IAM::UserToGroupAddition", "group", {"GroupName": REF}
)
ROTATION = Companion(
    "aws:secretsmanager/secretRotation:SecretRotation",
    "AWS::SecretsManager::RotationSchedule",
    "secretId",
    {"SecretId": REF},
)
WAYS = {"way": ("none", "tag", "other tag", "name"), "class": (None, "health", "public")}
IN_PLAN = ("backup.store_is_backed_up",)


def _rotates(days: int | None, plan: str | None = None) -> Option:
    held = {"automaticallyAfterDays": days, "scheduleExpression": plan}
    rules = {name: value for name, value in held.items() if value is not None}
    theirs = {name[0].upper() + name[1:]: value for name, value in rules.items()}
    return {"rotationRules": rules, "rotationLambdaArn": ROTATOR}, {
        "RotationRules": theirs,
        "RotationLambdaARN": ROTATOR,
    }


def _member(chosen: Mapping[str, Any]) -> Both:
    """A user, with or without a membership of a group."""
    user = resource("aws:iam/user:User", "judged", {})
    if not chosen["joins"]:
        return [user], {"Judged": made("AWS::IAM::User", {})}
    member = resource("aws:iam/userGroupMembership:UserGroupMembership", "joins", {"groups": ["staff"]}, user=user)
    return [user, member], {"Judged": made("AWS::IAM::User", {"Groups": ["staff"]})}


SUBJECTS = (
    Subject(
        {
            "S3BucketPublicReadProhibited": ("s3.acl_admits_no_public_group", "s3.bucket_blocks_public_access"),
            "S3BucketPublicWriteProhibited": ("s3.acl_admits_no_public_group", "s3.bucket_blocks_public_access"),
        },
        {
            "acl": (None, "private", "public-read", "public-read-write", "authenticated-read"),
            "closed": (
                None,
                (True,) * 4,
                (False, True, True, True),
                (True, False, True, True),
                (True, True, False, False),
            ),
        },
        _public,
    ),
    Subject(
        {"RDSInBackupPlan": IN_PLAN},
        WAYS,
        backed_up(DATABASE, "AWS::RDS::DBInstance", {"DBInstanceClass": "db.m6g.large"}),
    ),
    Subject({"DynamoDBInBackupPlan": IN_PLAN}, WAYS, backed_up(TABLE, "AWS::DynamoDB::Table", KEYED)),
    Subject(
        {"EC2EBSInBackupPlan": IN_PLAN},
        WAYS,
        backed_up(VOLUME, "AWS::EC2::Volume", {"AvailabilityZone": "eu-central-1a"}),
    ),
    Subject(
        {"RDSStorageEncrypted": ("rds.database_is_encrypted_with_own_key",)},
        {
            "sealed": [*same("storageEncrypted", "StorageEncrypted", *YES_OR_NO), GOOD["sealed"]],
            "engine": [POSTGRES, MYSQL],
        },
        good(*THE_DATABASE, "sealed"),
    ),
    Subject(
        {"RDSInstancePublicAccess": ("rds.database_has_no_public_address",)},
        {"shut": same("publiclyAccessible", "PubliclyAccessible", *YES_OR_NO), "where": [LEFT_OUT, GOOD["where"]]},
        good(*THE_DATABASE, "shut", "where"),
    ),
    Subject(
        {"RDSMultiAZSupport": ("rds.database_outlives_a_zone_and_its_stack",)},
        {"zones": same("multiAz", "MultiAZ", *YES_OR_NO), "engine": [POSTGRES, MYSQL]},
        good(*THE_DATABASE, "zones"),
    ),
    Subject(
        {"RDSInstanceDeletionProtectionEnabled": ("rds.database_outlives_a_zone_and_its_stack",)},
        {"kept": same("deletionProtection", "DeletionProtection", *YES_OR_NO), "engine": [POSTGRES, MYSQL]},
        good(*THE_DATABASE, "kept"),
    ),
    Subject(
        {"RDSInstanceBackupEnabled": ("rds.database_makes_backups",)},
        {"days": same("backupRetentionPeriod", "BackupRetentionPeriod", 0, 1, 7, 35)},
        good(*THE_DATABASE),
    ),
    Subject(
        {"RDSLoggingEnabled": ("rds.database_logs_are_exported",)},
        {
            "engine": [POSTGRES],
            "logs": [LEFT_OUT, _exports("postgresql"), _exports("upgrade"), _exports("postgresql", "upgrade")],
        },
        _logging,
    ),
    Subject(
        {"RDSEnhancedMonitoringEnabled": ("rds.database_is_watched_and_kept_current",)},
        {"watched": same("monitoringInterval", "MonitoringInterval", 0, 15, 60)},
        good(*THE_DATABASE, "watched"),
    ),
    Subject(
        {"RDSAutomaticMinorVersionUpgradeEnabled": ("rds.database_is_watched_and_kept_current",)},
        {"current": same("autoMinorVersionUpgrade", "AutoMinorVersionUpgrade", *YES_OR_NO)},
        good(*THE_DATABASE),
    ),
    Subject(
        {"DynamoDBPITREnabled": ("dynamodb.table_can_be_had_back",)},
        {
            "recovery": [
                LEFT_OUT,
                *(
                    (
                        {"pointInTimeRecovery": {"enabled": on}},
                        {"PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": on}},
                    )
                    for on in (True, False)
                ),
            ]
        },
        merged(TABLE, "AWS::DynamoDB::Table", HELD),
    ),
    Subject(
        {"DynamoDBAutoScalingEnabled": ("dynamodb.table_grows_with_its_load",)},
        {
            "billing": same("billingMode", "BillingMode", "PROVISIONED", "PAY_PER_REQUEST"),
            "scaled": ((), ("Read",), ("Write",), ("Read", "Write")),
        },
        _scaled,
    ),
    Subject(
        {"SecretsManagerRotationEnabled": ("secretsmanager.secret_is_rotated",)},
        {BESIDE: (None, _rotates(1), _rotates(30), _rotates(90), _rotates(365), _rotates(None, "rate(10 days)"))},
        merged("aws:secretsmanager/secret:Secret", "AWS::SecretsManager::Secret", LEFT_OUT, ROTATION),
    ),
    Subject(
        {"CloudWatchAlarmAction": ("cloudwatch.alarm_reaches_somebody",)},
        {
            "alarm": [*same("alarmActions", "AlarmActions", [TOPIC], [])],
            "well": same("okActions", "OKActions", [TOPIC]),
            "on": same("actionsEnabled", "ActionsEnabled", *YES_OR_NO),
        },
        merged(
            "aws:cloudwatch/metricAlarm:MetricAlarm",
            "AWS::CloudWatch::Alarm",
            ({"evaluationPeriods": 1}, {"EvaluationPeriods": 1, "ComparisonOperator": "GreaterThanThreshold"}),
        ),
    ),
    Subject(
        {"IAMNoInlinePolicy": ("iam.role_holds_no_hidden_policy",)},
        {"inline": [LEFT_OUT, INLINE]},
        merged("aws:iam/role:Role", "AWS::IAM::Role", ({}, {"AssumeRolePolicyDocument": TRUST})),
    ),
    Subject(
        {"IAMNoInlinePolicy": ("iam.policy_is_held_by_roles_only",)},
        {"holder": [({"role": "a"}, {"Roles": ["a"]})]},
        merged(
            "aws:iam/rolePolicy:RolePolicy", "AWS::IAM::Policy", ({}, {"PolicyName": "a", "PolicyDocument": DOCUMENT})
        ),
    ),
    Subject(
        {"IAMUserNoPolicies": ("iam.policy_is_held_by_roles_only",)},
        {"users": _held_by("users", "ann"), "roles": _held_by("roles", "a"), "groups": _held_by("groups", "staff")},
        merged(
            "aws:iam/policyAttachment:PolicyAttachment", "AWS::IAM::ManagedPolicy", ({}, {"PolicyDocument": DOCUMENT})
        ),
    ),
    Subject({"IAMUserGroupMembership": ("iam.user_belongs_to_a_group",)}, {"joins": (False, True)}, _member),
    Subject(
        {"IAMGroupHasUsers": ("iam.group_has_members",)},
        {BESIDE: (None, *same("users", "Users", ["ann"])[1:])},
        merged("aws:iam/group:Group", "AWS::IAM::Group", LEFT_OUT, JOINS),
    ),
)
