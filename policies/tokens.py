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
KEY_COPY = "aws:kms/replicaKey:ReplicaKey"
KEY_AND_COPY = (KEY, KEY_COPY)
OWN_KEYS = (
    KEY,
    "aws:kms/externalKey:ExternalKey",
    "aws:kms/replicaKey:ReplicaKey",
    "aws:kms/replicaExternalKey:ReplicaExternalKey",
)

KNOWN = ("pulumi:pulumi:StackReference", "strongroom:index:KnownBucket", "strongroom:index:KnownKey")
"""What stands for something that another stack made: what it is, was seen there and cannot be seen here."""

TRAIL = "aws:cloudtrail/trail:Trail"
LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup"
TOPIC = "aws:sns/topic:Topic"

VPC = "aws:ec2/vpc:Vpc"
SUBNET = "aws:ec2/subnet:Subnet"
FLOW_LOG = ("aws:ec2/flowLog:FlowLog",)
DEFAULT_GROUP = "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup"
DEFAULT_ACL = "aws:ec2/defaultNetworkAcl:DefaultNetworkAcl"
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
DEFAULT_VPC = "aws:ec2/defaultVpc:DefaultVpc"
DEFAULT_SUBNET = "aws:ec2/defaultSubnet:DefaultSubnet"
NAT = "aws:ec2/natGateway:NatGateway"
TABLE_JOINED = ("aws:ec2/routeTableAssociation:RouteTableAssociation",)
VPN_GATEWAY = "aws:ec2/vpnGateway:VpnGateway"
VPN = "aws:ec2/vpnConnection:VpnConnection"
LEARNED_ROUTES = "aws:ec2/vpnGatewayRoutePropagation:VpnGatewayRoutePropagation"
PEERINGS = (
    "aws:ec2/vpcPeeringConnection:VpcPeeringConnection",
    "aws:ec2transitgateway/peeringAttachment:PeeringAttachment",
)
FIREWALL = "aws:networkfirewall/firewall:Firewall"
FIREWALL_POLICY = "aws:networkfirewall/firewallPolicy:FirewallPolicy"
FIREWALL_RULES = "aws:networkfirewall/ruleGroup:RuleGroup"
FIREWALL_LOGS = ("aws:networkfirewall/loggingConfiguration:LoggingConfiguration",)
DNS_RULES = "aws:route53/resolverFirewallRuleGroup:ResolverFirewallRuleGroup"
DNS_RULE = ("aws:route53/resolverFirewallRule:ResolverFirewallRule",)
DNS_RULES_JOINED = "aws:route53/resolverFirewallRuleGroupAssociation:ResolverFirewallRuleGroupAssociation"
DNS_CONFIG = "aws:route53/resolverFirewallConfig:ResolverFirewallConfig"
DNS_LOG_JOINED = "aws:route53/resolverQueryLogConfigAssociation:ResolverQueryLogConfigAssociation"
ADOPTED_NETWORK = "strongroom:index:AdoptedNetwork"
TRANSIT = "strongroom:index:TransitAttachment"

MODEL = "aws:sagemaker/model:Model"
ENDPOINT_CONFIG = "aws:sagemaker/endpointConfiguration:EndpointConfiguration"
MODEL_ENDPOINT = "aws:sagemaker/endpoint:Endpoint"

FEATURE_GROUP = "aws:sagemaker/featureGroup:FeatureGroup"

CATALOGUE = "aws:glue/dataCatalogEncryptionSettings:DataCatalogEncryptionSettings"
GLUE_DATABASE = "aws:glue/catalogDatabase:CatalogDatabase"
GLUE_SECURITY = "aws:glue/securityConfiguration:SecurityConfiguration"
LAKE_SETTINGS = "aws:lakeformation/dataLakeSettings:DataLakeSettings"
LAKE_LOCATION = "aws:lakeformation/resource:Resource"
LAKE_GRANT = "aws:lakeformation/permissions:Permissions"
WORKGROUP = "aws:athena/workgroup:Workgroup"

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

METRIC_FILTER = "aws:cloudwatch/logMetricFilter:LogMetricFilter"
METRIC_ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"
VAULT = "aws:backup/vault:Vault"
VAULT_LOCK = ("aws:backup/vaultLockConfiguration:VaultLockConfiguration",)
VAULT_POLICY = ("aws:backup/vaultPolicy:VaultPolicy",)
BACKUP_PLAN = "aws:backup/plan:Plan"
BACKUP_SELECTION = "aws:backup/selection:Selection"
RESTORE_PLAN = "aws:backup/restoreTestingPlan:RestoreTestingPlan"
RESTORE_SELECTION = "aws:backup/restoreTestingSelection:RestoreTestingSelection"
BUDGET = "aws:budgets/budget:Budget"
ANOMALY_SUBSCRIPTION = "aws:costexplorer/anomalySubscription:AnomalySubscription"

TABLE = "aws:dynamodb/table:Table"
TABLE_POLICY = "aws:dynamodb/resourcePolicy:ResourcePolicy"
SECRET = "aws:secretsmanager/secret:Secret"  # noqa: S105 - a type, not a secret
SECRET_POLICY = ("aws:secretsmanager/secretPolicy:SecretPolicy",)
SECRET_ROTATION = ("aws:secretsmanager/secretRotation:SecretRotation",)
PARAMETER = "aws:ssm/parameter:Parameter"
REPLICATION = ("aws:s3/bucketReplicationConfig:BucketReplicationConfig",)
INVENTORY = "aws:s3/inventory:Inventory"
NOTIFICATION = "aws:s3/bucketNotification:BucketNotification"
ACCESS_POINT = "aws:s3/accessPoint:AccessPoint"

