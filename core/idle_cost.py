"""What costs money while nobody uses it: an estimate for each type, with its day and its source.

Rounded list prices of us-east-1 in US dollars, for a month of 730 hours, before taxes, discounts and free tiers; most
other Regions are dearer. Storage, requests, traffic and scans cost by use and are not in here. An estimate is for
deciding what to leave running; the bill says what it cost.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from core.graph import Graph
from core.resource import Resource
from core.value import Secret, Unknown

AS_OF = "2026-11-24"
"""The day on which the prices were put down."""
HOURS = 730
PRICES = "https://aws.amazon.com/{}/pricing/"


@dataclass(frozen=True, slots=True)
class Estimate:
    """What one of a type costs a month while it is idle, and the page that says so.

    `per` is a property whose number of items multiplies it. `basis` says what the price is for. `read` is true where
    the page was read; elsewhere the price is one that is widely quoted, and the page is where to look it up.
    """

    usd: float
    basis: str
    source: str
    per: str = ""
    read: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """All resources of one type: how many, and what they cost a month together; None where nobody wrote it down."""

    type: str
    count: int
    usd: float | None
    basis: str
    source: str
    read: bool = False


def _hourly(usd: float, basis: str, page: str, per: str = "") -> Estimate:
    return Estimate(round(usd * HOURS, 2), basis, PRICES.format(page), per)


def _monthly(usd: float, basis: str, page: str, *, read: bool = False) -> Estimate:
    return Estimate(usd, basis, PRICES.format(page), read=read)


PRICED: Mapping[str, Estimate] = MappingProxyType(
    {
        "aws:kms/key:Key": _monthly(1, "a key; each of the first two rotations adds as much again", "kms", read=True),
        "aws:kms/replicaKey:ReplicaKey": _monthly(1, "a replica counts as a key", "kms", read=True),
        "aws:kms/externalKey:ExternalKey": _monthly(1, "a key", "kms", read=True),
        "aws:cloudwatch/metricAlarm:MetricAlarm": _monthly(
            0.10, "an alarm of standard resolution", "cloudwatch", read=True
        ),
        "aws:cloudwatch/compositeAlarm:CompositeAlarm": _monthly(0.50, "a composite alarm", "cloudwatch"),
        "aws:cloudwatch/logMetricFilter:LogMetricFilter": _monthly(0.30, "the metric it keeps alive", "cloudwatch"),
        "aws:cloudwatch/dashboard:Dashboard": _monthly(3, "a dashboard", "cloudwatch"),
        "aws:secretsmanager/secret:Secret": _monthly(0.40, "a secret", "secrets-manager"),
        "aws:ec2/vpcEndpoint:VpcEndpoint": _hourly(
            0.01, "an interface in each subnet; gateways are free", "privatelink", "subnetIds"
        ),
        "aws:ec2/natGateway:NatGateway": _hourly(0.045, "a gateway", "vpc"),
        "aws:ec2/eip:Eip": _hourly(0.005, "a public IPv4 address", "vpc"),
        "aws:ec2/vpnConnection:VpnConnection": _hourly(0.05, "a connection", "vpn"),
        "aws:ec2transitgateway/vpcAttachment:VpcAttachment": _hourly(0.05, "an attachment", "transit-gateway"),
        "aws:networkfirewall/firewall:Firewall": _hourly(
            0.395, "an endpoint in each zone", "network-firewall", "subnetMappings"
        ),
        "aws:route53/resolverEndpoint:ResolverEndpoint": _hourly(
            0.125, "an address in each subnet", "route53", "ipAddresses"
        ),
        "aws:lb/loadBalancer:LoadBalancer": _hourly(0.0225, "a load balancer without load", "elasticloadbalancing"),
        "aws:wafv2/webAcl:WebAcl": _monthly(5, "an ACL; each rule in it adds 1", "waf"),
        "aws:eks/cluster:Cluster": _hourly(0.10, "the control plane; nodes cost besides", "eks"),
        "aws:cloudhsmv2/cluster:Cluster": _hourly(0.0, "the cluster; each module costs besides", "cloudhsm"),
        "aws:cloudhsmv2/hsm:Hsm": _hourly(1.60, "a module", "cloudhsm"),
    }
)
"""Token -> estimate."""
MACHINES: Mapping[str, float] = MappingProxyType(
    {
        "ml.t2.medium": 0.056,
        "ml.m5.large": 0.115,
        "ml.m5.xlarge": 0.23,
        "ml.m6i.large": 0.115,
        "ml.m6i.xlarge": 0.23,
        "ml.c5.xlarge": 0.204,
        "ml.c6i.xlarge": 0.204,
        "ml.g5.xlarge": 1.408,
    }
)
"""Dollars an hour of a machine that serves a model: https://aws.amazon.com/sagemaker/pricing/."""
SERVING = "aws:sagemaker/endpointConfiguration:EndpointConfiguration"
BY_USE: Mapping[str, str] = MappingProxyType(
    {
        "aws:athena/workgroup:Workgroup": "data that is scanned",
        "aws:backup/vault:Vault": "backups that are kept",
        "aws:cloudtrail/trail:Trail": "data, network and Insights events",
        "aws:cloudwatch/logGroup:LogGroup": "logs that arrive and are kept",
        "aws:costexplorer/anomalyMonitor:AnomalyMonitor": "nothing",
        "aws:dynamodb/table:Table": "requests and data, where capacity is on demand",
        "aws:ec2/flowLog:FlowLog": "records that are delivered",
        "aws:glue/catalogTable:CatalogTable": "objects beyond a million",
        "aws:route53/resolverFirewallDomainList:ResolverFirewallDomainList": "queries, and next to nothing a domain",
        "aws:route53/resolverQueryLogConfig:ResolverQueryLogConfig": "queries that are recorded",
        "aws:s3/bucket:Bucket": "objects that are kept",
        "aws:sagemaker/featureGroup:FeatureGroup": "records and requests, where its online store is a standard one",
        "aws:sns/topic:Topic": "messages",
        "aws:ssm/parameter:Parameter": "nothing, where it is of the standard tier",
        "aws:budgets/budget:Budget": "actions; budgets themselves are free",
    }
)
"""Token -> what of it is paid by use; idle it costs nothing, or next to it."""
FREE = (
    *("aws:ebs/encryption", "aws:ebs/snapshotBlock", "aws:iam/", "aws:lakeformation/", "aws:organizations/"),
    *("aws:route53/resolverFirewallC", "aws:route53/resolverFirewallRule", "aws:s3/", "aws:vpc/", "pulumi:"),
    "strongroom:",
)
"""How tokens begin that never cost anything by themselves; `aws:s3/bucket` stands in BY_USE, its settings are free."""
FREE_KINDS = frozenset(
    {
        "aws:backup/plan:Plan",
        "aws:backup/restoreTestingPlan:RestoreTestingPlan",
        "aws:backup/restoreTestingSelection:RestoreTestingSelection",
        "aws:backup/selection:Selection",
        "aws:backup/vaultLockConfiguration:VaultLockConfiguration",
        "aws:backup/vaultPolicy:VaultPolicy",
        "aws:costexplorer/anomalySubscription:AnomalySubscription",
        "aws:ec2/defaultNetworkAcl:DefaultNetworkAcl",
        "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup",
        "aws:ec2/customerGateway:CustomerGateway",
        "aws:ec2/imageBlockPublicAccess:ImageBlockPublicAccess",
        "aws:ec2/instanceMetadataDefaults:InstanceMetadataDefaults",
        "aws:ec2/internetGateway:InternetGateway",
        "aws:ec2/route:Route",
        "aws:ec2/routeTable:RouteTable",
        "aws:ec2/routeTableAssociation:RouteTableAssociation",
        "aws:ec2/securityGroup:SecurityGroup",
        "aws:ec2/subnet:Subnet",
        "aws:ec2/vpc:Vpc",
        "aws:ec2/vpcIpv4CidrBlockAssociation:VpcIpv4CidrBlockAssociation",
        "aws:ec2/vpnConnectionRoute:VpnConnectionRoute",
        "aws:ec2/vpnGateway:VpnGateway",  # its connections cost
        "aws:ec2transitgateway/transitGateway:TransitGateway",  # its attachments cost
        "aws:glue/catalogDatabase:CatalogDatabase",
        "aws:glue/dataCatalogEncryptionSettings:DataCatalogEncryptionSettings",
        "aws:glue/securityConfiguration:SecurityConfiguration",
        "aws:kms/alias:Alias",
        "aws:networkfirewall/firewallPolicy:FirewallPolicy",  # the firewall costs
        "aws:networkfirewall/loggingConfiguration:LoggingConfiguration",
        "aws:networkfirewall/ruleGroup:RuleGroup",
        "aws:route53/resolverQueryLogConfigAssociation:ResolverQueryLogConfigAssociation",
        "aws:sagemaker/endpoint:Endpoint",  # its configuration says what runs
        "aws:sagemaker/model:Model",
        "aws:secretsmanager/secretPolicy:SecretPolicy",
        "aws:secretsmanager/secretRotation:SecretRotation",
        "aws:secretsmanager/secretVersion:SecretVersion",
        "aws:sns/topicPolicy:TopicPolicy",
        "aws:sns/topicSubscription:TopicSubscription",
    }
)


