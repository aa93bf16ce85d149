from __future__ import annotations

import json
from typing import Any

import pytest

from cli.exit_code import ExitCode
from cli.judgement import Law, read_law
from cli.pack_config import USUAL, of_guards
from core.finding import Severity
from policies.foreign import SETTINGS
from policies.judge import guards
from policies.remedies import REMEDIES
from tests.cli.conftest import Run


def made(run: Run, *arguments: str) -> dict[str, Any]:
    result = run("pack-config", *arguments)
    assert result.exit_code == ExitCode.OK, result.stderr
    return dict(json.loads(result.stdout))


def test_without_options_every_guard_counts_as_its_severity_says(run: Run) -> None:
    said = made(run)
    assert set(said) == set(guards())
    assert said["kms.key_rotates"] == {"enforcementLevel": "mandatory"}
    assert said["logs.group_keeps_its_events_for_a_set_time"] == {"enforcementLevel": "advisory"}


def test_a_guard_that_serves_no_framework_that_counts_is_disabled() -> None:
    law = read_law()
    served = next(name for name in guards() if law.served_by(name))
    alone = Law(tuple(pack for pack in law.packs if pack.id == "gdpr"), law.used)
    for packs, level in ((["gdpr"], USUAL[guards()[served].severity]), (["nothing"], "disabled")):
        said = of_guards(alone, packs, USUAL, remediate=True, quiet=True)
        serves = any(section.startswith("gdpr:") for section in alone.served_by(served))
        assert (said[served]["enforcementLevel"] == "disabled") is (level == "disabled" or not serves)


def test_levels_go_by_severity(run: Run) -> None:
    said = made(run, "--level", "medium=mandatory", "--level", "low=disabled", "--unknown-is-a-note")
    for name, guard in guards().items():
        expected = "disabled" if guard.severity is Severity.LOW else "mandatory"
        assert said[name]["enforcementLevel"] == expected
        assert ("unknown" in said[name]) is (expected != "disabled")


def test_remedies_are_for_what_is_safe_to_mend_only(run: Run) -> None:
    said = made(run, "--remediate")
    assert {name for name, entry in said.items() if entry["enforcementLevel"] == "remediate"} == set(REMEDIES)


def test_what_a_program_does_not_say_is_told(run: Run) -> None:
    said = made(run, "--residency", "eu-central-1", "--residency", "eu-west-1", "--data-class-tag", "sensitivity")
    assert said[SETTINGS] == {
        "enforcementLevel": "advisory",
        "residency": ["eu-central-1", "eu-west-1"],
        "dataClassTag": "sensitivity",
    }


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--level", "hihg=mandatory"), "did you mean 'high'"),
        (("--level", "high=mandatori"), "did you mean 'mandatory'"),
        (("--level", "high"), "expected critical|high"),
        (("--pack", "hippa"), "did you mean 'hipaa'"),
    ],
)
def test_what_cannot_be_configured_is_told(run: Run, arguments: tuple[str, ...], said: str) -> None:
    result = run("pack-config", *arguments)
    assert result.exit_code == ExitCode.BAD_INPUT
    assert said in result.stderr
