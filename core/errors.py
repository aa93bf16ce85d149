"""The one way a room says that what it was given cannot be used."""

from __future__ import annotations


class BadInput(ValueError):  # noqa: N818 - it names the cause, and is shown to people
    """The user's input is at fault: the message says where, what was expected and how to fix it.

    The command line prints it without a traceback and exits with 2; nothing has been changed by then.
    """
