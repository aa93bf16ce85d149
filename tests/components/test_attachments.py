"""Transit gateways and tunnels: named ranges and no others, either way."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from components.far_ranges import FarRanges
from core.errors import BadInput
from core.graph import Graph
from core.verdict import State
from policies import tokens
from tests.network_programs import captured, complaints, findings, ground, home, network, one, sealing, transit, vpn

ATTACHMENT = "aws:ec2transitgateway/vpcAttachment:VpcAttachment"
SMALL: dict[str, Any] = {"services": ["s3", "sagemaker.runtime"]}


def on_hub(**given_args: Any) -> None:
    above, _, net = ground(**SMALL)
    transit(above, net, **given_args)


def to_site(**given_args: Any) -> None:
    vpn(*ground(**SMALL), **given_args)


@pytest.fixture(scope="module")
def hub() -> Graph:
    return captured(on_hub)


@pytest.fixture(scope="module")
def site() -> Graph:
    return captured(to_site)


def test_every_table_has_a_route_to_every_range_and_to_nothing_else(hub: Graph) -> None:
    routes, tables = hub.of_type(tokens.ROUTE), hub.of_type(*tokens.ROUTE_TABLES)
    assert sorted(str(hub.linked(r, "routeTableId")) for r in routes) == sorted(map(str, tables))
    assert {(r.inputs["destinationCidrBlock"], r.inputs["transitGatewayId"]) for r in routes} == {
        ("10.30.0.0/16", "tgw-0a1b2c3d")
    }
    assert all(one(hub, ATTACHMENT).urn in route.dependencies for route in routes)


def test_the_attachment_stands_beside_the_endpoints_and_trusts_no_foreign_group(hub: Graph) -> None:
    attachment = one(hub, ATTACHMENT)
    found = [hub.linked(attachment, "subnetIds", number) for number in range(2)]
    assert found == [one(hub, tokens.SUBNET, f"-endpoints-{zone}") for zone in "ab"]
    assert attachment.inputs["securityGroupReferencingSupport"] == "disable"


def test_callers_reach_the_endpoints_and_members_of_the_group_reach_the_ranges(hub: Graph) -> None:
    caller = one(hub, tokens.INGRESS_RULE, "-hub-from")
    assert hub.linked(caller, "securityGroupId") == one(hub, tokens.GROUP, "-net-endpoints")
    assert (caller.inputs["cidrIpv4"], caller.inputs["fromPort"]) == ("10.30.1.0/24", 443)
    reach = one(hub, tokens.EGRESS_RULE, "-hub-to")
    assert hub.linked(reach, "securityGroupId") == one(hub, tokens.GROUP, "-hub-reach")
    assert reach.inputs["cidrIpv4"] == "10.30.0.0/16"


def test_a_default_route_that_is_said_to_be_inspected_is_taken_and_stays_unknown() -> None:
    graph = captured(lambda: on_hub(far=FarRanges(["0.0.0.0/0"]), is_inspected=True))
    said = [f for f in findings(graph, "ec2.route_stays_inside") if "-hub-" in f.urn]
    assert {f.state for f in said} == {State.UNKNOWN}
    assert {guard for guard, _, _ in complaints(graph)} == {"ec2.route_stays_inside"}


def test_the_tunnels_take_current_ciphers_only_and_are_recorded(site: Graph) -> None:
    connection, group = one(site, tokens.VPN), one(site, tokens.LOG_GROUP, "-vpn-log")
    for tunnel in ("tunnel1", "tunnel2"):
        assert connection.inputs[f"{tunnel}IkeVersions"] == ("ikev2",)
        assert min(connection.inputs[f"{tunnel}Phase1DhGroupNumbers"]) >= 19
        logged = connection.inputs[f"{tunnel}LogOptions"]["cloudwatchLogOptions"]
        assert logged["logEnabled"] is True
        assert site.linked(connection, f"{tunnel}LogOptions", "cloudwatchLogOptions", "logGroupArn") == group
    assert site.linked(group, "kmsKeyId") == one(site, tokens.KEY)


def test_no_key_of_a_tunnel_stands_in_the_state_and_no_route_is_learned(site: Graph) -> None:
    connection = one(site, tokens.VPN)
    assert connection.inputs["presharedKeyStorage"] == "SecretsManager"
    assert not [name for name in connection.inputs if name.endswith("PresharedKey")]
    assert connection.inputs["staticRoutesOnly"] is True
    assert site.of_type(tokens.LEARNED_ROUTES) == ()
    gateway = one(site, tokens.VPN_GATEWAY)
    assert all(site.linked(route, "gatewayId") == gateway for route in site.of_type(tokens.ROUTE))


NUMBERS = st.sets(st.integers(21, 200), min_size=1, max_size=4)


@settings(max_examples=15, deadline=None)
@given(
    numbers=NUMBERS,
    prefix=st.integers(16, 28),
    ports=st.sets(st.integers(1, 65535), min_size=1, max_size=2),
    calls=st.booleans(),
    tunnel=st.booleans(),
)
def test_no_attachment_that_is_taken_is_objected_to(
    numbers: set[int], prefix: int, ports: set[int], calls: bool, tunnel: bool
) -> None:
    ranges = [f"10.{number}.0.0/{prefix}" for number in sorted(numbers)]
    far = FarRanges(ranges, callers=ranges[:1] if calls else [], ports=sorted(ports))
    graph = captured(lambda: to_site(far=far) if tunnel else on_hub(far=far))
    assert complaints(graph) == []
    assert len(graph.of_type(tokens.ROUTE)) == 3 * len(ranges)


REFUSED = [
    (FarRanges([]), "no range is named"),
    (FarRanges(["10.20.4.0/24"]), "overlaps the network's own 10.20.0.0/16"),
    (FarRanges(["10.0.0.0/8"]), "overlaps the network's own"),
    (FarRanges(["10.30.0.0/16", "10.30.4.0/24"]), "10.30.4.0/24 overlaps 10.30.0.0/16"),
    (FarRanges(["8.0.0.0/9"]), "takes in addresses of strangers"),
    (FarRanges(["0.0.0.0/1"]), "overlaps the network's own"),
    (FarRanges(["128.0.0.0/1"]), "takes in addresses of strangers"),
    (FarRanges(["10.30.0.0/16"], callers=["10.31.0.0/24"]), "lies in none of the ranges"),
    (FarRanges(["10.30.0.0/16"], callers=["0.0.0.0/0"]), "expected a range of one organisation"),
    (FarRanges(["10.30.0.0/16"], ports=[0]), "port 0; expected one from 1 to 65535"),
    (FarRanges(["10.30.0.1/16"]), "is not an IPv4 range"),
    (FarRanges(["0.0.0.0/0"]), "range 0.0.0.0/0"),
]


@pytest.mark.parametrize("attach", [on_hub, to_site])
@pytest.mark.parametrize(("far", "expected"), REFUSED, ids=[expected for _, expected in REFUSED])
def test_ranges_that_name_too_much_or_too_little_are_refused(attach: Any, far: FarRanges, expected: str) -> None:
    with pytest.raises(BadInput, match=re.escape(expected)):
        captured(lambda: attach(far=far))


def test_what_is_no_transit_gateway_is_refused() -> None:
    with pytest.raises(BadInput, match="expected the id of a transit gateway"):
        captured(lambda: on_hub(gateway_id="vgw-0a1b2c3d"))


@pytest.mark.parametrize("address", ["10.1.2.3", "example.org", "192.0.2.1", "2001:db8::1"])
def test_a_peer_that_nobody_can_reach_is_refused(address: str) -> None:
    with pytest.raises(BadInput, match="expected the public IPv4 address"):
        captured(lambda: to_site(peer_address=address))


def test_a_key_that_does_not_admit_the_tunnels_log_is_refused() -> None:
    def declared() -> None:
        above = home()
        net = network(above, sealing(above), **SMALL)
        vpn(above, sealing(above, word="plain", services=()), net)

    with pytest.raises(BadInput, match="does not admit the log"):
        captured(declared)
