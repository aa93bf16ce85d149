"""The provider's type tokens that guards speak of, each written once.

pulumi_aws 7 answers to two tokens for many S3 types (`bucket` and `bucketV2`); a table that knew only one of them would
leave the other unjudged, and a stack full of it would look clean.
"""

from __future__ import annotations


def _pair(kind: str) -> tuple[str, str]:
    """The two tokens of one S3 type."""
    return f"aws:s3/{kind[0].lower()}{kind[1:]}:{kind}", f"aws:s3/{kind[0].lower()}{kind[1:]}V2:{kind}V2"


BUCKET = _pair("Bucket")
BUCKET_ENCRYPTION = _pair("BucketServerSideEncryptionConfiguration")
BUCKET_LIFECYCLE = _pair("BucketLifecycleConfiguration")
BUCKET_LOCK = _pair("BucketObjectLockConfiguration")
BUCKET_LOGGING = _pair("BucketLogging")
BUCKET_VERSIONING = _pair("BucketVersioning")
BUCKET_OWNERSHIP = ("aws:s3/bucketOwnershipControls:BucketOwnershipControls",)
BUCKET_POLICY = ("aws:s3/bucketPolicy:BucketPolicy",)
BUCKET_PUBLIC_ACCESS = ("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",)

KEY = "aws:kms/key:Key"
KEY_POLICY = ("aws:kms/keyPolicy:KeyPolicy",)
OWN_KEYS = (
    KEY,
    "aws:kms/externalKey:ExternalKey",
    "aws:kms/replicaKey:ReplicaKey",
    "aws:kms/replicaExternalKey:ReplicaExternalKey",
)

TRAIL = "aws:cloudtrail/trail:Trail"
LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup"
TOPIC = "aws:sns/topic:Topic"

VPC = "aws:ec2/vpc:Vpc"
SUBNET = "aws:ec2/subnet:Subnet"
FLOW_LOG = ("aws:ec2/flowLog:FlowLog",)
DEFAULT_GROUP = "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup"
GROUP = "aws:ec2/securityGroup:SecurityGroup"
GROUP_RULE = "aws:ec2/securityGroupRule:SecurityGroupRule"
INGRESS_RULE = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
EGRESS_RULE = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"
ROUTE = "aws:ec2/route:Route"
ROUTE_TABLES = ("aws:ec2/routeTable:RouteTable", "aws:ec2/defaultRouteTable:DefaultRouteTable")
INTERNET_GATEWAYS = (
    "aws:ec2/internetGateway:InternetGateway",
    "aws:ec2/internetGatewayAttachment:InternetGatewayAttachment",
    "aws:ec2/egressOnlyInternetGateway:EgressOnlyInternetGateway",
    "aws:ec2/carrierGateway:CarrierGateway",
)
ENDPOINT = "aws:ec2/vpcEndpoint:VpcEndpoint"
ENDPOINT_POLICY = ("aws:ec2/vpcEndpointPolicy:VpcEndpointPolicy",)

MODEL = "aws:sagemaker/model:Model"
ENDPOINT_CONFIG = "aws:sagemaker/endpointConfiguration:EndpointConfiguration"
MODEL_ENDPOINT = "aws:sagemaker/endpoint:Endpoint"

ROLE = "aws:iam/role:Role"
POLICY = "aws:iam/policy:Policy"
INLINE_POLICIES = (
    "aws:iam/rolePolicy:RolePolicy",
    "aws:iam/userPolicy:UserPolicy",
    "aws:iam/groupPolicy:GroupPolicy",
)
ATTACHMENTS = (
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
    "aws:iam/userPolicyAttachment:UserPolicyAttachment",
    "aws:iam/groupPolicyAttachment:GroupPolicyAttachment",
    "aws:iam/policyAttachment:PolicyAttachment",
)

DATA_CLASS = "strongroom:data-class"
"""The tag that says what a store or an endpoint holds."""
ABOUT_PEOPLE = ("personal", "health")
"""The data classes that concern a person."""
TAKEN_BY, PROGRAM = "strongroom:taken-by", "program"
"""The tag by which a role says that it is taken by a program and not by people."""
