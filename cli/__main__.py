"""The console script `strongroom`."""

from __future__ import annotations

import gc
import io
import sys

import click

from cli.access import access
from cli.access_diff import diff
from cli.access_matrix import matrix
from cli.access_paths import paths
from cli.access_surplus import surplus
from cli.application import Application
from cli.check import check
from cli.checkov import checkov
from cli.doctor import doctor
from cli.exit_code import table
from cli.explain import explain
from cli.guards import guards
from cli.options import example
from cli.pack_config import pack_config
from cli.pages import pages
from cli.plan import plan
from cli.prove import prove
from cli.settings import settings
from cli.up import up
from cli.waivers import waivers

COLLECT_AFTER = (100_000, 50, 100)
"""The collector takes half of a large capture's time at its own thresholds."""

EPILOG = f"\b\nExit codes:\n{table()}\n\n" + example(
    "strongroom plan --env prod", "strongroom up --env local", "strongroom explain s3.bucket_keeps_versions"
)


@click.group(
    cls=Application, epilog=EPILOG, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}
)
@click.version_option(None, "-V", "--version", package_name="strongroom", prog_name="strongroom")
@click.option("--debug", is_flag=True, help="Show the traceback of a fault.")
def strongroom(*, debug: bool) -> None:
    """Judge, build and prove a machine learning platform for personal data, on this machine.

    No command but `up` builds anything, and `up` builds in a local cloud inside this process. Nothing here needs
    credentials or a network.
    """
    del debug  # read by Application where a fault is told


for command in (plan, up, check, checkov, settings, guards, waivers, explain, access, pack_config, doctor, pages):
    strongroom.add_command(command)
for command in (prove, matrix, diff, paths, surplus):
    access.add_command(command)


def main() -> None:
    """Run the command line."""
    gc.set_threshold(*COLLECT_AFTER)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a Latin-1 terminal is no reason to lose a report
    strongroom.main(prog_name="strongroom")


if __name__ == "__main__":
    main()