ACCOUNT_PUBLIC_ACCESS = "aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock"
PASSWORD_POLICY = "aws:iam/accountPasswordPolicy:AccountPasswordPolicy"  # noqa: S105 - a type, not a password
DISK_DEFAULT = "aws:ebs/encryptionByDefault:EncryptionByDefault"
SNAPSHOT_SHARING = "aws:ebs/snapshotBlockPublicAccess:SnapshotBlockPublicAccess"
IMAGE_SHARING = "aws:ec2/imageBlockPublicAccess:ImageBlockPublicAccess"
MACHINE_DEFAULTS = "aws:ec2/instanceMetadataDefaults:InstanceMetadataDefaults"
PROVIDER = "pulumi:providers:aws"
ADOPTED_TRAIL = "strongroom:index:AdoptedTrail"

DATA_CLASS = "strongroom:data-class"
"""The tag that says what a store or an endpoint holds."""
BACKUP = "strongroom:backup"
"""The tag by which a store says which backup plan takes it in."""
ABOUT_PEOPLE = ("personal", "health")
"""The data classes that concern a person."""
REACH, ACCOUNT = "strongroom:reach", "account"
"""The tag by which a policy says that it is for whole services of its account: deploying and rescuing are."""
TAKEN_BY, PROGRAM = "strongroom:taken-by", "program"
"""The tag by which a role says that it is taken by a program and not by people."""

USER = "aws:iam/user:User"
LOGIN_PROFILE = "aws:iam/userLoginProfile:UserLoginProfile"
LASTING_CREDENTIALS = (
    "aws:iam/accessKey:AccessKey",
    "aws:iam/serviceSpecificCredential:ServiceSpecificCredential",
    "aws:iam/sshKey:SshKey",
    "aws:iam/signingCertificate:SigningCertificate",
)
"""What a person or a program could keep for years, and can be switched off."""
OIDC_PROVIDER = "aws:iam/openIdConnectProvider:OpenIdConnectProvider"

ORGANISATION_POLICY = "aws:organizations/policy:Policy"
ORGANISATION_ATTACHMENT = ("aws:organizations/policyAttachment:PolicyAttachment",)

NOTEBOOK = "aws:sagemaker/notebookInstance:NotebookInstance"
NOTEBOOK_SCRIPT = "aws:sagemaker/notebookInstanceLifecycleConfiguration:NotebookInstanceLifecycleConfiguration"
STUDIO_SCRIPT = "aws:sagemaker/studioLifecycleConfig:StudioLifecycleConfig"
DOMAIN = "aws:sagemaker/domain:Domain"
USER_PROFILE = "aws:sagemaker/userProfile:UserProfile"
MODEL_GROUP_POLICY = "aws:sagemaker/modelPackageGroupPolicy:ModelPackageGroupPolicy"
MODEL_PACKAGE = "aws:sagemaker/modelPackageGroup:ModelPackageGroup"
SCHEDULE = "aws:sagemaker/monitoringSchedule:MonitoringSchedule"
DATA_QUALITY_JOB = "aws:sagemaker/dataQualityJobDefinition:DataQualityJobDefinition"
TRAINING_JOB = "aws:sagemaker/trainingJob:TrainingJob"
TUNING_JOB = "aws:sagemaker/hyperParameterTuningJob:HyperParameterTuningJob"
LABELING_JOB = "aws:sagemaker/labelingJob:LabelingJob"
REVIEW = "aws:sagemaker/flowDefinition:FlowDefinition"
PROCESSING_JOB = "aws-native:sagemaker:ProcessingJob"
NATIVE_MONITORS = (
    "aws-native:sagemaker:ModelBiasJobDefinition",
    "aws-native:sagemaker:ModelExplainabilityJobDefinition",
    "aws-native:sagemaker:ModelQualityJobDefinition",
)
EXPERIMENT = "aws-native:sagemaker:InferenceExperiment"

MACHINE = "aws:ec2/instance:Instance"
MACHINE_TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate"
VOLUME = "aws:ebs/volume:Volume"
DB_INSTANCE = "aws:rds/instance:Instance"
DB_CLUSTER = "aws:rds/cluster:Cluster"
FUNCTION = "aws:lambda/function:Function"
QUEUE = "aws:sqs/queue:Queue"
REPOSITORY = "aws:ecr/repository:Repository"
CLUSTER = "aws:eks/cluster:Cluster"
BALANCER = ("aws:lb/loadBalancer:LoadBalancer", "aws:alb/loadBalancer:LoadBalancer")
WEB_ACL = "aws:wafv2/webAcl:WebAcl"
WEB_ACL_JOINED = ("aws:wafv2/webAclAssociation:WebAclAssociation",)
USER_POLICY_ATTACHMENT = "aws:iam/userPolicyAttachment:UserPolicyAttachment"
POLICY_ATTACHMENT = "aws:iam/policyAttachment:PolicyAttachment"
IAM_GROUP = "aws:iam/group:Group"
BUCKET_ACL = _pair("BucketAcl")
LOG_POLICY = "aws:cloudwatch/logResourcePolicy:LogResourcePolicy"
EVENT_STORE = "aws:cloudtrail/eventDataStore:EventDataStore"
TOPIC_POLICY = "aws:sns/topicPolicy:TopicPolicy"
SUBSCRIPTION = "aws:sns/topicSubscription:TopicSubscription"
QUEUE_POLICY = "aws:sqs/queuePolicy:QueuePolicy"
