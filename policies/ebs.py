"""Guards over disks and their snapshots."""

from __future__ import annotations

from core.finding import Severity
from core.graph import Graph
from core.resource import Resource
from core.value import Path
from core.verdict import Verdict, all_of, failed, holds, is_one_of, passed
from policies import tokens
from policies.guard import guard
from policies.links import uses_own_key
from policies.parts import each_part

SNAPSHOT_COPY = "aws:ebs/snapshotCopy:SnapshotCopy"
SHARING = ("aws:ec2/snapshotCreateVolumePermission:SnapshotCreateVolumePermission",)
ON = (True, "true")
"""A volume holds a truth value there, a template the text of one."""
DISKS = {
    tokens.MACHINE: (("rootBlockDevice",), ("ebsBlockDevices",)),
    tokens.MACHINE_TEMPLATE: (("blockDeviceMappings",),),
}
NO_DISK = passed("no disk of this kind is declared; the account encrypts what is left out")


@guard(
    "ebs.disk_is_encrypted_with_own_key",
    on=(tokens.VOLUME, SNAPSHOT_COPY, *DISKS),
    severity=Severity.HIGH,
    fix="Set encrypted, and kmsKeyId to a Key component's ARN.",
)
def disk_is_encrypted_with_own_key(disk: Resource, graph: Graph) -> Verdict:
    """A disk is copied by a snapshot in one call; without our key the copy opens nowhere."""
    if disk.type not in DISKS:
        return _sealed(disk, (), graph)
    inner = ("ebs",) if disk.type == tokens.MACHINE_TEMPLATE else ()

    def sealed(place: Path) -> Verdict:
        return _sealed(disk, (*place, *inner), graph)

    found = [each_part(disk, sealed, *path, none=NO_DISK) for path in DISKS[disk.type]]
    if disk.type == tokens.MACHINE and disk.get("rootBlockDevice") is None:
        found.append(failed(f"rootBlockDevice of {disk.name} is not set, so its image decides"))
    return all_of(found)


def _sealed(disk: Resource, place: Path, graph: Graph) -> Verdict:
    return all_of([is_one_of(disk, ON, *place, "encrypted"), uses_own_key(graph, disk, *place, "kmsKeyId")])


@guard(
    "ebs.snapshot_is_shared_with_named_accounts",
    on=SHARING,
    severity=Severity.CRITICAL,
    fix="Name one account by its number.",
)
def snapshot_is_shared_with_named_accounts(permission: Resource) -> Verdict:
    """A public snapshot is a disk that everybody has."""
    return holds(
        permission.get("accountId"),
        lambda said: said.isdigit() and len(said) == 12,  # noqa: PLR2004 - digits of an account
        f"accountId of {permission.name}",
        "the number of one account",
    )
