"""Variants of machines, functions, notebooks, networks, stages of interfaces and load balancers."""

from __future__ import annotations

from collections.abc import Callable

from benchmarks.said_twice_more import SETTINGS, STAGE, stage
from benchmarks.subject import ARN, BESIDE, LEFT_OUT, REF, SEALED, Companion, Option, Subject, merged, same

SUBNET, CERTIFICATE = "subnet-0123456789abcdef0", "arn:aws:acm:eu-central-1:111122223333:certificate/a"
QUEUE = "arn:aws:sqs:eu-central-1:111122223333:failed"
ROLE = "arn:aws:iam::111122223333:role/a"
VPC, LISTENER = "aws:ec2/vpc:Vpc", "aws:lb/listener:Listener"
BALANCER, WEB_ACL = "aws:lb/loadBalancer:LoadBalancer", "aws:wafv2/webAcl:WebAcl"
MACHINE: dict[str, Option] = {
    "subnet": ({"subnetId": SUBNET}, {"SubnetId": SUBNET}),
    "address": ({"associatePublicIpAddress": False}, {}),
    "profile": ({"iamInstanceProfile": "ml"}, {"IamInstanceProfile": "ml"}),
    "monitoring": ({"monitoring": True}, {"Monitoring": True}),
    "disk": ({"ebsOptimized": True}, {"EbsOptimized": True}),
    "image": ({"ami": "ami-0123456789abcdef0"}, {"ImageId": "ami-0123456789abcdef0"}),
}
"""A machine that nothing is wrong with, part by part; a subject leaves out the parts that its choices decide."""
DOOR: dict[str, Option] = {
    "headers": (
        {"dropInvalidHeaderFields": True},
        {"LoadBalancerAttributes": [{"Key": "routing.http.drop_invalid_header_fields.enabled", "Value": "true"}]},
    ),
    "log": (
        {"accessLogs": {"enabled": True, "bucket": "logs"}},
        {"LoadBalancerAttributes": [{"Key": "access_logs.s3.enabled", "Value": "true"}]},
    ),
    "kept": (
        {"enableDeletionProtection": True},
        {"LoadBalancerAttributes": [{"Key": "deletion_protection.enabled", "Value": "true"}]},
    ),
}
"""A load balancer that nothing is wrong with, part by part."""
FUNCTION: dict[str, Option] = {
    "code": (
        {"role": ROLE, "handler": "a.b", "runtime": "python3.13"},
        {"Role": ROLE, "Handler": "a.b", "Runtime": "python3.13", "Code": {"ZipFile": "pass"}},
    ),
    "letters": ({"deadLetterConfig": {"targetArn": QUEUE}}, {"DeadLetterConfig": {"TargetArn": QUEUE}}),
    "at once": ({"reservedConcurrentExecutions": 5}, {"ReservedConcurrentExecutions": 5}),
}
"""A function that nothing is wrong with, part by part."""
KINDS = {
    "machine": ("aws:ec2/instance:Instance", "AWS::EC2::Instance", MACHINE),
    "door": (BALANCER, "AWS::ElasticLoadBalancingV2::LoadBalancer", DOOR),
    "function": ("aws:lambda/function:Function", "AWS::Lambda::Function", FUNCTION),
}


def _but(name: str, *parts: str) -> Callable:
    """A good one, without these parts."""
    token, kind, good = KINDS[name]
    options = [option for part, option in good.items() if part not in parts]
    ours: dict = {}
    theirs: dict = {}
    for first, second in options:
        ours |= first
        for key, value in second.items():
            theirs[key] = [*theirs.get(key, []), *value] if isinstance(value, list) else value
    return merged(token, kind, (ours, theirs))


def _address(value: bool) -> Option:  # noqa: FBT001 - the value of a property
    face = {"AssociatePublicIpAddress": value, "DeviceIndex": "0", "SubnetId": SUBNET}
    return {"associatePublicIpAddress": value}, {"NetworkInterfaces": [face]}


def _metadata(tokens: str, hops: int | None) -> Option:
    held = {"httpTokens": tokens, **({} if hops is None else {"httpPutResponseHopLimit": hops})}
    return {"metadataOptions": held}, {"MetadataOptions": {name[0].upper() + name[1:]: v for name, v in held.items()}}


