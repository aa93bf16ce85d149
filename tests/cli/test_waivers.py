from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Run

TWO = """
[[waivers]]
guard = "s3.bucket_keeps_versions"
resource = "wards-prod-scratch-store"
environment = "prod"
reason = "holds test data only"
owner = "data team"
expires = 2026-12-04
ticket = "DATA-7"
instead = "the trail records every write"

[[waivers]]
control = "hipaa:164.312(b)"
resource = "*"
environment = "dev"
reason = ""
owner = ""
expires = 2026-11-20
"""


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1795521600")  # 2026-11-24
    path = tmp_path / "waivers.toml"
    path.write_text(TWO, encoding="utf-8")
    return path


def test_waivers_are_listed_with_the_days_left_and_what_is_wrong_with_them(run: Run, file: Path) -> None:
    shown = run("waivers", "--waivers", file).stdout
    assert "s3.bucket_keeps_versions  on wards-prod-scratch-store in prod: 10 days left" in shown
    assert "hipaa:164.312(b)  on * in dev: ran out 4 days ago" in shown
    for wrong in ("has no owner", "has no reason", "would match any resource at all", "has run out"):
        assert f"WRONG   {wrong}" in shown
    assert "instead the trail records every write" in shown


def test_programs_get_the_same_list(run: Run, file: Path) -> None:
    told = json.loads(run("waivers", "--waivers", file, "--format", "json").stdout)
    assert [one["days_left"] for one in told["waivers"]] == [-4, 10]
    assert told["waivers"][1]["faults"] == []


def test_that_none_is_in_force_is_said(run: Run) -> None:
    assert "No waiver is in force" in run("waivers").stdout


def test_a_waiver_that_cannot_be_read_is_refused_with_its_line(run: Run, file: Path) -> None:
    file.write_text(TWO.replace('owner = ""', 'ownr = ""'), encoding="utf-8")
    result = run("waivers", "--waivers", file)
    assert result.exit_code == 2
    assert "waivers.toml:17: waivers[2].ownr is not known; did you mean 'owner'?" in result.stderr
