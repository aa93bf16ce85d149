"""How one variant of a program is said twice: in Pulumi's words for our guards, in CloudFormation's for cdk-nag."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from core.resource import Resource
from core.value import Unknown, frozen

STEM = "urn:pulumi:prod::variants::"
KEY = "a key of the program"
KEY_TOKEN, TOPIC_TOKEN = "aws:kms/key:Key", "aws:sns/topic:Topic"
LOG_GROUP_TOKEN, BUCKET_TOKEN = "aws:cloudwatch/logGroup:LogGroup", "aws:s3/bucket:Bucket"
PRODUCTION = {"VariantName": "a", "ModelName": "m", "InitialVariantWeight": 1, "InstanceType": "ml.m6i.large"}
ACCOUNT = "arn:aws:iam::111122223333:root"
Both = tuple[list[Resource], dict[str, Any]]
"""The resources of a variant for us, the judged one first, and the template's for cdk-nag, the judged one `Judged`."""


def resource(token: str, name: str, inputs: Mapping[str, Any], **links: Resource) -> Resource:
    """A resource as a first preview shows it: what comes from another one is unknown, and where from is recorded."""
    sources = {prop: frozenset({other.urn}) for prop, other in links.items()}
    held = {key: value for key, value in inputs.items() if value is not None}
    for prop, other in links.items():
        held.setdefault(prop, Unknown(f"{other.urn}.id"))
    return Resource(token, f"{STEM}{token}::{name}", frozen(held), property_dependencies=sources)


def key() -> tuple[Resource, dict[str, Any]]:
    """A key that rotates."""
    ours = Resource(KEY_TOKEN, f"{STEM}{KEY_TOKEN}::seal", {"enableKeyRotation": True})
    return ours, {"Type": "AWS::KMS::Key", "Properties": {"EnableKeyRotation": True, "KeyPolicy": {"Statement": []}}}


def made(kind: str, properties: Mapping[str, Any]) -> dict[str, Any]:
    """A resource of a template, without the properties that are left out."""
    return {"Type": kind, "Properties": {name: value for name, value in properties.items() if value is not None}}


def simple(
    token: str, kind: str, names: Mapping[str, str], keyed: str = "", **fixed: tuple[str, Any]
) -> Callable[..., Both]:
    """A resource whose choices are its properties, called `names` in CloudFormation; `keyed` may refer to a key."""

    def said(chosen: Mapping[str, Any]) -> Both:
        seal, sealed = key()
        links = {keyed: seal} if keyed and chosen.get(keyed) == KEY else {}
        ours = {name: value for name, value in chosen.items() if value != KEY}
        theirs = {names[n]: {"Fn::GetAtt": ["Seal", "Arn"]} if v == KEY else v for n, v in chosen.items()}
        ours |= {name: [_camel(item) for item in value] for name, (_, value) in fixed.items()}
        theirs |= dict(fixed.values())
        return [resource(token, "judged", ours, **links), seal], {"Judged": made(kind, theirs), "Seal": sealed}

    return said


def _camel(properties: Mapping[str, Any]) -> dict[str, Any]:
    """The properties of a nested block by their names in Pulumi."""
    return {name[0].lower() + name[1:]: value for name, value in properties.items()}


def bucket(chosen: Mapping[str, Any]) -> Both:
    """A bucket with its companions, which are properties in CloudFormation."""
    seal, sealed = key()
    ours = resource(BUCKET_TOKEN, "judged", {})
    logs = resource(BUCKET_TOKEN, "logs", {})
    beside: list[Resource] = [seal, logs]
    theirs: dict[str, Any] = {}
    if status := chosen["versioning"]:
        beside.append(_companion("Versioning", ours, {"versioningConfiguration": {"status": status}}))
        theirs["VersioningConfiguration"] = {"Status": status}
    if algorithm := chosen["encryption"]:
        name, own = ("aws:kms", True) if algorithm == KEY else (algorithm, False)
        by = {"sseAlgorithm": name, **({"kmsMasterKeyId": Unknown(f"{seal.urn}.arn")} if own else {})}
        links = {"rules": frozenset({seal.urn})} if own else {}
        rules = [{"applyServerSideEncryptionByDefault": by}]
        beside.append(_companion("ServerSideEncryptionConfiguration", ours, {"rules": rules}, links))
        default = {"SSEAlgorithm": name, **({"KMSMasterKeyID": {"Fn::GetAtt": ["Seal", "Arn"]}} if own else {})}
        theirs["BucketEncryption"] = {"ServerSideEncryptionConfiguration": [{"ServerSideEncryptionByDefault": default}]}
    if flags := chosen["closed"]:
        names = ("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets")
        values = dict(zip(names, flags, strict=True))
        beside.append(_companion("PublicAccessBlock", ours, values))
        theirs["PublicAccessBlockConfiguration"] = {name[0].upper() + name[1:]: value for name, value in values.items()}
    if chosen["logging"]:
        source = {"targetBucket": Unknown(f"{logs.urn}.id"), "targetPrefix": "a/"}
        beside.append(_companion("Logging", ours, source, {"targetBucket": frozenset({logs.urn})}))
        theirs["LoggingConfiguration"] = {"DestinationBucketName": {"Ref": "Logs"}, "LogFilePrefix": "a/"}
    template = {"Judged": made("AWS::S3::Bucket", theirs), "Seal": sealed, "Logs": made("AWS::S3::Bucket", {})}
    if chosen["policy"]:
        beside += _policies(ours, chosen["policy"])
        template["Policy"] = _policy_of_template(chosen["policy"])
    return [ours, *beside], template


