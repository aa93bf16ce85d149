"""What settings amount to, in a line each: what a person checks before anything is built."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from core.retention import DataClass
from core.settings_shape import Settings
from core.settings_values import SERIOUS, Layer, Task

MANY = 4


def summary(settings: Settings) -> tuple[tuple[str, str], ...]:
    """(subject, what holds) for everything that the settings decide."""
    return (
        ("environment", f"{settings.environment}, tier {settings.tier}, names begin with {_root(settings)}"),
        ("stack", _stack(settings)),
        *_accounts(settings),
        ("data lies in", ", ".join(settings.residency) + f" (home: {settings.region})"),
        ("network", _network(settings)),
        ("data is kept", ", ".join(f"{name} {settings.data[name].keep_days} days" for name in DataClass)),
        ("audit is kept", f"{settings.audit.keep_days} days, {_lock(settings)}"),
        ("backups", _backups(settings)),
        ("live copies", _copies(settings)),
        ("lists of stores", str(settings.inventory)),
        ("keys", _keys(settings)),
        ("destruction", _destruction(settings)),
        ("personas", _listed(settings.personas)),
        ("models", _listed(settings.models) or "none"),
        ("lake", _lake(settings)),
        ("features", _listed(settings.features) or "none"),
        ("tables", _listed(settings.tables) or "none"),
        ("secrets", _listed((*settings.secrets, *settings.parameters)) or "none"),
        ("pipeline", _pipeline(settings)),
        ("alarms go to", f"{len(settings.alarms.recipients)} addresses"),
        ("emergencies", _emergencies(settings)),
        ("budget", f"{settings.budget.monthly_usd} USD a month" if settings.budget.monthly_usd else "none"),
    )


def _root(settings: Settings) -> str:
    return f"{settings.project}-{settings.environment}"


def _stack(settings: Settings) -> str:
    if settings.layer is Layer.ALL:
        return f"{settings.stack}, with every layer in it"
    return f"{settings.stack}, which is the layer {settings.layer} alone"


def _accounts(settings: Settings) -> Iterator[tuple[str, str]]:
    yield "account", settings.account + (", whose baseline is declared here" if settings.owns_the_account else "")
    for task in Task:
        number = settings.account_for(task)
        if number != settings.account:
            yield task.replace("_", " "), f"account {number}, by way of its role {settings.accounts.deploy_role}"


def _network(settings: Settings) -> str:
    network = settings.network
    if settings.adopt.vpc:
        return f"{settings.adopt.vpc.id}, which is there already ({len(settings.adopt.vpc.subnets)} subnets)"
    domains, peers = network.egress.domains, network.peers
    out = f"reaches {_listed(domains)}" if domains else "reaches nothing outside"
    ways = [("transit gateway", network.transit), ("VPN", network.vpn)]
    joined = [f"{_listed(way.ranges)} by {name}" for name, way in ways if way]
    free = f", keeps free {_listed(peers)}" if peers else ""
    return f"{network.range} over {network.zones} zones, {out}, joined with {' and '.join(joined) or 'none'}{free}"


def _lock(settings: Settings) -> str:
    if settings.adopt.trail:
        return "by a trail that is there already"
    where = f", in account {settings.account_for(Task.LOG_ARCHIVE)}" if settings.has_own_archive else ""
    whose = ", of the whole organisation" if settings.audit.whole_organisation else ""
    lock = "locked for good" if settings.tier in SERIOUS else "locked, and an administrator can end the lock"
    return lock + where + whose


def _backups(settings: Settings) -> str:
    recovery = settings.recovery
    where = f", a second copy in {recovery.copy_region}" if recovery.copy_region else ", no second copy"
    back = f"at most {recovery.rpo_hours} h of work lost, back within {recovery.rto_hours} h"
    return f"{back}, kept {settings.copied_days} days{where}"


def _copies(settings: Settings) -> str:
    region = settings.recovery.copy_region
    return f"of data about people, in {region}" if settings.is_replicated else "none"


def _keys(settings: Settings) -> str:
    keys = settings.keys
    by = f"administered by {_listed(keys.administrators)} alone" if keys.administrators else "administered as IAM says"
    copied = f", copied to {', '.join(keys.copies)}" if keys.copies else ""
    return by + copied + (f", kept in {keys.custom_store}" if keys.custom_store else "")


def _destruction(settings: Settings) -> str:
    if settings.force_destroy:
        return "everything can be destroyed, data included"
    return "what holds data is protected" if settings.is_protected else "buckets with data in them cannot be destroyed"


def _emergencies(settings: Settings) -> str:
    found = settings.personas.get("break-glass")
    count = len(found.principals) if found else 0
    named = "1 principal takes" if count == 1 else f"{count} principals take"
    return f"{named} break-glass, every use raises an alarm" if found else "nobody gets in"


def _lake(settings: Settings) -> str:
    lake = settings.lake
    if not lake.is_used:
        return "none"
    asked = f"questions read {lake.scan_limit_gb} GB at most, answers are kept {lake.results_days} days"
    return f"{_listed(lake.classes) or 'no'} data as tables, {asked}"


def _pipeline(settings: Settings) -> str:
    if not settings.github.is_used:
        return "none"
    named = f"{settings.github.owner}/{settings.github.repository}"
    return f"{named}, deploys from {_listed(settings.github.environments) or 'no GitHub environment'}"


def _listed(names: Iterable[str]) -> str:
    words = [str(name) for name in names]
    more = f" and {len(words) - MANY} more" if len(words) > MANY + 1 else ""
    return ", ".join(words[:MANY] if more else words) + more
