"""Guards over databases: how they are sealed, who reaches them, and how they outlive a loss."""

from __future__ import annotations

from core.finding import Severity
from core.graph import Graph
from core.resource import Resource
from core.verdict import Verdict, all_of, at_least, holds, is_true, not_applicable
from policies import tokens
from policies.guard import guard
from policies.links import is_not_on, listed, unless, uses_own_key
from policies.parts import is_given
from policies.tier import is_trial

DATABASES = (tokens.DB_INSTANCE, tokens.DB_CLUSTER)
MEMBER = "aws:rds/clusterInstance:ClusterInstance"
SNAPSHOTS = (
    "aws:rds/snapshot:Snapshot",
    "aws:rds/clusterSnapshot:ClusterSnapshot",
    "aws:rds/snapshotCopy:SnapshotCopy",
    "aws:rds/clusterSnapshotCopy:ClusterSnapshotCopy",
)
SHORTEST_BACKUP_DAYS = 7
ZONES = 2
TRIAL = not_applicable("it belongs to a trial environment")


@guard(
    "rds.database_is_encrypted_with_own_key",
    on=DATABASES,
    severity=Severity.HIGH,
    fix="Set storageEncrypted, and kmsKeyId to a Key component's ARN; neither can be changed later.",
)
def database_is_encrypted_with_own_key(database: Resource, graph: Graph) -> Verdict:
    """Disks, snapshots, logs and replicas of a database are all under the key it was made with."""
    return all_of([is_true(database, "storageEncrypted"), uses_own_key(graph, database, "kmsKeyId")])


@guard(
    "rds.database_has_no_public_address",
    on=(*DATABASES, MEMBER),
    severity=Severity.CRITICAL,
    fix="Leave publiclyAccessible off, and set dbSubnetGroupName to private subnets.",
)
def database_has_no_public_address(database: Resource, graph: Graph) -> Verdict:
    """A database with an address in public is one stolen password away from everybody."""
    shut = is_not_on(database, "publiclyAccessible")
    return shut if database.type == MEMBER else all_of([shut, is_given(graph, database, "dbSubnetGroupName")])


@guard(
    "rds.database_outlives_a_zone_and_its_stack",
    on=DATABASES,
    severity=Severity.MEDIUM,
    fix="Set multiAz (of a cluster: availabilityZones) and deletionProtection, and let no final snapshot be skipped.",
)
def database_outlives_a_zone_and_its_stack(database: Resource, graph: Graph) -> Verdict:
    """The loss of one building, or of one stack, must not be the loss of the data."""
    zones = (
        is_true(database, "multiAz")
        if database.type == tokens.DB_INSTANCE
        else holds(
            database.get("availabilityZones"),
            lambda said: said is None or len(said) >= ZONES,
            f"availabilityZones of {database.name}",
            "two, or left to AWS",
        )
    )
    kept = all_of([zones, is_true(database, "deletionProtection"), is_not_on(database, "skipFinalSnapshot")])
    return unless(is_trial(graph, database), kept, TRIAL)


@guard(
    "rds.database_makes_backups",
    on=DATABASES,
    severity=Severity.HIGH,
    fix=f"Set backupRetentionPeriod to {SHORTEST_BACKUP_DAYS} days or more, and tag it for a backup plan.",
)
def database_makes_backups(database: Resource, graph: Graph) -> Verdict:
    """Its own backups take a database back to any second of the last days; a plan keeps what is older."""
    return unless(is_trial(graph, database), at_least(database, SHORTEST_BACKUP_DAYS, "backupRetentionPeriod"), TRIAL)


@guard(
    "rds.snapshot_is_shared_with_named_accounts",
    on=SNAPSHOTS,
    severity=Severity.CRITICAL,
    fix="Leave sharedAccounts out, or name single accounts; `all` is everybody.",
)
def snapshot_is_shared_with_named_accounts(snapshot: Resource) -> Verdict:
    """A public snapshot is the database, for everybody. It is encrypted as the database is."""
    shared, what = snapshot.get("sharedAccounts"), f"sharedAccounts of {snapshot.name}"
    return all_of(
        [
            holds(shared, lambda said: "all" not in (said or ()), what, "left out, or numbers of accounts"),
            *(holds(one, lambda said: said != "all", what, "numbers of accounts") for one in listed(shared)),
        ]
    )


@guard(
    "rds.snapshot_copy_is_encrypted_with_own_key",
    on=SNAPSHOTS[2:],
    severity=Severity.HIGH,
    fix="Set kmsKeyId to a Key component's ARN.",
)
def snapshot_copy_is_encrypted_with_own_key(copy: Resource, graph: Graph) -> Verdict:
    """A copy without a key of its own in its Region cannot be opened there, or opens under AWS's."""
    return uses_own_key(graph, copy, "kmsKeyId")
