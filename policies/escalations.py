"""Sets of actions by which somebody who holds all of them gives themselves more than they were given, as data.

Those of the services in use, after https://pathfinding.cloud and the lists it collects. An action stands here in lower
case, as patterns are compared.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

PASS = "iam:passrole"  # noqa: S105 - an action, not a password
ALONE = (
    *("iam:addusertogroup", "iam:attachgrouppolicy", "iam:attachrolepolicy", "iam:attachuserpolicy"),
    *(
        "iam:createaccesskey",
        "iam:createloginprofile",
        "iam:createpolicyversion",
        "iam:createservicespecificcredential",
    ),
    *("iam:deleterolepermissionsboundary", "iam:putgrouppolicy", "iam:putrolepermissionsboundary"),
    *("iam:putrolepolicy", "iam:putuserpolicy", "iam:setdefaultpolicyversion", "iam:updateaccesskey"),
    *("iam:updateassumerolepolicy", "iam:updateloginprofile", "iam:updateopenidconnectproviderthumbprint"),
    *("iam:updatesamlprovider", "iam:uploadsshpublickey", "sts:assumerole", "kms:putkeypolicy", "s3:putbucketpolicy"),
    *("ecr:setrepositorypolicy", "secretsmanager:putresourcepolicy", "lambda:updatefunctioncode"),
    *("sagemaker:createpresignednotebookinstanceurl", "ssm:sendcommand", "ssm:startsession"),
)
"""One of these at large is enough."""
WITH_A_ROLE = (
    *("apprunner:createservice", "autoscaling:createautoscalinggroup", "cloudformation:createstack"),
    *("codebuild:createproject", "codebuild:updateproject", "ec2:runinstances", "ecs:registertaskdefinition"),
    *("glue:createdevendpoint", "glue:createjob", "glue:updatejob", "lambda:createfunction"),
    *("lambda:updatefunctionconfiguration", "sagemaker:createautomljob", "sagemaker:createautomljobv2"),
    *("sagemaker:createhyperparametertuningjob", "sagemaker:createmodel", "sagemaker:createmonitoringschedule"),
    *("sagemaker:createnotebookinstance", "sagemaker:createpipeline", "sagemaker:createprocessingjob"),
    *("sagemaker:createtrainingjob", "sagemaker:updatenotebookinstance", "states:createstatemachine"),
    *("states:teststate", "states:updatestatemachine"),
)
"""These start something under a role: with the right to pass any role there is, that is one more than their own."""
ESCALATIONS: Mapping[str, frozenset[str]] = MappingProxyType(
    {**{one: frozenset({one}) for one in ALONE}, **{one: frozenset({PASS, one}) for one in WITH_A_ROLE}}
)
"""The action that gives each its name -> all that it needs."""
