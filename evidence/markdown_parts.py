"""Pieces of Markdown in which any text stays text: nothing in it becomes markup, a link or a mention."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from evidence.wording import visible

INERT = re.compile(r"[\\`*_{}\[\]<>|~$&]|[@#](?=\w)|://")


def prose(text: str) -> str:
    """The text with everything Markdown or GitHub would act on made inert: markup, HTML, mentions, links."""
    return INERT.sub(lambda found: _inert(found.group()), visible(text))


def _inert(found: str) -> str:
    """An entity is shown and never acts; mentions and links are found after that, so a comment splits them."""
    return f"{found[0]}<!-- -->{found[1:]}" if found[0] in "@#:" else f"&#{ord(found)};"


def code(text: str) -> str:
    """The text as code in a table cell; a code span cannot hold a backtick, so an apostrophe stands for it."""
    return "`" + visible(text).replace("`", "'").replace("|", "\\|") + "`" if text else ""


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table of cells that are already safe."""
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def folded(title: str, body: str) -> str:
    """A part that opens on a click."""
    return f"<details><summary>{title}</summary>\n\n{body}\n\n</details>"
