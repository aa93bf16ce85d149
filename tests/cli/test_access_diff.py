"""What a change gives and takes, on a ward of two roles and one store."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

from access.access_changes import parse_agreed
from access.ask import Asker
from cli.access_diff import difference
from cli.access_source import from_file
from cli.exit_code import ExitCode
from cli.revision import source_at
from core.errors import BadInput
from core.graph_json import to_json
from tests.cli.conftest import Run
from tests.cli.ward import (
    ACCOUNT,
    EVERYBODY,
    FENCE,
    READ,
    ROLE,
    SOUND,
    WITH_MFA,
    Saved,
    Statements,
    sealed_by_a_key,
    ward,
)


def test_nothing_changed_is_said_and_is_no_finding(run: Run, saved: Saved) -> None:
    result = run("access", "diff", saved("a.json", SOUND), saved("b.json", SOUND))
    assert result.exit_code == ExitCode.OK, result.output
    assert "nobody can do more, or less, than before" in result.stdout


def test_a_wider_bucket_policy_names_who_gained_what_and_the_line(run: Run, saved: Saved) -> None:
    wider = {**SOUND, "records": [FENCE, ACCOUNT]}
    result = run("access", "diff", saved("a.json", SOUND), saved("b.json", wider))
    assert result.exit_code == ExitCode.FINDINGS, result.output
    assert "NOT AGREED TO gained: nurse read an object: health data" in result.stdout
    assert 'added "Account"' in result.stdout
    assert "ward.py:2" in result.stdout


def test_a_store_that_is_open_to_everybody_is_gained_by_outsiders(run: Run, saved: Saved) -> None:
    wider = {**SOUND, "records": [EVERYBODY]}
    result = run("access", "diff", saved("a.json", SOUND), saved("b.json", wider), "--format", "json")
    gained = {(one["row"], one["letter"]) for one in json.loads(result.stdout)["changes"] if one["kind"] == "gained"}
    assert {("anybody", "R"), ("outsiders", "R"), ("nurse", "R")} <= gained


def test_what_is_lost_is_told_and_is_no_finding(run: Run, saved: Saved) -> None:
    result = run("access", "diff", saved("a.json", SOUND), saved("b.json", {**SOUND, "doctor": []}))
    assert result.exit_code == ExitCode.OK, result.output
    assert "lost: doctor read an object: health data" in result.stdout


@pytest.mark.parametrize(("before", "after", "code"), [(WITH_MFA, {}, 1), ({}, WITH_MFA, 0)])
def test_a_condition_that_goes_is_a_finding_and_one_that_comes_is_none(
    run: Run, saved: Saved, before: Any, after: Any, code: int
) -> None:
    files = [
        saved(name, {**SOUND, "doctor": [{**READ, **({"Condition": said} if said else {})}]})
        for name, said in (("a.json", before), ("b.json", after))
    ]
    result = run("access", "diff", *files)
    assert result.exit_code == code, result.output
    assert "under other conditions: doctor read an object: health data" in result.stdout
    assert "with a second factor" in result.stdout


def test_a_statement_that_no_longer_holds_is_named(run: Run, saved: Saved) -> None:
    nobody: Statements = {"doctor": [], "nurse": [], "records": [FENCE]}
    result = run(
        "access", "diff", saved("a.json", nobody), saved("b.json", {**nobody, "nurse": [READ]}), "--format", "json"
    )
    assert result.exit_code == ExitCode.FINDINGS, result.output
    broken = {one["id"]: one for one in json.loads(result.stdout)["no_longer_proved"]}
    assert broken["data.health-opened-by-the-cleared"]["verdict"] == "refuted"
    assert "nurse" in broken["data.health-opened-by-the-cleared"]["reason"]


def test_what_only_the_key_prevents_is_half_gained(run: Run, saved: Saved) -> None:
    sealed = [
        sealed_by_a_key(saved(name, said)) for name, said in (("a.json", SOUND), ("b.json", {**SOUND, "nurse": [READ]}))
    ]
    result = run("access", "diff", *sealed)
    assert "gained: nurse read an object: health data (only the key stands in the way)" in result.stdout, result.output
    assert "(R)" in run("access", "matrix", "--file", sealed[1]).stdout


def test_a_role_that_appears_gains_what_it_can_do(run: Run, saved: Saved) -> None:
    result = run("access", "diff", saved("a.json", SOUND), saved("b.json", {**SOUND, "porter": [READ]}))
    assert "gained: porter read an object: health data" in result.stdout


def test_gained_access_that_was_agreed_to_is_no_finding(run: Run, saved: Saved, tmp_path: Path) -> None:
    head = saved("b.json", {**SOUND, "nurse": [READ]})
    agreed = tmp_path / "agreed.toml"
    entry = {"environment": "prod", "row": "nurse", "column": "health data", "letters": "R"}
    said = {**entry, "reason": "Night rounds", "approved_by": "privacy office"}
    agreed.write_text("[[changes]]\n" + "".join(f"{key} = {json.dumps(text)}\n" for key, text in said.items()))
    result = run("access", "diff", saved("a.json", SOUND), head, "--env", "prod", "--agreed", agreed)
    assert result.exit_code == ExitCode.OK, result.output
    assert "gained: nurse" in result.stdout
    assert "NOT AGREED TO" not in result.stdout
    later = run("access", "diff", head, head, "--env", "prod", "--agreed", agreed)
    assert f"{agreed.name}:1: no change needs this entry" in later.stdout


def test_only_what_a_changed_policy_has_to_do_with_is_asked_again(
    saved: Saved, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    original = Asker.ask
    monkeypatch.setattr(
        Asker, "ask", lambda self, question: (asked.append(str(question.callers[0])), original(self, question))[1]
    )
    difference(from_file(str(saved("a.json", SOUND))), from_file(str(saved("b.json", {**SOUND, "nurse": [READ]}))))
    assert set(asked) == {"nurse"}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[[changes]]\nrow = 'a'", "agreed.toml:1: changes[1].environment is missing"),
        ("[[changes]]\ncolour = 'a'", "agreed.toml:2: changes[1].colour is not known"),
        ("changes = 1", "changes is int"),
        ("[[changes]", "not TOML"),
    ],
)
def test_a_bad_file_of_agreed_changes_is_refused_with_its_place(text: str, told: str) -> None:
    with pytest.raises(BadInput, match=re.escape(told)):
        parse_agreed(text, "agreed.toml")


@pytest.mark.parametrize("words", [("nowhere",), ("nowhere", "--env", "prod")])
def test_what_is_neither_a_file_nor_a_commit_is_refused(run: Run, words: tuple[str, ...]) -> None:
    result = run("access", "diff", *words)
    assert result.exit_code == ExitCode.BAD_INPUT
    assert "nowhere" in result.stderr
    assert "commit" in result.stderr


def test_a_commit_says_what_its_own_program_declares(tmp_path: Path) -> None:
    """A repository whose program at the commit differs from the one in the working tree."""
    graph, there = to_json(ward(SOUND)), tmp_path / "cli"
    there.mkdir()
    (there / "__init__.py").write_text("")
    (there / "program.py").write_text(
        "class S:\n    account, region = '111122223333', 'eu-central-1'\n\n\ndef settings_of(name):\n    return S()\n"
    )
    (there / "access_source.py").write_text(
        f"from core.graph_json import from_json\n\n\ndef program_graph(settings):\n    return from_json({graph!r})\n"
    )
    git = ["git", "-C", str(tmp_path), "-c", "user.name=t", "-c", "user.email=t@t.example"]
    for words in (["init", "-q"], ["add", "-A"], ["commit", "-q", "-m", "one"]):
        subprocess.run([*git, *words], check=True)  # noqa: S603 - git in a folder of the test
    (there / "program.py").write_text("raise SystemExit('the working tree is not asked')\n")
    found = source_at("HEAD", "prod", tmp_path)
    assert (found.account, found.region) == ("111122223333", "eu-central-1")
    assert {one.name for one in found.graph.of_type(ROLE)} == {"doctor", "nurse"}


def test_a_commit_whose_program_fails_is_refused_with_its_last_words(tmp_path: Path) -> None:
    there = tmp_path / "cli"
    there.mkdir()
    (there / "__init__.py").write_text("raise SystemExit('no such thing here')\n")
    git = ["git", "-C", str(tmp_path), "-c", "user.name=t", "-c", "user.email=t@t.example"]
    for words in (["init", "-q"], ["add", "-A"], ["commit", "-q", "-m", "one"]):
        subprocess.run([*git, *words], check=True)  # noqa: S603 - git in a folder of the test
    with pytest.raises(BadInput, match="no such thing here"):
        source_at("HEAD", "prod", tmp_path)
