"""The account's own layer: what exists once per account, or once per account and Region, whoever uses it."""

from __future__ import annotations

from dataclasses import dataclass

from components.account_baseline import AccountBaseline, AccountBaselineArgs
from components.budget import Budget, BudgetArgs, for_spending
from components.guardrails import Guardrails, GuardrailsArgs
from components.key import Key, KeyArgs
from components.oidc_provider import OidcProvider, OidcProviderArgs
from core.personas import GUARDED
from core.settings import Layer, Task
from stacks import layer_outputs as told
from stacks.building_site import Site
from stacks.lake import Catalogue, catalogue, known_catalogue


@dataclass(frozen=True)
class Account:
    """What layers above use of what the account has once: the issuer of pipelines' tokens, and the catalogue."""

    issuer: OidcProvider | None = None
    catalogue: Catalogue | None = None


def account_layer(site: Site) -> Account:
    """Everything that a second environment of the account must not declare again."""
    baseline = AccountBaseline(
        site.name / "account", AccountBaselineArgs(site.place, site.settings.residency), site.home
    )
    if site.settings.guardrails.targets:
        guardrails(site, baseline)
    if site.settings.budget.monthly_usd:
        budget(site, baseline, site.settings.budget.monthly_usd)
    issuer = github(site, baseline) if site.settings.github.is_used else None
    sealed = catalogue(site, baseline)
    if site.settings.layer is Layer.ACCOUNT:
        told.export(told.AccountOutputs({"key": sealed.key.arn} if sealed else {}))
    return Account(issuer, sealed)


def known_account(site: Site) -> Account:
    """The account's own layer where another stack made it: what is used of it is known by name."""
    return Account(catalogue=known_catalogue(site))


def guardrails(site: Site, baseline: AccountBaseline) -> Guardrails:
    """What no account of the organisation can do, made in its management account.

    Stewards are those of the settings and this environment's own deployment. The patterns are those of every
    environment of the project, for all of them are bound.
    """
    settings, spot = site.settings, site.at(Task.MANAGEMENT)
    deploys = site.place.arn("iam", f"role/{site.name}-ci-deploy-*", region="")
    github = settings.github
    owner = f"{github.owner}@{github.owner_id}" if github.ids_in_subject else github.owner
    bound = GuardrailsArgs(
        settings.organisation,
        settings.guardrails.targets,
        settings.residency,
        stewards=[*settings.guardrails.stewards, deploys],
        stores=[f"{settings.project}-*-audit-*"],
        roles=[f"{settings.project}-*-{word}-*" for word in GUARDED],
        github_owners=[owner] if github.is_used else (),
        partition=site.place.partition,
        provider=spot.provider,
    )
    return Guardrails(baseline.name / "guardrails", bound, baseline)


def budget(site: Site, baseline: AccountBaseline, monthly_usd: int) -> Budget:
    """A limit on what the whole account spends: a bill knows no environments."""
    name = baseline.name / "budget"
    sealing = KeyArgs(site.place, "Seals news of spending", through=("sns",), services=for_spending(site.place))
    key = Key(name / "key", sealing, baseline)
    told = BudgetArgs(site.place, key, site.settings.alarms.recipients, monthly_usd)
    return Budget(name, told, baseline)


def github(site: Site, baseline: AccountBaseline) -> OidcProvider:
    """Trust in the identity tokens of GitHub's workflows; whom they let in, roles say."""
    issuer = OidcProviderArgs(site.place)
    there = site.place.arn("iam", f"oidc-provider/{issuer.issuer}", region="")
    adopted = there in site.settings.adopt.identity_providers
    return OidcProvider(baseline.name / "github", OidcProviderArgs(site.place, adopted=adopted), baseline)