def _network(subnets: int, groups: int) -> Option:
    near = [f"subnet-0123456789abcde{n:02}" for n in range(subnets)]
    held = [f"sg-0123456789abcde{n:02}" for n in range(groups)]
    ours = {"vpcConfig": {"subnetIds": near, "securityGroupIds": held}}
    return ours, {"VpcConfig": {"SubnetIds": near, "SecurityGroupIds": held}}


def _attribute(ours: dict, key: str, value: str) -> Option:
    return ours, {"LoadBalancerAttributes": [{"Key": key, "Value": value}]}


def _action(kind: str, protocol: str = "HTTPS") -> Option:
    if kind == "forward":
        return {"defaultActions": [{"type": kind, "targetGroupArn": QUEUE}]}, {
            "DefaultActions": [{"Type": kind, "TargetGroupArn": QUEUE}]
        }
    to = {"protocol": protocol, "statusCode": "HTTP_301"}
    theirs = [{"Type": kind, "RedirectConfig": {"Protocol": protocol, "StatusCode": "HTTP_301"}}]
    return {"defaultActions": [{"type": kind, "redirect": to}]}, {"DefaultActions": theirs}


def _listener(protocol: str) -> Option:
    return {"protocol": protocol}, {"Protocol": protocol}


def _certified(policy: str) -> Option:
    ours = {"certificateArn": CERTIFICATE, "sslPolicy": policy}
    return ours, {"Certificates": [{"CertificateArn": CERTIFICATE}], "SslPolicy": policy}


def _permission(principal: str, **given: str) -> Option:
    names = {"sourceArn": "SourceArn", "sourceAccount": "SourceAccount", "principalOrgId": "PrincipalOrgID"}
    return {"principal": principal, **given}, {"Principal": principal, **{names[n]: v for n, v in given.items()}}


