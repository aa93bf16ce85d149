"""Which types of AWS keep data, which only handle it, and which services are approved, as dated data.

Every type of the Pulumi provider that takes a key stands in one of the three first lists, and a test says so: a new
version of the provider with a new store makes the build fail until somebody decides what it is.
"""

from __future__ import annotations

from policies import tokens

AS_OF = "2026-11-24"

JUDGED_STORES = frozenset(
    {
        *(*tokens.BUCKET, tokens.TABLE, tokens.SECRET, tokens.PARAMETER, tokens.FEATURE_GROUP, tokens.VAULT),
        *(tokens.VOLUME, tokens.DB_INSTANCE, tokens.DB_CLUSTER, tokens.QUEUE, tokens.TOPIC, tokens.REPOSITORY),
        *(tokens.LOG_GROUP, tokens.EVENT_STORE, tokens.TRAIL, tokens.NOTEBOOK, tokens.DOMAIN, tokens.ENDPOINT_CONFIG),
        *(tokens.FUNCTION, tokens.CLUSTER, tokens.GLUE_SECURITY, tokens.WORKGROUP),
        *("aws:ebs/snapshotCopy:SnapshotCopy", "aws:rds/snapshotCopy:SnapshotCopy"),
        "aws:rds/clusterSnapshotCopy:ClusterSnapshotCopy",
    }
)
"""Stores that guards look at."""

UNJUDGED_STORES = frozenset(
    f"aws:{name}"
    for name in (
        *("amp/workspace:Workspace", "appintegrations/dataIntegration:DataIntegration"),
        *("appsync/apiCache:ApiCache", "athena/database:Database", "bedrock/agentAgent:AgentAgent"),
        "bedrock/agentDataSource:AgentDataSource",
        "chime/sdkvoiceVoiceProfileDomain:SdkvoiceVoiceProfileDomain",
        *("cloudwatch/eventArchive:EventArchive", "cloudwatchomni/space:Space", "codeartifact/domain:Domain"),
        *("codecommit/repository:Repository", "comprehend/documentClassifier:DocumentClassifier"),
        *("comprehend/entityRecognizer:EntityRecognizer", "datazone/domain:Domain", "dax/cluster:Cluster"),
        *("dms/endpoint:Endpoint", "dms/instanceProfile:InstanceProfile"),
        *("dms/replicationInstance:ReplicationInstance", "docdb/cluster:Cluster"),
        *("docdb/elasticCluster:ElasticCluster", "docdb/globalCluster:GlobalCluster", "dsql/cluster:Cluster"),
        *("dynamodb/tableReplica:TableReplica", "ebs/snapshotImport:SnapshotImport", "ec2/amiCopy:AmiCopy"),
        *("efs/fileSystem:FileSystem", "elasticache/cluster:Cluster"),
        *("elasticache/replicationGroup:ReplicationGroup", "elasticache/serverlessCache:ServerlessCache"),
        *("elasticsearch/domain:Domain", "finspace/kxEnvironment:KxEnvironment", "fsx/fileCache:FileCache"),
        *("fsx/lustreFileSystem:LustreFileSystem", "fsx/ontapFileSystem:OntapFileSystem"),
        *("fsx/openZfsFileSystem:OpenZfsFileSystem", "fsx/windowsFileSystem:WindowsFileSystem"),
        *("grafana/workspace:Workspace", "kendra/index:Index"),
        *("kinesis/firehoseDeliveryStream:FirehoseDeliveryStream", "kinesis/stream:Stream"),
        *("kinesis/videoStream:VideoStream", "lightsail/bucket:Bucket", "lightsail/database:Database"),
        *("location/geofenceCollection:GeofenceCollection", "location/tracker:Tracker"),
        *("m2/environment:Environment", "mailmanager/archive:Archive", "memorydb/cluster:Cluster"),
        *("memorydb/snapshot:Snapshot", "mq/broker:Broker", "msk/cluster:Cluster"),
        *("mwaa/environment:Environment", "neptune/cluster:Cluster", "neptune/globalCluster:GlobalCluster"),
        *("neptunegraph/graph:Graph", "odb/autonomousDatabase:AutonomousDatabase"),
        *("opensearch/application:Application", "opensearch/domain:Domain"),
        *("opensearch/serverlessCollection:ServerlessCollection", "qbusiness/application:Application"),
        *("qldb/ledger:Ledger", "rds/clusterActivityStream:ClusterActivityStream", "rds/exportTask:ExportTask"),
        "rds/globalCluster:GlobalCluster",
        "rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication",
        *("rds/integration:Integration", "redshift/cluster:Cluster", "redshift/integration:Integration"),
        *("redshiftserverless/namespace:Namespace", "rekognition/streamProcessor:StreamProcessor"),
        *("s3/directoryBucket:DirectoryBucket", "s3/filesFileSystem:FilesFileSystem"),
        *("s3/vectorsIndex:VectorsIndex", "s3/vectorsVectorBucket:VectorsVectorBucket", "s3tables/table:Table"),
        *("s3tables/tableBucket:TableBucket", "sagemaker/mlflowTrackingServer:MlflowTrackingServer"),
        *("storagegateway/cachesIscsiVolume:CachesIscsiVolume", "storagegateway/nfsFileShare:NfsFileShare"),
        *("storagegateway/smbFileShare:SmbFileShare", "storagegateway/storedIscsiVolume:StoredIscsiVolume"),
        *("timestreamquery/scheduledQuery:ScheduledQuery", "timestreamwrite/database:Database"),
        "workmail/organization:Organization",
    )
)
"""Stores that no guard looks at: a program that has one fails."""

