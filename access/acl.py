"""S3 beside its policies: access control lists, who owns objects, and the blocks on public access.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html
https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
"""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from access.caller import Caller, Who
from access.document import Document, Effect, Named, PrincipalEntry, Statement, Test
from access.faults import policy_fault
from access.operators import Family
from access.request import Request
from access.truth import Truth, all_true, any_true, negated, unsure
from access.wildcard import Pattern
from core.value import Unknown, frozen

EVERYBODY = "http://acs.amazonaws.com/groups/global/AllUsers"
AUTHENTICATED = "http://acs.amazonaws.com/groups/global/AuthenticatedUsers"
ENFORCED = "BucketOwnerEnforced"
OWNERSHIP = (ENFORCED, "BucketOwnerPreferred", "ObjectWriter")
ON_BUCKET: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "READ": frozenset({"s3:listbucket", "s3:listbucketversions", "s3:listbucketmultipartuploads"}),
        "WRITE": frozenset({"s3:putobject", "s3:deleteobject"}),
        "READ_ACP": frozenset({"s3:getbucketacl"}),
        "WRITE_ACP": frozenset({"s3:putbucketacl"}),
    }
)
ON_OBJECT: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "READ": frozenset({"s3:getobject", "s3:getobjectversion"}),
        "READ_ACP": frozenset({"s3:getobjectacl", "s3:getobjectversionacl"}),
        "WRITE_ACP": frozenset({"s3:putobjectacl", "s3:putobjectversionacl"}),
    }
)
FULL = "FULL_CONTROL"
FIXED_KEYS = frozenset(
    {
        *("aws:principalorgid", "aws:principalarn", "aws:principalaccount", "aws:sourcearn", "aws:sourcevpc"),
        *("aws:sourcevpce", "aws:sourceowner", "aws:sourceaccount", "aws:userid", "s3:dataaccesspointarn"),
        *("s3:dataaccesspointaccount", "s3:x-amz-server-side-encryption-aws-kms-key-id"),
    }
)
"""Keys that make a statement non-public when they are held to fixed values: section "The meaning of public"."""
BROADEST = {4: 8, 6: 32}


@dataclass(frozen=True, slots=True)
class PublicAccessBlock:
    """The strictest of the settings of account and bucket. The two others only refuse future changes."""

    ignores_acls: bool | Unknown = False
    restricts: bool | Unknown = False


@dataclass(frozen=True, slots=True)
class AclGrant:
    """One entry: a canonical user id or the URI of a group, and what it may do."""

    grantee: str
    permission: str


@dataclass(frozen=True, slots=True)
class Acl:
    """The list of a bucket or of an object; it only allows."""

    grants: tuple[AclGrant, ...]
    of_object: bool = False

    def allows(self, request: Request, block: PublicAccessBlock) -> Truth:
        """Whether an entry allows the request; entries for groups fall away where public lists are ignored."""
        actions = ON_OBJECT if self.of_object else ON_BUCKET
        found = []
        for grant in self.grants:
            wanted = frozenset().union(*actions.values()) if grant.permission == FULL else actions.get(grant.permission)
            if wanted and request.verb in wanted and _is_meant(grant.grantee, request.caller):
                found.append(_unless_ignored(grant.grantee, block))
        return any_true(found)


def _is_meant(grantee: str, caller: Caller) -> bool:
    if grantee == EVERYBODY:
        return True
    if grantee == AUTHENTICATED:
        return caller.who is not Who.ANONYMOUS
    return bool(caller.canonical_id) and grantee == caller.canonical_id


def _unless_ignored(grantee: str, block: PublicAccessBlock) -> Truth:
    if grantee not in {EVERYBODY, AUTHENTICATED}:
        return True
    if isinstance(block.ignores_acls, Unknown):
        return unsure(f"whether public lists are ignored is not known ({block.ignores_acls.source})")
    return not block.ignores_acls


def parse_acl(body: Any, label: str, *, of_object: bool = False) -> Acl:
    """A list as GetBucketAcl shows it. Raises PolicyError with the place of a fault."""
    grants = frozen(body).get("Grants") if isinstance(body, Mapping) else None
    if not isinstance(grants, tuple):
        raise policy_fault(label, ("Grants",), "a list of grants as GetBucketAcl shows it")
    return Acl(tuple(_grant(item, number, label) for number, item in enumerate(grants)), of_object)


def _grant(item: Any, number: int, label: str) -> AclGrant:
    grantee = item.get("Grantee") if isinstance(item, Mapping) else None
    named = (grantee.get("URI") or grantee.get("ID")) if isinstance(grantee, Mapping) else None
    if not isinstance(named, str):
        raise policy_fault(label, ("Grants", number, "Grantee"), "a URI or an ID")
    permission = item.get("Permission")
    if permission not in {*ON_BUCKET, FULL}:
        raise policy_fault(label, ("Grants", number, "Permission"), f"one of {', '.join([*ON_BUCKET, FULL])}")
    return AclGrant(named, permission)


def is_public(document: Document) -> Truth:
    """Whether S3 holds a bucket policy to be public: one such statement makes all of it so (S70)."""
    found: list[Truth] = []
    for statement in document.statements:
        if isinstance(statement, Unknown):
            found.append(unsure(f"a statement is not known ({statement.source})"))
        elif statement.effect is not Effect.DENY:
            found.append(_is_public(statement))
    return any_true(found)


def _is_public(statement: Statement) -> Truth:
    entries = statement.principals or ()
    wide = statement.principal_negated or any_true(_is_wide(one) for one in entries)
    return all_true((wide, negated(any_true(_fixes(test) for test in statement.tests))))


def _is_wide(entry: PrincipalEntry | Unknown) -> Truth:
    if isinstance(entry, Unknown):
        return unsure(f"a principal is not known ({entry.source})")
    return entry.named is Named.ANYONE or entry.named is Named.FEDERATED


def _fixes(test: Test | Unknown) -> Truth:
    """Whether a condition holds its key to fixed values, or its address to ranges that are not too wide."""
    if isinstance(test, Unknown):
        return unsure(f"a condition is not known ({test.source})")
    if not test.operator.demands_presence or test.key not in {*FIXED_KEYS, "aws:sourceip"}:
        return False
    if isinstance(test.values, Unknown):
        return unsure(f"the value of a condition on {test.shown} is not known ({test.values.source})")
    return all_true(_is_fixed(test, value) for value in test.values)


def _is_fixed(test: Test, value: Pattern | Unknown) -> Truth:
    if isinstance(value, Unknown):
        return unsure(f"the value of a condition on {test.shown} is not known ({value.source})")
    if test.key == "aws:sourceip":
        return test.operator.family is Family.ADDRESS and _is_narrow(value.text)
    return not ("*" in value.text or "?" in value.text or value.has_variables)


def _is_narrow(text: str) -> bool:
    network = ipaddress.ip_network(text, strict=False)
    return network.prefixlen >= BROADEST[network.version] or network.is_private


def acls_enabled(ownership: str | Unknown | None, label: str) -> bool | Unknown:
    """Whether lists count at all: not where the bucket's owner owns everything in it, the default (S69)."""
    if isinstance(ownership, Unknown):
        return ownership
    if ownership is not None and ownership not in OWNERSHIP:
        raise policy_fault(label, ("ObjectOwnership",), " or ".join(OWNERSHIP))
    return ownership not in {None, ENFORCED}
