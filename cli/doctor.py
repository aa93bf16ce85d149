"""`strongroom doctor`: what is installed, what is missing and what it would add."""

from __future__ import annotations

import json
import platform
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass

import click

from cli import checkov_home
from cli.options import example, list_format
from cli.surroundings import answer, installed
from cli.terminal import emit, step

PACKAGES = {
    "pulumi": "runs the program, offline and under the engine",
    "pulumi-aws": "the AWS resources that components declare",
    "pulumi-policy": "the guards inside `pulumi preview` and `pulumi up`",
    "pydantic": "checks the settings",
    "ruamel.yaml": "reads the settings files",
    "boto3": "reads back what was built",
    "moto": "the local cloud",
    "rich": "tables and progress",
}


CHECKOV = "checkov"


@dataclass(frozen=True, slots=True)
class Tool:
    """A program beside this project: what it is called, how it says its version, and what it would add."""

    name: str
    programs: tuple[str, ...]
    version: tuple[str, ...]
    adds: str
    get: str


TOOLS = (
    Tool("git", ("git",), ("--version",), "the commit of the program in every report", "https://git-scm.com/downloads"),
    Tool(
        "Pulumi CLI",
        ("pulumi",),
        ("version",),
        "deploys to AWS with the same guards, and previews and exports to `strongroom check`",
        "https://www.pulumi.com/docs/install/",
    ),
    Tool(
        "AWS CLI",
        ("aws",),
        ("--version",),
        "looks around in `strongroom up --env local --serve`",
        "https://docs.aws.amazon.com/cli/latest/userguide/getting-started-install.html",
    ),
    Tool(
        "kube-apiserver",
        ("kube-apiserver",),
        ("--version",),
        "admission of Kubernetes objects by the real API server",
        "https://kubernetes.io/releases/download/",
    ),
    Tool(
        "Chromium",
        ("chromium", "chromium-browser", "google-chrome", "chrome"),
        ("--version",),
        "reports as PDF, and pictures of them",
        "https://www.chromium.org/getting-involved/download-chromium/",
    ),
)


@dataclass(frozen=True, slots=True)
class Checked:
    """One line of the answer; `found` is a version, or None when it is missing."""

    name: str
    found: str | None
    needed: bool
    adds: str
    get: str = ""


@click.command(epilog=example("strongroom doctor", "strongroom doctor --format json", checkov_home.INSTALL))
@click.option("--install", "wanted", type=click.Choice([CHECKOV]), help="Install this into an environment of its own.")
@list_format
def doctor(form: str, wanted: str | None) -> None:
    """Say what is installed, what is missing and what it would add.

    Nothing that is missing here keeps a plan or the local cloud from working, unless it is marked as needed.
    """
    if wanted == CHECKOV:
        with step("installing checkov"):
            checkov_home.install()
    with step("asking every tool for its version"):
        found = [*packages(), *tools(TOOLS), checkov()]
    emit(as_json(found) if form == "json" else as_text(found))


def packages() -> Iterator[Checked]:
    """Python itself and the packages that this project stands on."""
    yield Checked("Python", platform.python_version(), needed=True, adds="runs it all; 3.11 to 3.14")
    for name, adds in PACKAGES.items():
        yield Checked(name, installed(name), needed=True, adds=adds, get="make setup")


def tools(known: Sequence[Tool]) -> Iterator[Checked]:
    """The programs beside it; one that is there and does not say its version is there all the same."""
    for tool in known:
        path = next((path for program in tool.programs if (path := shutil.which(program))), None)
        said = (answer([path, *tool.version]) or "version not told") if path and tool.version else path and "installed"
        yield Checked(tool.name, said, needed=False, adds=tool.adds, get=tool.get)


def checkov() -> Checked:
    """Checkov, which lives apart: its pins exclude current Pulumi."""
    found = checkov_home.locked_version() if checkov_home.is_current() else None
    adds = "a second opinion on every plan: strongroom plan --second-opinion, strongroom checkov FILE"
    return Checked(CHECKOV, found, needed=False, adds=adds, get=checkov_home.INSTALL)


def as_json(checked: Sequence[Checked]) -> str:
    """The answer for programs."""
    return json.dumps({"version": 1, "checked": [asdict(item) for item in checked]}, indent=2) + "\n"


def as_text(checked: Sequence[Checked]) -> str:
    """The answer for people: what is there, then what is missing, what it would add and where to get it."""
    from evidence.wording import visible

    longest = max(len(item.name) for item in checked)
    lines = ["Installed"]
    lines += [f"  {item.name:<{longest}}  {visible(item.found)}" for item in checked if item.found is not None]
    if missing := [item for item in checked if item.found is None]:
        lines += ["", "Missing"]
        for item in missing:
            needed = "needed: " if item.needed else "would add: "
            lines += [f"  {item.name:<{longest}}  {needed}{item.adds}", f"  {'':<{longest}}  {item.get}"]
    verdict = "Something needed is missing." if any(i.needed for i in missing) else "All that is needed is there."
    return "\n".join([*lines, "", verdict, ""])
