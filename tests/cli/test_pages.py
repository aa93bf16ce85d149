from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from cli import pages
from cli.__main__ import strongroom


@pytest.fixture
def project(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    (tmp_path / "README.md").write_text("# Ours\n<!-- generated: up -->\nold\n<!-- end -->\nkept\n", encoding="utf-8")
    (tmp_path / "docs").mkdir()
    (tmp_path / "Pulumi.yaml").write_text("name: ours\nconfig:\n  old: {}\n", encoding="utf-8")
    monkeypatch.setattr(pages, "PROJECT", tmp_path)
    monkeypatch.setattr(pages, "up_sample", lambda: "new\n")
    monkeypatch.setattr(pages, "components", list)
    monkeypatch.setattr(pages, "idle_cost_page", lambda: "costs\n")
    return tmp_path


def test_only_what_stands_between_the_marks_is_written(project: Path) -> None:
    done = CliRunner().invoke(strongroom, ["pages"])
    assert (done.exit_code, "README.md" in done.stderr) == (0, True)
    said = (project / "README.md").read_text(encoding="utf-8")
    assert said == "# Ours\n<!-- generated: up -->\nnew\n<!-- end -->\nkept\n"
    assert "kms.key_rotates" in (project / "docs/guards.md").read_text(encoding="utf-8")


def test_a_page_that_is_out_of_date_is_refused_and_left_alone(project: Path) -> None:
    before = (project / "README.md").read_text(encoding="utf-8")
    done = CliRunner().invoke(strongroom, ["pages", "--check"])
    assert done.exit_code == 2
    assert "README.md, docs/components.md, docs/guards.md, docs/catalogue.md, docs/coverage.md" in done.stderr
    assert "Pulumi.yaml: out of date" in done.stderr
    assert (project / "README.md").read_text(encoding="utf-8") == before


@pytest.mark.usefixtures("project")
def test_fresh_pages_pass_the_check() -> None:
    CliRunner().invoke(strongroom, ["pages"])
    assert CliRunner().invoke(strongroom, ["pages", "--check"]).exit_code == 0


def test_every_component_with_arguments_has_its_section() -> None:
    page = pages.component_page()
    assert {"## AlarmTopic", "## AuditTrail"} <= {line for line in page.splitlines() if line.startswith("## ")}
    assert "| `boundary` | `Input[str] \\| None` | none |" in page
    assert "- `grant_invoke`: Let the role ask this model" in page
