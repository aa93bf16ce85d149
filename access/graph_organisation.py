"""What an organisation says of an account, taken out of a Graph: its policies, level by level.

https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_evaluation.html
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from access.document import Document, Kind, Policy
from access.layers import Levels
from access.parse import parse_policy
from core.graph import Graph
from core.resource import Resource
from core.value import Unknown

POLICY = "aws:organizations/policy:Policy"
ATTACHED = "aws:organizations/policyAttachment:PolicyAttachment"
UNIT = "aws:organizations/organizationalUnit:OrganizationalUnit"
ACCOUNT = "aws:organizations/account:Account"
ORGANISATION = "aws:organizations/organization:Organization"
KINDS = {Kind.SCP: "SERVICE_CONTROL_POLICY", Kind.RCP: "RESOURCE_CONTROL_POLICY"}
SERVICE = KINDS[Kind.SCP]
"""What a policy is that does not say: the provider's default."""
FULL_ACCESS = parse_policy(
    {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]},
    Kind.SCP,
    "FullAWSAccess",
)
MOST_LEVELS = 10
"""A root, at most five units below one another, and the account; the rest is room."""


@dataclass(frozen=True, slots=True)
class Organisation:
    """The policies of the organisation that bind an account; empty levels where the Graph declares none."""

    scps: Levels = ()
    rcps: Levels = ()
    management: bool = False

    @property
    def assumptions(self) -> tuple[str, ...]:
        """What the levels rest on, or that there are none."""
        if self.management:
            return ("no service control policy binds the management account (S36)",)
        if not self.scps and not self.rcps:
            return ("no policy of an organisation applies",)
        return ("FullAWSAccess is attached at every level of the organisation, as AWS attaches it",)


def organisation_of(graph: Graph, account: str) -> Organisation:
    """The levels from the root to the account. A policy that may bind the account, or not, is unknown in its place."""
    organisations = graph.of_type(ORGANISATION)
    management = any(one.get("masterAccountId") == account for one in organisations)
    chain, whole = _chain(graph, account)
    found = {kind: tuple(_levels(graph, kind, chain, whole=whole)) for kind in KINDS}
    scps = tuple((FULL_ACCESS, *level) for level in found[Kind.SCP])
    return Organisation(() if management else scps, found[Kind.RCP], management)


def _chain(graph: Graph, account: str) -> tuple[list[str], bool]:
    """The account and what is above it, by their ids, root last; and whether that is all, up to the root."""
    chain, parents = [account], {}
    for one in graph.of_type(UNIT, ACCOUNT):
        above = graph.linked(one, "parentId")
        said = above.get("id") if isinstance(above, Resource) else one.get("parentId")
        if isinstance(own := one.get("id"), str):
            parents[own] = said
    while isinstance(said := parents.get(chain[-1]), str) and said not in chain and len(chain) < MOST_LEVELS:
        chain.append(said)
    return chain, chain[-1].startswith("r-")


def _levels(graph: Graph, kind: Kind, chain: list[str], *, whole: bool) -> Iterator[tuple[Policy, ...]]:
    """What is attached at each level, root first, then what may bind the account from a place that is not known."""
    by_place: dict[str, list[Policy]] = {}
    perhaps: list[Policy] = []
    for attached in graph.of_type(ATTACHED):
        policy = graph.linked(attached, "policyId")
        if isinstance(policy, Resource) and policy.get("type") not in {KINDS[kind], *_default(kind, policy)}:
            continue
        place = _place(graph, attached)
        if place is None or (place not in chain and not _is_elsewhere(place, whole=whole)):
            perhaps.append(Unknown(f"{attached.name}, a policy of the organisation that may bind the account"))
        elif place in chain or place.startswith("r-"):
            by_place.setdefault(place, []).append(_read(graph, policy, kind))
    roots = [place for place in by_place if place not in chain]
    yield from (tuple(by_place[place]) for place in (*roots, *reversed(chain)) if place in by_place)
    if perhaps:
        yield tuple(perhaps)


def _default(kind: Kind, policy: Resource) -> set[None]:
    return {None} if KINDS[kind] == SERVICE and policy.get("type") is None else set()


def _place(graph: Graph, attached: Resource) -> str | None:
    """The id of the root, unit or account; None where it is not known."""
    found = graph.linked(attached, "targetId")
    said = (
        found.get("id") if isinstance(found, Resource) and found.type in {UNIT, ACCOUNT} else attached.get("targetId")
    )
    return said if isinstance(said, str) else None


def _is_elsewhere(place: str, *, whole: bool) -> bool:
    """Whether a place outside the known chain is surely not above the account; an organisation has one root."""
    return place.startswith("r-") or place.isdigit() or whole


def _read(graph: Graph, policy: Resource | Unknown | None, kind: Kind) -> Policy:
    if not isinstance(policy, Resource) or policy.type != POLICY:
        return Unknown("a policy of the organisation from outside this program")
    said = policy.get("content")
    content = said if isinstance(said, str) else graph.document(policy, "content")
    found = parse_policy(content, kind, policy.name)
    return found if isinstance(found, Document) else Unknown(f"the content of {policy.name}")
