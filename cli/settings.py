"""`strongroom settings`: what a settings file may say, one to begin with, and what a given one amounts to."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli import options
from cli.program import settings_of
from cli.terminal import emit
from core.errors import BadInput

if TYPE_CHECKING:
    from core.settings import Settings

TIERS = ("local", "dev", "staging", "prod")
FILE = re.compile(r"Pulumi\.([a-z][a-z0-9-]*)\.ya?ml")


@click.group(
    epilog=options.example(
        "strongroom settings example > stacks/config/Pulumi.prod.yaml",
        "strongroom settings check stacks/config/Pulumi.prod.yaml",
        "strongroom settings schema > settings.schema.json",
    )
)
def settings() -> None:
    """Write, describe and check the settings of an environment."""


@settings.command(epilog=options.example("strongroom settings schema > settings.schema.json"))
def schema() -> None:
    """Print the JSON schema of a settings file, for an editor.

    It knows keys, types and limits. What several settings must be together only `check` can tell.
    """
    from core.settings_schema import file_schema

    emit(json.dumps(file_schema(), indent=2, ensure_ascii=False) + "\n")


@settings.command(epilog=options.example("strongroom settings example --tier prod"))
@click.option("--tier", type=click.Choice(TIERS), default="prod", show_default=True, help="How serious it is meant.")
def example(tier: str) -> None:
    """Print a complete settings file with a comment on every key."""
    from core.settings import Tier
    from core.settings_example import example as written

    emit(written(Tier(tier)))


@settings.command(
    epilog=options.example("strongroom settings check --env prod", "strongroom settings check /tmp/Pulumi.prod.yaml")
)
@click.argument("file", required=False, type=click.Path(path_type=Path))
@click.option("--env", "environment", metavar="NAME", help="One of stacks/config/Pulumi.NAME.yaml.")
@options.list_format
def check(file: Path | None, environment: str | None, form: str) -> None:
    """Check settings and print what they amount to.

    FILE is any settings file; an environment of this project is checked against its neighbours too. Everything wrong
    is told at once.
    """
    if (file is None) is (environment is None):
        msg = "give either a FILE or --env NAME: which settings are to be checked?"
        raise BadInput(msg)
    from core.settings_summary import summary

    checked = settings_of(environment) if environment is not None else settings_in(Path(str(file)))
    said = summary(checked)
    if form == "json":
        emit(json.dumps(dict(said), indent=2, ensure_ascii=False) + "\n")
        return
    width = max(len(subject) for subject, _ in said)
    emit("".join(f"{subject:<{width}}  {what}\n" for subject, what in said))


def settings_in(path: Path) -> Settings:
    """The settings in any file; one that is not called Pulumi.<environment>.yaml is of an environment like its tier."""
    from core.settings import settings_of_stack
    from stacks.config_file import config_values, text_of

    values = config_values(text_of(path), str(path))
    named = FILE.fullmatch(path.name)
    return settings_of_stack(values, named[1] if named else values.get("tier", ""), str(path))
