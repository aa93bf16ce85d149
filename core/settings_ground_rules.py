"""What settings about accounts, networks, what is there, copies and layers must be together; see `settings_rules`."""

from __future__ import annotations

from collections.abc import Mapping
from ipaddress import IPv4Network

from core.principals import principal_of
from core.retention import DataClass
from core.settings_ground import EVERYWHERE
from core.settings_shape import OF_PIPELINES
from core.settings_values import SERIOUS, Layer, Tier
from core.subnets import is_overlapping


def workload_is_the_account(account: str, workload: str | None) -> str | None:
    """One account cannot have two numbers."""
    return None if workload in {None, account} else f"{account}, as `account` is; leave it out, or say the same twice"


def management_runs_nothing(tier: Tier, account: str, management: str | None) -> str | None:
    """No guardrail of an organisation binds its own management account.

    https://docs.aws.amazon.com/organizations/latest/userguide/orgs_best-practices_mgmt-acct.html
    """
    if tier in SERIOUS and management == account:
        return f"another account than the workload's in tier {tier}: an organisation's guardrails do not bind this one"
    return None


def log_archive_is_out_of_reach(account: str, log_archive: str | None, management: str | None) -> str | None:
    """Who administers the organisation must not hold the record of it."""
    if log_archive and log_archive == management and log_archive != account:
        return "another account than the management account, whose administrators it must also be safe from"
    return None


def management_has_an_organisation(organisation: str, management: str | None) -> str | None:
    """A management account is one of an organisation."""
    return None if organisation or not management else "nothing, or `organisation` beside it: the id that it manages"


def local_has_one_account(tier: Tier, *others: str | None) -> str | None:
    """The cloud on this machine holds one account."""
    return f"nothing in tier {tier}: the local cloud holds one account" if tier is Tier.LOCAL and any(others) else None


def peers_do_not_overlap(network: str, peers: Mapping[str, str]) -> str | None:
    """Two networks that are joined cannot have an address twice: no route could tell them apart.

    https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-basics.html
    """
    ranges = [("network.range", network), *sorted(peers.items())]
    for number, (name, one) in enumerate(ranges):
        for other, held in ranges[number + 1 :]:
            if is_overlapping(one, held):
                return f"ranges that share no address; {other} ({held}) overlaps {name} ({one})"
    return None


def far_ranges_are_apart(taken: str | Mapping[str, str] | tuple[str, ...], ranges: tuple[str, ...]) -> str | None:
    """What is at the other end of an attachment has no address that is used, or kept free, at this one."""
    held = [taken] if isinstance(taken, str) else [*(taken.values() if isinstance(taken, Mapping) else taken)]
    for one in held:
        for far in ranges:
            if EVERYWHERE not in {one, far} and is_overlapping(one, far):
                return f"ranges that share no address with what is here or reached otherwise; {far} overlaps {one}"
    return None


def callers_are_within(ranges: tuple[str, ...], callers: tuple[str, ...]) -> str | None:
    """What calls must get its answer, so there is a route back to it."""
    known = [IPv4Network(one) for one in ranges]
    lost = [one for one in callers if one == EVERYWHERE or not any(IPv4Network(one).subnet_of(held) for held in known)]
    return f"ranges within those that are reached; not so: {', '.join(lost)}" if lost else None


def everywhere_is_inspected(inspected: bool, domains: tuple[str, ...], ranges: tuple[str, ...]) -> str | None:  # noqa: FBT001 - a value of the file
    """A route to everywhere passes every firewall of ours, and a network has one of them at most."""
    if EVERYWHERE in ranges and not inspected:
        return f"named ranges, or `inspected: true` where a firewall at the other end inspects {EVERYWHERE}"
    if EVERYWHERE in ranges and domains:
        return f"named ranges beside network.egress: two ways to {EVERYWHERE} exclude each other"
    return None


def vpn_leads_to_one_site(ranges: tuple[str, ...]) -> str | None:
    """The other site is not the internet."""
    return f"the ranges of the other site, not {EVERYWHERE}" if EVERYWHERE in ranges else None


def adopted_network_is_attached_by_its_owners(vpc: str, ranges: tuple[str, ...]) -> str | None:
    """What an adopted network is attached to is the affair of whoever owns it."""
    return (
        "no attachment beside adopt.vpc: the owner of that network decides what it reaches" if vpc and ranges else None
    )


