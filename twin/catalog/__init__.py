"""The catalog: each type of the platform, by its token, with the calls that make, change, show and remove it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from twin.catalog import cloudtrail, cloudwatch, iam, kms, s3, s3_settings, sagemaker, security_groups, sns, vpc
from twin.entry import Entry

FILES = (kms, s3, s3_settings, cloudtrail, cloudwatch, sns, iam, vpc, security_groups, sagemaker)

CATALOG: Mapping[str, Entry] = MappingProxyType({entry.type: entry for file in FILES for entry in file.ENTRIES})
