"""What AWS Organizations takes of policies, and which services resource control policies reach, as dated data.

https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html and
https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html#rcp-supported-services
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

AS_OF = "2026-11-24"
SERVICE, RESOURCE = "SERVICE_CONTROL_POLICY", "RESOURCE_CONTROL_POLICY"
MOST_CHARACTERS: Mapping[str, int] = MappingProxyType({SERVICE: 10240, RESOURCE: 5120})
"""As sent, white space included. That of service control policies was 5,120 until 15 May 2026."""
RCP_SERVICES = frozenset(
    (
        *("aoss", "appconfig", "appstream", "autoscaling", "autoscaling-plans", "budgets", "clouddirectory"),
        *("cloudfront", "cloudsearch", "cloudtrail-data", "codeartifact", "codebuild", "codecommit", "codepipeline"),
        *("cognito-identity", "cognito-idp", "comprehend", "comprehendmedical", "compute-optimizer"),
        *("cost-optimization-hub", "dax", "dsql", "dynamodb", "ecr", "ecr-public", "events", "firehose", "fis", "fms"),
        *("gamelift", "health", "inspector-scan", "kendra", "kinesisvideo", "kms", "logs", "memorydb"),
        *("networkmonitor", "notifications", "opensearch", "pca-connector-ad", "personalize", "polly", "pricing"),
        *("resource-groups", "rolesanywhere", "s3", "secretsmanager", "servicediscovery", "signin", "sqs", "sts"),
        *("support", "swf", "textract", "timestream-influxdb", "transcribe", "transfer", "translate", "wafv2"),
        *("workspaces", "xray"),
    )
)
"""As `policies/data/iam.json` has them. SageMaker, SNS, Lambda, Glue, Athena and Bedrock are not among them."""
