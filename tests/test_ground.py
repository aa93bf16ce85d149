"""Row by row: what the ground of the platform has, each thing by the property that decides, and what it refuses.

The rows are keys, storage, network, identity, audit, recovery and cost; `tests/ground_rows.py` has their sentences.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from components.far_ranges import FarRanges
from components.key import Key, KeyArgs
from components.key_reach import Copies, CustomStore
from components.persona_role import PersonaRole, PersonaRoleArgs
from components.policy_document import allow
from components.role import Role, RoleArgs
from core.errors import BadInput
from core.graph import Graph
from core.settings import Settings, settings_of_stack
from core.verdict import State
from policies.judge import judge
from stacks.blueprint import blueprint
from stacks.capture import Surroundings, capture
from stacks.config_file import CONFIG_FOLDER, PROJECT, config_values
from tests import network_programs, recovery_programs
from tests.ground_rows import ROWS, UNIT
from tests.network_programs import captured

VALUES = config_values((CONFIG_FOLDER / "Pulumi.prod.yaml").read_text(encoding="utf-8"), "prod")
KEY = "aws:kms/key:Key"
MANAGEMENT = "555566667777"
FAR = {"ranges": ["10.60.0.0/16"], "callers": ["10.60.1.0/24"]}
EVERYTHING: dict[str, Any] = {
    "organisation": "o-a1b2c3d4e5",
    "accounts": {"management": MANAGEMENT},
    "guardrails": {"targets": [UNIT], "stewards": ["arn:aws:iam::444455556666:role/network-team"]},
    "network": {
        "range": "10.40.0.0/16",
        "zones": 3,
        "egress": {"domains": ["pypi.org"]},
        "transit": {"gateway": "tgw-0a1b2c3d", **FAR},
        "vpn": {"peer": "8.8.4.4", "ranges": ["10.70.0.0/16"]},
    },
}
"""What the shipped files leave out, because not everybody has it."""


def settings_with(**changes: Any) -> Settings:
    """The settings of prod, with parts of them replaced."""
    merged = {key: changed(json.loads(VALUES[key]) if key in VALUES else {}, value) for key, value in changes.items()}
    return settings_of_stack({**VALUES, **merged}, "prod", "prod")


def changed(before: Any, value: Any) -> str:
    """As the file would say it: a mapping is laid over what is there."""
    if isinstance(value, str):
        return value
    return json.dumps({**before, **value} if isinstance(value, dict) else value)


def declared(settings: Settings) -> Graph:
    around = Surroundings("strongroom", settings.stack, settings.account, settings.region, {}, PROJECT)
    return capture(lambda: blueprint(settings), around)


@pytest.fixture(scope="module")
def prod() -> Graph:
    return declared(settings_with(**EVERYTHING))


@pytest.mark.parametrize(
    ("row", "sentence"), [pytest.param(row, one, id=f"{row}: {one}") for row, held in ROWS.items() for one in held]
)
def test_the_ground_has(prod: Graph, row: str, sentence: str) -> None:
    assert ROWS[row][sentence](prod)


def test_with_all_of_it_no_guard_objects(prod: Graph) -> None:
    assert [(found.guard, found.urn, found.message) for found in judge(prod) if found.state is State.FAIL] == []


STORE = CustomStore("cks-1234567890abcdef0")
TRUST = [allow("Run", ["sts:AssumeRole"], [], {"Service": "sagemaker.amazonaws.com"})]


def key(**given: Any) -> None:
    """A key that reaches further than one Region or AWS's own store."""
    Key(network_programs.root() / "key", KeyArgs(network_programs.PLACE, "seals records", **given))


def test_a_key_may_be_copied_inside_the_residency_set_and_may_lie_in_a_store_of_ones_own() -> None:
    (copied,) = captured(lambda: key(copies=Copies(["eu-west-1"], ["eu-central-1", "eu-west-1"]))).of_type(KEY)
    (own,) = captured(lambda: key(store=STORE)).of_type(KEY)
    assert copied.get("multiRegion") is True
    assert own.get("customKeyStoreId") == STORE.id


def backed_up_abroad() -> None:
    above = recovery_programs.home()
    recovery_programs.backed_up(above, residency=["eu-central-1"])


def nobody_comes_in() -> None:
    PersonaRole(network_programs.root() / "nobody", PersonaRoleArgs(network_programs.PLACE, [], "Nobody", "boundary"))


def handed_on_without_a_limit() -> None:
    name = network_programs.root()
    engineer = Role(name / "engineer", RoleArgs(TRUST, "ships models", "boundary"))
    Role(name / "runner", RoleArgs(TRUST, "runs models")).grant_pass(engineer, "sagemaker.amazonaws.com")


def joined_to_itself() -> None:
    above, _, net = network_programs.ground()
    network_programs.transit(above, net, far=FarRanges(["10.20.128.0/17"]))


REFUSED: dict[str, tuple[Callable[[], Any], str]] = {
    "a record kept for less than the law asks": (
        lambda: settings_with(audit={"keep_days": 365}),
        r"audit\.keep_days: given 365; expected at least 2190 days in tier prod \(45 CFR 164\.316",
    ),
    "a copy outside the residency set": (
        lambda: settings_with(recovery={"copy_region": "us-east-1", "replicate": True}),
        r"recovery\.copy_region: given .*us-east-1.*; expected",
    ),
    "a key copied outside the residency set": (
        lambda: captured(lambda: key(copies=Copies(["us-east-1"], ["eu-central-1"]))),
        "copies in us-east-1, outside the residency set",
    ),
    "a backup outside the residency set": (
        lambda: captured(backed_up_abroad),
        "its copy is in eu-west-1, where data may not lie; expected eu-central-1",
    ),
    "a persona whom nobody may take": (
        lambda: captured(nobody_comes_in),
        "no principals; name a role or an identity provider, or leave the persona out",
    ),
    "a role without a boundary that is handed to a service": (
        lambda: captured(handed_on_without_a_limit),
        "it has no boundary, so nobody may hand it to .*; pass `boundary` to it",
    ),
    "networks to be joined whose addresses overlap": (
        lambda: settings_with(network={"peers": {"clinic": "10.40.128.0/17"}}),
        r"network\.peers: .*expected ranges that share no address; clinic \(10\.40\.128\.0/17\) overlaps",
    ),
    "a network joined to its own addresses": (
        lambda: captured(joined_to_itself),
        "overlaps the network's own 10.20.0.0/16; addresses at both ends must differ",
    ),
}


@pytest.mark.parametrize("what", REFUSED)
def test_it_is_refused_before_anything_is_made_and_the_message_says_how_to_mend_it(what: str) -> None:
    program, message = REFUSED[what]
    with pytest.raises(BadInput, match=message):
        program()
