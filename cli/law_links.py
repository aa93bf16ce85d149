"""Where to read on: the section of the law that a guard serves, and what AWS itself says of the matter."""

from __future__ import annotations

import inspect
import re
from collections.abc import Mapping
from types import ModuleType

from core.controls import INFERRED
from policies.guard import Guard

ECFR = "https://www.ecfr.gov/current/title-45/part-164/section-"
EUR_LEX = "https://eur-lex.europa.eu/eli/reg/2016/679/oj/eng#art_"
SECURITY_HUB = "https://docs.aws.amazon.com/securityhub/latest/userguide/{}-controls.html"
SERVICES: Mapping[str, str] = {
    **{
        name: name
        for name in ("account", "athena", "backup", "cloudtrail", "cloudwatch", "dynamodb", "ec2", "ecr", "eks")
    },
    **{name: name for name in ("glue", "iam", "kms", "lambda", "networkfirewall", "rds", "s3", "sagemaker")},
    **{name: name for name in ("secretsmanager", "sns", "sqs", "ssm", "route53", "apigateway", "elb", "waf")},
    "logs": "cloudwatch",
    "route53resolver": "route53",
}
"""Service of a guard -> the service whose controls Security Hub describes on a page of their own."""
AWS_PAGE = re.compile(r"https://docs\.aws\.amazon\.com/[^\s\"'`)]+")


def law_link(citation: str) -> str:
    """The section that a citation, `pack:section`, means; empty for a framework whose text is not public by section."""
    pack, _, section = citation.partition(":")
    plain = section.removeprefix(INFERRED)
    if pack == "hipaa":
        return f"{ECFR}{plain.partition('(')[0]}#p-{plain}"
    if pack == "gdpr" and (article := re.match(r"Art\.(\d+)", plain)):
        return f"{EUR_LEX}{article[1]}"
    return ""


def aws_pages(guard: Guard) -> tuple[str, ...]:
    """The pages that the guard's own source cites; where it cites none, Security Hub's page about its service."""
    module = inspect.getmodule(guard.rule)
    cited = AWS_PAGE.findall(inspect.getsource(guard.rule)) + (_of_constants(guard, module) if module else [])
    if cited:
        return tuple(dict.fromkeys(page.rstrip(".,;") for page in cited))
    service = SERVICES.get(guard.id.partition(".")[0])
    return (SECURITY_HUB.format(service),) if service else ()


def _of_constants(guard: Guard, module: ModuleType) -> list[str]:
    """The pages in the words below the constants that the rule uses."""
    assert inspect.isfunction(guard.rule), "the register takes functions only"
    source, used = inspect.getsource(module), set(guard.rule.__code__.co_names)
    blocks = re.findall(r'^([A-Z][A-Z_, ]*)(?::[^=\n]+)? = .*?^"""(.*?)"""', source, re.MULTILINE | re.DOTALL)
    near = [words for names, words in blocks if used & set(re.split(r",\s*", names))]
    return [page for words in near for page in AWS_PAGE.findall(words)]
