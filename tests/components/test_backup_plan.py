from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from components.backup_plan import INTERVALS, START_WINDOW, TAG, every, schedule
from components.backup_vault import BackupVault, Forever
from components.restore_test import RestoreTest, RestoreTestArgs
from core.errors import BadInput
from core.graph import Graph
from core.resource import Resource
from core.value import thawed
from policies import tokens
from tests.recovery_programs import (
    FAR,
    PLACE,
    RESIDENCY,
    backed_up,
    captured,
    complaints,
    home,
    linked_name,
    statements,
    store,
    vault,
)

VAULT_NAME = "strongroom-prod-vault"
UNASKED = (
    "budgets.spending_has_a_limit",
    "cloudtrail.bucket_access_is_recorded",
    "cloudtrail.trail_exists_and_runs",
    "cloudwatch.watched_acts_raise_alarms",
    "kms.key_ending_raises_an_alarm",
)
"""What these programs do not have: a trail, alarms, a budget."""


@pytest.fixture(scope="module")
def graph() -> Graph:
    def program() -> None:
        above = home()
        backed_up(above, stores=[store(above)])

    return captured(program)


def one(graph: Graph, token: str, part: str = "") -> Resource:
    (found,) = [resource for resource in graph.of_type(token) if part in resource.name]
    return found


def said(graph: Graph, part: str) -> dict[str, Mapping[str, Any]]:
    """The statements of all policies of a role, by Sid."""
    policies = [policy for policy in graph.of_type("aws:iam/policy:Policy") if part in policy.name]
    return {one["Sid"]: one for policy in policies for one in statements(graph, policy)}


def test_the_vault_is_sealed_locked_and_closed(graph: Graph) -> None:
    made = one(graph, tokens.VAULT, "-vault-vault")
    assert linked_name(graph, made, "kmsKeyArn") == "strongroom-prod-vault-key-key"
    lock = one(graph, tokens.VAULT_LOCK[0], "-vault-")
    assert (lock.get("minRetentionDays"), lock.get("maxRetentionDays")) == (7, 365)
    assert lock.get("changeableForDays") is None, "in governance mode unless somebody asks for more"
    (denied,) = statements(graph, one(graph, tokens.VAULT_POLICY[0], "-vault-"))
    assert denied["Effect"] == "Deny"
    assert "*" not in "".join(denied["Action"]), "a vault's policy takes no wildcard"
    assert "backup:PutBackupVaultAccessPolicy" not in denied["Action"], "nobody could ever change it again"


def test_the_plan_says_when_for_how_long_and_where_to(graph: Graph) -> None:
    plan = one(graph, tokens.BACKUP_PLAN)
    (rule,) = thawed(plan.get("rules"))
    assert rule["targetVaultName"] == VAULT_NAME
    assert rule["lifecycle"] == {"deleteAfter": 35}
    assert rule["schedule"] == "cron(0 0/12 ? * * *)"
    (copy,) = rule["copyActions"]
    assert copy["destinationVaultArn"] == f"arn:aws:backup:{FAR.region}:123456789012:backup-vault:strongroom-prod-copy"
    assert one(graph, tokens.VAULT, "-copy-vault").urn in plan.dependencies, "AWS refuses a vault that is not there"


def test_the_plan_takes_in_what_bears_its_own_name(graph: Graph) -> None:
    (chosen,) = thawed(one(graph, tokens.BACKUP_SELECTION).get("selectionTags"))
    assert chosen == {"type": "STRINGEQUALS", "key": TAG, "value": "strongroom-prod-backup"}
    assert one(graph, "aws:s3/bucket:Bucket", "-health-store").get("tags", TAG) == chosen["value"]


def test_who_makes_backups_reads_the_named_stores_and_writes_none(graph: Graph) -> None:
    granted = said(graph, "-backup-maker-")
    reads = granted["ReadObjects"]
    assert {action.split(":")[1][:9] for action in reads["Action"]} == {"GetObject"}
    assert "*" not in [
        str(resource) for statement in ("ReadObjects", "LookIntoStores") for resource in granted[statement]["Resource"]
    ]
    writes = [action for one in granted.values() for action in one["Action"] if action.startswith("s3:Put")]
    assert sorted(writes) == ["s3:PutBucketNotification", "s3:PutInventoryConfiguration"]
    by = granted["OpenObjects"]["Condition"]["StringEquals"]["kms:ViaService"]
    assert by == ("s3.eu-central-1.amazonaws.com",)
    assert granted["CopyBackups"]["Action"] == ("backup:CopyIntoBackupVault",)


def test_only_aws_backup_takes_the_roles_and_for_this_account(graph: Graph) -> None:
    for part in ("-backup-maker-", "-restore-tester-"):
        (trust,) = statements(graph, one(graph, "aws:iam/role:Role", part), "assumeRolePolicy")
        assert trust["Principal"] == {"Service": "backup.amazonaws.com"}
        assert trust["Condition"] == {"StringEquals": {"aws:SourceAccount": "123456789012"}}


def test_a_test_restores_each_kind_into_what_is_made_for_it_alone(graph: Graph) -> None:
    assert {found.get("protectedResourceType") for found in graph.of_type(tokens.RESTORE_SELECTION)} == {
        "S3",
        "DynamoDB",
    }
    plan = one(graph, tokens.RESTORE_PLAN)
    assert plan.get("name") == "strongroom_prod_restore", "restore testing takes no hyphen"
    assert plan.get("recoveryPointSelection", "includeVaults", 0).endswith(f"backup-vault:{VAULT_NAME}")
    into = said(graph, "-restore-tester-")
    assert into["FillTestBucket"]["Resource"] == ("arn:aws:s3:::awsbackup-restore-test-*/*",)
    assert into["FillTestTable"]["Resource"] == (
        "arn:aws:dynamodb:eu-central-1:123456789012:table/awsbackup-restore-test-*",
    )


