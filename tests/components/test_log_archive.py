from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pulumi_aws as aws
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from components.audit_trail import AuditTrail, AuditTrailArgs, TrailScope
from components.log_archive import LogArchive, LogArchiveArgs, Organisation, Sender
from components.object_lock import Lock, LockMode, lock_for
from components.place import Place
from components.policy_document import allow
from components.role import Role, RoleArgs
from core.errors import BadInput
from core.graph import STACK, Graph
from core.naming import Name
from core.value import thawed
from core.verdict import State
from policies.judge import guards, judge
from tests.recovery_programs import linked_name, statements

TRAIL, BUCKET, KEY = "aws:cloudtrail/trail:Trail", "aws:s3/bucket:Bucket", "aws:kms/key:Key"
POLICY = "aws:s3/bucketPolicy:BucketPolicy"
ELSEWHERE = Place("999988887777", "eu-central-1")
READER = "arn:aws:iam::123456789012:role/strongroom-staging-auditor"
Planned = Callable[[Callable[[], Any]], Graph]


def archive(root: Name, sender: Sender, **changes: Any) -> LogArchive:
    usual: dict[str, Any] = {
        "place": ELSEWHERE,
        "lock": lock_for("prod", 2190),
        "senders": [sender],
        "tier": "prod",
        "provider": aws.Provider("there", region="eu-central-1", allowed_account_ids=[ELSEWHERE.account]),
    }
    return LogArchive(root / "archive", LogArchiveArgs(**{**usual, **changes}))


def trail(root: Name, place: Place, kept: LogArchive | None, **changes: Any) -> AuditTrail:
    usual: dict[str, Any] = {"place": place, "lock": lock_for("prod", 2190), "archive": kept}
    return AuditTrail(root / "audit", AuditTrailArgs(**{**usual, **changes}))


def both(root: Name, place: Place, organisation: Organisation | None = None, **changes: Any) -> AuditTrail:
    sender = Sender(place, str(root / "audit"), organisation)
    return trail(root, place, archive(root, sender, **changes), scope=TrailScope("prod", organisation))


def said(graph: Graph, token: str, part: str, attribute: str = "policy") -> dict[str, Any]:
    (found,) = [resource for resource in graph.of_type(token) if part in resource.name]
    document = graph.document(found, attribute)
    assert isinstance(document, Mapping)
    return {statement["Sid"]: thawed(statement) for statement in document["Statement"]}


def test_the_store_and_its_key_stand_in_the_archive_and_the_trail_makes_none(
    planned: Planned, root: Name, place: Place
) -> None:
    graph = planned(lambda: both(root, place))
    stores = [bucket.name for bucket in graph.of_type(BUCKET)]
    assert [name for name in stores if "-audit-" in name] == []
    (made,) = graph.of_type(TRAIL)
    assert linked_name(graph, made, "s3BucketName") == "strongroom-staging-archive-log-store"
    assert linked_name(graph, made, "kmsKeyId") == "strongroom-staging-archive-key-key"
    (group,) = graph.of_type("aws:cloudwatch/logGroup:LogGroup")
    assert linked_name(graph, group, "kmsKeyId") == "strongroom-staging-audit-key-key"


def test_only_this_trail_of_the_other_account_writes_and_only_into_its_folder(
    planned: Planned, root: Name, place: Place
) -> None:
    graph = planned(lambda: both(root, place))
    arn = "arn:aws:cloudtrail:eu-central-1:123456789012:trail/strongroom-staging-audit"
    writes = said(graph, POLICY, "archive-log")["TrailWrites"]
    assert writes["Condition"]["StringEquals"] == {
        "aws:SourceArn": arn,
        "s3:x-amz-acl": "bucket-owner-full-control",
    }
    sealed = said(graph, KEY, "archive-key")["TrailEncrypts"]["Condition"]
    assert sealed["StringEquals"] == {"aws:SourceArn": arn}
    assert sealed["StringLike"] == {
        "kms:EncryptionContext:aws:cloudtrail:arn": "arn:aws:cloudtrail:*:123456789012:trail/*"
    }
    assert "TrailEncrypts" not in said(graph, KEY, "audit-key")


def test_an_organisations_trail_writes_into_the_folders_of_account_and_organisation(
    made: Planned, root: Name, place: Place
) -> None:
    graph = made(lambda: both(root, place, Organisation("o-a1b2c3d4e5", place.account)))
    folders = said(graph, POLICY, "archive-log")["TrailWrites"]["Resource"]
    assert [folder.rpartition("store-1a2b3c4/")[2] for folder in folders] == [
        "AWSLogs/123456789012/*",
        "AWSLogs/o-a1b2c3d4e5/*",
    ]
    (found,) = graph.of_type(TRAIL)
    assert found.inputs["isOrganizationTrail"] is True
    (streams,) = [
        statement["Resource"]
        for policy in graph.of_type("aws:iam/policy:Policy")
        for statement in statements(graph, policy)
        if statement["Sid"] == "DeliverEvents"
    ]
    assert [stream.rpartition(":log-stream:")[2] for stream in streams] == [
        "123456789012_CloudTrail_eu-central-1*",
        "o-a1b2c3d4e5_*",
    ]


