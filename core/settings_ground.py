"""The sections about the ground that an environment stands on: accounts, networks, what is there, copies, cost."""

from __future__ import annotations

from collections.abc import Mapping
from ipaddress import IPv4Address, IPv4Network
from typing import Annotated

from core.domains import domain_fault
from core.issuers import workflow_fault
from core.principals import principal_of
from core.settings_data import KeyArn
from core.settings_values import (
    EACH_ONCE,
    READ_ONLY,
    Account,
    Days,
    PrincipalArn,
    RegionCode,
    Section,
    Words,
    checked,
    formed,
    says,
)
from core.subnets import MOST_ZONES, is_overlapping, network_fault

GITHUB_ISSUER = "token.actions.githubusercontent.com"


EVERYWHERE = "0.0.0.0/0"


def _ranges_fault(ranges: tuple[str, ...]) -> str | None:
    wrong = [text for text in ranges if not _is_range(text)]
    if wrong:
        return f"IPv4 ranges in CIDR form, such as '10.0.0.0/16'; not so: {', '.join(wrong)}"
    for number, one in enumerate(ranges):
        for other in ranges[:number]:
            if EVERYWHERE not in {one, other} and is_overlapping(one, other):
                return f"each address once; {one} overlaps {other}"
    return None


def _peer_fault(text: str) -> str | None:
    try:
        public = IPv4Address(text).is_global
    except ValueError:
        public = False
    return None if public else "the public IPv4 address of the other site's gateway"


def _peers_fault(peers: Mapping[str, str]) -> str | None:
    wrong = [name for name, text in peers.items() if not _is_range(text)]
    return f"an IPv4 range in CIDR form for each, such as '10.0.0.0/16'; not so: {', '.join(wrong)}" if wrong else None


def _is_range(text: str) -> bool:
    try:
        return str(IPv4Network(text)) == text
    except ValueError:
        return False


def _providers_fault(arns: tuple[str, ...]) -> str | None:
    roles = [arn for arn in arns if not principal_of(arn).is_provider]
    return "ARNs of SAML or OIDC providers, not of roles" if roles else None


def _workflow_expected(reference: str) -> str | None:
    wrong = reference and workflow_fault(reference)
    return "the one workflow that deploys, OWNER/NAME/.github/workflows/FILE.yaml@refs/heads/BRANCH" if wrong else None


Domain = Annotated[str, checked(domain_fault)]
TrailArn = Annotated[
    str,
    formed(
        r"arn:aws[a-z-]*:cloudtrail:[a-z0-9-]+:[0-9]{12}:trail/[A-Za-z0-9._-]{3,128}",
        "the ARN of a trail, such as 'arn:aws:cloudtrail:eu-central-1:123456789012:trail/organisation'",
    ),
]
VpcId = Annotated[str, formed("vpc-[0-9a-f]{8,17}", "the id of a VPC, such as 'vpc-0a1b2c3d4e5f60718'")]
SubnetId = Annotated[str, formed("subnet-[0-9a-f]{8,17}", "the id of a subnet, such as 'subnet-0a1b2c3d4e5f60718'")]
GroupId = Annotated[str, formed("sg-[0-9a-f]{8,17}", "the id of a security group, such as 'sg-0a1b2c3d4e5f60718'")]
EndpointId = Annotated[str, formed("vpce-[0-9a-f]{8,17}", "the id of an endpoint, such as 'vpce-0a1b2c3d4e5f60718'")]
TransitGatewayId = Annotated[str, formed("tgw-[0-9a-f]{8,17}", "the id of a transit gateway, such as 'tgw-0a1b2c3d'")]
Ranges = Annotated[tuple[str, ...], EACH_ONCE, checked(_ranges_fault)]
PolicyTarget = Annotated[
    str,
    formed(
        r"r-[0-9a-z]{4,32}|ou-[0-9a-z]{4,32}-[a-z0-9]{8,32}|[0-9]{12}",
        "the id of a root, an organisational unit or an account, such as 'ou-a1b2-c3d4e5f6'",
    ),
]
Steward = Annotated[
    str,
    formed(
        r"arn:aws(-cn|-us-gov)?:iam::(\*|[0-9]{12}):role/(?=[^*?]*\w{3})[\w+=,.@/*?-]+",
        "the ARN of a role, with '*' for the account and after a name's beginning",
    ),
]
OrganisationId = Annotated[
    str, formed("(?:o-[a-z0-9]{10,32})?", "the id of an AWS organisation, such as 'o-a1b2c3d4e5'")
]
GithubWord = Annotated[str, formed("[A-Za-z0-9._-]{0,100}", "letters, digits and . _ - as GitHub shows them")]


class Egress(Section):
    """What may be reached outside AWS, by name and through an inspecting firewall; nothing by default."""

    domains: Annotated[tuple[Domain, ...], EACH_ONCE] = says("a list of domains that may be reached", default=())


class Transit(Section):
    """An attachment to the organisation's transit gateway, with routes to the ranges that are named."""

    gateway: TransitGatewayId = says("the id of the transit gateway, which its owner shares with this account")
    ranges: Ranges = says("a list of at least one range that is reached through it", min_length=1)
    callers: Ranges = says("a list of those of the ranges from where our endpoints are used", default=())
    inspected: bool = says("true where a firewall at the other end looks at what goes to the internet", default=False)


