"""What a program may ask AWS without asking AWS: who and where it is, as its settings say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from components.place import DNS_SUFFIXES, Place, place_of
from core.errors import BadInput

ZONE_LETTERS = "abc"
"""Most Regions name their zones so; a program that needs to know is told in its settings."""
HARMLESS = frozenset({"state", "region"})
"""Arguments of getAvailabilityZones that do not change the answer."""


def looked_up(token: str, asked: Mapping[str, Any], account: str, region: str) -> dict[str, Any]:
    """The answer to a function of the AWS provider, called by its token.

    Raises BadInput for every other function: the plan would depend on what AWS holds while it is made.
    """
    name = token.rpartition(":")[2]
    if token.startswith("aws:index/") and name in ANSWERS:
        return ANSWERS[name](place_of(account, region), asked)
    msg = (
        f"the program calls {token}, which asks the cloud; a plan must be the same for everybody, so components must "
        "not ask AWS: pass the value in through the settings"
    )
    raise BadInput(msg)


def _identity(place: Place, _asked: Mapping[str, Any]) -> dict[str, Any]:
    """The account itself stands for whoever deploys: who that is must not decide what is built."""
    return {"accountId": place.account, "arn": place.root, "id": place.account, "userId": place.account}


def _region(place: Place, asked: Mapping[str, Any]) -> dict[str, Any]:
    there = place_of(place.account, asked.get("region") or asked.get("name") or asked.get("id") or place.region)
    same = dict.fromkeys(("region", "name", "id"), there.region)
    return {**same, "endpoint": there.endpoint("ec2"), "description": there.region}


def _partition(place: Place, _asked: Mapping[str, Any]) -> dict[str, Any]:
    suffix = DNS_SUFFIXES[place.partition]
    reverse = ".".join(reversed(suffix.split(".")))
    return {"partition": place.partition, "id": place.partition, "dnsSuffix": suffix, "reverseDnsPrefix": reverse}


def _zones(place: Place, asked: Mapping[str, Any]) -> dict[str, Any]:
    if narrowed := sorted(set(asked) - HARMLESS):
        msg = f"getAvailabilityZones with {', '.join(narrowed)} asks the cloud; name the zones in the settings"
        raise BadInput(msg)
    region = asked.get("region") or place.region
    return {"id": region, "region": region, "names": [region + letter for letter in ZONE_LETTERS]}


ANSWERS = {
    "getCallerIdentity": _identity,
    "getRegion": _region,
    "getPartition": _partition,
    "getAvailabilityZones": _zones,
}
