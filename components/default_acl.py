"""The network ACL that every subnet has unless it is given another: AWS lets everything through it, here it is limited.

It judges packets, not connections, and knows neither groups nor prefix lists. So answers from outside have to be let in
by their ports, and S3, which a gateway endpoint reaches at public addresses, is outside:
https://docs.aws.amazon.com/vpc/latest/userguide/custom-network-acl.html#nacl-ephemeral-ports
"""

from typing import Any

import pulumi
import pulumi_aws as aws

from components.component import Component

ANYWHERE, TCP, ALL, HTTPS = "0.0.0.0/0", "tcp", "-1", 443
ADMINISTERED = (1433, 1521, 3306, 3389, 5432, 5500, 6379, 9200, 27017)
"""Ports above 1023 by which machines and databases are administered: closed to everywhere, for Remote Desktop as AWS
Config wants it: https://docs.aws.amazon.com/config/latest/developerguide/nacl-no-unrestricted-ssh-rdp.html
Linux opens connections from 32768 up and never notices; a NAT gateway, from 1024 up, tries one in 7,000 in vain."""
ANSWERED = tuple(
    zip((1024, *(port + 1 for port in ADMINISTERED)), (*(p - 1 for p in ADMINISTERED), 65535), strict=True)
)
"""Ranges of ports from which connections are opened: 10 rules of the 20 that an ACL takes in each direction."""
EVERY_PORT = (1, 65535)
FIRST, STEP = 100, 10


def limit_default_acl(owner: Component, vpc: aws.ec2.Vpc, cidr: str, tags: dict[str, str]) -> None:
    """Adopt the default ACL, which cannot be deleted: all within the range, TCP alone beyond, and no administration.

    Outwards the port is left to security groups and to the firewall, which know whom a packet is for. Subnets come to
    it by themselves, so the provider is told not to take them out again:
    https://www.pulumi.com/registry/packages/aws/api-docs/ec2/defaultnetworkacl/
    """
    inside = _rule(ALL, (0, 0), cidr)
    answers = [_rule(TCP, ports, ANYWHERE) for ports in ANSWERED]
    aws.ec2.DefaultNetworkAcl(
        f"{owner.name}-acl",
        default_network_acl_id=vpc.default_network_acl_id,
        ingress=_numbered([inside, _rule(TCP, (HTTPS, HTTPS), ANYWHERE), *answers]),
        egress=_numbered([inside, _rule(TCP, EVERY_PORT, ANYWHERE)]),
        tags=tags,
        opts=pulumi.ResourceOptions.merge(owner.child, pulumi.ResourceOptions(ignore_changes=["subnetIds"])),
    )


def _rule(protocol: str, ports: tuple[int, int], cidr: str) -> dict[str, Any]:
    return {"protocol": protocol, "action": "allow", "cidr_block": cidr, "from_port": ports[0], "to_port": ports[1]}


def _numbered(rules: list[dict[str, Any]]) -> list[Any]:
    """With room between them; AWS reads them in this order, and its own is number 100."""
    return [{**rule, "rule_no": FIRST + STEP * place} for place, rule in enumerate(rules)]
