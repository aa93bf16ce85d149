"""Guards over functions. `lambda` is a word of Python's own, hence the name."""

from __future__ import annotations

from core.finding import Severity
from core.graph import Graph
from core.resource import Resource
from core.verdict import Verdict, all_of, at_least, equals, holds, is_one_of, not_applicable
from policies import tokens
from policies.doors import admits_named_only
from policies.guard import guard
from policies.links import uses_own_key
from policies.parts import holds_no_secret, is_given

PERMISSION, FUNCTION_URL = "aws:lambda/permission:Permission", "aws:lambda/functionUrl:FunctionUrl"
FUNCTION_POLICY = "aws:lambda/resourcePolicy:ResourcePolicy"
CURRENT_RUNTIMES = (
    *("python3.11", "python3.12", "python3.13", "python3.14", "nodejs22.x", "nodejs24.x", "java17", "java21", "java25"),
    *("dotnet8", "dotnet10", "ruby3.3", "ruby3.4", "provided.al2023"),
)
"""Runtimes that get patches as of 2026-11-24: https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html"""
ZONES = 2
TRACED = ("Active",)
SERVICE = ".amazonaws.com"


@guard(
    "awslambda.function_admits_nobody_at_large",
    on=(PERMISSION, FUNCTION_POLICY),
    severity=Severity.CRITICAL,
    fix="Name the account, role or service; for a service set sourceArn or sourceAccount too.",
)
def function_admits_nobody_at_large(permission: Resource, graph: Graph) -> Verdict:
    """A service acts for all its customers: without saying for whom, any of them may call the function."""
    if permission.type == FUNCTION_POLICY:
        return admits_named_only(graph, permission)
    principal, what = permission.get("principal"), f"principal of {permission.name}"
    named = holds(principal, lambda said: "*" not in said, what, "named")
    if isinstance(principal, str) and principal.endswith(SERVICE):
        bound = [is_given(graph, permission, name) for name in ("sourceArn", "sourceAccount")]
        return all_of([named, *bound[:1]]) if permission.get("sourceAccount") is None else all_of([named, bound[1]])
    return named


@guard(
    "awslambda.function_url_asks_who_calls",
    on=FUNCTION_URL,
    severity=Severity.CRITICAL,
    fix="Set authorizationType to AWS_IAM, and name the origins in cors.allowOrigins.",
)
def function_url_asks_who_calls(url: Resource) -> Verdict:
    """An address without authorisation is a function for the whole internet."""
    origins = url.get("cors", "allowOrigins")
    closed = holds(origins, lambda said: "*" not in (said or ()), f"cors.allowOrigins of {url.name}", "named")
    return all_of([equals(url, "AWS_IAM", "authorizationType"), closed])


@guard(
    "awslambda.function_runs_in_our_network",
    on=tokens.FUNCTION,
    severity=Severity.MEDIUM,
    fix="Set vpcConfig with subnets of the Network component in two zones or more.",
)
def function_runs_in_our_network(function: Resource) -> Verdict:
    """Outside our network a function sends what it reads anywhere, and no flow log shows it.

    That two subnets stand in two zones is what `ec2.network_spans_two_zones` looks at.
    """
    subnets = function.get("vpcConfig", "subnetIds")
    return holds(subnets, lambda said: len(said or ()) >= ZONES, f"vpcConfig.subnetIds of {function.name}", "two")


@guard(
    "awslambda.function_loses_no_failed_call",
    on=tokens.FUNCTION,
    severity=Severity.LOW,
    fix="Set deadLetterConfig.targetArn, and reservedConcurrentExecutions.",
)
def function_loses_no_failed_call(function: Resource, graph: Graph) -> Verdict:
    """A call that fails for good leaves a trace only where it is set aside; unbounded ones starve all others."""
    return all_of(
        [
            is_given(graph, function, "deadLetterConfig", "targetArn"),
            at_least(function, 0, "reservedConcurrentExecutions"),
        ]
    )


@guard(
    "awslambda.function_environment_is_sealed",
    on=tokens.FUNCTION,
    severity=Severity.HIGH,
    fix="Set kmsKeyArn to a Key component's ARN, and fetch secrets from Secrets Manager.",
)
def function_environment_is_sealed(function: Resource, graph: Graph) -> Verdict:
    """Whoever may look at the function's settings reads its environment."""
    if function.get("environment") is None:
        return not_applicable("it has no environment variables")
    return all_of([uses_own_key(graph, function, "kmsKeyArn"), holds_no_secret(function, "environment", "variables")])


@guard(
    "awslambda.function_is_what_was_reviewed",
    on=tokens.FUNCTION,
    severity=Severity.MEDIUM,
    fix="Use a supported runtime, codeSigningConfigArn and tracingConfig.mode Active; or an image by digest.",
)
def function_is_what_was_reviewed(function: Resource, graph: Graph) -> Verdict:
    """A runtime without patches has known holes; unsigned code is whatever was last uploaded."""
    traced = is_one_of(function, TRACED, "tracingConfig", "mode")
    if function.get("packageType") == "Image":
        image = holds(
            function.get("imageUri"), lambda said: "@sha256:" in said, f"imageUri of {function.name}", "pinned"
        )
        return all_of([image, traced])
    runtime = is_one_of(function, CURRENT_RUNTIMES, "runtime")
    return all_of([runtime, is_given(graph, function, "codeSigningConfigArn"), traced])
