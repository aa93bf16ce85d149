"""What is known of machine types, as dated data: which SageMaker endpoints take, and which bring a disk of their own.

A disk that comes with the machine is sealed by the machine's own hardware. No customer key can be named for it:
training, processing and transform jobs refuse a volume key there, and an endpoint's key does not reach that disk.
Sources: sizes from the enum `ProductionVariantInstanceType` of botocore 1.44.8; disks from
https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/InstanceStorage.html and
https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ResourceConfig.html.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from difflib import get_close_matches
from types import MappingProxyType

AS_OF = "2026-11-24"

_TYPE = re.compile(r"(ml\.)?([a-z0-9]+(?:-[a-z0-9]+)?)\.([a-z0-9]+)")
_TO_12 = "large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge"
_TO_24 = "large xlarge 2xlarge 4xlarge 12xlarge 24xlarge"
_TO_32 = _TO_12 + " 24xlarge 32xlarge"
_TO_48 = _TO_12 + " 24xlarge 48xlarge"
_G4 = "xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge"
_G5 = _G4 + " 24xlarge 48xlarge"
_G7 = "2xlarge 4xlarge 8xlarge 12xlarge 24xlarge 48xlarge"

_SERVED_FROM_NETWORK_DISK = {
    **dict.fromkeys(("c6g", "c6gn", "c7g", "m6g", "r6g"), _TO_12),
    **dict.fromkeys(("c6i", "c6in", "m6i", "r6i"), _TO_32),
    **dict.fromkeys(("c7i", "m7i", "r7i"), _TO_48),
    **dict.fromkeys(("c8g", "m8g", "r8g"), "medium " + _TO_48),
    **dict.fromkeys(("m5", "r5"), _TO_24),
    "c4": "large xlarge 2xlarge 4xlarge 8xlarge",
    "c5": "large xlarge 2xlarge 4xlarge 9xlarge 18xlarge",
    "inf1": "xlarge 2xlarge 6xlarge 24xlarge",
    "inf2": "xlarge 8xlarge 24xlarge 48xlarge",
    "m4": "xlarge 2xlarge 4xlarge 10xlarge 16xlarge",
    "p2": "xlarge 8xlarge 16xlarge",
    "p3": "2xlarge 8xlarge 16xlarge",
    "t2": "medium large xlarge 2xlarge",
}
_SERVED_FROM_LOCAL_DISK = {
    **dict.fromkeys(("c6gd", "m6gd", "r6gd"), _TO_12),
    **dict.fromkeys(("m5d", "r5d"), _TO_24),
    **dict.fromkeys(("g5", "g6", "g6e"), _G5),
    **dict.fromkeys(("g7", "g7e"), _G7),
    **dict.fromkeys(("dl1", "p4d", "p4de"), "24xlarge"),
    **dict.fromkeys(("p5e", "p5en", "p6-b200", "p6-b300", "trn2"), "48xlarge"),
    "c5d": "large xlarge 2xlarge 4xlarge 9xlarge 18xlarge",
    "g4dn": _G4,
    "p5": "4xlarge 48xlarge",
    "p6e-gb200": "36xlarge",
    "r7gd": "medium " + _TO_12,
    "trn1": "2xlarge 32xlarge",
    "trn1n": "32xlarge",
}
ENDPOINT_SIZES: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        family: frozenset(sizes.split())
        for family, sizes in sorted({**_SERVED_FROM_NETWORK_DISK, **_SERVED_FROM_LOCAL_DISK}.items())
    }
)
"""Family -> the sizes that a SageMaker endpoint takes."""

WITH_LOCAL_DISK = frozenset(_SERVED_FROM_LOCAL_DISK) | {"c6id", "m6id", "p3dn", "r6id"}
WITHOUT_LOCAL_DISK = frozenset(_SERVED_FROM_NETWORK_DISK) | {
    *("c5n", "c7i-flex", "c8i", "c8i-flex", "m7i-flex", "m8i", "m8i-flex", "r8i", "r8i-flex", "t3"),
}


def family_of(instance_type: str) -> str | None:
    """The family of a type written as SageMaker (`ml.m6i.large`) or EC2 (`m6i.large`) does; None for other text."""
    found = _TYPE.fullmatch(instance_type)
    return str(found.group(2)) if found else None


def has_local_disk(instance_type: str) -> bool | None:
    """Whether machines of this type bring a disk of their own; None for a family that is not listed here."""
    family = family_of(instance_type)
    if family in WITH_LOCAL_DISK:
        return True
    return False if family in WITHOUT_LOCAL_DISK else None


def endpoint_type_fault(instance_type: str) -> str | None:
    """What a SageMaker endpoint expects instead of this type; None when it takes it."""
    family, size = family_of(instance_type), instance_type.rpartition(".")[2]
    if family is None or not instance_type.startswith("ml."):
        return "a SageMaker machine type such as 'ml.m6i.large'"
    if size in ENDPOINT_SIZES.get(family, ()):
        return None
    known = [f"ml.{name}.{item}" for name, sizes in ENDPOINT_SIZES.items() for item in sorted(sizes)]
    near = get_close_matches(instance_type, known, n=1)
    hint = f"did you mean '{near[0]}'? " if near else ""
    return f"a machine type that SageMaker endpoints take; {hint}(types as of {AS_OF})"


def node_type_fault(instance_type: str) -> str | None:
    """What a Kubernetes node group expects instead of this type; None when its form and family are known."""
    if instance_type.startswith("ml.") or has_local_disk(instance_type) is None:
        return f"an EC2 machine type of a known family, such as 'm6i.large' (families as of {AS_OF})"
    return None
