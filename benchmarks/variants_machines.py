"""Variants of machines, functions and notebooks."""

from __future__ import annotations

from benchmarks.subject import LEFT_OUT, SEALED, YES_OR_NO, Option, Subject, good, merged, same

SUBNET = "subnet-0123456789abcdef0"
QUEUE = "arn:aws:sqs:eu-central-1:111122223333:failed"
ROLE = "arn:aws:iam::111122223333:role/a"
MACHINE: dict[str, Option] = {
    "subnet": ({"subnetId": SUBNET}, {"SubnetId": SUBNET}),
    "address": ({"associatePublicIpAddress": False}, {}),
    "profile": ({"iamInstanceProfile": "ml"}, {"IamInstanceProfile": "ml"}),
    "monitoring": ({"monitoring": True}, {"Monitoring": True}),
    "disk": ({"ebsOptimized": True}, {"EbsOptimized": True}),
    "image": ({"ami": "ami-0123456789abcdef0"}, {"ImageId": "ami-0123456789abcdef0"}),
}
"""A machine that nothing is wrong with, part by part; a subject leaves out the parts that its choices decide."""
FUNCTION: dict[str, Option] = {
    "code": (
        {"role": ROLE, "handler": "a.b", "runtime": "python3.13"},
        {"Role": ROLE, "Handler": "a.b", "Runtime": "python3.13", "Code": {"ZipFile": "pass"}},
    ),
    "letters": ({"deadLetterConfig": {"targetArn": QUEUE}}, {"DeadLetterConfig": {"TargetArn": QUEUE}}),
    "at once": ({"reservedConcurrentExecutions": 5}, {"ReservedConcurrentExecutions": 5}),
}
"""A function that nothing is wrong with, part by part."""
THE_MACHINE = ("aws:ec2/instance:Instance", "AWS::EC2::Instance", MACHINE)
THE_FUNCTION = ("aws:lambda/function:Function", "AWS::Lambda::Function", FUNCTION)


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


def _permission(principal: str, **given: str) -> Option:
    names = {"sourceArn": "SourceArn", "sourceAccount": "SourceAccount", "principalOrgId": "PrincipalOrgID"}
    return {"principal": principal, **given}, {"Principal": principal, **{names[n]: v for n, v in given.items()}}


BUCKET_ARN, ACCOUNT = "arn:aws:s3:::records", "111122223333"
SUBJECTS = (
    Subject(
        {"EC2InstanceNoPublicIp": ("ec2.machine_has_no_public_address",)},
        {"address": [LEFT_OUT, _address(value=True), _address(value=False)]},
        good(*THE_MACHINE, "address"),
    ),
    Subject(
        {"EC2InstancesInVPC": ("ec2.machine_has_no_public_address",)},
        {"subnet": same("subnetId", "SubnetId", SUBNET)},
        good(*THE_MACHINE, "subnet"),
    ),
    Subject(
        {"EC2IMDSv2Enabled": ("ec2.machine_gives_credentials_to_sessions_only",)},
        {"metadata": [LEFT_OUT, *(_metadata(t, hops) for t in ("required", "optional") for hops in (None, 1, 2))]},
        good(*THE_MACHINE),
    ),
    Subject(
        {"EC2InstanceProfileAttached": ("ec2.machine_acts_under_a_role_and_carries_no_secret",)},
        {
            "profile": same("iamInstanceProfile", "IamInstanceProfile", "ml"),
            "data": same("userData", "UserData", "yum update", "password=correct-horse-battery"),
        },
        good(*THE_MACHINE, "profile"),
    ),
    Subject(
        {"EC2InstanceDetailedMonitoringEnabled": ("ec2.machine_is_watched_closely",)},
        {"monitoring": same("monitoring", "Monitoring", *YES_OR_NO)},
        good(*THE_MACHINE, "monitoring"),
    ),
    Subject(
        {"EC2EBSOptimizedInstance": ("ec2.machine_is_watched_closely",)},
        {
            "kind": same("instanceType", "InstanceType", "t2.micro", "m4.large", "c4.large", "m6i.large")[1:],
            "disk": same("ebsOptimized", "EbsOptimized", *YES_OR_NO),
        },
        good(*THE_MACHINE, "disk"),
    ),
    Subject(
        {"LambdaInsideVPC": ("awslambda.function_runs_in_our_network",)},
        {"network": [LEFT_OUT, *(_network(subnets, groups) for subnets in (0, 1, 2) for groups in (0, 1))]},
        good(*THE_FUNCTION),
    ),
    Subject(
        {"LambdaDLQ": ("awslambda.function_loses_no_failed_call",)},
        {"letters": [LEFT_OUT, FUNCTION["letters"], ({"deadLetterConfig": {}}, {"DeadLetterConfig": {}})]},
        good(*THE_FUNCTION, "letters"),
    ),
    Subject(
        {"LambdaConcurrency": ("awslambda.function_loses_no_failed_call",)},
        {"at once": same("reservedConcurrentExecutions", "ReservedConcurrentExecutions", 0, 1, 50)},
        good(*THE_FUNCTION, "at once"),
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
)
