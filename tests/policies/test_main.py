"""The policy pack, asked about single resources before they are created."""

from __future__ import annotations

from typing import Any

import pytest
from pulumi.runtime import proto
from pulumi_policy.proxy import UNKNOWN_STRING_VALUE

from core.finding import Severity
from core.resource import Resource
from core.verdict import Verdict, passed
from policies import tokens
from policies.foreign import SETTINGS
from policies.guard import Guard
from policies.judge import guards

HIDDEN = UNKNOWN_STRING_VALUE
SECRET_SIG = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270"}
BUCKET, BLOCK = tokens.BUCKET[0], tokens.BUCKET_PUBLIC_ACCESS[0]
FLAGS = {"blockPublicAcls": True, "blockPublicPolicy": True, "ignorePublicAcls": True, "restrictPublicBuckets": True}
STACK = "pulumi:pulumi:Stack"


def urn(token: str, name: str) -> str:
    return f"urn:pulumi:prod::wards::{token}::{name}"


def test_what_is_right_gives_neither_a_violation_nor_a_note(pack: Any) -> None:
    response = pack().before(tokens.KEY, "k", enableKeyRotation=True)
    assert (pack.said(response, "kms.key_rotates"), pack.away(response, "kms.key_rotates")) == ([], [])


def test_what_is_wrong_is_a_mandatory_violation_with_its_fix(pack: Any) -> None:
    (found,) = pack.said(pack().before(tokens.KEY, "k", enableKeyRotation=False), "kms.key_rotates")
    assert found.enforcementLevel == proto.MANDATORY
    assert found.severity == proto.POLICY_SEVERITY_HIGH
    assert "enableKeyRotation of k must be true. Set enableKeyRotation" in found.message


def test_a_medium_guard_only_advises(pack: Any) -> None:
    (found,) = pack.said(pack().before(tokens.LOG_GROUP, "g"), "logs.group_keeps_its_events_for_a_set_time")
    assert found.enforcementLevel == proto.ADVISORY


def test_an_unknown_property_is_said_to_be_unknown_at_the_guards_own_level(pack: Any) -> None:
    (found,) = pack.said(pack().before(tokens.MODEL, "m", enableNetworkIsolation=HIDDEN), "sagemaker.model_is_isolated")
    assert found.enforcementLevel == proto.MANDATORY
    assert "unknown: enableNetworkIsolation of m is not known yet" in found.message
    assert found.urn == urn(tokens.MODEL, "m")


def test_configuration_can_make_a_note_of_what_is_unknown_and_still_nothing_passes(pack: Any) -> None:
    engine = pack(kms__key_rotates={"unknown": "note"})
    (found,) = pack.said(engine.before(tokens.KEY, "k", enableKeyRotation=HIDDEN), "kms.key_rotates")
    assert found.enforcementLevel == proto.ADVISORY
    assert "unknown: k: enableKeyRotation of k is not known yet" in found.message


def test_a_known_wrong_value_is_found_beside_an_unknown_one_in_a_list(pack: Any) -> None:
    guard, everywhere = "ec2.group_admits_nobody_from_everywhere", "0.0.0.0/0"
    for ranges in ([HIDDEN, everywhere], [everywhere, HIDDEN]):
        (found,) = pack.said(pack().before(tokens.GROUP, "g", ingress=[{"cidrBlocks": ranges}]), guard)
        assert "must be a range of our own" in found.message
    (found,) = pack.said(pack().before(tokens.GROUP, "g", ingress=[{"cidrBlocks": [HIDDEN]}]), guard)
    assert "unknown: " in found.message


def test_unknown_properties_are_present_for_a_guard_that_reads_another_one_first(pack: Any) -> None:
    response = pack().before(tokens.SUBNET, "s", mapPublicIpOnLaunch=HIDDEN, assignIpv6AddressOnCreation=True)
    (found,) = pack.said(response, "ec2.subnet_gives_no_public_address")
    assert "unknown" not in found.message
    assert "assignIpv6AddressOnCreation of s must be false" in found.message


def test_other_types_are_not_applicable_and_never_count_as_passed(pack: Any) -> None:
    response = pack().before("aws:x/other:Other", "o")
    alone = {policy for policy, guard in guards().items() if guard.alone}
    assert {item.policy_name for item in response.not_applicable} == {*alone, SETTINGS}
    assert list(response.diagnostics) == []


def test_a_guard_that_does_not_apply_gives_its_reason(pack: Any) -> None:
    response = pack().before(tokens.KEY, "k", customerMasterKeySpec="RSA_4096")
    assert pack.away(response, "kms.key_rotates") == ["KMS does not rotate keys of this kind by itself"]


def broken(thing: Resource) -> Verdict:
    """It breaks on what it does not expect."""
    return passed(str(int(thing.inputs["password"])))


BROKEN = Guard("x.thing_is_right", ("aws:x/thing:Thing",), Severity.CRITICAL, "Mend it.", "Why.", broken, alone=True)


@pytest.mark.parametrize("unknown", ["violation", "note"])
def test_a_guard_that_breaks_is_a_violation_and_the_others_still_judge(pack: Any, unknown: str) -> None:
    engine = pack([BROKEN, guards()["kms.key_rotates"]])
    entry = proto.PolicyConfig(enforcementLevel=proto.MANDATORY)
    entry.properties.update({"unknown": unknown})
    request = proto.ConfigureAnalyzerRequest()
    request.policyConfig[BROKEN.id].CopyFrom(entry)
    engine.servicer.Configure(request, None)
    (found,) = pack.said(engine.before("aws:x/thing:Thing", "t", password="hunter2"), BROKEN.id)
    assert found.enforcementLevel == proto.MANDATORY
    assert "unknown: the guard itself failed: ValueError at " in found.message
    assert "hunter2" not in found.message
    assert len(pack.said(engine.before(tokens.KEY, "k"), "kms.key_rotates")) == 1


def test_secrets_are_never_echoed(pack: Any) -> None:
    hush = {**SECRET_SIG, "value": "hush-hush-0.0.0.0/0"}
    engine = pack()
    responses = [
        engine.before(token, "r", policy=hush, image=hush, kmsKeyId=hush, bucket=hush, cidrIpv4=hush, ingress=hush)
        for token in sorted({token for guard in guards().values() for token in guard.on} - {STACK})
    ]
    for token in sorted({token for guard in guards().values() for token in guard.on} - {STACK}):
        engine.outputs(token, "r", policy=hush, assumeRolePolicy=hush, kmsKeyId=hush)
    told = str([*responses, engine.after()])
    assert "violat" in told or "must be" in told
    assert "hush-hush" not in told


def test_files_that_a_resource_carries_are_no_obstacle(pack: Any) -> None:
    asset = {"4dabf18193072939515e22adb298388d": "c44067f5952c0a294b673a41bacd8c17", "text": "hello"}
    response = pack().before(tokens.KEY, "k", enableKeyRotation=True, code=asset)
    assert pack.said(response, "kms.key_rotates") == []
