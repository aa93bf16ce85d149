"""Callers that no resource of a Graph stands for, as many as the policy of a resource can tell apart.

Whoever is outside may have any name and any policies of their own, so only the resource's side speaks of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from access.caller import ANONYMOUS, Caller, Who
from access.document import Document, Kind, Named, Policy, PrincipalEntry, Statement, Test
from access.glyphs import ANYTHING
from access.parse import parse_policy
from access.question import NOTHING_GIVEN, Given, Group
from access.request import FreeKey
from access.wildcard import Pattern
from access.witness import PRINCIPAL_ARN
from core.value import Unknown

ACCOUNT_NUMBER = re.compile(r"(?<!\d)\d{12}(?!\d)", re.ASCII)
NOBODYS = ("000000000000", "000000000001")
"""No account has these numbers; the first stands for every account that no policy names."""
ANY_SERVICE = "any-other-service.amazonaws.com"
MAY_ALL = {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}
ORGANIZATION, SOURCE_ACCOUNT, SOURCE_ORGANIZATION = "aws:principalorgid", "aws:sourceaccount", "aws:sourceorgid"
SOURCE_ARN = "aws:sourcearn"
NOTHING_FREE: Mapping[str, FreeKey] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Stranger:
    """A caller from outside, the keys that are free for it, and what is assumed of them because it is one."""

    caller: Caller
    identity: tuple[Policy, ...] = ()
    free: Mapping[str, FreeKey] = field(default_factory=lambda: NOTHING_FREE)
    given: Mapping[str, Given] = field(default_factory=lambda: NOTHING_GIVEN)
    regions: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


def strangers(group: Group, policy: Policy | None, inside: frozenset[str], organization: str) -> Iterator[Stranger]:
    """The callers of a group; `inside` are the accounts that are ours, `organization` its id where that is known."""
    if group is Group.ANONYMOUS:
        yield Stranger(ANONYMOUS)
    elif group is Group.OUTSIDE:
        yield Stranger(ANONYMOUS)
        for account in (*NOBODYS[:1], *sorted(_accounts(policy) - inside)):
            yield _anybody_of(account, organization)
        for entry in _entries(policy):
            yield from _named(entry, inside, organization)
    else:
        named = (entry.text for entry in _entries(policy) if entry.named is Named.SERVICE)
        for service in (*named, ANY_SERVICE):
            given = {SOURCE_ACCOUNT: Given(outside=tuple(sorted(inside)))}
            # A resource belongs to the account in its ARN, so who acts for another account names none of ours.
            given |= {SOURCE_ARN: Given(outside=tuple(f"arn:*:*:*:{account}:*" for account in sorted(inside)))}
            given |= {SOURCE_ORGANIZATION: Given(outside=(organization,))} if organization else {}
            yield Stranger(Caller(Who.SERVICE, service), given=given)


def _anybody_of(account: str, organization: str) -> Stranger:
    """A session of any role of the account; whoever has a name of their own is asked about apart."""
    roles = f"arn:aws:iam::{account}:role/"
    return Stranger(
        Caller(Who.SESSION, f"{roles}{ANYTHING}"),
        MAY_DO_ALL,
        {PRINCIPAL_ARN: FreeKey(PRINCIPAL_ARN)},
        _not_of(organization),
        {PRINCIPAL_ARN: f"{roles}*"},
    )


def _named(entry: PrincipalEntry, inside: frozenset[str], organization: str) -> Iterator[Stranger]:
    kinds = {Named.USER: Who.USER, Named.ROLE: Who.SESSION}
    if entry.named in kinds and entry.text.split(":")[4] not in inside:
        yield Stranger(Caller(kinds[entry.named], entry.text), MAY_DO_ALL, given=_not_of(organization))


def _not_of(organization: str) -> Mapping[str, Given]:
    return {ORGANIZATION: Given(outside=(organization,))} if organization else NOTHING_GIVEN


def _statements(policy: Policy | None) -> Iterator[Statement]:
    for one in policy.statements if isinstance(policy, Document) else ():
        if isinstance(one, Statement):
            yield one


def _entries(policy: Policy | None) -> Iterator[PrincipalEntry]:
    """Each principal that the policy names, once."""
    every = (entry for one in _statements(policy) for entry in one.principals or ())
    yield from dict.fromkeys(entry for entry in every if isinstance(entry, PrincipalEntry))


def _accounts(policy: Policy | None) -> frozenset[str]:
    """Every account that the policy speaks of, in a principal or in a condition."""
    values = (value for one in _statements(policy) for test in one.tests for value in _values(test))
    texts = (*(entry.text for entry in _entries(policy)), *(value.text for value in values))
    return frozenset(number for text in texts for number in ACCOUNT_NUMBER.findall(text))


def _values(test: Test | Unknown) -> Iterator[Pattern]:
    held = () if isinstance(test, Unknown) or isinstance(test.values, Unknown) else test.values
    yield from (one for one in held if isinstance(one, Pattern))


MAY_DO_ALL: tuple[Policy, ...] = (
    parse_policy(MAY_ALL, Kind.IDENTITY, "a stranger's own policies, taken to allow all"),
)
