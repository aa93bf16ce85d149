"""The catalog: each type of the platform, by its token, with the calls that make, change, show and remove it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from twin.catalog import (
    account,
    athena,
    backup,
    budgets,
    cloudtrail,
    cloudwatch,
    dynamodb,
    edge,
    feature_store,
    glue,
    glue_tables,
    iam,
    iam_more,
    kms,
    lakeformation,
    network_acls,
    networkfirewall,
    organizations,
    route53resolver,
    s3,
    s3_copies,
    s3_settings,
    sagemaker,
    secretsmanager,
    security_groups,
    sns,
    ssm,
    transit,
    vpc,
)
from twin.entry import Entry

FILES = (
    *(edge, networkfirewall, route53resolver, transit),
    account,
    *(iam_more, organizations),
    *(glue, lakeformation, athena, feature_store),
    *(backup, budgets, glue_tables),
    *(kms, s3, s3_settings, s3_copies, dynamodb, secretsmanager, ssm),
    *(cloudtrail, cloudwatch, sns, iam, vpc, network_acls, security_groups, sagemaker),
)

CATALOG: Mapping[str, Entry] = MappingProxyType({entry.type: entry for file in FILES for entry in file.ENTRIES})
