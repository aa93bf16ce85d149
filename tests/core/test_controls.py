from __future__ import annotations

import re

import pytest

from core.controls import Responsibility, check_packs, controlled, parse_pack
from core.errors import BadInput
from core.finding import Finding, Severity
from core.verdict import State

PACK = """
id = "hipaa"
title = "The Security Rule"
version = "1"

[controls."164.312(b)"]
title = "Audit controls"
sentence = "Record what happens."
responsibility = "code"
mandatory = true
guards = ["cloudtrail.trail_runs"]
inferred = ["s3.bucket_logs_its_readers"]

[controls."164.308(a)(2)"]
title = "Assigned responsibility"
sentence = "Name one person."
responsibility = "operator"
"""


def finding(guard: str) -> Finding:
    return Finding(guard, State.PASS, "urn:pulumi:prod::p::t::n", "fine", Severity.LOW, "")


def test_a_pack_says_of_each_section_what_it_asks_and_who_sees_to_it() -> None:
    pack = parse_pack(PACK, "hipaa.toml")
    assert (pack.id, pack.title, pack.version) == ("hipaa", "The Security Rule", "1")
    audit, named = pack.controls.values()
    assert (audit.section, audit.title, audit.mandatory) == ("164.312(b)", "Audit controls", True)
    assert audit.guards == ("cloudtrail.trail_runs", "s3.bucket_logs_its_readers")
    assert audit.inferred == {"s3.bucket_logs_its_readers"}
    assert (named.responsibility, named.mandatory, named.guards) == (Responsibility.OPERATOR, False, ())


def test_findings_get_the_sections_their_guards_serve_with_our_own_reading_marked() -> None:
    findings = [finding("cloudtrail.trail_runs"), finding("s3.bucket_logs_its_readers"), finding("kms.key_rotates")]
    joined = controlled(findings, [parse_pack(PACK, "a"), parse_pack(PACK.replace('"hipaa"', '"other"'), "b")])
    assert [one.controls for one in joined] == [
        ("hipaa:164.312(b)", "other:164.312(b)"),
        ("hipaa:~164.312(b)", "other:~164.312(b)"),
        (),
    ]


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("id =", "= id", "hipaa.toml: not TOML"),
        ('title = "The', 'titel = "The', "titel is not known; did you mean 'title'"),
        ('version = "1"', "version = 1", "version is int; expected a text"),
        ('version = "1"', "", "version is missing"),
        ('sentence = "Record what happens."', 'sentence = " "', 'controls."164.312(b)".sentence is empty'),
        ('"operator"', '"oprator"', "responsibility is 'oprator'; did you mean 'operator'"),
        ("mandatory = true", 'mandatory = "yes"', "mandatory is str; expected true or false"),
        ('guards = ["cloudtrail.trail_runs"]', 'guards = "cloudtrail.trail_runs"', "guards is str; expected a list"),
        ('guards = ["cloudtrail.trail_runs"]', "guards = [1]", "holds something else than text"),
        ('"cloudtrail.trail_runs"', '"s3.bucket_logs_its_readers"', "names a guard twice"),
        ('responsibility = "code"', 'responsibility = "aws"', "is aws with 2 guards"),
        ('responsibility = "operator"', 'responsibility = "code"', "is code with 0 guards"),
        ('[controls."164.308(a)(2)"]', '[controls]\n"164.308(a)(2)" = 7\n[x]', "not known"),
    ],
)
def test_a_pack_that_cannot_be_meant_is_refused_with_file_key_and_expectation(old: str, new: str, why: str) -> None:
    assert old in PACK
    with pytest.raises(BadInput) as refused:
        parse_pack(PACK.replace(old, new, 1), "hipaa.toml")
    assert re.match(r"hipaa\.toml(:\d+)?: ", str(refused.value))
    assert why in str(refused.value)


def test_a_section_that_is_no_table_is_refused() -> None:
    with pytest.raises(BadInput, match=r'controls."164.1" is no table'):
        parse_pack('id="p"\ntitle="t"\nversion="1"\n[controls]\n"164.1" = 7\n', "p.toml")


def test_a_pack_that_names_a_guard_there_is_not_is_refused() -> None:
    with pytest.raises(BadInput, match=r"'cloudtrail.trail_runs' is no guard; did you mean 'cloudtrail.trail_run'\?"):
        check_packs([parse_pack(PACK, "a")], ["cloudtrail.trail_run", "s3.bucket_logs_its_readers"])
    check_packs([parse_pack(PACK, "a")], ["cloudtrail.trail_runs", "s3.bucket_logs_its_readers"])


def test_a_fault_in_a_pack_is_told_with_its_line() -> None:
    with pytest.raises(BadInput, match=r'^hipaa.toml:10: controls."164.312\(b\)".mandatory is str'):
        parse_pack(PACK.replace("mandatory = true", 'mandatory = "yes"'), "hipaa.toml")
    with pytest.raises(BadInput, match=r'^hipaa.toml:6: controls."164.312\(b\)".guards: .* expected the id of a guard'):
        check_packs([parse_pack(PACK, "hipaa.toml")], [])