def test_two_trails_share_an_archive_without_sharing_a_statement(planned: Planned, root: Name, place: Place) -> None:
    senders = [Sender(place, "one"), Sender(place, "two")]
    graph = planned(lambda: archive(root, senders[0], senders=senders))
    policy = next(found for found in graph.of_type(POLICY) if "archive-log" in found.name)
    sids = [statement["Sid"] for statement in statements(graph, policy)]
    assert len(sids) == len(set(sids))
    assert {"TrailWrites", "TrailWrites2"} <= set(sids)


def test_readers_of_another_account_find_fetch_and_open_and_nothing_else(
    planned: Planned, root: Name, place: Place
) -> None:
    graph = planned(lambda: both(root, place, readers=[READER]))
    policy, key = said(graph, POLICY, "archive-log"), said(graph, KEY, "archive-key")
    assert policy["ReadersFind"]["Action"] == ["s3:ListBucket"]
    assert policy["ReadersFetch"]["Action"] == ["s3:GetObject"]
    assert key["ReadersOpen"]["Action"] == ["kms:Decrypt"]
    assert key["ReadersOpen"]["Condition"] == {"StringEquals": {"kms:ViaService": "s3.eu-central-1.amazonaws.com"}}


def test_the_grant_to_a_reader_does_not_depend_on_the_account_it_calls_from(
    planned: Planned, root: Name, place: Place
) -> None:
    def program() -> None:
        trust = [allow("Auditors", ["sts:AssumeRole"], [], {"AWS": READER})]
        kept = archive(root, Sender(place, str(root / "audit")), readers=[READER])
        kept.grant_read(Role(root / "auditor", RoleArgs(trust, "Reads the record")))

    graph = planned(program)
    opened = said(graph, "aws:iam/policy:Policy", "readstrongroomstagingarchive")["OpenLogFiles"]
    assert opened["Condition"] == {"StringEquals": {"kms:ViaService": "s3.eu-central-1.amazonaws.com"}}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"senders": []}, "name one in `senders`"),
        ({"provider": None}, "pass its `provider`"),
        ({"lock": Lock(365, LockMode.COMPLIANCE)}, "raise `audit.keep_days` in the settings"),
        ({"lock": Lock(2190, LockMode.GOVERNANCE)}, "make it with `lock_for"),
        ({"place": Place("999988887777", "eu-west-1")}, "put the archive there"),
    ],
)
def test_an_archive_that_could_not_work_is_refused_with_the_way_out(
    planned: Planned, root: Name, place: Place, changes: dict[str, Any], words: str
) -> None:
    with pytest.raises(BadInput, match=words):
        planned(lambda: archive(root, Sender(place, "audit"), **changes))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"lock": lock_for("prod", 2189), "scope": TrailScope("prod")}, "raise `audit.keep_days`"),
        ({"lock": lock_for("dev", 2190), "scope": TrailScope("staging")}, "somebody can lift"),
        ({"scope": TrailScope("dev", Organisation("o-a1b2c3d4e5", "999988887777"))}, "management account"),
        ({"scope": TrailScope("dev", Organisation("ward", "123456789012"))}, "10 to 32 letters"),
    ],
)
def test_a_trail_below_the_law_or_beyond_its_account_is_refused(
    planned: Planned, root: Name, place: Place, changes: dict[str, Any], words: str
) -> None:
    with pytest.raises(BadInput, match=words):
        planned(lambda: trail(root, place, None, **changes))


def test_a_trail_that_its_archive_does_not_admit_is_refused(planned: Planned, root: Name, place: Place) -> None:
    with pytest.raises(BadInput, match="does not admit it"):
        planned(lambda: trail(root, place, archive(root, Sender(place, "another"))))


def test_a_trail_and_its_archive_that_differ_about_the_lock_are_refused(
    planned: Planned, root: Name, place: Place
) -> None:
    kept = Sender(place, str(root / "audit"))
    with pytest.raises(BadInput, match="is not the archive's"):
        planned(lambda: trail(root, place, archive(root, kept), lock=lock_for("prod", 2500)))


@settings(max_examples=15, deadline=None)
@given(
    days=st.integers(1, 4000),
    mode=st.sampled_from(LockMode),
    tier=st.sampled_from(["local", "dev", "staging", "prod"]),
    apart=st.booleans(),
    organised=st.booleans(),
    readers=st.sampled_from([(), (READER,)]),
)
def test_whatever_is_asked_for_no_guard_objects_to_the_archive_or_it_is_refused(
    planned: Planned,
    root: Name,
    place: Place,
    days: int,
    mode: LockMode,
    tier: str,
    apart: bool,
    organised: bool,
    readers: tuple[str, ...],
) -> None:
    organisation = Organisation("o-a1b2c3d4e5", place.account) if organised else None
    lock, where = Lock(days, mode), ELSEWHERE if apart else place

    def program() -> None:
        sender = Sender(place, str(root / "audit"), organisation)
        kept = archive(root, sender, lock=lock, place=where, tier=tier, readers=readers)
        trail(root, place, kept, lock=lock, scope=TrailScope(tier, organisation))

    try:
        graph = planned(program)
    except BadInput:
        assert tier in {"staging", "prod"}
        assert days < 2190 or mode is LockMode.GOVERNANCE
        return
    stack_level = {finding.guard for finding in judge(graph) if STACK in guards()[finding.guard].on}
    trials = {"cloudtrail.trail_store_is_locked", "cloudtrail.trail_store_is_locked_for_years"}
    allowed = stack_level | (trials if tier in {"local", "dev"} else set())
    failed = {finding.guard for finding in judge(graph) if finding.state is State.FAIL}
    assert failed <= allowed
