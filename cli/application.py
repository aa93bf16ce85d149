"""The group that all commands stand in, and what becomes of a mistake, a fault or an interruption in any of them."""

from __future__ import annotations

import traceback
from typing import Any

import click

from cli.exit_code import ExitCode
from cli.surroundings import DEBUG, is_debugging
from cli.terminal import tell
from core.errors import BadInput


class Application(click.Group):
    """Ends every run with a code of `cli.exit_code`, and shows no traceback for a mistake of the user."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; whatever it raises becomes a message and an exit code."""
        try:
            return super().invoke(ctx)
        except (click.exceptions.Exit, click.ClickException, click.Abort):
            raise
        except KeyboardInterrupt:
            tell("\nstrongroom: interrupted")
            ctx.exit(ExitCode.INTERRUPTED)
        except BadInput as error:
            tell(f"strongroom: {error}")
            ctx.exit(ExitCode.BAD_INPUT)
        except Exception as error:  # noqa: BLE001 - every fault of ours ends here, told and never swallowed
            tell(fault(error, debugging=bool(ctx.params.get("debug")) or is_debugging()))
            ctx.exit(ExitCode.OWN_FAULT)


def fault(error: BaseException, *, debugging: bool) -> str:
    """What to say of an error that is ours: in full when asked to, else in a line, with how to see the rest."""
    if debugging:
        return "".join(traceback.format_exception(error)).rstrip()
    place = next(reversed(traceback.extract_tb(error.__traceback__)), None)
    where = f" ({place.filename.rpartition('/')[2]}:{place.lineno})" if place else ""
    return (
        f"strongroom: a fault of its own: {type(error).__name__}: {error}{where}\n"
        f"  Run it again as `strongroom --debug ...`, or with {DEBUG}=1, for the traceback, and report it."
    )
