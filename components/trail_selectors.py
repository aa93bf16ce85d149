"""Which events a trail records, in CloudTrail's own selectors.

Advanced selectors replace the basic ones: without one for management events, none would be recorded. The one here has
neither `readOnly` nor an excluded source, because every use of a key (`Decrypt`, `GenerateDataKey`) is a read-only
management event of KMS. A selector takes one `resources.type`, by `Equals` only:
https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_AdvancedFieldSelector.html
"""

from collections.abc import Mapping, Sequence

import pulumi
from pulumi_aws.cloudtrail import TrailAdvancedEventSelectorArgs as Selector
from pulumi_aws.cloudtrail import TrailAdvancedEventSelectorFieldSelectorArgs as Field
from pulumi_aws.cloudtrail import TrailInsightSelectorArgs as Insight

SAGEMAKER = ("Endpoint", "ExperimentTrialComponent", "FeatureGroup", "MlflowTrackingServer")
"""The only SageMaker data events there are. `Endpoint` covers InvokeEndpointWithResponseStream alone: a plain
InvokeEndpoint is in no trail, and needs the log of the door in front of it.
https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-data-events-with-cloudtrail.html"""
S3_OBJECT = "AWS::S3::Object"
REMOVALS = ("DeleteObject", "DeleteObjects", "PutObjectRetention", "PutObjectLegalHold")
FUNCTION = "AWS::Lambda::Function"
AT_ENDPOINTS = ("bedrock", "kms", "lambda", "s3", "sagemaker", "secretsmanager", "sns", "sqs")
"""Services whose calls through an endpoint of ours are recorded when the endpoint's policy refuses them. Such a call to
KMS stands in no other record. Not on AWS's list are ECR, EKS and CloudWatch Logs; SageMaker is, but no page says that
InvokeEndpoint is among its calls. https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-network-events-with-cloudtrail.html"""
REFUSED = "VpceAccessDenied"
"""The only error code that a selector of network activity takes."""
MOST_BUCKETS = 450
"""Of the 500 values in all selectors of a trail the other selectors here need fifty:
https://docs.aws.amazon.com/awscloudtrail/latest/userguide/WhatIsCloudTrail-Limits.html"""
RATES = ("ApiCallRateInsight", "ApiErrorRateInsight")
"""Unusual rates of calls, and of errors. The first needs write management events, which are selected here:
https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_PutInsightSelectors.html"""

Arn = pulumi.Output[str]


def management() -> Selector:
    """Every management event, read and write, of every service."""
    return _selector("Every management event", _equals("eventCategory", "Management"))


def object_events(watched: Mapping[str, Sequence[Arn]]) -> list[Selector]:
    """Every read and write of objects in these buckets (data class -> ARNs of buckets), a selector for each class.

    Only named buckets, so the trail's own log store is not among them: that would be logs about logs without end.
    """
    return [
        _selector(
            f"Objects of class {data_class}",
            _equals("eventCategory", "Data"),
            _equals("resources.type", S3_OBJECT),
            _inside(arns),
        )
        for data_class, arns in sorted(watched.items())
    ]


def removals_from(store: Arn) -> Selector:
    """Attempts to remove log files. CloudTrail itself only puts them, so this makes no endless loop."""
    return _selector(
        "Removals from the log store",
        _equals("eventCategory", "Data"),
        _equals("resources.type", S3_OBJECT),
        _equals("eventName", *REMOVALS),
        _inside([store]),
    )


def sagemaker_events() -> list[Selector]:
    """Every SageMaker data event there is."""
    return [
        _selector(
            f"SageMaker {kind}",
            _equals("eventCategory", "Data"),
            _equals("resources.type", f"AWS::SageMaker::{kind}"),
        )
        for kind in SAGEMAKER
    ]


def function_calls() -> Selector:
    """Every call of a function, whoever makes it."""
    return _selector("Calls of functions", _equals("eventCategory", "Data"), _equals("resources.type", FUNCTION))


def refused_at_endpoints() -> list[Selector]:
    """Calls that a policy of our endpoints refused: credentials from elsewhere, or data on its way there.

    One selector a service, as `eventSource` takes one value here.
    """
    return [
        _selector(
            f"Refused by an endpoint of {service}",
            _equals("eventCategory", "NetworkActivity"),
            _equals("eventSource", f"{service}.amazonaws.com"),
            _equals("errorCode", REFUSED),
        )
        for service in AT_ENDPOINTS
    ]


def insights() -> list[Insight]:
    """What CloudTrail learns the usual measure of, and records when it is exceeded."""
    return [Insight(insight_type=kind) for kind in RATES]


def _selector(name: str, *fields: Field) -> Selector:
    return Selector(name=name, field_selectors=list(fields))


def _equals(field: str, *values: str) -> Field:
    return Field(field=field, equals=list(values))


def _inside(arns: Sequence[Arn]) -> Field:
    """Objects of these buckets; the slash keeps out a bucket whose name merely begins alike."""
    return Field(field="resources.ARN", starts_withs=[pulumi.Output.concat(arn, "/") for arn in arns])
