"""Recovery: backups of what concerns people, a second copy where one is asked for, and restores that are tried."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pulumi

from components.backup_plan import BackupPlan, BackupPlanArgs
from components.backup_vault import BackupVault, BackupVaultArgs
from components.bucket import Bucket
from components.restore_test import RestoreTest, RestoreTestArgs
from components.table import Table
from core.naming import Name
from core.retention import DataClass
from core.settings_values import SERIOUS
from stacks.building_site import Site, Spot
from stacks.perimeters import plan_name


def backed_up(site: Site, name: Name, data_class: DataClass) -> Name:
    """The name of a store, tagged for the plan where its data concerns people and the environment is no trial."""
    wanted = site.settings.tier in SERIOUS and data_class.identifies_people
    return name.tagged(backup=str(plan_name(site))) if wanted else name


def recovery(
    site: Site, boundary: pulumi.Input[str], stores: Sequence[Bucket], tables: Iterable[Table]
) -> BackupPlan | None:
    """A plan that keeps to the objectives of the settings; a trial is made again instead of being restored."""
    settings = site.settings
    if settings.tier not in SERIOUS:
        return None
    home = Spot(site.place, None)
    kept = BackupPlanArgs(
        site.place,
        vault(site, site.name / "vault", home),
        settings.residency,
        keep_days=settings.copied_days,
        stores=[bucket for bucket in stores if bucket.args.data_class.identifies_people],
        tables=[table.arn for table in tables if table.args.data_class.identifies_people],
        rpo_hours=settings.recovery.rpo_hours,
        copy=vault(site, site.name / "second-vault", site.copies) if site.copies else None,
        boundary=boundary,
    )
    plan = BackupPlan(plan_name(site), kept, site.home)
    tried = RestoreTestArgs(site.place, plan, rto_hours=settings.recovery.rto_hours, boundary=boundary)
    RestoreTest(site.name / "restore-test", tried, site.home)
    return plan


def vault(site: Site, name: Name, spot: Spot) -> BackupVault:
    """A vault that keeps each backup for as long as the settings say, and not longer."""
    days = site.settings.copied_days
    kept = BackupVaultArgs(
        spot.place,
        str(site.settings.tier),
        min_days=days,
        max_days=days,
        keepers=site.keepers,
        provider=spot.provider,
    )
    return BackupVault(name, kept, site.home)
