"""The policy pack, asked about a whole stack, and what it says of itself."""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

from pulumi.runtime import proto
from pulumi_policy import EnforcementLevel, ResourceValidationPolicy, StackValidationPolicy
from pulumi_policy.proxy import UNKNOWN_STRING_VALUE

from core.controls import parse_pack, parse_waivers
from policies import __main__ as pack_program
from policies import tokens
from policies.__main__ import LEVELS, Law, law, policies
from policies.judge import guards

HIDDEN = UNKNOWN_STRING_VALUE
SECRET_SIG = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270"}
BUCKET, BLOCK = tokens.BUCKET[0], tokens.BUCKET_PUBLIC_ACCESS[0]
FLAGS = {"blockPublicAcls": True, "blockPublicPolicy": True, "ignorePublicAcls": True, "restrictPublicBuckets": True}
STACK = "pulumi:pulumi:Stack"


def urn(token: str, name: str) -> str:
    return f"urn:pulumi:prod::wards::{token}::{name}"


def test_an_absent_trail_is_found_on_the_stack(pack: Any) -> None:
    engine = pack()
    engine.outputs(STACK, "wards-prod")
    (found,) = pack.said(engine.after(), "cloudtrail.trail_exists_and_runs")
    assert (found.urn, found.enforcementLevel) == (urn(STACK, "wards-prod"), proto.MANDATORY)


def test_a_guard_without_anything_to_judge_in_the_stack_is_not_applicable(pack: Any) -> None:
    engine = pack()
    engine.outputs(STACK, "wards-prod")
    assert pack.away(engine.after(), "s3.bucket_blocks_public_access") == ["nothing here is of a type it concerns"]


def test_a_link_decides_at_the_first_preview_while_the_value_is_unknown(pack: Any) -> None:
    engine, key = pack(), urn(tokens.KEY, "k")
    engine.before(tokens.KEY, "k", enableKeyRotation=True)
    engine.before(tokens.LOG_GROUP, "g", kmsKeyId=HIDDEN)
    engine.outputs(tokens.KEY, "k")
    engine.outputs(tokens.LOG_GROUP, "g", {"kmsKeyId": [key]}, kmsKeyId=HIDDEN)
    response = engine.after()
    assert pack.said(response, "logs.group_is_encrypted_with_own_key") == []
    assert pack.away(response, "logs.group_is_encrypted_with_own_key") == []


def test_a_companion_that_is_missing_is_a_violation_on_the_resource_it_should_complete(pack: Any) -> None:
    engine, one = pack(), urn(BUCKET, "one")
    for name in ("one", "two"):
        engine.before(BUCKET, name)
        engine.outputs(BUCKET, name)
    engine.before(BLOCK, "closed", bucket=HIDDEN, **FLAGS)
    engine.outputs(BLOCK, "closed", {"bucket": [one]}, bucket=HIDDEN, **FLAGS)
    found = pack.said(engine.after(), "s3.bucket_blocks_public_access")
    assert [item.urn for item in found] == [urn(BUCKET, "two")]


def test_what_outputs_do_not_show_is_taken_from_what_was_seen_before(pack: Any) -> None:
    engine = pack()
    engine.before(tokens.LOG_GROUP, "g", retentionInDays=7)
    engine.outputs(tokens.LOG_GROUP, "g")
    (found,) = pack.said(engine.after(), "logs.group_is_encrypted_with_own_key")
    assert "kmsKeyId of g is not set" in found.message


def test_what_was_never_seen_before_is_unknown_and_not_absent(pack: Any) -> None:
    engine = pack()
    engine.outputs(tokens.LOG_GROUP, "g")
    (found,) = pack.said(engine.after(), "logs.group_is_encrypted_with_own_key")
    assert "unknown: " in found.message


def test_statements_seen_in_a_component_before_are_read_in_the_whole_stack(pack: Any) -> None:
    engine, token = pack(), tokens.BUCKET_POLICY[0]
    statement = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": HIDDEN}
    engine.before(
        "strongroom:index:PolicyDocument", "p-policy", of="p", attribute="policy", document={"Statement": [statement]}
    )
    engine.before(BUCKET, "one")
    engine.before(token, "p", bucket=HIDDEN, policy=HIDDEN)
    engine.outputs("strongroom:index:PolicyDocument", "p-policy")
    engine.outputs(BUCKET, "one")
    engine.outputs(token, "p", {"bucket": [urn(BUCKET, "one")]}, bucket=HIDDEN, policy=HIDDEN)
    (found,) = pack.said(engine.after(), "s3.bucket_names_whom_it_admits")
    assert "unknown" not in found.message
    assert "must be named, without *" in found.message


def test_every_wrong_resource_is_named_before_a_note_ends_the_guard(pack: Any) -> None:
    guard = "logs.group_is_encrypted_with_own_key"
    engine = pack(logs__group_is_encrypted_with_own_key={"unknown": "note"})
    unread: dict[str, Any] = {"kmsKeyId": HIDDEN}
    for name, inputs in (("a", unread), ("b", {}), ("c", {})):
        engine.before(tokens.LOG_GROUP, name, **inputs)
        engine.outputs(tokens.LOG_GROUP, name, None, **inputs)
    found = pack.said(engine.after(), guard)
    assert [item.urn for item in found] == [urn(tokens.LOG_GROUP, "b"), urn(tokens.LOG_GROUP, "c"), ""]
    assert found[-1].enforcementLevel == proto.ADVISORY


