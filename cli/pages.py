"""`strongroom pages`: what the documentation says about the code, written from the code."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

import click

from cli import component_pages, control_pages, options
from cli.idle_page import idle_page
from cli.judgement import judged, read_law
from cli.plan import planned
from cli.program import declared, settings_of
from cli.surroundings import PROJECT
from cli.terminal import step, tell
from core.errors import BadInput

SAMPLE_DAY = datetime(2026, 1, 1, tzinfo=UTC)
"""On the sample in the README; any fixed day will do, so that the sample changes with the code only."""
SAMPLE_WIDTH = 100
COSTLIEST = "prod"
"""The environment that has most: what components serve and cost is seen in it."""
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

    law, graph = read_law(), declared(settings_of(COSTLIEST))
    readme = (PROJECT / "README.md").read_text(encoding="utf-8")
    blocks: dict[str, Callable[[], str]] = {"up": up_sample, "components": component_pages.table}
    return {
        "README.md": BLOCK.sub(lambda found: f"{found[1]}{blocks[found['name']]()}{found[3]}", readme),
        "docs/components.md": GENERATED + component_pages.page(judged(graph, law), graph),
        "docs/guards.md": guard_page(),
        **{name: GENERATED + text for name, text in control_pages.pages(law, guards()).items()},
        "docs/idle-cost.md": GENERATED + idle_page(graph, COSTLIEST),
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


def persona_page() -> str:
    """Who each persona is, and the statements about it."""
    from cli.personas_page import personas_page

    return GENERATED + personas_page()


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
