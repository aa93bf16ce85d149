"""Cuts one private IPv4 range into subnets, the same way every time.

The range is cut into four blocks, one for each zone there may be, and each block into as many equal parts as the
tiers need, rounded up to a power of two. So a subnet's place depends on the number of its zone and the number of its
tier, and on nothing else: adding a zone, or dropping the last one, moves no other subnet; nor does adding a tier at
the end while the number of tiers stays below the next power of two. AWS cannot change the range of a subnet, so one
that moved would be replaced with all that runs in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network

from core.errors import BadInput

MOST_ZONES = 4
WIDEST, NARROWEST = 16, 28
"""Prefix lengths of a VPC and of a subnet: https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html"""
PRIVATE = tuple(IPv4Network(text) for text in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"))
"""RFC 1918."""
TAKEN = IPv4Network("172.17.0.0/16")
"""Some AWS services use it inside: "don't use this range when creating your VPC" (page named above)."""
EVERY_TIER = 2
"""The platform's own tiers: where models run, and where the endpoints of AWS services stand."""


@dataclass(frozen=True, slots=True)
class Subnet:
    """A part of the range, for one tier in one zone."""

    zone: str
    tier: str
    cidr: str


def subnet_plan(cidr: str, zones: Sequence[str], tiers: Sequence[str]) -> tuple[Subnet, ...]:
    """One subnet for each zone and tier, zone by zone, disjoint and inside the range.

    Raises BadInput when the range is none, is too small for them, or when zones or tiers are missing, doubled or
    more than there is room for.
    """
    for what, names in (("zone", zones), ("tier", tiers)):
        if not names or len(set(names)) != len(names):
            msg = f"subnets of {cidr}: each {what} must be named once, given {', '.join(names) or 'none'}"
            raise BadInput(msg)
    if len(zones) > MOST_ZONES:
        msg = f"subnets of {cidr}: {len(zones)} zones given, the plan has room for {MOST_ZONES}"
        raise BadInput(msg)
    whole = _range(cidr)
    prefix = _prefix(whole, len(tiers))
    if prefix > NARROWEST:
        msg = (
            f"range {cidr} is too small: {MOST_ZONES} zones with {len(tiers)} tiers would get /{prefix} subnets, AWS "
            f"takes none smaller than /{NARROWEST}; give a range of /{NARROWEST + whole.prefixlen - prefix} or wider"
        )
        raise BadInput(msg)
    parts = tuple(whole.subnets(new_prefix=prefix))
    block = len(parts) // MOST_ZONES
    return tuple(
        Subnet(zone, tier, str(parts[zone_number * block + tier_number]))
        for zone_number, zone in enumerate(zones)
        for tier_number, tier in enumerate(tiers)
    )


def is_overlapping(one: str, other: str) -> bool:
    """Whether two ranges share an address. Raises BadInput when either is no IPv4 range."""
    return _range(one).overlaps(_range(other))


def network_fault(text: str) -> str | None:
    """Which range is expected instead of this text; None when a VPC of ours can have it."""
    example = "such as '10.20.0.0/16'"
    try:
        whole = IPv4Network(text, strict=False)
    except ValueError:
        return f"an IPv4 range in CIDR form, {example}"
    if str(whole) != text:
        return f"an IPv4 range in CIDR form, perhaps '{whole}'"
    if not any(whole.subnet_of(private) for private in PRIVATE):
        return f"a range inside {', '.join(map(str, PRIVATE))} (RFC 1918), {example}"
    if whole.overlaps(TAKEN):
        return f"a range apart from {TAKEN}, which AWS services use inside, {example}"
    least = NARROWEST + whole.prefixlen - _prefix(whole, EVERY_TIER)
    if not WIDEST <= whole.prefixlen <= least:
        return f"a range between /{WIDEST} and /{least}, {example}"
    return None


def _range(cidr: str) -> IPv4Network:
    try:
        return IPv4Network(cidr)
    except ValueError as error:
        msg = f"{cidr!r} is not an IPv4 range in CIDR form, such as 10.20.0.0/16: {error}"
        raise BadInput(msg) from error


def _prefix(whole: IPv4Network, tiers: int) -> int:
    """How long the prefix of each part is."""
    return whole.prefixlen + (MOST_ZONES - 1).bit_length() + (tiers - 1).bit_length()
