"""Models and the endpoints that serve them.

https://docs.aws.amazon.com/sagemaker/latest/APIReference/
"""

from __future__ import annotations

from twin.entry import Call, Entry, Gap, Named
from twin.forms import BAG, TAGS, TEXTS, Member, Shape, Single
from twin.terms import ID, dropped, prop, reply

LONGEST = 63

DATA_SOURCE = Shape(
    compressionType="CompressionType",
    modelAccessConfig=Member("ModelAccessConfig", Shape(acceptEula="AcceptEula")),
    s3DataType="S3DataType",
    s3Uri="S3Uri",
)
CONTAINER = Shape(
    containerHostname="ContainerHostname",
    environment=Member("Environment", TEXTS),
    image="Image",
    imageConfig=Member("ImageConfig", Shape(repositoryAccessMode="RepositoryAccessMode")),
    mode="Mode",
    modelDataSource=Member("ModelDataSource", Shape(s3DataSources=Member("S3DataSource", Single(DATA_SOURCE)))),
    modelDataUrl="ModelDataUrl",
    modelPackageName="ModelPackageName",
)
INSIDE = Shape(securityGroupIds=Member("SecurityGroupIds", BAG), subnets=Member("Subnets", BAG))


def retagged(arn: str) -> tuple[Call, ...]:
    """The calls by which the tags change of what the reply calls so."""
    return (
        Call("sagemaker", "delete_tags", when=dropped("tags"), ResourceArn=reply(arn), TagKeys=dropped("tags")),
        Call("sagemaker", "add_tags", when=prop("tags"), ResourceArn=reply(arn), Tags=prop("tags", TAGS)),
    )


MODEL = Entry(
    "aws:sagemaker/model:Model",
    create=Call(
        "sagemaker",
        "create_model",
        ModelName=prop("name"),
        ExecutionRoleArn=prop("executionRoleArn"),
        PrimaryContainer=prop("primaryContainer", CONTAINER),
        Containers=prop("containers", CONTAINER),
        InferenceExecutionConfig=prop("inferenceExecutionConfig", Shape(mode="Mode")),
        VpcConfig=prop("vpcConfig", INSIDE),
        EnableNetworkIsolation=prop("enableNetworkIsolation"),
        Tags=prop("tags", TAGS),
    ),
    identity=prop("name"),
    named=Named("name", LONGEST),
    update=retagged("ModelArn"),
    delete=(Call("sagemaker", "delete_model", ModelName=ID),),
    read=(
        Call("sagemaker", "describe_model", ModelName=ID),
        Call("sagemaker", "list_tags", ResourceArn=reply("ModelArn")),
    ),
    gone=("ValidationException",),
    shows={
        "name": reply("ModelName"),
        "executionRoleArn": reply("ExecutionRoleArn"),
        "primaryContainer": reply("PrimaryContainer", CONTAINER),
        "containers": reply("Containers", CONTAINER),
        "inferenceExecutionConfig": reply("InferenceExecutionConfig", Shape(mode="Mode")),
        "vpcConfig": reply("VpcConfig", INSIDE),
        "enableNetworkIsolation": reply("EnableNetworkIsolation"),
        "tags": reply("Tags", TAGS),
    },
    outputs={"arn": reply("ModelArn")},
    gaps={
        "enableNetworkIsolation": Gap("the answer always says false"),
        "inferenceExecutionConfig": Gap("the answer leaves it out"),
    },
)