BUCKET_ARN, ACCOUNT = "arn:aws:s3:::records", "111122223333"
CURRENT, OLD = "ELBSecurityPolicy-TLS13-1-2-2021-06", "ELBSecurityPolicy-2016-08"
FLOWS = Companion("aws:ec2/flowLog:FlowLog", "AWS::EC2::FlowLog", "vpcId", {"ResourceId": REF, "ResourceType": "VPC"})
CLOSED = Companion("aws:ec2/defaultSecurityGroup:DefaultSecurityGroup", "AWS::CDK::Metadata", "vpcId", {})
ACL_LOG = Companion(
    "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration",
    "AWS::WAFv2::LoggingConfiguration",
    "resourceArn",
    {"ResourceArn": ARN},
)
NETWORK: Option = ({"cidrBlock": "10.0.0.0/16"}, {"CidrBlock": "10.0.0.0/16"})
FRONT: Option = (
    {"scope": "REGIONAL"},
    {
        "Scope": "REGIONAL",
        "DefaultAction": {"Allow": {}},
        "VisibilityConfig": {"CloudWatchMetricsEnabled": True, "SampledRequestsEnabled": False, "MetricName": "a"},
    },
)
STREAM = "arn:aws:firehose:eu-central-1:111122223333:deliverystream/aws-waf-logs-a"
SUBJECTS = (
    Subject(
        {"EC2InstanceNoPublicIp": ("ec2.machine_has_no_public_address",)},
        {"address": [LEFT_OUT, _address(value=True), _address(value=False)]},
        _but("machine", "address"),
    ),
    Subject(
        {"EC2InstancesInVPC": ("ec2.machine_has_no_public_address",)},
        {"subnet": same("subnetId", "SubnetId", SUBNET)},
        _but("machine", "subnet"),
    ),
    Subject(
        {"EC2IMDSv2Enabled": ("ec2.machine_gives_credentials_to_sessions_only",)},
        {"metadata": [LEFT_OUT, *(_metadata(t, hops) for t in ("required", "optional") for hops in (None, 1, 2))]},
        _but("machine"),
    ),
    Subject(
        {"EC2InstanceProfileAttached": ("ec2.machine_acts_under_a_role_and_carries_no_secret",)},
        {
            "profile": same("iamInstanceProfile", "IamInstanceProfile", "ml"),
            "data": same("userData", "UserData", "yum update", "password=correct-horse-battery"),
        },
        _but("machine", "profile"),
    ),
    Subject(
        {"EC2InstanceDetailedMonitoringEnabled": ("ec2.machine_is_watched_closely",)},
        {"monitoring": same("monitoring", "Monitoring", True, False)},
        _but("machine", "monitoring"),
    ),
    Subject(
        {"EC2EBSOptimizedInstance": ("ec2.machine_is_watched_closely",)},
        {
            "kind": same("instanceType", "InstanceType", "t2.micro", "m4.large", "c4.large", "m6i.large")[1:],
            "disk": same("ebsOptimized", "EbsOptimized", True, False),
        },
        _but("machine", "disk"),
    ),
    Subject(
        {"LambdaInsideVPC": ("awslambda.function_runs_in_our_network",)},
        {"network": [LEFT_OUT, *(_network(subnets, groups) for subnets in (0, 1, 2) for groups in (0, 1))]},
        _but("function"),
    ),
    Subject(
        {"LambdaDLQ": ("awslambda.function_loses_no_failed_call",)},
        {"letters": [LEFT_OUT, FUNCTION["letters"], ({"deadLetterConfig": {}}, {"DeadLetterConfig": {}})]},
        _but("function", "letters"),
    ),
    Subject(
        {"LambdaConcurrency": ("awslambda.function_loses_no_failed_call",)},
        {"at once": same("reservedConcurrentExecutions", "ReservedConcurrentExecutions", 0, 1, 50)},
        _but("function", "at once"),
    ),
    Subject(
        {"LambdaFunctionPublicAccessProhibited": ("awslambda.function_admits_nobody_at_large",)},
        {
            "who": [
                *(_permission(who) for who in ("*", ACCOUNT, ROLE, "s3.amazonaws.com")),
                *(_permission(who, sourceArn=BUCKET_ARN) for who in ("*", ACCOUNT, "s3.amazonaws.com")),
                *(_permission(who, sourceAccount=ACCOUNT) for who in ("*", "s3.amazonaws.com")),
                _permission("*", principalOrgId="o-a1b2c3d4e5"),
            ]
        },
        merged(
            "aws:lambda/permission:Permission",
            "AWS::Lambda::Permission",
            (
                {"action": "lambda:InvokeFunction", "function": "a"},
                {"Action": "lambda:InvokeFunction", "FunctionName": "a"},
            ),
        ),
    ),
    Subject(
        {
            "SageMakerNotebookInstanceKMSKeyConfigured": ("sagemaker.notebook_disk_is_encrypted_with_own_key",),
            "SageMakerNotebookNoDirectInternetAccess": ("sagemaker.notebook_has_no_way_to_the_internet",),
        },
        {
            "key": [LEFT_OUT, SEALED, ({"kmsKeyId": "alias/aws/sagemaker"}, {"KmsKeyId": "alias/aws/sagemaker"})],
            "internet": same("directInternetAccess", "DirectInternetAccess", "Enabled", "Disabled"),
        },
        merged(
            "aws:sagemaker/notebookInstance:NotebookInstance",
            "AWS::SageMaker::NotebookInstance",
            (
                {"roleArn": ROLE, "instanceType": "ml.t3.medium"},
                {"RoleArn": ROLE, "InstanceType": "ml.t3.medium"},
            ),
        ),
    ),
    Subject(
        {"APIGWExecutionLoggingEnabled": ("apigateway.stage_records_calls",)},
        {
            "stage": ({"xrayTracingEnabled": True},),
            "path": ("*/*", "models/GET"),
            "settings": (None, {"loggingLevel": "INFO"}, {"loggingLevel": "ERROR"}, {"loggingLevel": "OFF"}, {}),
        },
        stage(STAGE),
    ),
    Subject(
        {"APIGWXrayEnabled": ("apigateway.stage_records_calls",)},
        {
            "stage": ({}, {"xrayTracingEnabled": True}, {"xrayTracingEnabled": False}),
            "path": ("*/*",),
            "settings": ({"loggingLevel": "INFO"},),
        },
        stage(STAGE),
    ),
    Subject(
        {"APIGWSSLEnabled": ("apigateway.way_in_and_out_is_sealed",)},
        {"stage": ({}, {"clientCertificateId": "a1b2c3"})},
        stage(STAGE),
    ),
    Subject(
        {"APIGWCacheEnabledAndEncrypted": ("apigateway.stage_cache_is_encrypted",)},
        {
            "path": ("*/*", "models/GET"),
            "settings": tuple(
                {"cachingEnabled": cached, "cacheDataEncrypted": sealed}
                for cached in (True, False)
                for sealed in (True, False)
            ),
        },
        stage(SETTINGS),
    ),
    Subject(
        {"VPCFlowLogsEnabled": ("ec2.vpc_records_flows",)},
        {BESIDE: (None, *same("trafficType", "TrafficType", "ALL", "ACCEPT", "REJECT")[1:])},
        merged(VPC, "AWS::EC2::VPC", NETWORK, FLOWS),
    ),
    Subject(
        {"VPCDefaultSecurityGroupClosed": ("ec2.default_group_is_closed",)},
        {BESIDE: (None, LEFT_OUT, ({"ingress": [{"protocol": "-1", "self": True}]}, {}))},
        merged(VPC, "AWS::EC2::VPC", NETWORK, CLOSED),
    ),
    Subject(
        {"VPCNoUnrestrictedRouteToIGW": ("ec2.route_stays_inside",)},
        {
            "gate": [
                *same("gatewayId", "GatewayId", "igw-0123456789abcdef0", "vgw-0123456789abcdef0")[1:],
                *same("natGatewayId", "NatGatewayId", "nat-0123456789abcdef0")[1:],
            ],
            "to": [
                *same("destinationCidrBlock", "DestinationCidrBlock", "0.0.0.0/0", "10.0.0.0/8", "198.51.100.0/24")[1:],
                *same("destinationIpv6CidrBlock", "DestinationIpv6CidrBlock", "::/0", "fd00::/8")[1:],
            ],
        },
        merged("aws:ec2/route:Route", "AWS::EC2::Route", ({"routeTableId": "rtb-0123"}, {"RouteTableId": "rtb-0123"})),
    ),
    Subject(
        {
            "ALBHttpToHttpsRedirection": ("elb.listener_speaks_current_tls",),
            "ELBv2ACMCertificateRequired": ("elb.listener_speaks_current_tls",),
        },
        {
            "protocol": [_listener("HTTP"), _listener("HTTPS"), _listener("TCP"), _listener("TLS")],
            "action": [_action("forward"), _action("redirect"), _action("redirect", "HTTP")],
            "certificate": [LEFT_OUT, _certified(CURRENT), _certified(OLD)],
        },
        merged(LISTENER, "AWS::ElasticLoadBalancingV2::Listener", ({}, {"LoadBalancerArn": ROLE})),
    ),
    Subject(
        {"ALBHttpDropInvalidHeaderEnabled": ("elb.balancer_is_hardened",)},
        {
            "headers": [
                LEFT_OUT,
                DOOR["headers"],
                _attribute(
                    {"dropInvalidHeaderFields": False}, "routing.http.drop_invalid_header_fields.enabled", "false"
                ),
            ],
            "kind": same("loadBalancerType", "Type", "application", "network"),
        },
        _but("door", "headers"),
    ),
    Subject(
        {"ELBLoggingEnabled": ("elb.balancer_is_hardened",)},
        {
            "log": [
                LEFT_OUT,
                DOOR["log"],
                _attribute({"accessLogs": {"enabled": False, "bucket": "logs"}}, "access_logs.s3.enabled", "false"),
            ]
        },
        _but("door", "log"),
    ),
    Subject(
        {"ELBDeletionProtectionEnabled": ("elb.balancer_is_hardened",)},
        {
            "kept": [
                LEFT_OUT,
                DOOR["kept"],
                _attribute({"enableDeletionProtection": False}, "deletion_protection.enabled", "false"),
            ]
        },
        _but("door", "kept"),
    ),
    Subject(
        {"WAFv2LoggingEnabled": ("wafv2.acl_records_what_it_decides",)},
        {BESIDE: (None, *same("logDestinationConfigs", "LogDestinationConfigs", [STREAM])[1:])},
        merged(WEB_ACL, "AWS::WAFv2::WebACL", FRONT, ACL_LOG),
    ),
)
