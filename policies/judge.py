"""Every guard over every resource of its types: one finding each, and none left out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from core.finding import Finding
from core.graph import STACK, Graph
from core.resource import Resource
from core.verdict import Verdict, not_applicable
from policies import (
    account,
    apigateway,
    athena,
    awslambda,
    backup,
    backup_restores,
    budgets,
    cloudtrail,
    cloudtrail_more,
    cloudtrail_news,
    cloudwatch,
    detection,
    dynamodb,
    dynamodb_load,
    ebs,
    ec2,
    ec2_doors,
    ec2_machines,
    ec2_more,
    ecr,
    eks,
    elb,
    glue,
    iam,
    iam_more,
    iam_people,
    kms,
    kms_more,
    kubernetes,
    kubernetes_names,
    lakeformation,
    logs,
    networkfirewall,
    organizations,
    protection,
    rds,
    rds_more,
    residency,
    route53resolver,
    s3,
    s3_acls,
    s3_copies,
    s3_encryption,
    s3_perimeter,
    sagemaker,
    sagemaker_features,
    sagemaker_jobs,
    sagemaker_notebooks,
    sagemaker_serving,
    secretsmanager,
    sns,
    sqs,
    ssm,
    stores,
    wafv2,
)
from policies.guard import REGISTERED, Guard

GUARD_FILES = (
    account,
    apigateway,
    athena,
    awslambda,
    backup,
    backup_restores,
    budgets,
    cloudtrail,
    cloudtrail_more,
    cloudtrail_news,
    cloudwatch,
    detection,
    dynamodb,
    dynamodb_load,
    ebs,
    ec2,
    ec2_doors,
    ec2_machines,
    ec2_more,
    ecr,
    eks,
    elb,
    glue,
    iam,
    iam_more,
    iam_people,
    kms,
    kms_more,
    kubernetes,
    kubernetes_names,
    lakeformation,
    logs,
    networkfirewall,
    organizations,
    protection,
    rds,
    rds_more,
    residency,
    route53resolver,
    s3,
    s3_acls,
    s3_copies,
    s3_encryption,
    s3_perimeter,
    sagemaker,
    sagemaker_features,
    sagemaker_jobs,
    sagemaker_notebooks,
    sagemaker_serving,
    secretsmanager,
    sns,
    sqs,
    ssm,
    stores,
    wafv2,
)
"""The files whose guards are in force; importing them enters their guards into the register."""


def guards() -> Mapping[str, Guard]:
    """Every guard in force, by id, in the order of ids."""
    return MappingProxyType(dict(sorted(REGISTERED.items())))


def judge(graph: Graph, by: Iterable[Guard] | None = None) -> tuple[Finding, ...]:
    """One finding for each guard and each resource of its types.

    A guard none of whose types occurs gives one finding on the stack, not applicable, so that no guard is silently
    absent; a guard on the stack itself gives one even where no stack is recorded.
    """
    stacks = graph.of_type(STACK) or (stack_of(graph),)
    findings: list[Finding] = []
    for guard in guards().values() if by is None else by:
        if concerned := stacks if STACK in guard.on else graph.of_type(*guard.on):
            findings += [finding_of(guard, resource, guard.judge(resource, graph)) for resource in concerned]
        else:
            findings.append(finding_of(guard, stacks[0], not_applicable("nothing here is of a type it concerns")))
    return tuple(findings)


def stack_of(graph: Graph) -> Resource:
    """The stack the resources belong to, made up from their URNs where it is not recorded (a live account, say)."""
    for recorded in graph.of_type(STACK):
        return recorded
    for resource in graph.resources:
        if resource.stack:
            project = resource.urn.split("::")[1]
            urn = f"urn:pulumi:{resource.stack}::{project}::{STACK}::{project}-{resource.stack}"
            return Resource(STACK, urn)
    return Resource(STACK, "")


def finding_of(guard: Guard, resource: Resource, verdict: Verdict) -> Finding:
    """What the guard says of the resource, with what a reader needs to act on it."""
    said = (guard.id, verdict.state, resource.urn, verdict.reason, guard.severity, guard.fix, resource.location)
    return Finding(*said, decidable=guard.decidable)
