from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from components.annex import Annex, AnnexArgs
from components.bucket import Bucket, BucketArgs
from components.object_lock import Lock, LockMode, lock_for
from components.place import Place, place_of
from components.replica import FROM_LOCKED, Replica, ReplicaArgs
from core.errors import BadInput
from core.graph import Graph
from core.resource import Resource
from core.retention import DataClass
from core.verdict import State
from tests.storage_ground import AWAY, HERE, RESIDENCY, Ground, objections, one, planned, statements

BUCKET, REPLICATION = "aws:s3/bucket:Bucket", "aws:s3/bucketReplicationConfig:BucketReplicationConfig"
KEY, LOCKED = "aws:kms/key:Key", "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration"


def annex(ground: Ground, **given_args: Any) -> Annex:
    usual: dict[str, Any] = {"home": HERE, "place": AWAY, "residency": RESIDENCY, "keep_days": 365}
    usual["sources"] = str(ground.name)
    return Annex(ground.name / "away", AnnexArgs(**{**usual, **given_args}), ground.home)


def replica(ground: Ground, source: Bucket | None = None, *, near: bool = False, **given_args: Any) -> Replica:
    logs = given_args.get("access_logs") or ground.logs()
    usual: dict[str, Any] = {"source": source or ground.bucket("raw", logs, **given_args.pop("of", {}))}
    if near:
        usual |= {"place": HERE, "access_logs": logs}
    else:
        away = annex(ground)
        usual |= {"place": AWAY, "access_logs": away.access_logs, "provider": away.provider}
    usual |= {"home": HERE, "residency": RESIDENCY, "boundary": HERE.arn("iam", "policy/limit", "")}
    return Replica(ground.name / "raw-copy", ReplicaArgs(**{**usual, **given_args}), ground.home)


def region(graph: Graph, resource: Resource) -> Any:
    return graph.by_urn[resource.provider].get("region")


def test_all_of_the_copy_is_made_in_its_region_and_the_replication_in_that_of_the_source() -> None:
    graph = planned(replica)
    copy = [
        resource for resource in graph.resources if "raw-copy-" in resource.name and resource.type.startswith("aws:")
    ]
    there = {resource.name: region(graph, resource) for resource in copy}
    assert len(there) > 10
    assert set(there.values()) == {AWAY.region}
    assert region(graph, one(graph, BUCKET, "raw-store")) == HERE.region
    assert region(graph, one(graph, REPLICATION)) == HERE.region


def test_the_provider_of_the_further_region_refuses_other_accounts() -> None:
    graph = planned(annex)
    provider = one(graph, "pulumi:providers:aws", "away")
    assert (provider.get("region"), provider.get("allowedAccountIds")) == (AWAY.region, f'["{HERE.account}"]')


def test_objects_under_kms_are_copied_and_sealed_with_the_key_of_the_copy() -> None:
    graph = planned(replica)
    made = one(graph, REPLICATION)
    (rule,) = made.get("rules")
    assert rule["sourceSelectionCriteria"] == {"sseKmsEncryptedObjects": {"status": "Enabled"}}
    assert rule["deleteMarkerReplication"] == {"status": "Disabled"}
    where = ("rules", 0, "destination")
    assert graph.linked(made, *where, "bucket") == one(graph, BUCKET, "raw-copy-copy")
    assert graph.linked(made, *where, "encryptionConfiguration", "replicaKmsKeyId") == one(graph, KEY, "raw-copy-key")


def test_the_copy_is_of_the_class_and_age_of_its_source() -> None:
    graph = planned(lambda ground: replica(ground, of={"keep_days": 90, "undo_days": 7}))
    assert one(graph, BUCKET, "raw-copy-copy").get("tags", "strongroom:data-class") == "health"
    keep = one(graph, "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration", "copy-copy").get("rules", 0)
    assert (keep["expiration"]["days"], keep["noncurrentVersionExpiration"]["noncurrentDays"]) == (90, 7)


def test_the_copier_may_read_versions_here_and_write_them_there_and_nothing_else() -> None:
    graph = planned(replica)
    said = statements(graph, one(graph, "aws:iam/policy:Policy"))
    assert said["AsksWhatToCopy"]["Action"] == ("s3:GetReplicationConfiguration", "s3:ListBucket")
    assert "s3:GetObjectVersionForReplication" in said["ReadsVersions"]["Action"]
    assert said["WritesCopies"]["Action"] == ("s3:ReplicateObject", "s3:ReplicateTags")
    actions = {action for statement in said.values() for action in statement["Action"]}
    assert not [action for action in actions if "*" in action or "Delete" in action or "Put" in action]


def test_the_copier_uses_each_key_through_s3_of_its_region_and_for_its_bucket() -> None:
    graph = planned(replica)
    said = statements(graph, one(graph, "aws:iam/policy:Policy"))
    through = {sid: s["Condition"]["StringEquals"]["kms:ViaService"][0] for sid, s in said.items() if "Condition" in s}
    assert through == {
        "DecryptStrongroomProdRawKey": "s3.eu-central-1.amazonaws.com",
        "EncryptStrongroomProdRawCopyKey": "s3.eu-west-1.amazonaws.com",
        "DecryptStrongroomProdRawCopyKey": "s3.eu-west-1.amazonaws.com",
    }
    assert all("kms:EncryptionContext:aws:s3:arn" in said[sid]["Condition"]["StringLike"] for sid in through)