def _companion(
    kind: str, of: Resource, inputs: Mapping[str, Any], links: Mapping[str, frozenset[str]] | None = None
) -> Resource:
    token = f"aws:s3/bucket{kind}:Bucket{kind}"
    held = {"bucket": Unknown(f"{of.urn}.id"), **inputs}
    sources = {"bucket": frozenset({of.urn}), **(links or {})}
    return Resource(token, f"{STEM}{token}::{kind.lower()}", frozen(held), property_dependencies=sources)


def _statement(kind: str) -> dict[str, Any]:
    """A statement that refuses plain HTTP, or one that comes near."""
    effect, action = {
        "refuses": ("Deny", "s3:*"),
        "allows": ("Allow", "s3:*"),
        "refuses reading": ("Deny", "s3:GetObject"),
    }[kind]
    condition = {"Bool": {"aws:SecureTransport": "false"}}
    return {"Effect": effect, "Principal": "*", "Action": action, "Condition": condition}


def _policies(of: Resource, kind: str) -> list[Resource]:
    token, document = "aws:s3/bucketPolicy:BucketPolicy", "strongroom:index:PolicyDocument"
    arn = Unknown(f"{of.urn}.arn")
    statement = {**_statement(kind), "Resource": (arn, arn)}
    held = {"bucket": Unknown(f"{of.urn}.id"), "policy": Unknown(f"{of.urn}.arn")}
    sources = dict.fromkeys(("bucket", "policy"), frozenset({of.urn}))
    policy = Resource(token, f"{STEM}{token}::policy", held, property_dependencies=sources)
    body = {"of": "policy", "attribute": "policy", "document": {"Statement": [statement]}}
    return [policy, Resource(document, f"{STEM}{document}::policy", frozen(body))]


def _policy_of_template(kind: str) -> dict[str, Any]:
    arn = {"Fn::GetAtt": ["Judged", "Arn"]}
    statement = {**_statement(kind), "Resource": [arn, {"Fn::Join": ["", [arn, "/*"]]}]}
    return made("AWS::S3::BucketPolicy", {"Bucket": {"Ref": "Judged"}, "PolicyDocument": {"Statement": [statement]}})


def trail(chosen: Mapping[str, Any]) -> Both:
    """A trail over every Region."""
    seal, sealed = key()
    group, store = resource(LOG_GROUP_TOKEN, "events", {}), resource(BUCKET_TOKEN, "store", {})
    links = {"s3BucketName": store, **({"kmsKeyId": seal} if chosen["key"] else {})}
    if chosen["group"]:
        links["cloudWatchLogsGroupArn"] = group
    ours = resource("aws:cloudtrail/trail:Trail", "judged", {"enableLogFileValidation": chosen["sealed"]}, **links)
    theirs = {
        "IsLogging": True,
        "S3BucketName": {"Ref": "Store"},
        "EnableLogFileValidation": chosen["sealed"],
        "KMSKeyId": {"Fn::GetAtt": ["Seal", "Arn"]} if chosen["key"] else None,
        "CloudWatchLogsLogGroupArn": {"Fn::GetAtt": ["Events", "Arn"]} if chosen["group"] else None,
        "CloudWatchLogsRoleArn": ACCOUNT if chosen["group"] else None,
    }
    template = {"Judged": made("AWS::CloudTrail::Trail", theirs), "Seal": sealed}
    return [ours, seal, group, store], {
        **template,
        "Events": made("AWS::Logs::LogGroup", {}),
        "Store": made("AWS::S3::Bucket", {}),
    }


def policy(chosen: Mapping[str, Any]) -> Both:
    """A managed policy of one statement."""
    statement = {name: chosen[name.lower()] for name in chosen["order"]}
    document = {"Version": "2012-10-17", "Statement": [statement]}
    ours = resource("aws:iam/policy:Policy", "judged", {"policy": json.dumps(document)})
    return [ours], {"Judged": made("AWS::IAM::ManagedPolicy", {"PolicyDocument": document})}


def ingress(chosen: Mapping[str, Any]) -> Both:
    """A security group with one rule inwards."""
    first, last = chosen["ports"]
    six = ":" in chosen["range"]
    rule = {"protocol": chosen["protocol"], "fromPort": first, "toPort": last}
    ours = {**rule, ("ipv6CidrBlocks" if six else "cidrBlocks"): [chosen["range"]]}
    theirs = {"IpProtocol": chosen["protocol"], "FromPort": first, "ToPort": last}
    theirs["CidrIpv6" if six else "CidrIp"] = chosen["range"]
    group = made("AWS::EC2::SecurityGroup", {"GroupDescription": "g", "SecurityGroupIngress": [theirs]})
    return [resource("aws:ec2/securityGroup:SecurityGroup", "judged", {"ingress": [ours]})], {"Judged": group}
