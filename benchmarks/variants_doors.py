"""Variants of networks, stages of interfaces, and load balancers with what stands before them."""

from __future__ import annotations

from typing import Any

from benchmarks.said_twice_more import SETTINGS, STAGE, stage
from benchmarks.subject import ARN, BESIDE, LEFT_OUT, REF, Companion, Option, Subject, good, merged, same

CERTIFICATE = "arn:aws:acm:eu-central-1:111122223333:certificate/a"
TARGETS = "arn:aws:elasticloadbalancing:eu-central-1:111122223333:targetgroup/a/b"
VPC, LISTENER = "aws:ec2/vpc:Vpc", "aws:lb/listener:Listener"
BALANCER, WEB_ACL = "aws:lb/loadBalancer:LoadBalancer", "aws:wafv2/webAcl:WebAcl"
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
THE_DOOR = (BALANCER, "AWS::ElasticLoadBalancingV2::LoadBalancer", DOOR)


def _attribute(ours: dict[str, Any], key: str, value: str) -> Option:
    return ours, {"LoadBalancerAttributes": [{"Key": key, "Value": value}]}


def _action(kind: str, protocol: str = "HTTPS") -> Option:
    if kind == "forward":
        return {"defaultActions": [{"type": kind, "targetGroupArn": TARGETS}]}, {
            "DefaultActions": [{"Type": kind, "TargetGroupArn": TARGETS}]
        }
    to = {"protocol": protocol, "statusCode": "HTTP_301"}
    theirs = [{"Type": kind, "RedirectConfig": {"Protocol": protocol, "StatusCode": "HTTP_301"}}]
    return {"defaultActions": [{"type": kind, "redirect": to}]}, {"DefaultActions": theirs}


def _listener(protocol: str) -> Option:
    return {"protocol": protocol}, {"Protocol": protocol}


def _certified(policy: str) -> Option:
    ours = {"certificateArn": CERTIFICATE, "sslPolicy": policy}
    return ours, {"Certificates": [{"CertificateArn": CERTIFICATE}], "SslPolicy": policy}


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
        merged(LISTENER, "AWS::ElasticLoadBalancingV2::Listener", ({}, {"LoadBalancerArn": TARGETS})),
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
        good(*THE_DOOR, "headers"),
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
        good(*THE_DOOR, "log"),
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
        good(*THE_DOOR, "kept"),
    ),
    Subject(
        {"WAFv2LoggingEnabled": ("wafv2.acl_records_what_it_decides",)},
        {BESIDE: (None, *same("logDestinationConfigs", "LogDestinationConfigs", [STREAM])[1:])},
        merged(WEB_ACL, "AWS::WAFv2::WebACL", FRONT, ACL_LOG),
    ),
)
