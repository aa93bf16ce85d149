"""The guard over from where a store of data about people is reached."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from core.finding import Severity
from core.graph import Graph
from core.resource import Resource
from core.value import Unknown
from core.verdict import State, Verdict, all_of, any_of, failed, holds, not_applicable, passed
from policies import tokens
from policies.guard import guard
from policies.links import each_companion, listed
from policies.s3 import BUCKET_POLICY
from policies.s3_copies import is_copy
from policies.statement import Statement, some_statement

OPENS_AND_WRITES = ("s3:GetObject", "s3:GetObjectVersion", "s3:PutObject", "s3:ReplicateObject", "s3:RestoreObject")
ERASES = ("s3:DeleteObject", "s3:DeleteObjectVersion")
UNEQUAL = frozenset({"stringnotequals", "stringnotequalsifexists", "stringnotlike", "stringnotlikeifexists"})
"""All of them are true of a call that no endpoint carries, for it lacks the key:
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html"""
UNLIKE = UNEQUAL | {"arnnotequals", "arnnotequalsifexists", "arnnotlike", "arnnotlikeifexists"}
FALSE = frozenset({"boolifexists"})
"""Without `IfExists` a call that lacks the key, such as an anonymous one, would not be refused."""
ID_OF_NETWORK = re.compile(r"vpce?-[^*?]+")
ONE_ROLE = re.compile(r"arn:[^:*]+:iam::\d{12}:role/(?!\*)[^*]*[^*/](\*)?")
Line = tuple[frozenset[str], Callable[[Any], bool], str]


def _is_network(value: Any) -> bool:
    return bool(ID_OF_NETWORK.fullmatch(str(value)))


def _is_role(value: Any) -> bool:
    return bool(ONE_ROLE.fullmatch(str(value)))


def _is_service(value: Any) -> bool:
    return str(value).endswith((".amazonaws.com", ".amazonaws.com.cn")) and "*" not in str(value)


def _is_false(value: Any) -> bool:
    return str(value).lower() == "false"


NETWORKS = ("aws:sourcevpc", "aws:sourcevpce")
SPARING: Mapping[str, Line] = MappingProxyType(
    {
        **dict.fromkeys(NETWORKS, (UNEQUAL, _is_network, "another than networks or endpoints named by their ids")),
        "aws:principalisawsservice": (FALSE, _is_false, "false where it is there at all (BoolIfExists)"),
        "aws:viaawsservice": (FALSE, _is_false, "false where it is there at all (BoolIfExists)"),
        **dict.fromkeys(
            ("aws:calledviafirst", "aws:calledvialast"), (UNEQUAL, _is_service, "another than a service named in full")
        ),
        "aws:principalarn": (UNLIKE, _is_role, "another than roles named one by one"),
    }
)
"""Condition keys by which a refusal may spare calls, how they must be tested, and against what."""


@guard(
    "s3.store_about_people_is_reached_from_inside",
    on=tokens.BUCKET,
    severity=Severity.HIGH,
    fix="Pass a Perimeter with the network's id to the Bucket component; it spares services' roles by name.",
)
def store_about_people_is_reached_from_inside(bucket: Resource, graph: Graph) -> Verdict:
    """Credentials can be stolen and used from anywhere; a place in our network cannot be carried off with them."""
    held = bucket.get("tags", tokens.DATA_CLASS)
    about = holds(held, lambda said: said in tokens.ABOUT_PEOPLE, f"the data class of {bucket.name}", "about people")
    if about.state is not State.PASS:
        return not_applicable("it is not tagged as holding data about people") if about.state is State.FAIL else about
    actions = OPENS_AND_WRITES if is_copy(graph, bucket) else (*OPENS_AND_WRITES, *ERASES)

    def refuses(statement: Statement) -> Verdict:
        return all_of(
            [
                statement.has_effect("Deny"),
                statement.is_for_everyone(),
                statement.includes("Action", *actions),
                _covers_objects(statement, bucket),
                _spares_only_inside(statement, graph),
            ]
        )

    missing = "does not refuse everyone who calls from outside of a named network"
    return each_companion(graph, bucket, BUCKET_POLICY, lambda policy: some_statement(graph, policy, refuses, missing))


def _covers_objects(statement: Statement, bucket: Resource) -> Verdict:
    """Its Resource takes in every object; what comes from this bucket and is not known yet is judged again then."""
    what, items = f"Resource of {statement.place}", listed(statement.get("Resource"))
    if any(isinstance(item, Unknown) and bucket.urn in item.source for item in items):
        return passed(f"{what} is in the bucket")
    found = [
        holds(item, lambda said: bool(re.search(r"^(\*|[^/]+/\*)$", said)), what, "every object") for item in items
    ]
    return any_of(found) if found else failed(f"{what} is not set")


def _spares_only_inside(statement: Statement, graph: Graph) -> Verdict:
    """Its condition names a network, and spares services and named roles besides, nobody else."""
    lines = statement.conditions()
    if isinstance(lines, Verdict):
        return lines
    if not any(key in NETWORKS for _, key, _ in lines):
        return failed(f"{statement.place} has no condition on {' or '.join(NETWORKS)}")
    return all_of(_spares(statement, graph, *line) for line in lines)


def _spares(statement: Statement, graph: Graph, operator: str, key: str, value: Any) -> Verdict:
    what = f"condition on {key} in {statement.place}"
    operators, test, expected = SPARING.get(key, (frozenset[str](), bool, ""))
    if operator not in operators:
        return failed(f"{what} lets off more than services and named roles ({operator})")
    return all_of(
        passed(f"{what} is a network of this program")
        if _is_made_here(graph, key, item)
        else holds(item, test, what, expected)
        for item in listed(value)
    )


def _is_made_here(graph: Graph, key: str, item: Any) -> bool:
    """Whether this is the id, not known yet, of a network or an endpoint that the program makes."""
    maker = graph.by_urn.get(item.source.rpartition(".")[0]) if isinstance(item, Unknown) else None
    return key in NETWORKS and maker is not None and maker.type in {tokens.VPC, tokens.ENDPOINT}
