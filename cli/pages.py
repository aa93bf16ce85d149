"""`strongroom pages`: what the documentation says about the code, written from the code."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import MISSING, fields
from datetime import UTC, datetime
from importlib import import_module
from typing import Any

import click

from cli import control_pages, options
from cli.idle_page import idle_page
from cli.judgement import read_law
from cli.plan import planned
from cli.program import declared, settings_of
from cli.surroundings import PROJECT
from cli.terminal import step, tell
from core.errors import BadInput

SAMPLE_DAY = datetime(2026, 1, 1, tzinfo=UTC)
"""On the sample in the README; any fixed day will do, so that the sample changes with the code only."""
SAMPLE_WIDTH = 100
COSTLIEST = "prod"
BLOCK = re.compile(r"(<!-- generated: (?P<name>[a-z-]+) -->\n).*?(<!-- end -->)", re.DOTALL)
GENERATED = "<!-- written by `strongroom pages`: change the code it describes, then run that -->\n\n"


@click.command(epilog=options.example("strongroom pages", "strongroom pages --check"))
@click.option("--check", is_flag=True, help="Write nothing; fail when a page is not what it should be.")
def pages(*, check: bool) -> None:
    """Write the pages of the documentation that are made from the code."""
    with step("making the pages"):
        made = {PROJECT / name: text for name, text in every_page().items()}
    stale = [path for path, text in made.items() if not path.exists() or path.read_text(encoding="utf-8") != text]
    names = ", ".join(str(path.relative_to(PROJECT)) for path in stale)
    if check and stale:
        msg = f"{names}: out of date; run `strongroom pages` and commit what it wrote"
        raise BadInput(msg)
    for path in stale:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(made[path], encoding="utf-8")
    tell(f"Written: {names}" if stale else "Every page is as it should be.")


def every_page() -> Mapping[str, str]:
    """File -> what must stand in it."""
    from policies.judge import guards

    readme = (PROJECT / "README.md").read_text(encoding="utf-8")
    blocks: dict[str, Callable[[], str]] = {"up": up_sample, "components": component_table}
    return {
        "README.md": BLOCK.sub(lambda found: f"{found[1]}{blocks[found['name']]()}{found[3]}", readme),
        "docs/components.md": component_page(),
        "docs/guards.md": guard_page(),
        **{name: GENERATED + text for name, text in control_pages.pages(read_law(), guards()).items()},
        "docs/idle-cost.md": idle_cost_page(),
        "docs/personas.md": persona_page(),
        "Pulumi.yaml": project_file((PROJECT / "Pulumi.yaml").read_text(encoding="utf-8")),
    }


def project_file(text: str) -> str:
    """Pulumi's project file with the keys that the settings may have: everything from `config:` to its end."""
    from core.settings_schema import project_config

    return text[: text.index("config:\n")] + project_config()


def up_sample() -> str:
    """What `make up` prints, the middle left out: the table of controls is as long as the law."""
    from cli.up import applied
    from evidence import text
    from twin.local_cloud import local_cloud

    law, settings = read_law(), settings_of("local")
    made = planned(settings, law, SAMPLE_DAY)
    with local_cloud(settings.account, settings.region) as clients:
        lines = text.render(applied(made, settings, law, clients), SAMPLE_WIDTH).splitlines()
    cut = next(number for number, line in enumerate(lines) if line.startswith("LOCAL CLOUD"))
    return "\n".join(["```text", *lines[:8], "  ...", *lines[cut - 2 :], "```", ""])


def idle_cost_page() -> str:
    """What costs money while idle, of the environment that has most."""
    return GENERATED + idle_page(declared(settings_of(COSTLIEST)), COSTLIEST)


def persona_page() -> str:
    """Who each persona is, and the statements about it."""
    from cli.personas_page import personas_page

    return GENERATED + personas_page()


def component_table() -> str:
    """The components in a line each."""
    rows = [
        f"| [{kind.__name__}](docs/components.md#{kind.__name__.lower()}) | {_first(kind)} |" for kind in components()
    ]
    return "\n".join(["| Component | What it is |", "|---|---|", *rows, ""])


def component_page() -> str:
    """Every component with its arguments, its grants and what it refuses."""
    return GENERATED + "# Components\n\n" + "\n".join(_component(kind) for kind in components())


def components() -> list[type[Any]]:
    """The classes of `components/` that take arguments, by name."""
    from components.component import Component

    found = set()
    for path in sorted((PROJECT / "components").glob("[a-z]*.py")):
        module = import_module(f"components.{path.stem}")
        for name, kind in inspect.getmembers(module, inspect.isclass):
            if issubclass(kind, Component) and kind.__module__ == module.__name__ and hasattr(module, f"{name}Args"):
                found.add(kind)
    return sorted(found, key=lambda kind: kind.__name__)


def _component(kind: type[Any]) -> str:
    module = inspect.getmodule(kind)
    arguments = getattr(module, f"{kind.__name__}Args")
    lines = [f"## {kind.__name__}", "", inspect.getdoc(kind) or "", "", inspect.getdoc(arguments) or "", ""]
    lines += ["| Argument | Type | Default |", "|---|---|---|"]
    typed = _annotations(arguments)
    lines += [f"| `{field.name}` | `{typed[field.name]}` | {_default(field)} |" for field in fields(arguments)]
    grants = [f"- `{name}`: {_first(method)}" for name, method in _grants(kind)]
    return "\n".join([*lines, "", *([*grants, ""] if grants else [])])


def _grants(kind: type[Any]) -> Iterator[tuple[str, Any]]:
    return ((name, item) for name, item in inspect.getmembers(kind, inspect.isfunction) if name.startswith("grant_"))


def _annotations(arguments: type[Any]) -> Mapping[str, str]:
    """Field -> its type as the source has it: the types themselves print differently from one Python to the next."""
    (body,) = ast.parse(inspect.getsource(arguments)).body
    assert isinstance(body, ast.ClassDef)
    found = [item for item in body.body if isinstance(item, ast.AnnAssign) and isinstance(item.target, ast.Name)]
    return {
        item.target.id: ast.unparse(item.annotation).replace("pulumi.", "").replace("|", "\\|")
        for item in found
        if isinstance(item.target, ast.Name)
    }


def _default(field: Any) -> str:
    if field.default is MISSING:
        return "required" if field.default_factory is MISSING else "empty"
    return "none" if field.default in (None, ()) else f"`{field.default}`"


def _first(item: Any) -> str:
    return (inspect.getdoc(item) or "").partition("\n")[0]


def guard_page() -> str:
    """Every guard: what it demands, why, how to comply, and which sections it serves."""
    from policies.judge import guards

    law = read_law()
    lines = ["# Guards", "", f"{len(guards())} guards. A tilde marks a citation that is our own inference.", ""]
    for guard in guards().values():
        served = ", ".join(control.label for control in law.cited(law.served_by(guard.id))) or "no section yet"
        lines += [f"## {guard.id}", "", guard.why, "", f"- Severity: {guard.severity.value}", f"- Fix: {guard.fix}"]
        lines += [f"- Serves: {served}", ""]
    return GENERATED + "\n".join(lines)
