"""What an account has once: nothing public, nothing unencrypted, no weak password, in every Region of the set."""

from __future__ import annotations

import importlib

import pulumi_aws as aws
import pytest
from hypothesis import given
from hypothesis import settings as runs
from hypothesis import strategies as st

from components.account_baseline import AccountBaseline, AccountBaselineArgs
from components.environment import Environment
from components.place import Place
from core.errors import BadInput
from core.graph import Graph
from core.naming import Name, root_name
from core.regions import REGIONS
from core.verdict import State
from policies.judge import judge
from stacks.capture import Surroundings, capture
from stacks.config_file import PROJECT
from tests.weakening import Weakening, changed, without

ROOT, PLACE = root_name("strongroom", "prod", "platform", {}), Place("123456789012", "eu-central-1")
HOME = "eu-central-1"
EUROPE = sorted(code for code in REGIONS if code.startswith("eu-"))
importlib.import_module("pulumi_aws.ebs")  # loaded lazily, and looked up by name when it is weakened
BLOCK, WORDS = (aws.s3, "AccountPublicAccessBlock"), (aws.iam, "AccountPasswordPolicy")
DISKS, SNAPSHOTS = (aws.ebs, "EncryptionByDefault"), (aws.ebs, "SnapshotBlockPublicAccess")
IMAGES, MACHINES = (aws.ec2, "ImageBlockPublicAccess"), (aws.ec2, "InstanceMetadataDefaults")
WEAKENINGS = [
    *(
        Weakening("account_baseline", f"no {kind}", "account.baseline_is_complete", without(module, kind))
        for module, kind in (BLOCK, WORDS, DISKS, SNAPSHOTS, IMAGES, MACHINES)
    ),
    *(
        Weakening("account_baseline", what, f"account.{guard}", changed(kind[0], kind[1], **properties))
        for what, guard, kind, properties in (
            (
                "public policies",
                "public_access_is_blocked",
                BLOCK,
                {"block_public_policy": False},
            ),
            (
                "unencrypted disks",
                "disks_are_encrypted_from_the_start",
                DISKS,
                {"enabled": False},
            ),
            (
                "old public snapshots",
                "snapshots_are_shared_with_nobody_at_large",
                SNAPSHOTS,
                {"state": "block-new-sharing"},
            ),
            (
                "public images",
                "images_are_shared_with_nobody_at_large",
                IMAGES,
                {"state": "unblocked"},
            ),
            (
                "credentials for anybody",
                "machines_give_credentials_to_sessions_only",
                MACHINES,
                {"http_tokens": "optional"},
            ),
            (
                "credentials for containers",
                "machines_give_credentials_to_sessions_only",
                MACHINES,
                {"http_put_response_hop_limit": 2},
            ),
            (
                "short passwords",
                "passwords_are_strong",
                WORDS,
                {"minimum_password_length": 8},
            ),
            ("eternal passwords", "passwords_are_strong", WORDS, {"max_password_age": None}),
        )
    ),
    Weakening(
        "account_baseline",
        "a Region outside",
        "residency.everything_lies_inside",
        changed(aws.ebs, "EncryptionByDefault", region="us-east-1"),
    ),
]


def account(regions: list[str]) -> Graph:
    def program() -> None:
        home = Environment(ROOT, PLACE, {"tier": "prod", "residency": regions})
        AccountBaseline(ROOT / "account", AccountBaselineArgs(PLACE, regions), home)

    return capture(program, Surroundings("strongroom", "prod", PLACE.account, PLACE.region, {}, PROJECT))


def failing(graph: Graph) -> set[str]:
    """The guards over the account and residency that fail; budgets and trails are other parts' affair."""
    found = judge(graph)
    return {f.guard for f in found if f.state is State.FAIL and f.guard.startswith(("account.", "residency."))}


def test_the_account_is_closed_once_and_each_region_gets_its_floor() -> None:
    graph = account([HOME, "eu-west-1"])
    (block,) = graph.of_type("aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock")
    assert dict(block.inputs) == {
        "accountId": PLACE.account,
        "blockPublicAcls": True,
        "blockPublicPolicy": True,
        "ignorePublicAcls": True,
        "restrictPublicBuckets": True,
    }
    assert len(graph.of_type("aws:iam/accountPasswordPolicy:AccountPasswordPolicy")) == 1
    for token in (
        "aws:ebs/encryptionByDefault:EncryptionByDefault",
        "aws:ebs/snapshotBlockPublicAccess:SnapshotBlockPublicAccess",
        "aws:ec2/imageBlockPublicAccess:ImageBlockPublicAccess",
        "aws:ec2/instanceMetadataDefaults:InstanceMetadataDefaults",
    ):
        assert sorted(found.get("region") for found in graph.of_type(token)) == [HOME, "eu-west-1"]


@pytest.mark.parametrize(
    ("regions", "said"),
    [
        ([], "they must hold the home Region eu-central-1"),
        (["eu-west-1"], "the Regions are eu-west-1; they must hold the home Region"),
        ([HOME, "mars"], "Region 'mars'; expected the code of an AWS Region"),
        ([HOME, HOME], "a Region is named twice"),
        ([HOME, "us-gov-west-1"], "a Region outside partition aws"),
    ],
)
def test_a_set_of_regions_that_is_none_is_refused(regions: list[str], said: str, root: Name) -> None:
    with pytest.raises(BadInput, match="account baseline") as caught:
        AccountBaseline(root / "account", AccountBaselineArgs(PLACE, regions))
    assert said in str(caught.value)


@runs(max_examples=15, deadline=None)
@given(st.sets(st.sampled_from(EUROPE), max_size=4))
def test_whatever_regions_it_is_given_no_guard_fails(others: set[str]) -> None:
    graph = account([HOME, *sorted(others - {HOME})])
    assert failing(graph) == set()
    passed = {f.guard for f in judge(graph) if f.state is State.PASS}
    assert {name for name in passed if name.startswith("account.")} == {
        "account.baseline_is_complete",
        "account.disks_are_encrypted_from_the_start",
        "account.images_are_shared_with_nobody_at_large",
        "account.machines_give_credentials_to_sessions_only",
        "account.passwords_are_strong",
        "account.public_access_is_blocked",
        "account.single_thing_has_one_owner",
        "account.snapshots_are_shared_with_nobody_at_large",
    }


@pytest.mark.parametrize("weakening", WEAKENINGS, ids=str)
def test_a_weakened_account_fails_and_is_named(weakening: Weakening, monkeypatch: pytest.MonkeyPatch) -> None:
    weakening.change(monkeypatch)
    objections = [f for f in judge(account([HOME])) if f.state is State.FAIL and f.guard == weakening.guard]
    assert objections
    assert all(found.fix and found.message for found in objections)


def test_an_environment_that_declares_what_an_account_has_once_fails() -> None:
    def program() -> None:
        home = Environment(ROOT, PLACE, {"tier": "prod", "residency": [HOME]})
        aws.ebs.EncryptionByDefault("disks", enabled=True, opts=home.child)

    graph = capture(program, Surroundings("strongroom", "prod", PLACE.account, PLACE.region, {}, PROJECT))
    assert failing(graph) == {"account.single_thing_has_one_owner"}
