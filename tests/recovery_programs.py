"""A small environment that is audited, backed up and paid for, and what the guards say of it."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from core.finding import Finding
from core.graph import Graph
from core.naming import Name, root_name
from core.resource import Resource
from core.retention import DataClass
from core.verdict import State
from policies.judge import guards, judge
from stacks.capture import Surroundings, capture

with warnings.catch_warnings():
    # The provider's S3 module warns of its own old classes as soon as it is loaded, whoever loads it.
    warnings.simplefilter("ignore", DeprecationWarning)
    import pulumi_aws as aws

    from components.bucket import Bucket, BucketArgs
from components.alarm_topic import AlarmTopic, AlarmTopicArgs
from components.archive_table import ArchiveTable, ArchiveTableArgs
from components.audit_trail import AuditTrail, AuditTrailArgs, TrailScope
from components.backup_plan import BackupPlan, BackupPlanArgs, maker_of
from components.backup_vault import BackupVault, BackupVaultArgs
from components.bucket_policy import access_log_writer
from components.budget import Budget, BudgetArgs, for_spending
from components.environment import Environment
from components.key import Key, KeyArgs
from components.key_alarm import KeyAlarm, KeyAlarmArgs
from components.key_policy import for_alarms
from components.log_archive import LogArchive, LogArchiveArgs, Sender
from components.metric_alarms import MetricAlarms, MetricAlarmsArgs
from components.object_lock import lock_for
from components.perimeter import Perimeter
from components.place import Place, place_of
from components.policy_document import allow
from components.restore_test import RestoreTest, RestoreTestArgs
from components.role import Role, RoleArgs, arn_of
from components.use_alarm import UseAlarm, UseAlarmArgs

ROOT = Path(__file__).resolve().parents[1]
PLACE, FAR = Place("123456789012", "eu-central-1"), place_of("123456789012", "eu-west-1")
RESIDENCY = ("eu-central-1", "eu-west-1")
TABLE = "arn:aws:dynamodb:eu-central-1:123456789012:table/visits"

ABOUT_THE_WHOLE = ("protection.", "residency.")
"""Guards over how a whole environment is put together."""


def name(tier: str) -> Name:
    """What all names begin with."""
    return root_name("strongroom", tier, "platform", {"cost-centre": "ml"})


def home(tier: str = "prod") -> Environment:
    """The root of an environment, protected where it holds real data."""
    facts = {"tier": tier, "residency": list(RESIDENCY)}
    return Environment(name(tier), PLACE, facts, protected=tier in {"staging", "prod"})


def store(above: Environment, word: str = "health", plan: str = "backup", **given: Any) -> Bucket:
    """A bucket of health records that says which plan takes it in."""
    root = above.name
    logs = BucketArgs(DataClass.INTERNAL, 365, writers=[access_log_writer(PLACE, str(root))])
    usual: dict[str, Any] = {
        "data_class": DataClass.HEALTH,
        "keep_days": 365,
        "key": Key((root / word / "key").tagged(data_class=DataClass.HEALTH), KeyArgs(PLACE, "Seals records"), above),
        "access_logs": Bucket(root / word / "access", logs, above),
        "perimeter": Perimeter(["vpc-0a1b2c3d4e5f60718"], [arn_of(PLACE, maker_of(root / plan))]),
    }
    return Bucket((root / word).tagged(backup=str(root / plan)), BucketArgs(**{**usual, **given}), above)


def topic(above: Environment) -> AlarmTopic:
    """Where alarms go."""
    root = above.name / "alarms"
    key = Key(root / "key", KeyArgs(PLACE, "Seals alarms", ("sns",), for_alarms(PLACE)), above)
    return AlarmTopic(root, AlarmTopicArgs(PLACE, key, ["ward@example.org"]), above)


def audited(above: Environment, tier: str = "prod") -> AuditTrail:
    """A trail, its alarms, and the table over it."""
    alarms = topic(above)
    watched = [store(above)]
    args = AuditTrailArgs(PLACE, lock_for(tier, 2190), watched=watched, alarms=alarms, scope=TrailScope(tier))
    trail = AuditTrail(above.name / "audit", args, above)
    MetricAlarms(above.name / "watch", MetricAlarmsArgs(trail.group.name, alarms), above)
    watched_over(above, trail, alarms)
    ArchiveTable(above.name / "archive", ArchiveTableArgs(PLACE, trail, "2026-01-01"), above)
    return trail


def watched_over(above: Environment, trail: AuditTrail, alarms: AlarmTopic) -> None:
    """The alarms on keys and on a role that nobody takes on an ordinary day."""
    trust = [allow("Run", ["sts:AssumeRole"], [], {"Service": "ec2.amazonaws.com"})]
    role = Role(above.name / "rescuer", RoleArgs(trust, "repairs"), above)
    KeyAlarm(above.name / "keys", KeyAlarmArgs(trail.group.name, alarms), above)
    UseAlarm(above.name / "use", UseAlarmArgs([role], trail.group.name, alarms), above)


def kept_apart(above: Environment, tier: str = "prod") -> LogArchive:
    """A trail whose files are kept in an archive beside it, and nothing that looks at them."""
    alarms, lock = topic(above), lock_for(tier, 2190)
    sender = Sender(PLACE, str(above.name / "audit"))
    kept = LogArchive(above.name / "archivist", LogArchiveArgs(PLACE, lock, [sender], tier), above)
    args = AuditTrailArgs(PLACE, lock, watched=[], alarms=alarms, archive=kept, scope=TrailScope(tier))
    AuditTrail(above.name / "audit", args, above)
    return kept


def vault(above: Environment, word: str, place: Place, tier: str = "prod", **given: Any) -> BackupVault:
    """A vault at home, or in the other Region of the residency set."""
    elsewhere = aws.Provider(f"{word}-there", region=place.region) if place != PLACE else None
    usual: dict[str, Any] = {"min_days": 7, "max_days": 365, "provider": elsewhere}
    return BackupVault(above.name / word, BackupVaultArgs(place, tier, **{**usual, **given}), above)


def backed_up(above: Environment, tier: str = "prod", stores: Any = (), **given: Any) -> BackupPlan:
    """A plan with a copy, and the test of it."""
    usual: dict[str, Any] = {"residency": RESIDENCY, "keep_days": 35, "stores": stores, "tables": [TABLE]}
    usual |= {} if "vault" in given else {"vault": vault(above, "vault", PLACE, tier)}
    usual |= {} if "copy" in given else {"copy": vault(above, "copy", FAR, tier)}
    plan = BackupPlan(above.name / "backup", BackupPlanArgs(PLACE, **{**usual, **given}), above)
    RestoreTest(above.name / "restore", RestoreTestArgs(PLACE, plan), above)
    return plan


def paid_for(above: Environment, **given: Any) -> Budget:
    """A budget and its topic."""
    root = above.name / "spend"
    key = Key(root / "key", KeyArgs(PLACE, "Seals notes on cost", ("sns",), for_spending(PLACE)), above)
    usual: dict[str, Any] = {"key": key, "recipients": ["ward@example.org"], "monthly_usd": 1000}
    return Budget(root, BudgetArgs(PLACE, **{**usual, **given}), above)


def everything(tier: str = "prod") -> None:
    """All of it, in one environment."""
    above = home(tier)
    trail = audited(above, tier)
    backed_up(above, tier, stores=trail.args.watched)
    paid_for(above)


def captured(program: Callable[[], Any], tier: str = "prod") -> Graph:
    """What the program declares before anything exists."""
    around = Surroundings("strongroom", tier, PLACE.account, PLACE.region, {}, ROOT)
    return capture(program, around)


def findings(graph: Graph) -> list[Finding]:
    """What the guards fail, or cannot decide; what only a live account can say is left to it."""
    asked = [guard for guard in guards().values() if not guard.id.startswith(ABOUT_THE_WHOLE)]
    bad = {State.FAIL, State.UNKNOWN}
    return [found for found in judge(graph, asked) if found.state in bad and not found.awaits_account]


def complaints(graph: Graph, *unasked: str) -> list[tuple[str, str, str]]:
    """The same, short enough to read in a failed test, without the guards that are not asked."""
    found = [finding for finding in findings(graph) if finding.guard not in unasked]
    return [(finding.guard, finding.urn.rpartition("::")[2], finding.message) for finding in found]


def statements(graph: Graph, resource: Resource, attribute: str = "policy") -> list[Mapping[str, Any]]:
    """What a policy of the resource says."""
    document = graph.document(resource, attribute)
    assert isinstance(document, Mapping)
    return list(document["Statement"])


def linked_name(graph: Graph, resource: Resource, *path: str | int) -> str:
    """The name of the resource that the property refers to."""
    found = graph.linked(resource, *path)
    assert isinstance(found, Resource)
    return found.name