def test_s3_alone_takes_the_role() -> None:
    graph = planned(replica)
    (statement,) = statements(graph, one(graph, "aws:iam/role:Role", "copier"), "assumeRolePolicy").values()
    assert statement["Principal"] == {"Service": "s3.amazonaws.com"}


def test_the_copy_of_what_is_locked_is_locked_and_its_locks_are_read() -> None:
    graph = planned(lambda ground: replica(ground, of={"lock": lock_for("prod", 30)}))
    assert {lock.get("rule", "defaultRetention", "days") for lock in graph.of_type(LOCKED)} == {30}
    assert len(graph.of_type(LOCKED)) == 2
    assert set(FROM_LOCKED) <= set(statements(graph, one(graph, "aws:iam/policy:Policy"))["ReadsVersions"]["Action"])


def test_both_buckets_keep_versions_before_anything_is_copied() -> None:
    graph = planned(replica)
    needs = one(graph, REPLICATION).dependencies
    versions = {found.urn for found in graph.of_type("aws:s3/bucketVersioning:BucketVersioning") if "raw" in found.name}
    assert len(versions) == 2
    assert versions <= needs


def test_a_copy_in_the_same_region_needs_no_provider() -> None:
    graph = planned(lambda ground: replica(ground, near=True), residency=[HERE.region])
    assert {region(graph, bucket) for bucket in graph.of_type(BUCKET)} == {HERE.region}
    assert objections(graph, State.FAIL, State.UNKNOWN) == []


@pytest.mark.parametrize(
    ("given_args", "message"),
    [
        ({"residency": ["eu-central-1"]}, r"eu-west-1 is outside the residency set \(eu-central-1\)"),
        ({"provider": None}, "pass the provider of eu-west-1, or it is made in eu-central-1"),
        ({"place": HERE}, "leave out the provider"),
        ({"place": Place("210987654321", "eu-west-1")}, "another account or partition"),
        ({"place": place_of(HERE.account, "cn-north-1"), "residency": ["cn-north-1"]}, "another account or partition"),
    ],
)
def test_a_copy_that_would_leave_or_be_lost_is_refused(given_args: dict[str, Any], message: str) -> None:
    with pytest.raises(BadInput, match=f"replica strongroom-prod-raw-copy: .*{message}"):
        planned(lambda ground: replica(ground, **given_args))


def test_a_source_without_a_key_of_ours_is_refused() -> None:
    def program(ground: Ground) -> None:
        logs = ground.logs()
        plain = BucketArgs(DataClass.PUBLIC, 30, access_logs=logs)
        replica(ground, Bucket(ground.name / "plain", plain, ground.home), near=True, access_logs=logs)

    with pytest.raises(BadInput, match="its source has no key of ours"):
        planned(program)


def test_access_logs_of_another_region_or_of_none_are_refused() -> None:
    def program(ground: Ground, *, plain: bool) -> None:
        logs = ground.logs()
        source = ground.bucket("raw", logs)
        wrong = source if plain else logs
        away = annex(ground)
        usual: dict[str, Any] = {"home": HERE, "place": AWAY, "residency": RESIDENCY, "boundary": "b"}
        Replica(ground.name / "copy", ReplicaArgs(source, access_logs=wrong, provider=away.provider, **usual))

    with pytest.raises(BadInput, match="`access_logs` does not admit S3's log delivery"):
        planned(lambda ground: program(ground, plain=True))
    with pytest.raises(BadInput, match=r"`access_logs` is in eu-central-1; .* so pass one of eu-west-1"):
        planned(lambda ground: program(ground, plain=False))


@pytest.mark.parametrize(
    ("given_args", "message"),
    [
        ({"residency": ["eu-central-1"]}, "eu-west-1 is outside the residency set"),
        ({"place": HERE}, "eu-central-1 is the environment's own Region"),
        ({"place": Place("210987654321", "eu-west-1")}, "another account or partition"),
    ],
)
def test_an_annex_where_none_may_be_is_refused(given_args: dict[str, Any], message: str) -> None:
    with pytest.raises(BadInput, match=f"annex strongroom-prod-away: .*{message}"):
        planned(lambda ground: annex(ground, **given_args))


@settings(max_examples=15, deadline=None)
@given(
    data_class=st.sampled_from(DataClass),
    keep_days=st.integers(40, 3650),
    lock_days=st.none() | st.integers(1, 40),
    near=st.booleans(),
)
def test_no_copy_fails_a_guard(data_class: DataClass, keep_days: int, lock_days: int | None, *, near: bool) -> None:
    lock = Lock(lock_days, LockMode.GOVERNANCE) if lock_days else None
    of = {"data_class": data_class, "keep_days": keep_days, "lock": lock}
    graph = planned(lambda ground: replica(ground, near=near, of=of))
    assert objections(graph, State.FAIL, State.UNKNOWN) == []
