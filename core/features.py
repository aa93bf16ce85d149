"""The columns of a feature group: what is known of each thing, and what SageMaker takes of it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

KINDS = ("Fractional", "Integral", "String")
FEATURE = re.compile(r"[a-zA-Z0-9]([-_]*[a-zA-Z0-9]){0,63}")
RESERVED = ("api_invocation_time", "is_deleted", "write_time")
MOST_FEATURES = 2500
"""https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateFeatureGroup.html"""


@dataclass(frozen=True)
class Features:
    """What is known of each thing: the name of a feature -> `String`, `Integral` or `Fractional`.

    `identifier` is the feature that says whose record it is, `event_time` the one that says since when it holds.
    """

    kinds: Mapping[str, str]
    identifier: str
    event_time: str

    def faults(self) -> list[str]:
        """What SageMaker would refuse about them, a sentence each."""
        faults = []
        if not 1 <= len(self.kinds) <= MOST_FEATURES:
            faults.append(f"{len(self.kinds)} features; expected 1 to {MOST_FEATURES}")
        for name, kind in self.kinds.items():
            if not FEATURE.fullmatch(name) or name.lower() in RESERVED:
                faults.append(f"feature {name!r}; expected letters, digits, '-' and '_', and none of SageMaker's own")
            if kind not in KINDS:
                faults.append(f"feature {name!r} is {kind!r}; expected one of {', '.join(KINDS)}")
        faults += [
            f"{field} is {name!r}, which is no feature; name one of them"
            for field, name in (("identifier", self.identifier), ("event_time", self.event_time))
            if name not in self.kinds
        ]
        if self.identifier == self.event_time:
            faults.append("identifier and event_time are the same feature; name two")
        if self.kinds.get(self.event_time) == "Integral":
            faults.append("event_time is Integral; expected Fractional (seconds) or String (ISO 8601)")
        return faults
