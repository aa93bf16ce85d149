"""The remediation mode, through the SDK's own servicer: off by default, and what is secret stays secret."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

import pytest
from google.protobuf.json_format import MessageToDict, ParseDict
from pulumi.runtime import proto
from pulumi_policy.proxy import UNKNOWN_STRING_VALUE

from core.controls import parse_waivers
from core.verdict import State
from policies import tokens
from policies.__main__ import Law
from policies.judge import guards
from policies.remedies import NOTHING, REMEDIES, changes

SIGNATURE = "4dabf18193072939515e22adb298388d"
SECRET = {SIGNATURE: "1b47061264138c4ac30d75fd1eb44270", "value": "hunter2"}
ROTATES = "kms.key_rotates"


def mended(engine: Any, level: int | None, **properties: Any) -> dict[str, Any]:
    """What the engine is told to make of a key, when the guard's level is this."""
    if level is not None:
        request = proto.ConfigureAnalyzerRequest()
        request.policyConfig[ROTATES].CopyFrom(proto.PolicyConfig(enforcementLevel=level))
        engine.servicer.Configure(request, None)
    asked = proto.AnalyzeRequest(type=tokens.KEY, urn=f"urn:pulumi:prod::wards::{tokens.KEY}::seal", name="seal")
    ParseDict(properties, asked.properties)
    found = engine.servicer.Remediate(asked, None).remediations
    return {one.policyName: MessageToDict(one.properties) for one in found}


@pytest.mark.parametrize("level", [None, proto.MANDATORY, proto.ADVISORY])
def test_nothing_is_mended_unless_it_is_asked_for(pack: Any, level: int | None) -> None:
    assert mended(pack(), level, enableKeyRotation=False) == {}


def test_what_is_asked_for_is_mended_and_secrets_stay_secret(pack: Any) -> None:
    found = mended(pack(), proto.REMEDIATE, enableKeyRotation=False, description=SECRET, tags={"a": "b"})
    assert found == {ROTATES: {"enableKeyRotation": True, "description": SECRET, "tags": {"a": "b"}}}


@pytest.mark.parametrize(
    "properties",
    [
        {"enableKeyRotation": True},
        {"enableKeyRotation": UNKNOWN_STRING_VALUE},
        {"customerMasterKeySpec": "RSA_4096"},
        {"customKeyStoreId": UNKNOWN_STRING_VALUE},
    ],
)
def test_what_is_right_or_cannot_be_told_is_left_alone(pack: Any, properties: dict[str, Any]) -> None:
    assert mended(pack(), proto.REMEDIATE, **properties) == {}


def test_what_is_waived_is_left_alone(pack: Any) -> None:
    text = f"""
[[waivers]]
guard = "{ROTATES}"
resource = "seal"
environment = "prod"
reason = "imported material"
owner = "ana"
expires = 2026-12-01
"""
    held = Law((), parse_waivers(text, "w.toml"), date(2026, 11, 24))
    assert mended(pack(None, held), proto.REMEDIATE, enableKeyRotation=False) == {}


@pytest.mark.parametrize("name", sorted(REMEDIES))
def test_a_remedy_satisfies_its_guard_on_every_wrong_case(name: str, every_case: Iterable[Any]) -> None:
    guard = guards()[name]
    assert guard.alone
    wrong = [case for case in every_case if case.guard == name and case.expect is State.FAIL]
    assert wrong
    for case in wrong:
        again = type(case.resource)(
            case.resource.type, case.urn, {**case.resource.inputs, **changes(guard, case.resource)}
        )
        assert guard.judge(again, NOTHING).state in {State.PASS, State.UNKNOWN}, case.because