SHARE = Shape(
    acceleratorType="AcceleratorType",
    containerStartupHealthCheckTimeoutInSeconds="ContainerStartupHealthCheckTimeoutInSeconds",
    coreDumpConfig=Member("CoreDumpConfig", Shape(destinationS3Uri="DestinationS3Uri", kmsKeyId="KmsKeyId")),
    enableSsmAccess="EnableSSMAccess",
    inferenceAmiVersion="InferenceAmiVersion",
    initialInstanceCount="InitialInstanceCount",
    initialVariantWeight="InitialVariantWeight",
    instanceType="InstanceType",
    managedInstanceScaling=Member(
        "ManagedInstanceScaling",
        Shape(maxInstanceCount="MaxInstanceCount", minInstanceCount="MinInstanceCount", status="Status"),
    ),
    modelDataDownloadTimeoutInSeconds="ModelDataDownloadTimeoutInSeconds",
    modelName="ModelName",
    routingConfigs=Member("RoutingConfig", Single(Shape(routingStrategy="RoutingStrategy"))),
    serverlessConfig=Member(
        "ServerlessConfig",
        Shape(
            maxConcurrency="MaxConcurrency",
            memorySizeInMb="MemorySizeInMB",
            provisionedConcurrency="ProvisionedConcurrency",
        ),
    ),
    variantName="VariantName",
    volumeSizeInGb="VolumeSizeInGB",
)
CAPTURE = Shape(
    enableCapture="EnableCapture",
    initialSamplingPercentage="InitialSamplingPercentage",
    destinationS3Uri="DestinationS3Uri",
    kmsKeyId="KmsKeyId",
    captureOptions=Member("CaptureOptions", Shape(captureMode="CaptureMode")),
    captureContentTypeHeader=Member(
        "CaptureContentTypeHeader", Shape(csvContentTypes="CsvContentTypes", jsonContentTypes="JsonContentTypes")
    ),
)
CONFIGURATION = Entry(
    "aws:sagemaker/endpointConfiguration:EndpointConfiguration",
    create=Call(
        "sagemaker",
        "create_endpoint_config",
        EndpointConfigName=prop("name"),
        ProductionVariants=prop("productionVariants", SHARE),
        ShadowProductionVariants=prop("shadowProductionVariants", SHARE),
        DataCaptureConfig=prop("dataCaptureConfig", CAPTURE),
        KmsKeyId=prop("kmsKeyArn"),
        ExecutionRoleArn=prop("executionRoleArn"),
        Tags=prop("tags", TAGS),
    ),
    identity=prop("name"),
    named=Named("name", LONGEST),
    update=retagged("EndpointConfigArn"),
    delete=(Call("sagemaker", "delete_endpoint_config", EndpointConfigName=ID),),
    read=(
        Call("sagemaker", "describe_endpoint_config", EndpointConfigName=ID),
        Call("sagemaker", "list_tags", ResourceArn=reply("EndpointConfigArn")),
    ),
    gone=("ValidationException",),
    shows={
        "name": reply("EndpointConfigName"),
        "productionVariants": reply("ProductionVariants", SHARE),
        "shadowProductionVariants": reply("ShadowProductionVariants", SHARE),
        "dataCaptureConfig": reply("DataCaptureConfig", CAPTURE),
        "kmsKeyArn": reply("KmsKeyId"),
        "executionRoleArn": reply("ExecutionRoleArn"),
        "tags": reply("Tags", TAGS),
    },
    outputs={"arn": reply("EndpointConfigArn")},
    gaps={
        "executionRoleArn": Gap("the answer leaves it out"),
        "shadowProductionVariants": Gap("the answer leaves it out"),
    },
)

SIZE = Shape(type="Type", value="Value")
ROLLED_OUT = Shape(
    autoRollbackConfiguration=Member(
        "AutoRollbackConfiguration", Shape(alarms=Member("Alarms", Shape(alarmName="AlarmName")))
    ),
    blueGreenUpdatePolicy=Member(
        "BlueGreenUpdatePolicy",
        Shape(
            maximumExecutionTimeoutInSeconds="MaximumExecutionTimeoutInSeconds",
            terminationWaitInSeconds="TerminationWaitInSeconds",
            trafficRoutingConfiguration=Member(
                "TrafficRoutingConfiguration",
                Shape(
                    canarySize=Member("CanarySize", SIZE),
                    linearStepSize=Member("LinearStepSize", SIZE),
                    type="Type",
                    waitIntervalInSeconds="WaitIntervalInSeconds",
                ),
            ),
        ),
    ),
    rollingUpdatePolicy=Member(
        "RollingUpdatePolicy",
        Shape(
            maximumBatchSize=Member("MaximumBatchSize", SIZE),
            maximumExecutionTimeoutInSeconds="MaximumExecutionTimeoutInSeconds",
            rollbackMaximumBatchSize=Member("RollbackMaximumBatchSize", SIZE),
            waitIntervalInSeconds="WaitIntervalInSeconds",
        ),
    ),
)
ENDPOINT = Entry(
    "aws:sagemaker/endpoint:Endpoint",
    create=Call(
        "sagemaker",
        "create_endpoint",
        EndpointName=prop("name"),
        EndpointConfigName=prop("endpointConfigName"),
        DeploymentConfig=prop("deploymentConfig", ROLLED_OUT),
        Tags=prop("tags", TAGS),
    ),
    identity=prop("name"),
    named=Named("name", LONGEST),
    # The double has no update_endpoint: one that gets another configuration is made anew, which AWS would not need.
    update=retagged("EndpointArn"),
    delete=(Call("sagemaker", "delete_endpoint", EndpointName=ID),),
    read=(
        Call("sagemaker", "describe_endpoint", EndpointName=ID),
        Call("sagemaker", "list_tags", ResourceArn=reply("EndpointArn")),
    ),
    gone=("ValidationException",),
    shows={
        "name": reply("EndpointName"),
        "endpointConfigName": reply("EndpointConfigName"),
        "deploymentConfig": reply("LastDeploymentConfig", ROLLED_OUT),
        "tags": reply("Tags", TAGS),
    },
    outputs={"arn": reply("EndpointArn")},
    gaps={"deploymentConfig": Gap("the answer leaves it out")},
)

ENTRIES = (MODEL, CONFIGURATION, ENDPOINT)
