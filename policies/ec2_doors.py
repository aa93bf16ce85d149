"""Guards over network ACLs, and over whether a network reaches AWS by doors of its own."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from core.finding import Severity
from core.graph import Graph
from core.resource import Resource
from core.value import Path
from core.verdict import Verdict, all_of, any_of, failed, holds, not_applicable, passed, undecided
from policies import tokens
from policies.address import is_everywhere
from policies.adopted import is_adopted, unseen
from policies.guard import guard
from policies.links import Kind, companions, dark, each_companion, is_dark, strays
from policies.parts import each_part

ACLS = ("aws:ec2/networkAcl:NetworkAcl", tokens.DEFAULT_ACL)
ACL_RULE = "aws:ec2/networkAclRule:NetworkAclRule"
DANGEROUS = (20, 21, 22, 23, 135, 445, 1433, 1521, 3306, 3389, 5432, 5500, 6379, 9200, 27017)
"""Ports by which machines and databases are administered."""
RANGES = ("cidrBlock", "ipv6CidrBlock")
EVERY_PROTOCOL, TCP = ("-1", "all"), ("tcp", "6")
NEEDED = ("s3", "kms", "sts", "logs")
FOR_MODELS = ("ecr.api", "ecr.dkr", "sagemaker.runtime")
DEFAULT_ACL = Kind((tokens.DEFAULT_ACL,), "defaultNetworkAclId", "limited default network ACL")
FOR_LEAVING = not_applicable("it is a rule for what leaves")


@guard(
    "ec2.acl_admits_nobody_from_everywhere",
    on=(*ACLS, ACL_RULE),
    severity=Severity.MEDIUM,
    fix="Name the addresses in cidrBlock, and the ports in fromPort and toPort.",
)
def acl_admits_nobody_from_everywhere(acl: Resource) -> Verdict:
    """The second lock behind the security groups is worth something only when it is closed as well."""
    if acl.type == ACL_RULE:
        leaves = acl.get("egress")
        if leaves is True:
            return FOR_LEAVING
        found = _closed(acl, (), "ruleAction")
        return any_of([dark(f"egress of {acl.name}", leaves), found]) if is_dark(leaves) else found
    return each_part(
        acl,
        lambda place: _closed(acl, place, "action"),
        "ingress",
        none=passed(f"{acl.name} lets nothing in"),
    )


def _closed(acl: Resource, place: Path, action: str) -> Verdict:
    """It denies, comes from named addresses, or is for ports by which nothing is administered."""
    what = f"rule of {acl.name}"
    return any_of([_is_denied_or_named(acl, place, action, what), _harmless(acl, place, what)])


def _is_denied_or_named(acl: Resource, place: Path, action: str, what: str) -> Verdict:
    denies = holds(acl.get(*place, action), lambda said: str(said).lower() == "deny", f"action in a {what}", "deny")
    named = all_of(
        holds(acl.get(*place, name), lambda said: not said or not is_everywhere(said), f"{name} in a {what}", "named")
        for name in RANGES
    )
    return any_of([denies, named])


def _is_one_protocol(acl: Resource, place: Path, what: str) -> Verdict:
    found = acl.get(*place, "protocol")
    return holds(found, lambda said: str(said) not in EVERY_PROTOCOL, f"protocol in a {what}", "one")


def _harmless(acl: Resource, place: Path, what: str) -> Verdict:
    first, last = acl.get(*place, "fromPort"), acl.get(*place, "toPort")
    if is_dark(first) or is_dark(last):
        return undecided(f"the ports in a {what} are not known yet")
    whole = isinstance(first, int) and isinstance(last, int) and not isinstance(first, bool | str)
    open_to = [port for port in DANGEROUS if whole and int(str(first)) <= port <= int(str(last))]
    ports = passed(f"ports in a {what} are harmless") if whole and not open_to else failed(f"a {what} opens too much")
    return all_of([_is_one_protocol(acl, place, what), ports])


@guard(
    "ec2.default_acl_is_limited",
    on=(tokens.VPC, tokens.ADOPTED_NETWORK),
    severity=Severity.MEDIUM,
    fix="Declare a DefaultNetworkAcl on the VPC, without a rule for everything from everywhere; Network has one.",
)
def default_acl_is_limited(vpc: Resource, graph: Graph) -> Verdict:
    """A subnet without an ACL of its own has the default one, and AWS makes that let everything in and out."""
    if is_adopted(vpc):
        return unseen(vpc, "the default network ACL")
    return each_companion(graph, vpc, DEFAULT_ACL, _is_limited)


def _is_limited(acl: Resource) -> Verdict:
    return all_of(
        each_part(acl, lambda place: _names_something(acl, place), side, none=passed(f"{acl.name} has no {side}"))
        for side in ("ingress", "egress")
    )


def _names_something(acl: Resource, place: Path) -> Verdict:
    """It denies, or is for named addresses, or for one protocol."""
    what = f"rule of {acl.name}"
    return any_of([_is_denied_or_named(acl, place, "action", what), _is_one_protocol(acl, place, what)])


@guard(
    "ec2.vpc_reaches_services_by_endpoints",
    on=tokens.VPC,
    severity=Severity.MEDIUM,
    fix="Name the services under the network's `endpoints`; the Network component makes one for each.",
)
def vpc_reaches_services_by_endpoints(vpc: Resource, graph: Graph) -> Verdict:
    """A call to AWS that leaves by the internet passes no policy of an endpoint, and asks for a way out that data uses.

    Where models are served their images and calls need doors too.
    """
    needed = (*NEEDED, *(FOR_MODELS if graph.of_type(tokens.MODEL_ENDPOINT) else ()))
    doors = [door.get("serviceName") for door in companions(graph, vpc, (tokens.ENDPOINT,), "vpcId")]
    found = all_of(_is_among(name, doors, vpc) for name in needed)
    astray = strays(graph, (tokens.ENDPOINT,), "vpcId")
    if astray:
        return any_of([found, undecided(f"whose door {astray[0].name} is, is not known yet")])
    return found


def _is_among(service: str, doors: Iterable[Any], vpc: Resource) -> Verdict:
    what = f"endpoint of {vpc.name} for {service}"
    said = [holds(door, lambda name: str(name).endswith(f".{service}"), what, "declared") for door in doors]
    return any_of(said) if said else failed(f"{vpc.name} has no endpoint for {service}")