def guardrails_have_a_management_account(
    management: str | None, stewards: tuple[str, ...], targets: tuple[str, ...]
) -> str | None:
    """They are made there, and they must not shut out those who look after what they guard."""
    if targets and not management:
        return "nothing, or `accounts.management` beside it: the account that they are made in"
    if targets and not stewards:
        return "nothing, or `guardrails.stewards` beside it: who else could look after record and network"
    return None


def local_reaches_nothing(tier: Tier, domains: tuple[str, ...]) -> str | None:
    """The local cloud has no firewall to inspect with, and nothing outside."""
    return f"none in tier {tier}: nothing is outside the local cloud" if tier is Tier.LOCAL and domains else None


def local_adopts_nothing(tier: Tier, adopted: object) -> str | None:
    """The local cloud is empty when it begins."""
    return f"nothing in tier {tier}: the local cloud begins empty" if tier is Tier.LOCAL and adopted else None


def adopted_network_is_its_owners(vpc: str, domains: tuple[str, ...]) -> str | None:
    """A way out is the affair of whoever owns the network."""
    return "none beside adopt.vpc: the owner of that network decides what it reaches" if vpc and domains else None


def trail_is_within_reach(account: str, management: str | None, trail: str | None) -> str | None:
    """The trail of this account, or of the organisation it belongs to: no other records what is done here."""
    owners = [account, *([management] if management else [])]
    if trail and trail.split(":")[4] not in owners:
        return f"a trail of the account {' or '.join(owners)}, which are the ones that can record this account"
    return None


def adopted_providers_are_at_home(account: str, providers: tuple[str, ...]) -> str | None:
    """An identity provider serves the roles of its own account only."""
    strange = [arn for arn in providers if principal_of(arn).account != account]
    return f"identity providers of the account {account}" if strange else None


def copies_stay_inside(region: str, residency: tuple[str, ...], copy_region: str | None) -> str | None:
    """A copy is data too."""
    if copy_region is None:
        return None
    others = [code for code in residency if code != region]
    if copy_region in others:
        return None
    hint = f"one of {', '.join(others)}" if others else "none while residency names the home Region alone"
    return f"another Region of the residency set ({hint}): a copy elsewhere breaks residency"


def copies_end_with_their_data(data_class: str, keep_days: int, copied_days: int | None) -> str | None:
    """A copy that outlives what it copies keeps what had to be erased (GDPR Art. 5(1)(e))."""
    if copied_days and DataClass(data_class).identifies_people and copied_days > keep_days:
        return f"at most {keep_days} days, as data.{data_class} is kept no longer and a copy is data too"
    return None


def github_is_whole(owner: str, owner_id: int, repository: str, repository_id: int) -> str | None:
    """A repository is trusted by name and by id: names are given away and taken by others."""
    given = {"owner": owner, "owner_id": owner_id, "repository": repository, "repository_id": repository_id}
    missing = [name for name, value in given.items() if not value]
    return f"all of {', '.join(given)}; missing: {', '.join(missing)}" if 0 < len(missing) < len(given) else None


def github_deploys_from_an_environment(tier: Tier, repository: str, environments: tuple[str, ...]) -> str | None:
    """Only an environment of GitHub's can ask a person before it deploys."""
    if repository and not environments and tier in SERIOUS:
        return f"at least one GitHub environment in tier {tier}, where a person approves what is deployed"
    return None


def github_deploys_by_one_workflow(environments: tuple[str, ...], workflow: str) -> str | None:
    """Reviewers protect an environment, rules protect a branch: a deployment has to come by way of both."""
    if environments and not workflow:
        return "the workflow that deploys, such as 'wards/triage/.github/workflows/deploy.yaml@refs/heads/main'"
    return None


def pipeline_has_one_way_in(repository: str, persona: str) -> str | None:
    """A role that somebody else may take beside the repository's jobs is not theirs alone."""
    if repository and persona in OF_PIPELINES:
        return f"no persona {persona}, as jobs of the repository under `github` take it; leave one of the two out"
    return None


def account_layer_has_something(layer: Layer, baseline: bool) -> str | None:  # noqa: FBT001 - a value of the file
    """A stack that declares nothing is a mistake."""
    if layer is Layer.ACCOUNT and baseline:
        return "false in layer account: with what it owns adopted, this stack would declare nothing"
    return None