def idle_costs(graph: Graph) -> tuple[Row, ...]:
    """A row for each type that costs money while idle or may do so, dearest first, what nobody knows before all.

    Types that cost nothing by themselves, or by use only, have no row. A row without a sum names a type that nobody
    priced, or a number that is not known yet: it is never taken for nothing.
    """
    tokens = sorted({resource.type for resource in graph.resources})
    rows = [row for token in tokens if (row := _row(token, graph.of_type(token))) is not None]
    return tuple(sorted(rows, key=lambda row: (row.usd is not None, -(row.usd or 0), row.type)))


def _row(token: str, resources: tuple[Resource, ...]) -> Row | None:
    if token == SERVING:
        return Row(token, len(resources), _sum(map(_serving, resources)), "its machines", PRICES.format("sagemaker"))
    if estimate := PRICED.get(token):
        usd = _sum(_times(resource, estimate) for resource in resources)
        if usd == 0:
            return None
        return Row(token, len(resources), usd, estimate.basis, estimate.source, estimate.read)
    if is_free_when_idle(token):
        return None
    return Row(token, len(resources), None, "nobody wrote down what it costs", "")


def is_free_when_idle(token: str) -> bool:
    """Whether it costs nothing by itself, or by use only."""
    return token.startswith(FREE) or token in FREE_KINDS or token in BY_USE


def _sum(costs: Iterator[float | None]) -> float | None:
    """None as soon as one of them is not known."""
    known = list(costs)
    return None if None in known else round(sum(cost for cost in known if cost is not None), 2)


def _times(resource: Resource, estimate: Estimate) -> float | None:
    """One, or as many as the property says; without the property nothing of the kind is there."""
    if not estimate.per:
        return estimate.usd
    many = resource.get(estimate.per)
    if isinstance(many, Unknown | Secret):
        return None
    return estimate.usd * (len(many) if isinstance(many, tuple | list) else 0)


def _serving(config: Resource) -> float | None:
    """What the machines of an endpoint cost; serverless ones cost by use."""
    variants = config.get("productionVariants")
    if isinstance(variants, Unknown | Secret):
        return None
    return _sum(_machines(variant) for variant in variants or ())


def _machines(variant: Any) -> float | None:
    if not isinstance(variant, Mapping):
        return None
    if variant.get("serverlessConfig"):
        return 0.0
    kind, count = variant.get("instanceType"), variant.get("initialInstanceCount", 1)
    price = MACHINES.get(kind) if isinstance(kind, str) else None
    return None if price is None or not isinstance(count, int | float) else price * HOURS * count
