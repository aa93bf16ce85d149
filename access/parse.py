"""A policy read strictly: what AWS would refuse is an error with its place, what is not known yet stays where it is.

Grammar: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from access.document import Document, Effect, Kind, Statement
from access.faults import policy_fault
from access.parse_elements import (
    Reading,
    actions_of,
    condition_of,
    principals_of,
    resources_of,
)
from core.value import Secret, Unknown, frozen, leaves

VERSIONS = ("2012-10-17", "2008-10-17")
ROOT_ELEMENTS = frozenset({"Version", "Id", "Statement"})
ELEMENTS = frozenset(
    {"Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource", "NotResource", "Condition"}
)
PLAIN_SIDS = frozenset({Kind.IDENTITY, Kind.BOUNDARY, Kind.SESSION, Kind.TRUST})
"""IAM takes letters and digits in a Sid, each Sid once:
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_sid.html"""
UNIQUE_SIDS = PLAIN_SIDS | {Kind.SCP, Kind.RCP}
SID = re.compile(r"[A-Za-z0-9]*")
MOST_CHARACTERS = {
    Kind.IDENTITY: 6144,
    Kind.BOUNDARY: 6144,
    Kind.SESSION: 2048,
    Kind.TRUST: 2048,
    Kind.SCP: 5120,
    Kind.RCP: 5120,
    Kind.RESOURCE: 20480,
    Kind.KEY: 32768,
    Kind.ENDPOINT: 20480,
}
"""White space not counted: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html"""


def parse_policy(source: Any, kind: Kind, label: str) -> Document | Unknown:
    """The policy that a text or a mapping holds; Unknown where the whole of it is not known, or is withheld.

    Raises PolicyError with the JSON path and what is expected there.
    """
    if isinstance(source, Secret):
        return Unknown(f"{label}, which is withheld")
    if isinstance(source, Unknown):
        return source
    body = frozen(_from_text(source, label) if isinstance(source, str) else source)
    if not isinstance(body, Mapping):
        raise policy_fault(label, (), "a JSON object")
    _only(body, ROOT_ELEMENTS, label, ())
    version = _version(body, label)
    listed = body.get("Statement")
    if isinstance(listed, Unknown):
        return Document(kind, label, (listed,), "")
    if isinstance(listed, Mapping):
        listed = (listed,)
    if not isinstance(listed, tuple) or not listed:
        raise policy_fault(label, ("Statement",), "a statement, or a list of at least one")
    substitutes = version == VERSIONS[0]
    found = tuple(
        item
        if isinstance(item, Unknown)
        else _statement(item, number, Reading(kind, label, ("Statement", number), variables=substitutes))
        for number, item in enumerate(listed)
    )
    _unique_sids(found, kind, label)
    return Document(kind, label, found, version, tuple(_notes(body, kind, found)))


def _from_text(text: str, label: str) -> Any:
    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        names = [name for name, _ in pairs]
        if twice := sorted({name for name in names if names.count(name) > 1} if len(set(names)) < len(names) else ()):
            raise policy_fault(label, (twice[0],), "each element once")
        return dict(pairs)

    try:
        return json.loads(text, object_pairs_hook=once)
    except RecursionError as error:
        raise policy_fault(label, (), "JSON that is not nested without end") from error
    except json.JSONDecodeError as error:
        raise policy_fault(label, (), f"JSON; it breaks off at line {error.lineno}, column {error.colno}") from error
    except ValueError as error:
        if type(error) is not ValueError:
            raise
        raise policy_fault(label, (), "JSON with numbers of a readable size") from error


def _only(body: Mapping[str, Any], known: frozenset[str], label: str, path: tuple[str | int, ...]) -> None:
    for name in body:
        if name not in known:
            raise policy_fault(label, (*path, name), f"no element of this name; there are {', '.join(sorted(known))}")


def _version(body: Mapping[str, Any], label: str) -> str:
    version = body.get("Version", VERSIONS[1])
    if isinstance(version, Unknown) or version not in VERSIONS:
        raise policy_fault(label, ("Version",), " or ".join(VERSIONS))
    return str(version)


def _statement(body: Any, number: int, reading: Reading) -> Statement:
    if not isinstance(body, Mapping):
        raise reading.fault((), "a statement")
    _only(body, ELEMENTS, reading.label, reading.path)
    effect = _effect(body, reading)
    actions, action_negated = actions_of(body, reading)
    resources, resource_negated = resources_of(body, reading)
    principals, principal_negated = principals_of(body, reading)
    statement = Statement(
        number + 1,
        _sid(body, reading),
        effect,
        actions,
        action_negated,
        resources,
        resource_negated,
        principals,
        principal_negated,
        condition_of(body, reading),
    )
    if reading.kind is Kind.RCP:
        _check_rcp(statement, body, reading)
    return statement


def _effect(body: Mapping[str, Any], reading: Reading) -> Effect | Unknown:
    effect = body.get("Effect")
    if isinstance(effect, Unknown):
        return effect
    if not isinstance(effect, str) or effect not in set(Effect):
        raise reading.fault(("Effect",), "Allow or Deny")
    return Effect(effect)


def _sid(body: Mapping[str, Any], reading: Reading) -> str:
    sid = body.get("Sid", "")
    if isinstance(sid, Unknown):
        return ""
    if not isinstance(sid, str):
        raise reading.fault(("Sid",), "a text")
    if reading.kind in PLAIN_SIDS and not SID.fullmatch(sid):
        raise reading.fault(("Sid",), "letters and digits alone, as IAM has it")
    return sid


def _check_rcp(statement: Statement, body: Mapping[str, Any], reading: Reading) -> None:
    """https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps_syntax.html."""
    if statement.effect is Effect.ALLOW:
        everything = all(body.get(name) in ("*", ("*",)) for name in ("Action", "Resource"))
        if not everything or "Condition" in body:
            raise reading.fault(("Effect",), "Deny: only RCPFullAWSAccess allows (S38)")
    if statement.action_negated:
        raise reading.fault(("NotAction",), "Action: resource control policies have no NotAction")


def _unique_sids(found: Iterable[Statement | Unknown], kind: Kind, label: str) -> None:
    seen: set[str] = set()
    for number, statement in enumerate(found):
        if isinstance(statement, Statement) and statement.sid and kind in UNIQUE_SIDS:
            if statement.sid in seen:
                raise policy_fault(label, ("Statement", number, "Sid"), "a Sid of its own; this one stands twice")
            seen.add(statement.sid)


def _notes(body: Mapping[str, Any], kind: Kind, found: tuple[Statement | Unknown, ...]) -> Iterable[str]:
    size = sum(len(str(leaf)) + 3 for _, leaf in leaves(body) if not isinstance(leaf, Unknown))
    if size > MOST_CHARACTERS[kind]:
        yield f"at least {size} characters; AWS takes {MOST_CHARACTERS[kind]} in a {kind}"
    if body.get("Version") != VERSIONS[0] and any("${" in str(leaf) for _, leaf in leaves(body)):
        yield "holds ${...}, which is literal text without Version 2012-10-17 (S09)"
    if kind is Kind.IDENTITY and "Id" in body:
        yield "Id is meant for resource policies"
    if kind is Kind.KEY and any(isinstance(one, Statement) and one.resources is None for one in found):
        yield "a statement without Resource does nothing (S61)"