NO_STORES = frozenset(
    f"aws:{name}"
    for name in (
        *("agentregistry/registry:Registry", "appconfig/configurationProfile:ConfigurationProfile"),
        *("appconfig/deployment:Deployment", "apprunner/service:Service"),
        *("auditmanager/accountRegistration:AccountRegistration", "bedrock/agentFlow:AgentFlow"),
        *("bedrock/agentPrompt:AgentPrompt", "bedrock/agentcoreEvaluator:AgentcoreEvaluator"),
        *("bedrock/agentcoreGateway:AgentcoreGateway", "bedrock/guardrail:Guardrail"),
        *("cloudwatch/eventBus:EventBus", "cloudwatch/eventConnection:EventConnection"),
        *("cloudwatch/logAnomalyDetector:LogAnomalyDetector", "codebuild/project:Project"),
        *("devopsagent/agentSpace:AgentSpace", "ecr/repositoryCreationTemplate:RepositoryCreationTemplate"),
        *("emrcontainers/jobTemplate:JobTemplate", "guardduty/publishingDestination:PublishingDestination"),
        *("imagebuilder/component:Component", "imagebuilder/containerRecipe:ContainerRecipe"),
        *("imagebuilder/workflow:Workflow", "lambda/capacityProvider:CapacityProvider"),
        *("lambda/eventSourceMapping:EventSourceMapping", "m2/application:Application", "msk/channel:Channel"),
        *("networkfirewall/firewall:Firewall", "networkfirewall/firewallPolicy:FirewallPolicy"),
        "networkfirewall/ruleGroup:RuleGroup",
        *("networkfirewall/tlsInspectionConfiguration:TlsInspectionConfiguration", "pipes/pipe:Pipe"),
        *("rds/customDbEngineVersion:CustomDbEngineVersion", "redshift/snapshotCopyGrant:SnapshotCopyGrant"),
        *("resiliencehub/v2Policy:V2Policy", "resiliencehub/v2Service:V2Service"),
        *("resiliencehub/v2System:V2System", "s3/bucketObject:BucketObject"),
        *("s3/bucketObjectv2:BucketObjectv2", "s3/objectCopy:ObjectCopy", "scheduler/schedule:Schedule"),
        *("securityhub/connectorV2:ConnectorV2", "sfn/activity:Activity", "sfn/stateMachine:StateMachine"),
        *("synthetics/canary:Canary", "verifiedaccess/endpoint:Endpoint"),
        "verifiedaccess/trustProvider:TrustProvider",
    )
)
"""Types that take a key for what they are told or pass on, or lie in a store that is judged itself."""

APPROVED = frozenset(
    {
        *("accessanalyzer", "account", "acm", "acmpca", "alb", "apigateway", "apigatewayv2", "appautoscaling"),
        *("athena", "autoscaling", "backup", "bedrock", "budgets", "cfg", "cloudformation", "cloudfront"),
        *("cloudtrail", "cloudwatch", "cognito", "comprehend", "config", "costexplorer", "detective"),
        *("dynamodb", "ebs", "ec2", "ec2clientvpn", "ec2transitgateway", "ecr", "ecs", "efs", "eks", "emr"),
        *("fis", "fsx", "glue", "guardduty", "iam", "identitystore", "imagebuilder", "index", "inspector2"),
        *("kinesis", "kms", "lakeformation", "lambda", "lb", "licensemanager", "macie", "macie2"),
        *("networkfirewall", "networkmanager", "opensearch", "organizations", "pipes", "ram", "rds"),
        *("redshift", "redshiftserverless", "resourceexplorer", "resourcegroups", "rolesanywhere", "route53"),
        *("s3", "s3control", "s3outposts", "s3tables", "sagemaker", "scheduler", "secretsmanager"),
        *("securityhub", "securitylake", "servicecatalog", "servicediscovery", "servicequotas", "sfn"),
        *("shield", "signer", "sns", "sqs", "ssm", "ssmincidents", "ssoadmin", "verifiedaccess", "vpc"),
        *("vpclattice", "waf", "wafregional", "wafv2", "xray"),
    }
)
"""Modules of the provider whose service AWS lists as HIPAA eligible, or which only rule others and hold no data.

From https://aws.amazon.com/compliance/hipaa-eligible-services-reference/ as of the date above; the reader of this
list answers for it, and takes a service in after reading that page.
"""