class Vpn(Section):
    """A connection to another site over the internet, with routes to the ranges that are named."""

    peer: Annotated[str, checked(_peer_fault)] = says("the public IPv4 address of the other site's gateway")
    ranges: Ranges = says("a list of at least one range of the other site", min_length=1)
    callers: Ranges = says("a list of those of the ranges from where our endpoints are used", default=())


class Network(Section):
    """The private network: its range, over how many zones it is spread, and what is reached from it.

    `peers` are ranges of networks that others join with this one, by a peering or in time to come: nothing is made of
    them, and nothing here may ever overlap them.
    """

    range: Annotated[str, checked(network_fault)] = says("a private IPv4 range, such as '10.20.0.0/16'")
    zones: int = says(f"a number of zones from 1 to {MOST_ZONES}", default=2, ge=1, le=MOST_ZONES)
    egress: Egress = says("a mapping with the key domains", default=Egress())
    transit: Transit | None = says("a mapping with the keys gateway, ranges, callers, inspected", default=None)
    vpn: Vpn | None = says("a mapping with the keys peer, ranges, callers", default=None)
    peers: Annotated[Mapping[Words, str], READ_ONLY, checked(_peers_fault)] = says(
        "a mapping of ranges that are kept free for networks to be joined with, by name",
        default_factory=dict,
        validate_default=True,
    )


class Accounts(Section):
    """The AWS accounts of an environment; those that are left out are the workload's own."""

    workload: Account | None = says("an AWS account number, the same as `account`", default=None)
    log_archive: Account | None = says("the account number of the log archive", default=None)
    security: Account | None = says("the account number of the security team", default=None)
    management: Account | None = says("the account number that owns the organisation", default=None)
    deploy_role: Annotated[str, formed(r"[A-Za-z0-9_+=,.@-]{1,64}", "the name of a role")] = says(
        "the name of the role that is taken in the other accounts to deploy there", default="strongroom-deploy"
    )


class AdoptedVpc(Section):
    """A network that is there already, by the ids of its parts."""

    id: VpcId = says("the id of the VPC")
    subnets: Annotated[tuple[SubnetId, ...], EACH_ONCE] = says(
        "a list of two or more private subnets, in different zones", min_length=2
    )
    workload_group: GroupId = says("the id of the security group that models and jobs run in")
    runtime_endpoint: EndpointId = says("the id of its endpoint for SageMaker's runtime")


class Adopt(Section):
    """What is there already and not made here; judged as far as it can be seen, and unknown beyond that."""

    baseline: bool = says("true where another stack owns what exists once per account", default=False)
    vpc: AdoptedVpc | None = says("a mapping with the keys id, subnets, workload_group, runtime_endpoint", default=None)
    trail: TrailArn | None = says("the ARN of the trail that records this account already", default=None)
    catalogue_key: KeyArn | None = says(
        "the ARN of the key that seals Glue's catalogue of this account and Region", default=None
    )
    identity_providers: Annotated[tuple[PrincipalArn, ...], EACH_ONCE, checked(_providers_fault)] = says(
        "a list of ARNs of identity providers that are there already", default=()
    )


class Recovery(Section):
    """How soon service and data must be back after a loss, and where the copies lie."""

    rto_hours: int = says("hours until service is back, 2 to 720", default=24, ge=2, le=720)
    rpo_hours: int = says("hours of work that may be lost, 2 to 168", default=24, ge=2, le=168)
    copy_region: RegionCode | None = says("another Region of the residency set, for a second copy", default=None)
    keep_days: Days | None = says("a number of days, no more than data about people is kept", default=None)
    replicate: bool | None = says(
        "true or false: copies of data about people as it comes; left out, true in staging and prod with a copy_region",
        default=None,
    )


class Budget(Section):
    """What an environment may cost."""

    monthly_usd: int | None = says("US dollars a month, from 1 on, above which somebody is told", default=None, ge=1)


class Guardrails(Section):
    """What no account of the organisation can do: policies that the environment's account layer attaches.

    They are made in the management account, once for the organisation: one environment names the targets, no other.
    """

    targets: Annotated[tuple[PolicyTarget, ...], EACH_ONCE] = says(
        "a list of ids of roots, organisational units or accounts that are bound", default=()
    )
    stewards: Annotated[tuple[Steward, ...], EACH_ONCE] = says(
        "a list of ARNs of roles that look after record and network, and may change them", default=()
    )


class Github(Section):
    """The repository whose workflows may plan and deploy. GitHub's ids stay when names change hands.

    https://docs.github.com/en/actions/reference/security/oidc
    """

    owner: GithubWord = says("the user or organisation that owns the repository", default="")
    owner_id: int = says("the owner's id, as GitHub's API shows it", default=0, ge=0)
    repository: GithubWord = says("the name of the repository, without its owner", default="")
    repository_id: int = says("the repository's id, as GitHub's API shows it", default=0, ge=0)
    environments: Annotated[tuple[GithubWord, ...], EACH_ONCE] = says(
        "a list of GitHub environments whose workflows may deploy", default=()
    )
    workflow: Annotated[str, checked(_workflow_expected)] = says(
        "the one workflow that deploys, OWNER/NAME/.github/workflows/FILE.yaml@refs/heads/BRANCH", default=""
    )
    ids_in_subject: bool = says("false for a repository of before July 2026 that did not opt in", default=True)

    @property
    def is_used(self) -> bool:
        """Whether there is a repository at all."""
        return bool(self.repository)
