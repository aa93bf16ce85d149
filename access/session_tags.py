"""Tags that whoever takes a role may bring along: they pass for the role's own (S58).

https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial

from access.condition import tested
from access.document import Document, Effect, Policy, Statement, Test, nothing
from core.graph import Graph
from core.value import Unknown, leaves

ACTION = "sts:tagsession"
TAG_KEYS, REQUEST_TAG = "aws:tagkeys", "aws:requesttag/"
MENTIONED = re.compile(r"aws:PrincipalTag/([\w+=.@:/-]+)", re.IGNORECASE)


def tags_spoken_of(graph: Graph) -> frozenset[str]:
    """Every tag of a principal that a policy of the Graph speaks of, in lower case."""
    found: set[str] = set()
    for resource in graph.resources:
        for path, leaf in leaves(resource.inputs):
            for text in (*path, leaf):
                if isinstance(text, str):
                    found.update(tag.lower() for tag in MENTIONED.findall(text))
    return frozenset(found)


def may_bring(trust: Policy | None, tag: str) -> bool:
    """Whether the trust policy may let a session bring the tag; it may say too much, a Deny counting for nothing."""
    if not isinstance(trust, Document):
        return trust is not None
    return any(_lets(one, tag) for one in trust.about(ACTION))


def _lets(statement: Statement | Unknown, tag: str) -> bool:
    if isinstance(statement, Unknown):
        return True
    holds = partial(_may_hold, tag=tag)
    return statement.effect is not Effect.DENY and all(map(holds, _tests(statement)))


def _tests(statement: Statement) -> Iterator[Test]:
    """The lines that speak of the tags brought; others may hold."""
    for test in statement.tests:
        if isinstance(test, Test) and test.key == TAG_KEYS:
            yield test


def _may_hold(test: Test, tag: str) -> bool:
    """Whether a line on the keys of the tags can hold where this is one of them."""
    return tested(test, (tag,), several=False, lookup=nothing) is not False
