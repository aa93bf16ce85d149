"""When backups are made, of what, by whom, for how long they are kept, and where a second copy goes."""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.backup_role import BackupRole
from components.backup_vault import BackupVault
from components.bucket import Bucket
from components.component import Component
from components.perimeter import shut_out
from components.place import Place
from components.role import arn_of
from core.errors import BadInput
from core.naming import OWN_TAGS, Name

TAG = f"{OWN_TAGS}backup"
"""The tag by which a store says which plan takes it in: the plan's own name, so environments do not mix."""
INTERVALS = (24, 12, 8, 6, 4, 3, 2, 1)
"""Hours between two backups, so that they fall on the same hours each day. AWS starts them hourly at most."""
START_WINDOW = 60
"""Minutes within which AWS begins; no shorter one is taken.
https://docs.aws.amazon.com/aws-backup/latest/devguide/creating-a-backup-plan.html"""
LONGEST_RUN = 24 * 60
"""Minutes within which a backup must be done, or it counts as failed."""
SHORTEST_RPO = min(INTERVALS) + START_WINDOW // 60


@dataclass(frozen=True)
class BackupPlanArgs:
    """All a plan has to be told.

    `stores` are the buckets that it takes in, `tables` ARNs of DynamoDB tables; they bear the plan's tag. `rpo_hours`
    is how many hours of work may be lost. `copy` is a vault in another Region of the `residency` set.
    """

    place: Place
    vault: BackupVault
    residency: Sequence[str]
    keep_days: int
    stores: Sequence[Bucket] = ()
    tables: Sequence[pulumi.Input[str]] = ()
    rpo_hours: int = 24
    copy: BackupVault | None = None
    boundary: pulumi.Input[str] | None = None


class BackupPlan(Component):
    """A schedule of backups that keeps to a recovery point objective, for all that bears its tag, and who makes them.

    Raises BadInput for an objective that no schedule can keep, a retention outside a vault's bounds, a vault or copy
    outside the residency set, a copy in the same Region, nothing to back up, a store without the plan's tag
    or with a perimeter that the maker stands outside of, and for what BackupRole refuses.
    """

    def __init__(self, name: Name, args: BackupPlanArgs, parent: pulumi.Resource | None = None) -> None:
        if faults := _faults(name, args):
            msg = f"backup plan {name}: {'; '.join(faults)}"
            raise BadInput(msg)
        facts = {"rpoHours": args.rpo_hours, "everyHours": every(args.rpo_hours), "keepDays": args.keep_days}
        super().__init__("BackupPlan", name, parent, facts)
        self.args = args
        self.role = self._role()
        self.plan = aws.backup.Plan(
            f"{name}-plan",
            name=str(name),
            rules=[self._rule()],
            tags=dict(name.tags),
            opts=self.after(args.vault, *([args.copy] if args.copy else [])),
        )
        aws.backup.Selection(
            f"{name}-selection",
            name=str(name),
            plan_id=self.plan.id,
            iam_role_arn=self.role.arn,
            selection_tags=[{"type": "STRINGEQUALS", "key": TAG, "value": str(name)}],
            opts=self.after(self.role),
        )
        self.done(arn=self.plan.arn)

    def _role(self) -> BackupRole:
        args = self.args
        role = BackupRole(maker_of(self.name), args.place, args.boundary, self)
        role.may_keep_in(args.vault, args.copy)
        role.may_back_up(args.stores, args.tables)
        return role

    def _rule(self) -> aws.backup.PlanRuleArgsDict:
        args = self.args
        rule: aws.backup.PlanRuleArgsDict = {
            "rule_name": f"every-{every(args.rpo_hours)}-hours",
            "target_vault_name": args.vault.vault_name,
            "schedule": schedule(args.rpo_hours),
            "schedule_expression_timezone": "Etc/UTC",
            "start_window": START_WINDOW,
            "completion_window": LONGEST_RUN,
            "lifecycle": {"delete_after": args.keep_days},
            "recovery_point_tags": dict(self.name.tags),
        }
        if args.copy:
            rule["copy_actions"] = [
                {"destination_vault_arn": args.copy.arn, "lifecycle": {"delete_after": args.keep_days}}
            ]
        return rule


def every(rpo_hours: int) -> int:
    """The hours between two backups: as many as can pass when the later one begins at the end of its window."""
    return next(hours for hours in INTERVALS if hours + START_WINDOW // 60 <= rpo_hours)


def maker_of(name: Name) -> Name:
    """What the role is called that makes the backups; the perimeters of its stores have to spare it."""
    return name / "maker"


def schedule(rpo_hours: int) -> str:
    """That in AWS Backup's words.

    https://docs.aws.amazon.com/aws-backup/latest/devguide/plan-options-and-configuration.html
    """
    hours = every(rpo_hours)
    return "cron(0 3 ? * * *)" if hours == max(INTERVALS) else f"cron(0 0/{hours} ? * * *)"


def _faults(name: Name, args: BackupPlanArgs) -> list[str]:
    """Why this plan must not be made, a sentence each."""
    hasty = (
        f"no schedule loses {args.rpo_hours} h at most: backups begin hourly and up to an hour late; "
        f"set rpo_hours to {SHORTEST_RPO} or more, and use versions and point-in-time recovery below that"
    )
    checks = (
        (args.rpo_hours < SHORTEST_RPO, hasty),
        (not (args.stores or args.tables), "nothing to back up; pass `stores` or `tables`"),
    )
    untagged = [str(store.name) for store in args.stores if store.name.tags.get(TAG) != str(name)]
    tags = [
        f"store {store} does not bear the tag {TAG} = {name}, so it would be left out; "
        f"give it a name.tagged(backup={str(name)!r})"
        for store in untagged
    ]
    maker = arn_of(args.place, maker_of(name))
    shut = [f"store {store.name}: {said}" for store in args.stores for said in shut_out(store.args.perimeter, maker)]
    return [*(said for wrong, said in checks if wrong), *tags, *shut, *_places(args)]


def _places(args: BackupPlanArgs) -> list[str]:
    """What is wrong about where backups lie, and how long."""
    vaults = [("vault", args.vault), *([("copy", args.copy)] if args.copy else [])]
    faults = []
    for what, vault in vaults:
        bounds, region = f"{vault.args.min_days} to {vault.args.max_days} days", vault.args.place.region
        if not vault.keeps(args.keep_days):
            faults.append(
                f"keep_days {args.keep_days} is outside what its {what} takes ({bounds}): every job would fail"
            )
        if region not in args.residency:
            faults.append(f"its {what} is in {region}, where data may not lie; expected {', '.join(args.residency)}")
    if args.vault.args.place != args.place:
        faults.append("its vault is in another account or Region; AWS backs up into one beside the stores")
    if args.copy and args.copy.args.place.region == args.place.region:
        faults.append(f"its copy is in {args.place.region} too; what takes the Region down takes both")
    return faults
