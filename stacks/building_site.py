"""Where an environment stands: its settings, its accounts and places, and the root that everything hangs below."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pulumi

from components.adopted_trail import AdoptedTrail, AdoptedTrailArgs
from components.environment import Elsewhere, Environment
from components.place import Place, place_of
from core.naming import Name, root_name
from core.personas import BREAK_GLASS
from core.settings import Layer, Settings, Task

ZONES = "abcd"
"""The letters zones are named by. Where an account lacks one, AWS refuses the subnet and names the zones it has."""


@dataclass(frozen=True)
class Spot:
    """Where something of one account is made: its place, and its provider where that is not the environment's own."""

    place: Place
    provider: pulumi.ProviderResource | None


@dataclass(frozen=True)
class Site:
    """What every part needs to know: the settings, where it is, what names begin with, and what it hangs below."""

    settings: Settings
    place: Place
    name: Name
    home: Environment

    def at(self, task: Task) -> Spot:
        """The account for this task, which is the workload's own where the settings name no other."""
        return self._spot(self.settings.account_for(task), self.settings.region)

    @property
    def record(self) -> Spot:
        """Where the trail is made: here, or in the account that rules the organisation where it records all of it."""
        whole = self.settings.audit.whole_organisation
        return self.at(Task.MANAGEMENT if whole else Task.WORKLOAD)

    @property
    def copies(self) -> Spot | None:
        """Where second copies lie, if there are any: in another Region of the residency set."""
        region = self.settings.recovery.copy_region
        return self._spot(self.settings.account, region) if region else None

    def _spot(self, account: str, region: str) -> Spot:
        place = place_of(account, region)
        return Spot(place, self.home.provider_at(place))

    @property
    def elsewhere(self) -> list[str]:
        """The ARNs of the roles that a deployment takes in the environment's other accounts."""
        others = {self.settings.account_for(task) for task in Task} - {self.settings.account}
        role = self.settings.accounts.deploy_role
        return [replace(self.place, account=one).arn("iam", f"role/{role}", region="") for one in sorted(others)]

    @property
    def zones(self) -> list[str]:
        """The names of the zones that the network is spread over."""
        return [f"{self.settings.region}{letter}" for letter in ZONES[: self.settings.network.zones]]

    @property
    def keepers(self) -> list[str]:
        """The ARN, up to its random ending, of the role for emergencies, where there is one."""
        pattern = self.place.arn("iam", f"role/{self.name}-{BREAK_GLASS}-*", region="")
        return [pattern] if BREAK_GLASS in self.settings.personas else []


def site_of(settings: Settings) -> Site:
    """The root of the environment, in the accounts and the Region of the settings and in no others."""
    name = root_name(settings.project, settings.environment, settings.owner, settings.tags)
    place = place_of(settings.account, settings.region)
    declared = [str(layer) for layer in Layer if layer is not Layer.ALL and settings.has(layer)]
    layers = [layer for layer in declared if layer != Layer.ACCOUNT or settings.owns_the_account]
    facts = {"tier": str(settings.tier), "residency": list(settings.residency), "layers": layers}
    home = Environment(name, place, facts, _elsewhere(settings), protected=settings.is_protected)
    return Site(settings, place, name, home)


def adopted_trail(site: Site) -> AdoptedTrail:
    """The trail that another stack declares: the one that the settings name, or that of this environment's foundation.

    Its name, and so its ARN, follows from the environment's.
    """
    own = site.record.place.arn("cloudtrail", f"trail/{site.name / 'audit'}")
    return AdoptedTrail(site.name / "trail", AdoptedTrailArgs(site.settings.adopt.trail or own), site.home)


def _elsewhere(settings: Settings) -> Elsewhere:
    places = {
        task.replace("_", "-"): place_of(settings.account_for(task), settings.region)
        for task in Task
        if task is not Task.WORKLOAD
    }
    if settings.recovery.copy_region:
        places["copies"] = place_of(settings.account, settings.recovery.copy_region)
    return Elsewhere(places, settings.accounts.deploy_role)
