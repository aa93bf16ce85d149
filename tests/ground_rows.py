"""What the ground of the platform has: rows of the table, sentences, and how each is seen in a Graph of prod."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

from core.graph import Graph
from core.personas import PERSONAS
from core.resource import Resource
from stacks.config_file import PROJECT
from tests.ground_seen import (
    arrivals,
    boundary,
    claims,
    every,
    idle_components,
    keys_of,
    people,
    said,
    selectors,
    statements,
    users,
)

UNIT = "ou-a1b2-c3d4e5f6"
Holds = Callable[[Graph], object]


ROWS: dict[str, dict[str, Holds]] = {
    "keys": {
        "each class of data, the models, the record and the secrets have a key of their own": lambda g: (
            {f"wardlight-prod-{word}-key-key" for word in ("data-health", "data-personal", "models", "audit", "access")}
            <= {one.name for one in every(g, "kms/key")}
        ),
        "a key is used by way of named services, not by the account at large": lambda g: all(
            "Condition" in one for one in users(g) if "AWS" in one["Principal"]
        ),
        "who administers a key does not use it": lambda g: (
            not [
                one
                for one in statements(g, "kms/key")
                if "kms:ScheduleKeyDeletion" in one["Action"] and "kms:Decrypt" in one["Action"]
            ]
        ),
        "every key rotates, and waits a month before it is gone": lambda g: all(
            one.get("enableKeyRotation") is True and one.get("deletionWindowInDays") == 30
            for one in every(g, "kms/key")
        ),
        "a key that is disabled, deleted or moved raises an alarm": lambda g: (
            "KeysInDanger" in {one.get("metricName") for one in every(g, "cloudwatch/metricAlarm", "-keys-alarm")}
        ),
    },
    "storage": {
        "every bucket is sealed with a key of ours, but for those that AWS's access logs go into": lambda g: all(
            "aws:kms" in str(said(one, "rules")) or re.search("access-logs|audit-access", one.name)
            for one in every(g, "s3/bucketServerSideEncryptionConfiguration")
        ),
        "copies of data about people lie in another Region of the residency set": lambda g: (
            {one.get("region") for one in every(g, "Replica")} <= {None, "eu-west-1"}
            and len(every(g, "s3/bucketReplicationConfig")) == 2
        ),
        "the record is under Object Lock in compliance mode": lambda g: (
            [said(one, "rule", "defaultRetention", "mode") for one in every(g, "s3/bucketObjectLockConfiguration")]
            == ["COMPLIANCE"]
        ),
        "what lies where is listed every day, in all versions, and the list is sealed": lambda g: all(
            said(one, "schedule", "frequency") == "Daily"
            and one.get("includedObjectVersions") == "All"
            and keys_of(g, one, "destination", "bucket", "encryption", "sseKms", "keyId")
            for one in every(g, "s3/inventory")
        ),
        "buckets tell of what happens in them": lambda g: all(
            one.get("eventbridge") is True for one in every(g, "s3/bucketNotification")
        ),
        "access points answer inside the network only": lambda g: all(
            g.linked(one, "vpcConfiguration", "vpcId") == every(g, "ec2/vpc")[0] for one in every(g, "s3/accessPoint")
        ),
        "data that is seldom read moves to cheaper storage, by class": lambda g: (
            "INTELLIGENT_TIERING" in str(said(every(g, "s3/bucketLifecycleConfiguration", "data-internal")[0], "rules"))
        ),
        "the catalogue of the lake is sealed": lambda g: keys_of(
            g,
            every(g, "glue/dataCatalogEncryptionSettings")[0],
            *("dataCatalogEncryptionSettings", "encryptionAtRest", "sseAwsKmsKeyId"),
        ),
        "tables of the lake are opened by Lake Formation, to personas": lambda g: all(
            isinstance(g.linked(one, "principal"), Resource) for one in every(g, "lakeformation/permissions")
        ),
        "answers to questions are sealed, and one that reads too much is stopped": lambda g: all(
            said(one, "configuration", "enforceWorkgroupConfiguration") is True
            and said(one, "configuration", "bytesScannedCutoffPerQuery") == 100 * 10**9
            and keys_of(g, one, *("configuration", "resultConfiguration", "encryptionConfiguration", "kmsKeyArn"))
            for one in every(g, "athena/workgroup")
        ),
        "the online store of features is sealed, and the history with the key of its class": lambda g: (
            "features-arrivals" in keys_of(g, arrivals(g), "onlineStoreConfig", "securityConfig", "kmsKeyId")
            and "health" in keys_of(g, arrivals(g), "offlineStoreConfig", "s3StorageConfig", "kmsKeyId")
        ),
        "tables are sealed, can be had back, expire and are not deleted by mistake": lambda g: all(
            keys_of(g, one, "serverSideEncryption", "kmsKeyArn")
            and said(one, "pointInTimeRecovery", "enabled") is True
            and said(one, "ttl", "enabled") is True
            and one.get("deletionProtectionEnabled") is True
            for one in every(g, "dynamodb/table")
        ),
        "secrets are replaced every month, under a key of ours": lambda g: (
            said(every(g, "secretsmanager/secretRotation")[0], "rotationRules", "automaticallyAfterDays") == 30
            and keys_of(g, every(g, "secretsmanager/secret")[0], "kmsKeyId")
        ),
        "parameters are sealed": lambda g: all(
            one.get("type") == "SecureString" and keys_of(g, one, "keyId") for one in every(g, "ssm/parameter")
        ),
    },
    "network": {
        "there are private and isolated subnets in three zones": lambda g: (
            {
                (one.get("availabilityZone")[-1], one.get("mapPublicIpOnLaunch"))
                for one in every(g, "ec2/subnet", "network-")
            }
            == {("a", False), ("b", False), ("c", False)}
        ),
        "what leaves is inspected, and names its hosts": lambda g: (
            "pypi.org" in str([said(one, "ruleGroup") for one in every(g, "networkfirewall/ruleGroup")])
            and len(every(g, "networkfirewall/firewall")) == 1
        ),
        "names that nobody allowed do not resolve": lambda g: (
            {one.get("action") for one in every(g, "route53/resolverFirewallRule")} == {"ALLOW", "BLOCK"}
            and every(g, "route53/resolverFirewallConfig")[0].get("firewallFailOpen") == "DISABLED"
        ),
        "every endpoint admits this account and organisation only": lambda g: all(
            "aws:PrincipalOrgID" in json.dumps(one.get("Condition", {})) or one["Sid"] == "ImageLayers"
            for one in statements(g, "ec2/vpcEndpoint")
        ),
        "AWS's services are reached by gateways and by interfaces": lambda g: (
            {one.get("vpcEndpointType") for one in every(g, "ec2/vpcEndpoint")} >= {"Gateway", "Interface"}
        ),
        "the default security group has no rule": lambda g: (
            not [one for one in every(g, "ec2/defaultSecurityGroup") if one.get("ingress") or one.get("egress")]
        ),
        "the default network ACL is limited": lambda g: (
            {
                (rule["protocol"], rule["cidrBlock"])
                for one in every(g, "ec2/defaultNetworkAcl")
                for rule in said(one, "ingress")
            }
            == {("-1", "10.40.0.0/16"), ("tcp", "0.0.0.0/0")}
        ),
        "every connection is recorded, and the record is sealed": lambda g: all(
            one.get("trafficType") == "ALL" and keys_of(g, g.linked(one, "logDestination"), "kmsKeyId")
            for one in every(g, "ec2/flowLog")
        ),
        "the network is joined to a transit gateway and a VPN that are named": lambda g: (
            {one.get("transitGatewayId") for one in every(g, "ec2transitgateway/vpcAttachment")} == {"tgw-0a1b2c3d"}
            and every(g, "ec2/vpnConnection")[0].get("tunnel1IkeVersions") == ("ikev2",)
        ),
    },
    "identity": {
        "every persona has a role": lambda g: (
            set(PERSONAS)
            == {
                one.name.removeprefix("wardlight-prod-")
                for kind in ("PersonaRole", "GithubRole")
                for one in every(g, kind)
            }
        ),
        "every one of them stands under a permission boundary": lambda g: all(
            isinstance(g.linked(one, "permissionsBoundary"), Resource) for one in people(g)
        ),
        "people come in by a second factor or by a provider that asks for it": lambda g: all(
            "aws:MultiFactorAuthPresent" in text
            or "SAML:aud" in text
            or "githubusercontent" in text
            or "ward-d" in text
            for text in (one.get("assumeRolePolicy") for one in people(g))
        ),
        "sessions last hours, those of pipelines and emergencies one": lambda g: (
            max(one.get("maxSessionDuration") for one in people(g)) <= 8 * 3600
            and {one.get("maxSessionDuration") for one in people(g) if "ci-" in one.name or "glass" in one.name}
            == {3600}
        ),
        "who is not cleared for a class opens none of it": lambda g: (
            "aws:ResourceTag/strongroom:data-class" in json.dumps(list(boundary(g)))
        ),
        "a project keeps to its own": lambda g: "aws:ResourceTag/strongroom:project" in json.dumps(list(boundary(g))),
        "a role is handed to one service, and by its ARN": lambda g: all(
            "iam:PassedToService" in json.dumps(one.get("Condition", {})) and one["Resource"] != ["*"]
            for one in statements(g, "iam/policy")
            if one["Effect"] == "Allow" and "iam:PassRole" in one["Action"]
        ),
        "GitHub's jobs say their repository, environment and workflow": lambda g: (
            {
                "token.actions.githubusercontent.com:repository_id",
                "token.actions.githubusercontent.com:sub",
                "token.actions.githubusercontent.com:job_workflow_ref",
            }
            <= set(claims(g))
        ),
        "an organisation has guardrails of both kinds, made in its management account": lambda g: (
            {one.get("type") for one in every(g, "organizations/policy")}
            == {"SERVICE_CONTROL_POLICY", "RESOURCE_CONTROL_POLICY"}
            and {one.get("targetId") for one in every(g, "organizations/policyAttachment")} == {UNIT}
        ),
        "the guardrails keep to residency, auditors and encryption, and shut out the public": lambda g: all(
            word in "".join(str(one.get("content")) for one in every(g, "organizations/policy"))
            for word in (
                "aws:RequestedRegion",
                "cloudtrail:StopLogging",
                "lambda:FunctionUrlAuthType",
                "ec2:Encrypted",
                "s3:x-amz",
            )
        ),
    },
    "audit": {
        "the trail records all Regions, is validated, sealed and has Insights": lambda g: all(
            one.get("isMultiRegionTrail") is True
            and one.get("enableLogFileValidation") is True
            and keys_of(g, one, "kmsKeyId")
            and len(one.get("insightSelectors")) == 2
            for one in every(g, "cloudtrail/trail")
        ),
        "management events are recorded, those of KMS too": lambda g: (
            selectors(g)["Every management event"] == [{"field": "eventCategory", "equals": ["Management"]}]
        ),
        "data events of S3, Lambda and SageMaker are recorded": lambda g: (
            {
                value
                for fields in selectors(g).values()
                for field in fields
                if field["field"] == "resources.type"
                for value in field["equals"]
            }
            >= {"AWS::S3::Object", "AWS::Lambda::Function", "AWS::SageMaker::Endpoint"}
        ),
        "the record is kept for six years and more": lambda g: (
            said(every(g, "s3/bucketObjectLockConfiguration")[0], "rule", "defaultRetention", "days") >= 6 * 365
        ),
        "who reads the record is recorded as well": lambda g: bool(every(g, "s3/bucketLogging", "audit-log")),
        "tampering is counted and raises an alarm": lambda g: bool(
            every(g, "cloudwatch/logMetricFilter", "audit-tamper") and every(g, "cloudwatch/metricAlarm", "tamper")
        ),
        "the record can be asked by day, Region and account": lambda g: (
            [part["name"] for part in said(every(g, "glue/catalogTable", "events")[0], "partitionKeys")]
            == ["account", "region", "day"]
        ),
    },
    "recovery": {
        "backups are kept in a locked vault": lambda g: all(
            one.get("minRetentionDays") == 30 for one in every(g, "backup/vaultLockConfiguration")
        ),
        "a second copy lies in another Region of the residency set": lambda g: (
            "eu-west-1" in json.dumps(said(every(g, "backup/plan")[0], "rules"), default=str)
        ),
        "a restore is tried every month": lambda g: (
            every(g, "backup/restoreTestingPlan")[0].get("scheduleExpression") == "cron(0 9 1 * ? *)"
        ),
        "how much may be lost, and for how long, is what the settings say": lambda g: (
            (every(g, "BackupPlan")[0].get("rpoHours"), every(g, "RestoreTest")[0].get("rtoHours")) == (24, 24)
        ),
    },
    "cost": {
        "there is a budget, and somebody is told": lambda g: (
            float(str(every(g, "budgets/budget")[0].get("limitAmount"))) == 10000
            and bool(said(every(g, "budgets/budget")[0], "notifications"))
        ),
        "what is unusual is told at once": lambda g: (
            every(g, "costexplorer/anomalySubscription")[0].get("frequency") == "IMMEDIATE"
        ),
        "what costs money while idle is told, component by component": lambda g: bool(
            idle_components((PROJECT / "docs" / "idle-cost.md").read_text(encoding="utf-8"))
            <= {one.type.rpartition(":")[2] for one in g.resources}
        ),
    },
}