@given(rpo=st.integers(2, 168))
def test_no_more_is_lost_than_the_objective_allows(rpo: int) -> None:
    assert every(rpo) in INTERVALS
    assert every(rpo) + START_WINDOW / 60 <= rpo
    assert all(hours + START_WINDOW / 60 > rpo for hours in INTERVALS if hours > every(rpo)), (
        "nor more often than needed"
    )


@pytest.mark.parametrize(
    ("rpo", "when"), [(168, "cron(0 3 ? * * *)"), (25, "cron(0 3 ? * * *)"), (2, "cron(0 0/1 ? * * *)")]
)
def test_the_schedule_is_daily_at_least(rpo: int, when: str) -> None:
    assert schedule(rpo) == when


def refused(words: str, program: Callable[[], Any]) -> None:
    with pytest.raises(BadInput, match=words):
        captured(program)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"rpo_hours": 1}, "set rpo_hours to 2 or more"),
        ({"keep_days": 3}, r"outside what its vault takes \(7 to 365 days\)"),
        ({"keep_days": 400}, r"outside what its copy takes"),
        ({"residency": ["eu-central-1"]}, "its copy is in eu-west-1, where data may not lie"),
        ({"residency": ["eu-west-1"]}, "its vault is in eu-central-1, where data may not lie"),
        ({"stores": [], "tables": []}, "pass `stores` or `tables`"),
    ],
)
def test_a_plan_that_could_not_keep_its_word_is_refused_with_the_way_out(changes: dict[str, Any], words: str) -> None:
    def program() -> None:
        above = home()
        usual: dict[str, Any] = {"stores": [store(above)]}
        backed_up(above, **{**usual, **changes})

    refused(words, program)


def test_a_store_that_the_plan_would_leave_out_is_refused() -> None:
    def program() -> None:
        above = home()
        backed_up(above, stores=[store(above, plan="other")])

    refused(r"give it a name.tagged\(backup='strongroom-prod-backup'\)", program)


def test_a_copy_in_the_same_region_is_refused() -> None:
    def program() -> None:
        above = home()
        backed_up(above, stores=[store(above)], copy=vault(above, "twin", PLACE))

    refused("what takes the Region down takes both", program)


@pytest.mark.parametrize(
    ("tier", "changes", "words"),
    [
        ("prod", {"min_days": 0}, "expected 1 or more"),
        ("prod", {"min_days": 30, "max_days": 7}, "swap them"),
        ("prod", {"max_days": 36501}, "36500 at most"),
        ("prod", {"force_destroy": True}, "force_destroy must be false"),
        ("dev", {"final": Forever("strongroom-dev-vault", 3)}, "leave `final` out"),
        ("prod", {"final": Forever("some-vault", 3)}, "must repeat the vault's name"),
        ("prod", {"final": Forever(VAULT_NAME, 2)}, "AWS takes 3 to"),
    ],
)
def test_a_vault_that_locks_wrongly_is_refused_with_the_way_out(tier: str, changes: dict[str, Any], words: str) -> None:
    refused(words, lambda: vault(home(tier), "vault", PLACE, tier, **changes))


def test_a_final_lock_takes_the_vaults_own_name() -> None:
    graph = captured(lambda: vault(home(), "vault", PLACE, final=Forever(VAULT_NAME, 30)))
    assert one(graph, tokens.VAULT_LOCK[0]).get("changeableForDays") == 30
    assert complaints(graph, *UNASKED) == []


@pytest.mark.parametrize(
    ("changes", "words"),
    [({"rto_hours": 1}, "stand by with replicas"), ({"every_days": 1}, "expected one of 7, 30")],
)
def test_a_restore_test_that_proves_nothing_is_refused(changes: dict[str, Any], words: str) -> None:
    def program() -> None:
        above = home()
        plan = backed_up(above, stores=[store(above)])
        RestoreTest(above.name / "again", RestoreTestArgs(PLACE, plan, **changes), above)

    refused(words, program)


@settings(max_examples=15, deadline=None)
@given(
    tier=st.sampled_from(["local", "dev", "staging", "prod"]),
    rpo=st.integers(1, 168),
    keep=st.integers(1, 500),
    bounds=st.tuples(st.integers(0, 60), st.integers(1, 500)),
    copied=st.booleans(),
    residency=st.sampled_from([RESIDENCY, ("eu-central-1",)]),
    final=st.booleans(),
    stored=st.booleans(),
)
def test_whatever_is_asked_for_no_guard_objects_or_it_is_refused(
    tier: str,
    rpo: int,
    keep: int,
    bounds: tuple[int, int],
    copied: bool,
    residency: tuple[str, ...],
    final: bool,
    stored: bool,
) -> None:
    def kept(above: Any, word: str, place: Any) -> BackupVault:
        lock = Forever(str(above.name / word), 3) if final else None
        return vault(above, word, place, tier, min_days=bounds[0], max_days=bounds[1], final=lock)

    def program() -> None:
        above = home(tier)
        backed_up(
            above,
            tier,
            stores=[store(above)] if stored else [],
            vault=kept(above, "vault", PLACE),
            copy=kept(above, "copy", FAR) if copied else None,
            residency=residency,
            keep_days=keep,
            rpo_hours=rpo,
        )

    try:
        graph = captured(program, tier)
    except BadInput:
        outside = not bounds[0] <= keep <= bounds[1]
        assert (
            rpo == 1
            or bounds[0] < 1
            or bounds[0] > bounds[1]
            or outside
            or (final and tier in {"local", "dev"})
            or (copied and len(residency) == 1)
        )
        return
    assert complaints(graph, *UNASKED) == []
