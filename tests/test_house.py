"""The house guards itself: sizes, names, imports and what importing may do."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
ROOMS = PROJECT["tool"]["importlinter"]["root_packages"]
BESIDE_THE_ROOMS = {"tests", "benchmarks"}
MOST_FILE_LINES, MOST_FUNCTION_LINES, MOST_ARGUMENTS, MOST_BLUEPRINT_LINES = 300, 45, 10, 300
EMPTY_WORDS = {
    "utils",
    "util",
    "helpers",
    "helper",
    "common",
    "base",
    "manager",
    "misc",
    "new",
    "legacy",
    "v2",
    "stuff",
}
EXEMPTED = re.compile(r"#\s*(noqa|ty: ignore|type: ignore)")
REASONED = re.compile(r"#\s*(noqa: [A-Z0-9, ]+|ty: ignore\[[a-z, -]+\]) - \w+")
PROGRAM_FOLDERS = {"stacks", "policies", "twin", "components"}
"""Folders that an engine runs by path: their files come first on the import path of everybody."""


def sources(*folders: str) -> list[Path]:
    """The Python files below these folders of the project."""
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


def tracked() -> list[Path]:
    """The files that git keeps, or would keep after an add."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],  # noqa: S607 - the git on PATH
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    return [ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file()]


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """The functions and methods of a file."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


EVERY_SOURCE = sources(*ROOMS, *BESIDE_THE_ROOMS)
ROOM_SOURCES = sources(*ROOMS)


def test_every_folder_with_python_in_it_is_a_declared_room() -> None:
    folders = {path.relative_to(ROOT).parts[0] for path in tracked() if path.suffix == ".py" and path.parent != ROOT}
    assert folders - BESIDE_THE_ROOMS == set(ROOMS)


def test_every_room_stands_on_a_floor() -> None:
    floors = next(c for c in PROJECT["tool"]["importlinter"]["contracts"] if c["name"] == "floors")["layers"]
    assert {room.strip() for floor in floors for room in floor.split("|")} == set(ROOMS)


def test_every_room_is_installed() -> None:
    assert PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"] == ROOMS


@pytest.mark.parametrize("path", EVERY_SOURCE, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_file_fits_its_budget(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").count("\n")
    assert lines <= (MOST_BLUEPRINT_LINES if path.name == "blueprint.py" else MOST_FILE_LINES)
    too_long = [f.name for f in functions(path) if (f.end_lineno or 0) - f.lineno + 1 > MOST_FUNCTION_LINES]
    assert not too_long, f"functions of more than {MOST_FUNCTION_LINES} lines"


@pytest.mark.parametrize("path", sources("components"), ids=lambda path: path.stem)
def test_a_component_takes_at_most_ten_arguments(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ClassDef) and node.name.endswith("Args"):
            fields = [item for item in node.body if isinstance(item, ast.AnnAssign)]
            assert len(fields) <= MOST_ARGUMENTS, node.name


def test_no_file_has_an_empty_name() -> None:
    assert [path for path in EVERY_SOURCE if EMPTY_WORDS & set(path.stem.split("_"))] == []


def test_no_file_of_a_program_folder_shadows_a_module() -> None:
    taken = sys.stdlib_module_names | set(ROOMS) | {"pulumi", "boto3", "moto", "click", "rich", "pydantic", "yaml"}
    own = [p for folder in PROGRAM_FOLDERS & set(ROOMS) for p in (ROOT / folder).glob("*.py")]
    assert [path for path in own if path.stem in taken] == []


@pytest.mark.parametrize("path", ROOM_SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_room_is_imported_by_its_full_path(path: Path) -> None:
    siblings = {item.stem for item in path.parent.glob("*.py")} - {"__init__", "__main__"}
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, "relative imports fail in a program that an engine runs by path"
            assert (node.module or "").split(".")[0] not in siblings - set(ROOMS) - sys.stdlib_module_names
        if isinstance(node, ast.Import):
            assert not {alias.name.split(".")[0] for alias in node.names} & (siblings - sys.stdlib_module_names)


def test_core_imports_itself_the_standard_library_and_pydantic() -> None:
    allowed = sys.stdlib_module_names | {"core", "pydantic"}
    for path in sources("core"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            assert {name.split(".")[0] for name in names} <= allowed, path.name


def test_components_do_not_defer_their_annotations() -> None:
    deferred = "from __future__ import annotations"
    assert [p for p in sources("components") if deferred in p.read_text(encoding="utf-8")] == []


@pytest.mark.parametrize("path", EVERY_SOURCE, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_error_is_swallowed(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ExceptHandler):
            assert not all(isinstance(item, ast.Pass) for item in node.body), f"line {node.lineno}"


@pytest.mark.parametrize("path", EVERY_SOURCE, ids=lambda path: str(path.relative_to(ROOT)))
def test_an_exception_to_a_rule_names_the_rule_and_its_reason(path: Path) -> None:
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if EXEMPTED.search(line):
            assert re.search(r"# (noqa: [A-Z0-9, ]+|ty: ignore\[[a-z-]+\]) - \w+", line), (
                f"line {number}: {line.strip()}"
            )


def test_a_test_file_stands_where_its_subject_stands() -> None:
    folders = {path.parent.name for path in sources("tests") if path.parent != ROOT / "tests"}
    assert folders <= set(ROOMS) | {"benchmarks"}


def test_tests_are_sentences() -> None:
    short = [
        f"{path.name}::{function.name}"
        for path in sources("tests")
        for function in functions(path)
        if function.name.startswith("test_") and len(function.name.split("_")) < 4
    ]
    assert short == []


def test_nothing_tracked_names_a_machine_or_a_package_mirror() -> None:
    forbidden = re.compile(r"/(work|root|home/\w+)/|file://|pythonhosted|\.shared/|localhost:\d{4,}/simple")
    found = [
        f"{path.relative_to(ROOT)}: {match.group()}"
        for path in tracked()
        if path.name not in {"uv.lock", "test_house.py"} and path.suffix in {".py", ".md", ".toml", ".yaml", ".yml", ""}
        if (match := forbidden.search(path.read_text(encoding="utf-8", errors="ignore")))
    ]
    assert found == []


WATCH = """
import importlib, os, pkgutil, sys
rooms = sys.argv[1:]
EFFECTS = {"open", "socket.connect", "socket.bind", "subprocess.Popen", "os.mkdir", "os.remove", "os.rename"}
def ours():
    # Outwards from the effect: the first of "a library being imported" and "a file of ours" tells whose doing it is.
    frame = sys._getframe(2)
    while frame is not None:
        name = frame.f_code.co_filename
        if "importlib" in name or ".venv" in name:
            return False
        if name.startswith(os.getcwd()):
            return True
        frame = frame.f_back
    return False
def deny(event, args):
    if event in EFFECTS and ours():
        raise RuntimeError(f"importing did {event} {args[:1]}")
sys.dont_write_bytecode = True
sys.addaudithook(deny)
for room in rooms:
    package = importlib.import_module(room)
    for found in pkgutil.walk_packages(package.__path__, room + "."):
        if not found.name.endswith("__main__"):
            importlib.import_module(found.name)
"""


def test_importing_every_room_does_nothing() -> None:
    command = [sys.executable, "-c", WATCH, *ROOMS]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603 - our own Python
    assert done.returncode == 0, done.stderr
    assert not done.stdout
