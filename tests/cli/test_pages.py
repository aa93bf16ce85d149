from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from cli import component_pages, pages
from cli.__main__ import strongroom
from cli.judgement import judged, read_law
from cli.program import declared, settings_of
from core.graph import graph_of
from tests.test_components_conform import CLASSES


@pytest.fixture
def project(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    (tmp_path / "README.md").write_text("# Ours\n<!-- generated: up -->\nold\n<!-- end -->\nkept\n", encoding="utf-8")
    (tmp_path / "docs").mkdir()
    (tmp_path / "Pulumi.yaml").write_text("name: ours\nconfig:\n  old: {}\n", encoding="utf-8")
    monkeypatch.setattr(pages, "PROJECT", tmp_path)
    monkeypatch.setattr(pages, "up_sample", lambda: "new\n")
    monkeypatch.setattr(pages, "declared", lambda _: graph_of([]))
    monkeypatch.setattr(component_pages, "components", list)
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


def test_every_component_has_its_section_with_what_it_is_told_grants_and_serves() -> None:
    graph = declared(settings_of("prod"))
    page = component_pages.page(judged(graph, read_law()), graph)
    kinds = {name for name, kind in CLASSES.items() if kind.__module__.startswith("components.")}
    assert {f"## {name}" for name in kinds} == {line for line in page.splitlines() if line.startswith("## ")}
    assert len([line for line in page.splitlines() if line.startswith("- Serves: HIPAA")]) > len(kinds) // 2
    assert "| `boundary` | `Input[str] \\| None` | required |" in page
    assert "| `boundary` | `Input[str] \\| None` | none |" in page
    assert "- `grant_invoke`: Let the role ask this model" in page
