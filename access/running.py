"""What runs under a role already, by kind: which resources of a Graph, with which role, and how their ARNs are made."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from access.glyphs import ANYTHING, has_symbol
from core.graph import Graph
from core.regions import partition_of
from core.resource import Resource
from core.value import Unknown

PROFILE = "aws:iam/instanceProfile:InstanceProfile"


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of thing: its type, the property that names its role, its part of an ARN, and the service it runs in."""

    token: str
    role: tuple[str | int, ...]
    service: str
    below: str
    principal: str


KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        "apprunner": Kind(
            "aws:apprunner/service:Service",
            ("instanceConfiguration", "instanceRoleArn"),
            "apprunner",
            "service/",
            "tasks.apprunner.amazonaws.com",
        ),
        "agentcore": Kind(
            "aws:bedrock/agentcoreCodeInterpreter:AgentcoreCodeInterpreter",
            ("executionRoleArn",),
            "bedrock-agentcore",
            "code-interpreter-custom/",
            "bedrock-agentcore.amazonaws.com",
        ),
        "stack": Kind(
            "aws:cloudformation/stack:Stack",
            ("iamRoleArn",),
            "cloudformation",
            "stack/",
            "cloudformation.amazonaws.com",
        ),
        "codebuild": Kind(
            "aws:codebuild/project:Project", ("serviceRole",), "codebuild", "project/", "codebuild.amazonaws.com"
        ),
        "instance": Kind("aws:ec2/instance:Instance", ("iamInstanceProfile",), "ec2", "instance/", "ec2.amazonaws.com"),
        "template": Kind(
            "aws:ec2/launchTemplate:LaunchTemplate",
            ("iamInstanceProfile", "name"),
            "ec2",
            "launch-template/",
            "ec2.amazonaws.com",
        ),
        "glue": Kind("aws:glue/devEndpoint:DevEndpoint", ("roleArn",), "glue", "devEndpoint/", "glue.amazonaws.com"),
        "lambda": Kind("aws:lambda/function:Function", ("role",), "lambda", "function:", "lambda.amazonaws.com"),
        "task": Kind(
            "aws:ecs/taskDefinition:TaskDefinition",
            ("taskRoleArn",),
            "ecs",
            "task-definition/",
            "ecs-tasks.amazonaws.com",
        ),
        "machine": Kind(
            "aws:sfn/stateMachine:StateMachine", ("roleArn",), "states", "stateMachine:", "states.amazonaws.com"
        ),
        "notebook": Kind(
            "aws:sagemaker/notebookInstance:NotebookInstance",
            ("roleArn",),
            "sagemaker",
            "notebook-instance/",
            "sagemaker.amazonaws.com",
        ),
        "profile": Kind(
            "aws:sagemaker/userProfile:UserProfile",
            ("userSettings", "executionRole"),
            "sagemaker",
            "user-profile/",
            "sagemaker.amazonaws.com",
        ),
        "space": Kind(
            "aws:sagemaker/domain:Domain",
            ("defaultUserSettings", "executionRole"),
            "sagemaker",
            "space/",
            "sagemaker.amazonaws.com",
        ),
        "mlflow": Kind(
            "aws:sagemaker/mlflowTrackingServer:MlflowTrackingServer",
            ("roleArn",),
            "sagemaker",
            "mlflow-tracking-server/",
            "sagemaker.amazonaws.com",
        ),
    }
)


def running_as(graph: Graph, kind: str, role: Resource) -> Iterator[tuple[Resource, bool]]:
    """The things of the kind that have the role, and whether that is sure: a role that is not known may be this one."""
    about = KINDS[kind]
    for one in graph.of_type(about.token):
        found = graph.linked(one, *about.role)
        if isinstance(found, Resource) and found.type == PROFILE:
            found = graph.linked(found, "role")
        if found == role:
            yield one, True
        elif isinstance(found, Unknown):
            yield one, False


def arn_of_running(one: Resource, kind: str, account: str, region: str) -> str:
    """The ARN of a thing that runs; what is not known of it may be anything."""
    own = one.get("arn")
    return own if isinstance(own, str) and not has_symbol(own) else arn_below(kind, account, region)


def arn_below(kind: str, account: str, region: str) -> str:
    """The ARN of whatever there is of a kind."""
    about = KINDS[kind]
    return f"arn:{partition_of(region) or 'aws'}:{about.service}:{region}:{account}:{about.below}{ANYTHING}"
