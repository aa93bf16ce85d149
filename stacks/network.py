"""The network: private subnets, names that resolve to what is allowed, and, where asked for, an inspected way out."""

from __future__ import annotations

from components.adopted_network import AdoptedNetwork, AdoptedNetworkArgs
from components.dns_firewall import DnsFirewall, DnsFirewallArgs, query_group
from components.egress import Egress, EgressArgs, egress_groups
from components.far_ranges import FarRanges
from components.key import Key, KeyArgs
from components.key_policy import for_log_groups
from components.network import SERVICES, Network, NetworkArgs, flow_group
from components.permission_boundary import PermissionBoundary
from components.private_network import PrivateNetwork
from components.transit_attachment import TransitAttachment, TransitAttachmentArgs
from components.vpn_attachment import VpnAttachment, VpnAttachmentArgs, vpn_group
from core.settings import Settings
from core.settings_values import SERIOUS
from stacks.building_site import Site


def private_network(site: Site, boundary: PermissionBoundary) -> PrivateNetwork:
    """Subnets without a way out, and the endpoints of the AWS services in use; or the network that is there already."""
    settings, name = site.settings, site.name / "network"
    if vpc := settings.adopt.vpc:
        ids = AdoptedNetworkArgs(vpc.id, vpc.subnets, vpc.workload_group, vpc.runtime_endpoint)
        return AdoptedNetwork(name, ids, site.home)
    key = log_key(site)
    private = NetworkArgs(
        site.place,
        str(site.name),
        settings.network.range,
        site.zones,
        key,
        keep_days=settings.audit.keep_days,
        services=services(settings),
        boundary=boundary.arn,
        organisation=settings.organisation or None,
    )
    network = Network(name, private, site.home)
    resolver(site, network, key)
    if settings.network.egress.domains:
        way_out(site, network, key)
    attachments(site, network, key)
    return network


def services(settings: Settings) -> tuple[str, ...]:
    """What is called from inside: what every environment uses, and what the settings ask for besides.

    An endpoint costs money while nobody calls it: https://aws.amazon.com/privatelink/pricing/
    """
    wanted = {
        "athena": settings.lake.is_used,
        "glue": settings.lake.is_used,
        "lakeformation": settings.lake.is_used,
        "sagemaker.featurestore-runtime": settings.features,
        "secretsmanager": settings.secrets,
        "ssm": settings.parameters,
    }
    return (*SERVICES, *(name for name, used in wanted.items() if used))


def log_key(site: Site) -> Key:
    """One key for all that is recorded about traffic."""
    groups = (
        flow_group(site.name / "network"),
        query_group(site.name / "dns"),
        egress_groups(site.name / "egress"),
        vpn_group(site.name / "vpn"),
    )
    sealing = KeyArgs(
        site.place, "Seals flow and query logs", through=("logs",), services=for_log_groups(site.place, *groups)
    )
    return Key(site.name / "network" / "key", sealing, site.home)


def attachments(site: Site, network: Network, key: Key) -> None:
    """What is reached at other sites: through the organisation's transit gateway, and over a VPN of our own."""
    settings = site.settings
    if transit := settings.network.transit:
        far = FarRanges(transit.ranges, transit.callers)
        joined = TransitAttachmentArgs(network, transit.gateway, far, is_inspected=transit.inspected)
        TransitAttachment(site.name / "transit", joined, site.home)
    if vpn := settings.network.vpn:
        far = FarRanges(vpn.ranges, vpn.callers)
        tunnelled = VpnAttachmentArgs(site.place, network, vpn.peer, far, key, settings.audit.keep_days)
        VpnAttachment(site.name / "vpn", tunnelled, site.home)


def resolver(site: Site, network: Network, key: Key) -> DnsFirewall:
    """Names of AWS and of the settings' domains resolve, and no others."""
    settings = site.settings
    allowed = DnsFirewallArgs(
        site.place,
        network.vpc_id,
        key,
        settings.audit.keep_days,
        settings.network.egress.domains,
        is_protected=settings.tier in SERIOUS,
    )
    return DnsFirewall(site.name / "dns", allowed, site.home)


def way_out(site: Site, network: Network, key: Key) -> Egress:
    """The domains of the settings can be reached, through a firewall that reads whom a connection is for."""
    settings = site.settings
    allowed = EgressArgs(
        site.place,
        network,
        settings.network.egress.domains,
        key,
        settings.audit.keep_days,
        is_protected=settings.tier in SERIOUS,
    )
    return Egress(site.name / "egress", allowed, site.home)
