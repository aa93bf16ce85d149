"""Ranges of addresses, as far as guards ask about them."""

from __future__ import annotations

from ipaddress import IPv4Network, IPv6Network, ip_network

WIDEST_OF_OUR_OWN = {4: 16, 6: 32}
"""Bits: a public range wider than this belongs to no single organisation we could have meant."""
OURS = tuple(map(ip_network, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7")))
"""Ranges that are not routed on the internet: RFC 1918, 6598 and 4193."""


def is_everywhere(text: str) -> bool:
    """Whether the range takes in so much of the internet that it names nobody; two halves of it count as well.

    Raises ValueError for what is no range, and TypeError for anything but text.
    """
    if not isinstance(text, str):
        msg = "a range of addresses is a text"
        raise TypeError(msg)
    network = ip_network(text, strict=False)
    return network.prefixlen < WIDEST_OF_OUR_OWN[network.version] and not any(_within(network, own) for own in OURS)


def _within(network: IPv4Network | IPv6Network, own: IPv4Network | IPv6Network) -> bool:
    if isinstance(network, IPv4Network) and isinstance(own, IPv4Network):
        return network.subnet_of(own)
    return isinstance(network, IPv6Network) and isinstance(own, IPv6Network) and network.subnet_of(own)
