"""Reading properties that are blocks and lists, whose parts may be known while others are not."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from core.graph import Graph
from core.resource import Resource
from core.value import Path, dotted, leaves
from core.verdict import Verdict, all_of, failed, holds, passed, undecided
from policies.links import dark, is_dark

Rule = Callable[[Path], Verdict]
SECRET_TEXT = re.compile(
    r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b"
    r"|-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----"
    r"|\bgh[pousr]_[A-Za-z0-9]{36}|\bgithub_pat_\w{22,}|\bxox[abprs]-[\w-]{10,}|\bglpat-[\w-]{20}"
    r"|(?i:aws_secret_access_key|password|passwd|api_?key|secret_?key)[\"']?\s*[=:]\s*[\"']?(?![\"'$<{*\s])[^\s\"']{8,}"
)
"""What nobody writes but as a secret: keys of AWS, GitHub, GitLab and Slack, private keys, assigned passwords."""
SECRET_NAME = re.compile(r"(?i)(?:^|_)(?:password|passwd|secret|token|api_?key|secret_?key|credentials?)$")
"""Names of variables whose value is a secret by what it is called."""
ENCODED = re.compile(r"[A-Za-z0-9+/\s]{16,}={0,2}\s*")


def each_part(resource: Resource, rule: Rule, *path: str | int, none: Verdict) -> Verdict:
    """What the rule says of the path of each item of a list, or of a block that stands alone; `none` without any."""
    held, what = resource.get(*path), f"{dotted(path)} of {resource.name}"
    if is_dark(held):
        return dark(what, held)
    if isinstance(held, Mapping):
        return rule(path) if held else none
    if held is not None and not isinstance(held, tuple | list):
        return undecided(f"{what} has an unexpected shape")
    return all_of(_each(resource, rule, path, held or ())) if held else none


def _each(resource: Resource, rule: Rule, path: Path, held: Iterable[Any]) -> Iterable[Verdict]:
    for number, item in enumerate(held):
        yield dark(f"{dotted((*path, number))} of {resource.name}", item) if is_dark(item) else rule((*path, number))


def is_given(graph: Graph, resource: Resource, *path: str | int) -> Verdict:
    """The property names something: a known text, or a resource of this program whose id is not known yet."""
    value, what = resource.get(*path), f"{dotted(path)} of {resource.name}"
    if is_dark(value):
        return passed(f"{what} is set") if isinstance(graph.linked(resource, *path), Resource) else dark(what, value)
    return failed(f"{what} is not set") if value in (None, "", ()) else passed(f"{what} is set")


def is_empty(resource: Resource, *path: str | int) -> Verdict:
    """The property is left out, or empty."""
    return holds(resource.get(*path), lambda said: not said, f"{dotted(path)} of {resource.name}", "left out")


def is_secret_like(text: str) -> bool:
    """Whether a text, or what it is the base64 of, holds something that is written as a secret only."""
    return any(SECRET_TEXT.search(form) for form in (text, _decoded(text)))


def _decoded(text: str) -> str:
    if not ENCODED.fullmatch(text):
        return ""
    try:
        return base64.b64decode(text, validate=False).decode("utf-8", "replace")
    except (ValueError, binascii.Error):
        return ""


def holds_no_secret(resource: Resource, *path: str | int) -> Verdict:
    """No text in the property looks like a secret, and no key of it is called one.

    What the program withholds is written out at AWS all the same, so it is no pass.
    """
    what = f"{dotted(path)} of {resource.name}"
    return all_of([_clear(leaf, at, what) for at, leaf in leaves(resource.get(*path))])


def _clear(leaf: Any, at: Path, what: str) -> Verdict:
    named = any(SECRET_NAME.search(step) for step in at if isinstance(step, str))
    return holds(
        leaf,
        lambda said: not isinstance(said, str) or (not is_secret_like(said) and not (named and said)),
        what,
        "without secrets in plain text",
    )
