"""Options that several commands share, said once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]

FORMATS = ("text", "json", "markdown", "sarif")

environment: Decorator = click.option(
    "--env",
    "environment",
    required=True,
    metavar="NAME",
    help="The environment: one of stacks/config/Pulumi.NAME.yaml.",
)
report_format: Decorator = click.option(
    "--format",
    "form",
    type=click.Choice(FORMATS),
    default="text",
    show_default=True,
    help="What to print: a summary for people, findings JSON version 1, a page for a pull request, or SARIF 2.1.0.",
)
list_format: Decorator = click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True, help="What to print."
)
proving: Decorator = click.option(
    "--prove", "proving", is_flag=True, help="Also prove what is stated about access; as `strongroom access prove`."
)
page_format: Decorator = click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "markdown"]),
    default="text",
    show_default=True,
    help="What to print: for people, for programs, or a page for a pull request.",
)
strict: Decorator = click.option(
    "--strict", is_flag=True, help="End with 3 when nothing failed but something is unknown."
)


waivers: Decorator = click.option(
    "--waivers",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Accepted exceptions; by default policies/waivers.toml. /dev/null for none.",
)


def out(default: str | None = None) -> Decorator:
    """The folder for the evidence: every format, the Graph that was judged, and a manifest with digests."""
    return click.option(
        "--out",
        type=click.Path(path_type=Path),
        default=default,
        show_default=default is not None,
        metavar="DIR",
        help="Write the evidence there: every format, graph.json and a manifest with digests.",
    )


def example(*lines: str) -> str:
    """An epilog that shows how a command is used; the mark keeps click from joining the lines."""
    return "\b\nExamples:\n" + "\n".join(f"  {line}" for line in lines)