def test_resources_that_contradict_each_other_leave_everything_unknown(pack: Any) -> None:
    engine = pack()
    engine.outputs(BUCKET, "one")
    engine.outputs(BUCKET, "one")
    found = engine.after().diagnostics
    assert {item.policyName for item in found} == {name for name, guard in guards().items() if not guard.alone}
    assert all("unknown: the engine's resources contradict each other" in item.message for item in found)


def test_the_same_resource_is_read_anew_when_its_inputs_are_known(pack: Any) -> None:
    engine = pack()
    engine.before(tokens.KEY, "k", enableKeyRotation=HIDDEN)
    assert pack.said(engine.before(tokens.KEY, "k", enableKeyRotation=True), "kms.key_rotates") == []
    assert len(pack.said(engine.before(tokens.KEY, "k", enableKeyRotation=False), "kms.key_rotates")) == 1


def test_the_same_stack_is_judged_anew_when_it_has_changed(pack: Any) -> None:
    engine = pack()
    engine.outputs(STACK, "wards-prod")
    assert pack.said(engine.after(), "cloudtrail.trail_exists_and_runs")
    engine.before(tokens.TRAIL, "t", isMultiRegionTrail=True)
    engine.outputs(tokens.TRAIL, "t", isMultiRegionTrail=True)
    assert not pack.said(engine.after(), "cloudtrail.trail_exists_and_runs")


WAIVERS = """
[[waivers]]
guard = "kms.key_rotates"
resource = "k"
environment = "prod"
reason = "rotated by hand until the import is done"
owner = "platform team"
expires = 2026-12-31
"""


def test_a_waived_finding_is_a_note_that_names_its_owner_and_its_end(pack: Any) -> None:
    held = Law(waivers=parse_waivers(WAIVERS, "waivers.toml"), today=date(2026, 11, 24))
    engine = pack(held=held)
    (found,) = pack.said(engine.before(tokens.KEY, "k"), "kms.key_rotates")
    assert found.enforcementLevel == proto.ADVISORY
    assert "waived until 2026-12-31 by platform team: k: rotated by hand" in found.message
    (other,) = pack.said(engine.before(tokens.KEY, "other"), "kms.key_rotates")
    assert other.enforcementLevel == proto.MANDATORY


def test_a_waiver_that_has_run_out_excuses_nothing(pack: Any) -> None:
    held = Law(waivers=parse_waivers(WAIVERS, "waivers.toml"), today=date(2027, 1, 1))
    (found,) = pack.said(pack(held=held).before(tokens.KEY, "k"), "kms.key_rotates")
    assert found.enforcementLevel == proto.MANDATORY


def test_every_guard_is_a_policy_that_says_what_it_is(pack: Any) -> None:
    info = pack(held=law(date(2026, 11, 24))).servicer.GetAnalyzerInfo(None, None)
    settings, *others = info.policies
    assert set(dict(settings.configSchema.properties)) == {"residency", "dataClassTag"}
    assert [policy.name for policy in others] == list(guards())
    for policy in others:
        guard = guards()[policy.name]
        assert policy.description == guard.why.partition("\n")[0]
        assert policy.remediation_steps == guard.fix
        assert any(tag.startswith("hipaa:") for tag in policy.tags), policy.name
        assert policy.framework.name
        assert "unknown" in dict(policy.configSchema.properties)
        assert policy.enforcementLevel == (
            proto.MANDATORY if LEVELS[guard.severity] is EnforcementLevel.MANDATORY else proto.ADVISORY
        )


def test_guards_that_read_one_resource_are_asked_before_it_is_created() -> None:
    for policy in policies()[1:]:
        alone = guards()[policy.name].alone
        assert isinstance(policy, ResourceValidationPolicy if alone else StackValidationPolicy)


def test_our_own_reading_of_a_section_is_marked_in_the_tags(pack: Any) -> None:
    pack = parse_pack(
        'id = "p"\ntitle = "P"\nversion = "1"\n[controls."1"]\ntitle = "T"\nsentence = "S"\nresponsibility = "code"\n'
        'inferred = ["kms.key_rotates"]\n',
        "p.toml",
    )
    _, policy = policies([guards()["kms.key_rotates"]], Law((pack,)))
    assert policy.tags == ["p:~1"]


def test_the_folder_runs_as_a_program_and_tells_the_engine_its_port() -> None:
    """The folder heads the import path then: a file in it named like a module would stand in for that module."""
    command = [sys.executable, str(Path(pack_program.__file__).parent), "127.0.0.1:1"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as program:  # noqa: S603 - our own Python
        try:
            assert program.stdout is not None
            assert 0 < int(program.stdout.readline()) < 65536
        finally:
            program.kill()
