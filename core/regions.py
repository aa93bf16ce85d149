"""The AWS Regions that exist, as dated data: a Region that is not listed here cannot be built in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from types import MappingProxyType

AS_OF = "2026-11-24"
"""Day on which the list was taken from the partition data of botocore 1.44.8 (`data/partitions.json`)."""

_AWS = {
    "af-south-1": "Cape Town",
    "ap-east-1": "Hong Kong",
    "ap-east-2": "Taipei",
    "ap-northeast-1": "Tokyo",
    "ap-northeast-2": "Seoul",
    "ap-northeast-3": "Osaka",
    "ap-south-1": "Mumbai",
    "ap-south-2": "Hyderabad",
    "ap-southeast-1": "Singapore",
    "ap-southeast-2": "Sydney",
    "ap-southeast-3": "Jakarta",
    "ap-southeast-4": "Melbourne",
    "ap-southeast-5": "Malaysia",
    "ap-southeast-6": "New Zealand",
    "ap-southeast-7": "Thailand",
    "ca-central-1": "Central Canada",
    "ca-west-1": "Calgary",
    "eu-central-1": "Frankfurt",
    "eu-central-2": "Zurich",
    "eu-north-1": "Stockholm",
    "eu-south-1": "Milan",
    "eu-south-2": "Spain",
    "eu-west-1": "Ireland",
    "eu-west-2": "London",
    "eu-west-3": "Paris",
    "il-central-1": "Tel Aviv",
    "me-central-1": "United Arab Emirates",
    "me-south-1": "Bahrain",
    "me-west-1": "Saudi Arabia",
    "mx-central-1": "Central Mexico",
    "sa-east-1": "Sao Paulo",
    "sa-west-1": "Chile",
    "us-east-1": "Northern Virginia",
    "us-east-2": "Ohio",
    "us-west-1": "Northern California",
    "us-west-2": "Oregon",
}
_CHINA = {"cn-north-1": "Beijing", "cn-northwest-1": "Ningxia"}
_GOVERNMENT = {"us-gov-east-1": "US-East", "us-gov-west-1": "US-West"}


@dataclass(frozen=True, slots=True)
class Region:
    """A Region: its code, where it stands, and the partition whose ARNs its resources bear."""

    code: str
    place: str
    partition: str


def _regions() -> dict[str, Region]:
    listed = (("aws", _AWS), ("aws-cn", _CHINA), ("aws-us-gov", _GOVERNMENT))
    return {code: Region(code, place, partition) for partition, places in listed for code, place in places.items()}


REGIONS: Mapping[str, Region] = MappingProxyType(_regions())
"""Every Region under its code."""


def region_fault(text: str) -> str | None:
    """What is expected instead of this text; None when it is the code of a Region."""
    if text in REGIONS:
        return None
    near = get_close_matches(text, REGIONS, n=1)
    hint = f"did you mean '{near[0]}'?" if near else "such as 'eu-central-1'"
    return f"the code of an AWS Region; {hint} (Regions as of {AS_OF})"


def partition_of(code: str) -> str:
    """The partition of a Region that exists. Raises KeyError for one that does not."""
    return REGIONS[code].partition
